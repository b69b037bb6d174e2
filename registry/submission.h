#pragma once
/*
 * The rules of ITI-42 and ITI-61 (ITI TF-2: 3.42.4.1.3, 3.61.4.1.3; ITI TF-3: 4.1, 4.2, 4.3). Everything that the
 * message alone can tell is judged on its loop; the writer judges the rest and registers. A broken rule is rq_rule's.
 */

#include "base/rc.h"
#include "model/document.h"
#include "registry/store.h"

struct db;
struct request;

/* ITI-42, ITI-61; and metadata updates, where each entry's type says what it is. */
enum submission_kind { SUBMISSION_STABLE, SUBMISSION_ON_DEMAND, SUBMISSION_ANY };

/* An object of the message by its id. */
struct member {
    const char *id; /* as in the message: symbolic or UUID */
    enum object_kind kind;
    const char *logical_id; /* as in the message; NULL when not said */
    const char *patient_id; /* NULL for associations */
    const char *place;
    const char *uuid;   /* once assigned */
    const void *object; /* its struct */
    size_t number;      /* in the order sets, documents, folders, associations */
    bool is_linked;     /* the submission set has it as a member */
};

struct submission_index {
    struct member *members; /* sorted by id */
    size_t count;
};

/* Both ends of an association as members of the message; NULL: not of it. */
struct member_link {
    const struct member *source, *target;
};

/* rq->state of a transaction that submits. */
struct submitting {
    struct submission *submission;
    enum submission_kind kind;
    struct submission_index index;
    struct member_link *links;     /* by the association's position; prepare's */
    struct stored_object *objects; /* by member's number, ready to be added; without patient */
};

/* submission_serve.c: decodes, judges, registers, answers. */
enum rc submission_serve(struct request *rq, enum submission_kind kind);

/* ---- from the message alone; each adds every issue it finds ---- */

/* submission_check.c: all of what follows, and how the objects belong together. Fills index. */
void submission_check(struct request *rq, const struct submission *s, enum submission_kind kind,
                      struct submission_index *index);
/* submission_attributes.c: the attributes of every object by themselves, codes included. */
void submission_attributes_check(struct request *rq, const struct submission *s, enum submission_kind kind);
/* submission_links.c: associations, as far as their ends are in the message. Marks who is_linked. */
void submission_links_check(struct request *rq, const struct submission *s, const struct submission_index *index);

/* What the registry knows of an association type; NULL for one it does not. */
struct association_kind {
    enum link_type type;
    bool is_relationship;      /* between documents, as opposed to HasMember */
    bool target_is_registered; /* the target may not come with the same message */
    bool replaces;             /* the target becomes Deprecated */
};

const struct association_kind *association_kind(const char *type);

/* ---- submission_prepare.c ---- */

/* After check: ids and status are assigned, objects encoded; what remains to be written needs no more thought. */
MUST_CHECK enum rc submission_prepare(struct request *rq, struct submitting *s);

/* ---- on the writer's thread ---- */

/* submission_keep.c: rq->state, checked and prepared, is judged by what is registered, and registered. */
MUST_CHECK enum rc submission_keep(struct db *db, struct request *rq);

/* One end of an association. */
struct end {
    enum object_kind kind;
    const struct member *member;  /* NULL: registered */
    struct stored_object *object; /* the member's, whose id is 0 until it is added; or the registered one */
};

struct keep {
    struct request *rq;
    struct db *db;
    int community;
    struct submitting *s;
    int64_t patient;
    struct keep_link *links; /* by the association's position */
};

struct keep_link {
    const struct association *association;
    struct stored_object *object;
    const struct association_kind *kind;
    struct end source, target;
};

/* submission_judge.c: E_REFUSED with issues. Fills patient and links. */
MUST_CHECK enum rc submission_judge(struct keep *k);
/* submission_effects.c: once all is added, what it does to objects that were there (3.42.4.1.3.5, .6). */
MUST_CHECK enum rc submission_effects(struct keep *k);

/* ---- submission_index.c ---- */

void submission_index_build(struct arena *a, const struct submission *s, struct submission_index *out);
struct member *submission_index_find(const struct submission_index *index, const char *id); /* NULL if there is none */
