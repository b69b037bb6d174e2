/* HL7 v3: feeds, merges and queries (ITI TF-2: 3.44 to 3.47, 3.55; Appendix O), and whose ids are whose. */
#include "cli/breaks.h"

#define FEED    "ITI-44"
#define MERGE   "ITI-44-merge"
#define QUERIES "ITI-45 ITI-47 ITI-55"
#define ANY     "ITI-44 ITI-44-merge ITI-45 ITI-47 ITI-47-continue ITI-47-cancel ITI-55 ITI-55-deferred"

#define ID_     "//hl7:patient/hl7:id"
#define PRIOR_  "//hl7:priorRegisteredRole/hl7:id"
#define PERSON_ "//hl7:patientPerson"
#define LIST_   "//hl7:parameterList"
#define NAME_   "//hl7:livingSubjectName"
#define PIX_    "//hl7:patientIdentifier"
#define NOWHERE "2.999.0"
#define NAME_X                                                                                                         \
    "<livingSubjectName><value><family>A</family></value><semanticsText>LivingSubject.name</semanticsText></"          \
    "livingSubjectName>"
#define NAMES_X8 NAME_X NAME_X NAME_X NAME_X NAME_X NAME_X NAME_X NAME_X
/* More than anybody takes */
#define NAMES_X                                                                                                        \
    NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8 NAMES_X8

#define FEED_OF(who)                                                                                                   \
    {                                                                                                                  \
        .transaction = "ITI-44", .params = { { "id", "{$" who "}" }, { "family", "模擬" } }                            \
    }
#define MERGE_OF(who, into)                                                                                            \
    {                                                                                                                  \
        .transaction = "ITI-44-merge", .params = {                                                                     \
            { "id", "{$" into "}" },                                                                                   \
            { "subsumes", "{$" who "}" },                                                                              \
            { "family", "模擬" }                                                                                       \
        }                                                                                                              \
    }
#define MORE_         "//hl7:queryContinuation"
#define PAGES         "ITI-47-continue ITI-47-cancel"
#define EXTENSION(of) "{substring-before($" of ", '^')}"

/* The usual: a patient nobody knows is fed, one is asked about who is known, two who are known are merged. */
const struct break_ground break_ground_feed = { .params = { { "id", "{$other}" }, { "family", "模擬" } } };
const struct break_ground break_ground_pix = { .steps = { FEED_OF("other") }, .params = { { "patient", "{$other}" } } };
const struct break_ground break_ground_find = { .params = { { "family", "模擬" }, { "birth", "19500102" } } };
const struct break_ground break_ground_merge = {
    .steps = { FEED_OF("other"), FEED_OF("another") },
    .params = { { "id", "{$another}" }, { "subsumes", "{$other}" }, { "family", "模擬" } },
};

/* A query that finds more than its first page. */
const struct break_ground break_ground_more = {
    .steps = { FEED_OF("other"),
               FEED_OF("another"),
               { .transaction = "ITI-47",
                 .params = { { "family", "模擬" }, { "quantity", "1" }, { "query", EXTENSION("third") } } } },
    .params = { { "query", EXTENSION("third") }, { "quantity", "1" } },
};

static const struct break_ground with_other_id = {
    .params = { { "id", "{$other}" }, { "family", "模擬" }, { "other-id", "{$another}" } },
};
/* $other became $another, and $third may become it, too; or $other may not take $third. */
static const struct break_ground merged = {
    .steps = { FEED_OF("other"), FEED_OF("another"), FEED_OF("third"), MERGE_OF("other", "another") },
    .params = { { "id", "{$another}" }, { "subsumes", "{$third}" }, { "family", "模擬" } },
};

#define ROW(rule_id, of, ...)                                                                                          \
    {                                                                                                                  \
        .rule = rule_id, .transactions = of, .edits = { __VA_ARGS__ }                                                  \
    }
#define ON(rule_id, of, base, ...)                                                                                     \
    {                                                                                                                  \
        .rule = rule_id, .transactions = of, .ground = &(base), .edits = { __VA_ARGS__ }                               \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("V3-MSG-002", ANY, { XML_SET, "//hl7:interactionId/@extension", "PRPA_IN000000UV02" }),
    ROW("V3-MSG-003", ANY, { XML_REMOVE, "/*/hl7:id", NULL }),
    ROW("V3-MSG-004", ANY, { XML_REMOVE, "//hl7:interactionId", NULL }),
    ROW("V3-MSG-005", ANY, { XML_REMOVE, "//hl7:receiver/hl7:device/hl7:id/@root", NULL }),
    ROW("V3-MSG-006", ANY, { XML_REMOVE, "//hl7:sender/hl7:device/hl7:id/@root", NULL }),

    ROW("V3-MSG-007", ANY, { XML_REMOVE, "/*/hl7:creationTime", NULL }),
    ROW("V3-MSG-008", ANY, { XML_SET, "/*/hl7:creationTime/@value", "today" }),
    ROW("V3-MSG-009", ANY, { XML_SET, "/*/hl7:processingCode/@code", "X" }),
    ROW("V3-MSG-010", ANY, { XML_SET, "/*/hl7:processingModeCode/@code", "R" }),
    ROW("V3-MSG-011", ANY, { XML_SET, "/*/hl7:acceptAckCode/@code", "yes" }),
    ROW("V3-MSG-012", ANY, { XML_TWICE, "/*/hl7:receiver", NULL }),
    ROW("V3-MSG-013", ANY, { XML_SET, "//hl7:controlActProcess/hl7:code/@code", "PRPA_TE000000UV02" }),

    ROW("V3-FEED-001", FEED, { XML_REMOVE, "//hl7:patient", NULL }),
    ROW("V3-FEED-002", FEED, { XML_REMOVE, ID_, NULL }),
    ROW("V3-FEED-003", FEED, { XML_REMOVE, ID_ "/@extension", NULL }),
    ROW("V3-FEED-004", FEED, { XML_REMOVE, PERSON_, NULL }),
    ROW("V3-FEED-005", FEED, { XML_REMOVE, PERSON_ "/hl7:name", NULL }),
    ON("V3-FEED-006", FEED, with_other_id, { XML_SET, "//hl7:asOtherIDs/hl7:scopingOrganization/hl7:id/@root", NOWHERE }),
    ROW("V3-FEED-007", FEED, { XML_AFTER, PERSON_ "/hl7:name", "<birthTime value=\"yesterday\"/>" }),
    ROW("V3-FEED-008", MERGE, { XML_REMOVE, PRIOR_, NULL }),
    ROW("V3-FEED-009", MERGE, { XML_TWICE, "//hl7:replacementOf", NULL }),
    ROW("V3-FEED-010", MERGE, { XML_REMOVE, PRIOR_ "/@extension", NULL }),
    ROW("V3-FEED-011", MERGE, { XML_TWICE, ID_, NULL }, { XML_SET, ID_ "[2]/@extension", "SECOND" }),
    ROW("V3-FEED-012", MERGE, { XML_SET, PRIOR_ "/@root", "{$facility}" }),

    ON("V3-FEED-013", FEED, with_other_id, { XML_SET, "//hl7:asOtherIDs/hl7:scopingOrganization/hl7:id/@extension", "R1" }),
    ROW("V3-FEED-014", FEED, { XML_AFTER, PERSON_ "/hl7:name", "<administrativeGenderCode code=\"X\"/>" }),
    ROW("V3-FEED-015", FEED, { XML_AFTER, PERSON_ "/hl7:name", "<deceasedTime value=\"then\"/>" }),
    ROW("V3-FEED-016", FEED, { XML_AFTER, PERSON_ "/hl7:name", "<maritalStatusCode code=\"M\"/><maritalStatusCode code=\"S\"/>" }),
    ROW("V3-FEED-017", FEED, { XML_REMOVE, "//hl7:patient/hl7:providerOrganization", NULL }),
    ROW("V3-FEED-018", FEED, { XML_REMOVE, "//hl7:custodian", NULL }),

    ROW("V3-QUERY-001", QUERIES, { XML_REMOVE, "//hl7:queryByParameter", NULL }),
    ROW("V3-QUERY-002", QUERIES, { XML_REMOVE, "//hl7:queryId", NULL }),
    ROW("V3-QUERY-003", "ITI-47 ITI-55", { XML_REMOVE, LIST_ "/*", NULL }),
    ROW("V3-QUERY-004", "ITI-47 ITI-55", { XML_SET, "//hl7:responsePriorityCode/@code", "X" }),
    ROW("V3-QUERY-005", "ITI-47 ITI-55", { XML_SET, "//hl7:responsePriorityCode/@code", "D" }),
    ROW("V3-QUERY-006", "ITI-47", { XML_BEFORE, LIST_, "<initialQuantity value=\"many\"/>" }),
    ROW("V3-QUERY-007", "ITI-47", { XML_BEFORE, LIST_, "<matchCriterionList><minimumDegreeMatch><value value=\"200\"/><semanticsText>MatchCriterion</semanticsText></minimumDegreeMatch></matchCriterionList>" }),
    ROW("V3-QUERY-008", "ITI-47", { XML_APPEND, LIST_, "<otherIDsScopingOrganization><value extension=\"1\"/><semanticsText>OtherIDs.scopingOrganization.id</semanticsText></otherIDsScopingOrganization>" }),
    ROW("V3-QUERY-009", "ITI-47 ITI-55", { XML_REMOVE, NAME_ "/hl7:value/*", NULL }),
    ROW("V3-QUERY-010", "ITI-47 ITI-55", { XML_SET, "//hl7:livingSubjectBirthTime/hl7:value/@value", "yesterday" }),
    ROW("V3-QUERY-011", "ITI-47", { XML_APPEND, LIST_, NAMES_X }),
    ROW("V3-QUERY-012", QUERIES, { XML_REMOVE, "//hl7:queryByParameter/hl7:statusCode", NULL }),
    ROW("V3-QUERY-013", QUERIES, { XML_SET, "//hl7:queryByParameter/hl7:statusCode/@code", "executing" }),
    ROW("V3-QUERY-014", "ITI-47 ITI-55", { XML_TWICE, "//hl7:livingSubjectBirthTime/hl7:value", NULL }),
    ROW("V3-QUERY-015", "ITI-47 ITI-55", { XML_PREPEND, LIST_, "<livingSubjectAdministrativeGender><value code=\"female\"/><semanticsText>LivingSubject.administrativeGender</semanticsText></livingSubjectAdministrativeGender>" }),
    ROW("V3-QUERY-016", "ITI-47 ITI-55", { XML_BEFORE, NAME_, "<livingSubjectId><value root=\"{$facility}\"/><semanticsText>LivingSubject.id</semanticsText></livingSubjectId>" }),
    ROW("V3-QUERY-017", "ITI-47 ITI-55", { XML_REMOVE, "//hl7:livingSubjectBirthTime/hl7:value/@value", NULL },
        { XML_APPEND, "//hl7:livingSubjectBirthTime/hl7:value", "<low value=\"20200101\"/><high value=\"20190101\"/>" }),
    ROW("V3-PIX-001", "ITI-45", { XML_REMOVE, PIX_ "/hl7:value/@extension", NULL }),
    ROW("V3-PIX-002", "ITI-45", { XML_TWICE, PIX_, NULL }),
    ROW("V3-PIX-003", "ITI-45", { XML_PREPEND, LIST_, "<dataSource><value/><semanticsText>DataSource.id</semanticsText></dataSource>" }),
    ROW("V3-PIX-004", "ITI-45", { XML_SET, PIX_ "/hl7:value/@extension", "NOBODY" }),

    ROW("V3-MORE-001", PAGES, { XML_REMOVE, MORE_, NULL }),
    ROW("V3-MORE-002", PAGES, { XML_REMOVE, MORE_ "/hl7:queryId", NULL }),
    ROW("V3-MORE-003", PAGES, { XML_REMOVE, MORE_ "/hl7:statusCode", NULL }),
    ROW("V3-MORE-004", PAGES, { XML_SET, MORE_ "/hl7:continuationQuantity/@value", "many" }),
    ROW("V3-MORE-005", "ITI-47-continue", { XML_SET, MORE_ "/hl7:queryId/@extension", "NOBODY" }),
    ROW("V3-MORE-006", "ITI-47-cancel", { XML_SET, MORE_ "/hl7:statusCode/@code", "waitContinuedQueryResponse" }),

    ROW("V3-MORE-007", "ITI-47-continue", { XML_BEFORE, MORE_ "/hl7:continuationQuantity", "<startResultNumber value=\"99999999\"/>" }),
    ROW("V3-MORE-008", "ITI-47-continue", { XML_SET, MORE_ "/hl7:statusCode/@code", "aborted" }),
    ROW("V3-MORE-009", "ITI-47-cancel", { XML_SET, MORE_ "/hl7:continuationQuantity/@value", "1" }),

    { .rule = "PID-001", .transactions = FEED, .at = "registry", .edits = { { XML_SET, ID_ "/@extension", "A^B" } } },
    ROW("PID-002", FEED, { XML_SET, ID_ "/@root", NOWHERE }),
    ROW("PID-002", "ITI-45", { XML_SET, PIX_ "/hl7:value/@root", NOWHERE }),
    ROW("PID-002", "ITI-47", { XML_APPEND, LIST_, "<otherIDsScopingOrganization><value root=\"" NOWHERE "\"/><semanticsText>OtherIDs.scopingOrganization.id</semanticsText></otherIDsScopingOrganization>" }),
    { .rule = "PID-003", .transactions = FEED, .at = "registry", .edits = { { XML_SET, ID_ "/@root", NOWHERE } } },
    ROW("PID-004", MERGE, { XML_SET, PRIOR_ "/@extension", EXTENSION("another") }),
    ROW("PID-005", MERGE, { XML_SET, PRIOR_ "/@extension", "NOBODY" }),
    ON("PID-006", MERGE, merged, { XML_SET, PRIOR_ "/@extension", EXTENSION("other") }),
    ON("PID-007", MERGE, merged, { XML_SET, ID_ "/@extension", EXTENSION("other") }),
    ROW("PID-008", MERGE, { XML_SET, ID_ "/@extension", "NOBODY" }),
};
/* clang-format on */

const struct break_table breaks_hl7v3 = { rows, sizeof(rows) / sizeof(rows[0]) };
