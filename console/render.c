#include "console/render.h"

#include "base/arena.h"
#include "console/moment.h"
#include "console/v2_names.h"
#include "wire/hl7v2.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

/* ---- in short ---- */

static void text_write(struct json_writer *w, const char *key, struct view *v, enum journal_text text)
{
    if (v->record.text[text].len > 0)
        jw_text(w, key, str_dup(v->arena, v->record.text[text]));
}

static void list_write(struct json_writer *w, const char *key, const struct summary_list *list)
{
    if (list->count == 0)
        return;
    jw_list(w, key);
    for (size_t i = 0; i < list->count; i++)
        jw_text(w, NULL, list->texts[i]);
    jw_end_list(w);
}

static void summary_write(struct json_writer *w, struct view *v)
{
    const struct summary *s = summary_of(v->entry);

    list_write(w, "patients", &s->patients);
    list_write(w, "documents", &s->documents);
    if (s->query != NULL)
        jw_text(w, "query", s->query);
    if (s->query_id != NULL)
        jw_text(w, "queryId", s->query_id);
}

static void issues_write(struct json_writer *w, struct view *v)
{
    struct str packed = v->record.text[JOURNAL_ISSUES];
    struct journal_issue issue;

    if (packed.len == 0)
        return;
    jw_list(w, "issues");
    while (journal_issue_next(v->arena, &packed, &issue)) {
        jw_object(w, NULL);
        jw_text(w, "severity", issue.is_warning ? "warning" : "error");
        jw_text(w, "code", issue.code);
        if (issue.rule[0] != '\0')
            jw_text(w, "rule", issue.rule);
        if (issue.section[0] != '\0')
            jw_text(w, "section", issue.section);
        if (issue.place[0] != '\0')
            jw_text(w, "place", issue.place);
        jw_text(w, "text", issue.text);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static bool is_answer(const struct view *v)
{
    return v->entry->direction == JOURNAL_ANSWERED || v->entry->direction == JOURNAL_CALLED;
}

static void verdict_write(struct json_writer *w, struct view *v)
{
    if (v->record.status != 0)
        jw_integer(w, "status", v->record.status);
    if (is_answer(v)) {
        jw_text(w, "outcome", journal_outcome_word(v->record.rc));
        jw_number(w, "durationMs", (double)v->record.duration_us / 1000);
    }
    text_write(w, "why", v, JOURNAL_WHY);
    text_write(w, "fault", v, JOURNAL_FAULT);
    text_write(w, "injected", v, JOURNAL_INJECTED);
    issues_write(w, v);
}

static void short_members(struct json_writer *w, struct view *v)
{
    static const struct {
        const char *key;
        enum journal_text text;
    } texts[] = {
        { "community", JOURNAL_COMMUNITY },
        { "actor", JOURNAL_ACTOR },
        { "transaction", JOURNAL_TRANSACTION },
        { "trace", JOURNAL_TRACE },
        { "span", JOURNAL_SPAN },
        { "parent", JOURNAL_PARENT },
        { "messageId", JOURNAL_MESSAGE_ID },
        { "action", JOURNAL_ACTION },
        { "method", JOURNAL_METHOD },
        { "url", JOURNAL_URL },
        { "to", JOURNAL_TO },
        { "peer", JOURNAL_PEER },
        { "subject", JOURNAL_SUBJECT },
        { "user", JOURNAL_USER },
    };

    jw_text(w, "id", entry_id(v->arena, v->entry));
    jw_text(w, "time", moment_text(v->arena, v->entry->time_us));
    jw_text(w, "daemon", v->entry->daemon);
    jw_text(w, "direction", journal_direction_word(v->entry->direction));
    if (v->entry->direction == JOURNAL_LOST)
        jw_integer(w, "count", (long long)v->record.count);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        text_write(w, texts[i].key, v, texts[i].text);
    verdict_write(w, v);
    summary_write(w, v);
    jw_integer(w, "bytes", (long long)v->record.body_size);
}

void render_short(struct json_writer *w, const char *key, struct view *v)
{
    jw_object(w, key);
    short_members(w, v);
    jw_end_object(w);
}

/* ---- the message ---- */

const char *render_kind(const struct view *v)
{
    struct str body = str_trim(v->record.text[JOURNAL_BODY]);

    if (body.len == 0)
        return "none";
    if (body.len > 3 && memcmp(body.data, "MSH", 3) == 0)
        return "hl7v2";
    return body.data[0] == '<' ? "xml" : "text";
}

const char *render_suffix(const struct view *v)
{
    const char *kind = render_kind(v);

    return strcmp(kind, "xml") == 0 ? "xml" : strcmp(kind, "hl7v2") == 0 ? "hl7" : "txt";
}

static bool has_elements(const struct xml_node *n)
{
    return xml_first_element(n) != NULL;
}

/* An element that holds elements and no text is spread over lines; everything else stays as it is. */
static void indent_add(struct arena *a, struct xml_node *n, int depth)
{
    static const char blanks[] = "\n                                                                ";
    const char *line = arena_strndup(a, blanks, (size_t)MIN(1 + 2 * (depth + 1), (int)sizeof(blanks) - 1));
    const char *last = arena_strndup(a, blanks, (size_t)MIN(1 + 2 * depth, (int)sizeof(blanks) - 1));
    struct xml_node *first = n->first;

    if (!has_elements(n))
        return;
    for (const struct xml_node *c = first; c != NULL; c = c->next) {
        if (c->name == NULL)
            return;
    }
    n->first = n->last = NULL;
    for (struct xml_node *c = first, *next; c != NULL; c = next) {
        next = c->next;
        indent_add(a, c, depth + 1);
        xml_append_text(a, n, line);
        n->last->next = c;
        c->next = NULL;
        n->last = c;
    }
    xml_append_text(a, n, last);
}

static const char *xml_readable(struct view *v)
{
    struct buf *out = buf_new(v->arena, BUF_MAX_DEFAULT);
    struct xml_node *root;

    if (xml_parse(v->arena, v->record.text[JOURNAL_BODY], NULL, &root, NULL) != OK)
        return str_dup(v->arena, v->record.text[JOURNAL_BODY]);
    indent_add(v->arena, root, 0);
    xml_write_node(out, root);
    return buf_text(out);
}

static const char *v2_readable(struct view *v)
{
    struct hl7v2 m = { 0 };
    struct hl7v2_fault fault;
    struct buf *out = buf_new(v->arena, BUF_MAX_DEFAULT);

    if (hl7v2_parse(v->arena, v->record.text[JOURNAL_BODY], &m, &fault) != OK)
        return str_dup(v->arena, v->record.text[JOURNAL_BODY]);
    for (const struct hl7v2_segment *s = m.segments; s != NULL; s = s->next)
        buf_printf(out, "%.*s\n", (int)s->text.len, s->text.data);
    return buf_text(out);
}

const char *render_readable(struct view *v)
{
    const char *kind = render_kind(v);

    if (strcmp(kind, "none") == 0)
        return NULL;
    if (strcmp(kind, "xml") == 0)
        return xml_readable(v);
    return strcmp(kind, "hl7v2") == 0 ? v2_readable(v) : str_dup(v->arena, v->record.text[JOURNAL_BODY]);
}

/* ---- whole ---- */

static void headers_write(struct json_writer *w, struct view *v)
{
    struct str lines = v->record.text[JOURNAL_HEADERS], line;

    if (lines.len == 0)
        return;
    jw_list(w, "headers");
    while (journal_line_next(&lines, &line)) {
        const char *text = str_dup(v->arena, line);
        size_t n = strcspn(text, ":");
        jw_object(w, NULL);
        jw_text(w, "name", arena_strndup(v->arena, text, n));
        jw_text(w, "value", text[n] != '\0' ? text + n + 2 : "");
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void stages_write(struct json_writer *w, struct view *v)
{
    struct str lines = v->record.text[JOURNAL_STAGES], line;

    if (lines.len == 0)
        return;
    jw_list(w, "stages");
    while (journal_line_next(&lines, &line)) {
        char *text = str_dup(v->arena, line), *blank = strchr(text, ' ');
        jw_object(w, NULL);
        if (blank != NULL)
            *blank = '\0';
        jw_text(w, "stage", text);
        jw_number(w, "beganMs", blank != NULL ? (double)strtoull(blank + 1, NULL, 10) / 1000 : 0);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void parts_write(struct json_writer *w, struct view *v)
{
    struct str packed = v->record.text[JOURNAL_PARTS];
    struct journal_part part;

    if (packed.len == 0)
        return;
    jw_list(w, "parts");
    while (journal_part_next(v->arena, &packed, &part)) {
        jw_object(w, NULL);
        jw_text(w, "contentId", part.content_id);
        jw_text(w, "contentType", part.content_type);
        jw_integer(w, "bytes", (long long)part.size);
        if (part.sha1[0] != '\0')
            jw_text(w, "sha1", part.sha1);
        jw_bool(w, "kept", part.is_kept);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void field_write(struct json_writer *w, const struct hl7v2 *m, const struct hl7v2_segment *s, int field)
{
    struct str raw = hl7v2_field(m, s, field);
    const char *name = v2_field_name(s->name, field);

    if (raw.len == 0)
        return;
    jw_object(w, NULL);
    jw_text(w, "field", arena_printf(m->arena, "%s-%d", s->name, field));
    if (name != NULL)
        jw_text(w, "name", name);
    jw_text(w, "value", str_dup(m->arena, raw));
    jw_end_object(w);
}

#define V2_FIELDS 60

static void segments_write(struct json_writer *w, struct view *v)
{
    struct hl7v2 m = { .arena = v->arena };
    struct hl7v2_fault fault;

    if (strcmp(render_kind(v), "hl7v2") != 0 || hl7v2_parse(v->arena, v->record.text[JOURNAL_BODY], &m, &fault) != OK)
        return;
    jw_list(w, "segments");
    for (const struct hl7v2_segment *s = m.segments; s != NULL; s = s->next) {
        jw_object(w, NULL);
        jw_text(w, "segment", s->name);
        if (v2_segment_name(s->name) != NULL)
            jw_text(w, "name", v2_segment_name(s->name));
        jw_list(w, "fields");
        for (int i = strcmp(s->name, "MSH") == 0 ? 3 : 1; i < V2_FIELDS; i++)
            field_write(w, &m, s, i);
        jw_end_list(w);
        jw_end_object(w);
    }
    jw_end_list(w);
}

void render_whole(struct json_writer *w, struct view *v)
{
    struct str body = v->record.text[JOURNAL_BODY];

    jw_object(w, NULL);
    short_members(w, v);
    text_write(w, "contentType", v, JOURNAL_CONTENT_TYPE);
    headers_write(w, v);
    stages_write(w, v);
    parts_write(w, v);
    jw_object(w, "body");
    jw_text(w, "kind", render_kind(v));
    jw_bool(w, "whole", body.len == v->record.body_size);
    jw_text(w, "text", render_readable(v));
    segments_write(w, v);
    jw_end_object(w);
    jw_end_object(w);
}
