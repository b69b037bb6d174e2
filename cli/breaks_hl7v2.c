/* HL7 v2: headers, feeds and queries (HL7 v2.5 chapter 2; ITI TF-2: 3.8, 3.9, 3.21, 3.22; Appendix C). */
#include "cli/breaks.h"

#define FEED  "ITI-8"
#define PIX   "ITI-9"
#define FIND  "ITI-21"
#define QUERY "ITI-9 ITI-21 ITI-22"
#define ANY   "ITI-8 ITI-9 ITI-21 ITI-22"

#define CX(id) id "^^^{substring-after($patient, '^^^')}" /* in the domain of the patient */

static const struct break_ground merge = {
    .steps = { { .transaction = "ITI-8", .params = { { "id", "{$other}" }, { "family", "模擬" } } },
               { .transaction = "ITI-8", .params = { { "id", "{$another}" }, { "family", "模擬" } } } },
    .params = { { "id", "{$another}" }, { "subsumes", "{$other}" }, { "family", "模擬" } },
};
static const struct break_ground link = {
    .steps = { { .transaction = "ITI-8", .params = { { "id", "{$other}" }, { "family", "模擬" } } },
               { .transaction = "ITI-8", .params = { { "id", "{$another}" }, { "family", "模擬" } } } },
    .params = { { "id", "{$another}" }, { "event", "A24" }, { "family", "模擬" } },
};

/* Of a link: the other patient, whom the message needs to be good. */
#define SECOND_PID                                                                                                     \
    {                                                                                                                  \
        HL7V2_AFTER, "PID", "PID|||{$other}||模擬"                                                                   \
    }

#define FIELD(id, of, place, value)                                                                                    \
    {                                                                                                                  \
        .rule = id, .transactions = of, .segments = { { HL7V2_SET, place, value } }                                    \
    }
#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .segments = { __VA_ARGS__ }                                                    \
    }
#define MERGE(id, ...)                                                                                                 \
    {                                                                                                                  \
        .rule = id, .transactions = FEED, .ground = &merge, .segments = { __VA_ARGS__ }                                \
    }
#define LINK(id, ...)                                                                                                  \
    {                                                                                                                  \
        .rule = id, .transactions = FEED, .ground = &link, .good = 1, .segments = { SECOND_PID, __VA_ARGS__ }          \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("V2-MSH-001", ANY, { HL7V2_RENAME, "MSH", "XSH" }),
    FIELD("V2-MSH-002", ANY, "MSH-2", "^^\\&"),
    FIELD("V2-MSH-003", ANY, "MSH-18", "KLINGON"),
    FIELD("V2-MSH-004", "ITI-8 ITI-21", "MSH-18", "ASCII"),
    FIELD("V2-MSH-005", "ITI-21 ITI-22", "MSH-6", "NOWHERE"),
    FIELD("V2-MSH-006", ANY, "MSH-9", ""),
    FIELD("V2-MSH-007", ANY, "MSH-9", "XYZ^A01"),
    FIELD("V2-MSH-008", FEED, "MSH-9", "ADT^Z99"),
    FIELD("V2-MSH-008", QUERY, "MSH-9", "QBP^Z99^QBP_Q21"),
    FIELD("V2-MSH-009", FEED, "MSH-9", "ADT^A04^ADT_A99"),
    FIELD("V2-MSH-010", ANY, "MSH-10", ""),
    FIELD("V2-MSH-011", ANY, "MSH-11", ""),
    FIELD("V2-MSH-012", ANY, "MSH-11", "X"),
    FIELD("V2-MSH-013", ANY, "MSH-12", ""),
    FIELD("V2-MSH-014", ANY, "MSH-12", "2.9"),
    FIELD("V2-MSH-015", ANY, "MSH-20", "2.3"),
    ROW("V2-SEG-001", FEED, { HL7V2_AFTER, "EVN", "p|lower case" }),
    FIELD("V2-SEG-002", FEED, "PID-3", "{$many}"),

    FIELD("V2-ADT-001", FEED, "EVN-2", ""),
    ROW("V2-ADT-002", FEED, { HL7V2_REMOVE, "EVN", NULL }),
    MERGE("V2-ADT-003", { HL7V2_AFTER, "MRG", "MRG|{$other}" }),
    LINK("V2-ADT-004", { HL7V2_REMOVE, "PID[2]", NULL }),
    FIELD("V2-ADT-005", FEED, "PID-5", ""),
    MERGE("V2-ADT-006", { HL7V2_SET, "MRG-1", "{$other}~{$third}" }),
    MERGE("V2-ADT-007", { HL7V2_SET, "MRG-1", "X^^^&{$facility}&ISO" }),
    LINK("V2-ADT-008", { HL7V2_SET, "PID[2]-3", CX("NOBODY") }),
    LINK("V2-ADT-009", { HL7V2_SET, "PID[2]-3", "{$another}" }),
    FIELD("V2-CX-001", FEED, "PID-3", CX("")),
    FIELD("V2-CX-002", FEED, "PID-3", "1^^^&no.oid&ISO"),
    FIELD("V2-CX-003", FEED, "PID-3", ""),
    FIELD("V2-PID-001", FEED, "PID-8", "X"),
    FIELD("V2-PID-002", FEED, "PID-7", "yesterday"),

    ROW("V2-QBP-001", QUERY, { HL7V2_REMOVE, "RCP", NULL }),
    FIELD("V2-QBP-002", QUERY, "QPD-1", ""),
    FIELD("V2-QBP-003", QUERY, "QPD-2", ""),
    FIELD("V2-QBP-004", PIX, "QPD-3", "{$other}~{$another}"),
    FIELD("V2-QBP-005", FIND, "QPD-3", "PID.5.1^A"),
    FIELD("V2-QBP-006", FIND, "QPD-3", "@PID.5.1"),
    FIELD("V2-QBP-007", FIND, "QPD-3", ""),
    FIELD("V2-QBP-008", FIND, "QPD-3", "@PID.99^A"),
    FIELD("V2-QBP-009", FIND, "QPD-3", "@PID.5.1^A~@PID.5.1^B"),
    FIELD("V2-QBP-010", FIND, "QPD-3", "@PID.5.1^*A"),
    FIELD("V2-QBP-011", FIND, "QPD-3", "@PID.7^yesterday"),
    FIELD("V2-QBP-012", FIND, "QPD-3", "@PID.5.1^A~@PID.8^X"),
    FIELD("V2-QBP-013", FIND, "QPD-8", "X"),
    FIELD("V2-QBP-013", PIX, "QPD-4", "X"),
    FIELD("V2-QBP-014", PIX, "QPD-3", CX("NOBODY")),
    FIELD("V2-RCP-001", QUERY, "RCP-2", "0^RD"),
    FIELD("V2-RCP-002", QUERY, "RCP-2", "1^CH"),
    FIELD("V2-RCP-003", QUERY, "RCP-1", "D"),
    ROW("V2-DSC-001", FIND, { HL7V2_AFTER, "RCP", "DSC|nobody|I" }),
    ROW("V2-QCN-001", FIND, { HL7V2_SET, "MSH-9", "QCN^J01^QCN_J01" }, { HL7V2_REMOVE, "QPD", NULL }, { HL7V2_REMOVE, "RCP", NULL }),
    { .rule = "V2-QCN-002", .transactions = FIND, .good = 4,
      .segments = { { HL7V2_SET, "MSH-9", "QCN^J01^QCN_J01" }, { HL7V2_AFTER, "MSH", "QID|TAG|IHE PDQ Query" },
                    { HL7V2_REMOVE, "QPD", NULL }, { HL7V2_REMOVE, "RCP", NULL }, { HL7V2_SET, "QID-1", "" } } },
};
/* clang-format on */

const struct break_table breaks_hl7v2 = { rows, sizeof(rows) / sizeof(rows[0]) };
