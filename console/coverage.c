#include "console/coverage.h"

#include "base/arena.h"
#include "console/summary.h"
#include "model/community.h"
#include "model/issue.h"
#include "model/rule.h"
#include "msg/stored_query.h"

#include <string.h>

/* ---- what there is ---- */

static struct coverage_item *item_find(const struct coverage_list *list, const char *name, const char *place)
{
    for (size_t i = 0; i < list->count; i++) {
        struct coverage_item *item = &list->items[i];
        if (strcmp(item->name, name) == 0 && (place == NULL || text_equal(item->place, place)))
            return item;
    }
    return NULL;
}

static struct coverage_item *item_add(struct coverage *c, enum coverage_kind kind, const char *name, const char *place,
                                      const char *about)
{
    struct coverage_list *list = &c->lists[kind];
    struct coverage_item *item = item_find(list, name, place);

    if (item != NULL)
        return item;
    if (list->count == list->size) {
        struct coverage_item *more = ARENA_ARRAY(c->arena, struct coverage_item, list->size * 2 + 64);
        if (list->count > 0)
            memcpy(more, list->items, list->count * sizeof(*more));
        list->items = more;
        list->size = list->size * 2 + 64;
    }
    item = &list->items[list->count++];
    *item = (struct coverage_item){ name, about, place, ARENA_ARRAY(c->arena, uint32_t, c->world->count + 1) };
    return item;
}

static void know_queries(struct coverage *c)
{
    for (size_t i = 0; i < stored_query_count(); i++) {
        const struct stored_query *q = stored_query_at(i);
        item_add(c, COVERAGE_QUERIES, q->name, NULL, q->is_multi_patient ? "ITI-51" : "ITI-18, ITI-38");
        for (const char *const *p = q->params; *p != NULL; p++)
            item_add(c, COVERAGE_PARAMETERS, *p, q->name, NULL);
    }
}

static void know_rules(struct coverage *c)
{
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const struct rule_row *row = rule_row((enum rule)rule);
        if (row->code == ISSUE_TOLD) /* no daemon answers with it */
            continue;
        item_add(c, COVERAGE_RULES, row->id, row->section, row->en);
    }
}

/* ebRS codes by their names; HL7's by what acknowledgements name. */
static void know_errors(struct coverage *c)
{
    for (int code = 0; code < ISSUE_COUNT; code++) {
        const struct issue_row *row = issue_row((enum issue_code)code);
        const char *name = row->ebrs != NULL ? row->ebrs : row->hl7;
        if (name != NULL)
            item_add(c, COVERAGE_ERRORS, name, NULL, row->en);
    }
}

/* Records and time are asked of the audit daemon, and are in no journal. */
static bool is_in_journal(const char *actor)
{
    return strcmp(actor, "audit") != 0 && strcmp(actor, "time") != 0;
}

/* f(c, community, transaction) of all that endpoints.json has. */
static void each_offer(struct coverage *c, const struct json *endpoints,
                       void (*f)(struct coverage *c, size_t community, const char *transaction))
{
    const struct json *communities = json_get(endpoints, "communities");

    for (const struct json *k = communities != NULL ? communities->first : NULL; k != NULL; k = k->next) {
        const struct community *community = world_find(c->world, k->key);
        const struct json *actors = json_get(k, "endpoints");
        for (const struct json *actor = actors != NULL ? actors->first : NULL; actor != NULL; actor = actor->next) {
            for (const struct json *t = actor->first; t != NULL && community != NULL; t = t->next) {
                if (is_in_journal(actor->key))
                    f(c, (size_t)(community - c->world->communities), t->key);
            }
        }
    }
}

static void know_transaction(struct coverage *c, size_t community UNUSED, const char *transaction)
{
    item_add(c, COVERAGE_TRANSACTIONS, arena_strdup(c->arena, transaction), NULL, NULL);
}

static void know_offer(struct coverage *c, size_t community, const char *transaction)
{
    const struct coverage_list *list = &c->lists[COVERAGE_TRANSACTIONS];

    c->is_offered[community * list->count + (size_t)(item_find(list, transaction, NULL) - list->items)] = true;
}

struct coverage *coverage_new(struct arena *a, const struct world *w, const struct json *endpoints)
{
    static const struct coverage_list lists[COVERAGE_KINDS] = {
        [COVERAGE_TRANSACTIONS] = { "transactions", "Transactions", "トランザクション" },
        [COVERAGE_QUERIES] = { "queries", "Stored queries", "ストアドクエリ" },
        [COVERAGE_PARAMETERS] = { "parameters", "Query parameters", "クエリのパラメータ" },
        [COVERAGE_RULES] = { "rules", "Rules that were broken", "違反のあった規則" },
        [COVERAGE_ERRORS] = { "errors", "Error codes that were answered", "応答されたエラーコード" },
    };
    struct coverage *c = ARENA_NEW(a, struct coverage);

    c->arena = a;
    c->world = w;
    memcpy(c->lists, lists, sizeof(lists));
    each_offer(c, endpoints, know_transaction);
    c->is_offered = ARENA_ARRAY(a, bool, c->lists[COVERAGE_TRANSACTIONS].count * w->count + 1);
    each_offer(c, endpoints, know_offer);
    know_queries(c);
    know_rules(c);
    know_errors(c);
    return c;
}

/* ---- what was exercised ---- */

static void count(struct coverage *c, enum coverage_kind kind, const char *name, const char *place, size_t community)
{
    struct coverage_item *item = text_absent(name) ? NULL : item_find(&c->lists[kind], name, place);

    if (item != NULL)
        item->counts[community]++;
}

static size_t community_of(const struct coverage *c, struct view *v)
{
    struct str key = v->record.text[JOURNAL_COMMUNITY];
    const struct community *community = key.len > 0 ? world_find(c->world, arena_strndup(v->arena, key.data, key.len))
                                                    : NULL;

    return community != NULL ? (size_t)(community - c->world->communities) : c->world->count;
}

static void add_answer(struct coverage *c, struct view *v, size_t community)
{
    struct str packed = v->record.text[JOURNAL_ISSUES], transaction = v->record.text[JOURNAL_TRANSACTION];
    struct journal_issue issue;

    count(c, COVERAGE_TRANSACTIONS, arena_strndup(v->arena, transaction.data, transaction.len), NULL, community);
    while (journal_issue_next(v->arena, &packed, &issue)) {
        count(c, COVERAGE_RULES, issue.rule, NULL, community);
        count(c, COVERAGE_ERRORS, issue.code, NULL, community);
    }
}

static void add_request(struct coverage *c, struct view *v, size_t community)
{
    const struct summary *s = summary_of(v->entry);

    if (s->query == NULL)
        return;
    count(c, COVERAGE_QUERIES, s->query, NULL, community);
    for (size_t i = 0; i < s->params.count; i++)
        count(c, COVERAGE_PARAMETERS, s->params.texts[i], s->query, community);
}

void coverage_add(struct coverage *c, struct view *v)
{
    size_t community = community_of(c, v);

    c->records++;
    if (v->entry->direction == JOURNAL_ANSWERED)
        add_answer(c, v, community);
    if (v->entry->direction == JOURNAL_RECEIVED)
        add_request(c, v, community);
}

/* ---- sums ---- */

uint64_t coverage_count(const struct coverage *c, const struct coverage_item *item)
{
    uint64_t all = 0;

    for (size_t i = 0; i <= c->world->count; i++)
        all += item->counts[i];
    return all;
}

size_t coverage_exercised(const struct coverage *c, enum coverage_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < c->lists[kind].count; i++)
        n += coverage_count(c, &c->lists[kind].items[i]) > 0;
    return n;
}

size_t coverage_exercised_by(const struct coverage *c, enum coverage_kind kind, size_t community)
{
    size_t n = 0;

    for (size_t i = 0; i < c->lists[kind].count; i++)
        n += c->lists[kind].items[i].counts[community] > 0;
    return n;
}

size_t coverage_of(const struct coverage *c, enum coverage_kind kind, size_t community)
{
    const struct coverage_list *list = &c->lists[kind];
    size_t n = 0;

    if (kind != COVERAGE_TRANSACTIONS)
        return list->count;
    for (size_t i = 0; i < list->count; i++)
        n += c->is_offered[community * list->count + i];
    return n;
}
