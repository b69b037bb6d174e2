/* The writer's side: framing, the file that grows, and which files go. */
#include "store/segments.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/segment_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COMPLAIN_NS ((uint64_t)60 * 1000000000)
#define FILES_AGE   8 /* a file goes as a whole, so it takes an eighth of the age at most */

struct segment_writer {
    char *folder;
    struct segment_limits limits;
    int fd; /* of the file that grows; -1 before the first record */
    uint64_t size, next;
    time_t begun;        /* that file; after a restart, when it was last written */
    uint64_t complained; /* ticks */
};

void segment_frame(struct buf *out, struct str record)
{
    uint32_t n = (uint32_t)record.len;

    buf_add(out, &n, sizeof(n));
    buf_add_str(out, record);
    buf_add(out, &n, sizeof(n));
}

/* ---- opening ---- */

/* How many whole records a file begins with, and where they end. */
static enum rc whole_records(int fd, uint64_t *count, uint64_t *end)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return file_error("read", "a segment");
    *count = *end = 0;
    for (uint32_t n, again; *end + 2 * sizeof(n) <= (uint64_t)st.st_size; (*count)++) {
        if (pread(fd, &n, sizeof(n), (off_t)*end) != sizeof(n) || n > SEGMENT_RECORD_MAX ||
            pread(fd, &again, sizeof(again), (off_t)(*end + sizeof(n) + n)) != sizeof(again) || n != again || n == 0)
            return OK;
        *end += 2 * sizeof(n) + n;
    }
    return OK;
}

/* Goes on behind the last whole record of the last file. */
static enum rc continue_at(struct segment_writer *w, struct arena *a, const struct segment_name *last)
{
    const char *path = segment_path(a, w->folder, last->first);
    uint64_t count = 0;

    w->fd = open(path, O_RDWR | O_CLOEXEC | O_APPEND);
    if (w->fd < 0)
        return file_error("open", path);
    w->begun = last->written;
    TRY(whole_records(w->fd, &count, &w->size));
    if (w->size < last->size && ftruncate(w->fd, (off_t)w->size) != 0) /* it would make the file a new one */
        return file_error("shorten", path);
    w->next = last->first + count;
    return OK;
}

static enum rc writer_continue(struct segment_writer *w)
{
    struct arena *a = arena_new();
    struct segment_name *names;
    size_t count;

    enum rc rc = file_mkdirs(w->folder, 0700);
    if (rc == OK)
        rc = segment_names(a, w->folder, &names, &count);
    if (rc == OK && count > 0)
        rc = continue_at(w, a, &names[count - 1]);
    arena_free(a);
    return rc;
}

enum rc segment_writer_open(const char *folder, const struct segment_limits *limits, struct segment_writer **out,
                            uint64_t *next)
{
    struct segment_writer *w = calloc(1, sizeof(*w));

    if (w == NULL)
        die("out of memory (segments)");
    w->folder = strdup(folder);
    w->limits = *limits;
    w->fd = -1;
    w->next = 1;
    enum rc rc = writer_continue(w);
    if (rc != OK) {
        segment_writer_close(w);
        return rc;
    }
    segment_writer_expire(w);
    *next = w->next;
    *out = w;
    return OK;
}

void segment_writer_close(struct segment_writer *w)
{
    if (w == NULL)
        return;
    if (w->fd >= 0)
        close(w->fd);
    free(w->folder);
    free(w);
}

/* ---- what goes ---- */

static bool is_too_old(const struct segment_writer *w, time_t written)
{
    return w->limits.max_age > 0 && time(NULL) - written > w->limits.max_age;
}

/* The newest stays, whatever its size: its name has the number of the next record. */
static void files_expire(struct segment_writer *w)
{
    struct arena *a = arena_new();
    struct segment_name *names = NULL;
    size_t count = 0;
    uint64_t total = 0;

    if (segment_names(a, w->folder, &names, &count) != OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        total += names[i].size;
    for (size_t i = 0; i + 1 < count; i++) {
        if (total <= w->limits.bytes && !is_too_old(w, names[i].written))
            break;
        total -= names[i].size;
        if (unlink(segment_path(a, w->folder, names[i].first)) != 0 && errno != ENOENT)
            log_warn("cannot remove a segment of %s: %s", w->folder, strerror(errno));
    }
    arena_free(a);
}

/* ---- appending ---- */

static enum rc begin_file(struct segment_writer *w)
{
    struct arena *a = arena_new();
    const char *path = segment_path(a, w->folder, w->next);

    if (w->fd >= 0)
        close(w->fd);
    w->size = 0;
    w->begun = time(NULL);
    w->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0600);
    enum rc rc = w->fd >= 0 ? OK : file_error("make", path);
    arena_free(a);
    if (rc == OK)
        files_expire(w);
    return rc;
}

/* Records of long ago do not stay because others followed, or because none did. */
void segment_writer_expire(struct segment_writer *w)
{
    long long age = w->limits.max_age;
    bool is_due = age > 0 && w->fd >= 0 && w->size > 0 && time(NULL) - w->begun > age / FILES_AGE;

    if (!is_due || begin_file(w) != OK)
        files_expire(w);
}

/* Half a record at the end would hide those behind it. */
static enum rc undo(struct segment_writer *w)
{
    uint64_t now = clock_ticks();
    enum rc rc = errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;

    if (w->complained == 0 || now - w->complained > COMPLAIN_NS)
        log_error("cannot keep records in %s: %s", w->folder, strerror(errno));
    w->complained = now;
    if (ftruncate(w->fd, (off_t)w->size) != 0)
        return E_IO;
    return rc;
}

enum rc segment_writer_append(struct segment_writer *w, struct str framed, uint64_t count)
{
    if (w->fd < 0 || w->size >= w->limits.file)
        TRY(begin_file(w));
    for (size_t done = 0; done < framed.len;) {
        ssize_t n = write(w->fd, framed.data + done, framed.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return undo(w);
        done += (size_t)n;
    }
    w->size += framed.len;
    w->next += count;
    return OK;
}

/* ---- progress ---- */

static struct segment_progress *progress_map(const char *folder, int flags, int protection)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/progress", folder);
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    if ((flags & O_CREAT) != 0 && ftruncate(fd, sizeof(struct segment_progress)) != 0)
        log_warn("cannot make %s: %s", path, strerror(errno));
    struct stat st;
    void *at = MAP_FAILED;
    if (fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(struct segment_progress))
        at = mmap(NULL, sizeof(struct segment_progress), protection, MAP_SHARED, fd, 0);
    close(fd);
    return at == MAP_FAILED ? NULL : at;
}

enum rc segment_progress_make(const char *folder, struct segment_progress **out)
{
    struct segment_progress *p = progress_map(folder, O_RDWR | O_CREAT, PROT_READ | PROT_WRITE);

    if (p == NULL)
        return file_error("make the progress of", folder);
    memset(p, 0, sizeof(*p));
    *out = p;
    return OK;
}

const struct segment_progress *segment_progress_find(const char *folder)
{
    return progress_map(folder, O_RDONLY, PROT_READ);
}

void segment_progress_close(const struct segment_progress *p)
{
    if (p != NULL)
        munmap((void *)p, sizeof(*p));
}
