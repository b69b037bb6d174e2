#pragma once
/*
 * Documents on their way: bytes from the network go to a file through a disk thread, are hashed on that thread, and are
 * kept or dropped as a whole. Where they rest then is store/vault.h. Files: FOLDER/spool/N.tmp while arriving,
 * FOLDER/blobs/ab/cdef… at rest. FOLDER/spool is emptied at start.
 */

#include "base/digest.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct spool;
struct spool_file;
struct vault;

/* Makes the folders. E_EXISTS (another process has them), E_IO, E_FULL, logged. */
MUST_CHECK enum rc spool_start(const char *folder, struct spool **out);
/* Finishes what is queued, then stops; every file must have been dropped. NULL is ignored. */
void spool_stop(struct spool *s);
/* Where what is kept rests. */
struct vault *spool_vault(const struct spool *s);
/* Keeps a spool from starting there, until *fd is closed. E_EXISTS when one runs; E_IO, E_FULL, logged. */
MUST_CHECK enum rc spool_lock(const char *folder, int *fd);

/*
 * drained(arg), on the disk thread, each time what waits for this file falls below 128 KiB after having been above
 * 512 KiB: the moment to resume a paused peer. May be NULL.
 */
struct spool_file *spool_create(struct spool *s, void (*drained)(void *), void *arg);
/* Any thread but one at a time per file; bytes are copied. */
void spool_add(struct spool_file *f, struct str bytes);
/* Above 512 KiB waiting: pause the peer. */
bool spool_is_full(const struct spool_file *f);
/*
 * No more bytes: done(arg, rc) on the disk thread once all is written (and, when durable, fdatasync'ed) and hashed.
 * E_IO, E_FULL when any write failed (logged), in which case the file is to be dropped.
 */
void spool_finish(struct spool_file *f, bool durable, void (*done)(void *arg, enum rc rc), void *arg);

/* Valid after a successful finish. */
uint64_t spool_size(const struct spool_file *f);
const char *spool_sha1(const struct spool_file *f);   /* hex */
const char *spool_sha256(const struct spool_file *f); /* hex */
int spool_fd(const struct spool_file *f);             /* for reading; open until spool_drop */

/*
 * Forgets the file and its bytes, whatever its state (also while writing). NULL is ignored. Once it has returned, no
 * callback of this file is running or will run: one under way is waited for, so callbacks must not wait for the thread
 * that drops. They may call the spool, spool_drop of their own file included.
 */
void spool_drop(struct spool_file *f);

/*
 * On the disk thread: moves a finished, durable file to the vault, under its SHA-256, then done(arg, rc): E_IO, E_FULL,
 * logged, when that or the finish failed. The blob is pinned until vault_unpin. The spool_file stays readable until
 * spool_drop.
 */
void spool_keep(struct spool_file *f, void (*done)(void *arg, enum rc rc), void *arg);
