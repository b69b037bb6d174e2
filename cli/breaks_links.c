/* Associations of a submission (ITI TF-3: 4.2.2; ITI TF-2: 3.42.4.1.3.5). */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define ANY "ITI-42 ITI-41 ITI-61"

#define ROW(id, ...)                                                                                                   \
    {                                                                                                                  \
        .rule = id, .transactions = ANY, .edits = { __VA_ARGS__ }                                                      \
    }
#define ON(id, of, base, ...)                                                                                          \
    {                                                                                                                  \
        .rule = id, .transactions = of, .ground = &(base), .edits = { __VA_ARGS__ }                                    \
    }

/* A document is registered; it is replaced; it is transformed; a document of another patient is registered. */
static const struct break_ground registered = { .steps = { { .transaction = "ITI-42" } } };
static const struct break_ground replaced = {
    .steps = { { .transaction = "ITI-42" },
               { .transaction = "ITI-42", .edits = { RELATED(ASSOC_RPLC, DE_ID, M("1", DE_), "") } } },
};
static const struct break_ground transformed = {
    .steps = { { .transaction = "ITI-42" },
               { .transaction = "ITI-42", .edits = { RELATED(ASSOC_XFRM, DE_ID, M("1", DE_), "") } } },
};
static const struct break_ground of_another = {
    .steps = { FEED_OTHER, REGISTER_OF_OTHER },
};

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-AS-001", RELATED("urn:ihe:iti:2007:AssociationType:NoSuchType", DE_ID, DE_ID, "")),
    ROW("XDS-AS-002", { XML_APPEND, LIST_, LINK_XML("{$uuid2}", ASSOC_HAS_MEMBER, "{$uuid}", DE_ID, "") LINK_XML("{$uuid3}", ASSOC_HAS_MEMBER, SS_ID, "{$uuid2}", "") }),
    ROW("XDS-AS-003", { XML_APPEND, LIST_, LINK_XML("a member", ASSOC_HAS_MEMBER, SS_ID, "{$uuid}", SLOT_XML("SubmissionSetStatus", "Reference")) }),
    ROW("XDS-AS-004", { XML_APPEND, LIST_, LINK_XML("a member", ASSOC_HAS_MEMBER, DE_ID, DE_ID, "") }),
    ON("XDS-AS-005", ANY, registered, { XML_APPEND, LIST_, LINK_XML("{$uuid2}", ASSOC_HAS_MEMBER, M("1", SS_), DE_ID, "") LINK_XML("{$uuid3}", ASSOC_HAS_MEMBER, SS_ID, "{$uuid2}", "") }),
    ROW("XDS-AS-006", { XML_SET, VALUE_(DOCUMENT_LINK_, "SubmissionSetStatus"), "Copy" }),
    ON("XDS-AS-007", ANY, registered, { XML_APPEND, LIST_, LINK_XML("a member", ASSOC_HAS_MEMBER, SS_ID, M("1", DE_), SLOT_XML("SubmissionSetStatus", "Original")) }),
    ROW("XDS-AS-008", { XML_SET, VALUE_(DOCUMENT_LINK_, "SubmissionSetStatus"), "Reference" }),
    ROW("XDS-AS-009", { XML_APPEND, DOCUMENT_LINK_, CODE_XML("a documentation", "abd807a3-4432-4053-87b4-fd82c643d1f3", "{" DOCUMENT_LINK_ "/@id}", "LA", "1.2.3") }),
    ON("XDS-AS-010", ANY, registered, RELATED(ASSOC_APND, M("1", DE_), M("1", DE_), "")),
    ON("XDS-AS-011", ANY, registered, RELATED(ASSOC_RPLC, DE_ID, M("1", SS_), "")),
    ON("XDS-AS-012", ANY, replaced, RELATED(ASSOC_XFRM, DE_ID, M("1", DE_), "")),
    ON("XDS-AS-013", ANY, of_another, RELATED(ASSOC_XFRM, DE_ID, M("2", DE_), "")),
    ON("XDS-AS-014", "ITI-42", registered, RELATED(ASSOC_IS_SNAPSHOT, DE_ID, M("1", DE_), "")),
    ON("XDS-AS-015", ANY, transformed, RELATED(ASSOC_APND, DE_ID, M("2", DE_), "")),
    { .rule = "XDS-AS-016", .transactions = ANY, .ground = &replaced, .good = WITH_FOLDER_EDITS,
      .edits = { WITH_FOLDER, IN_FOLDER(M("1", DE_)) } },
    { .rule = "XDS-AS-017", .transactions = ANY, .ground = &of_another, .good = WITH_FOLDER_EDITS,
      .edits = { WITH_FOLDER, IN_FOLDER(M("2", DE_)) } },
    { .rule = "XDS-CODE-004", .transactions = ANY, .ground = &registered, .good = 1,
      .edits = { RELATED(ASSOC_XFRM, DE_ID, M("1", DE_), ""),
                 { XML_APPEND, "//rim:Association[@id='a relationship']",
                   CODE_XML("a documentation", "abd807a3-4432-4053-87b4-fd82c643d1f3", "a relationship", "no-such-reason", "1.2.3") } } },
};
/* clang-format on */

BREAK_TABLE(breaks_links, rows);
