#include "base/file.h"

#include "base/arena.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum rc file_error(const char *what, const char *path)
{
    bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

    log_error("cannot %s %s: %s", what, path, strerror(errno));
    return is_full ? E_FULL : E_IO;
}

static enum rc read_fd(struct arena *a, int fd, const char *path, size_t max, struct str *out)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return file_error("stat", path);
    if (st.st_size < 0 || (size_t)st.st_size > max)
        return E_LIMIT;
    char *data = arena_alloc(a, (size_t)st.st_size + 1);
    size_t n = 0;
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, data + n, (size_t)st.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_error("read", path);
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *out = (struct str){ data, n };
    return OK;
}

enum rc file_read(struct arena *a, const char *path, size_t max, struct str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        return E_NOT_FOUND;
    if (fd < 0)
        return file_error("open", path);
    enum rc rc = read_fd(a, fd, path, max, out);
    close(fd);
    return rc;
}

static bool write_all(int fd, struct str data)
{
    while (data.len > 0) {
        ssize_t n = write(fd, data.data, data.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data.data += n;
        data.len -= (size_t)n;
    }
    return true;
}

/* The folder part of a path, "." when it has none. */
static void folder_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        snprintf(out, PATH_MAX, ".");
    else
        snprintf(out, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

static enum rc replace(const char *path, struct str data, mode_t mode, bool sync)
{
    char tmp[PATH_MAX];

    if (snprintf(tmp, sizeof(tmp), "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof(tmp))
        return E_LIMIT;
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return file_error("create", tmp);
    bool ok = write_all(fd, data) && (!sync || fsync(fd) == 0);
    ok = close(fd) == 0 && ok;
    if (!ok || rename(tmp, path) != 0) {
        enum rc rc = file_error("write", path);
        unlink(tmp);
        return rc;
    }
    return OK;
}

enum rc file_write(const char *path, struct str data, mode_t mode)
{
    TRY(replace(path, data, mode, true));
    return file_sync_folder_of(path);
}

enum rc file_replace(const char *path, struct str data, mode_t mode)
{
    return replace(path, data, mode, false);
}

enum rc file_mkdirs(const char *path, mode_t mode)
{
    char part[PATH_MAX];
    size_t len = strlen(path);

    if (len == 0 || len >= sizeof(part))
        return E_LIMIT;
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char keep = part[i];
        part[i] = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST)
            return file_error("make folder", part);
        part[i] = keep;
    }
    return OK;
}

enum rc file_sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return file_error("open folder", path);
    int failed = fsync(fd);
    close(fd);
    return failed ? file_error("sync folder", path) : OK;
}

enum rc file_sync_folder_of(const char *path)
{
    char folder[PATH_MAX];

    folder_of(path, folder);
    return file_sync_folder(folder);
}

static int entry_remove(const char *path, const struct stat *st UNUSED, int kind UNUSED, struct FTW *ftw UNUSED)
{
    return remove(path);
}

enum rc file_remove_all(const char *path)
{
    if (nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return file_error("remove", path);
    return OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);

    return n > s && strcmp(name + n - s, suffix) == 0;
}

enum rc file_list(struct arena *a, const char *folder, const char *suffix, char ***names, size_t *count)
{
    DIR *dir = opendir(folder);
    size_t n = 0, cap = 16;

    if (dir == NULL)
        return errno == ENOENT ? E_NOT_FOUND : file_error("list", folder);
    char **list = ARENA_ARRAY(a, char *, cap);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.' || !ends_with(e->d_name, suffix))
            continue;
        if (n == cap) {
            char **more = ARENA_ARRAY(a, char *, cap * 2);
            memcpy(more, list, n * sizeof(*list));
            list = more;
            cap *= 2;
        }
        list[n++] = arena_strdup(a, e->d_name);
    }
    closedir(dir);
    qsort(list, n, sizeof(*list), by_name);
    *names = list;
    *count = n;
    return OK;
}
