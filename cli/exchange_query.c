/* ITI-18, ITI-38 and ITI-51: stored queries (ITI TF-2: 3.18, 3.38, 3.51). */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/str.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "wire/ns.h"

#include <string.h>

#define COLUMN_UNIQUE_ID 0
#define COLUMN_HOME      2
#define COLUMN_TITLE     3
#define COLUMN_TIME      4
#define COLUMN_ENTRY     7

static void list_param(struct exchange *x, struct adhoc_query *q, const char *name, const char *from)
{
    struct text_list *values = NULL, **end = &values;

    for (const struct var *p = vars_first(&x->params, from); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct text_list);
        (*end)->text = p->value;
    }
    if (values != NULL)
        query_param_add(x->arena, q, name, query_quote_list(x->arena, values));
}

/* One patient, or as many as were named when the query is for several. */
static enum rc patients_fill(struct exchange *x, struct adhoc_query *q, const struct stored_query *query)
{
    struct text_list *values = NULL, **end = &values;

    for (const struct var *p = vars_first(&x->params, "patient"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        struct patient_id id;
        TRY(exchange_id(x, p->value, x->to->patient_id_domain, &id));
        *end = ARENA_NEW(x->arena, struct text_list);
        (*end)->text = patient_id_cx(x->arena, &id);
        if (!query->is_multi_patient)
            break;
    }
    if (values == NULL)
        return OK;
    query_param_add(x->arena, q, query->patient_param,
                    query->is_multi_patient ? query_quote_list(x->arena, values) : query_quote(x->arena, values->text));
    return OK;
}

/* ---- a query by its name, its parameters as they are sent ---- */

/* 'text', ('a','b') and numbers go as they are; other text is quoted. */
static const char *value_coded(struct arena *a, const char *value)
{
    bool is_coded = value[0] == '\'' || value[0] == '(' ||
                    (value[0] != '\0' && strspn(value, "0123456789") == strlen(value));

    return is_coded ? value : query_quote(a, value);
}

static enum rc params_fill(struct exchange *x, struct adhoc_query *q)
{
    for (const struct var *p = vars_first(&x->params, "param"); p != NULL; p = vars_next(p)) {
        const char *equals = strchr(p->value, '=');
        if (equals == NULL)
            return exchange_fail(x, E_CONFIG, "--param %s is no NAME=VALUE", p->value);
        const char *name = arena_strndup(x->arena, p->value, (size_t)(equals - p->value));
        query_param_add(x->arena, q, name[0] == '$' ? name : arena_printf(x->arena, "$%s", name),
                        value_coded(x->arena, equals + 1));
    }
    return OK;
}

static bool takes(const struct stored_query *query, const char *param)
{
    for (const char *const *p = query->params; *p != NULL; p++) {
        if (strcmp(*p, param) == 0)
            return true;
    }
    return false;
}

/*
 * The words that the usual queries know, as parameters of any query that takes them and was not given them already.
 * Approved is asked for unless --status says otherwise: whatever has a status of its own asks which.
 */
static void words_fill(struct exchange *x, struct adhoc_query *q, const struct stored_query *query)
{
    static const struct {
        const char *word, *param, *otherwise;
    } words[] = {
        { "document", "$XDSDocumentEntryUniqueId", NULL },
        { "entry", "$XDSDocumentEntryEntryUUID", NULL },
        { "entry", "$uuid", NULL },
        { "status", "$XDSDocumentEntryStatus", STATUS_APPROVED },
        { "status", "$XDSSubmissionSetStatus", STATUS_APPROVED },
        { "status", "$XDSFolderStatus", STATUS_APPROVED },
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const struct text_list otherwise = { .text = words[i].otherwise };
        if (!takes(query, words[i].param) || query_param(q, words[i].param) != NULL)
            continue;
        list_param(x, q, words[i].param, words[i].word);
        if (query_param(q, words[i].param) == NULL && otherwise.text != NULL)
            query_param_add(x->arena, q, words[i].param, query_quote_list(x->arena, &otherwise));
    }
}

static enum rc named_fill(struct exchange *x, struct adhoc_query *q, const char *name)
{
    const struct stored_query *query = stored_query_named(name);

    if (query == NULL)
        return exchange_fail(x, E_CONFIG, "there is no stored query %s; one is %s", name,
                             stored_query_find(QUERY_FIND_DOCUMENTS)->name);
    q->id = query->id;
    if (query->patient_param != NULL)
        TRY(patients_fill(x, q, query));
    TRY(params_fill(x, q));
    words_fill(x, q, query);
    return OK;
}

/* ---- the usual ones ---- */

/* --kind stable, on-demand, or both; stable ones when it is not said (ITI TF-2: 3.18.4.1.2.3.6.2). */
static enum rc kinds_fill(struct exchange *x, struct adhoc_query *q)
{
    static const struct {
        const char *word, *type;
    } kinds[] = { { "stable", TYPE_STABLE_DOCUMENT }, { "on-demand", TYPE_ON_DEMAND_DOCUMENT } };
    struct text_list *types = NULL, **end = &types;

    for (const struct var *p = vars_first(&x->params, "kind"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        size_t i = 0;
        while (i < ARRAY_LEN(kinds) && !text_equal(kinds[i].word, p->value))
            i++;
        if (i == ARRAY_LEN(kinds))
            return exchange_fail(x, E_CONFIG, "--kind is stable or on-demand, not %s", p->value);
        *end = ARENA_NEW(x->arena, struct text_list);
        (*end)->text = kinds[i].type;
    }
    if (types != NULL)
        query_param_add(x->arena, q, "$XDSDocumentEntryType", query_quote_list(x->arena, types));
    return OK;
}

static enum rc find_documents_fill(struct exchange *x, struct adhoc_query *q, const char *id)
{
    const struct text_list approved = { .text = STATUS_APPROVED };

    q->id = id;
    TRY(patients_fill(x, q, stored_query_find(id)));
    list_param(x, q, "$XDSDocumentEntryStatus", "status");
    if (query_param(q, "$XDSDocumentEntryStatus") == NULL)
        query_param_add(x->arena, q, "$XDSDocumentEntryStatus", query_quote_list(x->arena, &approved));
    return kinds_fill(x, q);
}

static enum rc get_documents_fill(struct exchange *x, struct adhoc_query *q)
{
    q->id = QUERY_GET_DOCUMENTS;
    list_param(x, q, "$XDSDocumentEntryUniqueId", "document");
    list_param(x, q, "$XDSDocumentEntryEntryUUID", "entry");
    return q->params != NULL
               ? OK
               : exchange_fail(x, E_CONFIG, "%s needs --patient, --document, --entry or --query", x->row->id);
}

static enum rc query_fill(struct exchange *x, struct adhoc_query *q, const char *find_documents)
{
    const char *name = vars_get(&x->params, "query");

    q->home = vars_get(&x->params, "home");
    q->return_type = text_equal(vars_get(&x->params, "return"), "ObjectRef") ? RETURN_OBJECT_REF : RETURN_LEAF_CLASS;
    if (name != NULL)
        return named_fill(x, q, name);
    if (vars_get(&x->params, "param") != NULL)
        return exchange_fail(x, E_CONFIG, "--param needs --query: whose parameter is it?");
    if (vars_get(&x->params, "patient") != NULL)
        return find_documents_fill(x, q, find_documents);
    return get_documents_fill(x, q);
}

/* A query by name. A patient: FindDocuments. Documents by uniqueId or entries by entryUUID: GetDocuments. */
enum rc exchange_query_encode(struct exchange *x)
{
    struct adhoc_query q = { 0 };

    TRY(query_fill(x, &q, QUERY_FIND_DOCUMENTS));
    adhoc_query_encode(&q, x->body);
    return OK;
}

/* A query by name. Patients: FindDocumentsForMultiplePatients. */
enum rc exchange_multi_patient_encode(struct exchange *x)
{
    struct adhoc_query q = { 0 };

    if (vars_get(&x->params, "patient") == NULL && vars_get(&x->params, "query") == NULL)
        return exchange_fail(x, E_CONFIG, "%s needs --patient or --query", x->row->id);
    TRY(query_fill(x, &q, QUERY_FIND_DOCUMENTS_MULTI));
    adhoc_query_encode(&q, x->body);
    return OK;
}

/* The documents of a patient, octets and all. */
enum rc exchange_fetch_encode(struct exchange *x)
{
    struct adhoc_query q = { .home = vars_get(&x->params, "home") };

    TRY(find_documents_fill(x, &q, QUERY_FIND_DOCUMENTS));
    TRY(params_fill(x, &q));
    q.id = QUERY_FETCH;
    adhoc_fetch_encode(&q, x->body);
    return OK;
}

/* ---- answers ---- */

static void entry_item(struct exchange *x, const struct document_entry *d)
{
    struct exchange_item *item = exchange_item_add(x);

    item->cells[COLUMN_UNIQUE_ID] = d->unique_id;
    item->cells[1] = d->repository_unique_id;
    item->cells[COLUMN_HOME] = d->home_community_id;
    item->cells[COLUMN_TITLE] = d->title;
    item->cells[COLUMN_TIME] = d->creation_time;
    item->cells[5] = d->size;
    item->cells[6] = d->hash;
    item->cells[COLUMN_ENTRY] = d->entry_uuid;
}

/* A submission set, folder or association, in the columns of documents. */
static void other_item(struct exchange *x, const char *unique_id, const char *home, const char *title, const char *time,
                       const char *entry)
{
    struct exchange_item *item = exchange_item_add(x);

    item->cells[COLUMN_UNIQUE_ID] = unique_id;
    item->cells[COLUMN_HOME] = home;
    item->cells[COLUMN_TITLE] = title;
    item->cells[COLUMN_TIME] = time;
    item->cells[COLUMN_ENTRY] = entry;
}

/* "RPLC: urn:uuid:… → urn:uuid:…" */
static const char *association_text(struct arena *a, const struct association *as)
{
    const char *colon = as->type == NULL ? NULL : strrchr(as->type, ':');

    return arena_printf(a, "%s: %s → %s", colon == NULL ? "?" : colon + 1, as->source, as->target);
}

static void items_add(struct exchange *x, const struct submission *found)
{
    for (const struct document_entry *d = found->documents; d != NULL; d = d->next)
        entry_item(x, d);
    for (const struct submission_set *s = found->sets; s != NULL; s = s->next)
        other_item(x, s->unique_id, s->home_community_id, s->title, s->submission_time, s->entry_uuid);
    for (const struct folder *f = found->folders; f != NULL; f = f->next)
        other_item(x, f->unique_id, f->home_community_id, f->title, f->last_update_time, f->entry_uuid);
    for (const struct association *as = found->associations; as != NULL; as = as->next)
        other_item(x, NULL, as->home_community_id, association_text(x->arena, as), NULL, as->entry_uuid);
}

static void reference_items(struct exchange *x, const struct xml_node *list)
{
    for (const struct xml_node *ref = xml_child(list, NS_RIM, "ObjectRef"); ref != NULL; ref = xml_next(ref)) {
        struct exchange_item *item = exchange_item_add(x);
        item->cells[COLUMN_HOME] = xml_attr(ref, "home");
        item->cells[COLUMN_ENTRY] = xml_attr(ref, "id");
    }
}

enum rc exchange_query_decode(struct exchange *x)
{
    struct adhoc_answer answer = { 0 };
    struct submission found = { 0 };
    struct issue_list broken = { 0 };

    TRY(adhoc_answer_decode(x->arena, x->call->body, &answer));
    if (answer.status != REGISTRY_SUCCESS)
        return exchange_fail(x, E_REFUSED, "%s", exchange_issues(x->arena, &answer.issues));
    if (xml_child(answer.object_list, NS_RIM, "ObjectRef") != NULL) {
        reference_items(x, answer.object_list);
        return OK;
    }
    if (answer.object_list != NULL)
        ebrim_decode(x->arena, answer.object_list, ISSUE_XDS_REGISTRY_METADATA_ERROR, &found, &broken);
    if (broken.errors > 0)
        return exchange_fail(x, E_PEER, "%s", exchange_issues(x->arena, &broken));
    items_add(x, &found);
    return OK;
}

/* Out of its entry, which is then as any other; the first that came is for --save. */
static void document_take(struct exchange *x, const struct xml_node *entry)
{
    struct xml_node *document = xml_child(entry, NS_XDS, "Document");
    const struct xml_node *include = xml_child(document, NS_XOP, "Include");
    const struct part *part = include == NULL ? NULL : part_find(x->call->parts, xml_attr(include, "href"));

    if (part != NULL && x->document.data == NULL)
        x->document = part->bytes;
    if (document != NULL)
        xml_remove(document);
}

enum rc exchange_fetch_decode(struct exchange *x)
{
    const struct xml_node *entry = xml_at(x->call->body, NS_RIM, "RegistryObjectList", "ExtrinsicObject", NULL);

    for (; entry != NULL; entry = xml_next(entry))
        document_take(x, entry);
    return exchange_query_decode(x);
}
