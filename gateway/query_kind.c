/* The stored queries of ITI TF-2: 3.18.4.1.2.3.7 as a gateway sees them; home rules: 3.18.4.1.2.3.8, 3.38.4.1.2.1. */
#include "gateway/query_kind.h"

#include "base/arena.h"
#include "base/str.h"

enum rc query_kind_get(struct request *rq, const struct adhoc_query *q, const struct stored_query **out)
{
    const struct stored_query *kind = stored_query_find(q->id);

    if (kind == NULL || kind->is_multi_patient)
        return rq_rule(rq, RULE_XCA_QUERY_KNOWN, "AdhocQuery/@id", "no stored query %s here", q->id);
    *out = kind;
    return OK;
}

/* Slots of one name are alternatives only where the framework says so; a patient is one. */
static enum rc patient_text(struct request *rq, const struct adhoc_query *q, const char *param, const char **out)
{
    struct text_list *values = NULL;

    for (const struct slot *s = q->params; s != NULL; s = s->next) {
        if (!text_equal(s->name, param))
            continue;
        if (values != NULL)
            return rq_rule(rq, RULE_XCA_PATIENT_ONCE, param, "%s is there twice", param);
        if (query_values_parse(rq->arena, s, &values) != OK)
            return rq_rule(rq, RULE_XCA_PATIENT_QUOTED, param, "%s is no quoted text: 'id^^^&OID&ISO'", param);
    }
    if (values == NULL || text_absent(values->text))
        return rq_rule(rq, RULE_XCA_PATIENT_THERE, param, "%s is required", param);
    if (values->next != NULL)
        return rq_rule(rq, RULE_XCA_PATIENT_ONCE, param, "%s takes one value", param);
    *out = values->text;
    return OK;
}

enum rc query_patient(struct request *rq, const struct adhoc_query *q, const struct stored_query *kind,
                      struct patient_id *out)
{
    const char *cx = NULL;

    TRY(patient_text(rq, q, kind->patient_param, &cx));
    if (patient_id_parse(rq->arena, cx, out) != OK)
        return rq_rule(rq, RULE_XCA_PATIENT, kind->patient_param, "%s is no patient id: id^^^&OID&ISO", cx);
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

struct adhoc_query query_for(struct arena *a, const struct adhoc_query *q, const struct stored_query *kind,
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
