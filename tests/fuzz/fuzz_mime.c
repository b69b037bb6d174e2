/*
 * Any bytes as a multipart body whose boundary is "b", and as a media type: no crash; the events are the same whether
 * the body comes at once or in pieces of any size.
 */
#include "base/arena.h"
#include "wire/mime.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc record_begin(void *user, const struct mime_part *part)
{
    buf_printf(user, "[%s|%s|%d:", part->content_id == NULL ? "" : part->content_id,
               part->content_type == NULL ? "" : part->content_type, part->encoding);
    return OK;
}

static enum rc record_data(void *user, struct str bytes)
{
    buf_add_str(user, bytes);
    return OK;
}

static enum rc record_end(void *user)
{
    buf_add_char(user, ']');
    return OK;
}

static enum rc read_in_pieces(struct arena *a, struct str bytes, size_t piece, struct buf *record)
{
    static const struct mime_events events = { record_begin, record_data, record_end };
    static const struct mime_limits limits = { .header_bytes = 1024, .parts = 20 };
    struct mime_reader *r;

    if (mime_reader_new(a, "b", &limits, &events, record, &r) != OK)
        die("\"b\" is a boundary");
    for (size_t at = 0; at < bytes.len; at += piece) {
        enum rc rc = mime_feed(r, (struct str){ bytes.data + at, MIN(piece, bytes.len - at) });
        if (rc != OK)
            return rc;
    }
    return mime_finish(r);
}

/* A broken encoding is noticed in the middle of a piece, so what came before it in that piece may be missing. */
static void pieces_must_agree(struct arena *a, struct str bytes, size_t piece)
{
    struct buf *whole = buf_new(a, BUF_MAX_DEFAULT), *pieces = buf_new(a, BUF_MAX_DEFAULT);
    enum rc rc = read_in_pieces(a, bytes, bytes.len + 1, whole);

    if (read_in_pieces(a, bytes, piece, pieces) != rc)
        die("pieces of %zu end otherwise than the whole", piece);
    if (rc == OK &&
        (whole->len != pieces->len || (whole->len > 0 && memcmp(whole->data, pieces->data, whole->len) != 0)))
        die("pieces of %zu read otherwise than the whole", piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct arena *a = arena_new();
    struct mime_type type;

    for (size_t piece = 1; piece < 8; piece++)
        pieces_must_agree(a, bytes, piece);
    if (mime_type_parse(a, bytes, &type) == OK)
        (void)mime_cid_matches(mime_param(&type, "start"), type.type);
    arena_free(a);
    return 0;
}
