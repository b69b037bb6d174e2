#pragma once
/*
 * An arena owns everything of one lifetime: a request, a test, a start-up. Nothing in it is freed singly; it all goes
 * with arena_free. Memory comes zeroed and aligned for any type. Allocation cannot fail: sizes are refused at the door.
 * An arena belongs to one thread at a time.
 */

#include "base/rc.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* Runs what was deferred, newest first, and frees all. NULL is ignored. */
void arena_free(struct arena *a);

void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, alloc_size(2), returns_nonnull));

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc_array((a), sizeof(type), (n)))

void *arena_alloc_array(struct arena *a, size_t size, size_t n) __attribute__((returns_nonnull));

/* Copies, NUL-terminated. arena_strdup(a, NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t n) __attribute__((returns_nonnull));
void *arena_memdup(struct arena *a, const void *data, size_t n) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) __attribute__((returns_nonnull));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0) __attribute__((returns_nonnull));

/* A foreign thing joins the arena: fn(what) runs in arena_free. */
void arena_defer(struct arena *a, void (*fn)(void *), void *what);

/*
 * Whether this thread keeps up to 2 MB of what its arenas gave back, for its next ones: a thread that serves one
 * request after another needs the same blocks each time. False gives them back; call it before the thread ends.
 */
void arena_blocks_keep(bool keep);

/* Bytes taken from the system, for metrics and tests. */
size_t arena_size(const struct arena *a);
