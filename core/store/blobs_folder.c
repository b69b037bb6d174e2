/* The backend that is a directory. */
#include "base/digest.h"
#include "base/file.h"
#include "store/blobs.h"

#include <dirent.h>
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
#define NAME_ROOM   (sizeof("/ab/") + SHA256_HEX_LEN) /* behind the folder in a path */

struct blobs_folder {
    struct blob_store store;
    char folder[PATH_MAX - NAME_ROOM];
    atomic_bool is_made[BLOB_SHARDS]; /* the shard's folder is there, durably */
};

bool blob_is_name(const char *text)
{
    return strlen(text) == SHA256_HEX_LEN - 1 && strspn(text, "0123456789abcdef") == SHA256_HEX_LEN - 1;
}

static void shard_path(const struct blobs_folder *b, const char *sha256, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%.2s", b->folder, sha256);
}

static void blob_path(const struct blobs_folder *b, const char *sha256, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%.2s/%s", b->folder, sha256, sha256 + 2);
}

/* Another thread may be making the same folder: whoever comes second still syncs, the first may not have come to it. */
static enum rc shard_make(struct blobs_folder *b, const char *sha256)
{
    char digits[3] = { sha256[0], sha256[1], '\0' }, shard[PATH_MAX];
    atomic_bool *is_made = &b->is_made[strtoul(digits, NULL, 16)];

    if (atomic_load(is_made))
        return OK;
    shard_path(b, sha256, shard);
    if (mkdir(shard, FOLDER_MODE) != 0 && errno != EEXIST)
        return file_error("make folder", shard);
    TRY(file_sync_folder(b->folder));
    atomic_store(is_made, true);
    return OK;
}

static enum rc folder_place(struct blob_store *store, const char *tmp, const char *sha256)
{
    struct blobs_folder *b = (struct blobs_folder *)store;
    char blob[PATH_MAX];

    TRY(shard_make(b, sha256));
    blob_path(b, sha256, blob);
    return rename(tmp, blob) == 0 ? OK : file_error("move to its blob", tmp);
}

static enum rc folder_settle(struct blob_store *store, const char *sha256)
{
    char shard[PATH_MAX];

    shard_path((struct blobs_folder *)store, sha256, shard);
    return file_sync_folder(shard);
}

static enum rc folder_open(struct blob_store *store, const char *sha256, int *fd)
{
    char path[PATH_MAX];

    if (!blob_is_name(sha256))
        return E_NOT_FOUND;
    blob_path((struct blobs_folder *)store, sha256, path);
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (opened < 0)
        return errno == ENOENT ? E_NOT_FOUND : file_error("open", path);
    *fd = opened;
    return OK;
}

static enum rc folder_remove(struct blob_store *store, const char *sha256)
{
    char path[PATH_MAX];

    if (!blob_is_name(sha256))
        return E_NOT_FOUND;
    blob_path((struct blobs_folder *)store, sha256, path);
    if (unlink(path) == 0)
        return OK;
    return errno == ENOENT ? E_NOT_FOUND : file_error("remove", path);
}

static enum rc folder_each(struct blob_store *store, int shard,
                           void (*visit)(void *arg, const char *sha256, int64_t since), void *arg)
{
    char path[PATH_MAX], name[SHA256_HEX_LEN + NAME_MAX];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%02x", ((struct blobs_folder *)store)->folder, (unsigned)shard);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return errno == ENOENT ? OK : file_error("list", path);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        snprintf(name, sizeof(name), "%02x%s", (unsigned)shard, e->d_name);
        if (blob_is_name(name) && fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
            visit(arg, name, (int64_t)st.st_ctime);
    }
    closedir(dir);
    return OK;
}

static enum rc folder_link(struct blob_store *store, const char *sha256, const char *folder)
{
    char from[PATH_MAX], shard[PATH_MAX], to[PATH_MAX];

    blob_path((struct blobs_folder *)store, sha256, from);
    if (snprintf(shard, sizeof(shard), "%s/%.2s", folder, sha256) >= (int)sizeof(shard) ||
        snprintf(to, sizeof(to), "%s/%s", shard, sha256 + 2) >= (int)sizeof(to))
        return E_LIMIT;
    if (link(from, to) == 0 || errno == EEXIST)
        return OK;
    TRY(file_mkdirs(shard, FOLDER_MODE));
    return link(from, to) == 0 ? OK : file_error("link as a blob", to);
}

static void folder_free(struct blob_store *store)
{
    free(store);
}

enum rc blobs_folder_new(const char *folder, struct blob_store **out)
{
    struct blobs_folder *b = calloc(1, sizeof(*b));

    if (b == NULL)
        die("out of memory (blobs)");
    enum rc rc = strlen(folder) < sizeof(b->folder) ? file_mkdirs(folder, FOLDER_MODE) : E_LIMIT;
    if (rc != OK) {
        free(b);
        return rc;
    }
    memcpy(b->folder, folder, strlen(folder) + 1);
    b->store = (struct blob_store){ folder_place, folder_settle, folder_open, folder_remove,
                                    folder_each,  folder_link,   folder_free };
    *out = &b->store;
    return OK;
}
