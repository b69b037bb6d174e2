#pragma once
/*
 * What the registry remembers, in SQLite: patients, objects with their ebRIM as it will be returned, and what
 * associations link. Every function takes the connection: a writer's within rq_write, rq_db's for reading. community is
 * its number; object and patient are the ids of rows. Texts handed back are in the arena.
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

struct stored_patient {
    int64_t id;
    const char *cx;
    int64_t surviving; /* whose objects hold what was this patient's; its own id unless it was merged into another */
};

/* Known afterwards; it may have been before. */
MUST_CHECK enum rc store_patient_add(struct db *db, int community, const char *cx);
/* A patient id that was merged into another is found too: look at surviving. E_NOT_FOUND. */
MUST_CHECK enum rc store_patient_find(struct arena *a, struct db *db, int community, const char *cx,
                                      struct stored_patient *out);
MUST_CHECK enum rc store_patient_by_id(struct arena *a, struct db *db, int64_t id, struct stored_patient *out);
/*
 * Merges: from, and all that were merged into it before, survive as to. Every object of from becomes to's, its
 * patientId included (ITI TF-2: 3.18.4.1.2.3.9). E_NOT_FOUND: one of them is not known. E_EXISTS: to was itself merged
 * into another. Nothing happens when from survives as to already.
 */
MUST_CHECK enum rc store_patient_merge(struct arena *a, struct db *db, int community, const char *from, const char *to);

/* ---- store_objects.c ---- */

enum object_kind { OBJECT_DOCUMENT = 1, OBJECT_SUBMISSION_SET, OBJECT_FOLDER, OBJECT_ASSOCIATION };

/*
 * An object at rest. leaf is its XML (prefix rim) without the value of @status, whose place is status_at. keys is what
 * queries filter by, and what rules compare (store_keys.c).
 */
struct stored_object {
    int64_t id;
    enum object_kind kind;
    const char *uuid;      /* entryUUID: "urn:uuid:…" */
    const char *lid;       /* logicalID: the uuid of the first version */
    const char *unique_id; /* NULL for associations */
    int version;           /* from 1 */
    int64_t patient;       /* the surviving one; 0 for associations */
    bool is_deprecated;
    const char *time; /* creationTime, submissionTime or lastUpdateTime: the order of answers; NULL when absent */
    struct str keys;
    size_t status_at;
    struct str leaf; /* data is NULL until store_object_leaf */

    struct db_stmt *row; /* the store's own: where the leaf can still be read, while each runs */
};

/* OK goes on; anything else stops, and is what the caller gets. The object stays valid (its arena's), leaf not loaded.
 */
typedef enum rc object_visitor(void *user, struct stored_object *o);

/* E_EXISTS when the uuid is taken. Fills id. */
MUST_CHECK enum rc store_object_add(struct db *db, int community, struct stored_object *o);
/*
 * Everything but id, kind and status as o says now: how lastUpdateTime, documentAvailability or a patientId change.
 * store_object_decode, change, store_object_of, store_object_change.
 */
MUST_CHECK enum rc store_object_change(struct db *db, const struct stored_object *o);
MUST_CHECK enum rc store_object_status(struct db *db, int64_t object, bool is_deprecated);
/* The object, and when it is an association what it links. What links to it is left: look before. */
MUST_CHECK enum rc store_object_delete(struct db *db, int64_t object);

/* Loads o->leaf unless it is there. */
MUST_CHECK enum rc store_object_leaf(struct arena *a, struct db *db, struct stored_object *o);

/* These say E_NOT_FOUND. */
MUST_CHECK enum rc store_object_by_id(struct arena *a, struct db *db, int64_t object, struct stored_object *out);
MUST_CHECK enum rc store_object_by_uuid(struct arena *a, struct db *db, int community, const char *uuid,
                                        struct stored_object *out);
/* The latest version of a logical id, whatever its status. */
MUST_CHECK enum rc store_object_latest(struct arena *a, struct db *db, int community, const char *lid,
                                       struct stored_object *out);

/* Every version of a logical id, oldest first. */
MUST_CHECK enum rc store_objects_by_lid(struct arena *a, struct db *db, int community, const char *lid,
                                        object_visitor *each, void *user);
/* Of any kind, in order of registration: several documents, and versions, may share a uniqueId. */
MUST_CHECK enum rc store_objects_by_unique_id(struct arena *a, struct db *db, int community, const char *unique_id,
                                              object_visitor *each, void *user);
/* A patient's objects of one kind by time (oldest first, absent before all), then in order of registration. */
MUST_CHECK enum rc store_objects_of_patient(struct arena *a, struct db *db, int64_t patient, enum object_kind kind,
                                            object_visitor *each, void *user);
/*
 * All objects of a kind in a community in order of registration, for queries that name no patient. Here alone the
 * object, its leaf included, is forgotten when each returns: store_object_leaf with an arena of your own keeps the
 * leaf.
 */
MUST_CHECK enum rc store_objects_scan(struct db *db, int community, enum object_kind kind, object_visitor *each,
                                      void *user);

/* ---- store_links.c: what associations link ---- */

enum link_type {
    LINK_HAS_MEMBER = 1,
    LINK_RPLC,
    LINK_XFRM,
    LINK_APND,
    LINK_XFRM_RPLC,
    LINK_SIGNS,
    LINK_IS_SNAPSHOT_OF,
    LINK_TYPE_COUNT
};

/* 0 for a URN that is none of them; NULL for a number that is none. */
enum link_type link_type_find(const char *urn);
const char *link_type_urn(enum link_type type);

/* SubmissionSetStatus of a HasMember (ITI TF-3: 4.2.2.1.1). */
enum membership { MEMBERSHIP_UNSAID, MEMBERSHIP_ORIGINAL, MEMBERSHIP_REFERENCE };

struct stored_link {
    int64_t association; /* its object */
    enum link_type type;
    enum membership membership;
    int64_t source, target; /* objects; HasMember may have an association as its target */
    bool is_deprecated;
};

typedef enum rc link_visitor(void *user, const struct stored_link *l);

/* association is an object that store_object_add made. */
MUST_CHECK enum rc store_link_add(struct db *db, const struct stored_link *l);
/* What an association object links. E_NOT_FOUND. */
MUST_CHECK enum rc store_link_of(struct db *db, int64_t association, struct stored_link *out);
/*
 * Every association whose source, or target, is the object, in order of registration. The links are read before each
 * is called the first time, so it may look for more, and change what it finds.
 */
MUST_CHECK enum rc store_links_from(struct arena *a, struct db *db, int64_t object, link_visitor *each, void *user);
MUST_CHECK enum rc store_links_to(struct arena *a, struct db *db, int64_t object, link_visitor *each, void *user);

/* ---- store_keys.c: the values of an object that queries filter by ---- */

enum key {
    KEY_CLASS_CODE = 1, /* codes as a query spells them: "code^^scheme" */
    KEY_TYPE_CODE,
    KEY_FORMAT_CODE,
    KEY_PRACTICE_SETTING_CODE,
    KEY_FACILITY_TYPE_CODE,
    KEY_CONFIDENTIALITY_CODE,
    KEY_EVENT_CODE,
    KEY_CONTENT_TYPE_CODE, /* of a submission set */
    KEY_FOLDER_CODE,
    KEY_AUTHOR_PERSON,
    KEY_REFERENCE_ID,
    KEY_CREATION_TIME,
    KEY_SERVICE_START_TIME,
    KEY_SERVICE_STOP_TIME,
    KEY_SUBMISSION_TIME,
    KEY_LAST_UPDATE_TIME,
    KEY_SOURCE_ID,
    KEY_OBJECT_TYPE,
    KEY_AVAILABILITY, /* documentAvailability */
    KEY_REPOSITORY_ID,
    KEY_HASH,
    KEY_SIZE,
    KEY_HOME
};

/* The value behind one of the same key; after NULL: the first. NULL: no more. In the order of the message. */
const char *keys_next(struct str keys, enum key key, const char *after);
bool keys_have(struct str keys, enum key key, const char *value);
/* "code^^scheme" */
const char *key_of_code(struct arena *a, const struct code *c);

/* ---- store_leaf.c: between structs and what is stored ---- */

/*
 * Everything of out but id and patient, from the metadata: object is the struct of its kind, whose entry_uuid,
 * logical_id and version are as they shall be.
 */
void store_object_of(struct arena *a, enum object_kind kind, const void *object, struct stored_object *out);
/* Of whichever kind the only object of a submission is. */
void store_object_of_only(struct arena *a, const struct submission *s, struct stored_object *out);

/* Back: out holds one object, with its present status. Loads the leaf when it is not there. */
MUST_CHECK enum rc store_object_decode(struct arena *a, struct db *db, struct stored_object *o, struct submission *out);

/* lastUpdateTime := now of a folder (ITI TF-2: 3.42.4.1.3.6). */
MUST_CHECK enum rc store_folder_touch(struct arena *a, struct db *db, int64_t folder);

/* ---- store_update.c ---- */

/* "urn:uuid:…" that no object of the community has: a pinned sequence starts anew with the daemon. */
MUST_CHECK enum rc store_uuid_new(struct arena *a, struct db *db, int community, const char **uuid);
