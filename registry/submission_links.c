/* Associations, as far as the message alone can tell (ITI TF-3: 4.2.2). */
#include "registry/submission.h"

#include "actor/request.h"

static const struct association_kind kinds[] = {
    { LINK_HAS_MEMBER, false, false, false },   { LINK_RPLC, true, true, true },
    { LINK_XFRM, true, false, false },          { LINK_APND, true, false, false },
    { LINK_XFRM_RPLC, true, true, true },       { LINK_SIGNS, true, false, false },
    { LINK_IS_SNAPSHOT_OF, true, true, false },
};

const struct association_kind *association_kind(const char *type)
{
    enum link_type link = link_type_find(type);

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i].type == link)
            return &kinds[i];
    }
    return NULL;
}

struct ends {
    const struct association *link;
    const struct member *source, *target; /* NULL: not of the message */
};

static const char *noun_of(const struct member *m)
{
    static const char *const nouns[] = { [OBJECT_DOCUMENT] = "DocumentEntry",
                                         [OBJECT_SUBMISSION_SET] = "SubmissionSet",
                                         [OBJECT_FOLDER] = "Folder",
                                         [OBJECT_ASSOCIATION] = "Association" };

    return m == NULL ? "registered object" : nouns[m->kind];
}

static bool is_has_member(const struct association *as)
{
    return link_type_find(as->type) == LINK_HAS_MEMBER;
}

/* A folder, or something registered, has a member: as opposed to the submission set. */
static bool is_folder_membership(const struct submission_index *index, const struct association *as)
{
    const struct member *source = submission_index_find(index, as->source);

    return is_has_member(as) && (source == NULL || source->kind == OBJECT_FOLDER);
}

/* SubmissionSetStatus says whether the document comes with the message (ITI TF-3: 4.2.2.1.1). */
static void set_document_check(struct request *rq, const struct ends *e)
{
    const char *status = e->link->submission_set_status;

    if (e->target != NULL && text_equal(status, "Reference"))
        rq_rule(rq, RULE_AS_REFERENCE, e->link->place,
                "SubmissionSetStatus is Reference, but the DocumentEntry is in this submission: it must be Original");
    else if (e->target != NULL && !text_equal(status, "Original"))
        rq_rule(rq, RULE_AS_STATUS, e->link->place,
                "SubmissionSetStatus is \"%.40s\"; for a DocumentEntry of this submission it must be Original",
                status != NULL ? status : "");
    else if (e->target == NULL && text_equal(status, "Original"))
        rq_rule(rq, RULE_AS_ORIGINAL, e->link->place,
                "SubmissionSetStatus is Original, but %.80s is not in this submission: it must be Reference",
                e->link->target != NULL ? e->link->target : "the target");
}

static void set_member_check(struct request *rq, const struct submission_index *index, const struct ends *e)
{
    if (e->target == NULL || e->target->kind == OBJECT_DOCUMENT)
        set_document_check(rq, e);
    else if (e->target->kind == OBJECT_SUBMISSION_SET ||
             (e->target->kind == OBJECT_ASSOCIATION && !is_folder_membership(index, e->target->object)))
        rq_rule(
            rq, RULE_AS_MEMBERS, e->link->place,
            "a SubmissionSet has this %s not as a member, but DocumentEntries, Folders and the HasMembers of Folders",
            noun_of(e->target));
}

static void has_member_check(struct request *rq, const struct submission_index *index, const struct ends *e)
{
    if (e->link->documentation != NULL)
        rq_rule(rq, RULE_AS_DOCUMENTATION, e->link->place,
                "a HasMember carries no documentation; leave the Classification out");
    if (e->source == NULL)
        return;
    if (e->source->kind == OBJECT_SUBMISSION_SET)
        set_member_check(rq, index, e);
    else if (e->source->kind != OBJECT_FOLDER)
        rq_rule(rq, RULE_AS_MEMBERS, e->link->place, "a %s has no members; a SubmissionSet or a Folder has",
                noun_of(e->source));
    else if (e->target != NULL && e->target->kind != OBJECT_DOCUMENT)
        rq_rule(rq, RULE_AS_MEMBERS, e->link->place, "a Folder has DocumentEntries as members, not a %s",
                noun_of(e->target));
}

static void relationship_check(struct request *rq, const struct ends *e)
{
    if (e->source == NULL || e->source->kind != OBJECT_DOCUMENT)
        rq_rule(rq, RULE_AS_RELATION_SOURCE, e->link->place,
                "sourceObject %.80s is no DocumentEntry of this submission",
                e->link->source != NULL ? e->link->source : "(none)");
}

static void association_check(struct request *rq, const struct submission_index *index, const struct association *as)
{
    const struct association_kind *kind = association_kind(as->type);
    const struct ends e = { .link = as,
                            .source = submission_index_find(index, as->source),
                            .target = submission_index_find(index, as->target) };

    if (kind == NULL)
        rq_rule(rq, RULE_AS_TYPE, as->place,
                "associationType \"%.80s\" is none of HasMember, RPLC, XFRM, APND, XFRM_RPLC, signs and "
                "IsSnapshotOf, which are written as full URNs",
                as->type != NULL ? as->type : "");
    else if (kind->is_relationship)
        relationship_check(rq, &e);
    else
        has_member_check(rq, index, &e);
}

/* Who is a member of the submission set. */
static void links_mark(const struct submission *s, const struct submission_index *index)
{
    for (const struct association *as = s->associations; as != NULL; as = as->next) {
        const struct member *source = submission_index_find(index, as->source);
        struct member *target = submission_index_find(index, as->target);
        if (is_has_member(as) && target != NULL && source != NULL && source->kind == OBJECT_SUBMISSION_SET)
            target->is_linked = true;
    }
}

void submission_links_check(struct request *rq, const struct submission *s, const struct submission_index *index)
{
    links_mark(s, index);
    for (const struct association *as = s->associations; as != NULL; as = as->next) {
        const struct member *self = submission_index_find(index, as->entry_uuid);
        association_check(rq, index, as);
        if (s->sets != NULL && self != NULL && !self->is_linked && is_folder_membership(index, as))
            rq_rule(rq, RULE_REQ_MEMBERSHIP_LINKED, as->place,
                    "no HasMember links the SubmissionSet to this HasMember of a Folder");
    }
}
