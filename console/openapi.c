/* The routes as OpenAPI 3.1.0 (spec.openapis.org), from their rows. */
#include "base/arena.h"
#include "console/ask.h"
#include "console/pages.h"

#include <ctype.h>
#include <string.h>

/* "/journal/records/{id}" with GET → "getJournalRecordsId". */
static const char *operation_id(struct arena *a, const struct route *r)
{
    char *id = arena_printf(a, "%s%s", r->method, r->path), *to = id;
    bool upper = false;

    for (const char *c = id; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c)) {
            upper = true;
            continue;
        }
        bool is_method = c < id + strlen(r->method);
        *to++ = (char)(is_method ? tolower((unsigned char)*c) : upper ? toupper((unsigned char)*c) : *c);
        upper = false;
    }
    *to = '\0';
    return id;
}

static void schema_write(struct json_writer *w, bool is_number, const char *const *choices)
{
    jw_object(w, "schema");
    jw_text(w, "type", is_number ? "integer" : "string");
    if (choices != NULL) {
        jw_list(w, "enum");
        for (; *choices != NULL; choices++)
            jw_text(w, NULL, *choices);
        jw_end_list(w);
    }
    jw_end_object(w);
}

static void param_write(struct json_writer *w, const char *in, const char *name, const char *en, bool is_number,
                        const char *const *choices)
{
    jw_object(w, NULL);
    jw_text(w, "name", name);
    jw_text(w, "in", in);
    jw_bool(w, "required", strcmp(in, "path") == 0);
    jw_text(w, "description", en);
    schema_write(w, is_number, choices);
    jw_end_object(w);
}

static void params_write(struct arena *a, struct json_writer *w, const struct route *r)
{
    const char *brace = strchr(r->path, '{');

    jw_list(w, "parameters");
    if (brace != NULL) {
        const char *name = arena_strndup(a, brace + 1, strcspn(brace + 1, "}"));
        param_write(w, "path", name,
                    strcmp(name, "id") == 0     ? "a record, such as registry-12"
                    : strcmp(name, "name") == 0 ? "of the snapshot: letters, digits, \"-\", \"_\" and \".\""
                                                : "a trace id, or a record of the conversation",
                    false, NULL);
    }
    for (const struct param *p = r->params; p->name != NULL; p++)
        param_write(w, "query", p->name, p->en, p->kind == PARAM_NUMBER, p->choices);
    for (size_t i = 0; r->takes_filters && i < field_count; i++)
        param_write(w, "query", fields[i].name, fields[i].en, fields[i].kind == FIELD_NUMBER, fields[i].choices);
    if (r->takes_filters) {
        param_write(w, "query", "since", "later than this time, or this record", false, NULL);
        param_write(w, "query", "until", "not later than this time", false, NULL);
    }
    jw_end_list(w);
}

static void reference_write(struct json_writer *w, const char *key, const char *schema)
{
    jw_object(w, key);
    jw_text(w, "$ref", schema);
    jw_end_object(w);
}

static void body_write(struct arena *a, struct json_writer *w, const struct route *r)
{
    jw_object(w, "requestBody");
    jw_bool(w, "required", true);
    jw_object(w, "content");
    jw_object(w, "application/json");
    reference_write(
        w, "schema",
        arena_printf(a, "#/components/schemas/%s", r->body_schema != NULL ? r->body_schema : "Verification"));
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

static void answers_write(struct json_writer *w, const struct route *r)
{
    jw_object(w, "responses");
    jw_object(w, "200");
    jw_text(w, "description", "done");
    jw_object(w, "content");
    jw_object(w, r->answer);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    jw_object(w, "default");
    jw_text(w, "description", "refused: which field, why, and what is allowed");
    jw_object(w, "content");
    jw_object(w, "application/json");
    reference_write(w, "schema", "#/components/schemas/Error");
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
    jw_end_object(w);
}

static void operation_write(struct arena *a, struct json_writer *w, const struct route *r)
{
    char *method = arena_strdup(a, r->method);

    for (char *c = method; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    jw_object(w, method);
    jw_text(w, "operationId", operation_id(a, r));
    jw_text(w, "summary", r->en);
    params_write(a, w, r);
    if (r->takes_body)
        body_write(a, w, r);
    answers_write(w, r);
    if (r->is_open) {
        jw_list(w, "security");
        jw_end_list(w);
    }
    jw_end_object(w);
}

static bool is_first_of_path(size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(routes[k].path, routes[i].path) == 0)
            return false;
    }
    return true;
}

static void paths_write(struct arena *a, struct json_writer *w)
{
    jw_object(w, "paths");
    for (size_t i = 0; i < route_count; i++) {
        if (!is_first_of_path(i))
            continue;
        jw_object(w, routes[i].path);
        for (size_t k = i; k < route_count; k++) {
            if (strcmp(routes[k].path, routes[i].path) == 0)
                operation_write(a, w, &routes[k]);
        }
        jw_end_object(w);
    }
    jw_end_object(w);
}

/* ---- schemas ---- */

struct member {
    const char *name, *type, *en;
};

static void object_write(struct json_writer *w, const char *name, const struct member *members, const char *required)
{
    jw_object(w, name);
    jw_text(w, "type", "object");
    jw_object(w, "properties");
    for (const struct member *m = members; m->name != NULL; m++) {
        jw_object(w, m->name);
        if (m->type[0] == '#')
            jw_text(w, "$ref", m->type);
        else
            jw_text(w, "type", m->type);
        jw_text(w, "description", m->en);
        if (strcmp(m->type, "array") == 0 && strcmp(m->name, "assertions") == 0)
            reference_write(w, "items", "#/components/schemas/Assertion");
        jw_end_object(w);
    }
    jw_end_object(w);
    if (required != NULL) {
        jw_list(w, "required");
        jw_text(w, NULL, required);
        jw_end_list(w);
    }
    jw_bool(w, "additionalProperties", false);
    jw_end_object(w);
}

static const struct member verification[] = {
    { "name", "string", "of the suite, in reports" },
    { "where", "#/components/schemas/Where", "what all assertions have in common" },
    { "waitMs", "integer", "answer as soon as all are true, after this time at the latest; 0 unless told" },
    { "settleMs", "integer", "do not judge before this time: for what must not come" },
    { "assertions", "array", "judged in their order" },
    { NULL, NULL, NULL },
};

static const struct member assertion[] = {
    { "name", "string", "in reports, and for after and sameTraceAs" },
    { "where", "#/components/schemas/Where", "which records count" },
    { "exactly", "integer", "so many" },
    { "atLeast", "integer", "so many or more; 1 when nothing else is said" },
    { "atMost", "integer", "so many or fewer" },
    { "after", "string", "only records later than the first that this earlier assertion found" },
    { "withinMs", "integer", "and at most so much later than that" },
    { "sameTraceAs", "string", "only records of the conversation of the first that this earlier assertion found" },
    { NULL, NULL, NULL },
};

static const struct member faults[] = {
    { "faults", "array", "all there are to be: each with id, kind, match and with (docs/faults.md)" },
    { NULL, NULL, NULL },
};

static const struct member error[] = {
    { "error", "object", "status, field (its path), message, allowed (a list of values)" },
    { NULL, NULL, NULL },
};

static void where_write(struct json_writer *w)
{
    jw_object(w, "Where");
    jw_text(w, "type", "object");
    jw_object(w, "properties");
    for (size_t i = 0; i < field_count; i++) {
        jw_object(w, fields[i].name);
        if (fields[i].kind != FIELD_NUMBER)
            jw_text(w, "type", "string");
        jw_text(w, "description", fields[i].en);
        if (fields[i].choices != NULL) {
            jw_list(w, "enum");
            for (const char *const *c = fields[i].choices; *c != NULL; c++)
                jw_text(w, NULL, *c);
            jw_end_list(w);
        }
        jw_end_object(w);
    }
    for (int i = 0; i < 2; i++) {
        jw_object(w, i == 0 ? "since" : "until");
        jw_text(w, "type", "string");
        jw_end_object(w);
    }
    jw_end_object(w);
    jw_bool(w, "additionalProperties", false);
    jw_end_object(w);
}

static void components_write(struct json_writer *w)
{
    jw_object(w, "components");
    jw_object(w, "securitySchemes");
    jw_object(w, "token");
    jw_text(w, "type", "http");
    jw_text(w, "scheme", "bearer");
    jw_text(w, "description", "asked for when --control-token is set");
    jw_end_object(w);
    jw_end_object(w);
    jw_object(w, "schemas");
    where_write(w);
    object_write(w, "Verification", verification, "assertions");
    object_write(w, "Assertion", assertion, NULL);
    object_write(w, "Faults", faults, "faults");
    object_write(w, "Error", error, "error");
    jw_end_object(w);
    jw_end_object(w);
}

void openapi_write(struct buf *out)
{
    struct arena *a = arena_new();
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "openapi", "3.1.0");
    jw_object(&w, "info");
    jw_text(&w, "title", "Kakehashi control API");
    jw_text(&w, "version", KK_VERSION);
    jw_text(&w, "description",
            "Journal and verification of a running backbone. Its address is control in endpoints.json.");
    jw_end_object(&w);
    jw_list(&w, "security");
    jw_object(&w, NULL);
    jw_end_object(&w);
    jw_object(&w, NULL);
    jw_list(&w, "token");
    jw_end_list(&w);
    jw_end_object(&w);
    jw_end_list(&w);
    paths_write(a, &w);
    components_write(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
    arena_free(a);
}

bool page_openapi(struct ask *ask)
{
    struct buf *out = buf_new(ask->arena, BUF_MAX_DEFAULT);

    openapi_write(out);
    ask_reply(ask, 200, "application/json", buf_str(out));
    return true;
}
