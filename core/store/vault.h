#pragma once
/*
 * Documents at rest: durable before anybody is told, whole when read, gone when nobody refers to them. Octets that a
 * database refers to are never removed; octets on their way to being referred to are pinned. Made by spool_start.
 */

#include "base/rc.h"

#include <stdint.h>

struct disk;
struct vault;

/* Makes FOLDER/blobs. The disk does what takes time. E_IO, E_FULL, logged. */
MUST_CHECK enum rc vault_new(const char *folder, struct disk *disk, struct vault **out);
/* The disk has stopped. */
void vault_free(struct vault *v);

/*
 * Who refers to blobs: a database, and SQL that finds a row when the blob of the SHA-256 ?1 is referred to. From now on
 * vault_release removes; what nobody refers to and is older than this call is swept away. Without it nothing is ever
 * removed. Once, before any request. E_IO, logged.
 */
MUST_CHECK enum rc vault_own(struct vault *v, const char *database, const char *references);
/* A sweep under way ends early. */
void vault_stop_sweeping(struct vault *v);

/*
 * A durable file of the same file system becomes the blob of that name, and is pinned until vault_unpin; a sound blob
 * of that name stays and the file goes. It is durable once vault_settle is OK; when that fails it is not pinned any
 * more. Any thread that may wait. E_IO, E_FULL, logged.
 */
MUST_CHECK enum rc vault_place(struct vault *v, const char *tmp, const char *sha256);
MUST_CHECK enum rc vault_settle(struct vault *v, const char *sha256);

/* Any thread: a row refers to it by now, or none ever will. */
void vault_unpin(struct vault *v, const char *sha256);

/*
 * Any thread but the disk's; all at once, for the rare change of everything. vault_save: each blob is one of the
 * folder, too (hard links). vault_load: each blob of the folder is here. vault_purge: what is neither pinned nor
 * referred to goes.
 */
MUST_CHECK enum rc vault_save(struct vault *v, const char *folder);
MUST_CHECK enum rc vault_load(struct vault *v, const char *folder);
MUST_CHECK enum rc vault_purge(struct vault *v);

/* Any thread, returns at once: removes the blob unless it is pinned or referred to by what is committed. */
void vault_release(struct vault *v, const char *sha256);

/*
 * Any thread. OK: its octets were found to be what was kept, since when nobody touched the file. LATER: *fd is open,
 * but only vault_check can tell. E_NOT_FOUND. E_IO, logged: it cannot be read, or is damaged. The caller closes *fd.
 */
MUST_CHECK enum rc vault_open(struct vault *v, const char *sha256, uint64_t size, int *fd);

/*
 * Reads the file behind fd from beginning to end without moving its offset, then done(arg, OK), or done(arg, E_IO) when
 * it is damaged (logged), on the disk's thread. fd must stay open until then.
 */
void vault_check(struct vault *v, const char *sha256, int fd, void (*done)(void *arg, enum rc rc), void *arg);
