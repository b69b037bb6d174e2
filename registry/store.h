#pragma once
/*
 * What the registry remembers, in SQLite: patients, and objects with their ebRIM as it will be returned. Every function
 * takes the connection: a writer's within rq_write, rq_db's for reading. community is its number.
 */

#include "base/rc.h"
#include "base/str.h"
#include "model/document.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

extern const char store_schema[];

/* ---- store_patients.c ---- */

/* Known afterwards; it may have been before. */
MUST_CHECK enum rc store_patient_add(struct db *db, int community, const char *cx);
MUST_CHECK enum rc store_patient_find(struct db *db, int community, const char *cx, int64_t *id); /* E_NOT_FOUND */

/* ---- store_objects.c ---- */

enum object_kind { OBJECT_DOCUMENT = 1, OBJECT_SUBMISSION_SET, OBJECT_FOLDER, OBJECT_ASSOCIATION };

/* An object at rest. leaf is its XML (prefix rim) without the value of @status, whose place is status_at. */
struct stored_object {
    int64_t id;
    enum object_kind kind;
    const char *uuid, *unique_id; /* unique_id: NULL for associations */
    int64_t patient;              /* 0 for associations */
    bool is_deprecated;
    struct str leaf;
    size_t status_at;
};


/* The XML of an approved object, with the status cut out of its opening tag. */
struct buf;
void store_leaf_cut(struct arena *a, const struct buf *xml, struct stored_object *o);
/* E_EXISTS when the uuid is taken. Fills id. */
MUST_CHECK enum rc store_object_add(struct db *db, int community, struct stored_object *o);
MUST_CHECK enum rc store_object_by_uuid(struct arena *a, struct db *db, int community, const char *uuid,
                                        struct stored_object *out); /* E_NOT_FOUND */
/* The first object of any kind with this uniqueId. E_NOT_FOUND. */
MUST_CHECK enum rc store_object_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                             struct stored_object *out);
MUST_CHECK enum rc store_object_deprecate(struct db *db, int64_t id);

/* ---- store_documents.c ---- */

/* Coded attributes a query may filter by, and times. */
enum document_code {
    CODE_CLASS,
    CODE_TYPE,
    CODE_FORMAT,
    CODE_PRACTICE_SETTING,
    CODE_FACILITY_TYPE,
    CODE_CONFIDENTIALITY,
    CODE_EVENT
};

enum document_time { TIME_CREATION, TIME_SERVICE_START, TIME_SERVICE_STOP };

/* Index rows of a document whose object has the id. */
MUST_CHECK enum rc store_document_add(struct db *db, int64_t object, const struct document_entry *d);

struct stored_document {
    struct stored_object object;
    bool is_on_demand;
    const char *times[3]; /* by enum document_time; NULL when absent */
    const char *hash, *size;
};

/*
 * Calls each(user, document) for every document of a patient, oldest creationTime first, then in order of registration.
 * each returns OK to go on; anything else stops and is returned.
 */
MUST_CHECK enum rc store_documents_of_patient(struct arena *a, struct db *db, int community, int64_t patient,
                                              enum rc (*each)(void *user, const struct stored_document *d), void *user);
/* The same for documents with a uniqueId (several entries may share one), or the one with an entryUUID. */
MUST_CHECK enum rc store_documents_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                                enum rc (*each)(void *user, const struct stored_document *d),
                                                void *user);
MUST_CHECK enum rc store_documents_by_uuid(struct arena *a, struct db *db, int community, const char *uuid,
                                           enum rc (*each)(void *user, const struct stored_document *d), void *user);

MUST_CHECK enum rc store_document_has_code(struct db *db, int64_t object, enum document_code kind, const char *code,
                                           const char *scheme, bool *has);
/* LIKE over every authorPerson: % any run, _ one character; case matters (ITI TF-2: Appendix F). */
MUST_CHECK enum rc store_document_has_author(struct db *db, int64_t object, const char *pattern, bool *has);
