/* Envelopes, addressing and packages, of every SOAP transaction (ITI TF-2: Appendix V; SOAP 1.2; WS-Addressing; XOP).
 */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define SIMPLE                                                                                                         \
    "ITI-42 ITI-61 ITI-57 ITI-92 ITI-62 ITI-18 ITI-51 ITI-38 ITI-44 ITI-44-merge ITI-45 ITI-47 ITI-55 "                \
    "ITI-55-deferred ITI-56 ITI-86"
#define MTOM "ITI-41 ITI-80 ITI-43 ITI-39 ITI-63 RAD-68 RAD-69 RAD-75"
#define ANY  SIMPLE " " MTOM

#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .edits = { __VA_ARGS__ }                                                       \
    }
#define ENVELOPE(id, of, ...)                                                                                          \
    {                                                                                                                  \
        .rule = id, .transactions = of, .envelope = { __VA_ARGS__ }                                                    \
    }
#define PACKAGE(id, of, ...)                                                                                           \
    {                                                                                                                  \
        .rule = id, .transactions = of, .package = { __VA_ARGS__ }                                                     \
    }

#define TYPE(some) "multipart/related; " some "; start=\"<root@kakehashi>\"; start-info=\"application/soap+xml\""
#define SOAP_1_1                                                                                                       \
    "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><nothing xmlns=\"\"/></Body></Envelope>"

/* clang-format off */
static const struct break_row rows[] = {
    PACKAGE("SOAP-001", ANY, .content_type = "text/plain"),
    PACKAGE("SOAP-002", ANY, .text = "<env:Envelope"),
    ENVELOPE("SOAP-003", ANY, { XML_RENAME, "/*", "Letter" }),
    PACKAGE("SOAP-004", ANY, .text = SOAP_1_1),
    ENVELOPE("SOAP-005", ANY, { XML_TWICE, "//env:Body/*", NULL }),
    ENVELOPE("SOAP-006", ANY, { XML_APPEND, "//env:Header", "<x:Priority xmlns:x=\"urn:example\" env:mustUnderstand=\"1\">high</x:Priority>" }),
    ROW("SOAP-007", ANY, { XML_RENAME, "/*", "Another" }),
    PACKAGE("SOAP-008", ANY, .is_other = true),

    ENVELOPE("WSA-001", ANY, { XML_REMOVE, "//wsa:Action", NULL }),
    ENVELOPE("WSA-002", ANY, { XML_REMOVE, "//wsa:Action/@env:mustUnderstand", NULL }),
    ENVELOPE("WSA-003", ANY, { XML_SET, "//wsa:Action", "urn:example:no-such-action" }),
    ENVELOPE("WSA-004", ANY, { XML_REMOVE, "//wsa:MessageID", NULL }),
    ENVELOPE("WSA-005", ANY, { XML_REMOVE, "//wsa:ReplyTo", NULL }),
    ENVELOPE("WSA-006", ANY, { XML_TWICE, "//wsa:MessageID", NULL }),
    ENVELOPE("WSA-007", ANY, { XML_REMOVE, "//wsa:ReplyTo/wsa:Address", NULL }),
    ENVELOPE("WSA-008", ANY, { XML_SET, "//wsa:ReplyTo/wsa:Address", "mailto:nobody@example.org" }),

    PACKAGE("MTOM-001", MTOM, .content_type = TYPE("type=\"application/xop+xml\"")),
    PACKAGE("MTOM-002", MTOM, .content_type = TYPE("boundary=\"b\"; type=\"text/xml\"")),
    PACKAGE("MTOM-003", MTOM, .boundary = "another-boundary"),
    PACKAGE("MTOM-004", MTOM, .content_type = TYPE("boundary=\"b\"; type=\"application/xop+xml\""), .text = "--b--\r\n", .is_other = true),
    ROW("MTOM-005", "ITI-41 ITI-80 RAD-68", { XML_SET, "//xop:Include/@href", "cid:nobody@kakehashi" }),
    ROW("MTOM-006", "ITI-41 ITI-80 RAD-68", { XML_SET, "//xds:Document", "this is no base64!" }),
};
/* clang-format on */

BREAK_TABLE(breaks_soap, rows);
