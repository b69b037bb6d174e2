#pragma once
/*
 * Visits as feeds of HL7 v2 tell them (PV1, and PID-18), for ITI-22 (ITI TF-2: 3.22.4.1.2.2): kept by the id that was
 * fed first and the visit number, so that an update of a visit takes the place of what was known of it.
 */

#include "pixmgr/store.h"
#include "wire/hl7v2.h"

#include <stdbool.h>

/*
 * Its fields: a column, and where a message has it (Table 3.22-2's of PV1: class, location, doctors, service, number;
 * and the account of PID-18). In a question NULL is not asked.
 */
#define VISIT_FIELDS(X)                                                                                                \
    X(CLASS, "PV1", 2, 1, 1)                                                                                           \
    X(POINT, "PV1", 3, 1, 1)                                                                                           \
    X(ROOM, "PV1", 3, 2, 1)                                                                                            \
    X(BED, "PV1", 3, 3, 1)                                                                                             \
    X(FACILITY, "PV1", 3, 4, 1)                                                                                        \
    X(FACILITY_ID, "PV1", 3, 4, 2)                                                                                     \
    X(FACILITY_TYPE, "PV1", 3, 4, 3)                                                                                   \
    X(ATTENDING, "PV1", 7, 1, 1)                                                                                       \
    X(ATTENDING_FAMILY, "PV1", 7, 2, 1)                                                                                \
    X(ATTENDING_GIVEN, "PV1", 7, 3, 1)                                                                                 \
    X(REFERRING, "PV1", 8, 1, 1)                                                                                       \
    X(REFERRING_FAMILY, "PV1", 8, 2, 1)                                                                                \
    X(REFERRING_GIVEN, "PV1", 8, 3, 1)                                                                                 \
    X(CONSULTING, "PV1", 9, 1, 1)                                                                                      \
    X(CONSULTING_FAMILY, "PV1", 9, 2, 1)                                                                               \
    X(CONSULTING_GIVEN, "PV1", 9, 3, 1)                                                                                \
    X(SERVICE, "PV1", 10, 1, 1)                                                                                        \
    X(ADMITTING, "PV1", 17, 1, 1)                                                                                      \
    X(ADMITTING_FAMILY, "PV1", 17, 2, 1)                                                                               \
    X(ADMITTING_GIVEN, "PV1", 17, 3, 1)                                                                                \
    X(NUMBER, "PV1", 19, 1, 1)                                                                                         \
    X(NUMBER_DOMAIN, "PV1", 19, 4, 1)                                                                                  \
    X(NUMBER_DOMAIN_ID, "PV1", 19, 4, 2)                                                                               \
    X(NUMBER_DOMAIN_TYPE, "PV1", 19, 4, 3)                                                                             \
    X(ACCOUNT, "PID", 18, 1, 1)                                                                                        \
    X(ACCOUNT_DOMAIN, "PID", 18, 4, 1)                                                                                 \
    X(ACCOUNT_DOMAIN_ID, "PID", 18, 4, 2)                                                                              \
    X(ACCOUNT_DOMAIN_TYPE, "PID", 18, 4, 3)

#define VISIT_ENUMERATOR(name, segment, field, component, subcomponent) VISIT_##name,
enum visit_field { VISIT_FIELDS(VISIT_ENUMERATOR) VISIT_FIELD_COUNT };
#undef VISIT_ENUMERATOR

struct visit {
    const char *fields[VISIT_FIELD_COUNT];
    bool is_any; /* in a question: an account without a visit, too */
    struct visit *next;
};

/* Tables, for store_schema: what is not known of a visit is an empty text. */
#define VISIT_COLUMN(name, segment, field, component, subcomponent) #name " TEXT NOT NULL,"
#define VISITS_SCHEMA                                                                                                  \
    "CREATE TABLE IF NOT EXISTS visits ("                                                                              \
    " community INTEGER NOT NULL,"                                                                                     \
    " root TEXT NOT NULL,"                                                                                             \
    " extension TEXT NOT NULL," VISIT_FIELDS(                                                                          \
        VISIT_COLUMN) " PRIMARY KEY (community, root, extension, number))"                                             \
                      " WITHOUT ROWID;"                                                                                \
                      "CREATE INDEX IF NOT EXISTS visits_by_number ON visits (community, number) WHERE number <> '';"  \
                      "CREATE INDEX IF NOT EXISTS visits_by_account ON visits (community, account) WHERE account <> "  \
                      "'';"

/* "PV1.3", "PV1.3.1", "PV1.7.2.1", "PID.18" …, as a parameter of a query names a field; false for any other. */
bool visit_field_find(const char *name, enum visit_field *out);
/* The shortest such name. */
const char *visit_field_name(struct arena *a, enum visit_field field);
/* Is it one of PID, which is asked for without visits? */
bool visit_field_is_of_patient(enum visit_field field);

/* PV1 and PID of a feed; false when they tell of no visit (PV1-2 is empty or N) and of no account. */
bool visit_read(const struct hl7v2 *m, struct visit *out);
/* What the open PID has of it, then the n-th PV1 of an answer. */
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
