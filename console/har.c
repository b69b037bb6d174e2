/* HTTP Archive 1.2. What has no place there has a name that begins with an underscore, as the format asks. */
#include "console/export.h"

#include "base/arena.h"
#include "base/digest.h"
#include "console/ask.h"
#include "console/moment.h"
#include "console/render.h"
#include "wire/mime.h"

/* ---- a message's content ---- */

static bool is_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\0')
            return false;
    }
    return true;
}

/* The whole package when all of it was kept; else the envelope alone, and the content type says so. */
static struct str content_of(struct view *v, const char **type)
{
    struct str packed = v->record.text[JOURNAL_PARTS], bytes = v->record.text[JOURNAL_PART_BYTES];
    struct str content_type = v->record.text[JOURNAL_CONTENT_TYPE], body = v->record.text[JOURNAL_BODY];
    struct journal_part part;

    *type = str_dup(v->arena, content_type);
    if (content_type.len < 10 || memcmp(content_type.data, "multipart/", 10) != 0)
        return body;
    struct buf *package = buf_new(v->arena, BUF_MAX_DEFAULT);
    mime_write_root(package, "kakehashi-journal", "root@kakehashi", NULL);
    buf_add_str(package, body);
    while (journal_part_next(v->arena, &packed, &part)) {
        if (!part.is_kept || part.size > bytes.len)
            continue;
        mime_write_part(package, "kakehashi-journal", part.content_id, part.content_type);
        buf_add(package, bytes.data, (size_t)part.size);
        bytes = (struct str){ bytes.data + part.size, bytes.len - (size_t)part.size };
    }
    mime_write_end(package, "kakehashi-journal");
    *type = mime_mtom_type(v->arena, "kakehashi-journal", "root@kakehashi", NULL);
    return buf_str(package);
}

static void content_write(struct json_writer *w, const char *key, struct view *v)
{
    const char *type;
    struct str content = content_of(v, &type);
    struct buf *base64;

    jw_object(w, key);
    jw_text(w, "mimeType", type);
    jw_integer(w, "size", (long long)content.len);
    if (is_text(content)) {
        jw_text(w, "text", str_dup(v->arena, content));
    } else {
        base64 = buf_new(v->arena, BUF_MAX_DEFAULT);
        base64_encode(content, base64);
        jw_text(w, "text", buf_text(base64));
        jw_text(w, "encoding", "base64");
    }
    jw_end_object(w);
}

static void headers_write(struct json_writer *w, struct view *v)
{
    struct str lines = v->record.text[JOURNAL_HEADERS], line;

    jw_list(w, "headers");
    while (journal_line_next(&lines, &line)) {
        const char *text = str_dup(v->arena, line), *colon = strstr(text, ": ");
        if (colon == NULL)
            continue;
        jw_object(w, NULL);
        jw_text(w, "name", arena_strndup(v->arena, text, (size_t)(colon - text)));
        jw_text(w, "value", colon + 2);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void empty_members(struct json_writer *w)
{
    jw_list(w, "cookies");
    jw_end_list(w);
    jw_integer(w, "headersSize", -1);
}

/* ---- entries ---- */

static const char *url_of(struct view *v)
{
    struct str url = v->record.text[JOURNAL_URL];

    if (url.len > 0 && url.data[0] != '/')
        return str_dup(v->arena, url);
    return arena_printf(v->arena, "http://%s%.*s", v->entry->daemon, (int)url.len, url.data != NULL ? url.data : "");
}

static void request_write(struct json_writer *w, struct view *v)
{
    jw_object(w, "request");
    jw_text(w, "method", str_dup(v->arena, v->record.text[JOURNAL_METHOD]));
    jw_text(w, "url", url_of(v));
    jw_text(w, "httpVersion", "HTTP/1.1");
    headers_write(w, v);
    jw_list(w, "queryString");
    jw_end_list(w);
    empty_members(w);
    jw_integer(w, "bodySize", (long long)v->record.body_size);
    content_write(w, "postData", v);
    jw_end_object(w);
}

static void response_write(struct json_writer *w, struct view *v)
{
    jw_object(w, "response");
    jw_integer(w, "status", v->record.status);
    jw_text(w, "statusText", http_status_text(v->record.status));
    jw_text(w, "httpVersion", "HTTP/1.1");
    headers_write(w, v);
    empty_members(w);
    jw_text(w, "redirectURL", "");
    jw_integer(w, "bodySize", (long long)v->record.body_size);
    content_write(w, "content", v);
    jw_end_object(w);
}

static void timings_write(struct json_writer *w, double ms)
{
    jw_object(w, "cache");
    jw_end_object(w);
    jw_object(w, "timings");
    jw_number(w, "send", 0);
    jw_number(w, "wait", ms);
    jw_number(w, "receive", 0);
    jw_end_object(w);
}

static void entry_write(struct json_writer *w, struct view *request, struct view *answer)
{
    double ms = (double)answer->record.duration_us / 1000;
    static const struct {
        const char *key;
        enum journal_text text;
    } own[] = { { "_trace", JOURNAL_TRACE },   { "_span", JOURNAL_SPAN },
                { "_parent", JOURNAL_PARENT }, { "_community", JOURNAL_COMMUNITY },
                { "_actor", JOURNAL_ACTOR },   { "_transaction", JOURNAL_TRANSACTION } };

    jw_object(w, NULL);
    jw_text(w, "startedDateTime", moment_text(request->arena, request->entry->time_us));
    jw_number(w, "time", ms);
    request_write(w, request);
    response_write(w, answer);
    timings_write(w, ms);
    jw_text(w, "_daemon", request->entry->daemon);
    jw_text(w, "_direction", journal_direction_word(request->entry->direction));
    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        jw_text(w, own[i].key, str_dup(request->arena, request->record.text[own[i].text]));
    jw_end_object(w);
}

/* The other half of a request: of its span, and among those that were asked for. */
static struct entry *answer_of(struct entry **found, size_t count, size_t request)
{
    const struct entry *rq = found[request];
    enum journal_direction wanted = rq->direction == JOURNAL_RECEIVED ? JOURNAL_ANSWERED : JOURNAL_CALLED;

    for (size_t i = request + 1; i < count; i++) {
        if (found[i]->span == rq->span && found[i]->direction == wanted)
            return found[i];
    }
    return NULL;
}

static void one_write(struct json_writer *w, struct entry *request, struct entry *answer)
{
    struct arena *scratch = arena_new();
    struct view rq = view_of(scratch, request), an = view_of(scratch, answer);

    if (rq.record.text[JOURNAL_METHOD].len > 0) /* HL7 v2 is no HTTP */
        entry_write(w, &rq, &an);
    arena_free(scratch);
}

void har_write(struct entry **found, size_t count, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_object(&w, "log");
    jw_text(&w, "version", "1.2");
    jw_object(&w, "creator");
    jw_text(&w, "name", "kakehashi");
    jw_text(&w, "version", KK_VERSION);
    jw_end_object(&w);
    jw_list(&w, "entries");
    for (size_t i = 0; i < count; i++) {
        bool is_request = found[i]->direction == JOURNAL_RECEIVED || found[i]->direction == JOURNAL_CALLING;
        struct entry *answer = is_request ? answer_of(found, count, i) : NULL;
        if (answer != NULL)
            one_write(&w, found[i], answer);
    }
    jw_end_list(&w);
    jw_end_object(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
}
