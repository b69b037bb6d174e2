#pragma once
/* Tables of the fixtures: a row per line, cells between tabs, lines that begin with # are remarks. */

#include "base/rc.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

struct tsv {
    const char *path;
    size_t columns, count;
    char **cells;  /* count times columns */
    size_t *lines; /* of each row, for complaints */
};

/*
 * FOLDER/NAME. E_CONFIG, with a sentence on standard error, when it cannot be read, is not UTF-8, has no row, or a row
 * has another number of cells or an empty one.
 */
MUST_CHECK enum rc tsv_read(struct arena *a, const char *folder, const char *name, size_t columns, struct tsv *out);

static inline char *tsv_cell(const struct tsv *t, size_t row, size_t column)
{
    return t->cells[row * t->columns + column];
}

/* How many rows from this one on, itself included, have its first cells: things that stand together. */
size_t tsv_run(const struct tsv *t, size_t row, size_t cells);

/* A whole number from least to most. */
MUST_CHECK enum rc tsv_number(const struct tsv *t, size_t row, size_t column, uint32_t least, uint32_t most,
                              uint32_t *out);

/* "kakehashi: PATH:LINE: what" on standard error; E_CONFIG. */
enum rc tsv_complain(const struct tsv *t, size_t row, const char *fmt, ...) PRINTF_LIKE(3, 4);
