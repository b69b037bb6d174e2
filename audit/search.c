#include "audit/search.h"

#include "audit/fhir_event.h"
#include "audit/store.h"
#include "base/arena.h"
#include "base/clock.h"
#include "wire/json.h"
#include "wire/query_string.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_DEFAULT 100
#define COUNT_MAX     1000

struct test {
    const struct parameter *parameter;
    const char *value;
    struct test *next;
};

struct search {
    struct arena *arena;
    struct record_filter filter;
    struct test *tests;
    long count, offset;
    bool has_date;
    const char *why; /* what is wrong with the query */

    struct json_writer *w;
    const char *base;
    long seen, written;
    bool has_more;
};

/* ---- parameters ---- */

/* words has a line "K=value". */
static bool has_word(const char *words, char kind, const char *value, size_t n)
{
    for (const char *at = words; (at = strchr(at, '\n')) != NULL && at[1] != '\0'; at++) {
        if (at[1] == kind && at[2] == '=' && strncmp(at + 3, value, n) == 0 && at[3 + n] == '\n')
            return true;
    }
    return false;
}

/* The same, or a CX whose id it is. */
static bool has_id(const char *words, char kind, const char *value, size_t n)
{
    for (const char *at = words; (at = strchr(at, '\n')) != NULL && at[1] != '\0'; at++) {
        if (at[1] == kind && at[2] == '=' && strncmp(at + 3, value, n) == 0 &&
            (at[3 + n] == '\n' || strncmp(at + 3 + n, "^^^", 3) == 0))
            return true;
    }
    return false;
}

static bool is_text(const char *text, const char *value, size_t n)
{
    return strlen(text) == n && strncmp(text, value, n) == 0;
}

typedef bool matcher(const struct record *r, const char *value, size_t n);

static bool match_patient(const struct record *r, const char *v, size_t n)
{
    return has_id(r->words, 'p', v, n);
}

static bool match_entity(const struct record *r, const char *v, size_t n)
{
    return has_id(r->words, 'p', v, n) || has_id(r->words, 'o', v, n);
}

static bool match_entity_type(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'k', v, n);
}

static bool match_entity_role(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'r', v, n);
}

static bool match_agent(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'u', v, n);
}

static bool match_agent_name(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'n', v, n);
}

static bool match_alternative(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'v', v, n);
}

static bool match_address(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 'a', v, n);
}

static bool match_source(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 's', v, n);
}

static bool match_type(const struct record *r, const char *v, size_t n)
{
    return is_text(r->event, v, n);
}

static bool match_subtype(const struct record *r, const char *v, size_t n)
{
    return has_word(r->words, 't', v, n);
}

static bool match_action(const struct record *r, const char *v, size_t n)
{
    return is_text(r->action, v, n);
}

static bool match_outcome(const struct record *r, const char *v, size_t n)
{
    return n > 0 && n < 4 && strtol(v, NULL, 10) == r->outcome;
}

static bool set_date(struct search *s, const char *value);
static bool set_count(struct search *s, const char *value);
static bool set_offset(struct search *s, const char *value);
static bool set_sort(struct search *s, const char *value);
static bool set_format(struct search *s, const char *value);

static const struct parameter {
    const char *name;
    matcher *match;                                   /* of a record */
    bool (*set)(struct search *s, const char *value); /* or of the search; false: s->why */
    bool is_object;                                   /* the index serves it */
} parameters[] = {
    { "date", .set = set_date },
    { "patient.identifier", match_patient, .is_object = true },
    { "patient", match_patient, .is_object = true },
    { "entity", match_entity, .is_object = true },
    { "entity.identifier", match_entity, .is_object = true },
    { "entity-id", match_entity, .is_object = true },
    { "entity-type", match_entity_type },
    { "entity-role", match_entity_role },
    { "agent", match_agent },
    { "agent.identifier", match_agent },
    { "agent-name", match_agent_name },
    { "altid", match_alternative },
    { "address", match_address },
    { "source", match_source },
    { "source.identifier", match_source },
    { "type", match_type },
    { "subtype", match_subtype },
    { "action", match_action },
    { "outcome", match_outcome },
    { "_count", .set = set_count },
    { "_offset", .set = set_offset },
    { "_sort", .set = set_sort },
    { "_format", .set = set_format },
};

/* "system|code" asks for the code; an identifier "urn:oid:1.2|id" for the CX of both. Values between commas are or. */
static bool test_passes(const struct test *t, const struct record *r)
{
    for (const char *at = t->value;; at++) {
        size_t n = strcspn(at, ",");
        const char *bar = memchr(at, '|', n);
        const char *value = bar != NULL ? bar + 1 : at;
        if (t->parameter->match(r, value, n - (size_t)(value - at)))
            return true;
        at += n;
        if (*at == '\0')
            return false;
    }
}

static const char *cx_of_token(struct arena *a, const char *value)
{
    const char *bar = strchr(value, '|');

    if (bar == NULL)
        return value;
    if (!text_starts(value, "urn:oid:") || bar[1] == '\0')
        return bar + 1;
    return arena_printf(a, "%s^^^&%.*s&ISO", bar + 1, (int)(bar - value - 8), value + 8);
}

/* ---- what the search says of itself ---- */

static bool fail(struct search *s, const char *why)
{
    s->why = why;
    return false;
}

/* FHIR R4 3.1.1.4.6: a value stands for all of its day, second … */
static bool date_range(struct arena *a, const char *value, int64_t *from, int64_t *to)
{
    static const struct {
        size_t length;
        const char *rest;
    } partial[] = { { 4, "-01-01T00:00:00Z" }, { 7, "-01T00:00:00Z" }, { 10, "T00:00:00Z" } };
    size_t n = strlen(value);

    for (size_t i = 0; i < ARRAY_LEN(partial); i++) {
        if (n != partial[i].length)
            continue;
        if (clock_parse(str_from(arena_printf(a, "%s%s", value, partial[i].rest)), from) != OK)
            return false;
        static const int64_t days[] = { 366, 31, 1 };
        *to = *from + days[i] * 86400000 - 1;
        return true;
    }
    char *whole = arena_strdup(a, value);
    for (char *p = whole; *p != '\0'; p++)
        *p = *p == ' ' ? '+' : *p; /* a plus that was not encoded */
    if (clock_parse(str_from(whole), from) != OK)
        return false;
    *to = strchr(value, '.') != NULL ? *from : *from + 999;
    return true;
}

static bool set_date(struct search *s, const char *value)
{
    static const struct {
        const char *prefix;
        bool from, to, beyond; /* which ends it sets; strictly beyond the value */
    } prefixes[] = { { "ge", true, false, false }, { "gt", true, false, true }, { "sa", true, false, true },
                     { "le", false, true, false }, { "lt", false, true, true }, { "eb", false, true, true },
                     { "eq", true, true, false },  { "", true, true, false } };
    size_t i = 0;
    int64_t from, to;

    while (!text_starts(value, prefixes[i].prefix))
        i++;
    if (!date_range(s->arena, value + strlen(prefixes[i].prefix), &from, &to))
        return fail(s, "date is not like ge2026-04-01 or le2026-04-01T09:00:00Z");
    if (prefixes[i].from)
        s->filter.from = MAX(s->filter.from, prefixes[i].beyond ? to + 1 : from);
    if (prefixes[i].to)
        s->filter.to = MIN(s->filter.to, prefixes[i].beyond ? from - 1 : to);
    s->has_date = true;
    return true;
}

static bool read_number(const char *value, long max, long *out)
{
    char *end;

    *out = strtol(value, &end, 10);
    return end != value && *end == '\0' && *out >= 0 && *out <= max;
}

static bool set_count(struct search *s, const char *value)
{
    return read_number(value, LONG_MAX, &s->count) || fail(s, "_count is no number");
}

static bool set_offset(struct search *s, const char *value)
{
    return read_number(value, LONG_MAX, &s->offset) || fail(s, "_offset is no number");
}

static bool set_sort(struct search *s, const char *value)
{
    s->filter.ascending = strcmp(value, "date") == 0;
    return s->filter.ascending || strcmp(value, "-date") == 0 || fail(s, "_sort may be date or -date");
}

static bool set_format(struct search *s, const char *value)
{
    return strstr(value, "json") != NULL || fail(s, "only JSON is spoken here: _format=application/fhir+json");
}

static const struct parameter *parameter_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (strcmp(parameters[i].name, name) == 0)
            return &parameters[i];
    }
    return NULL;
}

static bool take_parameter(struct search *s, const struct query_pair *pair)
{
    const struct parameter *p = parameter_find(pair->name);

    if (p == NULL)
        return fail(s, arena_printf(s->arena, "there is no search parameter %.60s here", pair->name));
    if (p->set != NULL)
        return p->set(s, pair->value);
    if (p->is_object && s->filter.object == NULL && strchr(pair->value, ',') == NULL) {
        s->filter.object = cx_of_token(s->arena, pair->value);
    }
    struct test *t = ARENA_NEW(s->arena, struct test);
    *t = (struct test){ p, pair->value, s->tests };
    s->tests = t;
    return true;
}

static bool read_query(struct search *s, const char *query)
{
    for (const struct query_pair *p = query_string_parse(s->arena, query); p != NULL; p = p->next) {
        if (!take_parameter(s, p))
            return false;
    }
    s->count = MIN(s->count, COUNT_MAX);
    return s->has_date || fail(s, "date is required, as a range: date=ge2026-04-01&date=le2026-04-30 (3.81.4.1.2.1)");
}

/* ---- answers ---- */

static int outcome(struct buf *out, int status, const char *code, const char *text)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "resourceType", "OperationOutcome");
    jw_list(&w, "issue");
    jw_object(&w, NULL);
    jw_text(&w, "severity", "error");
    jw_text(&w, "code", code);
    jw_text(&w, "diagnostics", text);
    jw_end_object(&w);
    jw_end_list(&w);
    jw_end_object(&w);
    return status;
}

static bool write_entry(struct search *s, const struct record *r)
{
    struct arena *a = arena_new();
    struct audit_message m;

    if (record_message(a, r->raw, &m) == OK) {
        jw_object(s->w, NULL);
        jw_text(s->w, "fullUrl", arena_printf(a, "%s/%lld", s->base, (long long)r->id));
        fhir_event_write(s->w, "resource", r, &m);
        jw_object(s->w, "search");
        jw_text(s->w, "mode", "match");
        jw_end_object(s->w);
        jw_end_object(s->w);
    }
    arena_free(a);
    return true;
}

static bool on_record(void *user, const struct record *r)
{
    struct search *s = user;

    for (const struct test *t = s->tests; t != NULL; t = t->next) {
        if (!test_passes(t, r))
            return true;
    }
    if (s->seen++ < s->offset)
        return true;
    if (s->written == s->count) {
        s->has_more = true;
        return false;
    }
    s->written++;
    return write_entry(s, r);
}

/* The same search, further on. */
static const char *next_url(const struct search *s, const char *query)
{
    const char *at = query;
    struct buf *url = buf_new(s->arena, 64 * 1024);

    buf_printf(url, "%s?", s->base);
    while (*at != '\0') {
        size_t n = strcspn(at, "&");
        if (!text_starts(at, "_offset="))
            buf_printf(url, "%.*s&", (int)n, at);
        at += n + (at[n] == '&');
    }
    buf_printf(url, "_offset=%ld", s->offset + s->written);
    return buf_text(url);
}

static void link(struct json_writer *w, const char *relation, const char *url)
{
    jw_object(w, NULL);
    jw_text(w, "relation", relation);
    jw_text(w, "url", url);
    jw_end_object(w);
}

static int bundle(struct search *s, struct db *db, const char *query, struct buf *out)
{
    struct json_writer w;

    s->w = &w;
    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "resourceType", "Bundle");
    jw_text(&w, "type", "searchset");
    jw_list(&w, "entry");
    if (store_find(s->arena, db, &s->filter, on_record, s) != OK) {
        buf_reset(out);
        return outcome(out, 500, "exception", "the store cannot be read; the log says why");
    }
    jw_end_list(&w);
    if (!s->has_more)
        jw_integer(&w, "total", s->seen);
    jw_list(&w, "link");
    link(&w, "self", arena_printf(s->arena, "%s?%s", s->base, query));
    if (s->has_more)
        link(&w, "next", next_url(s, query));
    jw_end_list(&w);
    jw_end_object(&w);
    return 200;
}

int search_events(struct service *s, struct http_request *http, const struct community *c, const char *base,
                  struct buf *out)
{
    const char *query = http->head.query != NULL ? http->head.query : "";
    struct search search = {
        .arena = http->arena,
        .base = base,
        .count = COUNT_DEFAULT,
        .filter = { .community = c != NULL ? c->key : NULL, .from = INT64_MIN, .to = INT64_MAX, .only_readable = true }
    };

    if (!read_query(&search, query))
        return outcome(out, 400, "invalid", search.why);
    return bundle(&search, s->db, query, out);
}

int search_event(struct service *s, struct http_request *http, const struct community *c, const char *id,
                 struct buf *out)
{
    struct audit_message m;
    struct json_writer w;
    struct record r;
    long number;

    if (!read_number(id, LONG_MAX, &number) || store_get(http->arena, s->db, number, &r) != OK ||
        (c != NULL && strcmp(r.community, c->key) != 0))
        return outcome(out, 404, "not-found", "no AuditEvent has this id here");
    if (record_message(http->arena, r.raw, &m) != OK)
        return outcome(out, 404, "not-found",
                       "the record of this id is no audit message; its raw bytes are at records/ID");
    jw_init(&w, out, true);
    fhir_event_write(&w, NULL, &r, &m);
    return 200;
}
