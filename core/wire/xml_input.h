#pragma once
/* Bytes on their way to xml_parse. */

#include "base/rc.h"
#include "base/str.h"

struct arena;

/* No element may have more, whatever the caller allows. */
#define XML_ATTRIBUTES_MAX 1024

/*
 * OK: *s is UTF-8 without byte order mark (in the arena when it was UTF-16) that begins like XML. E_SYNTAX or E_LIMIT:
 * *why says it.
 */
MUST_CHECK enum rc xml_input_check(struct arena *a, struct str *s, const char **why);
