#pragma once
/*
 * Visits as feeds of HL7 v2 tell them (PV1, and PID-18), for ITI-22 (ITI TF-2: 3.22.4.1.2.2): kept by the id that was
 * fed first and the visit number, so that an update of a visit takes the place of what was known of it.
 */

#include "pixmgr/store.h"
#include "wire/hl7v2.h"

#include <stdbool.h>

/* What PV1 has of it, by column; in a question NULL is not asked. */
enum visit_field {
    VISIT_CLASS, /* PV1-2: I, O, E … */
    VISIT_POINT, /* PV1-3: point of care, room, bed, facility */
    VISIT_ROOM,
    VISIT_BED,
    VISIT_FACILITY,
    VISIT_ATTENDING, /* PV1-7: id, family and given name */
    VISIT_ATTENDING_FAMILY,
    VISIT_ATTENDING_GIVEN,
    VISIT_NUMBER,  /* PV1-19 */
    VISIT_ACCOUNT, /* PID-18 */
    VISIT_FIELD_COUNT
};

struct visit {
    const char *fields[VISIT_FIELD_COUNT];
    struct visit *next;
};

/* Tables, for store_schema. */
#define VISITS_SCHEMA                                                                                                  \
    "CREATE TABLE IF NOT EXISTS visit ("                                                                               \
    " community INTEGER NOT NULL,"                                                                                     \
    " root TEXT NOT NULL,"                                                                                             \
    " extension TEXT NOT NULL,"                                                                                        \
    " number TEXT NOT NULL,"                                                                                           \
    " class TEXT, point TEXT, room TEXT, bed TEXT, facility TEXT,"                                                     \
    " attending TEXT, attending_family TEXT, attending_given TEXT,"                                                    \
    " account TEXT,"                                                                                                   \
    " PRIMARY KEY (community, root, extension, number)) WITHOUT ROWID;"                                                \
    "CREATE INDEX IF NOT EXISTS visit_by_number ON visit (community, number) WHERE number <> '';"                      \
    "CREATE INDEX IF NOT EXISTS visit_by_account ON visit (community, account) WHERE account IS NOT NULL;"

/* PV1 and PID of a feed; false when they tell of no visit (PV1-2 is empty or N). */
bool visit_read(const struct hl7v2 *m, struct visit *out);
/* The n-th PV1 of an answer. */
void visit_write(struct arena *a, struct hl7v2_writer *w, int n, const struct visit *v);

MUST_CHECK enum rc visits_keep(struct db *db, int community, const struct patient_id *id, const struct visit *v);
/* A merge: the visits of one id are the other's. */
MUST_CHECK enum rc visits_move(struct db *db, int community, const struct patient_id *from,
                               const struct patient_id *to);
/* Of a person, those that are as asked; NULL when there are none. */
MUST_CHECK enum rc visits_of(struct arena *a, struct db *db, int64_t person, const struct visit *asked,
                             struct visit **out);
/* The persons who have such a visit, at most limit. */
MUST_CHECK enum rc visits_people(struct arena *a, struct db *db, int community, const struct visit *asked, size_t limit,
                                 struct persons *out);
