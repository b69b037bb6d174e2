#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void buf_clear(struct buf *b)
{
    free(b->data);
    *b = (struct buf){ .max = b->max };
}

static void clear_deferred(void *b)
{
    buf_clear(b);
}

struct buf *buf_new(struct arena *a, size_t max)
{
    struct buf *b = ARENA_NEW(a, struct buf);

    buf_init(b, max);
    arena_defer(a, clear_deferred, b);
    return b;
}

bool buf_reserve(struct buf *b, size_t n)
{
    if (n > b->max || b->len > b->max - n) {
        b->overflowed = true;
        return false;
    }
    if (b->len + n + 1 <= b->cap) /* one more for buf_text's NUL */
        return true;

    size_t cap = MAX(b->cap * 2, (size_t)512);
    cap = MAX(cap, b->len + n + 1);
    char *data = realloc(b->data, cap);
    if (data == NULL)
        die("out of memory (buffer of %zu)", cap);
    b->data = data;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
    if (len == 0 || !buf_reserve(b, len))
        return;
    memcpy(b->data + b->len, data, len);
    b->len += len;
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !buf_reserve(b, (size_t)n))
        return;
    va_start(ap, fmt);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->overflowed = false;
}

const char *buf_text(struct buf *b)
{
    if (b->data == NULL)
        return "";
    b->data[b->len] = '\0';
    return b->data;
}
