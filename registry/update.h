#pragma once
/*
 * Changing what is registered: ITI-57 Update Document Set (ITI TF-2: 3.57) and ITI-92, its restricted kin (3.92). A
 * message is first taken apart into operations (update_plan.c, update_requests.c), then these are judged by what is
 * registered (update_judge.c), and carried out (update_apply.c, update_propagate.c): all of them, or none.
 */

#include "base/rc.h"
#include "model/document.h"
#include "model/rule.h"
#include "registry/store.h"
#include "registry/submission.h"

struct db;
struct request;

/* Where the two transactions differ: ITI-92 changes documents only, and names some errors more precisely. */
struct update_rules {
    bool is_restricted;
    enum rule initial;     /* an object that is no new version of anything */
    enum rule annotation;  /* the HasMember with what it says of the version is missing */
    enum rule previous;    /* it does not say PreviousVersion */
    enum rule propagation; /* it says AssociationPropagation wrongly */
    enum rule kind;        /* another kind of object */
    enum rule unique_id;   /* another uniqueId */
    enum rule type;        /* another objectType */
};

extern const struct update_rules update_of_documents, restricted_update;

/* A new version of a document or folder. */
struct update_version {
    enum object_kind kind;
    struct document_entry *document; /* one of the two */
    struct folder *folder;
    const char *id, *lid, *unique_id, *object_type, *place;
    int previous;                /* the version it follows */
    bool propagates;             /* associations of the version before become its own */
    struct stored_object latest; /* the version before */
    struct stored_object now;    /* itself, once registered */
};

/* One end of a request: a version of this message, or what is registered. */
struct update_end {
    struct update_version *version; /* NULL: object is it */
    struct stored_object object;
};

/* An object's status changes. */
struct update_status {
    const struct association *request;
    bool is_deprecated, was_deprecated;
    struct update_end target;
    struct update_status *next;
};

/* An association by itself. */
struct update_link {
    struct association *association;
    const struct association_kind *kind;
    struct update_end source, target;
    struct update_link *next;
};

struct update {
    struct request *rq;
    const struct submission *sent;
    const struct update_rules *rules;
    struct submission kept; /* what will be registered: set, versions, their memberships, associations by themselves */
    struct association **members; /* the memberships of versions among them */
    size_t member_count;
    struct update_version *versions; /* by logicalID */
    struct update_version **by_id;   /* the same by id */
    size_t version_count;
    struct update_status *statuses;
    struct update_link *links;

    struct submission_index index; /* of kept */

    /* from here on the writer's thread */
    struct db *db;
    int community;
    int64_t patient;
    struct stored_object set;
};

/* The two transactions but for their rules (iti57_update_document_set.c). */
MUST_CHECK enum rc update_serve(struct request *rq, const struct update_rules *rules);

/* From the message alone: adds every issue it finds; without any, out is what update_keep carries out. */
void update_plan(struct request *rq, const struct submission *s, const struct update_rules *rules, struct update *out);

/* NULL when this message holds no such version. */
struct update_version *update_version_by_id(const struct update *u, const char *id);
struct update_version *update_version_by_lid(const struct update *u, const char *lid);

/* The one value of a slot of an association; NULL when there is no such slot, or not one value in it. */
const char *update_slot(const struct association *as, const char *name);

/* rq->state is the struct update. On the writer's thread: judges it by what is registered, and carries it out. */
MUST_CHECK enum rc update_keep(struct db *db, struct request *rq);

/* Fills latest and the ends, or refuses. */
MUST_CHECK enum rc update_judge(struct update *u);

/* Of ITI-92: a new version may not differ in these (update_restricted.c). */
MUST_CHECK enum rc update_restricted_check(struct update *u, struct update_version *v);

/*
 * Registers an association between two registered objects; E_REFUSED when it would link two patients, of which only a
 * submission set is capable. place: of what brought it about. Puts folders' lastUpdateTime right.
 */
MUST_CHECK enum rc update_associate(struct update *u, struct association *as, int64_t source, int64_t target,
                                    const char *place, int64_t *id);
/* An association is good only between objects of one patient (ITI TF-2: 3.57.4.1.3.3.1.7, 3.57.4.1.3.3.3.7). */
MUST_CHECK enum rc update_patients_check(struct update *u, int64_t source, int64_t target, const char *place);

/* The associations of the versions before become those of the versions now. */
MUST_CHECK enum rc update_propagate(struct update *u);
