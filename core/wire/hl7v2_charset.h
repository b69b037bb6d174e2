#pragma once
/*
 * The character sets of HL7 v2 messages as MSH-18 declares them (table 0211), to and from UTF-8: ASCII, ISO 2022 with
 * the Japanese sets (JIS X 0201, 0208, 0212), ISO 8859-1 and UTF-8. Strict both ways: what a declared set does not hold
 * is an error, never another character.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

/* Sets that a message may use, beside ASCII. */
enum { CHARSET_KATAKANA = 1, CHARSET_KANJI = 2, CHARSET_SUPPLEMENT = 4, CHARSET_LATIN_1 = 8, CHARSET_UTF_8 = 16 };

/* One repetition of MSH-18 joins *sets; empty is ASCII. E_NOT_FOUND when we do not speak it. */
MUST_CHECK enum rc charset_declare(struct str name, unsigned *sets);
/* "ASCII, ISO IR13 …": what can be declared. */
const char *charset_names(struct arena *a);

/* The length of the escape sequence at bytes, whether it begins a two-byte set; 0 when there is none. For looking at a
 * message before its sets are known. */
size_t charset_escape(struct str bytes, bool *two_bytes);

/* E_SYNTAX: *why says what cannot be read, and utf8 holds what came before it. */
MUST_CHECK enum rc charset_decode(struct arena *a, unsigned sets, struct str bytes, struct buf *utf8, const char **why);
/* E_REFUSED: *why says what cannot be written, and *at how many bytes of utf8 came before it. */
MUST_CHECK enum rc charset_encode(struct arena *a, unsigned sets, struct str utf8, struct buf *bytes, size_t *at,
                                  const char **why);
