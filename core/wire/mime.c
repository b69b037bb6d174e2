/*
 * Reading multipart bodies as they arrive (RFC 2046: 5.1.1). No more than a delimiter and its padding is ever held
 * back; what is held back is known to equal the delimiter, so not even that is stored.
 */
#include "wire/mime.h"

#include "base/arena.h"
#include "wire/mime_decode.h"
#include "wire/mime_header.h"

#include <string.h>

#define BOUNDARY_MAX  70
#define PADDING_MAX   64 /* of white space behind a boundary; a longer run is content */
#define HEADER_BYTES  ((size_t)64 * 1024)
#define PARTS         10000
#define DECODED_BYTES 4096

enum state { CONTENT, DELIMITER, HEADERS, EPILOGUE, STATE_COUNT };

struct mime_reader {
    struct arena *arena;
    struct mime_limits limits;
    const struct mime_events *events;
    void *user;
    const char *delimiter; /* CR LF "--" boundary; its CR is the only one in it */
    size_t delimiter_len;

    enum state state;
    bool in_part;    /* else the content is the preamble */
    size_t matched;  /* bytes of the delimiter that the input now ends with */
    size_t imagined; /* of these, the bytes that never came: a delimiter may begin a body or a part without its CR LF */
    char tail[PADDING_MAX]; /* what followed a delimiter so far */
    size_t tail_len;

    struct buf *header;
    size_t line; /* where its last line begins */
    struct mime_decoder decoder;
    int parts;
    enum rc rc; /* once it is not OK it stays */
    const char *why;
};

static enum rc fail(struct mime_reader *r, enum rc rc, const char *why)
{
    r->why = why;
    return rc;
}

static void skip(struct str *s, size_t n)
{
    s->data += n;
    s->len -= n;
}

/* ---- content ---- */

static enum rc content_decode(struct mime_reader *r, struct str bytes)
{
    char out[DECODED_BYTES];
    size_t n;

    while (bytes.len > 0) {
        if (!mime_decode(&r->decoder, &bytes, out, sizeof(out), &n))
            return fail(r, E_SYNTAX, "the content of a part is not what its Content-Transfer-Encoding says");
        if (n > 0)
            TRY(r->events->part_data(r->user, (struct str){ out, n }));
    }
    return OK;
}

static enum rc content_emit(struct mime_reader *r, const char *data, size_t len)
{
    struct str bytes = { data, len };

    if (!r->in_part || len == 0)
        return OK;
    if (r->decoder.encoding == MIME_IDENTITY)
        return r->events->part_data(r->user, bytes);
    return content_decode(r, bytes);
}

/* From here on the input is as if it had just sent the delimiter's line end. */
static void content_begin(struct mime_reader *r, bool in_part)
{
    r->state = CONTENT;
    r->in_part = in_part;
    r->matched = r->imagined = 2;
}

static void delimiter_begin(struct mime_reader *r)
{
    r->state = DELIMITER;
    r->tail_len = 0;
}

/* What looked like a delimiter was content. */
static enum rc matched_emit(struct mime_reader *r)
{
    size_t matched = r->matched, imagined = r->imagined;

    r->matched = r->imagined = 0;
    return content_emit(r, r->delimiter + imagined, matched - imagined);
}

static enum rc matched_continue(struct mime_reader *r, struct str *in)
{
    while (in->len > 0 && r->matched < r->delimiter_len && *in->data == r->delimiter[r->matched]) {
        r->matched++;
        skip(in, 1);
    }
    if (r->matched == r->delimiter_len)
        delimiter_begin(r);
    else if (in->len > 0)
        return matched_emit(r);
    return OK;
}

/* How many bytes at the end of s begin a delimiter. Only its last CR can, for a delimiter has no second one. */
static size_t match_at_end(const struct mime_reader *r, struct str s)
{
    size_t reach = MIN(s.len, r->delimiter_len - 1);
    const char *end = s.data + s.len;
    const char *cr = memrchr(end - reach, '\r', reach);

    return cr != NULL && memcmp(cr, r->delimiter, (size_t)(end - cr)) == 0 ? (size_t)(end - cr) : 0;
}

static enum rc content_step(struct mime_reader *r, struct str *in)
{
    if (r->matched > 0)
        return matched_continue(r, in);

    struct str all = *in;
    const char *hit = memmem(all.data, all.len, r->delimiter, r->delimiter_len);
    if (hit != NULL) {
        size_t before = (size_t)(hit - all.data);
        skip(in, before + r->delimiter_len);
        r->matched = r->delimiter_len;
        delimiter_begin(r);
        return content_emit(r, all.data, before);
    }
    r->matched = match_at_end(r, all);
    skip(in, all.len);
    return content_emit(r, all.data, all.len - r->matched);
}

/* ---- delimiters ---- */

static enum rc part_finish(struct mime_reader *r)
{
    if (!r->in_part)
        return OK;
    r->in_part = false;
    if (!mime_decode_may_end(&r->decoder))
        return fail(r, E_SYNTAX, "the content of a part ends in the middle of its Content-Transfer-Encoding");
    return r->events->part_end(r->user);
}

static enum rc part_next(struct mime_reader *r)
{
    TRY(part_finish(r));
    if (r->parts == r->limits.parts)
        return fail(r, E_LIMIT, "the message has too many parts");
    r->parts++;
    r->state = HEADERS;
    r->line = 0;
    buf_reset(r->header);
    return OK;
}

static enum rc parts_end(struct mime_reader *r)
{
    r->state = EPILOGUE;
    return part_finish(r);
}

/* A line that only begins like a delimiter; a CR at its end may begin a true one. */
static enum rc delimiter_was_content(struct mime_reader *r)
{
    size_t len = r->tail_len;
    bool ends_in_cr = len > 0 && r->tail[len - 1] == '\r';

    r->state = CONTENT;
    TRY(matched_emit(r));
    TRY(content_emit(r, r->tail, len - ends_in_cr));
    r->matched = ends_in_cr;
    return OK;
}

/* May c follow the tail, which is padding, padding and CR, or a hyphen? */
static bool tail_accepts(const struct mime_reader *r, char c)
{
    char last = r->tail_len == 0 ? ' ' : r->tail[r->tail_len - 1];

    if (r->tail_len == sizeof(r->tail) || last == '\r' || last == '-')
        return false;
    return c == ' ' || c == '\t' || c == '\r' || (c == '-' && r->tail_len == 0);
}

static enum rc delimiter_step(struct mime_reader *r, struct str *in)
{
    char c = *in->data;
    bool after_hyphen = r->tail_len == 1 && r->tail[0] == '-';

    if (tail_accepts(r, c))
        r->tail[r->tail_len++] = c;
    else if (c == '\n' && !after_hyphen)
        TRY(part_next(r));
    else if (c == '-' && after_hyphen)
        TRY(parts_end(r));
    else
        return delimiter_was_content(r);
    skip(in, 1);
    return OK;
}

/* ---- headers of a part ---- */

static enum rc part_begin(struct mime_reader *r)
{
    struct mime_part part = { 0 };

    TRY(mime_header_parse(r->arena, r->header, &part, &r->why));
    r->decoder = (struct mime_decoder){ .encoding = part.encoding };
    content_begin(r, true);
    return r->events->part_begin(r->user, &part);
}

/* A line at a time, until an empty one. */
static enum rc headers_step(struct mime_reader *r, struct str *in)
{
    const char *lf = memchr(in->data, '\n', in->len);
    size_t n = lf == NULL ? in->len : (size_t)(lf - in->data) + 1;

    if (n > r->limits.header_bytes - r->header->len)
        return fail(r, E_LIMIT, "the headers of a part are too large");
    buf_add(r->header, in->data, n);
    skip(in, n);
    if (lf == NULL)
        return OK;
    struct str line = { r->header->data + r->line, r->header->len - r->line };
    r->line = r->header->len;
    return str_is(line, "\n") || str_is(line, "\r\n") ? part_begin(r) : OK;
}

static enum rc epilogue_step(struct mime_reader *r UNUSED, struct str *in)
{
    skip(in, in->len);
    return OK;
}

/* ---- the reader ---- */

static bool boundary_is_fit(const char *boundary)
{
    size_t n = strlen(boundary);

    if (n == 0 || n > BOUNDARY_MAX || boundary[n - 1] == ' ')
        return false;
    for (size_t i = 0; i < n; i++)
        if (boundary[i] < ' ' || boundary[i] == 0x7F)
            return false;
    return true;
}

enum rc mime_reader_new(struct arena *a, const char *boundary, const struct mime_limits *limits,
                        const struct mime_events *events, void *user, struct mime_reader **out)
{
    if (!boundary_is_fit(boundary))
        return E_SYNTAX;
    struct mime_reader *r = ARENA_NEW(a, struct mime_reader);

    r->arena = a;
    r->limits = limits == NULL ? (struct mime_limits){ 0 } : *limits;
    if (r->limits.header_bytes == 0)
        r->limits.header_bytes = HEADER_BYTES;
    if (r->limits.parts == 0)
        r->limits.parts = PARTS;
    r->events = events;
    r->user = user;
    r->delimiter = arena_printf(a, "\r\n--%s", boundary);
    r->delimiter_len = strlen(r->delimiter);
    r->header = buf_new(a, r->limits.header_bytes);
    content_begin(r, false);
    *out = r;
    return OK;
}

enum rc mime_feed(struct mime_reader *r, struct str bytes)
{
    static enum rc (*const steps[STATE_COUNT])(struct mime_reader *, struct str *) = {
        [CONTENT] = content_step,
        [DELIMITER] = delimiter_step,
        [HEADERS] = headers_step,
        [EPILOGUE] = epilogue_step,
    };

    while (r->rc == OK && bytes.len > 0)
        r->rc = steps[r->state](r, &bytes);
    return r->rc;
}

enum rc mime_finish(struct mime_reader *r)
{
    if (r->rc == OK && r->state != EPILOGUE)
        r->rc = fail(r, E_SYNTAX,
                     r->parts == 0 ? "no part begins: the boundary of the Content-Type does not occur"
                                   : "the closing boundary never came: the message is incomplete");
    return r->rc;
}

const char *mime_why(const struct mime_reader *r)
{
    return r->why;
}
