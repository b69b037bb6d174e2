/*
 * Any bytes as a stream of syslog frames: no crash, and records are the same whether they come at once or in pieces;
 * each of them as a record, whose parts lie within it.
 */
#include "base/arena.h"
#include "wire/syslog.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct str record)
{
    struct arena *a = arena_new();
    struct syslog s;
    const char *why;

    enum rc rc = syslog_parse(a, record, &s, &why);
    if ((rc == OK) != (why == NULL) || s.text.len > record.len)
        die("a record that is neither read nor refused");
    arena_free(a);
}

static void offer(struct syslog_frames *f, struct buf *told)
{
    judge(buf_str(&f->record));
    buf_printf(told, "[%s|", f->fault != NULL ? f->fault : "");
    buf_add_str(told, buf_str(&f->record));
    buf_add_char(told, ']');
}

static void read_in_pieces(struct str bytes, size_t piece, struct buf *told)
{
    struct syslog_frames f;

    syslog_frames_init(&f, 48);
    for (size_t at = 0; at < bytes.len; at += piece) {
        struct str in = { bytes.data + at, MIN(piece, bytes.len - at) };
        while (in.len > 0) {
            size_t before = in.len;
            bool whole = syslog_feed(&f, &in);
            if (whole)
                offer(&f, told);
            else if (in.len == before)
                die("nothing was taken");
        }
    }
    if (syslog_end(&f))
        offer(&f, told);
    buf_clear(&f.record);
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
        if (pieces->len != whole->len || memcmp(pieces->data, whole->data, whole->len) != 0)
            die("pieces of %zu read otherwise than the whole", piece);
    }
    arena_free(a);
    return 0;
}
