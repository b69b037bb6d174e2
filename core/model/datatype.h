#pragma once
/*
 * The HL7 v2 data types that metadata borrows, in their XDS profile (ITI TF-3: Table 4.2.3.1.7-2). Lengths are not
 * judged, escape sequences (\T\ …) are let pass.
 */

#include <stdbool.h>

struct arena;

bool is_cx(const char *text);           /* "ID^^^&OID&ISO" */
bool is_cxi(const char *text);          /* "ID^^^&OID&ISO^typeURN"; the authority may be absent */
bool is_xcn(const char *text);          /* a person: an id or a family name, an authority only with an id */
bool is_xon(const char *text);          /* an organisation: a name, an authority with an id that is no OID */
bool is_xtn(const char *text);          /* a telephone number or an e-mail address */
bool is_coded_string(const char *text); /* plain text, or "Code^^^&OID&ISO" */
bool is_recipient(const char *text);    /* "XON|XCN|XTN", one of them at least */
bool is_pid_field(const char *text);    /* "PID-n|value" */
bool is_unique_id(const char *text);    /* of a document: OID, OID^extension, or a URI */
bool is_uri(const char *text);          /* the characters of RFC 3986 */

/*
 * The n-th piece, from 1, of a text between separators: a component ('^'), a subcomponent ('&'), a part of a recipient
 * ('|'). In the arena; NULL: there are fewer, it is empty, or text is NULL.
 */
const char *datatype_piece(struct arena *a, const char *text, char separator, int n);
