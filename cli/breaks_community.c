/* Between communities: queries, retrieval, documents, updates and discovery through gateways (ITI TF-2: 3.38, 3.39,
 * ...). */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"
#include "msg/stored_query.h"

#define QUERY_     "//rim:AdhocQuery"
#define PATIENT_   "//rim:Slot[@name='$XDSDocumentEntryPatientId']"
#define VALUE_OF_  PATIENT_ "/rim:ValueList/rim:Value"
#define REQUEST    "//xds:DocumentRequest"
#define NOWHERE    "urn:oid:2.999.0"
#define INITIATING "initiating-gateway"
#define RESPONDING "responding-gateway"

/* GetDocuments of this community, which says so. */
#define GET_DOCUMENTS                                                                                                  \
    { XML_SET, QUERY_ "/@id", QUERY_GET_DOCUMENTS }, { XML_REMOVE, "//rim:Slot", NULL },                               \
        { XML_APPEND, QUERY_, SLOT_XML("$XDSDocumentEntryUniqueId", "('{$oid}')") },                                   \
    {                                                                                                                  \
        XML_SET, QUERY_ "/@home", "{$home}"                                                                            \
    }
#define GET_DOCUMENTS_EDITS 4

static const struct break_ground at_home = {
    .steps = { { .transaction = "ITI-41" } },
    .params = { { "document", "{$m1" DE_UNIQUE "/@value}" }, { "home", "{$home}" } },
};
static const struct break_ground for_home = { .params = { { "home", "{$home}" } } };
static const struct break_ground version_at_home = {
    .steps = { { .transaction = "ITI-42" } },
    .params = { { "logical", M("1", DE_) }, { "document", "{$m1" DE_UNIQUE "/@value}" }, { "version", "1" } },
};

/* A patient of whom nothing is registered but a document that can be had */
const struct break_ground break_ground_fetch = {
    .steps = { FEED_OTHER, { .transaction = "ITI-41", .params = { { "patient", "{$other}" } } } },
    .params = { { "patient", "{$other}" } },
};

#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .edits = { __VA_ARGS__ }                                                       \
    }
#define AT(id, of, actor, base, ...)                                                                                   \
    {                                                                                                                  \
        .rule = id, .transactions = of, .at = actor, .ground = &(base), .edits = { __VA_ARGS__ }                       \
    }

/* At an Initiating Gateway, which has to understand whom a query is about before it asks others */
#define ASKED(id, ...)                                                                                                 \
    {                                                                                                                  \
        .rule = id, .transactions = "ITI-18", .at = INITIATING, .edits = { __VA_ARGS__ }                               \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XCA-001", "ITI-38", { XML_SET, QUERY_ "/@id", "{$uuid}" }),
    { .rule = "XCA-002", .transactions = "ITI-38", .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, { XML_REMOVE, QUERY_ "/@home", NULL } } },
    { .rule = "XCA-002", .transactions = "ITI-18", .at = INITIATING, .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, { XML_REMOVE, QUERY_ "/@home", NULL } } },
    ROW("XCA-003", "ITI-38 ITI-63", { XML_SET, QUERY_ "/@home", NOWHERE }),
    { .rule = "XCA-004", .transactions = "ITI-18", .at = INITIATING, .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, { XML_SET, QUERY_ "/@home", NOWHERE } } },
    ASKED("XCA-005", { XML_SET, VALUE_OF_, "'{substring-before($patient, '^')}'" }),
    ASKED("XCA-006", { XML_TWICE, PATIENT_, NULL }),
    ASKED("XCA-007", { XML_REMOVE, PATIENT_, NULL }),
    ASKED("XCA-008", { XML_SET, VALUE_OF_, "{$patient}" }),
    ROW("XCA-009", "ITI-39", { XML_REMOVE, REQUEST "/xds:HomeCommunityId", NULL }),
    AT("XCA-009", "ITI-43", INITIATING, at_home, { XML_REMOVE, REQUEST "/xds:HomeCommunityId", NULL }),
    ROW("XCA-010", "ITI-39", { XML_SET, REQUEST "/xds:HomeCommunityId", NOWHERE }),
    AT("XCA-011", "ITI-43", INITIATING, at_home, { XML_SET, REQUEST "/xds:HomeCommunityId", NOWHERE }),
    ROW("XCA-012", "ITI-39", { XML_SET, REQUEST "/xds:RepositoryUniqueId", "2.999.0" }),
    AT("XCA-013", "ITI-92", RESPONDING, version_at_home, { XML_SET, DE_ "/@home", NOWHERE }),

    ROW("XCF-001", "ITI-63", { XML_SET, QUERY_ "/@id", QUERY_FIND_DOCUMENTS }),
    ROW("XCF-002", "ITI-63", { XML_SET, "//query:ResponseOption/@returnType", "LeafClass" }),

    ROW("XCDR-001", "ITI-80", { XML_REMOVE, SS_ "/@home", NULL }),
    AT("XCDR-001", "ITI-41", INITIATING, for_home, { XML_REMOVE, SS_ "/@home", NULL }),
    ROW("XCDR-002", "ITI-80", { XML_SET, SS_ "/@home", NOWHERE }),
    AT("XCDR-002", "ITI-41", INITIATING, for_home, { XML_SET, SS_ "/@home", NOWHERE }),
    ROW("XCDR-003", "ITI-80", { XML_SET, SS_ "/@home", "{$elsewhere}" }),
    ROW("XCDR-004", "ITI-80", { XML_PREPEND, SS_, SLOT_XML("intendedRecipient", "Nobody^^^^^^^^^2.999.0|") }),

    ROW("XCPD-001", "ITI-55", { XML_REMOVE, "//hl7:livingSubjectName", NULL }),
    ROW("XCPD-002", "ITI-55-deferred", { XML_SET, "//hl7:responsePriorityCode/@code", "I" }),
    ROW("XCPD-003", "ITI-55-deferred", { XML_REMOVE, "//hl7:respondTo", NULL }),
    { .rule = "XCPD-004", .transactions = "ITI-55-deferred",
      .why_en = "its refusal goes to the very address that is refused, where this client does not listen",
      .why_ja = "拒否の応答は、拒否の理由となったアドレスに送られ、このクライアントには届かない" },
    { .rule = "XCPD-005", .transactions = "ITI-55-deferred",
      .why_en = "it is a rule of answers to a deferred discovery, which this client does not send",
      .why_ja = "このクライアントが送らない、後から届く応答の規則である" },
    ROW("XCPD-006", "ITI-56", { XML_REMOVE, "//xcpd:RequestedPatientId/@extension", NULL }),
    ROW("XCPD-007", "ITI-56", { XML_SET, "//xcpd:RequestedPatientId/@root", "2.999.0" }),
    ROW("XCPD-008", "ITI-56", { XML_SET, "//xcpd:RequestedPatientId/@extension", "NOBODY" }),
};
/* clang-format on */

BREAK_TABLE(breaks_community, rows);
