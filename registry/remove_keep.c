/*
 * Removing objects from the registry (ITI TF-2: 3.62.4.1.3): every id must be known, no association may be left that
 * names what goes, and no object may be left that its submission set has lost. The order of the ids does not matter;
 * the order of these three checks does: each says something only of a request that passed the one before.
 */
#include "registry/remove_keep.h"

#include "actor/request.h"
#include "msg/remove_objects.h"
#include "registry/sleepers.h"
#include "registry/store.h"

#include <stdlib.h>

struct victim {
    struct stored_object object;
    const char *place;
    size_t number; /* in the message */
};

struct removal {
    struct request *rq;
    struct db *db;
    struct victim *victims; /* by row id, each once */
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct victim *)a)->object.id, y = ((const struct victim *)b)->object.id;

    return (x > y) - (x < y);
}

/* Of two that are one, the first of the message comes first. */
static int by_id_and_number(const void *a, const void *b)
{
    const struct victim *x = a, *y = b;
    int order = by_id(a, b);

    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static bool goes(const struct removal *r, int64_t object)
{
    struct victim key = { .object.id = object };

    return bsearch(&key, r->victims, r->count, sizeof(key), by_id) != NULL;
}

static enum rc verdict(const struct removal *r)
{
    return r->rq->issues.errors > 0 ? E_REFUSED : OK;
}

/* ---- what goes ---- */

static enum rc victim_find(struct removal *r, const struct object_ref *ref)
{
    struct victim *v = &r->victims[r->count];
    bool woke;

    TRY(sleeper_wake(r->db, r->rq, ref->id, &woke));
    enum rc rc = store_object_by_uuid(r->rq->arena, r->db, r->rq->community->number, ref->id, &v->object);

    if (rc == E_NOT_FOUND) {
        rq_rule(r->rq, RULE_RM_KNOWN, ref->place, "%.80s is not registered", ref->id);
        return OK; /* refusals are gathered */
    }
    v->place = ref->place;
    v->number = r->count;
    r->count += rc == OK;
    return rc;
}

static void twins_drop(struct removal *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++)
        if (i == 0 || r->victims[i].object.id != r->victims[kept - 1].object.id)
            r->victims[kept++] = r->victims[i];
    r->count = kept;
}

static enum rc victims_find(struct removal *r, const struct object_ref *refs)
{
    size_t n = 0;

    for (const struct object_ref *ref = refs; ref != NULL; ref = ref->next)
        n++;
    r->victims = ARENA_ARRAY(r->rq->arena, struct victim, n);
    for (const struct object_ref *ref = refs; ref != NULL; ref = ref->next)
        TRY(victim_find(r, ref));
    qsort(r->victims, r->count, sizeof(*r->victims), by_id_and_number);
    twins_drop(r);
    return verdict(r);
}

/* ---- what would point into the void ---- */

struct reference {
    struct removal *removal;
    const struct victim *victim;
};

static enum rc reference_check(void *user, const struct stored_link *l)
{
    const struct reference *ref = user;
    struct removal *r = ref->removal;
    struct stored_object association;

    if (goes(r, l->association))
        return OK;
    TRY(store_object_by_id(r->rq->arena, r->db, l->association, &association));
    rq_rule(r->rq, RULE_RM_REFERENCED, ref->victim->place,
            "%s is still an end of the association %s; remove both together", ref->victim->object.uuid,
            association.uuid);
    return OK;
}

static enum rc references_check(struct removal *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct reference ref = { r, &r->victims[i] };
        TRY(store_links_from(r->rq->arena, r->db, r->victims[i].object.id, reference_check, &ref));
        TRY(store_links_to(r->rq->arena, r->db, r->victims[i].object.id, reference_check, &ref));
    }
    return verdict(r);
}

/* ---- what nothing would point to any more ---- */

struct membership_count {
    struct removal *removal;
    int remaining;
};

/* Counts the HasMember associations of a submission set that stay. */
static enum rc membership_count(void *user, const struct stored_link *l)
{
    struct membership_count *count = user;
    struct removal *r = count->removal;
    struct stored_object source;

    if (l->type != LINK_HAS_MEMBER || goes(r, l->association))
        return OK;
    TRY(store_object_by_id(r->rq->arena, r->db, l->source, &source));
    count->remaining += source.kind == OBJECT_SUBMISSION_SET;
    return OK;
}

/* An end that stays: a set keeps a member, everything else a set that it is a member of (ITI TF-3: 4.1.4, 4.2.1.4). */
static enum rc end_check(struct removal *r, const struct victim *v, int64_t end)
{
    struct membership_count count = { .removal = r };
    struct stored_object o;

    if (goes(r, end))
        return OK;
    TRY(store_object_by_id(r->rq->arena, r->db, end, &o));
    TRY(o.kind == OBJECT_SUBMISSION_SET ? store_links_from(r->rq->arena, r->db, end, membership_count, &count)
                                        : store_links_to(r->rq->arena, r->db, end, membership_count, &count));
    if (count.remaining == 0)
        rq_rule(r->rq, RULE_RM_UNREFERENCED, v->place,
                o.kind == OBJECT_SUBMISSION_SET
                    ? "without %s, the SubmissionSet %s would have no member any more; remove both together"
                    : "without %s, %s would be in no SubmissionSet any more; remove both together",
                v->object.uuid, o.uuid);
    return OK;
}

static enum rc ends_check(struct removal *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct stored_link link;
        if (r->victims[i].object.kind != OBJECT_ASSOCIATION)
            continue;
        TRY(store_link_of(r->db, r->victims[i].object.id, &link));
        if (link.type != LINK_HAS_MEMBER)
            continue;
        TRY(end_check(r, &r->victims[i], link.source));
        TRY(end_check(r, &r->victims[i], link.target));
    }
    return verdict(r);
}

enum rc remove_keep(struct db *db, struct request *rq)
{
    const struct remove_objects *request = rq->state;
    struct removal r = { .rq = rq, .db = db };

    TRY(victims_find(&r, request->refs));
    TRY(references_check(&r));
    TRY(ends_check(&r));
    for (size_t i = 0; i < r.count; i++)
        TRY(store_object_delete(db, r.victims[i].object.id));
    return OK;
}
