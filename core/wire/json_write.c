/* Writing JSON straight to a buffer. */
#include "wire/json.h"

#include "wire/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- texts ---- */

static void escape_add(struct buf *out, unsigned char c)
{
    static const char shorts[256] = {
        ['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
    };

    if (shorts[c] != '\0')
        buf_printf(out, "\\%c", shorts[c]);
    else
        buf_printf(out, "\\u%04x", c);
}

/* UTF-8 goes out as it is; a byte that is none becomes U+FFFD. */
static void quoted_add(struct buf *out, const char *text)
{
    size_t n = strlen(text), from = 0, i = 0;

    buf_add_char(out, '"');
    while (i < n) {
        unsigned char c = (unsigned char)text[i];
        size_t length = c >= ' ' && c != '"' && c != '\\' ? utf8_length(text + i, n - i) : 0;
        if (length > 0) {
            i += length;
            continue;
        }
        buf_add(out, text + from, i - from);
        if (c < 0x80)
            escape_add(out, c);
        else
            buf_add_literal(out, "\xEF\xBF\xBD");
        from = ++i;
    }
    buf_add(out, text + from, n - from);
    buf_add_char(out, '"');
}

/* ---- structure ---- */

static void line_begin(struct json_writer *w)
{
    if (w->pretty)
        buf_printf(w->out, "\n%*s", 2 * w->depth, "");
}

static void member_begin(struct json_writer *w, const char *key)
{
    if (w->need_comma)
        buf_add_char(w->out, ',');
    if (w->depth > 0)
        line_begin(w);
    if (key != NULL) {
        quoted_add(w->out, key);
        buf_add_text(w->out, w->pretty ? ": " : ":");
    }
    w->need_comma = true;
}

static void container_begin(struct json_writer *w, const char *key, char bracket)
{
    member_begin(w, key);
    buf_add_char(w->out, bracket);
    w->depth++;
    w->need_comma = false;
}

static void container_end(struct json_writer *w, char bracket)
{
    if (w->depth == 0)
        die("json writer: nothing is open");
    w->depth--;
    if (w->need_comma)
        line_begin(w);
    buf_add_char(w->out, bracket);
    w->need_comma = true;
}

void jw_init(struct json_writer *w, struct buf *out, bool pretty)
{
    *w = (struct json_writer){ .out = out, .pretty = pretty };
}

void jw_object(struct json_writer *w, const char *key)
{
    container_begin(w, key, '{');
}

void jw_list(struct json_writer *w, const char *key)
{
    container_begin(w, key, '[');
}

void jw_end_object(struct json_writer *w)
{
    container_end(w, '}');
}

void jw_end_list(struct json_writer *w)
{
    container_end(w, ']');
}

/* ---- values ---- */

void jw_text(struct json_writer *w, const char *key, const char *value)
{
    member_begin(w, key);
    if (value == NULL)
        buf_add_literal(w->out, "null");
    else
        quoted_add(w->out, value);
}

/* The shortest digits that read back as the same number; JSON has no infinities. */
void jw_number(struct json_writer *w, const char *key, double value)
{
    char digits[40];

    member_begin(w, key);
    if (!isfinite(value)) {
        buf_add_literal(w->out, "null");
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof(digits), "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    buf_add_text(w->out, digits);
}

void jw_integer(struct json_writer *w, const char *key, long long value)
{
    member_begin(w, key);
    buf_printf(w->out, "%lld", value);
}

void jw_bool(struct json_writer *w, const char *key, bool value)
{
    member_begin(w, key);
    buf_add_text(w->out, value ? "true" : "false");
}

static void value_write(struct json_writer *w, const struct json *j)
{
    bool is_object = j->type == JSON_T_OBJECT;

    if (j->type == JSON_T_TEXT || j->type == JSON_T_NULL) {
        jw_text(w, j->key, j->type == JSON_T_TEXT ? j->text : NULL);
    } else if (j->type == JSON_T_NUMBER) {
        jw_number(w, j->key, j->number);
    } else if (j->type == JSON_T_BOOL) {
        jw_bool(w, j->key, j->truth);
    } else {
        (is_object ? jw_object : jw_list)(w, j->key);
        for (const struct json *m = j->first; m != NULL; m = m->next)
            value_write(w, m);
        (is_object ? jw_end_object : jw_end_list)(w);
    }
}

void json_write(struct buf *out, const struct json *j)
{
    struct json_writer w;

    jw_init(&w, out, false);
    value_write(&w, j);
}
