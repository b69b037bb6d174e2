#pragma once
/*
 * MLLP frames (HL7 v2.5, Appendix C): 0x0B, the message, 0x1C 0x0D. Neither byte occurs in a message, in whatever
 * character set, so frames are found without reading it. Bytes between frames are ignored, the 0x0D after 0x1C among
 * them; a frame that begins within another means that the first was given up. What follows of a message that was too long
 * is ignored like them.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct mllp {
    struct buf message; /* what has come of it; the caller's from whole on until the next feed */
    bool inside;
    bool skipping; /* what is left of a message that was too long */
};

/* max: bytes of one message. buf_clear(&m->message) ends it. */
void mllp_init(struct mllp *m, size_t max);
/* Takes from *in, at most to the end of a frame; *whole when that was reached. Empty frames count for nothing. E_LIMIT:
 * longer than max; m->message has its beginning, and the next feed looks for the next frame. */
MUST_CHECK enum rc mllp_feed(struct mllp *m, struct str *in, bool *whole);

#define MLLP_START_LEN ((size_t)1)
#define MLLP_END_LEN   ((size_t)2)
void mllp_write(struct buf *out, struct str message);
