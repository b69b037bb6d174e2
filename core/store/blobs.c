#include "store/blobs.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0700
#define SHARD_COUNT 256
#define NAME_ROOM   (sizeof("/ab/") + SHA256_HEX_LEN) /* behind the folder in a path */

struct blobs {
    char folder[PATH_MAX - NAME_ROOM];
    atomic_bool is_made[SHARD_COUNT]; /* the shard's folder is there, durably */
};

static enum rc io_error(const char *what, const char *path)
{
    log_error("cannot %s %s: %s", what, path, strerror(errno));
    return E_IO;
}

enum rc blobs_new(const char *folder, struct blobs **out)
{
    struct blobs *b = calloc(1, sizeof(*b));

    if (b == NULL)
        die("out of memory (blobs)");
    enum rc rc = strlen(folder) < sizeof(b->folder) ? file_mkdirs(folder, FOLDER_MODE) : E_LIMIT;
    if (rc != OK) {
        free(b);
        return rc;
    }
    memcpy(b->folder, folder, strlen(folder) + 1);
    *out = b;
    return OK;
}

void blobs_free(struct blobs *b)
{
    free(b);
}

static void shard_path(const struct blobs *b, const char *sha256, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%.2s", b->folder, sha256);
}

static void blob_path(const struct blobs *b, const char *sha256, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%.2s/%s", b->folder, sha256, sha256 + 2);
}

/* Another thread may be making the same folder: whoever comes second still syncs, the first may not have come to it. */
static enum rc shard_make(struct blobs *b, const char *sha256, const char *shard)
{
    char digits[3] = { sha256[0], sha256[1], '\0' };
    atomic_bool *is_made = &b->is_made[strtoul(digits, NULL, 16)];

    if (atomic_load(is_made))
        return OK;
    if (mkdir(shard, FOLDER_MODE) != 0 && errno != EEXIST)
        return io_error("make folder", shard);
    TRY(file_sync_folder(b->folder));
    atomic_store(is_made, true);
    return OK;
}

/* A blob of another size is a damaged one: it is replaced. */
static enum rc blob_place(const char *tmp, const char *blob, uint64_t size)
{
    struct stat st;

    if (stat(blob, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == size)
        return unlink(tmp) == 0 ? OK : io_error("remove", tmp);
    return rename(tmp, blob) == 0 ? OK : io_error("move to its blob", tmp);
}

/* The shard is synced also when the blob was there: who put it there may not have come to that yet. */
enum rc blobs_keep(struct blobs *b, const char *tmp, const char *sha256, uint64_t size)
{
    char shard[PATH_MAX], blob[PATH_MAX];

    shard_path(b, sha256, shard);
    blob_path(b, sha256, blob);
    TRY(shard_make(b, sha256, shard));
    TRY(blob_place(tmp, blob, size));
    return file_sync_folder(shard);
}

/* A name may come from a damaged database: it must not lead elsewhere. */
static bool is_sha256_hex(const char *text)
{
    return strlen(text) == SHA256_HEX_LEN - 1 && strspn(text, "0123456789abcdef") == SHA256_HEX_LEN - 1;
}

static enum rc blob_check(int fd, const char *path, uint64_t size)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return io_error("stat", path);
    if ((uint64_t)st.st_size == size)
        return OK;
    log_error("%s is damaged: %llu bytes, not %llu", path, (unsigned long long)st.st_size, (unsigned long long)size);
    return E_IO;
}

enum rc blobs_open(const struct blobs *b, const char *sha256, uint64_t size, int *fd)
{
    char path[PATH_MAX];

    if (!is_sha256_hex(sha256))
        return E_NOT_FOUND;
    blob_path(b, sha256, path);
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (opened < 0)
        return errno == ENOENT ? E_NOT_FOUND : io_error("open", path);
    enum rc rc = blob_check(opened, path, size);
    if (rc != OK) {
        close(opened);
        return rc;
    }
    *fd = opened;
    return OK;
}
