/* Documents: how they are provided, retrieved and removed (ITI TF-2: 3.41, 3.43, 3.86), and what removes metadata. */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define PROVIDE  "ITI-41"
#define RETRIEVE "ITI-43 ITI-86"
#define DOCUMENT "//xds:Document"
#define REQUEST  "//xds:DocumentRequest"
#define UNIQUE_2 ID_(DE_ "[2]", "2e82c1f6-a085-4c72-9da3-8640a32e42ab") "/@value"

const struct break_ground break_ground_provided = {
    .steps = { { .transaction = "ITI-41" } },
    .params = { { "document", "{$m1" DE_UNIQUE "/@value}" } },
};
/* Two documents of one length, and two that differ in it */
static const struct break_ground other_octets = {
    .steps = { { .transaction = "ITI-41", .params = { { "content", "first" } } } },
    .params = { { "content", "other" } },
};
static const struct break_ground other_length = {
    .steps = { { .transaction = "ITI-41", .params = { { "content", "first" } } } },
    .params = { { "content", "another" } },
};

/* Another entry with its id and its place in the submission set: $uuid, which needs a Document, too. */
#define SECOND_ENTRY                                                                                                   \
    { XML_TWICE, DE_, NULL },                                                                                          \
        { XML_SET, DE_ "[2]/@id|" DE_ "[2]/*/@classifiedObject|" DE_ "[2]/*/@registryObject", "{$uuid}" },             \
        { XML_APPEND, LIST_,                                                                                           \
          LINK_XML("{$uuid2}", ASSOC_HAS_MEMBER, SS_ID, "{$uuid}", SLOT_XML("SubmissionSetStatus", "Original")) },     \
    {                                                                                                                  \
        XML_APPEND, "/*", "<xds:Document id=\"{$uuid}\">S2FrZWhhc2hp</xds:Document>"                                   \
    }
#define SECOND_ENTRY_EDITS 4

#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .edits = { __VA_ARGS__ }                                                       \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-PNR-001", PROVIDE, { XML_REMOVE, "//lcm:SubmitObjectsRequest", NULL }),
    ROW("XDS-PNR-002", PROVIDE " ITI-42 ITI-61 ITI-57 ITI-92", { XML_REMOVE, LIST_, NULL }),
    ROW("XDS-PNR-003", PROVIDE, { XML_REMOVE, DOCUMENT "/@id", NULL }),
    ROW("XDS-PNR-004", PROVIDE, { XML_APPEND, "/*", "<xds:Document id=\"{$uuid}\">S2FrZWhhc2hp</xds:Document>" }),
    ROW("XDS-PNR-005", PROVIDE, { XML_REMOVE, DOCUMENT, NULL }),
    ROW("XDS-PNR-006", PROVIDE, { XML_TWICE, DOCUMENT, NULL }),
    ROW("XDS-PNR-007", PROVIDE, { XML_REMOVE, "//xop:Include", NULL }),
    ROW("XDS-PNR-008", PROVIDE, { XML_PREPEND, DE_, SLOT_XML("hash", "0000000000000000000000000000000000000000") }),
    ROW("XDS-PNR-009", PROVIDE, { XML_PREPEND, DE_, SLOT_XML("size", "1") }),
    ROW("XDS-PNR-010", PROVIDE, { XML_REMOVE, DE_UNIQUE, NULL }),
    ROW("XDS-PNR-011", PROVIDE, { XML_SET, DE_ "/@mimeType", "xml" }),
    ROW("XDS-PNR-012", PROVIDE, { XML_TWICE, DE_, NULL }, { XML_SET, UNIQUE_2, "{$oid}" }),
    { .rule = "XDS-PNR-013", .transactions = PROVIDE, .good = SECOND_ENTRY_EDITS + 1,
      .edits = { SECOND_ENTRY, { XML_SET, UNIQUE_2, "{$oid}" }, { XML_SET, UNIQUE_2, "{" DE_UNIQUE "/@value}" } } },
    { .rule = "XDS-PNR-014", .transactions = PROVIDE, .ground = &other_length,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" DE_UNIQUE "/@value}" } } },
    { .rule = "XDS-PNR-015", .transactions = PROVIDE, .ground = &other_octets,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" DE_UNIQUE "/@value}" } } },

    ROW("XDS-RET-001", RETRIEVE, { XML_REMOVE, REQUEST, NULL }),
    ROW("XDS-RET-002", RETRIEVE, { XML_REMOVE, REQUEST "/xds:RepositoryUniqueId", NULL }),
    ROW("XDS-RET-003", RETRIEVE, { XML_PREPEND, REQUEST, "<xds:HomeCommunityId>urn:oid:2.999.0</xds:HomeCommunityId>" }),
    ROW("XDS-RET-004", RETRIEVE, { XML_SET, REQUEST "/xds:RepositoryUniqueId", "2.999.0" }),
    ROW("XDS-RET-005", RETRIEVE, { XML_SET, REQUEST "/xds:DocumentUniqueId", "{$oid}" }),

    ROW("XDS-RM-004", "ITI-62", { XML_REMOVE, "//rim:ObjectRefList", NULL }, { XML_APPEND, "/*", "<rim:AdhocQuery id=\"{$uuid}\"/>" }),
    ROW("XDS-RM-005", "ITI-62", { XML_SET, "/*/@deletionScope", "urn:oasis:names:tc:ebxml-regrep:DeletionScopeType:DeleteRepositoryItemOnly" }),
    ROW("XDS-RM-006", "ITI-62", { XML_REMOVE, "//rim:ObjectRef[1]/@id", NULL }),
    ROW("XDS-RM-007", "ITI-62", { XML_REMOVE, "//rim:ObjectRef", NULL }),
};
/* clang-format on */

BREAK_TABLE(breaks_document, rows);
