/* The submission as a whole (ITI TF-3: 4.1.4, 4.2.1.4). */
#include "registry/submission.h"

#include "actor/consistent_time.h"
#include "actor/request.h"
#include "model/oid.h"
#include "model/patient.h"

#include <stdlib.h>
#include <string.h>

static void sets_check(struct request *rq, const struct submission *s)
{
    if (s->sets == NULL)
        rq_rule(rq, RULE_REQ_ONE_SET, NULL, "a submission has exactly one SubmissionSet; this has none");
    else if (s->sets->next != NULL)
        rq_rule(rq, RULE_REQ_ONE_SET, s->sets->next->place,
                "a submission has exactly one SubmissionSet; this is another");
}

static void ids_check(struct request *rq, const struct submission_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct member *m = &index->members[i];
        if (m->id[0] == '\0')
            rq_rule(rq, RULE_REQ_ID, m->place, "this object needs an @id: a UUID, or a symbolic one");
        else if (i > 0 && strcmp(m->id, index->members[i - 1].id) == 0)
            rq_rule(rq, RULE_REQ_ID_TWICE, m->place, "another object has the @id %.80s", m->id);
        else if (text_starts(m->id, "urn:uuid:") && !is_uuid_urn(m->id))
            rq_rule(rq, RULE_REQ_UUID, m->place, "the @id %.80s is no UUID in lower case", m->id);
    }
}

/* Later versions come by metadata updates, which judge them by themselves. */
static void first_versions_check(struct request *rq, const struct submission_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct member *m = &index->members[i];
        if (!text_absent(m->logical_id) && !text_equal(m->logical_id, m->id))
            rq_rule(rq, RULE_REQ_FIRST_VERSION, m->place,
                    "the @lid %.80s differs from the @id %.80s, as only a later version's does; leave it out, or send "
                    "the version by ITI-57",
                    m->logical_id, m->id);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unique_ids_check(struct request *rq, const struct submission *s, size_t objects)
{
    const char **ids = ARENA_ARRAY(rq->arena, const char *, objects + 1);
    size_t n = 0;

    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        ids[n++] = o->unique_id;
    for (size_t i = 0; i < n; i++)
        ids[i] = ids[i] != NULL ? ids[i] : "";
    qsort(ids, n, sizeof(*ids), by_text);
    for (size_t i = 1; i < n; i++) {
        if (ids[i][0] != '\0' && strcmp(ids[i], ids[i - 1]) == 0)
            rq_rule(rq, RULE_REQ_UNIQUE_ID_TWICE, ids[i], "the uniqueId %.80s is used twice in this submission",
                    ids[i]);
    }
}

static void patients_check(struct request *rq, const struct submission *s, const struct submission_index *index)
{
    const char *patient = s->sets != NULL ? s->sets->patient_id : NULL;

    for (size_t i = 0; i < index->count; i++) {
        const struct member *m = &index->members[i];
        if (patient != NULL && m->patient_id != NULL && strcmp(m->patient_id, patient) != 0)
            rq_rule(rq, RULE_REQ_ONE_PATIENT, m->place, "patientId %.80s differs from the SubmissionSet's %.80s",
                    m->patient_id, patient);
    }
}

static void domain_check(struct request *rq, const struct submission *s)
{
    const char *cx = s->sets != NULL ? s->sets->patient_id : NULL;
    struct patient_id id;

    if (cx != NULL && patient_id_parse(rq->arena, cx, &id) == OK &&
        !text_equal(id.root, rq->community->patient_id_domain))
        rq_rule(rq, RULE_REG_PATIENT_DOMAIN, s->sets->place,
                "the patient id %.80s is not of this affinity domain, whose assigning authority is %s", cx,
                rq->community->patient_id_domain);
}

static void times_check(struct request *rq, const struct submission *s)
{
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        consistent_time_past(rq, "submissionTime", o->submission_time, o->place);
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        consistent_time_past(rq, "creationTime", o->creation_time, o->place);
}

/* Every document, folder and folder membership is a member of the submission set. */
static void linked_check(struct request *rq, const struct member *m)
{
    if (m->is_linked)
        return;
    if (m->kind == OBJECT_DOCUMENT)
        rq_rule(rq, RULE_REQ_DOCUMENT_LINKED, m->place, "no HasMember links the SubmissionSet to this DocumentEntry");
    else if (m->kind == OBJECT_FOLDER)
        rq_rule(rq, RULE_REQ_FOLDER_LINKED, m->place, "no HasMember links the SubmissionSet to this Folder");
}

void submission_check(struct request *rq, const struct submission *s, enum submission_kind kind,
                      struct submission_index *index)
{
    submission_index_build(rq->arena, s, index);
    sets_check(rq, s);
    submission_attributes_check(rq, s, kind);
    ids_check(rq, index);
    if (kind != SUBMISSION_ANY)
        first_versions_check(rq, index);
    unique_ids_check(rq, s, index->count);
    patients_check(rq, s, index);
    domain_check(rq, s);
    times_check(rq, s);
    submission_links_check(rq, s, index);
    for (size_t i = 0; i < index->count && s->sets != NULL; i++)
        linked_check(rq, &index->members[i]);
}
