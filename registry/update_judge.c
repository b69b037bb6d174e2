/* What an update asks for, held against what is registered (ITI TF-2: 3.57.4.1.3.3). */
#include "registry/update.h"

#include "actor/request.h"

#include <string.h>

/* ---- the submission set ---- */

static enum rc patient_judge(struct update *u)
{
    const struct submission_set *set = u->kept.sets;
    struct stored_patient patient;
    enum rc rc = store_patient_find(u->rq->arena, u->db, u->community, set->patient_id, &patient);

    if (rc == E_NOT_FOUND) {
        rq_rule(u->rq, RULE_REG_PATIENT, set->place,
                "the patient id %.80s of %.80s is not known here; feed it first (ITI-8 or ITI-44)", set->patient_id,
                set->entry_uuid);
        return OK;
    }
    TRY(rc);
    if (patient.surviving != patient.id)
        rq_rule(u->rq, RULE_REG_PATIENT_MERGED, set->place,
                "the patient id %.80s of %.80s was merged into another; name that one", set->patient_id,
                set->entry_uuid);
    u->patient = patient.id;
    return OK;
}

static enum rc set_taken(void *user, struct stored_object *o UNUSED)
{
    struct update *u = user;
    const struct submission_set *set = u->kept.sets;

    rq_rule(u->rq, RULE_REG_SET_UNIQUE_ID, set->place,
            "the SubmissionSet.uniqueId %.80s of %.80s is registered already", set->unique_id, set->entry_uuid);
    return E_EXISTS; /* one is enough */
}

static enum rc set_judge(struct update *u)
{
    enum rc rc = store_objects_by_unique_id(u->rq->arena, u->db, u->community, u->kept.sets->unique_id, set_taken, u);

    return rc == E_EXISTS ? OK : rc;
}

/* UUIDs that were sent must be new; symbolic ids get theirs later (ITI TF-2: 3.42.4.1.3.7). */
static enum rc uuids_judge(struct update *u)
{
    for (size_t i = 0; i < u->index.count; i++) {
        const struct member *m = &u->index.members[i];
        struct stored_object other;
        if (!text_starts(m->id, "urn:uuid:"))
            continue;
        enum rc rc = store_object_by_uuid(u->rq->arena, u->db, u->community, m->id, &other);
        if (rc == OK)
            rq_rule(u->rq, RULE_REG_UUID, m->place,
                    "the entryUUID %s is registered already; a new version has a new one", m->id);
        if (rc != OK && rc != E_NOT_FOUND)
            return rc;
    }
    return OK;
}

/* ---- new versions ---- */

static const char *const kind_names[] = {
    [OBJECT_DOCUMENT] = "DocumentEntry",
    [OBJECT_SUBMISSION_SET] = "SubmissionSet",
    [OBJECT_FOLDER] = "Folder",
    [OBJECT_ASSOCIATION] = "Association",
};

static void version_compare(struct update *u, const struct update_version *v)
{
    const struct update_rules *rules = u->rules;
    const char *type = keys_next(v->latest.keys, KEY_OBJECT_TYPE, NULL);

    if (v->previous != v->latest.version)
        rq_rule(u->rq, RULE_MU_LATEST, v->place,
                "%.80s follows version %d of %s, but the latest is version %d: query it, and change that", v->id,
                v->previous, v->lid, v->latest.version);
    if (!text_equal(v->unique_id, v->latest.unique_id))
        rq_rule(u->rq, rules->unique_id, v->place, "uniqueId %.80s of %.80s must be %s, as in the version before",
                v->unique_id, v->id, v->latest.unique_id);
    if (v->kind == OBJECT_DOCUMENT && type != NULL && !text_equal(v->object_type, type))
        rq_rule(u->rq, rules->type, v->place, "objectType %.80s of %.80s must be %s, as in the version before",
                v->object_type, v->id, type);
}

static enum rc version_judge(struct update *u, struct update_version *v)
{
    enum rc rc = store_object_latest(u->rq->arena, u->db, u->community, v->lid, &v->latest);

    if (rc == E_NOT_FOUND) {
        rq_rule(u->rq, RULE_MU_KNOWN, v->place,
                "%.80s follows version %d of %s, but nothing with that logicalID is registered", v->id, v->previous,
                v->lid);
        return OK;
    }
    TRY(rc);
    if (v->latest.kind != v->kind) {
        rq_rule(u->rq, u->rules->kind, v->place, "%.80s is a %s, but %s is a %s", v->id, kind_names[v->kind], v->lid,
                kind_names[v->latest.kind]);
        return OK;
    }
    version_compare(u, v);
    return u->rules->is_restricted ? update_restricted_check(u, v) : OK;
}

/* ---- ends ---- */

/* E_NOT_FOUND: refused. What is registered and gets a new version by this message is still the version before. */
static enum rc end_find(struct update *u, const char *id, const struct association *as, const char *which,
                        struct update_end *out)
{
    enum rc rc;

    *out = (struct update_end){ .version = update_version_by_id(u, id) };
    if (out->version != NULL)
        return OK;
    rc = id == NULL ? E_NOT_FOUND : store_object_by_uuid(u->rq->arena, u->db, u->community, id, &out->object);
    if (rc == E_NOT_FOUND)
        rq_rule(u->rq, RULE_MU_END, as->place,
                "Association %.80s: %s %.80s is neither a new version in this message nor registered", as->entry_uuid,
                which, id != NULL ? id : "(none)");
    return rc;
}

static enum object_kind end_kind(const struct update_end *e)
{
    return e->version != NULL ? e->version->kind : e->object.kind;
}

static void refuse(struct update *u, enum rule rule, const struct association *as, const char *id, const char *why)
{
    rq_rule(u->rq, rule, as->place, "Association %.80s: %.80s %s", as->entry_uuid, id, why);
}

/* ---- changes of status ---- */

static enum rc latest_judge(struct update *u, const struct update_status *s)
{
    const struct stored_object *o = &s->target.object;
    struct stored_object latest;

    TRY(store_object_latest(u->rq->arena, u->db, u->community, o->lid, &latest));
    if (latest.id != o->id)
        refuse(u, RULE_MU_STATUS_LATEST, s->request, o->uuid, "is not the latest version");
    return OK;
}

/* Memberships in submission sets say what was submitted, and stay (ITI TF-2: 3.57.4.1.3.3.5). */
static enum rc association_judge(struct update *u, const struct update_status *s)
{
    struct stored_link link;
    struct stored_object source;

    TRY(store_link_of(u->db, s->target.object.id, &link));
    TRY(store_object_by_id(u->rq->arena, u->db, link.source, &source));
    if (source.kind == OBJECT_SUBMISSION_SET)
        refuse(u, RULE_MU_STATUS_FIXED, s->request, s->target.object.uuid, "links a SubmissionSet to its content");
    return OK;
}

static enum rc set_status_judge(struct update *u, const struct update_status *s)
{
    refuse(u, RULE_MU_STATUS_FIXED, s->request, s->target.object.uuid, "is a SubmissionSet");
    return OK;
}

static enum rc (*const status_judges[])(struct update *u, const struct update_status *s) = {
    [OBJECT_DOCUMENT] = latest_judge,
    [OBJECT_SUBMISSION_SET] = set_status_judge,
    [OBJECT_FOLDER] = latest_judge,
    [OBJECT_ASSOCIATION] = association_judge,
};

/* A change of what gets a new version by this message is one of the new version (ITI TF-2: 3.57.4.1.3.1). */
static void status_redirect(struct update *u, struct update_status *s)
{
    struct update_version *v = s->target.version != NULL ? NULL : update_version_by_lid(u, s->target.object.lid);

    if (v != NULL && v->latest.id == s->target.object.id)
        s->target.version = v;
}

static enum rc status_judge(struct update *u, struct update_status *s)
{
    const struct stored_object *o = &s->target.object;
    enum rc rc = end_find(u, s->request->target, s->request, "targetObject", &s->target);

    if (rc != OK)
        return rc == E_NOT_FOUND ? OK : rc;
    status_redirect(u, s);
    if (s->target.version != NULL)
        o = &s->target.version->latest; /* whose status the new version takes over */
    else
        TRY(status_judges[o->kind](u, s));
    if (o->is_deprecated != s->was_deprecated)
        refuse(u, RULE_MU_STATUS_NOW, s->request, s->request->target,
               s->was_deprecated ? "is Approved now, not Deprecated" : "is Deprecated now, not Approved");
    return OK;
}

/* ---- associations by themselves (ITI TF-2: 3.57.4.1.3.3.6) ---- */

static bool is_current(const struct update *u, const struct update_end *e)
{
    const struct update_version *v = e->version != NULL ? e->version : update_version_by_lid(u, e->object.lid);

    return v == NULL ? !e->object.is_deprecated : e->version != NULL && !v->latest.is_deprecated;
}

static void end_judge(struct update *u, const struct update_link *l, const struct update_end *e, const char *id,
                      enum object_kind wanted)
{
    const struct association *as = l->association;

    if (end_kind(e) != wanted)
        refuse(u, RULE_MU_LINK_KIND, as, id, wanted == OBJECT_FOLDER ? "is no Folder" : "is no DocumentEntry");
    else if (!is_current(u, e))
        refuse(u, RULE_MU_LINK_CURRENT, as, id, "is deprecated, or will be by this message");
    if (e->version != NULL && e->version->propagates)
        refuse(u, RULE_MU_LINK_PROPAGATION, as, id,
               "takes over the associations of the version before; with AssociationPropagation no it may be given "
               "others");
}

static enum rc ends_find(struct update *u, struct update_link *l, bool *found)
{
    const struct association *as = l->association;
    enum rc source = end_find(u, as->source, as, "sourceObject", &l->source);
    enum rc target = end_find(u, as->target, as, "targetObject", &l->target);

    *found = source == OK && target == OK;
    if (source != OK && source != E_NOT_FOUND)
        return source;
    return target == E_NOT_FOUND ? OK : target;
}

static enum rc link_judge(struct update *u, struct update_link *l)
{
    bool found;

    TRY(ends_find(u, l, &found));
    if (!found)
        return OK;
    end_judge(u, l, &l->source, l->association->source, l->kind->is_relationship ? OBJECT_DOCUMENT : OBJECT_FOLDER);
    end_judge(u, l, &l->target, l->association->target, OBJECT_DOCUMENT);
    return OK;
}

enum rc update_judge(struct update *u)
{
    TRY(patient_judge(u));
    TRY(set_judge(u));
    TRY(uuids_judge(u));
    for (size_t i = 0; i < u->version_count; i++)
        TRY(version_judge(u, &u->versions[i]));
    for (struct update_status *s = u->statuses; s != NULL; s = s->next)
        TRY(status_judge(u, s));
    for (struct update_link *l = u->links; l != NULL; l = l->next)
        TRY(link_judge(u, l));
    return u->rq->issues.errors > 0 ? E_REFUSED : OK;
}
