#include "world/tsv.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)8 << 20)

enum rc tsv_complain(const struct tsv *t, size_t row, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "kakehashi: %s:%zu: ", t->path, t->lines[row]);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return E_CONFIG;
}

static enum rc file_complain(const struct tsv *t, const char *what)
{
    fprintf(stderr, "kakehashi: %s: %s\n", t->path, what);
    return E_CONFIG;
}

static bool is_utf8(struct str s)
{
    for (size_t i = 0, n; i < s.len; i += n) {
        n = utf8_length(s.data + i, s.len - i);
        if (n == 0)
            return false;
    }
    return true;
}

static size_t lines_of(const char *text)
{
    size_t n = 1;

    for (const char *c = text; (c = strchr(c, '\n')) != NULL; c++)
        n++;
    return n;
}

/* Cuts a line at its tabs. */
static enum rc row_cut(struct tsv *t, char *line)
{
    size_t row = t->count++, n = 0;

    for (char *cell; (cell = strsep(&line, "\t")) != NULL; n++) {
        if (cell[0] == '\0')
            return tsv_complain(t, row, "cell %zu is empty", n + 1);
        if (n < t->columns)
            t->cells[row * t->columns + n] = cell;
    }
    return n == t->columns ? OK : tsv_complain(t, row, "%zu cells, not %zu between tabs", n, t->columns);
}

static enum rc rows_cut(struct arena *a, char *text, struct tsv *t)
{
    size_t room = lines_of(text), line_number = 0;

    t->cells = ARENA_ARRAY(a, char *, room * t->columns);
    t->lines = ARENA_ARRAY(a, size_t, room);
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        line_number++;
        if (line[0] == '\0' || line[0] == '#')
            continue;
        t->lines[t->count] = line_number;
        TRY(row_cut(t, line));
    }
    return t->count == 0 ? file_complain(t, "the table has no row") : OK;
}

enum rc tsv_read(struct arena *a, const char *folder, const char *name, size_t columns, struct tsv *out)
{
    struct tsv t = { .path = arena_printf(a, "%s/%s", folder, name), .columns = columns };
    struct str bytes;
    enum rc rc = file_read(a, t.path, FILE_MAX, &bytes);

    if (rc != OK)
        return file_complain(&t, rc == E_LIMIT ? "the table is larger than 8 megabytes" : "the table cannot be read");
    if (!is_utf8(bytes))
        return file_complain(&t, "the table is not UTF-8");
    TRY(rows_cut(a, str_dup(a, bytes), &t));
    *out = t;
    return OK;
}

static bool rows_begin_alike(const struct tsv *t, size_t x, size_t y, size_t cells)
{
    for (size_t i = 0; i < cells; i++) {
        if (strcmp(tsv_cell(t, x, i), tsv_cell(t, y, i)) != 0)
            return false;
    }
    return true;
}

size_t tsv_run(const struct tsv *t, size_t row, size_t cells)
{
    size_t end = row + 1;

    while (end < t->count && rows_begin_alike(t, row, end, cells))
        end++;
    return end - row;
}

enum rc tsv_number(const struct tsv *t, size_t row, size_t column, uint32_t least, uint32_t most, uint32_t *out)
{
    const char *cell = tsv_cell(t, row, column);
    char *end;

    errno = 0;
    unsigned long long value = strtoull(cell, &end, 10);
    bool fits = errno == 0 && *end == '\0' && cell[0] != '-' && value >= least && value <= most;
    if (!fits && least == most)
        return tsv_complain(t, row, "\"%s\" stands where %u belongs", cell, least);
    if (!fits)
        return tsv_complain(t, row, "\"%s\" is not a whole number from %u to %u", cell, least, most);
    *out = (uint32_t)value;
    return OK;
}
