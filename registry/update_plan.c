/*
 * A message of ITI-57 or ITI-92 into its operations. What triggers one: a document or folder with a logicalID of its
 * own (ITI TF-2: 3.57.4.1.3.3.1, 3.57.4.1.3.3.3), and some associations (update_requests.c).
 */
#include "registry/update_plan.h"

#include "actor/request.h"
#include "model/oid.h"

#include <stdlib.h>
#include <string.h>

const struct update_rules update_of_documents = {
    .initial = RULE_MU_INITIAL,
    .annotation = RULE_MU_ANNOTATION,
    .previous = RULE_MU_PREVIOUS,
    .propagation = RULE_MU_PROPAGATION,
    .kind = RULE_MU_KIND,
    .unique_id = RULE_MU_UNIQUE_ID,
    .type = RULE_MU_TYPE,
};

const struct update_rules restricted_update = {
    .is_restricted = true,
    .initial = RULE_RMU_INITIAL,
    .annotation = RULE_RMU_ANNOTATION,
    .previous = RULE_RMU_PREVIOUS,
    .propagation = RULE_RMU_PROPAGATION,
    .kind = RULE_RMU_KIND,
    .unique_id = RULE_RMU_UNIQUE_ID,
    .type = RULE_RMU_TYPE,
};

/* ---- finding ---- */

void plan_table_add(struct plan_table *t, const char *key, struct association *as)
{
    t->entries[t->count++] = (struct plan_entry){ key, as };
}

static int entry_compare(const void *a, const void *b)
{
    return strcmp(((const struct plan_entry *)a)->key, ((const struct plan_entry *)b)->key);
}

void plan_table_sort(struct plan_table *t)
{
    qsort(t->entries, t->count, sizeof(*t->entries), entry_compare);
}

struct association *plan_table_find(const struct plan_table *t, const char *key)
{
    struct plan_entry wanted = { .key = key };

    if (key == NULL || t->count == 0)
        return NULL;
    const struct plan_entry *e = bsearch(&wanted, t->entries, t->count, sizeof(wanted), entry_compare);
    return e == NULL ? NULL : e->association;
}

bool plan_is_of_set(const struct plan *p, const struct association *as)
{
    return as->source != NULL && text_equal(as->source, p->s->sets->entry_uuid);
}

/* Two could contradict each other. */
static void twins_check(struct plan *p)
{
    const struct plan_entry *e = p->by_target.entries;

    for (size_t i = 1; i < p->by_target.count; i++)
        if (text_equal(e[i].key, e[i - 1].key))
            rq_rule(p->u->rq, p->u->rules->annotation, e[i].association->place,
                    "the SubmissionSet has a HasMember of %.80s already; one says what there is to say", e[i].key);
}

static void associations_index(struct plan *p)
{
    struct arena *a = p->u->rq->arena;
    size_t n = 0;

    for (struct association *as = p->s->associations; as != NULL; as = as->next)
        n++;
    p->by_id.entries = ARENA_ARRAY(a, struct plan_entry, n);
    p->by_target.entries = ARENA_ARRAY(a, struct plan_entry, n);
    p->submitted.entries = ARENA_ARRAY(a, struct plan_entry, n);
    p->u->members = ARENA_ARRAY(a, struct association *, n);
    for (struct association *as = p->s->associations; as != NULL; as = as->next) {
        if (!text_absent(as->entry_uuid))
            plan_table_add(&p->by_id, as->entry_uuid, as);
        if (text_equal(as->type, ASSOC_HAS_MEMBER) && plan_is_of_set(p, as) && as->target != NULL)
            plan_table_add(&p->by_target, as->target, as);
    }
    plan_table_sort(&p->by_id);
    plan_table_sort(&p->by_target);
    twins_check(p);
}

const struct slot *plan_slot(const struct association *as, const char *name)
{
    for (const struct slot *s = as->extra; s != NULL; s = s->next)
        if (text_equal(s->name, name))
            return s;
    return NULL;
}

const char *update_slot(const struct association *as, const char *name)
{
    const struct slot *s = plan_slot(as, name);

    return s == NULL || s->values == NULL || s->values->next != NULL ? NULL : s->values->text;
}

/* ---- new versions ---- */

static void logical_id_check(struct plan *p, const struct update_version *v)
{
    if (text_absent(v->lid) || text_equal(v->lid, v->id))
        rq_rule(p->u->rq, p->u->rules->initial, v->place,
                "%.80s is no new version of anything: @lid must be the logicalID of what is registered; first versions "
                "go by ITI-42",
                v->id);
    else if (!is_uuid_urn(v->lid))
        rq_rule(p->u->rq, RULE_MU_LOGICAL_ID, v->place, "@lid %.80s of %.80s is no UUID in lower case", v->lid, v->id);
}

/* 0 for what is no version number. */
static int version_parse(const char *text)
{
    if (text == NULL || text[0] == '\0' || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text))
        return 0;
    return (int)strtol(text, NULL, 10);
}

static void propagation_read(struct plan *p, const struct association *member, struct update_version *v)
{
    static const char name[] = "AssociationPropagation";

    v->propagates = plan_slot(member, name) == NULL || text_equal(update_slot(member, name), "yes");
    if (!v->propagates && !text_equal(update_slot(member, name), "no"))
        rq_rule(p->u->rq, p->u->rules->propagation, member->place,
                "the slot %s in the HasMember of %.80s may have the value yes or no", name, v->id);
}

static void annotation_read(struct plan *p, struct update_version *v)
{
    const struct association *member = plan_table_find(&p->by_target, v->id);

    if (member == NULL) {
        rq_rule(p->u->rq, p->u->rules->annotation, v->place,
                "no HasMember links the SubmissionSet to %.80s and says which version it follows", v->id);
        return;
    }
    v->previous = version_parse(update_slot(member, "PreviousVersion"));
    if (v->previous == 0)
        rq_rule(p->u->rq, p->u->rules->previous, member->place,
                "the HasMember of %.80s needs a slot PreviousVersion with one number, the version that is the latest "
                "now",
                v->id);
    propagation_read(p, member, v);
}

static void version_plan(struct plan *p, struct update_version v)
{
    if (v.id == NULL)
        v.id = ""; /* submission_check says so */
    logical_id_check(p, &v);
    annotation_read(p, &v);
    p->u->versions[p->u->version_count++] = v;
}

static void documents_plan(struct plan *p)
{
    for (struct document_entry *d = p->s->documents; d != NULL; d = d->next)
        version_plan(p, (struct update_version){ .kind = OBJECT_DOCUMENT,
                                                 .document = d,
                                                 .id = d->entry_uuid,
                                                 .lid = d->logical_id,
                                                 .unique_id = d->unique_id,
                                                 .object_type = d->object_type,
                                                 .place = d->place });
}

static void folders_plan(struct plan *p)
{
    for (struct folder *f = p->s->folders; f != NULL; f = f->next) {
        if (p->u->rules->is_restricted)
            rq_rule(p->u->rq, RULE_RMU_FOLDER, f->place, "%.80s is a Folder, which ITI-57 updates, but not ITI-92",
                    f->entry_uuid != NULL ? f->entry_uuid : "");
        version_plan(p, (struct update_version){ .kind = OBJECT_FOLDER,
                                                 .folder = f,
                                                 .id = f->entry_uuid,
                                                 .lid = f->logical_id,
                                                 .unique_id = f->unique_id,
                                                 .place = f->place });
    }
}

static int version_compare(const void *a, const void *b)
{
    const char *x = ((const struct update_version *)a)->lid, *y = ((const struct update_version *)b)->lid;

    return strcmp(x != NULL ? x : "", y != NULL ? y : "");
}

/* Of two with one logicalID, which is refused, always the same comes first. */
static int version_order(const void *a, const void *b)
{
    int order = version_compare(a, b);

    return order != 0 ? order : strcmp(((const struct update_version *)a)->id, ((const struct update_version *)b)->id);
}

static int version_id_compare(const void *a, const void *b)
{
    return strcmp((*(struct update_version *const *)a)->id, (*(struct update_version *const *)b)->id);
}

static void versions_index(struct plan *p)
{
    struct update *u = p->u;

    qsort(u->versions, u->version_count, sizeof(*u->versions), version_order);
    for (size_t i = 0; i < u->version_count; i++) {
        u->by_id[i] = &u->versions[i];
        if (i > 0 && !text_absent(u->versions[i].lid) && text_equal(u->versions[i].lid, u->versions[i - 1].lid))
            rq_rule(u->rq, RULE_MU_ONCE, u->versions[i].place, "%.80s and %.80s are both new versions of %.80s",
                    u->versions[i - 1].id, u->versions[i].id, u->versions[i].lid);
    }
    qsort(u->by_id, u->version_count, sizeof(*u->by_id), version_id_compare);
}

static void versions_plan(struct plan *p)
{
    size_t n = 0;

    for (const struct document_entry *d = p->s->documents; d != NULL; d = d->next)
        n++;
    for (const struct folder *f = p->s->folders; f != NULL; f = f->next)
        n++;
    p->u->versions = ARENA_ARRAY(p->u->rq->arena, struct update_version, n);
    p->u->by_id = ARENA_ARRAY(p->u->rq->arena, struct update_version *, n);
    documents_plan(p);
    folders_plan(p);
    versions_index(p);
}

struct update_version *update_version_by_id(const struct update *u, const char *id)
{
    struct update_version wanted = { .id = id }, *key = &wanted;

    if (id == NULL || u->version_count == 0)
        return NULL;
    struct update_version **v = bsearch(&key, u->by_id, u->version_count, sizeof(*u->by_id), version_id_compare);
    return v == NULL ? NULL : *v;
}

struct update_version *update_version_by_lid(const struct update *u, const char *lid)
{
    struct update_version wanted = { .lid = lid };

    if (lid == NULL || u->version_count == 0)
        return NULL;
    return bsearch(&wanted, u->versions, u->version_count, sizeof(wanted), version_compare);
}

/* ---- the whole ---- */

/* What will be registered keeps the rules of a registration: attributes, ids, codes (ITI TF-2: 3.57.4.1.2). */
static void kept_check(struct plan *p)
{
    struct update *u = p->u;

    submission_check(u->rq, &u->kept, SUBMISSION_ANY, &u->index);
    for (struct update_link *l = u->links; l != NULL; l = l->next) {
        *p->kept_end = l->association;
        l->association->next = NULL;
        p->kept_end = &l->association->next;
    }
}

/* submission_check saw the ids of all but the associations by themselves. */
static void link_ids_check(struct update *u)
{
    for (size_t i = 1; i < u->index.count; i++) {
        const struct member *m = &u->index.members[i], *before = m - 1;
        if (m->id[0] != '\0' && text_equal(m->id, before->id))
            rq_rule(u->rq, RULE_REQ_ID_TWICE, m->place, "two objects have the @id %.80s", m->id);
    }
    for (const struct update_link *l = u->links; l != NULL; l = l->next)
        if (text_starts(l->association->entry_uuid, "urn:uuid:") && !is_uuid_urn(l->association->entry_uuid))
            rq_rule(u->rq, RULE_REQ_UUID, l->association->place, "@id %.80s is no UUID in lower case",
                    l->association->entry_uuid);
}

static void nothing_check(struct update *u)
{
    if (u->version_count == 0 && u->statuses == NULL && u->links == NULL)
        rq_rule(u->rq, RULE_MU_NOTHING, u->kept.sets->place,
                "the submission of %.80s asks for no update: there is neither a new version nor a change of status nor "
                "an association",
                u->kept.sets->entry_uuid);
}

void update_plan(struct request *rq, const struct submission *s, const struct update_rules *rules, struct update *out)
{
    struct plan p = { .u = out, .s = s };

    *out = (struct update){ .rq = rq, .sent = s, .rules = rules };
    out->kept = (struct submission){ .sets = s->sets, .documents = s->documents, .folders = s->folders };
    p.kept_end = &out->kept.associations;
    p.statuses_end = &out->statuses;
    p.links_end = &out->links;
    if (s->sets != NULL) { /* without it nothing is asked for by anybody: submission_check says so */
        associations_index(&p);
        versions_plan(&p);
        plan_requests(&p);
    }
    kept_check(&p);
    submission_index_build(rq->arena, &out->kept, &out->index);
    if (out->links != NULL)
        link_ids_check(out);
    if (rq->issues.errors == 0)
        nothing_check(out);
}
