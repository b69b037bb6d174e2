#pragma once
/*
 * DATA/audit/audit.db: records in the order they came, never changed; the oldest go when there are more than
 * --audit-keep.
 */

#include "audit/record.h"
#include "store/db.h"

extern const char store_schema[];

/* On the writer's thread: all of a list, then what is too old goes. */
MUST_CHECK enum rc store_keep(struct arena *a, struct db *db, const struct record *list, int64_t keep);

/* What is looked for; NULL and 0 ask nothing. */
struct record_filter {
    const char *community; /* key; NULL: all */
    int64_t from, to;      /* ms, inclusive; INT64_MIN, INT64_MAX: open */
    const char *object;    /* a ParticipantObjectID, or the id of a CX */
    int64_t after;         /* ids above */
    bool only_faulty, only_readable;
    bool by_id;     /* order; otherwise by time, newest first */
    bool ascending; /* of time */
};

/* each(user, record) for every match, until it says false; the record and its texts live until each returns. */
MUST_CHECK enum rc store_find(struct arena *a, struct db *db, const struct record_filter *filter,
                              bool (*each)(void *user, const struct record *r), void *user);
/* E_NOT_FOUND. */
MUST_CHECK enum rc store_get(struct arena *a, struct db *db, int64_t id, struct record *out);

struct store_counts {
    int64_t records, faulty;
};
MUST_CHECK enum rc store_count(struct db *db, const char *community, struct store_counts *out);
