#pragma once
/*
 * What xds:Document holds, in ITI-41 requests and ITI-43 responses alike: a reference to a part of the MTOM package, or
 * the octets as base64 (XOP 1.0; ITI TF-2: Appendix V.8).
 */

#include "base/rc.h"
#include "base/str.h"
#include "wire/xml.h"

struct arena;

struct document_content {
    const char *href;        /* "cid:…"; NULL when inline */
    struct str inline_bytes; /* decoded; in the arena */
};

/* E_SYNTAX with *why a sentence: an Include without a cid:, or beside other content, or text that is no base64. */
MUST_CHECK enum rc document_content_decode(struct arena *a, const struct xml_node *document,
                                           struct document_content *out, const char **why);
/* As the content of the element that is open. Declares the prefix xop itself. */
void document_content_write(struct xml_writer *w, const struct document_content *content);
