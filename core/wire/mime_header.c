/* Header lines of a part (RFC 2045: 3; RFC 2822: 2.2): those MTOM speaks of are kept, the others ignored. */
#include "wire/mime_header.h"

#include "base/arena.h"

#include <string.h>

enum field { CONTENT_ID, CONTENT_TYPE, CONTENT_TRANSFER_ENCODING, FIELD_COUNT };

static const char *const field_names[FIELD_COUNT] = {
    [CONTENT_ID] = "Content-ID",
    [CONTENT_TYPE] = "Content-Type",
    [CONTENT_TRANSFER_ENCODING] = "Content-Transfer-Encoding",
};

/* A line that begins with white space continues the one before. */
static void lines_unfold(struct buf *header)
{
    for (size_t i = 0; i + 1 < header->len; i++) {
        char next = header->data[i + 1];
        if (header->data[i] != '\n' || (next != ' ' && next != '\t'))
            continue;
        header->data[i] = ' ';
        if (i > 0 && header->data[i - 1] == '\r')
            header->data[i - 1] = ' ';
    }
}

/* False without a colon. */
static bool line_read(struct str line, struct str fields[FIELD_COUNT])
{
    const char *colon = memchr(line.data, ':', line.len);

    if (colon == NULL)
        return false;
    size_t at = (size_t)(colon - line.data);
    struct str name = str_trim((struct str){ line.data, at });
    for (enum field field = 0; field < FIELD_COUNT; field++)
        if (fields[field].data == NULL && str_is_nocase(name, field_names[field]))
            fields[field] = str_trim((struct str){ colon + 1, line.len - at - 1 });
    return true;
}

static bool lines_read(struct str rest, struct str fields[FIELD_COUNT])
{
    while (rest.len > 0) {
        const char *lf = memchr(rest.data, '\n', rest.len);
        size_t n = lf == NULL ? rest.len : (size_t)(lf - rest.data) + 1;
        struct str line = str_trim((struct str){ rest.data, n });
        if (line.len > 0 && !line_read(line, fields))
            return false;
        rest = (struct str){ rest.data + n, rest.len - n };
    }
    return true;
}

static struct str brackets_strip(struct str id)
{
    if (id.len > 0 && id.data[0] == '<')
        id = (struct str){ id.data + 1, id.len - 1 };
    if (id.len > 0 && id.data[id.len - 1] == '>')
        id.len--;
    return str_trim(id);
}

static const struct {
    const char *name;
    enum mime_encoding encoding;
} encodings[] = {
    { "binary", MIME_IDENTITY },
    { "8bit", MIME_IDENTITY },
    { "7bit", MIME_IDENTITY },
    { "base64", MIME_BASE64 },
    { "quoted-printable", MIME_QUOTED_PRINTABLE },
};

/* False when there is one that nobody knows. */
static bool encoding_read(struct str value, enum mime_encoding *out)
{
    *out = MIME_IDENTITY;
    for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
        if (!str_is_nocase(value, encodings[i].name))
            continue;
        *out = encodings[i].encoding;
        return true;
    }
    return value.data == NULL;
}

static enum rc fail(const char **why, const char *text)
{
    *why = text;
    return E_SYNTAX;
}

enum rc mime_header_parse(struct arena *a, struct buf *header, struct mime_part *part, const char **why)
{
    struct str fields[FIELD_COUNT] = { 0 }, encoding;

    if (memchr(header->data, '\0', header->len) != NULL)
        return fail(why, "a header of a part holds a NUL");
    lines_unfold(header);
    if (!lines_read(buf_str(header), fields))
        return fail(why, "a header line of a part has no colon");
    encoding = fields[CONTENT_TRANSFER_ENCODING];
    if (!encoding_read(encoding, &part->encoding))
        return fail(why, arena_printf(a, "Content-Transfer-Encoding \"%.*s\" is not known", (int)MIN(encoding.len, 64),
                                      encoding.data));
    if (fields[CONTENT_ID].data != NULL)
        part->content_id = str_dup(a, brackets_strip(fields[CONTENT_ID]));
    if (fields[CONTENT_TYPE].data != NULL)
        part->content_type = str_dup(a, fields[CONTENT_TYPE]);
    return OK;
}
