/* Stored queries (ITI TF-2: 3.18.4.1.2, 3.51.4.1.2). Their good message is FindDocuments of the patient. */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"
#include "msg/stored_query.h"

#define QUERY_       "//rim:AdhocQuery"
#define PARAM_(name) "//rim:Slot[@name='$" name "']"
#define TEXT_(name)  PARAM_(name) "/rim:ValueList/rim:Value"
#define PARAM(name, value)                                                                                             \
    {                                                                                                                  \
        XML_APPEND, QUERY_, SLOT_XML("$" name, value)                                                                  \
    }
#define PATIENT_PARAM "XDSDocumentEntryPatientId"
#define STATUS_PARAM  "XDSDocumentEntryStatus"

#define BOTH "ITI-18 ITI-51"
#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .edits = { __VA_ARGS__ }                                                       \
    }

/* GetDocuments of a document that need not be there. */
#define GET_DOCUMENTS                                                                                                  \
    { XML_SET, QUERY_ "/@id", QUERY_GET_DOCUMENTS }, { XML_REMOVE, "//rim:Slot", NULL },                               \
        PARAM("XDSDocumentEntryUniqueId", "('{$oid}')")
#define GET_DOCUMENTS_EDITS 3

static const struct break_ground two_patients = {
    .steps = { FEED_OTHER, REGISTER_OF_OTHER, { .transaction = "ITI-42" } },
};

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-SQ-001", BOTH, { XML_SET, QUERY_ "/@id", "{$uuid}" }),
    ROW("XDS-SQ-002", "ITI-18", { XML_SET, QUERY_ "/@id", QUERY_FIND_DOCUMENTS_MULTI }),
    ROW("XDS-SQ-002", "ITI-51", { XML_SET, QUERY_ "/@id", QUERY_FIND_DOCUMENTS }),
    ROW("XDS-SQ-003", BOTH, { XML_REMOVE, PARAM_(STATUS_PARAM), NULL }),
    { .rule = "XDS-SQ-004", .transactions = "ITI-18", .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, { XML_REMOVE, "//rim:Slot", NULL } } },
    ROW("XDS-SQ-004", "ITI-51", { XML_REMOVE, PARAM_(PATIENT_PARAM), NULL }),
    { .rule = "XDS-SQ-005", .transactions = "ITI-18", .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, PARAM("XDSDocumentEntryEntryUUID", "('{$uuid}')") } },
    ROW("XDS-SQ-006", "ITI-18", { XML_SET, TEXT_(PATIENT_PARAM), "('{$patient}','OTHER^^^{substring-after($patient, '^^^')}')" }),
    ROW("XDS-SQ-007", BOTH, { XML_TWICE, PARAM_(STATUS_PARAM), NULL }),
    ROW("XDS-SQ-008", BOTH, PARAM("XDSDocumentEntryTypeCode", "('57133-1^^2.16.840.1.113883.6.1'")),
    ROW("XDS-SQ-009", "ITI-18", { XML_SET, TEXT_(PATIENT_PARAM), "{$patient}" }),
    ROW("XDS-SQ-010", BOTH, PARAM("XDSDocumentEntryClassCode", "('57133-1')")),
    ROW("XDS-SQ-011", BOTH, { XML_SET, TEXT_(PATIENT_PARAM), "('{substring-before($patient, '^')}')" }),
    ROW("XDS-SQ-012", BOTH, PARAM("XDSDocumentEntryCreationTimeFrom", "'2026-04-01'")),
    ROW("XDS-SQ-013", BOTH, { XML_SET, TEXT_(STATUS_PARAM), "('Approved')" }),
    ROW("XDS-SQ-014", BOTH, PARAM("MetadataLevel", "3")),
    { .rule = "XDS-SQ-015", .transactions = "ITI-18", .ground = &two_patients, .good = GET_DOCUMENTS_EDITS,
      .edits = { GET_DOCUMENTS, { XML_SET, TEXT_("XDSDocumentEntryUniqueId"),
                                  "('{$m2" DE_UNIQUE "/@value}','{$m3" DE_UNIQUE "/@value}')" } } },
    ROW("XDS-SQ-017", BOTH, { XML_SET, "//query:ResponseOption/@returnType", "Everything" }),
    ROW("XDS-SQ-018", BOTH, { XML_REMOVE, QUERY_, NULL }),
    ROW("XDS-SQ-019", BOTH, { XML_REMOVE, QUERY_ "/@id", NULL }),
    { .rule = "XDS-SQ-016", .transactions = BOTH,
      .why_en = "it depends on how many objects the registry holds and returns (--max-results, --max-references), not on the message",
      .why_ja = "電文ではなく、レジストリの保有数と返す上限 (--max-results, --max-references) による" },
};
/* clang-format on */

BREAK_TABLE(breaks_query, rows);
