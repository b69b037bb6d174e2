#pragma once
/*
 * What could not be sent yet, in a file: appended at its end, taken from its beginning, whole records only. It survives
 * the process; what was taken shortly before a crash may be taken again. One thread at a time.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct backlog;
struct buf;

/* Opens or makes the file. max: bytes that may wait. E_IO, logged. */
MUST_CHECK enum rc backlog_open(const char *path, uint64_t max, struct backlog **out);
void backlog_close(struct backlog *b); /* NULL is ignored */

bool backlog_is_empty(const struct backlog *b);
uint64_t backlog_bytes(const struct backlog *b);
/* Durable when it returns. E_LIMIT: no room within max, nothing was added. E_IO, E_FULL, logged. */
MUST_CHECK enum rc backlog_add(struct backlog *b, struct str records);
/* The first bytes that wait, at most max. E_IO, logged. */
MUST_CHECK enum rc backlog_peek(struct backlog *b, size_t max, struct buf *out);
/* They need not be kept any more. */
void backlog_drop(struct backlog *b, uint64_t bytes);
