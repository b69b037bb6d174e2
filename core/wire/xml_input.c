/* What is settled about a message's bytes before libxml2 sees them: their encoding, and one way to starve it. */
#include "wire/xml_input.h"

#include "base/arena.h"
#include "wire/utf8.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Does the start tag at p hold more quoted values than any element may? */
static bool tag_is_monstrous(const char *p, const char *end)
{
    char quote = '\0';
    int values = 0;

    if (p[1] == '!' || p[1] == '?' || p[1] == '/')
        return false;
    for (p++; p < end && *p != '<' && (quote != '\0' || *p != '>'); p++) {
        if (quote == '\0' && (*p == '"' || *p == '\'')) {
            quote = *p;
            values++;
        } else if (*p == quote) {
            quote = '\0';
        }
    }
    return values > XML_ATTRIBUTES_MAX;
}

/*
 * libxml2 compares each attribute with all before it, long before it shows us the element: a tag with a million of them
 * would hold the thread for minutes. "<" cannot stand inside a tag and an attribute takes five bytes, so only where no
 * "<" follows for long can there be such a tag. That is rare, and looked at closely.
 */
static bool has_monstrous_tag(struct str s)
{
    const size_t span = (size_t)XML_ATTRIBUTES_MAX * 5;
    const char *end = s.data + s.len;
    const char *p = memchr(s.data, '<', s.len);

    while (p != NULL && (size_t)(end - p) > span) {
        const char *next = memrchr(p + 1, '<', span);
        if (next == NULL) {
            if (tag_is_monstrous(p, end))
                return true;
            next = memchr(p + 1, '<', (size_t)(end - p) - 1);
        }
        p = next;
    }
    return false;
}

static bool bytes_begin(struct str s, const char *with, size_t n)
{
    return s.len >= n && memcmp(s.data, with, n) == 0;
}

/* The encoding the XML declaration names; empty without one. */
static struct str encoding_declared(struct str s)
{
    const char *end = bytes_begin(s, "<?xml", 5) ? memmem(s.data, s.len, "?>", 2) : NULL;
    const char *p = end == NULL ? NULL : memmem(s.data, (size_t)(end - s.data), "encoding", 8);

    while (p != NULL && p < end && *p != '"' && *p != '\'')
        p++;
    if (p == NULL || p == end)
        return (struct str){ "", 0 };
    const char *close = memchr(p + 1, *p, (size_t)(end - p) - 1);
    return close == NULL ? (struct str){ "", 0 } : (struct str){ p + 1, (size_t)(close - p) - 1 };
}

static const struct {
    const char *bytes;
    size_t len, skip;
    enum utf16_order order;
} utf16_starts[] = {
    { "\xFF\xFE", 2, 2, UTF16_LITTLE },
    { "\xFE\xFF", 2, 2, UTF16_BIG },
    { "<\0", 2, 0, UTF16_LITTLE },
    { "\0<", 2, 0, UTF16_BIG },
};

static enum rc utf16_become_utf8(struct arena *a, struct str *s, bool *was)
{
    for (size_t i = 0; i < ARRAY_LEN(utf16_starts); i++) {
        if (!bytes_begin(*s, utf16_starts[i].bytes, utf16_starts[i].len))
            continue;
        *was = true;
        s->data += utf16_starts[i].skip;
        s->len -= utf16_starts[i].skip;
        return utf8_from_utf16(a, *s, utf16_starts[i].order, s);
    }
    return OK;
}

static struct str byte_order_mark_skip(struct str *s)
{
    if (bytes_begin(*s, "\xEF\xBB\xBF", 3)) {
        s->data += 3;
        s->len -= 3;
    }
    return *s;
}

static bool encoding_is_true(struct str s)
{
    struct str name = encoding_declared(s);

    return name.len == 0 || str_is_nocase(name, "UTF-8") || str_is_nocase(name, "US-ASCII");
}

enum rc xml_input_check(struct arena *a, struct str *s, const char **why)
{
    bool was_utf16 = false;
    enum rc rc = E_SYNTAX;

    if (utf16_become_utf8(a, s, &was_utf16) != OK)
        *why = "not proper UTF-16";
    else if (str_trim(byte_order_mark_skip(s)).len == 0)
        *why = "no XML here: nothing was sent";
    else if (str_trim((struct str){ s->data, 1 }).len != 0 && s->data[0] != '<')
        *why = "no XML here: it does not begin with \"<\"";
    else if (!was_utf16 && !encoding_is_true(*s))
        *why = "the declared encoding is not that of the bytes, or neither UTF-8 nor UTF-16";
    else if (s->len > INT_MAX)
        rc = E_LIMIT, *why = "the document is too large";
    else if (has_monstrous_tag(*s))
        rc = E_LIMIT, *why = "too many attributes in one element";
    else
        rc = OK;
    return rc;
}
