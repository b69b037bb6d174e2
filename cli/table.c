#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>

struct line {
    const char *cells[TABLE_COLUMNS];
    struct line *next;
};

struct table {
    struct arena *arena;
    size_t columns;
    size_t width[TABLE_COLUMNS];
    struct line *first, **end;
};

struct span {
    uint32_t from, to;
    int width;
};

/* Where a character is not one column wide: Wide and Fullwidth of EastAsianWidth.txt, and marks that combine. Sorted.
 */
static const struct span spans[] = {
    { 0x0300, 0x036f, 0 },   { 0x1100, 0x115f, 2 },   { 0x200b, 0x200f, 0 },   { 0x2329, 0x232a, 2 },
    { 0x2e80, 0x3029, 2 },   { 0x302a, 0x302d, 0 },   { 0x302e, 0x303e, 2 },   { 0x3041, 0x3098, 2 },
    { 0x3099, 0x309a, 0 },   { 0x309b, 0x33ff, 2 },   { 0x3400, 0x4dbf, 2 },   { 0x4e00, 0x9fff, 2 },
    { 0xa000, 0xa4cf, 2 },   { 0xa960, 0xa97c, 2 },   { 0xac00, 0xd7a3, 2 },   { 0xf900, 0xfaff, 2 },
    { 0xfe00, 0xfe0f, 0 },   { 0xfe10, 0xfe19, 2 },   { 0xfe30, 0xfe6b, 2 },   { 0xfeff, 0xfeff, 0 },
    { 0xff01, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 }, { 0x1f900, 0x1f9ff, 2 },
    { 0x20000, 0x3fffd, 2 }, { 0xe0100, 0xe01ef, 0 },
};

static int rune_width(uint32_t rune)
{
    for (size_t i = 0; i < ARRAY_LEN(spans) && spans[i].from <= rune; i++) {
        if (rune <= spans[i].to)
            return spans[i].width;
    }
    return 1;
}

/* The next character; a byte that is no UTF-8 stands for itself. */
static uint32_t rune_next(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    uint32_t rune = more == 0 ? p[0] : p[0] & (0x3fu >> more);

    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            *at += 1;
            return p[0];
        }
        rune = rune << 6 | (p[i] & 0x3fu);
    }
    *at += more + 1;
    return rune;
}

size_t table_width(const char *text)
{
    size_t width = 0;

    while (*text != '\0')
        width += (size_t)rune_width(rune_next(&text));
    return width;
}

struct table *table_new(struct arena *a, ...)
{
    struct table *t = ARENA_NEW(a, struct table);
    const char *cells[TABLE_COLUMNS] = { 0 };
    const char *heading;
    va_list ap;

    t->arena = a;
    t->end = &t->first;
    va_start(ap, a);
    while ((heading = va_arg(ap, const char *)) != NULL) {
        if (t->columns == TABLE_COLUMNS)
            die("table: more than %d columns", TABLE_COLUMNS);
        cells[t->columns++] = heading;
    }
    va_end(ap);
    table_add(t, cells);
    return t;
}

void table_add(struct table *t, const char *const cells[TABLE_COLUMNS])
{
    struct line *line = ARENA_NEW(t->arena, struct line);

    for (size_t i = 0; i < t->columns; i++) {
        line->cells[i] = cells[i] ? cells[i] : "";
        t->width[i] = MAX(t->width[i], table_width(line->cells[i]));
    }
    *t->end = line;
    t->end = &line->next;
}

static void print_line(const struct table *t, const struct line *line, struct buf *out)
{
    size_t owed = 0; /* spaces are written only when something follows them */

    for (size_t i = 0; i < t->columns; i++) {
        owed += 2;
        if (line->cells[i][0] != '\0') {
            buf_printf(out, "%*s%s", (int)owed, "", line->cells[i]);
            owed = 0;
        }
        owed += t->width[i] - table_width(line->cells[i]);
    }
    buf_add_char(out, '\n');
}

void table_print(const struct table *t, struct buf *out)
{
    for (const struct line *line = t->first; line != NULL; line = line->next)
        print_line(t, line, out);
}
