#pragma once
/* Lexical forms the metadata uses (ITI TF-3: Table 4.2.3.1.7-2). Arcs are text: they may exceed 64 bits. */

#include <stdbool.h>

bool is_oid(const char *text);          /* digits and dots, two arcs or more, no leading zeros, 64 characters at most */
bool is_oid_urn(const char *text);      /* "urn:oid:" + OID */
bool is_uuid_urn(const char *text);     /* "urn:uuid:" + RFC 4122 in lower case */
bool is_dtm(const char *text);          /* YYYY[MM[DD[hh[mm[ss]]]]], each part in its range */
bool is_sha1(const char *text);         /* 40 hex digits of either case */
bool is_language_tag(const char *text); /* RFC 5646's shape */
bool is_media_type(const char *text);   /* type/subtype */

/* "urn:oid:1.2.3" → "1.2.3" (the same bytes); text without the prefix comes back as it is; NULL stays NULL. */
const char *oid_of_urn(const char *text);
