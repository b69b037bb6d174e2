/*
 * What associations ask for in ITI-57: UpdateAvailabilityStatus (ITI TF-2: 3.57.4.1.3.3.2, .4, .5), SubmitAssociation
 * (3.57.4.1.3.3.6), HasMember of a new version. One that belongs to no operation is refused: nobody could say what
 * becomes of it.
 */
#include "registry/update_plan.h"

#include "actor/request.h"

static void refuse(struct plan *p, enum rule rule, const struct association *as, const char *why)
{
    rq_rule(p->u->rq, rule, as->place, "Association %.80s: %s",
            text_absent(as->entry_uuid) ? "(no id)" : as->entry_uuid, why);
}

/* ---- UpdateAvailabilityStatus ---- */

static bool status_read(const struct association *as, const char *slot, bool *is_deprecated)
{
    const char *value = update_slot(as, slot);

    *is_deprecated = text_equal(value, STATUS_DEPRECATED);
    return *is_deprecated || text_equal(value, STATUS_APPROVED);
}

static bool has_other_slot(const struct association *as)
{
    for (const struct slot *s = as->extra; s != NULL; s = s->next)
        if (!text_equal(s->name, "OriginalStatus") && !text_equal(s->name, "NewStatus"))
            return true;
    return as->submission_set_status != NULL;
}

#define EITHER_STATUS "needs one value, " STATUS_APPROVED " or " STATUS_DEPRECATED

/* What is wrong with how it is asked; NULL when nothing is. */
static const char *status_fault(const struct plan *p, const struct association *as, struct update_status *out)
{
    if (!plan_is_of_set(p, as))
        return "sourceObject of an UpdateAvailabilityStatus must be the SubmissionSet";
    if (!status_read(as, "OriginalStatus", &out->was_deprecated))
        return "the slot OriginalStatus " EITHER_STATUS;
    if (!status_read(as, "NewStatus", &out->is_deprecated))
        return "the slot NewStatus " EITHER_STATUS;
    if (out->was_deprecated == out->is_deprecated)
        return "NewStatus is OriginalStatus, so nothing would change";
    if (has_other_slot(as))
        return "an UpdateAvailabilityStatus has the slots OriginalStatus and NewStatus, and no other";
    return NULL;
}

static void status_plan(struct plan *p, struct association *as)
{
    struct update_status status = { .request = as };
    const char *fault = status_fault(p, as, &status);

    if (p->u->rules->is_restricted) {
        refuse(p, RULE_RMU_STATUS, as, "ITI-57 changes availabilityStatus, ITI-92 does not");
        return;
    }
    if (fault != NULL) {
        refuse(p, RULE_MU_STATUS_FORM, as, fault);
        return;
    }
    *p->statuses_end = arena_memdup(p->u->rq->arena, &status, sizeof(status));
    p->statuses_end = &(*p->statuses_end)->next;
}

/* ---- SubmitAssociation ---- */

static void submit_plan(struct plan *p, struct association *as)
{
    struct association *named = plan_table_find(&p->by_id, as->target);

    if (p->u->rules->is_restricted)
        refuse(p, RULE_RMU_SUBMIT, as, "ITI-57 submits associations, ITI-92 does not");
    else if (!plan_is_of_set(p, as))
        refuse(p, RULE_MU_SUBMIT, as, "sourceObject of a SubmitAssociation must be the SubmissionSet");
    else if (named == NULL || text_equal(named->type, ASSOC_SUBMIT) || text_equal(named->type, ASSOC_UPDATE_STATUS))
        refuse(p, RULE_MU_SUBMIT, as,
               "targetObject of a SubmitAssociation must be an association of this message that can be registered");
    else
        plan_table_add(&p->submitted, named->entry_uuid, named);
}

/* ---- what shall be registered ---- */

/* Kept as the membership it is; the list of the message stays whole. */
static void member_plan(struct plan *p, struct association *as)
{
    if (plan_table_find(&p->submitted, as->target) != NULL)
        return; /* the registry links what a SubmitAssociation names by itself */
    if (update_version_by_id(p->u, as->target) == NULL) {
        refuse(p, RULE_MU_MEMBER, as, "its targetObject is no new version in this message, so it asks for nothing");
        return;
    }
    *p->kept_end = arena_memdup(p->u->rq->arena, as, sizeof(*as));
    (*p->kept_end)->next = NULL;
    p->u->members[p->u->member_count++] = *p->kept_end;
    p->kept_end = &(*p->kept_end)->next;
}

static void link_plan(struct plan *p, struct association *as)
{
    const struct association_kind *kind = association_kind(as->type);

    if (kind == NULL) {
        rq_rule(p->u->rq, RULE_AS_TYPE, as->place, "associationType is \"%.80s\"; it must be one of ITI TF-3: 4.2.2",
                as->type != NULL ? as->type : "");
        return;
    }
    if (plan_table_find(&p->submitted, as->entry_uuid) != as) {
        refuse(p, RULE_MU_SUBMITTED, as, "no SubmitAssociation of the SubmissionSet names it");
        return;
    }
    *p->links_end = ARENA_NEW(p->u->rq->arena, struct update_link);
    (*p->links_end)->association = arena_memdup(p->u->rq->arena, as, sizeof(*as));
    (*p->links_end)->kind = kind;
    p->links_end = &(*p->links_end)->next;
}

/* ---- all of them ---- */

static const struct {
    const char *type;
    void (*plan)(struct plan *p, struct association *as);
} requests[] = {
    { ASSOC_UPDATE_STATUS, status_plan },
    { ASSOC_SUBMIT, submit_plan },
};

static bool is_request(const struct association *as)
{
    for (size_t i = 0; i < ARRAY_LEN(requests); i++)
        if (text_equal(as->type, requests[i].type))
            return true;
    return false;
}

/* What is asked for first: it says what of the rest shall be registered. */
void plan_requests(struct plan *p)
{
    for (struct association *as = p->s->associations; as != NULL; as = as->next)
        for (size_t i = 0; i < ARRAY_LEN(requests); i++)
            if (text_equal(as->type, requests[i].type))
                requests[i].plan(p, as);
    plan_table_sort(&p->submitted);
    for (struct association *as = p->s->associations; as != NULL; as = as->next) {
        if (is_request(as))
            continue;
        if (text_equal(as->type, ASSOC_HAS_MEMBER) && plan_is_of_set(p, as))
            member_plan(p, as);
        else
            link_plan(p, as);
    }
}
