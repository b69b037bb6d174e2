/* Stored queries as messages: which query, its parameters, and the objects it found (ITI TF-2: 3.18.4.1.2, 3.18.4.2.2).
 */
#include "msg/adhoc_query.h"

#include "base/arena.h"
#include "model/rule.h"
#include "wire/ns.h"

#define RETURN_WITH_ITEM "LeafClassWithRepositoryItem"

/* ---- request ---- */

static const char *const return_types[] = {
    [RETURN_LEAF_CLASS] = "LeafClass",
    [RETURN_OBJECT_REF] = "ObjectRef",
};

/* Without a returnType ebRS means RegistryObject, which XDS does not have: LeafClass is what such a client hopes for.
 */
static enum rc return_type_decode(struct arena *a, const struct xml_node *body, enum return_type *out,
                                  struct issue_list *issues)
{
    const struct xml_node *option = xml_child(body, NS_QUERY, "ResponseOption");
    const char *word = xml_attr(option, "returnType");

    *out = RETURN_LEAF_CLASS;
    if (word == NULL)
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(return_types); i++)
        if (text_equal(word, return_types[i])) {
            *out = (enum return_type)i;
            return OK;
        }
    rule_break(a, issues, RULE_SQ_RETURN, xml_path(a, option), "returnType \"%s\" must be LeafClass or ObjectRef",
               word);
    return E_REFUSED;
}

static struct text_list *values_read(struct arena *a, const struct xml_node *slot)
{
    struct text_list *first = NULL, **tail = &first;
    const struct xml_node *list = xml_child(slot, NS_RIM, "ValueList");

    for (const struct xml_node *v = xml_child(list, NS_RIM, "Value"); v != NULL; v = xml_next(v)) {
        *tail = ARENA_NEW(a, struct text_list);
        (*tail)->text = xml_text_trimmed(a, v);
        tail = &(*tail)->next;
    }
    return first;
}

static struct slot *params_read(struct arena *a, const struct xml_node *query)
{
    struct slot *first = NULL, **tail = &first;

    for (const struct xml_node *n = xml_child(query, NS_RIM, "Slot"); n != NULL; n = xml_next(n)) {
        const char *name = xml_attr(n, "name");
        if (text_absent(name))
            continue;
        *tail = ARENA_NEW(a, struct slot);
        (*tail)->name = name;
        (*tail)->values = values_read(a, n);
        tail = &(*tail)->next;
    }
    return first;
}

static enum rc return_type_fetch(struct arena *a, const struct xml_node *body, enum return_type *out,
                                 struct issue_list *issues)
{
    const struct xml_node *option = xml_child(body, NS_QUERY, "ResponseOption");

    *out = RETURN_LEAF_CLASS;
    if (text_equal(xml_attr(option, "returnType"), RETURN_WITH_ITEM))
        return OK;
    rule_break(a, issues, RULE_XCF_RETURN, xml_path(a, option != NULL ? option : body),
               "returnType must be " RETURN_WITH_ITEM);
    return E_REFUSED;
}

typedef enum rc return_type_of(struct arena *a, const struct xml_node *body, enum return_type *out,
                               struct issue_list *issues);

static enum rc query_decode(struct arena *a, const struct xml_node *body, return_type_of *type, struct adhoc_query *out,
                            struct issue_list *issues)
{
    const struct xml_node *query = xml_child(body, NS_RIM, "AdhocQuery");
    struct adhoc_query q = { 0 };

    if (!xml_is(body, NS_QUERY, "AdhocQueryRequest") || query == NULL) {
        rule_break(a, issues, RULE_SQ_BODY, xml_path(a, body),
                   "the body must be a query:AdhocQueryRequest (%s) with a rim:AdhocQuery", NS_QUERY);
        return E_REFUSED;
    }
    TRY(type(a, body, &q.return_type, issues));
    q.id = xml_attr(query, "id");
    if (text_absent(q.id)) {
        rule_break(a, issues, RULE_SQ_ID, xml_path(a, query), "AdhocQuery needs @id with the UUID of a stored query");
        return E_REFUSED;
    }
    q.home = text_absent(xml_attr(query, "home")) ? NULL : xml_attr(query, "home");
    q.params = params_read(a, query);
    *out = q;
    return OK;
}

enum rc adhoc_query_decode(struct arena *a, const struct xml_node *body, struct adhoc_query *out,
                           struct issue_list *issues)
{
    return query_decode(a, body, return_type_decode, out, issues);
}

enum rc adhoc_fetch_decode(struct arena *a, const struct xml_node *body, struct adhoc_query *out,
                           struct issue_list *issues)
{
    return query_decode(a, body, return_type_fetch, out, issues);
}

static void param_write(struct xml_writer *w, const struct slot *param)
{
    xw_open(w, "rim:Slot");
    xw_attr(w, "name", param->name);
    xw_open(w, "rim:ValueList");
    for (const struct text_list *v = param->values; v != NULL; v = v->next)
        xw_element(w, "rim:Value", v->text);
    xw_close(w);
    xw_close(w);
}

static void query_write(const struct adhoc_query *q, const char *return_type, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "query:AdhocQueryRequest");
    xw_attr(&w, "xmlns:query", NS_QUERY);
    xw_attr(&w, "xmlns:rim", NS_RIM);
    xw_open(&w, "query:ResponseOption");
    xw_attr(&w, "returnComposedObjects", "true");
    xw_attr(&w, "returnType", return_type);
    xw_close(&w);
    xw_open(&w, "rim:AdhocQuery");
    xw_attr(&w, "id", q->id);
    xw_attr(&w, "home", q->home);
    for (const struct slot *param = q->params; param != NULL; param = param->next)
        param_write(&w, param);
    xw_close(&w);
    xw_close(&w);
}

void adhoc_query_encode(const struct adhoc_query *q, struct buf *out)
{
    query_write(q, return_types[q->return_type], out);
}

void adhoc_fetch_encode(const struct adhoc_query *q, struct buf *out)
{
    query_write(q, RETURN_WITH_ITEM, out);
}

const struct slot *query_param(const struct adhoc_query *q, const char *name)
{
    for (const struct slot *param = q->params; param != NULL; param = param->next)
        if (text_equal(param->name, name))
            return param;
    return NULL;
}

void query_param_add(struct arena *a, struct adhoc_query *q, const char *name, const char *raw)
{
    struct slot **tail = &q->params;

    while (*tail != NULL)
        tail = &(*tail)->next;
    *tail = ARENA_NEW(a, struct slot);
    (*tail)->name = name;
    (*tail)->values = ARENA_NEW(a, struct text_list);
    (*tail)->values->text = arena_strdup(a, raw);
}

/* ---- response ---- */

static size_t response_write(const struct adhoc_response *r, bool with_objects, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "query:AdhocQueryResponse");
    xw_attr(&w, "xmlns:query", NS_QUERY);
    xw_attr(&w, "xmlns:rim", NS_RIM);
    xw_attr(&w, "xmlns:rs", NS_RS);
    xw_attr(&w, "status", registry_status_urn(r->status));
    registry_errors_write(&w, &r->issues);
    xw_open(&w, "rim:RegistryObjectList"); /* the schema wants one even in a Failure */
    if (!with_objects)
        xw_raw(&w, STR("")); /* ends its start tag */
    size_t at = out->len;
    for (size_t i = 0; with_objects && i < r->count; i++)
        xw_raw(&w, r->objects[i]);
    xw_close(&w);
    xw_close(&w);
    return at;
}

size_t adhoc_response_frame(const struct adhoc_response *r, struct buf *out)
{
    return response_write(r, false, out);
}

void adhoc_response_encode(const struct adhoc_response *r, struct buf *out)
{
    size_t room = 0;

    for (size_t i = 0; i < r->count; i++)
        room += r->objects[i].len;
    buf_reserve(out, room + 1024);
    response_write(r, true, out);
}

enum rc adhoc_answer_decode(struct arena *a, const struct xml_node *body, struct adhoc_answer *out)
{
    struct adhoc_answer answer = { 0 };

    if (!xml_is(body, NS_QUERY, "AdhocQueryResponse"))
        return E_SYNTAX;
    TRY(registry_status_parse(xml_attr(body, "status"), &answer.status));
    registry_errors_decode(a, body, &answer.issues);
    answer.object_list = xml_child(body, NS_RIM, "RegistryObjectList");
    *out = answer;
    return OK;
}
