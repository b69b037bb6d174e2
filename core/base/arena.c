/* A chain of blocks, each twice its elder up to BLOCK_MAX; what is larger than a block gets one of its own. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN  ((size_t)4096)
#define BLOCK_MAX  ((size_t)256 * 1024)
#define ALIGNMENT  _Alignof(max_align_t)
#define ALIGNED(n) (((n) + ALIGNMENT - 1) & ~(ALIGNMENT - 1))

struct block {
    struct block *older;
    size_t used, size;
    _Alignas(max_align_t) char data[];
};

struct deferred {
    struct deferred *older;
    void (*fn)(void *);
    void *what;
};

struct arena {
    struct block *newest;
    struct deferred *deferred;
    size_t total;
};

/* ---- blocks that were used and are kept for the next arena of this thread ---- */

#ifdef __SANITIZE_ADDRESS__
#define KEPT_MAX ((size_t)0) /* what is freed shall be seen to be gone */
#else
#define KEPT_MAX ((size_t)2 * 1024 * 1024) /* bytes in a thread */
#endif
#define KEPT_SIZES 7 /* BLOCK_MIN to BLOCK_MAX */

static _Thread_local struct {
    bool is_keeping;
    size_t total;
    struct block *first[KEPT_SIZES];
} kept;

/* Where blocks of a size are kept; KEPT_SIZES: nowhere. */
static size_t kept_index(size_t size)
{
    for (size_t i = 0; i < KEPT_SIZES; i++) {
        if (size == BLOCK_MIN << i)
            return i;
    }
    return KEPT_SIZES;
}

static struct block *block_again(size_t size)
{
    size_t i = kept_index(size);

    if (i == KEPT_SIZES || kept.first[i] == NULL)
        return NULL;
    struct block *b = kept.first[i];
    kept.first[i] = b->older;
    kept.total -= size;
    return b;
}

static void block_free(struct block *b)
{
    size_t i = kept_index(b->size);

    if (!kept.is_keeping || i == KEPT_SIZES || kept.total + b->size > KEPT_MAX) {
        free(b);
        return;
    }
    b->older = kept.first[i];
    kept.first[i] = b;
    kept.total += b->size;
}

void arena_blocks_keep(bool keep)
{
    kept.is_keeping = keep;
    for (size_t i = 0; i < KEPT_SIZES && !keep; i++) {
        for (struct block *b; (b = block_again(BLOCK_MIN << i)) != NULL;)
            free(b);
    }
}

/* ---- arenas ---- */

static struct block *block_new(struct arena *a, size_t size)
{
    struct block *b = block_again(size);

    if (b == NULL)
        b = malloc(sizeof(*b) + size);
    if (b == NULL)
        die("out of memory (%zu bytes)", size);
    b->used = 0;
    b->size = size;
    a->total += sizeof(*b) + size;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (a == NULL)
        die("out of memory (arena)");
    return a;
}

void arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    for (struct deferred *d = a->deferred; d != NULL; d = d->older)
        d->fn(d->what);
    for (struct block *b = a->newest, *older; b != NULL; b = older) {
        older = b->older;
        block_free(b);
    }
    free(a);
}

/* A block with room for size bytes becomes, or stays, the newest. */
static struct block *block_for(struct arena *a, size_t size)
{
    struct block *b = a->newest;

    if (b != NULL && b->size - b->used >= size)
        return b;
    size_t next = b == NULL ? BLOCK_MIN : MIN(b->size * 2, BLOCK_MAX);
    struct block *fresh = block_new(a, MAX(next, size));
    fresh->older = b;
    a->newest = fresh;
    return fresh;
}

/* A large thing must not end the block in use: its own block goes behind the newest. */
static void *alloc_alone(struct arena *a, size_t size)
{
    struct block *b = block_new(a, size);

    b->used = size;
    if (a->newest == NULL) {
        b->older = NULL;
        a->newest = b;
    } else {
        b->older = a->newest->older;
        a->newest->older = b;
    }
    return memset(b->data, 0, size);
}

/* For what is written over at once: not zeroed unless it is large. */
static void *alloc_raw(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        die("arena: absurd size %zu", size);
    size = ALIGNED(MAX(size, 1));
    if (size > BLOCK_MAX / 4)
        return alloc_alone(a, size);

    struct block *b = block_for(a, size);
    void *p = b->data + b->used;
    b->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(alloc_raw(a, size), 0, size);
}

void *arena_alloc_array(struct arena *a, size_t size, size_t n)
{
    if (n != 0 && size > SIZE_MAX / 2 / n)
        die("arena: absurd array %zu x %zu", n, size);
    return arena_alloc(a, size * n);
}

void *arena_memdup(struct arena *a, const void *data, size_t n)
{
    void *p = alloc_raw(a, n);

    if (n > 0)
        memcpy(p, data, n);
    return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t n)
{
    char *p = alloc_raw(a, n + 1);

    if (n > 0)
        memcpy(p, text, n);
    p[n] = '\0';
    return p;
}

char *arena_strdup(struct arena *a, const char *text)
{
    return text == NULL ? NULL : arena_strndup(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        die("arena_printf: bad format");
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *what)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);

    *d = (struct deferred){ .older = a->deferred, .fn = fn, .what = what };
    a->deferred = d;
}

size_t arena_size(const struct arena *a)
{
    return a->total;
}
