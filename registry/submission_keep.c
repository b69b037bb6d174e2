/* Runs on the writer's thread, within one savepoint: a refusal leaves no trace. */
#include "registry/submission.h"

#include "actor/request.h"
#include "base/clock.h"
#include "base/ids.h"
#include "model/oid.h"
#include "msg/ebrim.h"

#include <string.h>

struct keep {
    struct request *rq;
    struct db *db;
    int community;
    struct submission *s;
    struct submission_index index;
    int64_t patient;
};

/* ---- judging ---- */

static enum rc patient_check(struct keep *k)
{
    const struct submission_set *set = k->s->sets;
    enum rc rc = store_patient_find(k->db, k->community, set->patient_id, &k->patient);

    if (rc != E_NOT_FOUND)
        return rc;
    return rq_refuse(k->rq, ISSUE_XDS_UNKNOWN_PATIENT_ID, set->place,
                     "the patient id %s is not known here; feed it first (ITI-44 PRPA_IN201301UV02)", set->patient_id);
}

/* A submission set's or folder's uniqueId is used once in a registry's life (ITI TF-2: 3.42.4.1.3.3.7). */
static enum rc unused_check(struct keep *k, const char *what, const char *unique_id, const char *place)
{
    struct stored_object other;
    enum rc rc = store_object_by_unique_id(k->rq->arena, k->db, k->community, unique_id, &other);

    if (rc == E_NOT_FOUND)
        return OK;
    TRY(rc);
    rq_refuse(k->rq, ISSUE_XDS_DUPLICATE_UNIQUE_ID_IN_REGISTRY, place, "the %s.uniqueId %s is registered already", what,
              unique_id);
    return OK;
}

struct identity {
    struct keep *keep;
    const struct document_entry *document;
};

/* The same document may be registered again, but it must be the same (ITI TF-2: 3.42.4.1.3.3.1). */
static enum rc identity_check(void *user, const struct stored_document *other)
{
    struct identity *i = user;
    const struct document_entry *d = i->document;

    if (other->hash != NULL && strcasecmp(other->hash, d->hash) != 0)
        rq_refuse(i->keep->rq, ISSUE_XDS_NON_IDENTICAL_HASH, d->place,
                  "the uniqueId %s is registered with the hash %s, not %s", d->unique_id, other->hash, d->hash);
    if (other->size != NULL && strcmp(other->size, d->size) != 0)
        rq_refuse(i->keep->rq, ISSUE_XDS_NON_IDENTICAL_SIZE, d->place,
                  "the uniqueId %s is registered with the size %s, not %s", d->unique_id, other->size, d->size);
    return OK;
}

static enum rc unique_ids_check(struct keep *k)
{
    TRY(unused_check(k, "SubmissionSet", k->s->sets->unique_id, k->s->sets->place));
    for (const struct folder *f = k->s->folders; f != NULL; f = f->next)
        TRY(unused_check(k, "Folder", f->unique_id, f->place));
    for (const struct document_entry *d = k->s->documents; d != NULL; d = d->next) {
        struct identity i = { k, d };
        TRY(store_documents_by_unique_id(k->rq->arena, k->db, k->community, d->unique_id, identity_check, &i));
    }
    return OK;
}

/* One end of an association: an object of the message, or a registered one. */
struct end {
    enum object_kind kind;
    bool is_registered, is_deprecated, is_same_patient;
    int64_t id;
};

static enum rc end_find(struct keep *k, const char *id, const char *which, const struct association *as,
                        struct end *out)
{
    const struct member *m = submission_index_find(&k->index, id);
    struct stored_object o;

    if (m != NULL) {
        *out = (struct end){ .kind = m->kind, .is_same_patient = true };
        return OK;
    }
    enum rc rc = id == NULL ? E_NOT_FOUND : store_object_by_uuid(k->rq->arena, k->db, k->community, id, &o);
    if (rc == E_NOT_FOUND)
        return rq_refuse(k->rq, ISSUE_XDS_UNRESOLVED_REFERENCE, as->place,
                         "%s %.80s is neither in this submission nor registered", which, id != NULL ? id : "(none)");
    TRY(rc);
    *out = (struct end){ .kind = o.kind,
                         .is_registered = true,
                         .is_deprecated = o.is_deprecated,
                         .is_same_patient = o.patient == k->patient,
                         .id = o.id };
    return OK;
}

/* ITI TF-2: 3.42.4.1.3.5 */
static enum rc relationship_check(struct keep *k, const struct association_kind *kind, const struct association *as,
                                  const struct end *target)
{
    if (target->kind != OBJECT_DOCUMENT || (kind->target_is_registered && !target->is_registered))
        return rq_refuse(k->rq, ISSUE_XDS_UNRESOLVED_REFERENCE, as->place,
                         "targetObject %.80s is no registered document", as->target);
    if (target->is_deprecated)
        return rq_refuse(k->rq, ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT, as->place, "targetObject %.80s is deprecated",
                         as->target);
    if (!target->is_same_patient)
        return rq_refuse(k->rq, ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH, as->place,
                         "targetObject %.80s belongs to another patient", as->target);
    return OK;
}

/* A folder holds approved documents of its own patient (ITI TF-2: 3.42.4.1.3.3.2, 3.42.4.1.3.4). */
static enum rc membership_check(struct keep *k, const struct association *as, const struct end *source,
                                const struct end *target)
{
    if (source->kind != OBJECT_FOLDER || target->kind != OBJECT_DOCUMENT)
        return OK;
    if (source->is_deprecated || target->is_deprecated)
        return rq_refuse(k->rq, ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT, as->place,
                         "the folder or its new member is deprecated");
    if (!source->is_same_patient || !target->is_same_patient)
        return rq_refuse(k->rq, ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH, as->place,
                         "the folder and its new member belong to different patients");
    return OK;
}

static enum rc association_judge(struct keep *k, const struct association *as)
{
    const struct association_kind *kind = association_kind(as->type);
    struct end source, target;

    TRY(end_find(k, as->source, "sourceObject", as, &source));
    TRY(end_find(k, as->target, "targetObject", as, &target));
    return kind->is_relationship ? relationship_check(k, kind, as, &target) : membership_check(k, as, &source, &target);
}

static enum rc associations_check(struct keep *k)
{
    for (const struct association *as = k->s->associations; as != NULL; as = as->next) {
        enum rc rc = association_judge(k, as);
        if (rc != OK && rc != E_REFUSED) /* refusals are gathered */
            return rc;
    }
    return OK;
}

static enum rc judge(struct keep *k)
{
    TRY(patient_check(k));
    TRY(unique_ids_check(k));
    TRY(associations_check(k));
    return k->rq->issues.errors > 0 ? E_REFUSED : OK;
}

/* ---- registering ---- */

/* UUIDs that were sent stay, symbolic ids become fresh ones (ITI TF-2: 3.42.4.1.3.7). */
static enum rc uuid_assign(struct keep *k, struct member *m)
{
    struct stored_object other;
    enum rc rc;

    if (text_starts(m->id, "urn:uuid:")) {
        m->uuid = m->id;
        rc = store_object_by_uuid(k->rq->arena, k->db, k->community, m->uuid, &other);
        if (rc == OK)
            rq_refuse(k->rq, ISSUE_XDS_REGISTRY_METADATA_ERROR, m->place, "the entryUUID %s is registered already",
                      m->id);
        return rc == E_NOT_FOUND ? OK : rc;
    }
    do { /* a pinned sequence starts anew with the daemon, and may meet its own former ids */
        m->uuid = ids_urn(k->rq->arena);
        rc = store_object_by_uuid(k->rq->arena, k->db, k->community, m->uuid, &other);
    } while (rc == OK);
    return rc == E_NOT_FOUND ? OK : rc;
}

/* In the message's order, so that pinned ids do not depend on how symbolic ids sort. */
static enum rc uuids_assign(struct keep *k)
{
    for (const struct submission_set *o = k->s->sets; o != NULL; o = o->next)
        TRY(uuid_assign(k, submission_index_find(&k->index, o->entry_uuid)));
    for (const struct document_entry *o = k->s->documents; o != NULL; o = o->next)
        TRY(uuid_assign(k, submission_index_find(&k->index, o->entry_uuid)));
    for (const struct folder *o = k->s->folders; o != NULL; o = o->next)
        TRY(uuid_assign(k, submission_index_find(&k->index, o->entry_uuid)));
    for (const struct association *o = k->s->associations; o != NULL; o = o->next)
        TRY(uuid_assign(k, submission_index_find(&k->index, o->entry_uuid)));
    return k->rq->issues.errors > 0 ? E_REFUSED : OK;
}

static const char *resolved(struct keep *k, const char *id)
{
    const struct member *m = submission_index_find(&k->index, id);

    return m != NULL ? m->uuid : id;
}

static enum rc object_add(struct keep *k, enum object_kind kind, const char *uuid, const char *unique_id,
                          const struct buf *xml, int64_t *id)
{
    struct stored_object o = { .kind = kind, .uuid = uuid, .unique_id = unique_id };

    o.patient = kind == OBJECT_ASSOCIATION ? 0 : k->patient;
    store_leaf_cut(k->rq->arena, xml, &o);
    TRY(store_object_add(k->db, k->community, &o));
    *id = o.id;
    return OK;
}

/* Identity and version of a first registration; status is the registry's to give (ITI TF-2: 3.42.4.1.3.3.5). */
#define ENROL(object, resolved_uuid)                                                                                   \
    do {                                                                                                               \
        (object)->entry_uuid = (object)->logical_id = (resolved_uuid);                                                 \
        (object)->version = "1";                                                                                       \
        (object)->availability_status = STATUS_APPROVED;                                                               \
    } while (0)

static enum rc document_keep(struct keep *k, struct document_entry *d)
{
    struct buf *xml = buf_new(k->rq->arena, BUF_MAX_DEFAULT);
    struct xml_writer w;
    int64_t id;

    ENROL(d, resolved(k, d->entry_uuid));
    xw_init(&w, xml);
    ebrim_write_document(&w, d);
    TRY(object_add(k, OBJECT_DOCUMENT, d->entry_uuid, d->unique_id, xml, &id));
    return store_document_add(k->db, id, d);
}

static enum rc set_keep(struct keep *k, struct submission_set *s)
{
    struct buf *xml = buf_new(k->rq->arena, BUF_MAX_DEFAULT);
    struct xml_writer w;
    int64_t id;

    ENROL(s, resolved(k, s->entry_uuid));
    xw_init(&w, xml);
    ebrim_write_submission_set(&w, s);
    return object_add(k, OBJECT_SUBMISSION_SET, s->entry_uuid, s->unique_id, xml, &id);
}

static enum rc folder_keep(struct keep *k, struct folder *f)
{
    struct buf *xml = buf_new(k->rq->arena, BUF_MAX_DEFAULT);
    char *now = arena_alloc(k->rq->arena, CLOCK_DTM_LEN);
    struct xml_writer w;
    int64_t id;

    ENROL(f, resolved(k, f->entry_uuid));
    clock_dtm(clock_now(), now);
    f->last_update_time = now; /* whatever the source sent (ITI TF-2: 3.42.4.1.3.6) */
    xw_init(&w, xml);
    ebrim_write_folder(&w, f);
    return object_add(k, OBJECT_FOLDER, f->entry_uuid, f->unique_id, xml, &id);
}

static enum rc association_keep(struct keep *k, struct association *as)
{
    struct buf *xml = buf_new(k->rq->arena, BUF_MAX_DEFAULT);
    struct xml_writer w;
    struct end target;
    int64_t id;

    if (association_kind(as->type)->replaces) {
        TRY(end_find(k, as->target, "targetObject", as, &target));
        TRY(store_object_deprecate(k->db, target.id));
    }
    ENROL(as, resolved(k, as->entry_uuid));
    as->source = resolved(k, as->source);
    as->target = resolved(k, as->target);
    xw_init(&w, xml);
    ebrim_write_association(&w, as);
    return object_add(k, OBJECT_ASSOCIATION, as->entry_uuid, NULL, xml, &id);
}

static enum rc keep_all(struct keep *k)
{
    for (struct submission_set *o = k->s->sets; o != NULL; o = o->next)
        TRY(set_keep(k, o));
    for (struct document_entry *o = k->s->documents; o != NULL; o = o->next)
        TRY(document_keep(k, o));
    for (struct folder *o = k->s->folders; o != NULL; o = o->next)
        TRY(folder_keep(k, o));
    for (struct association *o = k->s->associations; o != NULL; o = o->next)
        TRY(association_keep(k, o));
    return OK;
}

enum rc submission_keep(struct db *db, struct request *rq)
{
    struct keep k = { .rq = rq, .db = db, .community = rq->community->number, .s = rq->state };

    submission_index_build(rq->arena, k.s, &k.index);
    TRY(judge(&k));
    TRY(uuids_assign(&k));
    return keep_all(&k);
}
