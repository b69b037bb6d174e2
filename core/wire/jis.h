#pragma once
/*
 * UTF-8 into the two Japanese encodings of old formats: ISO-2022-JP as HL7 v2 messages use it (ASCII with JIS X
 * 0208 switched in and out, MSH-18 "~ISO IR87") and CP932, Microsoft's Shift_JIS,
 * as PDF uses it. A character that an encoding lacks becomes its everyday form where it is a variant of one (髙 → 高),
 * otherwise 〓, the geta mark that Japanese printers put for a missing type.
 */

#include "base/rc.h"
#include "base/str.h"

struct arena;
struct buf;
struct jis;

/* The tables, from the system's iconv. Constant afterwards, usable from any thread. E_CONFIG when iconv lacks them. */
MUST_CHECK enum rc jis_new(struct arena *a, const struct jis **out);

/* Begins and ends in ASCII; every ASCII character, so every delimiter of HL7, stands in ASCII. */
void jis_add_iso2022(const struct jis *j, struct buf *out, struct str utf8);
void jis_add_cp932(const struct jis *j, struct buf *out, struct str utf8);
