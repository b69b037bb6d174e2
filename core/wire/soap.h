#pragma once
/*
 * SOAP 1.2 envelopes with WS-Addressing 1.0 (ITI TF-2: Appendix V.3; W3C SOAP 1.2 part 1; W3C WS-Addressing 1.0).
 * Headers we do not understand but must, and broken addressing, become a struct soap_fault for the door to send.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "wire/xml.h"

#include <stdbool.h>

struct arena;

#define SOAP_MEDIA_TYPE       "application/soap+xml"
#define WSA_ANONYMOUS         "http://www.w3.org/2005/08/addressing/anonymous"
#define WSA_NONE              "http://www.w3.org/2005/08/addressing/none"
#define WSA_ACTION_FAULT      "http://www.w3.org/2005/08/addressing/fault"
#define WSA_ACTION_SOAP_FAULT "http://www.w3.org/2005/08/addressing/soap/fault"

enum soap_code { SOAP_SENDER, SOAP_RECEIVER, SOAP_MUST_UNDERSTAND, SOAP_VERSION_MISMATCH };

/* What a fault is about, finer than its codes: a validator's rules are told apart by it. */
enum soap_flaw {
    SOAP_FLAW_NONE, /* nothing of those below: a peer's own */
    SOAP_FLAW_MEDIA_TYPE,
    SOAP_FLAW_BOUNDARY,
    SOAP_FLAW_TYPE,
    SOAP_FLAW_PARTS,
    SOAP_FLAW_ROOT,
    SOAP_FLAW_XML,
    SOAP_FLAW_ENVELOPE,
    SOAP_FLAW_VERSION,
    SOAP_FLAW_BODY,
    SOAP_FLAW_UNDERSTAND,
    SOAP_FLAW_REPEATED,
    SOAP_FLAW_ADDRESS_ABSENT,
    SOAP_FLAW_ACTION_ABSENT,
    SOAP_FLAW_ACTION_MANDATORY,
    SOAP_FLAW_MESSAGE_ID_ABSENT,
    SOAP_FLAW_REPLY_TO_ABSENT,
    SOAP_FLAW_ADDRESS,
    SOAP_FLAW_ACTION_UNKNOWN,
    SOAP_FLAW_PROFILE,
    SOAP_FLAW_BODY_OTHER,
    SOAP_FLAW_PACKAGING,
    SOAP_FLAW_COUNT
};

struct soap_fault {
    enum soap_code code;
    const char *subcode;    /* "wsa:ActionNotSupported" or NULL */
    const char *subsubcode; /* "wsa:InvalidCardinality" or NULL */
    const char *reason;     /* English sentence */
    const char *place;      /* XPath or header name, NULL */
    const char *problem; /* the offending action, header ("wsa:Action"), or header not understood ("{uri}name"); NULL */
    enum soap_flaw flaw;
};

struct soap {
    const char *action;                                   /* wsa:Action, trimmed */
    const char *message_id;                               /* NULL when absent */
    const char *to, *reply_to, *fault_to, *relates_to;    /* addresses; NULL when absent */
    struct xml_node *reply_parameters, *fault_parameters; /* wsa:ReferenceParameters of the two; NULL when absent */
    struct xml_node *envelope, *header, *security;        /* header and security: NULL when absent */
    struct xml_node *body;                                /* the single child of env:Body; NULL in an empty body */
    bool is_fault;                                        /* body is an env:Fault */
};

/* "env:Sender", and the HTTP status of SOAP 1.2 part 2 table 20: 400 for Sender, 500 otherwise. */
const char *soap_code_text(enum soap_code code);
int soap_fault_status(const struct soap_fault *fault);

/*
 * A request. OK; or E_REFUSED with *fault filled: not well-formed (Sender), SOAP 1.1 (VersionMismatch), no Body or not
 * one child, a mustUnderstand header we do not know (MustUnderstand), wsa:Action absent
 * (MessageAddressingHeaderRequired), wsa headers twice (InvalidAddressingHeader/InvalidCardinality), Action not
 * mustUnderstand, ReplyTo or MessageID absent (IHE-WSA101/102, only when strict). On E_REFUSED *out holds what was read
 * (message_id for RelatesTo).
 */
MUST_CHECK enum rc soap_parse_request(struct arena *a, struct str bytes, bool strict, struct soap *out,
                                      struct soap_fault *fault);

/*
 * A response: lenient about headers. A fault in the body is OK with is_fault, and *fault says it (codes as sent).
 * E_SYNTAX when unusable, and fault->reason says why.
 */
MUST_CHECK enum rc soap_parse_response(struct arena *a, struct str bytes, struct soap *out, struct soap_fault *fault);

/*
 * What goes around a body. Response: relates_to the request's id; on a connection of its own also message_id, to, and
 * the ReferenceParameters of the endpoint reference it goes to (WS-Addressing 1.0 Core 3.3, 3.4).
 */
struct soap_headers {
    const char *action, *message_id, *to, *reply_to, *relates_to;
    const struct xml_node *parameters; /* wsa:ReferenceParameters; NULL */
    struct str more;                   /* headers of other specifications, as XML; may be empty */
};

/* Everything before the body's child and everything behind it, so that a body is never copied. */
void soap_write_head(struct buf *out, const struct soap_headers *h);
void soap_write_tail(struct buf *out);
/* The whole envelope of a fault: action by the kind of subcode (WS-Addressing SOAP binding 6), RelatesTo when known. */
void soap_write_fault(struct buf *out, const struct soap_fault *fault, const char *relates_to);
/* The same with more headers; their action counts for nothing. */
void soap_write_fault_with(struct buf *out, const struct soap_fault *fault, const struct soap_headers *h);
