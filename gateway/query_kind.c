/* The stored queries of ITI TF-2: 3.18.4.1.2.3.7 as a gateway sees them; home rules: 3.18.4.1.2.3.8, 3.38.4.1.2.1. */
#include "gateway/query_kind.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

static const struct query_kind rows[] = {
    { QUERY_FIND_DOCUMENTS, "$XDSDocumentEntryPatientId" },
    { QUERY_GET_DOCUMENTS, NULL },
    { "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492", "$XDSDocumentEntryPatientId" }, /* FindDocumentsByReferenceId */
    { "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9", "$XDSSubmissionSetPatientId" }, /* FindSubmissionSets */
    { "urn:uuid:958f3006-baad-4929-a4de-ff1114824431", "$XDSFolderPatientId" },        /* FindFolders */
    { "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3", "$patientId" },                 /* GetAll */
    { "urn:uuid:5737b14c-8a1a-4539-b659-e03a34a5e1e4", NULL },                         /* GetFolders */
    { "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155", NULL },                         /* GetAssociations */
    { "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a", NULL },                         /* GetDocumentsAndAssociations */
    { "urn:uuid:51224314-5390-4169-9b91-b1980040715a", NULL },                         /* GetSubmissionSets */
    { "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83", NULL },                         /* GetSubmissionSetAndContents */
    { "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7", NULL },                         /* GetFolderAndContents */
    { "urn:uuid:10cae35a-c7f9-4cf5-b61e-fc3278ffb578", NULL },                         /* GetFoldersForDocument */
    { "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6", NULL },                         /* GetRelatedDocuments */
};

enum rc query_kind_get(struct request *rq, const struct adhoc_query *q, const struct query_kind **out)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].id, q->id) == 0) {
            *out = &rows[i];
            return OK;
        }
    }
    return rq_refuse(rq, ISSUE_XDS_UNKNOWN_STORED_QUERY, "AdhocQuery/@id", "no stored query %s here", q->id);
}

/* Slots of one name are alternatives only where the framework says so; a patient is one. */
static enum rc patient_text(struct request *rq, const struct adhoc_query *q, const char *param, const char **out)
{
    struct text_list *values = NULL;

    for (const struct slot *s = q->params; s != NULL; s = s->next) {
        if (!text_equal(s->name, param))
            continue;
        if (values != NULL)
            return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, param, "%s is there twice", param);
        if (query_values_parse(rq->arena, s, &values) != OK)
            return rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, param, "%s is no quoted text: 'id^^^&OID&ISO'", param);
    }
    if (values == NULL || text_absent(values->text))
        return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_MISSING_PARAM, param, "%s is required", param);
    if (values->next != NULL)
        return rq_refuse(rq, ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, param, "%s takes one value", param);
    *out = values->text;
    return OK;
}

enum rc query_patient(struct request *rq, const struct adhoc_query *q, const struct query_kind *kind,
                      struct patient_id *out)
{
    const char *cx = NULL;

    TRY(patient_text(rq, q, kind->patient_param, &cx));
    if (patient_id_parse(rq->arena, cx, out) != OK)
        return rq_refuse(rq, ISSUE_XDS_REGISTRY_ERROR, kind->patient_param, "%s is no patient id: id^^^&OID&ISO", cx);
    return OK;
}

static struct slot *slot_copy(struct arena *a, const struct slot *s, const char *patient_param, const char *patient)
{
    struct slot *copy = ARENA_NEW(a, struct slot);
    *copy = (struct slot){ .name = s->name, .values = s->values };
    if (patient != NULL && text_equal(s->name, patient_param)) {
        copy->values = ARENA_NEW(a, struct text_list);
        copy->values->text = patient;
    }
    return copy;
}

struct adhoc_query query_for(struct arena *a, const struct adhoc_query *q, const struct query_kind *kind,
                             const struct community *c, const struct patient_id *id)
{
    struct adhoc_query copy = { .id = q->id, .home = c->home_community_id, .return_type = q->return_type };
    const char *patient = id == NULL ? NULL : query_quote(a, patient_id_cx(a, id));
    struct slot **end = &copy.params;

    for (const struct slot *s = q->params; s != NULL; s = s->next) {
        *end = slot_copy(a, s, kind->patient_param, patient);
        end = &(*end)->next;
    }
    return copy;
}
