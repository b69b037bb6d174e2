/* Chunked bodies, RFC 9112 section 7.1. Extensions and trailers are checked for form and length, and dropped. */
#include "net/http.h"

#define CHUNK_LINE_MAX 256
#define TRAILERS_MAX   4096
#define CHUNK_SIZE_MAX ((uint64_t)1 << 56)

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

enum chunk_state {
    CHUNK_SIZE_FIRST,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILERS, /* from here on line_bytes counts them all */
    CHUNK_TRAILER,
    CHUNK_TRAILER_LF,
    CHUNK_LAST_LF,
    CHUNK_DONE
};

static enum rc expect(struct http_chunks *c, char byte, char wanted, enum chunk_state next)
{
    c->state = (int)next;
    return byte == wanted ? OK : E_SYNTAX;
}

static enum rc size_digit(struct http_chunks *c, char byte)
{
    int digit = http_hex_value(byte);

    if (digit < 0)
        return E_SYNTAX;
    if (c->left >= CHUNK_SIZE_MAX / 16)
        return E_LIMIT;
    c->left = c->left * 16 + (uint64_t)digit;
    c->state = CHUNK_SIZE;
    return OK;
}

/* Inside a line: its end, or one more byte of what nobody reads. */
static enum rc line_byte(struct http_chunks *c, char byte, enum chunk_state same, enum chunk_state at_cr)
{
    c->state = (int)(byte == '\r' ? at_cr : same);
    return byte != '\r' && byte != '\t' && is_control(byte) ? E_SYNTAX : OK;
}

static enum rc size_end(struct http_chunks *c, char byte)
{
    c->line_bytes = 0;
    return expect(c, byte, '\n', c->left > 0 ? CHUNK_DATA : CHUNK_TRAILERS);
}

static enum rc chunk_byte(struct http_chunks *c, char byte)
{
    switch ((enum chunk_state)c->state) {
    case CHUNK_SIZE_FIRST:
        return size_digit(c, byte);
    case CHUNK_SIZE:
        if (byte != '\r' && byte != ';')
            return size_digit(c, byte);
        return line_byte(c, byte, CHUNK_EXTENSION, CHUNK_SIZE_LF);
    case CHUNK_EXTENSION:
        return line_byte(c, byte, CHUNK_EXTENSION, CHUNK_SIZE_LF);
    case CHUNK_SIZE_LF:
        return size_end(c, byte);
    case CHUNK_DATA_CR:
        return expect(c, byte, '\r', CHUNK_DATA_LF);
    case CHUNK_DATA_LF:
        c->line_bytes = 0;
        return expect(c, byte, '\n', CHUNK_SIZE_FIRST);
    case CHUNK_TRAILERS:
        if (byte == ' ' || byte == '\t')
            return E_SYNTAX;
        return line_byte(c, byte, CHUNK_TRAILER, CHUNK_LAST_LF);
    case CHUNK_TRAILER:
        return line_byte(c, byte, CHUNK_TRAILER, CHUNK_TRAILER_LF);
    case CHUNK_TRAILER_LF:
        return expect(c, byte, '\n', CHUNK_TRAILERS);
    case CHUNK_LAST_LF:
        return expect(c, byte, '\n', CHUNK_DONE);
    case CHUNK_DATA:
    case CHUNK_DONE:
        break;
    }
    die("chunk state %d", c->state);
}

static void take_data(struct http_chunks *c, struct str *in, struct str *piece)
{
    *piece = (struct str){ in->data, (size_t)MIN(c->left, (uint64_t)in->len) };
    in->data += piece->len;
    in->len -= piece->len;
    c->left -= piece->len;
    if (c->left == 0)
        c->state = CHUNK_DATA_CR;
}

enum rc http_chunks_feed(struct http_chunks *c, struct str *in, struct str *piece, bool *done)
{
    *piece = (struct str){ in->data, 0 };
    while (in->len > 0 && c->state != CHUNK_DONE) {
        if (c->state == CHUNK_DATA) {
            take_data(c, in, piece);
            break;
        }
        if (++c->line_bytes > (c->state >= CHUNK_TRAILERS ? TRAILERS_MAX : CHUNK_LINE_MAX))
            return E_LIMIT;
        TRY(chunk_byte(c, *in->data));
        in->data++;
        in->len--;
    }
    *done = c->state == CHUNK_DONE;
    return OK;
}
