#pragma once
/* UTF-8 (RFC 3629): what the writers check and what UTF-16 input becomes. */

#include "base/rc.h"
#include "base/str.h"

#include <stddef.h>

struct arena;

/* Bytes of the well-formed character (1 to 4) that begins at text, of which n > 0 bytes are there; 0 when it is none.
 */
size_t utf8_length(const char *text, size_t n);

enum utf16_order { UTF16_LITTLE, UTF16_BIG };

/* E_SYNTAX on an odd byte or half a surrogate pair. No byte order mark is looked for. The result is in the arena. */
MUST_CHECK enum rc utf8_from_utf16(struct arena *a, struct str bytes, enum utf16_order order, struct str *out);
