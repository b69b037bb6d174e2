/* Writing XML: escaping, and a writer that remembers what is open. Faster by far than building a tree to print it. */
#include "wire/xml.h"

#include "wire/utf8.h"

#include <stdint.h>
#include <string.h>

/* ---- escaping ---- */

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

enum escape { PLAIN, AMP, LT, GT, CR, QUOTE, TAB, LF, BAD, MULTI };

static const struct str escapes[] = {
    [AMP] = { "&amp;", 5 },   [LT] = { "&lt;", 4 },  [GT] = { "&gt;", 4 },  [CR] = { "&#13;", 5 },
    [QUOTE] = { "&#34;", 5 }, [TAB] = { "&#9;", 4 }, [LF] = { "&#10;", 5 }, [BAD] = { REPLACEMENT, 3 },
};

/* By first byte. What comes behind CR matters in attributes alone: there a parser would turn it into a space. */
static const uint8_t kinds[256] = {
    [0 ... 8] = BAD, ['\t'] = TAB, ['\n'] = LF, [11 ... 12] = BAD, ['\r'] = CR,           [14 ... 31] = BAD,
    ['"'] = QUOTE,   ['&'] = AMP,  ['<'] = LT,  ['>'] = GT,        [128 ... 255] = MULTI,
};

/* U+FFFE and U+FFFF are characters, but none of XML's. */
static bool is_forbidden(const char *p, size_t length)
{
    return length == 3 && (memcmp(p, "\xEF\xBF\xBE", 3) == 0 || memcmp(p, "\xEF\xBF\xBF", 3) == 0);
}

/* Copies runs; only kinds up to last are escaped. */
static void escape(struct buf *out, const char *text, size_t n, enum escape last)
{
    size_t from = 0, i = 0;

    while (i < n) {
        uint8_t kind = kinds[(unsigned char)text[i]];
        if (kind == PLAIN || (kind > last && kind < BAD)) {
            i++;
            continue;
        }
        size_t length = kind == MULTI ? utf8_length(text + i, n - i) : 0;
        if (length > 0 && !is_forbidden(text + i, length)) {
            i += length;
            continue;
        }
        buf_add(out, text + from, i - from);
        buf_add_str(out, escapes[kind == MULTI ? BAD : kind]);
        from = i += MAX(length, 1);
    }
    buf_add(out, text + from, n - from);
}

void xml_escape_n(struct buf *out, const char *text, size_t n)
{
    escape(out, text, n, LF);
}

void xml_escape(struct buf *out, const char *text)
{
    xml_escape_n(out, text, strlen(text));
}

void xml_escape_text(struct buf *out, const char *text)
{
    escape(out, text, strlen(text), CR);
}

/* ---- the writer ---- */

void xw_init(struct xml_writer *w, struct buf *out)
{
    *w = (struct xml_writer){ .out = out };
}

static void tag_end(struct xml_writer *w)
{
    if (w->in_tag)
        buf_add_char(w->out, '>');
    w->in_tag = false;
}

void xw_open(struct xml_writer *w, const char *name)
{
    if (w->depth == XML_WRITER_DEPTH)
        die("xml writer: <%s> is nested too deeply", name);
    tag_end(w);
    buf_add_char(w->out, '<');
    buf_add_text(w->out, name);
    w->open[w->depth++] = name;
    w->in_tag = true;
}

void xw_attr(struct xml_writer *w, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (!w->in_tag)
        die("xml writer: attribute %s outside a tag", name);
    buf_add_char(w->out, ' ');
    buf_add_text(w->out, name);
    buf_add_literal(w->out, "=\"");
    xml_escape(w->out, value);
    buf_add_char(w->out, '"');
}

void xw_text(struct xml_writer *w, const char *text)
{
    tag_end(w);
    xml_escape_text(w->out, text);
}

void xw_close(struct xml_writer *w)
{
    if (w->depth == 0)
        die("xml writer: nothing is open");
    const char *name = w->open[--w->depth];
    if (w->in_tag) {
        buf_add_literal(w->out, "/>");
        w->in_tag = false;
        return;
    }
    buf_add_literal(w->out, "</");
    buf_add_text(w->out, name);
    buf_add_char(w->out, '>');
}

void xw_element(struct xml_writer *w, const char *name, const char *text)
{
    if (text == NULL)
        return;
    xw_open(w, name);
    xw_text(w, text);
    xw_close(w);
}

void xw_raw(struct xml_writer *w, struct str xml)
{
    tag_end(w);
    buf_add_str(w->out, xml);
}
