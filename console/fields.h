#pragma once
/*
 * The fields of a record by which it is listed, filtered and asserted; one row each. The API's parameters, the
 * command's flags, the verifier's "where" and the OpenAPI file come from the same rows.
 */

#include "console/index.h"
#include "console/summary.h"

struct world;

enum field_kind {
    FIELD_WORD,      /* equal */
    FIELD_NUMBER,    /* equal */
    FIELD_CHOICE,    /* equal, and one of its choices */
    FIELD_COMMUNITY, /* key or slug */
    FIELD_RULE,      /* equal, and a rule there is: a refusal must not be missed for a misspelling */
    FIELD_ID,        /* equal, or its part before "^" is: R0001 finds R0001^^^&2.999…&ISO */
    FIELD_TEXT       /* occurs in it */
};

/* A record as it is looked at. */
struct view {
    struct arena *arena;
    struct entry *entry;
    struct journal_record record;
    char status[16];
};

struct view view_of(struct arena *a, struct entry *e);

#define FIELD_VALUES ((size_t)64)

struct field_values {
    struct str texts[FIELD_VALUES];
    size_t count;
};

struct field {
    const char *name;
    enum field_kind kind;
    const char *const *choices; /* ends with NULL */
    const char *en;             /* what it is */
    /* What a record has of it: none, one or several. NULL: its text. */
    void (*values)(struct view *v, struct field_values *out);
    enum journal_text text;
};

extern const struct field fields[];
extern const size_t field_count;

const struct field *field_find(const char *name);

/* ---- filters ---- */

struct filter {
    const struct field *field;
    const char *value; /* a community's is its key */
};

#define FILTERS_MAX 24

struct filters {
    struct filter all[FILTERS_MAX];
    size_t count;
    uint64_t since_us, until_us; /* later than, and not later than; 0: any */
};

/* Why a filter cannot be: a sentence, and what would be allowed (ends with NULL) or NULL. */
struct filter_fault {
    const char *why;
    const char *const *allowed;
};

/* The names of all fields, and since and until. */
const char *const *filter_names(struct arena *a);
/* Also since and until: a time (2026-11-21T09:00:00.123456Z) or, of since, a record's id. E_REFUSED with *fault. */
MUST_CHECK enum rc filter_add(struct arena *a, const struct world *w, const struct index *ix, struct filters *f,
                              const char *name, const char *value, struct filter_fault *fault);

/* The keys of all who live here. */
const char *const *community_keys(struct arena *a, const struct world *w);

/* Does the record have it? */
bool filter_matches(const struct filter *f, struct view *v);
/* Could it match at all? Audit records only when their direction or transaction is asked for. */
bool filters_reach(const struct filters *f, const struct entry *e);
/* All of them, and the time. */
bool filters_match(const struct filters *f, struct view *v);
/* Has a record anything of a field? */
bool field_is_there(const struct field *field, struct view *v);
/* What a record has of a field, for people: "a, b", or "nothing". */
const char *field_shown(const struct field *field, struct view *v);
