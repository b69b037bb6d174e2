#pragma once
/*
 * Documents on their way: bytes from the network go to a file through a disk thread, are hashed on that thread, and are
 * kept or dropped as a whole. Blobs: documents at rest, content-addressed by SHA-256, durable before acknowledged.
 * Files: FOLDER/spool/N.tmp while arriving, FOLDER/blobs/ab/cdef… at rest. FOLDER/spool is emptied at start.
 */

#include "base/digest.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct spool;
struct spool_file;

/* Makes the folders. E_IO, logged. */
MUST_CHECK enum rc spool_start(const char *folder, struct spool **out);
/* Finishes what is queued, then stops; every file must have been dropped. NULL is ignored. */
void spool_stop(struct spool *s);

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
 * E_IO when any write failed (disk full: logged), in which case the file is to be dropped.
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
 * On the disk thread: moves a finished, durable file to its place at rest (rename, fsync of the folders; a file of the
 * same content there is kept instead), then done(arg, rc): E_IO, logged, when that or the finish failed. The spool_file
 * stays readable until spool_drop.
 */
void spool_keep(struct spool_file *f, void (*done)(void *arg, enum rc rc), void *arg);

/* Opens a blob for reading; E_NOT_FOUND; E_IO when it is shorter or longer than size. The caller closes *fd. */
MUST_CHECK enum rc blob_open(struct spool *s, const char *sha256, uint64_t size, int *fd);
