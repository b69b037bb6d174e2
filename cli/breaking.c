#include "cli/breaking.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/hl7v2_person.h"
#include "wire/json.h"

#include <string.h>

#define CONTENT   "Kakehashi" /* of a document when the user says none */
#define VARIABLES 56          /* of its own, and of GROUND_STEPS messages with what came of them */
#define RULE_MAX  24          /* characters of a rule's id */

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

/* As CX, in a domain. */
static void patient_add(struct scene *s, const char *name, const char *extension, const char *domain)
{
    const struct patient_id id = { .root = domain, .extension = extension };

    variable_add(s, name, patient_id_cx(s->base->arena, &id));
}

static const char *fresh_name(struct scene *s)
{
    char uuid[IDS_UUID_LEN];

    ids_uuid(uuid);
    return arena_printf(s->base->arena, "BREAK-%.13s", uuid);
}

/* More repetitions than a field of HL7 v2 may have. */
static void many_add(struct scene *s, const char *domain)
{
    struct arena *a = s->base->arena;
    struct buf *all = buf_new(a, BUF_MAX_DEFAULT);

    for (int i = 0; i <= HL7V2_REPETITIONS_MAX; i++)
        buf_printf(all, "%sM%d^^^&%s&ISO", i == 0 ? "" : "~", i, domain);
    variable_add(s, "many", buf_text(all));
}

/* Domains of facilities are numbered below 2.999.392.3, behind the number of their community. */
static void facility_add(struct scene *s, const char *domain)
{
    static const char region[] = "2.999.392.2.";
    const char *number = text_starts(domain, region) ? domain + strlen(region) : domain;

    variable_add(s, "facility", arena_printf(s->base->arena, "2.999.392.3.%s.1", number));
}

/* $patient, and others in the same domain, who are new. */
static enum rc patients_add(struct scene *s)
{
    static const char *const others[] = { "other", "another", "third" };
    struct exchange *x = &s->out->x;
    const char *text = vars_get(&s->base->params, "patient");
    struct patient_id id;

    if (text_absent(text))
        return exchange_fail(x, E_CONFIG, "--break %s needs --patient, one that the registry knows", s->row->rule);
    TRY(exchange_id(x, text, x->to->patient_id_domain, &id));
    patient_add(s, "patient", id.extension, id.root);
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        patient_add(s, others[i], fresh_name(s), id.root);
    many_add(s, id.root);
    facility_add(s, id.root);
    return OK;
}

/* $home is whom it goes to, $elsewhere another community that lives here. */
static void homes_add(struct scene *s)
{
    const struct exchange *base = s->base;
    const struct json *all = json_get(client_directory(base->client)->backbone.endpoints, "communities");

    variable_add(s, "home", base->to->home_community_id);
    for (const struct json *c = all != NULL ? all->first : NULL; c != NULL; c = c->next) {
        const char *home = json_text(c, "homeCommunityId");
        if (home != NULL && strcmp(home, base->to->home_community_id) != 0) {
            variable_add(s, "elsewhere", home);
            return;
        }
    }
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
        if (strcmp(params[i].name, "content") == 0)
            x->content = (struct str){ 0 };
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
    struct exchange x = { .arena = base->arena,
                          .client = base->client,
                          .row = transaction != NULL ? exchange_find(transaction) : base->row,
                          .from = base->from,
                          .to = base->to,
                          .actor = actor,
                          .content = base->content };

    params_copy(&x, base, transaction != NULL);
    return x;
}

/* $r1.study: a column of the first thing that the answer to the first message brought. */
static void results_add(struct scene *s, const struct exchange *x, const char *name)
{
    for (size_t i = 0; x->items != NULL && i < EXCHANGE_COLUMNS && x->row->columns[i] != NULL; i++) {
        if (x->items->cells[i] != NULL)
            variable_add(s, arena_printf(x->arena, "r%s.%s", name + 1, x->row->columns[i]), x->items->cells[i]);
    }
}

static enum rc step_run(struct scene *s, const struct break_step *step, const char *name)
{
    struct exchange x = message_new(s, step->transaction, step->at);
    const struct amendment am = { .variables = s->variables,
                                  .body = step->edits,
                                  .body_count = step->edits[0].kind == XML_EDIT_NONE ? 0 : ARRAY_LEN(step->edits) };

    fresh_draw(s);
    x.amendment = &am;
    enum rc rc = params_expand(s, &x, step->params, ARRAY_LEN(step->params));
    if (rc == OK)
        rc = exchange_run(&x);
    if (rc != OK)
        return exchange_fail(&s->out->x, E_CONFIG, "%s, which goes before: %s", step->transaction, x.why);
    results_add(s, &x, name);
    if (!x.row->is_hl7v2)
        s->variables[s->count++] = (struct xml_variable){ .name = name, .document = buf_str(x.body) };
    return OK;
}

static enum rc ground_run(struct scene *s, const struct break_ground *ground)
{
    static const char *const names[GROUND_STEPS] = { "m1", "m2", "m3", "m4" };

    for (size_t i = 0; i < GROUND_STEPS && ground->steps[i].transaction != NULL; i++)
        TRY(step_run(s, &ground->steps[i], names[i]));
    return params_expand(s, &s->out->x, ground->params, ARRAY_LEN(ground->params));
}

/* What becomes of the message: of a good one only what leaves it so. */
static void amendment_fill(struct scene *s, bool is_good)
{
    const struct break_row *row = s->row;
    struct amendment *am = ARENA_NEW(s->base->arena, struct amendment);
    bool is_segments = row->segments[0].kind != HL7V2_EDIT_NONE, is_body = row->edits[0].kind != XML_EDIT_NONE;

    am->variables = s->variables;
    am->body = row->edits;
    am->body_count = !is_body ? 0 : is_good ? (size_t)row->good : BREAK_EDITS;
    am->segments = row->segments;
    am->segment_count = !is_segments ? 0 : is_good ? (size_t)row->good : BREAK_SEGMENTS;
    am->envelope = row->envelope;
    am->envelope_count = is_good || row->envelope[0].kind == XML_EDIT_NONE ? 0 : BREAK_ENVELOPE;
    am->package = is_good ? NULL : &row->package;
    s->out->x.amendment = am;
}

static enum rc scene_run(struct scene *s, bool is_good)
{
    const struct break_ground *ground = break_ground(s->row, s->base->row->id);
    struct exchange *x = &s->out->x;

    *x = message_new(s, NULL, s->base->actor != NULL ? s->base->actor : s->row->at);
    fresh_draw(s);
    homes_add(s);
    TRY(patients_add(s));
    if (ground != NULL)
        TRY(ground_run(s, ground));
    fresh_draw(s);
    amendment_fill(s, is_good);
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

/* A refusal at the door is no SOAP and no answer of HL7 v2, but may name its rule. */
static enum break_verdict verdict_of(const struct breaking *b, const char *rule)
{
    bool is_refused = b->rc == E_REFUSED || (b->rc == E_PEER && b->named[0] != '\0');

    if (b->rc != OK && !is_refused)
        return BREAK_UNSENT;
    if (b->named[0] == '\0')
        return b->rc == OK ? BREAK_ACCEPTED : BREAK_UNNAMED;
    if (strcmp(b->named, rule) != 0)
        return BREAK_OTHERWISE;
    return b->rc == OK ? BREAK_WARNED : BREAK_REFUSED;
}

static void scene_play(const struct exchange *base, const struct break_row *row, bool is_good, struct breaking *out)
{
    struct scene s = { .base = base, .row = row, .out = out };

    *out = (struct breaking){ .named = "" };
    out->rc = scene_run(&s, is_good);
    if (out->x.call != NULL)
        out->named = rules_named(base->arena, out->x.call->response_xml);
    out->verdict = verdict_of(out, row->rule);
}

void break_run(const struct exchange *base, const struct break_row *row, struct breaking *out)
{
    scene_play(base, row, false, out);
}

enum rc break_run_good(const struct exchange *base, const struct break_row *row, struct breaking *out)
{
    scene_play(base, row, true, out);
    return out->rc;
}
