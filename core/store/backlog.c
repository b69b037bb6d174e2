/* The file begins with the place up to which it was taken, as 20 digits and a line end; the rest is records. */
#include "store/backlog.h"

#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD 21

struct backlog {
    int fd;
    char *path;
    uint64_t max, begin, end; /* places in the file; begin == end: nothing waits */
};

static void begin_write(struct backlog *b)
{
    char head[HEAD + 1];

    snprintf(head, sizeof(head), "%020" PRIu64 "\n", b->begin);
    if (pwrite(b->fd, head, HEAD, 0) != HEAD) /* then more is taken again than need be */
        (void)!file_error("write", b->path);
}

static enum rc begin_read(struct backlog *b)
{
    struct stat st;
    char head[HEAD + 1] = "";

    if (fstat(b->fd, &st) != 0)
        return file_error("read", b->path);
    b->begin = b->end = HEAD;
    if (st.st_size < HEAD) {
        begin_write(b);
        return OK;
    }
    if (pread(b->fd, head, HEAD, 0) != HEAD)
        return file_error("read", b->path);
    b->end = (uint64_t)st.st_size;
    b->begin = MIN(MAX(strtoull(head, NULL, 10), (uint64_t)HEAD), b->end);
    return OK;
}

enum rc backlog_open(const char *path, uint64_t max, struct backlog **out)
{
    struct backlog *b = calloc(1, sizeof(*b));

    if (b == NULL || (b->path = strdup(path)) == NULL)
        die("out of memory (backlog)");
    b->max = max;
    b->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    enum rc rc = b->fd < 0 ? file_error("open", path) : begin_read(b);
    if (rc != OK) {
        backlog_close(b);
        return rc;
    }
    *out = b;
    return OK;
}

void backlog_close(struct backlog *b)
{
    if (b == NULL)
        return;
    if (b->fd >= 0)
        close(b->fd);
    free(b->path);
    free(b);
}

bool backlog_is_empty(const struct backlog *b)
{
    return b->begin == b->end;
}

uint64_t backlog_bytes(const struct backlog *b)
{
    return b->end - b->begin;
}

enum rc backlog_add(struct backlog *b, struct str records)
{
    if (backlog_bytes(b) + records.len > b->max)
        return E_LIMIT;
    for (size_t at = 0; at < records.len;) {
        ssize_t n = pwrite(b->fd, records.data + at, records.len - at, (off_t)(b->end + at));
        if (n <= 0 && errno != EINTR) {
            enum rc rc = file_error("write", b->path);
            if (ftruncate(b->fd, (off_t)b->end) != 0) /* half a record would spoil what follows */
                (void)!file_error("shorten", b->path);
            return rc;
        }
        at += n > 0 ? (size_t)n : 0;
    }
    if (fdatasync(b->fd) != 0)
        return file_error("write", b->path);
    b->end += records.len;
    return OK;
}

enum rc backlog_peek(struct backlog *b, size_t max, struct buf *out)
{
    size_t n = (size_t)MIN((uint64_t)max, backlog_bytes(b));

    buf_reset(out);
    if (!buf_reserve(out, n))
        return E_LIMIT;
    if (pread(b->fd, out->data, n, (off_t)b->begin) != (ssize_t)n)
        return file_error("read", b->path);
    out->len = n;
    return OK;
}

void backlog_drop(struct backlog *b, uint64_t bytes)
{
    b->begin += MIN(bytes, backlog_bytes(b));
    if (backlog_is_empty(b) && b->end > HEAD && ftruncate(b->fd, HEAD) == 0)
        b->begin = b->end = HEAD;
    begin_write(b);
}
