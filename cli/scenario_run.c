/* The verbs of a scenario, one row each, and the variables they hand on. */
#include "cli/scenario.h"

#include "cli/client.h"
#include "cli/exchange.h"
#include "cli/language.h"
#include "cli/run_number.h"
#include "cli/scenario_consent.h"
#include "cli/template.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/str.h"
#include "world/community_file.h"
#include "world/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define DOCUMENT_MAX ((size_t)16 << 20)

/* A step under way: what it was told, and what will be told of it. */
struct doing {
    struct scenario_run *run;
    const struct json *step;
    const struct json *object; /* of its verb */
    struct outcome *outcome;
};

/* OK; E_REFUSED with outcome->why: it did not go as told; E_CONFIG with outcome->why: the step cannot be done at all.
 */
typedef enum rc (*verb_fn)(struct doing *d);

static enum rc verb_send(struct doing *d);
static enum rc verb_fill(struct doing *d);
static enum rc verb_identical(struct doing *d);
static enum rc verb_consent(struct doing *d);

static const struct {
    const char *word;
    verb_fn run;
    bool is_told; /* is it an outcome of its own also when all went well? */
} verbs[] = {
    { "send", verb_send, true },            /* one transaction */
    { "fill", verb_fill, false },           /* a document template becomes a document */
    { "identical", verb_identical, false }, /* hashes of documents are the same */
    { "consent", verb_consent, true }       /* a patient's say */
};

static int verb_index(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (text_equal(verbs[i].word, word))
            return (int)i;
    }
    return -1;
}

const struct json *scenario_verb(const struct json *step)
{
    for (const struct json *m = step->first; m != NULL; m = m->next) {
        if (verb_index(m->key) >= 0)
            return m;
    }
    return NULL;
}

static enum rc fail(struct doing *d, enum rc rc, const char *fmt, ...) PRINTF_LIKE(3, 4);

static enum rc fail(struct doing *d, enum rc rc, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    d->outcome->why = arena_vprintf(d->run->arena, fmt, ap);
    va_end(ap);
    return rc;
}

/* A text of the file with its {{names}} filled in; NULL stays NULL. */
static enum rc text_fill(struct doing *d, const char *text, const char **out)
{
    struct buf *filled = buf_new(d->run->arena, BUF_MAX_DEFAULT);
    const char *missing = "}}";

    *out = NULL;
    if (text == NULL)
        return OK;
    if (template_fill(str_from(text), &d->run->vars, TEMPLATE_TEXT, filled, &missing) != OK)
        return fail(d, E_CONFIG, "\"%s\": %s is missing", text, missing);
    *out = buf_text(filled);
    return OK;
}

/* ---- send ---- */

static enum rc peer_find(struct doing *d, const char *member, const struct peer **out)
{
    const char *key = json_text(d->step, member);

    *out = key == NULL ? NULL
                       : directory_find(client_directory(d->run->client), scenario_player(d->run->scenario, key));
    if (*out == NULL)
        return fail(d, E_CONFIG, "\"%s\" names no community that lives here", member);
    return OK;
}

static enum rc param_add(struct doing *d, struct exchange *x, const char *name, const struct json *value)
{
    const char *text;

    TRY(text_fill(d, value->text, &text));
    if (text == NULL)
        return fail(d, E_CONFIG, "\"%s\" needs a text, or a list of texts", name);
    vars_add(&x->params, name, text);
    return OK;
}

static enum rc params_add(struct doing *d, struct exchange *x, const struct json *object)
{
    for (const struct json *m = object ? object->first : NULL; m != NULL; m = m->next) {
        if (m->type != JSON_T_LIST) {
            TRY(param_add(d, x, m->key, m));
            continue;
        }
        for (const struct json *each = m->first; each != NULL; each = each->next)
            TRY(param_add(d, x, m->key, each));
    }
    return OK;
}

/* "using" names a group of parameters that several steps share; "with" are the step's own. */
static enum rc params_fill(struct doing *d, struct exchange *x)
{
    const char *name = json_text(d->step, "using");
    const struct json *group = name ? json_get(json_get(d->run->scenario->root, "groups"), name) : NULL;

    if (name != NULL && group == NULL)
        return fail(d, E_CONFIG, "there is no group \"%s\"", name);
    TRY(params_add(d, x, group));
    return params_add(d, x, json_get(d->step, "with"));
}

static enum rc item_matches(struct doing *d, const struct exchange *x, const struct exchange_item *item, bool *out)
{
    const struct json *where = json_get(d->step, "where");

    *out = true;
    for (const struct json *m = where ? where->first : NULL; m != NULL; m = m->next) {
        const char *wanted;
        TRY(text_fill(d, m->text, &wanted));
        *out = *out && text_equal(exchange_cell(x, item, m->key), wanted);
    }
    return OK;
}

/* The first thing of the answer that is as "where" says; the step fails when there is none. */
static enum rc item_find(struct doing *d, const struct exchange *x, const struct exchange_item **out)
{
    for (const struct exchange_item *item = x->items; item != NULL; item = item->next) {
        bool matches;
        TRY(item_matches(d, x, item, &matches));
        if (matches) {
            *out = item;
            return OK;
        }
    }
    if (x->item_count == 0)
        return fail(d, E_REFUSED, "%s", language_pick("the answer is empty", "応答が空です"));
    return fail(d, E_REFUSED, "%s (%zu)", language_pick("nothing in the answer fits", "応答に該当するものがありません"),
                x->item_count);
}

/* "count": so many things came, no more and no fewer. */
static enum rc items_count(struct doing *d, const struct exchange *x)
{
    const char *count = arena_printf(d->run->arena, "%zu", x->item_count), *wanted;

    vars_set(&d->run->vars, "count", count);
    TRY(text_fill(d, json_text(d->step, "count"), &wanted));
    return wanted == NULL || text_equal(wanted, count)
               ? OK
               : fail(d, E_REFUSED, "%s: %s, %s", language_pick("not as many came", "件数が異なります"), wanted, count);
}

static enum rc items_keep(struct doing *d, const struct exchange *x)
{
    const struct json *keep = json_get(d->step, "keep");
    const struct exchange_item *item = NULL;

    if (keep == NULL && json_get(d->step, "where") == NULL)
        return OK;
    TRY(item_find(d, x, &item));
    for (const struct json *m = keep ? keep->first : NULL; m != NULL; m = m->next) {
        const char *cell = exchange_cell(x, item, m->text);
        if (cell == NULL)
            return fail(d, E_REFUSED, "the answer has no %s", m->text ? m->text : m->key);
        vars_set(&d->run->vars, m->key, cell);
    }
    return OK;
}

static enum rc verb_send(struct doing *d)
{
    struct outcome *o = d->outcome;
    struct exchange x = { .arena = d->run->arena, .client = d->run->client, .params.arena = d->run->arena };

    o->transaction = d->object->text;
    x.row = o->transaction == NULL ? NULL : exchange_find(o->transaction);
    if (x.row == NULL)
        return fail(d, E_CONFIG, "\"send\" names no transaction");
    TRY(peer_find(d, "from", &x.from));
    TRY(peer_find(d, "to", &x.to));
    x.actor = json_text(d->step, "at");
    o->from = x.from;
    o->to = x.to;
    o->actor = x.actor ? x.actor : x.row->actors[0];
    TRY(params_fill(d, &x));

    enum rc rc = exchange_run(&x);
    o->ms = x.call == NULL ? 0 : (double)x.call->ticks / 1e6;
    if (rc != OK)
        return fail(d, rc == E_CONFIG ? E_CONFIG : E_REFUSED, "%s", x.why);
    TRY(items_count(d, &x));
    return items_keep(d, &x);
}

/* ---- fill ---- */

/* {"fill": "referral-cda.xml", "into": "referral"}: the variables referral, referral.sha1, referral.size. */
static enum rc verb_fill(struct doing *d)
{
    struct scenario_run *run = d->run;
    const char *into = json_text(d->step, "into"), *missing = "}}";
    const char *path = arena_printf(run->arena, "%s/documents/%s", world_fixtures(run->arena, run->config),
                                    d->object->text);
    struct buf *filled = buf_new(run->arena, DOCUMENT_MAX);
    char hash[SHA1_HEX_LEN];
    struct str text;

    if (into == NULL)
        return fail(d, E_CONFIG, "\"fill\" needs \"into\"");
    if (file_read(run->arena, path, DOCUMENT_MAX, &text) != OK)
        return fail(d, E_CONFIG, "%s cannot be read", path);
    if (template_fill(text, &run->vars, TEMPLATE_XML, filled, &missing) != OK)
        return fail(d, E_CONFIG, "%s: %s is missing", path, missing);
    sha1_hex(buf_str(filled), hash);
    vars_set(&run->vars, into, buf_text(filled));
    vars_set(&run->vars, arena_printf(run->arena, "%s.sha1", into), hash);
    vars_set(&run->vars, arena_printf(run->arena, "%s.size", into), arena_printf(run->arena, "%zu", filled->len));
    return OK;
}

/* ---- identical ---- */

/* {"identical": ["{{referral.sha1}}", "{{direct.sha1}}"]} */
static enum rc verb_identical(struct doing *d)
{
    const char *first = NULL, *other;

    for (const struct json *m = d->object->first; m != NULL; m = m->next) {
        TRY(text_fill(d, m->text, &other));
        if (first == NULL)
            first = other;
        if (!text_equal(first, other))
            return fail(d, E_REFUSED, "%s: SHA-1 %s, %s",
                        language_pick("the document that came is another", "届いた文書が異なります"), first, other);
    }
    if (first == NULL)
        return fail(d, E_CONFIG, "\"identical\" needs a list of hashes");
    d->run->sha1 = first;
    return OK;
}

/* ---- consent ---- */

/* {"consent": "withdraw", "of": "0035", "patient": "{{patient.region-id}}"} */
static enum rc verb_consent(struct doing *d)
{
    struct consent_step step = { .act = d->object->text };
    const struct peer *of;
    const char *why = NULL;
    uint64_t begun = clock_ticks();

    TRY(peer_find(d, "of", &of));
    TRY(text_fill(d, json_text(d->step, "patient"), &step.patient));
    TRY(text_fill(d, json_text(d->step, "facility"), &step.facility));
    TRY(text_fill(d, json_text(d->step, "physician"), &step.physician));
    d->outcome->from = d->outcome->to = of;
    d->outcome->actor = "responding-gateway";
    step.community = of->key;
    enum rc rc = scenario_consent(d->run->arena, d->run->config, &step, &why);
    d->outcome->ms = (double)(clock_ticks() - begun) / 1e6;
    return rc == OK ? OK : fail(d, rc == E_CONFIG ? E_CONFIG : E_REFUSED, "%s", why);
}

/* ---- the run ---- */

static void outcome_keep(struct scenario_run *run, struct outcome *o)
{
    struct outcome **end = &run->outcomes;

    while (*end != NULL)
        end = &(*end)->next;
    *end = o;
    if (run->on_step != NULL)
        run->on_step(run->user, run, o);
}

static enum rc step_do(struct scenario_run *run, const struct json *step, int number)
{
    const struct json *object = scenario_verb(step);
    int verb = verb_index(object->key);
    struct outcome *o = ARENA_NEW(run->arena, struct outcome);
    struct doing d = { .run = run, .step = step, .object = object, .outcome = o };

    o->number = number;
    o->verb = object->key;
    enum rc rc = verbs[verb].run(&d);
    if (rc == OK)
        rc = text_fill(&d, json_text(step, language_pick("en", "ja")), &o->carries);
    o->ok = rc == OK;
    if (verbs[verb].is_told || !o->ok)
        outcome_keep(run, o);
    return o->ok ? OK : E_REFUSED;
}

/* Nobody has the birthday of an earlier run's patient, so that a search by name and birthday finds one person. */
static const char *birthday_of(struct arena *a, long number)
{
    time_t day = (time_t)-631152000 + (time_t)(number % 18000) * 86400; /* from 1950-01-01 on */
    struct tm tm;

    gmtime_r(&day, &tm);
    char *text = arena_alloc(a, 16);
    strftime(text, 16, "%Y%m%d", &tm);
    return text;
}

static void run_vars(struct scenario_run *run)
{
    char now[CLOCK_DTM_LEN];

    clock_dtm(clock_now(), now);
    vars_set(&run->vars, "run", arena_printf(run->arena, "%04ld", run->number));
    vars_set(&run->vars, "run.birth", birthday_of(run->arena, run->number));
    vars_set(&run->vars, "run.time", now);
    vars_set(&run->vars, "run.oid", ids_oid(run->arena));
}

/* KEY.facility.1, KEY.facility.1.name …: from its file, as endpoints.json knows actors only. */
static enum rc facility_vars(struct scenario_run *run, const char *key, const char *player)
{
    struct arena *a = run->arena;
    const char *folder = arena_printf(a, "%s/networks", world_fixtures(a, run->config));
    struct community c = { 0 };
    int n = 0;

    TRY(community_file_read(a, folder, arena_printf(a, "%s.json", player), &c));
    for (const struct facility *f = c.facilities; f != NULL; f = f->next) {
        vars_set(&run->vars, arena_printf(a, "%s.facility.%d", key, ++n), f->oid);
        vars_set(&run->vars, arena_printf(a, "%s.facility.%d.name", key, n), f->name);
    }
    return OK;
}

static enum rc community_vars(struct scenario_run *run, const char *key)
{
    const char *player = scenario_player(run->scenario, key);
    const struct peer *p = directory_find(client_directory(run->client), player);

    if (p == NULL)
        return E_CONFIG;
    TRY(facility_vars(run, key, p->key));
    vars_set(&run->vars, arena_printf(run->arena, "%s.name", key), p->name);
    vars_set(&run->vars, arena_printf(run->arena, "%s.home", key), p->home_community_id);
    vars_set(&run->vars, arena_printf(run->arena, "%s.domain", key), p->patient_id_domain);
    if (p->repository != NULL)
        vars_set(&run->vars, arena_printf(run->arena, "%s.repository", key), p->repository);
    return OK;
}

/* A scenario that is like another says its own value, or leaves the other's. */
static const char *variable_text(const struct scenario *s, const struct json *variable)
{
    const char *own = json_text(s->overrides, variable->key);
    return own != NULL ? own : variable->text;
}

static enum rc vars_begin(struct scenario_run *run)
{
    const struct json *communities = run->scenario->roles;
    const struct json *variables = json_get(run->scenario->root, "variables");
    struct outcome nobody = { 0 };
    struct doing d = { .run = run, .outcome = &nobody };

    run_vars(run);
    for (const struct json *m = communities ? communities->first : NULL; m != NULL; m = m->next)
        TRY(community_vars(run, m->text));
    for (const struct json *m = variables ? variables->first : NULL; m != NULL; m = m->next) {
        const char *text;
        if (text_fill(&d, variable_text(run->scenario, m), &text) != OK || text == NULL) {
            fprintf(stderr, "kakehashi: %s: variables.%s: %s\n", run->scenario->path, m->key,
                    nobody.why ? nobody.why : "a text is needed here");
            return E_CONFIG;
        }
        vars_set(&run->vars, m->key, text);
    }
    return OK;
}

/* With --clock and --seed the same run says the same again: its ids follow from the seed and from its number. */
static enum rc pins_set(const struct scenario_run *run)
{
    const char *clock = config_text(run->config, CONFIG_CLOCK);
    long long seed = config_number(run->config, CONFIG_SEED);

    if (seed != 0)
        ids_pin((uint64_t)seed * 1000003u + (uint64_t)run->number);
    if (clock[0] == '\0' || clock_pin(clock) == OK)
        return OK;
    fprintf(stderr, "kakehashi: --clock: \"%s\" is no time such as 2026-04-01T09:00:00Z\n", clock);
    return E_CONFIG;
}

enum rc scenario_run(struct scenario_run *run)
{
    int number = 0;

    run->vars.arena = run->arena;
    TRY(client_new(run->arena, run->config, false, &run->client));
    const char *data = client_directory(run->client)->backbone.data;
    TRY(run_number_next(run->arena, data, run->scenario->name, &run->number));
    TRY(pins_set(run));
    TRY(vars_begin(run));
    for (const struct json *step = run->scenario->steps->first; step != NULL; step = step->next)
        TRY(step_do(run, step, ++number));
    run->ok = true;
    return OK;
}
