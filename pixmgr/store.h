#pragma once
/*
 * What the cross-reference managers remember, in SQLite. A record is one identifier (domain, value) within a community,
 * with the demographics it last came with. Records of the same person share a person number, the lowest id among them.
 * Every function takes the connection: a writer's within rq_write, rq_db's for reading. community is its number.
 */

#include "base/rc.h"
#include "model/patient.h"
#include "msg/prpa_find.h"
#include "store/db.h"

struct arena;

extern const char store_schema[];

/* ---- store_patients.c ---- */

/*
 * A patient as fed: a record per id, and everybody who is the same person becomes one: the ids of this feed, records
 * that share an identifier with it, and those whose demographics are the same (match.h). Feeding again changes nothing.
 */
MUST_CHECK enum rc store_patient_feed(struct arena *a, struct db *db, int community, const struct patient *p);

/*
 * The same of somebody whom no identifier in the community names yet; faster. is_alone: it is known that nobody there
 * is the same person, so demographics are not compared. Where one of the ids is there, it is a feed like any other.
 */
MUST_CHECK enum rc store_patient_add(struct arena *a, struct db *db, int community, const struct patient *p,
                                     bool is_alone);

/* All ids of the person that has this one, itself among them, by domain and value. E_NOT_FOUND when it is unknown. */
MUST_CHECK enum rc store_patient_ids(struct arena *a, struct db *db, int community, const struct patient_id *id,
                                     struct patient_id **out);

/* A person by number: latest demographics, and all ids. E_NOT_FOUND. */
MUST_CHECK enum rc store_person_load(struct arena *a, struct db *db, int64_t person, struct patient *out);

/* ---- a growing list of person numbers ---- */

struct persons {
    int64_t *numbers;
    size_t count, capacity;
};

void persons_add(struct arena *a, struct persons *p, int64_t number);
/* Ascending, each once. */
void persons_sort(struct persons *p);
/* Adds column 0 of all rows. */
MUST_CHECK enum rc persons_read(struct arena *a, struct db_stmt *s, struct persons *out);

/* ---- store_find.c ---- */

/*
 * The people a query means, by number, oldest first, at most limit. One that any record of theirs satisfies is found:
 * names by any representation (use SRCH, or a star at the end of a part: by their beginnings), birth by the coarser
 * precision, gender, and every id. The rest of the query is the caller's (search.h).
 */
MUST_CHECK enum rc store_find_people(struct arena *a, struct db *db, int community, const struct find_query *q,
                                     size_t limit, struct persons *out);
/* The same with the first `limit` of them loaded, and *total in all. */
MUST_CHECK enum rc store_find(struct arena *a, struct db *db, int community, const struct find_query *q, int limit,
                              struct patient **out, int *total);
