/*
 * What ITI-92 leaves alone: identity, whose document it is, where it lies, and what it holds. Everything else of a
 * DocumentEntry may change (ITI TF-2: 3.92.4.1.3). uniqueId and objectType are compared with every update's.
 */
#include "registry/update.h"

#include "actor/request.h"

#include <stddef.h>

#define DOC(field) offsetof(struct document_entry, field)
static const struct {
    const char *name;
    size_t offset;
    const char *absent; /* what it means when it is not there; NULL: this community */
    enum rule rule;
} fixed[] = {
    { "patientId", DOC(patient_id), "", RULE_RMU_PATIENT },
    { "sourcePatientId", DOC(source_patient_id), "", RULE_RMU_FIXED },
    { "repositoryUniqueId", DOC(repository_unique_id), "", RULE_RMU_FIXED },
    { "homeCommunityId", DOC(home_community_id), NULL, RULE_RMU_FIXED },
    { "hash", DOC(hash), "", RULE_RMU_CONTENT },
    { "size", DOC(size), "", RULE_RMU_CONTENT },
    { "documentAvailability", DOC(document_availability), AVAILABILITY_ONLINE, RULE_RMU_FIXED },
};

static const char *value_of(const struct update *u, const struct document_entry *d, size_t i)
{
    const char *value = *(const char *const *)((const char *)d + fixed[i].offset);

    if (!text_absent(value))
        return value;
    return fixed[i].absent != NULL ? fixed[i].absent : u->rq->community->home_community_id;
}

/* Of a document that becomes one of another type, which is refused, hash and size have to follow. */
static bool is_compared(size_t i, const struct document_entry *was, const struct document_entry *is)
{
    return fixed[i].rule != RULE_RMU_CONTENT || text_equal(was->object_type, is->object_type);
}

enum rc update_restricted_check(struct update *u, struct update_version *v)
{
    struct submission before;

    TRY(store_object_decode(u->rq->arena, u->db, &v->latest, &before));
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        const char *was = value_of(u, before.documents, i), *is = value_of(u, v->document, i);
        if (is_compared(i, before.documents, v->document) && !text_equal(was, is))
            rq_rule(u->rq, fixed[i].rule, v->place,
                    "%s of %.80s is \"%.80s\"; it must stay \"%.80s\", unless ITI-57 changes it", fixed[i].name, v->id,
                    is, was);
    }
    return OK;
}
