#include "console/fields.h"

#include "base/arena.h"
#include "base/buf.h"
#include "console/moment.h"
#include "console/render.h"
#include "model/community.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view view_of(struct arena *a, struct entry *e)
{
    return (struct view){ .arena = a, .entry = e, .record = entry_record(e) };
}

/* ---- what a record has of each ---- */

static void str_add(struct field_values *out, struct str text)
{
    if (text.len > 0 && out->count < FIELD_VALUES)
        out->texts[out->count++] = text;
}

static void value_add(struct field_values *out, const char *text)
{
    str_add(out, str_from(text));
}

static void daemon_values(struct view *v, struct field_values *out)
{
    value_add(out, v->entry->daemon);
}

static void direction_values(struct view *v, struct field_values *out)
{
    value_add(out, journal_direction_word(v->entry->direction));
}

static bool is_answer(const struct view *v)
{
    return v->entry->direction == JOURNAL_ANSWERED || v->entry->direction == JOURNAL_CALLED ||
           v->entry->direction == JOURNAL_STRANGER;
}

static void outcome_values(struct view *v, struct field_values *out)
{
    if (is_answer(v))
        value_add(out, journal_outcome_word(v->record.rc));
}

static void status_values(struct view *v, struct field_values *out)
{
    if (v->record.status == 0)
        return;
    snprintf(v->status, sizeof(v->status), "%d", v->record.status);
    value_add(out, v->status);
}

static void list_values(const struct summary_list *list, struct field_values *out)
{
    for (size_t i = 0; i < list->count; i++)
        value_add(out, list->texts[i]);
}

static void patient_values(struct view *v, struct field_values *out)
{
    list_values(&summary_of(v->entry)->patients, out);
}

static void document_values(struct view *v, struct field_values *out)
{
    list_values(&summary_of(v->entry)->documents, out);
}

static void query_values(struct view *v, struct field_values *out)
{
    const struct summary *s = summary_of(v->entry);

    value_add(out, s->query);
    value_add(out, s->query_id);
}

/* Of each issue. */
static void issue_values(struct view *v, struct field_values *out, bool codes, bool rules, bool warnings)
{
    struct str packed = v->record.text[JOURNAL_ISSUES];
    struct journal_issue issue;

    while (journal_issue_next(v->arena, &packed, &issue)) {
        if (issue.is_warning && !warnings)
            continue;
        if (codes)
            value_add(out, issue.code);
        if (rules)
            value_add(out, issue.rule);
    }
}

static void error_values(struct view *v, struct field_values *out)
{
    issue_values(v, out, true, false, false);
}

static void rule_values(struct view *v, struct field_values *out)
{
    issue_values(v, out, false, true, false);
}

static void finding_values(struct view *v, struct field_values *out)
{
    issue_values(v, out, true, true, true);
}

/* Bytes that say something else than they look like: HL7 v2 in ISO 2022 is searched for what it says, too. */
static bool is_encoded(struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if ((unsigned char)bytes.data[i] >= 0x80 || bytes.data[i] == '\x1b')
            return true;
    }
    return false;
}

static void text_values(struct view *v, struct field_values *out)
{
    str_add(out, v->record.text[JOURNAL_BODY]);
    str_add(out, v->record.text[JOURNAL_PART_BYTES]);
    if (strcmp(render_kind(v), "hl7v2") == 0 && is_encoded(v->record.text[JOURNAL_BODY]))
        value_add(out, render_readable(v));
}

/* ---- the rows ---- */

static const char *const directions[] = { "received", "answered", "calling", "called",
                                          "stranger", "lost",     "audited", NULL };
static const char *const outcomes[] = { "ok", "refused", "failed", NULL };

const struct field fields[] = {
    { "daemon", FIELD_WORD, NULL, "whose journal it is in: registry, repository …", daemon_values },
    { "direction", FIELD_CHOICE, directions,
      "a request received, its answer, a call to a peer, what came back; audited: an audit record of one of these, "
      "which "
      "only this filter and transaction find",
      direction_values },
    { "transaction", FIELD_WORD, NULL, "ITI-18 …", NULL, JOURNAL_TRANSACTION },
    { "community", FIELD_COMMUNITY, NULL, "key or slug", NULL, JOURNAL_COMMUNITY },
    { "actor", FIELD_WORD, NULL, "path word of its endpoint: registry, responding …", NULL, JOURNAL_ACTOR },
    { "patient", FIELD_ID, NULL, "an id that the message names, with or without its domain", patient_values },
    { "document", FIELD_WORD, NULL, "a uniqueId that the message names", document_values },
    { "query", FIELD_WORD, NULL, "a stored query's name or id", query_values },
    { "status", FIELD_NUMBER, NULL, "HTTP status of an answer", status_values },
    { "outcome", FIELD_CHOICE, outcomes, "of an answer: ok, refused (the message's fault), failed (anything else's)",
      outcome_values },
    { "error", FIELD_WORD, NULL, "an error code that the answer names: XDSUnknownPatientId …", error_values },
    { "rule", FIELD_RULE, NULL, "the rule that a refusal is due to: XDS-DE-017 …", rule_values },
    { "finding", FIELD_WORD, NULL, "an error code or rule, of errors and warnings alike", finding_values },
    { "fault", FIELD_TEXT, NULL, "a SOAP fault's code or subcode: wsa:ActionNotSupported …", NULL, JOURNAL_FAULT },
    { "injected", FIELD_TEXT, NULL, "a fault that made the message what it is (docs/faults.md)", NULL,
      JOURNAL_INJECTED },
    { "trace", FIELD_WORD, NULL, "the conversation (W3C trace id)", NULL, JOURNAL_TRACE },
    { "span", FIELD_WORD, NULL, "one message and its answer", NULL, JOURNAL_SPAN },
    { "messageId", FIELD_WORD, NULL, "wsa:MessageID, or MSH-10", NULL, JOURNAL_MESSAGE_ID },
    { "action", FIELD_WORD, NULL, "wsa:Action, or MSH-9", NULL, JOURNAL_ACTION },
    { "subject", FIELD_TEXT, NULL, "occurs in the subject of the peer's certificate", NULL, JOURNAL_SUBJECT },
    { "text", FIELD_TEXT, NULL,
      "occurs in the message or an attachment; of HL7 v2 also what its character set stands for", text_values },
};
const size_t field_count = ARRAY_LEN(fields);

static void values_of(const struct field *field, struct view *v, struct field_values *out)
{
    if (field->values != NULL)
        field->values(v, out);
    else
        str_add(out, v->record.text[field->text]);
}

const struct field *field_find(const char *name)
{
    for (size_t i = 0; i < field_count; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

bool field_is_there(const struct field *field, struct view *v)
{
    struct field_values values = { .count = 0 };

    values_of(field, v, &values);
    return values.count > 0;
}

const char *field_shown(const struct field *field, struct view *v)
{
    struct field_values values = { .count = 0 };
    const char *all = NULL;

    if (field->values == text_values)
        return "other bytes";
    values_of(field, v, &values);
    for (size_t i = 0; i < values.count && i < 5; i++)
        all = arena_printf(v->arena, "%s%s%.*s", all != NULL ? all : "", all != NULL ? ", " : "",
                           (int)values.texts[i].len, values.texts[i].data);
    return all != NULL ? all : "nothing";
}

/* ---- matching ---- */

static bool value_matches(const struct filter *f, struct str value)
{
    size_t n = strlen(f->value);

    if (f->field->kind == FIELD_TEXT)
        return memmem(value.data, value.len, f->value, n) != NULL;
    if (str_is(value, f->value))
        return true;
    return f->field->kind == FIELD_ID && value.len > n && memcmp(value.data, f->value, n) == 0 && value.data[n] == '^';
}

bool filter_matches(const struct filter *f, struct view *v)
{
    struct field_values values = { .count = 0 };
    struct str body = v->record.text[JOURNAL_BODY];

    /* What is worked out from the bytes must occur there: most records need not be parsed. Bytes are not copied. */
    size_t plain = strcspn(f->value, "^&<>\"'");
    bool is_of_body = f->field->values == patient_values || f->field->values == document_values;
    if (is_of_body && memmem(body.data, body.len, f->value, plain) == NULL)
        return false;
    values_of(f->field, v, &values);
    for (size_t i = 0; i < values.count; i++) {
        if (value_matches(f, values.texts[i]))
            return true;
    }
    return false;
}

/* Audit records are as many as messages, and not what one counts when one counts messages. */
bool filters_reach(const struct filters *f, const struct entry *e)
{
    for (size_t i = 0; e->direction == JOURNAL_AUDITED && i < f->count; i++) {
        if (f->all[i].field->values == direction_values || f->all[i].field->text == JOURNAL_TRANSACTION)
            return true;
    }
    return e->direction != JOURNAL_AUDITED;
}

bool filters_match(const struct filters *f, struct view *v)
{
    uint64_t at = v->entry->time_us;

    if (!filters_reach(f, v->entry))
        return false;
    if (at <= f->since_us || (f->until_us != 0 && at > f->until_us))
        return false;
    for (size_t i = 0; i < f->count; i++) {
        if (!filter_matches(&f->all[i], v))
            return false;
    }
    return true;
}

/* ---- making filters ---- */

const char *const *filter_names(struct arena *a)
{
    const char **names = ARENA_ARRAY(a, const char *, field_count + 3);
    size_t n = 0;

    for (size_t i = 0; i < field_count; i++)
        names[n++] = fields[i].name;
    names[n++] = "since";
    names[n++] = "until";
    return names;
}

const char *const *community_keys(struct arena *a, const struct world *w)
{
    const char **keys = ARENA_ARRAY(a, const char *, w->count + 1);

    for (size_t i = 0; i < w->count; i++)
        keys[i] = w->communities[i].key;
    return keys;
}

static enum rc refuse(struct filter_fault *fault, const char *why, const char *const *allowed)
{
    *fault = (struct filter_fault){ why, allowed };
    return E_REFUSED;
}

static enum rc time_set(struct arena *a, const struct index *ix, uint64_t *us, const char *name, const char *value,
                        struct filter_fault *fault)
{
    struct entry *e = strcmp(name, "since") == 0 ? index_find(ix, value) : NULL;

    if (e != NULL)
        *us = e->time_us;
    else if (!moment_parse(value, us))
        return refuse(fault,
                      arena_printf(a, "%s is a time such as 2026-11-21T09:00:00.123456Z%s, not \"%.60s\"", name,
                                   strcmp(name, "since") == 0 ? " or a record's id such as registry-12" : "", value),
                      NULL);
    return OK;
}

static bool is_choice(const struct field *field, const char *value)
{
    for (const char *const *c = field->choices; *c != NULL; c++) {
        if (strcmp(*c, value) == 0)
            return true;
    }
    return false;
}

static enum rc value_check(struct arena *a, const struct world *w, const struct field *field, const char **value,
                           struct filter_fault *fault)
{
    const struct community *c;

    switch (field->kind) {
    case FIELD_NUMBER:
        if (**value != '\0' && strspn(*value, "0123456789") == strlen(*value))
            return OK;
        return refuse(fault, arena_printf(a, "%s is a number, not \"%.60s\"", field->name, *value), NULL);
    case FIELD_CHOICE:
        if (is_choice(field, *value))
            return OK;
        return refuse(fault, arena_printf(a, "there is no %s \"%.60s\"", field->name, *value), field->choices);
    case FIELD_COMMUNITY:
        c = world_find(w, *value);
        if (c == NULL)
            return refuse(fault, arena_printf(a, "the community \"%.60s\" does not live here", *value),
                          community_keys(a, w));
        *value = c->key;
        return OK;
    case FIELD_RULE:
        if (rule_find(*value) != RULE_NONE)
            return OK;
        return refuse(fault, arena_printf(a, "there is no rule \"%.60s\" (docs/rules.md)", *value), NULL);
    case FIELD_WORD:
    case FIELD_ID:
    case FIELD_TEXT:
        break;
    }
    return **value != '\0' ? OK : refuse(fault, arena_printf(a, "%s is empty", field->name), NULL);
}

enum rc filter_add(struct arena *a, const struct world *w, const struct index *ix, struct filters *f, const char *name,
                   const char *value, struct filter_fault *fault)
{
    const struct field *field = field_find(name);

    if (strcmp(name, "since") == 0)
        return time_set(a, ix, &f->since_us, name, value, fault);
    if (strcmp(name, "until") == 0)
        return time_set(a, ix, &f->until_us, name, value, fault);
    if (field == NULL)
        return refuse(fault, arena_printf(a, "there is no field \"%.60s\"", name), filter_names(a));
    TRY(value_check(a, w, field, &value, fault));
    if (f->count == FILTERS_MAX)
        return refuse(fault, "these are too many filters at once", NULL);
    f->all[f->count++] = (struct filter){ field, arena_strdup(a, value) };
    return OK;
}
