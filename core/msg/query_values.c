/*
 * The values of a stored query's parameter (ITI TF-2: 3.18.4.1.2.3.3 to .5):
 *     value := single | "(" single ("," single)* ")"     single := digits | "'" (any | "''")* "'"
 * White space around tokens is let pass.
 */
#include "msg/adhoc_query.h"

#include "base/arena.h"

#include <string.h>

#define SPACE  " \t\r\n"
#define DIGITS "0123456789"

struct scan {
    struct arena *arena;
    const char *at;
    struct text_list **tail;
};

static void space_skip(struct scan *s)
{
    s->at += strspn(s->at, SPACE);
}

static bool char_take(struct scan *s, char c)
{
    space_skip(s);
    if (*s->at != c)
        return false;
    s->at++;
    return true;
}

static void value_add(struct scan *s, const char *text)
{
    *s->tail = ARENA_NEW(s->arena, struct text_list);
    (*s->tail)->text = text;
    s->tail = &(*s->tail)->next;
}

/* Bytes before the closing quote; a doubled quote is none. */
static size_t string_length(const char *at)
{
    const char *end = at;

    while ((end = strchr(end, '\'')) != NULL && end[1] == '\'')
        end += 2;
    return end == NULL ? strlen(at) : (size_t)(end - at);
}

/* What follows an opening quote, up to and with the closing one. */
static enum rc string_scan(struct scan *s)
{
    size_t n = string_length(s->at);
    char *text = arena_alloc(s->arena, n + 1), *to = text;

    if (s->at[n] != '\'')
        return E_SYNTAX;
    for (const char *from = s->at; from < s->at + n; from++) {
        *to++ = *from;
        if (*from == '\'')
            from++;
    }
    s->at += n + 1;
    value_add(s, text);
    return OK;
}

static enum rc single_scan(struct scan *s)
{
    if (char_take(s, '\''))
        return string_scan(s);
    size_t n = strspn(s->at, DIGITS);
    if (n == 0)
        return E_SYNTAX;
    value_add(s, arena_strndup(s->arena, s->at, n));
    s->at += n;
    return OK;
}

static enum rc list_scan(struct scan *s)
{
    do
        TRY(single_scan(s));
    while (char_take(s, ','));
    return char_take(s, ')') ? OK : E_SYNTAX;
}

/* One rim:Value; an empty one has no values. */
static enum rc value_scan(struct scan *s)
{
    space_skip(s);
    if (*s->at == '\0')
        return OK;
    if (char_take(s, '('))
        TRY(list_scan(s));
    else
        TRY(single_scan(s));
    space_skip(s);
    return *s->at == '\0' ? OK : E_SYNTAX;
}

enum rc query_values_parse(struct arena *a, const struct slot *param, struct text_list **out)
{
    struct text_list *first = NULL;
    struct scan s = { .arena = a, .tail = &first };

    for (const struct text_list *v = param->values; v != NULL; v = v->next) {
        s.at = v->text;
        TRY(value_scan(&s));
    }
    *out = first;
    return OK;
}

static void quote_add(struct buf *out, const char *text)
{
    buf_add_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_add_char(out, '\'');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}

char *query_quote(struct arena *a, const char *text)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    quote_add(out, text);
    return arena_strdup(a, buf_text(out));
}

char *query_quote_list(struct arena *a, const struct text_list *values)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    buf_add_char(out, '(');
    for (const char *comma = ""; values != NULL; values = values->next, comma = ",") {
        buf_add_text(out, comma);
        quote_add(out, values->text);
    }
    buf_add_char(out, ')');
    return arena_strdup(a, buf_text(out));
}
