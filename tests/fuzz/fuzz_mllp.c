/* Any bytes as an MLLP stream: no crash, and the messages are the same whether they come at once or in pieces. */
#include "base/arena.h"
#include "wire/mllp.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Messages in their order, those beyond the limit among them. */
static void read_in_pieces(struct str bytes, size_t piece, struct buf *record)
{
    struct mllp m;
    bool whole;

    mllp_init(&m, 64);
    for (size_t at = 0; at < bytes.len; at += piece) {
        struct str in = { bytes.data + at, MIN(piece, bytes.len - at) };
        while (in.len > 0) {
            size_t before = in.len;
            if (mllp_feed(&m, &in, &whole) != OK) {
                buf_add_text(record, "[too long]");
                whole = false;
            }
            if (in.len == before)
                die("nothing was taken");
            if (whole)
                buf_printf(record, "[%.*s]", (int)m.message.len, m.message.data);
        }
    }
    buf_clear(&m.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct arena *a = arena_new();
    struct buf *whole = buf_new(a, BUF_MAX_DEFAULT);

    read_in_pieces(bytes, size + 1, whole);
    for (size_t piece = 1; piece < 8; piece++) {
        struct buf *pieces = buf_new(a, BUF_MAX_DEFAULT);
        read_in_pieces(bytes, piece, pieces);
        if (strcmp(buf_text(pieces), buf_text(whole)) != 0)
            die("pieces of %zu read otherwise than the whole", piece);
    }
    arena_free(a);
    return 0;
}
