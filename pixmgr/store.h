#pragma once
/*
 * What the cross-reference managers remember, in SQLite. A record is one identifier (domain, value) within a community;
 * an entry is a patient as a source fed it: the records of its ids, and the demographics they last came with. Entries
 * of the same person share a person number, the lowest entry among them.
 *
 * Entries hang together by links (fed together, a common identifier, demographics) and by the word of a reviewer or a
 * source (A24), which goes before; two records that were told apart are never one person, whatever links them.
 *
 * Every function takes the connection: a writer's within rq_write, rq_db's for reading. community is its number.
 * changed, where a function takes it, gets the numbers of the persons whose cross-references changed, as they are
 * afterwards, ascending, each once; NULL: nobody asks. Somebody new who has one id alone is not among them.
 */

#include "base/rc.h"
#include "model/patient.h"
#include "msg/prpa_find.h"
#include "pixmgr/linking.h"
#include "store/db.h"

struct arena;

extern const char store_schema[];

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

/* ---- store_patients.c ---- */

/*
 * A patient as fed: everybody who is the same person becomes one: the ids of this feed, records that share a common
 * identifier with it, and those whose demographics say so (match.h); potential duplicates are kept for review. The
 * demographics replace what the ids came with before, whole. Feeding again changes nothing.
 */
MUST_CHECK enum rc store_patient_feed(struct arena *a, struct db *db, const struct linking *how,
                                      const struct patient *p, struct persons *changed);

/*
 * The same with what is known of the first of the ids as the ground: what p leaves out stays, and what it deletes
 * (patient_update, PATIENT_DELETE) goes. Ids nobody knows are fed as new.
 */
MUST_CHECK enum rc store_patient_update(struct arena *a, struct db *db, const struct linking *how,
                                        const struct patient *p, struct persons *changed);

/*
 * A feed of somebody whom no identifier in the community names yet; faster. is_alone: it is known that nobody there is
 * the same person, so nobody is compared. Where one of the ids is there, it is a feed like any other.
 */
MUST_CHECK enum rc store_patient_add(struct arena *a, struct db *db, const struct linking *how, const struct patient *p,
                                     bool is_alone);

/* ---- store_merge.c ---- */

enum merge_fault {
    MERGE_SAME_ID,          /* both sides are one and the same id */
    MERGE_UNKNOWN_SURVIVOR, /* nobody fed it */
    MERGE_SURVIVOR_GONE,    /* it was itself subsumed; *now is the id that stands for it today */
    MERGE_UNKNOWN_SUBSUMED,
    MERGE_SUBSUMED_GONE, /* *now as above */
};

struct merge_refusal {
    enum merge_fault fault;
    struct patient_id *now;
};

/*
 * A40, PRPA_IN201304UV02: whatever refers to the subsumed id refers to the survivor, and the id itself is gone: it is
 * in no answer, and asking about it is asking about somebody unknown (ITI TF-2: 3.8.4.2.4, 3.44.4.2.4). Feeding it
 * again makes it somebody new. E_REFUSED with *refusal, nothing changed.
 */
MUST_CHECK enum rc store_patient_merge(struct arena *a, struct db *db, int community, const struct patient_id *survivor,
                                       const struct patient_id *subsumed, struct merge_refusal *refusal,
                                       struct persons *changed);

/*
 * Two ids are one person (A24), or are not (A37), by somebody's word, which holds until the other word is given; links
 * of any other kind give way. E_NOT_FOUND: one of them is unknown. E_REFUSED: both are the same id, or linking them
 * would make one person of two ids that were told apart.
 */
MUST_CHECK enum rc store_patient_link(struct arena *a, struct db *db, int community, const struct patient_id *one,
                                      const struct patient_id *other, struct persons *changed);
MUST_CHECK enum rc store_patient_unlink(struct arena *a, struct db *db, int community, const struct patient_id *one,
                                        const struct patient_id *other, struct persons *changed);

/* ---- store_read.c ---- */

/* All ids of the person that has this one, itself among them, by domain and value. E_NOT_FOUND when it is unknown. */
MUST_CHECK enum rc store_patient_ids(struct arena *a, struct db *db, int community, const struct patient_id *id,
                                     struct patient_id **out);

/* The same of a person by number: NULL when there are none any more. */
MUST_CHECK enum rc store_person_ids(struct arena *a, struct db *db, int64_t person, struct patient_id **out);

/* A person by number: latest demographics, and all ids. E_NOT_FOUND. */
MUST_CHECK enum rc store_person_load(struct arena *a, struct db *db, int64_t person, struct patient *out);

/* ---- store_review.c ---- */

/* Two entries that may be one person, which nobody has decided about. */
struct duplicate {
    int64_t number; /* what accept and reject are told */
    int community, score;
    int64_t entries[2];
    struct patient patients[2]; /* as fed, with their ids */
    struct duplicate *next;
};

/* The potential duplicates of a community (0: of all), the likeliest first, at most limit; *total in all. */
MUST_CHECK enum rc store_review_list(struct arena *a, struct db *db, int community, int limit, struct duplicate **out,
                                     int *total);
/* Whose a pair is. E_NOT_FOUND. */
MUST_CHECK enum rc store_review_community(struct db *db, int64_t number, int *out);
/* Accepts (links) or rejects (tells apart) one. E_NOT_FOUND, E_REFUSED as above. */
MUST_CHECK enum rc store_review_decide(struct arena *a, struct db *db, int64_t number, bool accept,
                                       struct persons *changed);

/* ---- store_find.c ---- */

/*
 * The people a query means, by number, oldest first, at most limit. One that any entry of theirs satisfies is found:
 * names by any representation (use SRCH, or a star at the end of a part: by their beginnings), birth by the coarser
 * precision, gender, and every id. The rest of the query is the caller's (search.h).
 */
MUST_CHECK enum rc store_find_people(struct arena *a, struct db *db, int community, const struct find_query *q,
                                     size_t limit, struct persons *out);
/* The same with the first `limit` of them loaded, and *total in all. */
MUST_CHECK enum rc store_find(struct arena *a, struct db *db, int community, const struct find_query *q, int limit,
                              struct patient **out, int *total);
