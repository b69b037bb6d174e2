/*
 * A submission against what is registered. Runs on the writer's thread, so that nothing changes between the judgement
 * and the registration.
 */
#include "registry/submission.h"

#include "actor/request.h"

#include <strings.h>

/* ---- the patient ---- */

static enum rc patient_check(struct keep *k)
{
    const struct submission_set *set = k->s->submission->sets;
    struct stored_patient patient;
    enum rc rc = store_patient_find(k->rq->arena, k->db, k->community, set->patient_id, &patient);

    if (rc == E_NOT_FOUND) {
        rq_rule(k->rq, RULE_REG_PATIENT, set->place,
                "the patient id %.80s is not known here; feed it first (ITI-8 or ITI-44)", set->patient_id);
        return OK;
    }
    TRY(rc);
    k->patient = patient.id;
    if (patient.surviving == patient.id)
        return OK;
    TRY(store_patient_by_id(k->rq->arena, k->db, patient.surviving, &patient));
    rq_rule(k->rq, RULE_REG_PATIENT_MERGED, set->place, "the patient id %.80s was merged into %.80s; submit under that",
            set->patient_id, patient.cx);
    return OK;
}

/* ---- ids that are taken ---- */

/* An object of the message, beside those registered under its uniqueId. */
struct identity {
    struct keep *keep;
    const struct document_entry *document; /* NULL: a submission set or folder */
    enum rule taken;
    const char *noun, *unique_id, *place;
};

static void same_document_check(const struct identity *i, const struct stored_object *other)
{
    const struct document_entry *d = i->document;
    const char *hash = keys_next(other->keys, KEY_HASH, NULL), *size = keys_next(other->keys, KEY_SIZE, NULL);

    if (hash != NULL && strcasecmp(hash, d->hash) != 0)
        rq_rule(i->keep->rq, RULE_REG_HASH, i->place, "the uniqueId %.80s is registered with the hash %.40s, not %.40s",
                i->unique_id, hash, d->hash);
    if (size != NULL && strcmp(size, d->size) != 0)
        rq_rule(i->keep->rq, RULE_REG_SIZE, i->place, "the uniqueId %.80s is registered with the size %.20s, not %.20s",
                i->unique_id, size, d->size);
}

/* The same document may be registered again, under another entryUUID, if it is the same. */
static enum rc identity_check(void *user, struct stored_object *other)
{
    const struct identity *i = user;

    if (i->document == NULL || other->kind != OBJECT_DOCUMENT)
        rq_rule(i->keep->rq, i->taken, i->place, "the %s.uniqueId %.80s is registered already; each is used once",
                i->noun, i->unique_id);
    else if (i->keep->s->kind == SUBMISSION_STABLE)
        same_document_check(i, other);
    else if (!keys_have(other->keys, KEY_OBJECT_TYPE, TYPE_ON_DEMAND_DOCUMENT))
        rq_rule(i->keep->rq, RULE_REG_ON_DEMAND_UNIQUE_ID, i->place,
                "the uniqueId %.80s is that of a stable document; an on-demand entry needs its own", i->unique_id);
    return OK;
}

static enum rc identities_of(struct identity i)
{
    return store_objects_by_unique_id(i.keep->rq->arena, i.keep->db, i.keep->community, i.unique_id, identity_check,
                                      &i);
}

static enum rc unique_ids_check(struct keep *k)
{
    const struct submission *all = k->s->submission;
    const struct submission_set *set = all->sets;

    TRY(identities_of(
        (struct identity){ k, NULL, RULE_REG_SET_UNIQUE_ID, "SubmissionSet", set->unique_id, set->place }));
    for (const struct folder *f = all->folders; f != NULL; f = f->next)
        TRY(identities_of((struct identity){ k, NULL, RULE_REG_FOLDER_UNIQUE_ID, "Folder", f->unique_id, f->place }));
    for (const struct document_entry *d = all->documents; d != NULL; d = d->next)
        TRY(identities_of(
            (struct identity){ k, d, RULE_REG_DOCUMENT_UNIQUE_ID, "DocumentEntry", d->unique_id, d->place }));
    return OK;
}

/* Those that we made are new. */
static enum rc uuids_check(struct keep *k)
{
    for (size_t i = 0; i < k->s->index.count; i++) {
        const struct member *m = &k->s->index.members[i];
        struct stored_object other;
        if (!text_starts(m->id, "urn:uuid:"))
            continue;
        enum rc rc = store_object_by_uuid(k->rq->arena, k->db, k->community, m->id, &other);
        if (rc == E_NOT_FOUND)
            continue;
        TRY(rc);
        rq_rule(k->rq, RULE_REG_UUID, m->place,
                "the entryUUID %s is registered already; send another, or a symbolic id", m->id);
    }
    return OK;
}

/* ---- associations ---- */

static enum rc end_find(struct keep *k, const struct member *m, const char *id, struct end *out)
{
    struct stored_object *o = ARENA_NEW(k->rq->arena, struct stored_object);

    if (m != NULL) {
        *out = (struct end){ .kind = m->kind, .member = m, .object = &k->s->objects[m->number] };
        return OK;
    }
    if (id == NULL)
        return E_NOT_FOUND;
    TRY(store_object_by_uuid(k->rq->arena, k->db, k->community, id, o));
    *out = (struct end){ .kind = o->kind, .object = o };
    return OK;
}

static enum rc ends_find(struct keep *k, struct keep_link *l, const struct member_link *members, bool *are_there)
{
    const struct association *as = l->association;
    enum rc source = end_find(k, members->source, as->source, &l->source);
    enum rc target = end_find(k, members->target, as->target, &l->target);

    *are_there = source == OK && target == OK;
    if (source == E_NOT_FOUND)
        rq_rule(k->rq, RULE_AS_SOURCE, as->place, "sourceObject %.80s is neither in this submission nor registered",
                as->source != NULL ? as->source : "(none)");
    else
        TRY(source);
    if (target == E_NOT_FOUND)
        rq_rule(k->rq, RULE_AS_TARGET, as->place, "targetObject %.80s is neither in this submission nor registered",
                as->target != NULL ? as->target : "(none)");
    else
        TRY(target);
    return OK;
}

static bool is_of_patient(const struct keep *k, const struct end *e)
{
    return e->member != NULL || e->object->patient == k->patient;
}

static bool is_on_demand(const struct end *e)
{
    return keys_have(e->object->keys, KEY_OBJECT_TYPE, TYPE_ON_DEMAND_DOCUMENT);
}

/* What transforms and replaces stands for itself: it may have addenda. */
static bool is_transformation(enum link_type type)
{
    return type == LINK_XFRM;
}

static enum rc transformation_note(void *user, const struct stored_link *l)
{
    bool *found = user;

    *found = *found || is_transformation(l->type);
    return OK;
}

/* Nothing is appended to what came about by a transformation (ITI TF-3: 4.2.2.2.1). */
static enum rc append_check(struct keep *k, const struct keep_link *l)
{
    bool found = false;

    if (l->kind->type != LINK_APND)
        return OK;
    if (l->target.member == NULL)
        TRY(store_links_from(k->rq->arena, k->db, l->target.object->id, transformation_note, &found));
    for (const struct keep_link *other = k->links; l->target.member != NULL && other->association != NULL; other++)
        found = found || (other->source.member == l->target.member && other->kind != NULL &&
                          is_transformation(other->kind->type));
    if (found)
        rq_rule(k->rq, RULE_AS_APPEND, l->association->place,
                "targetObject %.80s is a transformation; append to the document it was made from",
                l->association->target);
    return OK;
}

static void snapshot_check(struct keep *k, const struct keep_link *l)
{
    if (l->kind->type == LINK_IS_SNAPSHOT_OF && (is_on_demand(&l->source) || !is_on_demand(&l->target)))
        rq_rule(k->rq, RULE_AS_SNAPSHOT, l->association->place,
                "IsSnapshotOf leads from a stable document to an on-demand one; this leads from %s to %s",
                is_on_demand(&l->source) ? "an on-demand one" : "a stable one",
                is_on_demand(&l->target) ? "an on-demand one" : "a stable one");
}

static enum rc relationship_check(struct keep *k, const struct keep_link *l)
{
    const struct association *as = l->association;
    const struct end *target = &l->target;

    if (target->kind != OBJECT_DOCUMENT || (l->kind->target_is_registered && target->member != NULL)) {
        rq_rule(k->rq, RULE_AS_RELATION_TARGET, as->place, "targetObject %.80s is no %sDocumentEntry", as->target,
                l->kind->target_is_registered ? "registered " : "");
        return OK;
    }
    if (target->object->is_deprecated)
        rq_rule(k->rq, RULE_AS_RELATION_APPROVED, as->place,
                "targetObject %.80s is Deprecated; name its latest version or replacement", as->target);
    if (!is_of_patient(k, target))
        rq_rule(k->rq, RULE_AS_RELATION_PATIENT, as->place, "targetObject %.80s belongs to another patient",
                as->target);
    snapshot_check(k, l);
    return append_check(k, l);
}

static void folder_check(struct keep *k, const struct keep_link *l)
{
    if (l->source.object->is_deprecated || l->target.object->is_deprecated)
        rq_rule(k->rq, RULE_AS_FOLDER_APPROVED, l->association->place, "%s %.80s is Deprecated",
                l->source.object->is_deprecated ? "the Folder" : "the DocumentEntry",
                l->source.object->is_deprecated ? l->association->source : l->association->target);
    if (!is_of_patient(k, &l->source) || !is_of_patient(k, &l->target))
        rq_rule(k->rq, RULE_AS_FOLDER_PATIENT, l->association->place, "%s %.80s belongs to another patient",
                is_of_patient(k, &l->source) ? "the DocumentEntry" : "the Folder",
                is_of_patient(k, &l->source) ? l->association->target : l->association->source);
}

/* What submission_links_check could not see: the end that is registered. */
static void membership_check(struct keep *k, const struct keep_link *l)
{
    const struct association *as = l->association;
    bool is_set = l->source.kind == OBJECT_SUBMISSION_SET;

    if (is_set && l->source.member == NULL)
        rq_rule(k->rq, RULE_AS_SET, as->place,
                "sourceObject %.80s is a SubmissionSet that is registered; name this submission's", as->source);
    else if (l->source.kind == OBJECT_DOCUMENT || l->source.kind == OBJECT_ASSOCIATION)
        rq_rule(k->rq, RULE_AS_MEMBERS, as->place,
                "sourceObject %.80s is neither SubmissionSet nor Folder, and has no members", as->source);
    else if (l->source.kind == OBJECT_FOLDER && l->target.kind != OBJECT_DOCUMENT)
        rq_rule(k->rq, RULE_AS_MEMBERS, as->place,
                "targetObject %.80s is no DocumentEntry; a Folder has no other members", as->target);
    else if (l->source.kind == OBJECT_FOLDER)
        folder_check(k, l);
    else if (l->target.member == NULL && l->target.kind == OBJECT_DOCUMENT && as->submission_set_status == NULL)
        rq_rule(k->rq, RULE_AS_STATUS, as->place,
                "SubmissionSetStatus is missing; for a DocumentEntry that is registered it must be Reference");
}

static enum rc links_check(struct keep *k)
{
    size_t n = 0;

    k->links = ARENA_ARRAY(k->rq->arena, struct keep_link, k->s->index.count + 1);
    for (const struct association *as = k->s->submission->associations; as != NULL; as = as->next)
        k->links[n++] = (struct keep_link){ .association = as, .kind = association_kind(as->type) };
    for (size_t i = 0; i < n; i++) {
        struct keep_link *l = &k->links[i];
        bool are_there;
        l->object = &k->s->objects[k->s->index.count - n + i];
        TRY(ends_find(k, l, &k->s->links[i], &are_there));
        if (are_there && l->kind->is_relationship)
            TRY(relationship_check(k, l));
        else if (are_there)
            membership_check(k, l);
    }
    return OK;
}

enum rc submission_judge(struct keep *k)
{
    TRY(patient_check(k));
    TRY(unique_ids_check(k));
    TRY(uuids_check(k));
    TRY(links_check(k));
    return k->rq->issues.errors > 0 ? E_REFUSED : OK;
}
