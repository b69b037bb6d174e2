#pragma once
/* What a message is about, worked out from its bytes when somebody asks: patients, documents, the stored query. */

#include "console/index.h"

struct summary_list {
    const char **texts;
    size_t count;
};

struct summary {
    struct summary_list patients;  /* "R0001^^^&2.999.392.2.35&ISO" */
    struct summary_list documents; /* uniqueIds */
    struct summary_list params;    /* names of a query's parameters: "$uuid" */
    const char *query_id, *query;  /* AdhocQuery/@id and its name; NULL */
};

/* Kept with the entry. */
const struct summary *summary_of(struct entry *e);
