#pragma once
/*
 * What a run has exercised, read from the journal: transactions, stored queries and their parameters, rules and error
 * codes, each beside all there are.
 */

#include "base/buf.h"
#include "console/fields.h"
#include "wire/json.h"

#include <stddef.h>
#include <stdint.h>

struct ask;

enum coverage_kind {
    COVERAGE_TRANSACTIONS, /* that a daemon answered */
    COVERAGE_QUERIES,
    COVERAGE_PARAMETERS, /* of each query */
    COVERAGE_RULES,      /* that were broken */
    COVERAGE_ERRORS,     /* codes that were answered */
    COVERAGE_KINDS
};

struct coverage_item {
    const char *name, *about; /* "XDS-DE-017", and what it is */
    const char *place;        /* of a rule its section, of a parameter its query; NULL */
    uint32_t *counts;         /* of each community, in the world's order, and last of messages that reached none */
};

struct coverage_list {
    const char *key, *en, *ja;
    struct coverage_item *items;
    size_t count, size;
};

struct coverage {
    struct arena *arena;
    const struct world *world;
    bool *is_offered; /* [community * lists[COVERAGE_TRANSACTIONS].count + transaction] */
    struct coverage_list lists[COVERAGE_KINDS];
    size_t records; /* that were looked at */
};

/* endpoints: endpoints.json, what each community offers; NULL: nobody said. */
struct coverage *coverage_new(struct arena *a, const struct world *w, const struct json *endpoints);
void coverage_add(struct coverage *c, struct view *v);

/* Times in all; how many of a list were exercised at all, or by one community (its place in the world). */
uint64_t coverage_count(const struct coverage *c, const struct coverage_item *item);
size_t coverage_exercised(const struct coverage *c, enum coverage_kind kind);
size_t coverage_exercised_by(const struct coverage *c, enum coverage_kind kind, size_t community);
/* How many it could exercise. */
size_t coverage_of(const struct coverage *c, enum coverage_kind kind, size_t community);

void coverage_write(const struct coverage *c, struct json_writer *w);
/* A page that stands alone. */
void coverage_html(const struct coverage *c, struct buf *out);

/* GET /coverage */
bool page_coverage(struct ask *ask);
