#include "cli/breaking.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/rule.h"

#include <string.h>

#define CONTENT   "Kakehashi" /* of a document when the user says none */
#define VARIABLES 12
#define RULE_MAX  24 /* characters of a rule's id */

/* A message under way, with what came before it. */
struct scene {
    const struct exchange *base;
    const struct break_row *row;
    struct breaking *out;
    struct xml_variable variables[VARIABLES + 1];
    size_t count;
};

/* ---- variables ---- */

static void variable_add(struct scene *s, const char *name, const char *text)
{
    s->variables[s->count++] = (struct xml_variable){ .name = name, .text = text };
}

/* $patient, and $other in the same domain. */
static enum rc patients_add(struct scene *s)
{
    struct exchange *x = &s->out->x;
    const char *text = vars_get(&s->base->params, "patient");
    struct patient_id id;
    char uuid[IDS_UUID_LEN];

    if (text_absent(text))
        return exchange_fail(x, E_CONFIG, "--break %s needs --patient, one that the registry knows", s->row->rule);
    TRY(exchange_id(x, text, x->to->patient_id_domain, &id));
    variable_add(s, "patient", patient_id_cx(x->arena, &id));
    ids_uuid(uuid);
    id.extension = arena_printf(x->arena, "OTHER-%.13s", uuid);
    variable_add(s, "other", patient_id_cx(x->arena, &id));
    return OK;
}

static const struct {
    const char *name;
    char *(*make)(struct arena *a);
} fresh[] = {
    { "uuid", ids_urn }, { "uuid2", ids_urn }, { "uuid3", ids_urn }, { "oid", ids_oid }, { "oid2", ids_oid }
};

/* The first variables: each message has its own. */
static void fresh_draw(struct scene *s)
{
    for (size_t i = 0; i < ARRAY_LEN(fresh); i++)
        s->variables[i] = (struct xml_variable){ .name = fresh[i].name, .text = fresh[i].make(s->base->arena) };
    s->count = MAX(s->count, ARRAY_LEN(fresh));
}

/* ---- parameters ---- */

/* What names things that are there is the message's alone. */
static bool is_of_message(const char *name)
{
    static const char *const names[] = { "document", "logical", "version", "entry", "status", "propagation",
                                         "query",    "param",   "return",  "kind",  "home",   "recipient" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void params_copy(struct exchange *x, const struct exchange *base, bool is_step)
{
    x->params = (struct vars){ .arena = base->arena };
    for (const struct var *p = base->params.first; p != NULL; p = p->next) {
        if (!is_step || !is_of_message(p->name))
            vars_add(&x->params, p->name, p->value);
    }
    if (x->content.data == NULL && vars_get(&x->params, "content") == NULL)
        vars_add(&x->params, "content", CONTENT);
}

/* They come in the place of what the user said; one that is named twice has two values. */
static enum rc params_expand(struct scene *s, struct exchange *x, const struct break_param *params, size_t n)
{
    for (size_t i = 0; i < n && params[i].name != NULL; i++) {
        const char *value, *why;
        if (xml_expand(x->arena, params[i].value, s->variables, &value, &why) != OK)
            return exchange_fail(x, E_CONFIG, "%s", why);
        if (i > 0 && strcmp(params[i].name, params[i - 1].name) == 0)
            vars_add(&x->params, params[i].name, value);
        else
            vars_set(&x->params, params[i].name, value);
    }
    return OK;
}

/* ---- sending ---- */

static struct exchange message_new(const struct scene *s, const char *transaction, const char *actor)
{
    const struct exchange *base = s->base;
    bool is_step = transaction != NULL;
    struct exchange x = { .arena = base->arena,
                          .client = base->client,
                          .row = is_step ? exchange_find(transaction) : base->row,
                          .from = base->from,
                          .to = base->to,
                          .actor = is_step ? actor : base->actor,
                          .content = base->content,
                          .variables = s->variables };

    params_copy(&x, base, is_step);
    return x;
}

static size_t edits_count(const struct xml_edit *edits, size_t max)
{
    size_t n = 0;

    while (n < max && edits[n].kind != XML_EDIT_NONE)
        n++;
    return n;
}

static enum rc step_run(struct scene *s, const struct break_step *step, const char *name)
{
    struct exchange x = message_new(s, step->transaction, step->at);

    fresh_draw(s);
    x.edits = step->edits;
    x.edit_count = edits_count(step->edits, ARRAY_LEN(step->edits));
    enum rc rc = params_expand(s, &x, step->params, ARRAY_LEN(step->params));
    if (rc == OK)
        rc = exchange_run(&x);
    if (rc != OK)
        return exchange_fail(&s->out->x, E_PEER, "%s, which goes before: %s", step->transaction, x.why);
    if (!x.row->is_hl7v2)
        s->variables[s->count++] = (struct xml_variable){ .name = name, .document = buf_str(x.body) };
    return OK;
}

static enum rc ground_run(struct scene *s)
{
    static const char *const names[GROUND_STEPS] = { "m1", "m2", "m3" };
    const struct break_ground *ground = s->row->ground;

    for (size_t i = 0; ground != NULL && i < GROUND_STEPS && ground->steps[i].transaction != NULL; i++)
        TRY(step_run(s, &ground->steps[i], names[i]));
    return OK;
}

/* edits: how many of the row's. */
static enum rc scene_run(struct scene *s, size_t edits)
{
    struct exchange *x = &s->out->x;

    *x = message_new(s, NULL, NULL);
    fresh_draw(s);
    TRY(patients_add(s));
    TRY(ground_run(s));
    fresh_draw(s);
    if (s->row->ground != NULL)
        TRY(params_expand(s, x, s->row->ground->params, ARRAY_LEN(s->row->ground->params)));
    x->edits = s->row->edits;
    x->edit_count = edits;
    return exchange_run(x);
}

/* ---- judging ---- */

/* The rule whose id stands from text to a comma; RULE_NONE. */
static enum rule rule_at(const char *text, const char *end)
{
    const char *comma = memchr(text, ',', MIN((size_t)(end - text), (size_t)RULE_MAX));
    char id[RULE_MAX + 1] = "";

    if (comma == NULL)
        return RULE_NONE;
    memcpy(id, text, (size_t)(comma - text));
    return rule_find(id);
}

/* Every refusal ends "(RULE, SECTION)". */
static const char *rules_named(struct arena *a, struct str answer)
{
    bool seen[RULE_COUNT] = { false };
    const char *named = "", *end = answer.data + answer.len;

    for (const char *at = answer.data; at != NULL && (at = memchr(at, '(', (size_t)(end - at))) != NULL; at++) {
        enum rule rule = rule_at(at + 1, end);
        if (rule == RULE_NONE || seen[rule])
            continue;
        seen[rule] = true;
        named = arena_printf(a, "%s%s%s", named, named[0] == '\0' ? "" : ", ", rule_row(rule)->id);
    }
    return named;
}

static enum break_verdict verdict_of(const struct breaking *b, const char *rule)
{
    if (b->rc != OK && b->rc != E_REFUSED)
        return BREAK_UNSENT;
    if (b->named[0] == '\0')
        return b->rc == OK ? BREAK_ACCEPTED : BREAK_UNNAMED;
    if (strcmp(b->named, rule) != 0)
        return BREAK_OTHERWISE;
    return b->rc == OK ? BREAK_WARNED : BREAK_REFUSED;
}

static void scene_play(const struct exchange *base, const struct break_row *row, size_t edits, struct breaking *out)
{
    struct scene s = { .base = base, .row = row, .out = out };

    *out = (struct breaking){ .named = "" };
    out->rc = scene_run(&s, edits);
    if (out->x.call != NULL)
        out->named = rules_named(base->arena, out->x.call->response_xml);
    out->verdict = verdict_of(out, row->rule);
}

void break_run(const struct exchange *base, const struct break_row *row, struct breaking *out)
{
    scene_play(base, row, edits_count(row->edits, BREAK_EDITS), out);
}

enum rc break_run_good(const struct exchange *base, const struct break_row *row, struct breaking *out)
{
    scene_play(base, row, (size_t)row->good, out);
    return out->rc;
}
