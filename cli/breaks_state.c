/* What a registry knows already (ITI TF-2: 3.42.4.1.3.3): patients, uniqueIds, entryUUIDs. */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define ANY "ITI-42 ITI-41 ITI-61"

static const struct break_ground registered = { .steps = { { .transaction = "ITI-42" } } };
static const struct break_ground with_folder = { .steps = { { .transaction = "ITI-42", .edits = { WITH_FOLDER } } } };
static const struct break_ground merged = {
    .steps = { FEED_OTHER,
               { .transaction = "ITI-8",
                 .at = "registry",
                 .params = { { "id", "{$patient}" }, { "subsumes", "{$other}" }, { "family", "模擬" } } } },
};

/* clang-format off */
static const struct break_row rows[] = {
    { .rule = "XDS-REG-001", .transactions = ANY,
      .edits = { { XML_SET, PATIENTS_, "NOBODY^^^{substring-after($patient, '^^^')}" } } },
    { .rule = "XDS-REG-002", .transactions = ANY, .edits = { { XML_SET, PATIENTS_, "1^^^&2.999.0&ISO" } } },
    { .rule = "XDS-REG-003", .transactions = ANY, .ground = &merged, .edits = { { XML_SET, PATIENTS_, "{$other}" } } },
    { .rule = "XDS-REG-004", .transactions = ANY, .ground = &registered,
      .edits = { { XML_SET, SS_UNIQUE "/@value", "{$m1" SS_UNIQUE "/@value}" } } },
    { .rule = "XDS-REG-005", .transactions = ANY, .ground = &with_folder, .good = WITH_FOLDER_EDITS,
      .edits = { WITH_FOLDER, { XML_SET, FD_UNIQUE "/@value", "{$m1" FD_UNIQUE "/@value}" } } },
    { .rule = "XDS-REG-006", .transactions = ANY, .ground = &registered,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" SS_UNIQUE "/@value}" } } },
    { .rule = "XDS-REG-007", .transactions = "ITI-42", .ground = &registered, .good = 1,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" DE_UNIQUE "/@value}" },
                 { XML_SET, VALUE_(DE_, "hash"), "0000000000000000000000000000000000000000" } } },
    { .rule = "XDS-REG-008", .transactions = "ITI-42", .ground = &registered, .good = 1,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" DE_UNIQUE "/@value}" },
                 { XML_SET, VALUE_(DE_, "size"), "{" VALUE_(DE_, "size") " + 1}" } } },
    { .rule = "XDS-REG-009", .transactions = "ITI-61", .ground = &registered,
      .edits = { { XML_SET, DE_UNIQUE "/@value", "{$m1" DE_UNIQUE "/@value}" } } },
    { .rule = "XDS-REG-010", .transactions = ANY, .ground = &registered,
      .edits = { { XML_SET, "//@*[. = " DE_ "/@id]", "{$m1" DE_ "/@id}" } } },
};
/* clang-format on */

BREAK_TABLE(breaks_state, rows);
