#pragma once
/*
 * Where octets rest, as one small interface: a backend embeds struct blob_store first and fills its functions in. A
 * blob is named by its SHA-256 (lower-case hex) and never changes. All functions may be called on any thread.
 */

#include "base/rc.h"

#include <stdbool.h>
#include <stdint.h>

#define BLOB_SHARDS 256

struct blob_store {
    /*
     * Takes over a durable file of the same file system; a blob of that name is replaced. place makes it readable,
     * settle makes that durable. E_IO, E_FULL, logged.
     */
    enum rc (*place)(struct blob_store *b, const char *tmp, const char *sha256);
    enum rc (*settle)(struct blob_store *b, const char *sha256);
    /* A descriptor for reading. E_NOT_FOUND (also for what is no name of a blob); E_IO, logged. The caller closes. */
    enum rc (*open)(struct blob_store *b, const char *sha256, int *fd);
    /* E_NOT_FOUND; E_IO, logged. Who has it open reads on. */
    enum rc (*remove)(struct blob_store *b, const char *sha256);
    /* Every blob whose name begins with this byte. E_IO, logged. */
    enum rc (*each)(struct blob_store *b, int shard, void (*visit)(void *arg, const char *sha256, int64_t since),
                    void *arg); /* since: seconds of the epoch, when it came */
    /* Makes it a blob of another folder of the same file system, too (hard link); there already is fine. E_IO, E_FULL.
     */
    enum rc (*link)(struct blob_store *b, const char *sha256, const char *folder);
    void (*free)(struct blob_store *b);
};

/* FOLDER/ab/cdef…, each in the folder of its first two digits. Makes the folder. E_IO, E_FULL, logged. */
MUST_CHECK enum rc blobs_folder_new(const char *folder, struct blob_store **out);

/* 64 lower-case hexadecimal digits: a name may come from a damaged database and must not lead elsewhere. */
bool blob_is_name(const char *text);
