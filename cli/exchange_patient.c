/* ITI-44, 45, 47, 55: people and their identifiers, in HL7 v3 (ITI TF-2: 3.44, 3.45, 3.47, 3.55). */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/document.h"
#include "model/oid.h"
#include "msg/patient_location.h"
#include "msg/prpa_feed.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "msg/quqi.h"
#include "wire/ns.h"

#include <stdlib.h>
#include <string.h>

#define USER_DEVICE "2.999.392.5.1" /* a sender who belongs to no community */

static struct hl7_message message_new(struct exchange *x, const char *interaction)
{
    struct hl7_message m = hl7_message_new(x->arena, interaction, NULL);

    m.sender.root = x->from == NULL ? USER_DEVICE : oid_of_urn(x->from->home_community_id);
    m.receiver.root = oid_of_urn(x->to->home_community_id);
    return m;
}

static void name_add(struct exchange *x, struct person_name **list, const char *use, const char *family,
                     const char *given)
{
    struct person_name **end = list;

    if (text_absent(vars_get(&x->params, family)))
        return;
    while (*end != NULL)
        end = &(*end)->next;
    *end = ARENA_NEW(x->arena, struct person_name);
    **end = (struct person_name){ .use = use,
                                  .family = vars_get(&x->params, family),
                                  .given = vars_get(&x->params, given) };
}

static struct person_name *names_of(struct exchange *x)
{
    struct person_name *list = NULL;

    name_add(x, &list, "IDE", "family", "given");
    name_add(x, &list, "SYL", "family-kana", "given-kana");
    return list;
}

/* Every value of a parameter as an id, plain ones in domain. */
static enum rc ids_of(struct exchange *x, const char *param, const char *domain, struct patient_id **out)
{
    *out = NULL;
    for (const struct var *p = vars_first(&x->params, param); p != NULL; p = vars_next(p)) {
        struct patient_id id;
        TRY(exchange_id(x, p->value, domain, &id));
        patient_id_add(x->arena, out, id.root, id.extension);
    }
    return OK;
}

/* ---- ITI-44 ---- */

/* The action is the interaction's name in a namespace. */
static enum feed_event feed_event_of(const struct exchange *x, const char **interaction)
{
    static const enum feed_event events[] = { ['1'] = FEED_ADDED, ['2'] = FEED_REVISED, ['4'] = FEED_MERGED };

    *interaction = strrchr(x->row->action, ':') + 1;
    return events[(unsigned char)(*interaction)[strlen("PRPA_IN20130")]];
}

enum rc exchange_feed_encode(struct exchange *x)
{
    const char *interaction;
    struct prpa_feed feed = { .event = feed_event_of(x, &interaction) };
    struct patient *p = &feed.patient;

    feed.message = message_new(x, interaction);
    TRY(ids_of(x, "subsumes", x->to->patient_id_domain, &feed.subsumed));
    TRY(ids_of(x, "id", x->to->patient_id_domain, &p->ids));
    TRY(ids_of(x, "other-id", x->to->patient_id_domain, &p->other_ids));
    p->names = names_of(x);
    p->gender = vars_get(&x->params, "gender");
    p->birth_time = vars_get(&x->params, "birth");
    p->status = "active";
    p->provider_root = p->ids->root;
    p->provider_name = vars_get(&x->params, "provider");
    p->match = -1;
    prpa_feed_encode(x->arena, &feed, x->body);
    return OK;
}

static bool is_positive(const struct hl7_ack *ack)
{
    return text_equal(ack->type_code, "CA") || text_equal(ack->type_code, "AA");
}

enum rc exchange_feed_decode(struct exchange *x)
{
    struct hl7_ack ack = { 0 };

    TRY(hl7_ack_decode(x->arena, x->call->body, &ack));
    if (!is_positive(&ack))
        return exchange_fail(x, E_REFUSED, "%s: %s", ack.type_code, exchange_issues(x->arena, &ack.details));
    struct exchange_item *item = exchange_item_add(x);
    item->cells[0] = ack.type_code;
    item->cells[1] = ack.target.extension ? ack.target.extension : ack.target.root;
    return OK;
}

/* ---- ITI-45 ---- */

enum rc exchange_pix_encode(struct exchange *x)
{
    struct pix_query query = { .message = message_new(x, "PRPA_IN201309UV02") };

    query.query_id = (struct patient_id){ .root = query.message.sender.root, .extension = ids_urn(x->arena) };
    TRY(exchange_id(x, vars_get(&x->params, "patient"), x->to->patient_id_domain, &query.patient_id));
    struct patient_id **end = &query.data_sources;
    for (const struct var *p = vars_first(&x->params, "domain"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct patient_id);
        (*end)->root = p->value;
    }
    pix_query_encode(x->arena, &query, x->body);
    return OK;
}

enum rc exchange_pix_decode(struct exchange *x)
{
    struct pix_result result = { 0 };

    TRY(pix_result_decode(x->arena, x->call->body, &result));
    if (!is_positive(&result.ack))
        return exchange_fail(x, E_REFUSED, "%s: %s", result.ack.type_code,
                             exchange_issues(x->arena, &result.ack.details));
    for (const struct patient_id *id = result.ids; id != NULL; id = id->next) {
        struct exchange_item *item = exchange_item_add(x);
        item->cells[0] = id->extension;
        item->cells[1] = id->root;
    }
    return OK;
}

/* ---- ITI-47, ITI-55 ---- */

static enum rc find_query_fill(struct exchange *x, const char *id_domain, struct find_query *query)
{
    const char *id = vars_get(&x->params, "query");

    query->message = message_new(x, "PRPA_IN201305UV02");
    query->query_id = (struct patient_id){ .root = query->message.sender.root,
                                           .extension = text_absent(id) ? ids_urn(x->arena) : id };
    query->priority = "I";
    query->initial_quantity = -1;
    query->names = names_of(x);
    query->gender = vars_get(&x->params, "gender");
    query->birth_time = vars_get(&x->params, "birth");
    return ids_of(x, "id", id_domain, &query->ids);
}

enum rc exchange_person_query_encode(struct exchange *x)
{
    struct find_query query = { 0 };

    TRY(find_query_fill(x, x->to->patient_id_domain, &query));
    if (query.names == NULL && query.ids == NULL && query.birth_time == NULL && query.gender == NULL)
        return exchange_fail(x, E_CONFIG, "ITI-47 needs one of --family, --id, --birth, --gender");
    if (vars_get(&x->params, "quantity") != NULL)
        query.initial_quantity = atoi(vars_get(&x->params, "quantity"));
    struct patient_id **end = &query.scoping;
    for (const struct var *p = vars_first(&x->params, "domain"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct patient_id);
        (*end)->root = p->value;
    }
    find_query_encode(x->arena, &query, x->body);
    return OK;
}

/* The next page, or none any more, of a query that was given this --query by the same sender. */
enum rc exchange_continuation_encode(struct exchange *x)
{
    const char *quantity = vars_get(&x->params, "quantity");
    bool is_over = strstr(x->row->action, "Cancel") != NULL;
    struct quqi q = { .message = message_new(x, "QUQI_IN000003UV01"),
                      .quantity = is_over ? 0 : quantity != NULL ? atoi(quantity) : -1,
                      .status = is_over ? "aborted" : "waitContinuedQueryResponse" };

    q.query_id = (struct patient_id){ .root = q.message.sender.root, .extension = vars_get(&x->params, "query") };
    quqi_encode(&q, x->body);
    return OK;
}

/* How long the asked may remember what the asking community calls the patient (3.55.6). */
static void ttl_write(struct exchange *x)
{
    const char *ttl = vars_get(&x->params, "ttl");
    struct buf *header = buf_new(x->arena, BUF_MAX_DEFAULT);
    struct xml_writer w;

    if (text_absent(ttl))
        return;
    xw_init(&w, header);
    xw_open(&w, "xcpd:CorrelationTimeToLive");
    xw_attr(&w, "xmlns:xcpd", NS_XCPD);
    xw_text(&w, ttl);
    xw_close(&w);
    x->headers = buf_str(header);
}

/* The asking community is part of the question: its home, and the domain of the id it tells of its own (3.55.4.1.2.4).
 */
static enum rc discovery_fill(struct exchange *x, struct find_query *query)
{
    if (x->from == NULL)
        return exchange_fail(x, E_CONFIG, "ITI-55 is asked by a community: --from names it");
    TRY(find_query_fill(x, x->from->patient_id_domain, query));
    if (query->ids == NULL && (query->names == NULL || query->birth_time == NULL))
        return exchange_fail(x, E_CONFIG, "ITI-55 needs --family and --birth, or --id");
    ttl_write(x);
    query->message.sender.home = oid_of_urn(x->from->home_community_id);
    query->message.receiver.home = oid_of_urn(x->to->home_community_id);
    query->assigning_authority = query->ids == NULL ? NULL : query->ids->root;
    return OK;
}

enum rc exchange_discovery_encode(struct exchange *x)
{
    struct find_query query = { 0 };

    TRY(discovery_fill(x, &query));
    find_query_encode(x->arena, &query, x->body);
    return OK;
}

/* The answer comes to the asking community's gateway, or wherever one listens. */
enum rc exchange_deferred_encode(struct exchange *x)
{
    struct find_query query = { 0 };

    TRY(discovery_fill(x, &query));
    query.priority = "D";
    query.message.respond_to = vars_get(&x->params, "respond-to");
    if (query.message.respond_to == NULL)
        query.message.respond_to = client_url(x->client, x->from, "initiating-gateway", "ITI-55");
    if (query.message.respond_to == NULL)
        return exchange_fail(x, E_CONFIG, "%s has no gateway to answer to: --respond-to names a URL", x->from->key);
    find_query_encode(x->arena, &query, x->body);
    return OK;
}

static const char *name_text(struct arena *a, const struct patient *p, const char *use)
{
    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        if (text_equal(n->use, use))
            return arena_printf(a, "%s%s%s", n->family ? n->family : "", n->given ? " " : "", n->given ? n->given : "");
    }
    return NULL;
}

static void person_item(struct exchange *x, const struct patient *p)
{
    struct exchange_item *item = exchange_item_add(x);

    item->cells[0] = p->ids == NULL ? NULL : p->ids->extension;
    item->cells[1] = p->ids == NULL ? NULL : p->ids->root;
    item->cells[2] = name_text(x->arena, p, "IDE");
    item->cells[3] = name_text(x->arena, p, "SYL");
    item->cells[4] = p->gender;
    item->cells[5] = p->birth_time;
    item->cells[6] = p->match < 0 ? NULL : arena_printf(x->arena, "%d", p->match);
    item->cells[7] = p->custodian_root == NULL ? NULL : arena_printf(x->arena, "urn:oid:%s", p->custodian_root);
}

static const char *list_text(struct exchange *x, const struct text_list *list)
{
    const char *text = "";

    for (; list != NULL; list = list->next)
        text = arena_printf(x->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ", list->text);
    return text;
}

enum rc exchange_person_query_decode(struct exchange *x)
{
    struct find_result result = { 0 };

    TRY(find_result_decode(x->arena, x->call->body, &result));
    if (!is_positive(&result.ack))
        return exchange_fail(x, E_REFUSED, "%s: %s", result.ack.type_code,
                             exchange_issues(x->arena, &result.ack.details));
    for (const struct patient *p = result.patients; p != NULL; p = p->next)
        person_item(x, p);
    if (result.wanted != NULL)
        return exchange_fail(x, E_REFUSED, "too many people match; it asks for more: %s", list_text(x, result.wanted));
    return OK;
}

/* ---- ITI-56 ---- */

enum rc exchange_location_encode(struct exchange *x)
{
    struct patient_id patient;

    TRY(exchange_id(x, vars_get(&x->params, "patient"), x->to->patient_id_domain, &patient));
    location_query_encode(&patient, x->body);
    return OK;
}

enum rc exchange_location_decode(struct exchange *x)
{
    struct patient_place *places = NULL;

    TRY(location_answer_decode(x->arena, x->call->body, &places));
    for (const struct patient_place *p = places; p != NULL; p = p->next) {
        struct exchange_item *item = exchange_item_add(x);
        item->cells[0] = p->home;
        item->cells[1] = p->id.extension;
        item->cells[2] = p->id.root;
    }
    return OK;
}
