#pragma once
/* Content-Transfer-Encodings (RFC 2045: 6.7, 6.8) decoded piece by piece. */

#include "base/str.h"
#include "wire/mime.h"

#include <stdbool.h>
#include <stddef.h>

enum qp_state { QP_PLAIN, QP_EQUALS, QP_HEX, QP_BREAK };

/* Zeroed but for the encoding, which is not MIME_IDENTITY, it is ready. */
struct mime_decoder {
    enum mime_encoding encoding;
    unsigned bits;
    int have, pads; /* base64: of the four characters under way */
    bool padded;    /* base64: "=" has come, so it is over */
    enum qp_state qp;
};

/* Decodes from *in, which advances, until it is used up or out, of cap >= 3 bytes, is full. False when it is broken. */
bool mime_decode(struct mime_decoder *d, struct str *in, char *out, size_t cap, size_t *n);

/* May the content end here? */
bool mime_decode_may_end(const struct mime_decoder *d);

/* The value of a hexadecimal digit of either case; -1 for anything else. */
int mime_hex(char c);
