/* Images by study, series and instance (RAD TF-2: 4.69). */
#include "cli/breaks.h"

#define RETRIEVE "RAD-69"
#define STUDY_   "//iherad:StudyRequest"
#define SERIES_  "//iherad:SeriesRequest"
#define SYNTAX_  "//iherad:TransferSyntaxUID"

#define IMAGE_OF(n)                                                                                                    \
    { "study", "{$r" n ".study}" }, { "series", "{$r" n ".series}" },                                                  \
    {                                                                                                                  \
        "document", "{$r" n ".image}"                                                                                  \
    }

/* A study is published; then, too, a document that is no image. */
const struct break_ground break_ground_images = { .steps = { { .transaction = "RAD-68" } },
                                                  .params = { IMAGE_OF("1") } };
static const struct break_ground with_text = { .steps = { { .transaction = "ITI-41" }, { .transaction = "RAD-68" } },
                                               .params = { IMAGE_OF("2") } };

#define ROW(id, ...)                                                                                                   \
    {                                                                                                                  \
        .rule = id, .transactions = RETRIEVE, .edits = { __VA_ARGS__ }                                                 \
    }

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDSI-001", { XML_REMOVE, STUDY_, NULL }),
    ROW("XDSI-002", { XML_REMOVE, SERIES_ "/@seriesInstanceUID", NULL }),
    ROW("XDSI-003", { XML_REMOVE, SYNTAX_, NULL }),
    { .rule = "XDSI-004", .transactions = RETRIEVE, .ground = &with_text,
      .edits = { { XML_SET, "//xds:DocumentUniqueId", "{$m1//rim:ExternalIdentifier[@identificationScheme='urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab']/@value}" } } },
    ROW("XDSI-005", { XML_SET, SERIES_ "/@seriesInstanceUID", "{$oid}" }),
    ROW("XDSI-006", { XML_SET, SYNTAX_, "1.2.840.10008.1.2.4.50" }),
};
/* clang-format on */

const struct break_table breaks_imaging = { rows, sizeof(rows) / sizeof(rows[0]) };
