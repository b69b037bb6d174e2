/* Which objects a query may return (ITI TF-2: 3.18.4.1.2.3.3 to .6; XDS Metadata Update: 3.18.4.1.2.3.5.1.1). */
#include "registry/query.h"

#include "actor/request.h"
#include "registry/find.h"
#include "registry/match.h"

/* ---- parameters, by kind: does one value of the parameter fit one value of the attribute? ---- */

static bool text_fits(const char *attribute, const char *value)
{
    return strcmp(attribute, value) == 0;
}

/* A code that was sent without its scheme, by leave of the community, may be of any. */
static bool code_fits(const char *attribute, const char *value)
{
    size_t n = strlen(value);

    if (param_code_is_whole(value))
        return strcmp(attribute, value) == 0;
    n -= n > 2 && strcmp(value + n - 2, "^^") == 0 ? 2 : 0;
    return strncmp(attribute, value, n) == 0 && text_starts(attribute + n, "^^");
}

static bool from_fits(const char *attribute, const char *value)
{
    return match_times(value, attribute) <= 0;
}

static bool to_fits(const char *attribute, const char *value)
{
    return match_times(attribute, value) < 0;
}

static const struct {
    bool (*fits)(const char *attribute, const char *value);
    bool lets_absent_pass; /* a time that an object has not does not filter it out (3.18.4.1.2.3.3.1) */
} kinds[PARAM_KINDS] = {
    [PARAM_TEXT] = { text_fits, false }, [PARAM_CODE] = { code_fits, false }, [PARAM_LIKE] = { match_like, false },
    [PARAM_FROM] = { from_fits, true },  [PARAM_TO] = { to_fits, true },
};

bool query_any_fits(const struct param *p, const char *attribute)
{
    for (const struct text_list *v = p->values; v != NULL; v = v->next) {
        if (kinds[p->row->kind].fits(attribute, v->text))
            return true;
    }
    return false;
}

bool (*query_fits(const struct param *p))(const char *attribute, const char *value)
{
    return kinds[p->row->kind].fits;
}

static bool status_fits(const struct text_list *statuses, bool is_deprecated)
{
    return text_list_has(statuses, is_deprecated ? STATUS_DEPRECATED : STATUS_APPROVED);
}

static bool filter_passes(const struct param *p, const struct stored_object *o)
{
    const char *attribute = keys_next(o->keys, p->row->key, NULL);

    if (p->row->kind == PARAM_STATUS)
        return status_fits(p->values, o->is_deprecated);
    if (attribute == NULL)
        return p->row->absent != NULL ? query_any_fits(p, p->row->absent) : kinds[p->row->kind].lets_absent_pass;
    for (; attribute != NULL; attribute = keys_next(o->keys, p->row->key, attribute)) {
        if (query_any_fits(p, attribute))
            return true;
    }
    return false;
}

/* ---- metadata level 1: as if there were no metadata update ---- */

/* A version gives way to its successor by becoming Deprecated, so what is Approved is the latest. */
static enum rc is_outdated(const struct query *q, const struct stored_object *o, bool *outdated)
{
    *outdated = false;
    return o->is_deprecated ? find_later_version(rq_db(q->rq), q->rq->community->number, o, outdated) : OK;
}

static enum rc level_passes(const struct query *q, const struct stored_object *o, bool *passes)
{
    bool outdated;

    *passes = true;
    if (q->all_versions || o->kind == OBJECT_SUBMISSION_SET)
        return OK;
    if (o->kind == OBJECT_ASSOCIATION || (o->kind == OBJECT_FOLDER && o->is_deprecated)) {
        *passes = !o->is_deprecated;
        return OK;
    }
    TRY(is_outdated(q, o, &outdated));
    *passes = !outdated && !keys_have(o->keys, KEY_AVAILABILITY, AVAILABILITY_OFFLINE);
    return OK;
}

/* ---- both ---- */

static bool type_passes(const struct query *q, const struct stored_object *o)
{
    return !q->stable_only || o->kind != OBJECT_DOCUMENT ||
           !keys_have(o->keys, KEY_OBJECT_TYPE, TYPE_ON_DEMAND_DOCUMENT);
}

enum rc query_passes(const struct query *q, const struct stored_object *o, bool *passes)
{
    *passes = type_passes(q, o);
    for (const struct param *p = q->params.filters; p != NULL && *passes; p = p->next_filter)
        *passes = p->row->filters != o->kind || filter_passes(p, o);
    return *passes ? level_passes(q, o, passes) : OK;
}

bool query_link_passes(const struct query *q, const struct stored_link *l)
{
    const struct text_list *statuses = param_values(&q->params, PARAM_ASSOCIATION_STATUS);

    if (l->is_deprecated && !q->all_versions)
        return false;
    return statuses == NULL ? !l->is_deprecated : status_fits(statuses, l->is_deprecated);
}
