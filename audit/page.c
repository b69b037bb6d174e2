/*
 * GET /audit/COMMUNITY…: AuditEvent (ITI-81), records for the command, and a page for people. "all" in place of a
 * community stands for everybody's.
 */
#include "actor/audit.h"
#include "audit/audit.h"
#include "audit/search.h"
#include "audit/store.h"
#include "base/arena.h"
#include "base/clock.h"
#include "msg/audit_event.h"
#include "wire/json.h"
#include "wire/query_string.h"
#include "wire/xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS    200
#define RECORDS_ROWS 1000

struct page {
    struct service *service;
    struct http_request *http;
    const struct community *community; /* NULL: all */
    const char *key, *id;              /* id: the path's last segment; NULL */
    struct buf *out;
    struct json_writer w;
    long rows, limit;
};

static void send(struct page *p, int status, const char *type)
{
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(p->out));

    http_reply(p->http,
               &(struct http_reply){ .status = status, .content_type = type, .pieces = &piece, .piece_count = 1 });
}

/* ---- AuditEvent ---- */

/* Looking into the trail is an event itself (ITI TF-2: 3.81.5). */
static void tell_log_used(const struct page *p)
{
    struct arena *a = p->http->arena;
    struct audit_code type = { "ITI-81", AUDIT_TRANSACTIONS, "Retrieve ATNA Audit Event" };
    struct audit_message m = { .event = { DCM_AUDIT_LOG_USED, "DCM", audit_dcm_text(DCM_AUDIT_LOG_USED) },
                               .types = &type,
                               .action = 'R',
                               .time_ms = clock_now_ms(),
                               .source_id = arena_printf(a, "%s/audit", p->key),
                               .source_type = 4 };
    const char *url = arena_printf(a, "%s%s%s", p->http->head.path, p->http->head.query != NULL ? "?" : "",
                                   p->http->head.query != NULL ? p->http->head.query : "");

    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = p->http->peer,
                                                       .user_name = p->http->peer_subject,
                                                       .is_requestor = true,
                                                       .role = { "110153", "DCM", "Source Role ID" } });
    audit_add_participant(
        a, &m, &(struct audit_participant){ .user_id = "audit", .role = { "110152", "DCM", "Destination Role ID" } });
    audit_add_object(a, &m,
                     &(struct audit_object){ .id = url,
                                             .type = AUDIT_SYSTEM,
                                             .role = 13, /* security resource */
                                             .id_type = { "12", "RFC-3881", "URI" },
                                             .name = "Security Audit Log" });
    audit_tell(p->service->daemon->audit, &m);
}

static void page_events(struct page *p)
{
    const char *host = http_header(&p->http->head, "host");
    const char *base = arena_printf(p->http->arena, "%s://%s" AUDIT_PATH "/%s/AuditEvent",
                                    p->http->tls ? "https" : "http", host != NULL ? host : "localhost", p->key);
    int status = p->id == NULL ? search_events(p->service, p->http, p->community, base, p->out)
                               : search_event(p->service, p->http, p->community, p->id, p->out);

    tell_log_used(p);
    send(p, status, "application/fhir+json");
}

/* ---- records, for the command ---- */

static bool write_record(void *user, const struct record *r)
{
    struct page *p = user;
    char time[CLOCK_ISO_MS_LEN], received[CLOCK_ISO_MS_LEN];

    if (p->rows++ == p->limit)
        return false;
    clock_iso_ms(r->time, time);
    clock_iso_ms(r->received, received);
    jw_object(&p->w, NULL);
    jw_integer(&p->w, "id", r->id);
    jw_text(&p->w, "time", time);
    jw_text(&p->w, "received", received);
    jw_text(&p->w, "community", r->community);
    jw_text(&p->w, "event", r->event);
    jw_text(&p->w, "type", r->type);
    jw_text(&p->w, "action", r->action);
    jw_integer(&p->w, "outcome", r->outcome);
    jw_text(&p->w, "source", r->source);
    jw_text(&p->w, "words", r->words);
    jw_text(&p->w, "transport", r->transport);
    jw_text(&p->w, "peer", r->peer);
    jw_text(&p->w, "subject", r->subject);
    jw_text(&p->w, "faults", r->faults);
    jw_integer(&p->w, "bytes", (long long)r->raw.len);
    jw_end_object(&p->w);
    return true;
}

static long number_of(const struct query_pair *pairs, const char *name, long otherwise)
{
    const char *value = query_pair(pairs, name);

    return value != NULL ? strtol(value, NULL, 10) : otherwise;
}

static void page_one_record(struct page *p)
{
    struct record r;

    if (store_get(p->http->arena, p->service->db, strtoll(p->id, NULL, 10), &r) != OK ||
        (p->community != NULL && strcmp(r.community, p->community->key) != 0)) {
        http_reply_text(p->http, 404, "there is no such record here\n");
        return;
    }
    buf_add_str(p->out, r.raw);
    send(p, 200, "application/octet-stream");
}

static void page_records(struct page *p)
{
    const struct query_pair *pairs = query_string_parse(p->http->arena, p->http->head.query);
    const struct record_filter filter = { .community = p->community != NULL ? p->community->key : NULL,
                                          .from = INT64_MIN,
                                          .to = INT64_MAX,
                                          .after = number_of(pairs, "after", 0),
                                          .only_faulty = number_of(pairs, "faulty", 0) != 0,
                                          .by_id = number_of(pairs, "newest", 0) == 0 };

    if (p->id != NULL) {
        page_one_record(p);
        return;
    }
    p->limit = MIN(MAX(number_of(pairs, "limit", RECORDS_ROWS), 0), RECORDS_ROWS);
    jw_init(&p->w, p->out, false);
    jw_object(&p->w, NULL);
    jw_list(&p->w, "records");
    if (store_find(p->http->arena, p->service->db, &filter, write_record, p) != OK) {
        http_reply_text(p->http, 500, "the store cannot be read; the log says why\n");
        return;
    }
    jw_end_list(&p->w);
    jw_bool(&p->w, "more", p->rows > p->limit);
    jw_end_object(&p->w);
    send(p, 200, "application/json");
}

/* ---- for people ---- */

static void cell(struct buf *out, const char *text)
{
    buf_add_literal(out, "<td>");
    xml_escape(out, text != NULL ? text : "");
    buf_add_literal(out, "</td>");
}

static bool write_row(void *user, const struct record *r)
{
    struct page *p = user;
    char time[CLOCK_ISO_MS_LEN], outcome[16];

    if (p->rows++ == PAGE_ROWS)
        return false;
    clock_iso_ms(r->time, time);
    snprintf(outcome, sizeof(outcome), "%d", r->outcome);
    buf_printf(p->out, "<tr%s>", r->faults != NULL ? " class=\"faulty\"" : "");
    buf_printf(p->out, "<td><a href=\"" AUDIT_PATH "/%s/records/%lld\">%lld</a></td>", p->key, (long long)r->id,
               (long long)r->id);
    const char *const cells[] = { time, r->community, r->type, r->event, r->action, outcome, r->source, r->faults };
    for (size_t i = 0; i < ARRAY_LEN(cells); i++)
        cell(p->out, cells[i]);
    buf_add_literal(p->out, "</tr>\n");
    return true;
}

static void page_table(struct page *p)
{
    const char *key = p->community != NULL ? p->community->key : NULL;
    const struct record_filter filter = { .community = key, .from = INT64_MIN, .to = INT64_MAX };
    struct store_counts counts;

    if (store_count(p->service->db, key, &counts) != OK) {
        http_reply_text(p->http, 500, "the store cannot be read; the log says why\n");
        return;
    }
    buf_add_literal(p->out,
                    "<!DOCTYPE html><meta charset=\"utf-8\"><title>Audit</title><style>body{font:14px sans-serif}"
                    "td,th{padding:2px 8px;text-align:left;vertical-align:top;white-space:pre-wrap}"
                    ".faulty{background:#fdd}</style>");
    buf_printf(
        p->out,
        "<h1>%s</h1><p>%lld records 件, %lld with findings 所見あり</p><table><tr><th>id<th>time 時刻"
        "<th>community 地域<th>transaction<th>event 事象<th>action<th>outcome<th>source 発生元<th>findings 所見\n",
        p->community != NULL ? p->community->name : "all 全地域", (long long)counts.records, (long long)counts.faulty);
    if (store_find(p->http->arena, p->service->db, &filter, write_row, p) != OK)
        buf_add_literal(p->out, "<tr><td>the store cannot be read; the log says why");
    buf_add_literal(p->out, "</table>\n");
    send(p, 200, "text/html; charset=UTF-8");
}

/* ---- paths ---- */

static const struct {
    const char *name; /* second segment; "" for none */
    void (*page)(struct page *p);
} pages[] = {
    { "AuditEvent", page_events },
    { "records", page_records },
    { "", page_table },
};

static const char *segment(struct arena *a, const char **path)
{
    while (**path == '/')
        ++*path;
    size_t n = strcspn(*path, "/");
    const char *text = arena_strndup(a, *path, n);
    *path += n;
    return text;
}

void audit_page(struct service *s, struct http_request *http)
{
    const char *path = http->head.path + strlen(AUDIT_PATH), *key = segment(http->arena, &path);
    const char *name = segment(http->arena, &path), *id = segment(http->arena, &path);
    bool is_all = key[0] == '\0' || strcmp(key, AUDIT_ALL) == 0;
    struct page p = { .service = s,
                      .http = http,
                      .community = is_all ? NULL : world_find(s->daemon->world, key),
                      .key = is_all ? AUDIT_ALL : key,
                      .id = id[0] != '\0' ? id : NULL,
                      .out = buf_new(http->arena, BUF_MAX_DEFAULT) };

    for (size_t i = 0; (is_all || p.community != NULL) && i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].name, name) == 0) {
            pages[i].page(&p);
            return;
        }
    }
    http_reply_text(http, 404,
                    "here are " AUDIT_PATH "/COMMUNITY, …/AuditEvent?date=ge… (ITI-81) and …/records; COMMUNITY is one "
                    "that lives here (`kakehashi communities`), or all\n");
}
