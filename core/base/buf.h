#pragma once
/*
 * A growing buffer with a ceiling. Appending never fails at once: past the ceiling the buffer is marked overflowed,
 * keeps what it had and ignores the rest, so that writers need no checks and the owner asks once at the end.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct buf {
    char *data;
    size_t len, cap, max;
    bool overflowed;
};

#define BUF_MAX_DEFAULT ((size_t)64 * 1024 * 1024)

void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b);

/* Lives and dies with the arena. */
struct buf *buf_new(struct arena *a, size_t max);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static inline void buf_add_str(struct buf *b, struct str s)
{
    buf_add(b, s.data, s.len);
}

#define buf_add_literal(b, literal) buf_add((b), "" literal, sizeof(literal) - 1)

/* Room for at least n more bytes; the caller writes them at data + len and adds to len. False past the ceiling. */
bool buf_reserve(struct buf *b, size_t n);

/* Forgets the content, keeps the memory. */
void buf_reset(struct buf *b);

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){ b->data, b->len };
}

/* The content with a NUL behind it, which is not counted. */
const char *buf_text(struct buf *b);
