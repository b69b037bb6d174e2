#pragma once
/* The rules of ITI-42 (ITI TF-2: 3.42.4.1.3; ITI TF-3: 4.1, 4.2, 4.3). Each refusal is an issue of the request. */

#include "base/rc.h"
#include "model/document.h"
#include "registry/store.h"

struct db;
struct request;

/* From the message alone: adds every issue it finds. */
void submission_check(struct request *rq, const struct submission *s);

/* rq->state is the struct submission. On the writer's thread: judges it by what is registered, and registers it. */
MUST_CHECK enum rc submission_keep(struct db *db, struct request *rq);

/* What the registry knows of an association type; NULL for one it does not. */
struct association_kind {
    const char *type;
    bool is_relationship;      /* between documents, as opposed to HasMember */
    bool target_is_registered; /* the target may not come with the same message */
    bool replaces;             /* the target becomes Deprecated */
};

const struct association_kind *association_kind(const char *type);

/* ---- submission_index.c: the objects of a message by their ids ---- */

struct member {
    const char *id;   /* as in the message: symbolic or UUID */
    const char *uuid; /* once assigned */
    enum object_kind kind;
    const char *patient_id; /* NULL for associations */
    const char *place;
};

struct submission_index {
    struct member *members; /* sorted by id */
    size_t count;
};

void submission_index_build(struct arena *a, const struct submission *s, struct submission_index *out);
struct member *submission_index_find(const struct submission_index *index, const char *id); /* NULL if there is none */
