#pragma once
/*
 * Tables for a terminal: columns as wide as their widest cell, where a kanji or kana takes two columns and a combining
 * mark none (Unicode Standard Annex #11).
 */

#include <stddef.h>

struct arena;
struct buf;
struct table;

#define TABLE_COLUMNS 8

/* Headings end with NULL, at most TABLE_COLUMNS of them. Texts are not copied: they live as long as the arena. */
struct table *table_new(struct arena *a, ...) __attribute__((sentinel));

/* One text per heading; NULL or "" leaves a cell empty. */
#define table_row(t, ...) table_add((t), (const char *const[TABLE_COLUMNS]){ __VA_ARGS__ })
void table_add(struct table *t, const char *const cells[TABLE_COLUMNS]);

/* Two spaces between columns and before each line, none behind it. */
void table_print(const struct table *t, struct buf *out);

/* Columns a UTF-8 text takes. */
size_t table_width(const char *text);
