/* A fault as written in JSON: read with every mistake named by its path, and written back. */
#include "base/arena.h"
#include "fault/fault.h"
#include "fault/nearest.h"

#include <stdlib.h>

#define LIST_MAX 300

/* What is being read, for messages. */
struct reading {
    struct arena *a;
    struct fault_rule *rule;
    const char **why;
};

static enum rc refuse(const struct reading *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

static enum rc refuse(const struct reading *r, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    *r->why = arena_vprintf(r->a, fmt, ap);
    va_end(ap);
    return E_REFUSED;
}

/* ---- values ---- */

static enum rc read_text(const struct reading *r, const struct json *j, const char *path, const char **out)
{
    if (j->type != JSON_T_TEXT || j->text[0] == '\0')
        return refuse(r, "%s%s: a text is expected", path, j->key);
    *out = arena_strdup(r->a, j->text);
    return OK;
}

/* One text, or a list of them; ends with NULL. */
static enum rc read_texts(const struct reading *r, const struct json *j, const char *path, const char ***out)
{
    const char **list = ARENA_ARRAY(r->a, const char *, LIST_MAX + 1);
    size_t n = 0;

    if (j->type != JSON_T_LIST) {
        *out = list;
        return read_text(r, j, path, &list[0]);
    }
    if (j->count == 0 || j->count > LIST_MAX)
        return refuse(r, "%s%s: 1 to %d texts are expected", path, j->key, LIST_MAX);
    for (const struct json *item = j->first; item != NULL; item = item->next) {
        if (item->type != JSON_T_TEXT)
            return refuse(r, "%s%s[%zu]: a text is expected", path, j->key, n);
        list[n++] = arena_strdup(r->a, item->text);
    }
    *out = list;
    return OK;
}

static enum rc read_number(const struct reading *r, const struct json *j, const char *path, double min, double max,
                           double *out)
{
    if (j->type != JSON_T_NUMBER || j->number < min || j->number > max)
        return refuse(r, "%s%s: a number from %g to %g is expected", path, j->key, min, max);
    *out = j->number;
    return OK;
}

static enum rc read_count(const struct reading *r, const struct json *j, const char *path, int64_t *out)
{
    double number = 0;

    TRY(read_number(r, j, path, 1, 1e9, &number));
    *out = (int64_t)number;
    return OK;
}

/* ---- match ---- */

#define SIDES_OF_ANSWERS  (FAULT_SOAP_ANSWER | FAULT_MLLP_ANSWER | FAULT_HANDSHAKE | FAULT_TIME_ANSWER)
#define SIDES_OF_REQUESTS (FAULT_SOAP_REQUEST | FAULT_RECORD)

static enum rc read_direction(const struct reading *r, const struct json *j, const char *path)
{
    struct fault_match *m = &r->rule->match;
    const char *direction = NULL;

    TRY(read_text(r, j, path, &direction));
    if (strcmp(direction, "answer") != 0 && strcmp(direction, "request") != 0)
        return refuse(r, "%sdirection: answer or request is expected, not %.40s", path, direction);
    m->sides &= strcmp(direction, "answer") == 0 ? SIDES_OF_ANSWERS : SIDES_OF_REQUESTS;
    if (m->sides == 0)
        return refuse(r, "%sdirection: %s cannot be done to %ss", path, r->rule->fault.kind->name, direction);
    return OK;
}

static enum rc read_community(const struct reading *r, const struct json *j, const char *path)
{
    return read_texts(r, j, path, &r->rule->match.communities);
}

static enum rc read_peer(const struct reading *r, const struct json *j, const char *path)
{
    return read_texts(r, j, path, &r->rule->match.peers);
}

static enum rc read_prefecture(const struct reading *r, const struct json *j, const char *path)
{
    return read_text(r, j, path, &r->rule->match.prefecture);
}

static enum rc read_actor(const struct reading *r, const struct json *j, const char *path)
{
    return read_text(r, j, path, &r->rule->match.actor);
}

static enum rc read_transaction(const struct reading *r, const struct json *j, const char *path)
{
    return read_text(r, j, path, &r->rule->match.transaction);
}

static enum rc read_contains(const struct reading *r, const struct json *j, const char *path)
{
    return read_text(r, j, path, &r->rule->match.text);
}

static enum rc read_nth(const struct reading *r, const struct json *j, const char *path)
{
    return read_count(r, j, path, &r->rule->match.nth);
}

static enum rc read_every(const struct reading *r, const struct json *j, const char *path)
{
    return read_count(r, j, path, &r->rule->match.every);
}

static enum rc read_times(const struct reading *r, const struct json *j, const char *path)
{
    return read_count(r, j, path, &r->rule->match.times);
}

static enum rc read_probability(const struct reading *r, const struct json *j, const char *path)
{
    return read_number(r, j, path, 0, 1, &r->rule->match.probability);
}

static enum rc read_after(const struct reading *r, const struct json *j, const char *path)
{
    return read_number(r, j, path, 0, 1e9, &r->rule->match.after_s);
}

static enum rc read_for(const struct reading *r, const struct json *j, const char *path)
{
    return read_number(r, j, path, 0, 1e9, &r->rule->match.for_s);
}

static const struct {
    const char *name;
    enum rc (*read)(const struct reading *r, const struct json *j, const char *path);
} members[] = {
    { "community", read_community },
    { "prefecture", read_prefecture },
    { "peer", read_peer },
    { "actor", read_actor },
    { "transaction", read_transaction },
    { "direction", read_direction },
    { "patient", read_contains },
    { "contains", read_contains },
    { "nth", read_nth },
    { "every", read_every },
    { "times", read_times },
    { "probability", read_probability },
    { "after", read_after },
    { "for", read_for },
};

static const char *member_name(size_t i)
{
    return members[i].name;
}

static enum rc read_member(const struct reading *r, const struct json *j)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (strcmp(members[i].name, j->key) == 0)
            return members[i].read(r, j, "match.");
    }
    const char *near = nearest_names(r->a, j->key, member_name, ARRAY_LEN(members));
    return refuse(r,
                  "match.%.40s: there is no such member%s%s; there are community, prefecture, peer, actor, "
                  "transaction, direction, patient, contains, nth, every, times, probability, after and for",
                  j->key, near[0] != '\0' ? "; near it: " : "", near);
}

static enum rc read_match(const struct reading *r, const struct json *j)
{
    r->rule->match = (struct fault_match){ .sides = r->rule->fault.kind->sides, .probability = 1 };
    if (j != NULL && j->type != JSON_T_OBJECT)
        return refuse(r, "match: an object is expected");
    for (const struct json *m = j != NULL ? j->first : NULL; m != NULL; m = m->next)
        TRY(read_member(r, m));
    return OK;
}

/* ---- with: the kind's parameters ---- */

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);

    for (const char *c = choices; c != NULL; c = strchr(c, '|') != NULL ? strchr(c, '|') + 1 : NULL) {
        if (n > 0 && strncmp(c, value, n) == 0 && (c[n] == '|' || c[n] == '\0'))
            return true;
    }
    return false;
}

/* Numbers may be written as texts, so that a command line need not know them. */
static enum rc read_value(const struct reading *r, const struct fault_parameter *p, const struct json *j,
                          const char **out)
{
    char *end = NULL;
    const char *text = j->type == JSON_T_NUMBER ? arena_printf(r->a, "%.17g", j->number) : j->text;
    double number = text != NULL ? strtod(text, &end) : 0;

    if (text == NULL)
        return refuse(r, "with.%s: a text or a number is expected", p->name);
    if (p->type == FAULT_NUMBER && (end == text || *end != '\0' || !(number >= p->min && number <= p->max)))
        return refuse(r, "with.%s: a number from %g to %g is expected, not %.40s", p->name, p->min, p->max, text);
    if (p->type == FAULT_CHOICE && !is_choice(p->choices, text))
        return refuse(r, "with.%s: one of %s is expected, not %.40s", p->name, p->choices, text);
    *out = arena_strdup(r->a, text);
    return OK;
}

static int parameter_index(const struct fault_kind *kind, const char *name)
{
    for (int i = 0; i < FAULT_PARAMETERS && kind->parameters[i].name != NULL; i++) {
        if (strcmp(kind->parameters[i].name, name) == 0)
            return i;
    }
    return -1;
}

static const char *parameter_list(struct arena *a, const struct fault_kind *kind)
{
    const char *list = "";

    for (int i = 0; i < FAULT_PARAMETERS && kind->parameters[i].name != NULL; i++)
        list = arena_printf(a, "%s%s%s", list, i > 0 ? ", " : "", kind->parameters[i].name);
    return list[0] != '\0' ? list : "none";
}

static enum rc read_with(const struct reading *r, const struct json *j)
{
    const struct fault_kind *kind = r->rule->fault.kind;

    for (int i = 0; i < FAULT_PARAMETERS; i++)
        r->rule->fault.values[i] = kind->parameters[i].otherwise;
    if (j != NULL && j->type != JSON_T_OBJECT)
        return refuse(r, "with: an object is expected");
    for (const struct json *m = j != NULL ? j->first : NULL; m != NULL; m = m->next) {
        int i = parameter_index(kind, m->key);
        if (i < 0)
            return refuse(r, "with.%.40s: %s has no such parameter; it has: %s", m->key, kind->name,
                          parameter_list(r->a, kind));
        TRY(read_value(r, &kind->parameters[i], m, &r->rule->fault.values[i]));
    }
    return OK;
}

/* ---- the whole ---- */

static const char *kind_name(size_t i)
{
    return fault_kind_at(i)->name;
}

static enum rc read_kind(const struct reading *r, const struct json *j)
{
    const char *name = json_text(j, "kind");

    if (name == NULL)
        return refuse(r, "kind: the name of a fault is expected, such as latency or soap-fault");
    r->rule->fault.kind = fault_kind_find(name);
    if (r->rule->fault.kind != NULL)
        return OK;
    const char *near = nearest_names(r->a, name, kind_name, fault_kind_count());
    return refuse(r, "kind: there is no fault %.40s%s%s", name, near[0] != '\0' ? "; near it: " : "", near);
}

static enum rc known_members(const struct reading *r, const struct json *j)
{
    static const char *const known[] = { "id", "kind", "match", "with", "matched", "injected" };

    for (const struct json *m = j->first; m != NULL; m = m->next) {
        bool is_known = false;
        for (size_t i = 0; i < ARRAY_LEN(known); i++)
            is_known = is_known || strcmp(known[i], m->key) == 0;
        if (!is_known)
            return refuse(r, "%.40s: there is no such member; a fault has id, kind, match and with", m->key);
    }
    return OK;
}

enum rc fault_rule_read(struct arena *a, const struct json *j, struct fault_rule *out, const char **why)
{
    const struct reading r = { a, out, why };

    *out = (struct fault_rule){ .fault = { .id = "" } };
    if (j == NULL || j->type != JSON_T_OBJECT)
        return refuse(&r, "a fault is an object with kind, and perhaps id, match and with");
    TRY(known_members(&r, j));
    TRY(read_kind(&r, j));
    if (json_text(j, "id") != NULL)
        out->fault.id = arena_strdup(a, json_text(j, "id"));
    TRY(read_match(&r, json_get(j, "match")));
    return read_with(&r, json_get(j, "with"));
}

/* ---- writing ---- */

static void write_texts(struct json_writer *w, const char *key, const char *const *list)
{
    if (list == NULL)
        return;
    jw_list(w, key);
    for (; *list != NULL; list++)
        jw_text(w, NULL, *list);
    jw_end_list(w);
}

static void write_text(struct json_writer *w, const char *key, const char *text)
{
    if (text != NULL)
        jw_text(w, key, text);
}

static void write_count(struct json_writer *w, const char *key, int64_t count)
{
    if (count > 0)
        jw_integer(w, key, count);
}

static void write_match(struct json_writer *w, const struct fault_rule *r)
{
    const struct fault_match *m = &r->match;

    jw_object(w, "match");
    write_texts(w, "community", m->communities);
    write_text(w, "prefecture", m->prefecture);
    write_texts(w, "peer", m->peers);
    write_text(w, "actor", m->actor);
    write_text(w, "transaction", m->transaction);
    if (m->sides != r->fault.kind->sides)
        jw_text(w, "direction", (m->sides & SIDES_OF_ANSWERS) != 0 ? "answer" : "request");
    write_text(w, "contains", m->text);
    write_count(w, "nth", m->nth);
    write_count(w, "every", m->every);
    write_count(w, "times", m->times);
    if (m->probability < 1)
        jw_number(w, "probability", m->probability);
    if (m->after_s > 0)
        jw_number(w, "after", m->after_s);
    if (m->for_s > 0)
        jw_number(w, "for", m->for_s);
    jw_end_object(w);
}

void fault_rule_write(struct json_writer *w, const struct fault_rule *r)
{
    const struct fault_parameter *parameters = r->fault.kind->parameters;

    jw_text(w, "id", r->fault.id);
    jw_text(w, "kind", r->fault.kind->name);
    write_match(w, r);
    jw_object(w, "with");
    for (int i = 0; i < FAULT_PARAMETERS && parameters[i].name != NULL; i++) {
        if (parameters[i].type == FAULT_NUMBER)
            jw_number(w, parameters[i].name, fault_number(&r->fault, i));
        else
            jw_text(w, parameters[i].name, r->fault.values[i]);
    }
    jw_end_object(w);
}
