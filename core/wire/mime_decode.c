#include "wire/mime_decode.h"

#include <stdint.h>

/* One more than the value; 0 is no base64. */
static const uint8_t base64_values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The bytes of up to four characters: have - 1 of them. */
static size_t quantum_put(struct mime_decoder *d, char *out)
{
    unsigned bits = d->bits << 6 * (4 - d->have);
    size_t n = (size_t)d->have - 1;
    const char bytes[3] = { (char)(bits >> 16), (char)(bits >> 8), (char)bits };

    memcpy(out, bytes, n);
    d->bits = 0;
    d->have = d->pads = 0;
    return n;
}

static bool base64_pad(struct mime_decoder *d, char *out, size_t *n)
{
    if (d->have < 2)
        return false;
    d->padded = true;
    d->pads++;
    if (d->have + d->pads == 4)
        *n += quantum_put(d, out + *n);
    return true;
}

static bool base64_decode_some(struct mime_decoder *d, struct str *in, char *out, size_t cap, size_t *n)
{
    for (; in->len > 0 && cap - *n >= 3; in->data++, in->len--) {
        char c = *in->data;
        unsigned value = base64_values[(unsigned char)c];
        if (value > 0 && !d->padded) {
            d->bits = d->bits << 6 | (value - 1);
            if (++d->have == 4)
                *n += quantum_put(d, out + *n);
        } else if (c == '=' ? !base64_pad(d, out, n) : !is_space(c)) {
            return false;
        }
    }
    return true;
}

int mime_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What may follow "=": two hexadecimal digits, or white space up to the end of the line. */
static bool qp_escape(struct mime_decoder *d, char c, char *out, size_t *n)
{
    int hex = mime_hex(c);

    if (d->qp == QP_HEX) {
        if (hex < 0)
            return false;
        out[(*n)++] = (char)(d->bits << 4 | (unsigned)hex);
        d->qp = QP_PLAIN;
    } else if (d->qp == QP_EQUALS && hex >= 0) {
        d->bits = (unsigned)hex;
        d->qp = QP_HEX;
    } else if (is_space(c)) {
        d->qp = c == '\n' ? QP_PLAIN : QP_BREAK;
    } else {
        return false;
    }
    return true;
}

static bool qp_decode_some(struct mime_decoder *d, struct str *in, char *out, size_t cap, size_t *n)
{
    for (; in->len > 0 && *n < cap; in->data++, in->len--) {
        char c = *in->data;
        if (d->qp != QP_PLAIN) {
            if (!qp_escape(d, c, out, n))
                return false;
        } else if (c == '=') {
            d->qp = QP_EQUALS;
        } else {
            out[(*n)++] = c;
        }
    }
    return true;
}

bool mime_decode(struct mime_decoder *d, struct str *in, char *out, size_t cap, size_t *n)
{
    *n = 0;
    return d->encoding == MIME_BASE64 ? base64_decode_some(d, in, out, cap, n) : qp_decode_some(d, in, out, cap, n);
}

/* A soft line break at the very end has given its line end to the delimiter. */
bool mime_decode_may_end(const struct mime_decoder *d)
{
    return d->encoding == MIME_BASE64 ? d->have == 0 : d->qp != QP_HEX;
}
