/*
 * Updates and removal (ITI TF-2: 3.57, 3.92, 3.62). Their good messages name what is registered: a new version of a
 * document, a change of status, an association that is submitted, a removal of a whole submission.
 */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define UPDATE "ITI-57"
#define BOTH   "ITI-57 ITI-92"

/* What the new version is of: a document of the ground. */
#define VERSION_OF(n)                                                                                                  \
    { "logical", M(n, DE_) }, { "document", "{$m" n DE_UNIQUE "/@value}" },                                            \
    {                                                                                                                  \
        "version", "1"                                                                                                 \
    }

const struct break_ground break_ground_update = { .steps = { { .transaction = "ITI-42" } },
                                                  .params = { VERSION_OF("1") } };
static const struct break_ground with_folder = { .steps = { { .transaction = "ITI-42", .edits = { WITH_FOLDER } } },
                                                 .params = { VERSION_OF("1") } };
static const struct break_ground two = { .steps = { { .transaction = "ITI-42" }, { .transaction = "ITI-42" } },
                                         .params = { VERSION_OF("1") } };
static const struct break_ground related = {
    .steps = { { .transaction = "ITI-42" },
               { .transaction = "ITI-42", .edits = { RELATED(ASSOC_XFRM, DE_ID, M("1", DE_), "") } } },
    .params = { VERSION_OF("1") },
};
static const struct break_ground replaced = {
    .steps = { { .transaction = "ITI-42" },
               { .transaction = "ITI-42" },
               { .transaction = "ITI-42", .edits = { RELATED(ASSOC_RPLC, DE_ID, M("2", DE_), "") } } },
    .params = { VERSION_OF("1") },
};
static const struct break_ground updated = {
    .steps = { { .transaction = "ITI-42" }, { .transaction = "ITI-57", .params = { VERSION_OF("1") } } },
    .params = { { "logical", M("1", DE_) }, { "document", "{$m1" DE_UNIQUE "/@value}" }, { "version", "2" } },
};
static const struct break_ground of_another = {
    .steps = { FEED_OTHER, REGISTER_OF_OTHER, { .transaction = "ITI-42" } },
    .params = { VERSION_OF("3") },
};
const struct break_ground break_ground_removal = {
    .steps = { { .transaction = "ITI-42" } },
    .params = { { "entry", M("1", SS_) }, { "entry", M("1", DE_) }, { "entry", M("1", "//rim:Association") } },
};

/* ---- edits that leave an update good ---- */

#define NO_VERSION                                                                                                     \
    {                                                                                                                  \
        XML_REMOVE, DE_ "|" DOCUMENT_LINK_, NULL                                                                       \
    }
#define STATUS_OF(target)                                                                                              \
    NO_VERSION,                                                                                                        \
    {                                                                                                                  \
        XML_APPEND, LIST_,                                                                                             \
            LINK_XML("a change", ASSOC_UPDATE_STATUS, SS_ID, target,                                                   \
                     SLOT_XML("OriginalStatus", STATUS_APPROVED) SLOT_XML("NewStatus", STATUS_DEPRECATED))             \
    }
#define STATUS_EDITS 2
#define SUBMITTED(type, source, target)                                                                                \
    RELATED(type, source, target, ""),                                                                                 \
    {                                                                                                                  \
        XML_APPEND, LIST_, LINK_XML("a submission", ASSOC_SUBMIT, SS_ID, "a relationship", "")                         \
    }
#define SUBMITTED_EDITS 2

/* Which of the two says what the version follows? */
#define LINKED_TWICE                                                                                                   \
    { XML_TWICE, DOCUMENT_LINK_, NULL },                                                                               \
    {                                                                                                                  \
        XML_SET, "(" DOCUMENT_LINK_ ")[2]/@id", "{$uuid}"                                                              \
    }

#define CHANGE      "//rim:Association[@id='a change']"
#define RELATION    "//rim:Association[@id='a relationship']"
#define FOLLOWS_XML SLOT_XML("PreviousVersion", "1")

#define ROW(id, of, base, ...)                                                                                         \
    {                                                                                                                  \
        .rule = id, .transactions = of, .ground = &(base), .edits = { __VA_ARGS__ }                                    \
    }
#define GOOD(id, of, base, n, ...)                                                                                     \
    {                                                                                                                  \
        .rule = id, .transactions = of, .ground = &(base), .good = n, .edits = { __VA_ARGS__ }                         \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-MU-001", UPDATE, break_ground_update, { XML_REMOVE, DE_ "/@lid", NULL }),
    ROW("XDS-MU-002", BOTH, break_ground_update, { XML_SET, DE_ "/@lid", "{translate(" DE_ "/@lid, '0123456789', 'ABCDEFABCD')}" }),
    ROW("XDS-MU-003", UPDATE, break_ground_update, LINKED_TWICE),
    ROW("XDS-MU-004", UPDATE, break_ground_update, { XML_REMOVE, SLOT_(DOCUMENT_LINK_, "PreviousVersion"), NULL }),
    ROW("XDS-MU-005", UPDATE, break_ground_update, { XML_APPEND, DOCUMENT_LINK_, SLOT_XML("AssociationPropagation", "maybe") }),
    ROW("XDS-MU-006", BOTH, break_ground_update,
        { XML_TWICE, DE_, NULL }, { XML_SET, DE_ "[2]/@id|" DE_ "[2]/*/@classifiedObject|" DE_ "[2]/*/@registryObject", "{$uuid}" },
        { XML_SET, ID_(DE_ "[2]", "2e82c1f6-a085-4c72-9da3-8640a32e42ab") "/@value", "{$oid}" },
        { XML_APPEND, LIST_, LINK_XML("{$uuid2}", ASSOC_HAS_MEMBER, SS_ID, "{$uuid}", SLOT_XML("SubmissionSetStatus", "Original") FOLLOWS_XML) }),
    ROW("XDS-MU-007", BOTH, break_ground_update, { XML_SET, DE_ "/@lid", "{$uuid}" }),
    ROW("XDS-MU-008", BOTH, break_ground_update, { XML_SET, VALUE_(DOCUMENT_LINK_, "PreviousVersion"), "7" }),
    ROW("XDS-MU-009", UPDATE, with_folder, { XML_SET, DE_ "/@lid", M("1", FD_) }),
    ROW("XDS-MU-010", UPDATE, break_ground_update, { XML_SET, DE_UNIQUE "/@value", "{$oid}" }),
    ROW("XDS-MU-011", UPDATE, break_ground_update, { XML_SET, DE_ "/@objectType", TYPE_ON_DEMAND_DOCUMENT },
        { XML_REMOVE, SLOT_(DE_, "creationTime") "|" SLOT_(DE_, "hash") "|" SLOT_(DE_, "size"), NULL }),
    ROW("XDS-MU-012", UPDATE, break_ground_update, { XML_APPEND, LIST_, LINK_XML("{$uuid}", ASSOC_HAS_MEMBER, SS_ID, M("1", DE_), SLOT_XML("SubmissionSetStatus", "Reference")) }),
    GOOD("XDS-MU-013", UPDATE, break_ground_update, STATUS_EDITS, STATUS_OF(M("1", DE_)), { XML_REMOVE, SLOT_(CHANGE, "NewStatus"), NULL }),
    GOOD("XDS-MU-014", UPDATE, break_ground_update, STATUS_EDITS, STATUS_OF(M("1", DE_)),
        { XML_SET, VALUE_(CHANGE, "OriginalStatus"), STATUS_DEPRECATED }, { XML_SET, VALUE_(CHANGE, "NewStatus"), STATUS_APPROVED }),
    GOOD("XDS-MU-015", UPDATE, updated, STATUS_EDITS, STATUS_OF(M("2", DE_)), { XML_SET, CHANGE "/@targetObject", M("1", DE_) },
        { XML_SET, VALUE_(CHANGE, "OriginalStatus"), STATUS_DEPRECATED }, { XML_SET, VALUE_(CHANGE, "NewStatus"), STATUS_APPROVED }),
    GOOD("XDS-MU-016", UPDATE, break_ground_update, STATUS_EDITS, STATUS_OF(M("1", DE_)), { XML_SET, CHANGE "/@targetObject", M("1", SS_) }),
    GOOD("XDS-MU-017", UPDATE, two, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("2", DE_), M("1", DE_)),
        { XML_APPEND, LIST_, LINK_XML("{$uuid}", ASSOC_SUBMIT, SS_ID, M("1", DE_), "") }),
    GOOD("XDS-MU-018", UPDATE, two, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("2", DE_), M("1", DE_)),
        { XML_REMOVE, "//rim:Association[@id='a submission']", NULL }),
    GOOD("XDS-MU-019", UPDATE, two, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("2", DE_), M("1", DE_)),
        { XML_SET, RELATION "/@targetObject", "{$uuid}" }),
    GOOD("XDS-MU-020", UPDATE, two, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("2", DE_), M("1", DE_)),
        { XML_SET, RELATION "/@targetObject", M("1", SS_) }),
    GOOD("XDS-MU-021", UPDATE, replaced, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("3", DE_), M("1", DE_)),
        { XML_SET, RELATION "/@targetObject", M("2", DE_) }),
    GOOD("XDS-MU-022", UPDATE, related, SUBMITTED_EDITS + 1, NO_VERSION, SUBMITTED(ASSOC_SIGNS, M("2", DE_), M("1", DE_)),
        { XML_SET, RELATION "/@associationType", ASSOC_XFRM }),
    GOOD("XDS-MU-023", UPDATE, two, SUBMITTED_EDITS + 1, { XML_APPEND, DOCUMENT_LINK_, SLOT_XML("AssociationPropagation", "no") },
        SUBMITTED(ASSOC_XFRM, DE_ID, M("2", DE_)), { XML_SET, VALUE_(DOCUMENT_LINK_, "AssociationPropagation"), "yes" }),
    ROW("XDS-MU-024", UPDATE, of_another, NO_VERSION, SUBMITTED(ASSOC_XFRM, M("3", DE_), M("2", DE_))),
    ROW("XDS-MU-025", UPDATE, break_ground_update, NO_VERSION),

    ROW("XDS-RMU-001", "ITI-92", break_ground_update, { XML_REMOVE, DE_ "/@lid", NULL }),
    ROW("XDS-RMU-002", "ITI-92", break_ground_update, LINKED_TWICE),
    ROW("XDS-RMU-003", "ITI-92", break_ground_update, { XML_REMOVE, SLOT_(DOCUMENT_LINK_, "PreviousVersion"), NULL }),
    ROW("XDS-RMU-004", "ITI-92", break_ground_update, { XML_APPEND, DOCUMENT_LINK_, SLOT_XML("AssociationPropagation", "maybe") }),
    ROW("XDS-RMU-005", "ITI-92", with_folder, WITH_FOLDER, { XML_SET, FD_ "/@lid", M("1", FD_) },
        { XML_SET, FD_UNIQUE "/@value", "{$m1" FD_UNIQUE "/@value}" },
        { XML_APPEND, "//rim:Association[@id='a member']", FOLLOWS_XML }),
    ROW("XDS-RMU-006", "ITI-92", with_folder, { XML_SET, DE_ "/@lid", M("1", FD_) }),
    ROW("XDS-RMU-007", "ITI-92", break_ground_update, { XML_SET, DE_ "/@objectType", TYPE_ON_DEMAND_DOCUMENT },
        { XML_REMOVE, SLOT_(DE_, "creationTime") "|" SLOT_(DE_, "hash") "|" SLOT_(DE_, "size"), NULL }),
    ROW("XDS-RMU-008", "ITI-92", break_ground_update, { XML_SET, DE_UNIQUE "/@value", "{$oid}" }),
    ROW("XDS-RMU-009", "ITI-92", of_another, { XML_SET, PATIENTS_, "{$other}" }),
    ROW("XDS-RMU-010", "ITI-92", break_ground_update, { XML_SET, VALUE_(DE_, "sourcePatientId"), "ANOTHER^^^{substring-after($patient, '^^^')}" }),
    ROW("XDS-RMU-011", "ITI-92", break_ground_update,
        { XML_APPEND, LIST_, LINK_XML("{$uuid}", ASSOC_UPDATE_STATUS, SS_ID, M("1", DE_), SLOT_XML("OriginalStatus", STATUS_APPROVED) SLOT_XML("NewStatus", STATUS_DEPRECATED)) }),
    ROW("XDS-RMU-012", "ITI-92", break_ground_update, { XML_APPEND, LIST_, LINK_XML("{$uuid}", ASSOC_SUBMIT, SS_ID, M("1", DE_), "") }),
    ROW("XDS-RMU-013", "ITI-92", break_ground_update, { XML_SET, VALUE_(DE_, "hash"), "0000000000000000000000000000000000000000" }),

    ROW("XDS-RM-001", "ITI-62", break_ground_removal, { XML_SET, "//rim:ObjectRef[3]/@id", "{$uuid}" }),
    ROW("XDS-RM-002", "ITI-62", break_ground_removal, { XML_REMOVE, "//rim:ObjectRef[3]", NULL }),
    ROW("XDS-RM-003", "ITI-62", break_ground_removal, { XML_REMOVE, "//rim:ObjectRef[position() < 3]", NULL }),
};
/* clang-format on */

BREAK_TABLE(breaks_update, rows);
