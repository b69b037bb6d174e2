/*
 * GET /pixmgr/reviews[?community=KEY][&limit=N]: potential duplicates, the likeliest first. PUT of the same with
 * ?number=N&decision=accept|reject decides about one; PUT /pixmgr/links?community=KEY&one=ID&other=ID with
 * &word=same|apart|merged says what two ids are to each other.
 */
#include "pixmgr/decision_page.h"

#include "base/str.h"
#include "pixmgr/decision.h"
#include "pixmgr/notifier.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/review_write.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers_page.h"
#include "wire/query_string.h"

#include <stdlib.h>

#define REVIEWS_PATH  PIXMGR_PAGES "/reviews"
#define LINKS_PATH    PIXMGR_PAGES "/links"
#define LIMIT_DEFAULT 50
#define LIMIT_MAX     1000

struct page {
    struct service *service;
    struct http_request *http;
    const struct query_pair *query;
    struct decision decision;
    const char *why;
};

static void json_reply(const struct page *p, struct buf *out)
{
    buf_add_char(out, '\n');
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(out));
    http_reply(p->http, &(struct http_reply){
                            .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

/* Out of a text that is a number within bounds; -1 otherwise. */
static long long number_of(const char *text, long long most)
{
    char *end;

    if (text_absent(text))
        return -1;
    long long n = strtoll(text, &end, 10);
    return *end == '\0' && n > 0 && n <= most ? n : -1;
}

/* ---- what waits for a reviewer ---- */

static void reviews_write(const struct page *p, struct buf *out, const struct duplicate *first, int total)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_integer(&w, "total", total);
    jw_list(&w, "reviews");
    for (const struct duplicate *d = first; d != NULL; d = d->next)
        review_write(&w, p->service->daemon->world, d);
    jw_end_list(&w);
    jw_end_object(&w);
}

static void reviews_list(struct page *p)
{
    struct arena *a = p->http->arena;
    const char *key = query_pair(p->query, "community"), *limit = query_pair(p->query, "limit");
    const struct community *c = key != NULL ? world_find(p->service->daemon->world, key) : NULL;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct duplicate *first;
    int total, most = limit == NULL ? LIMIT_DEFAULT : (int)number_of(limit, LIMIT_MAX);

    if ((key != NULL && c == NULL) || most < 0) {
        http_reply_text(p->http, 400, REVIEWS_PATH "?community= is a community that lives here, limit= 1 to 1000");
        return;
    }
    if (store_review_list(a, p->service->db, c == NULL ? 0 : c->number, most, &first, &total) != OK) {
        http_reply_text(p->http, 500, "what waits for a reviewer cannot be read; the log says why");
        return;
    }
    reviews_write(p, out, first, total);
    json_reply(p, out);
}

/* ---- decisions ---- */

static enum rc run(struct db *db, struct write_job *job)
{
    struct page *p = job->user;

    return decision_make(p->http->arena, db, &p->decision, &p->why);
}

static void told_reply(const struct page *p)
{
    struct buf *out = buf_new(p->http->arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "decided", decision_told(&p->decision));
    jw_end_object(&w);
    json_reply(p, out);
}

static void decide(struct page *p)
{
    enum rc rc = writer_run(p->service->daemon->writer, run, p);

    if (rc == OK) {
        notifier_wake(((struct pixmgr *)p->service->daemon->own)->notifier);
        told_reply(p);
    } else if (p->why != NULL && (rc == E_NOT_FOUND || rc == E_REFUSED)) {
        http_reply_text(p->http, rc == E_NOT_FOUND ? 404 : 409, p->why);
    } else {
        http_reply_text(p->http, 503, "this could not be stored; the log says why");
    }
}

static void review_decide(struct page *p)
{
    p->decision.number = number_of(query_pair(p->query, "number"), INT64_MAX);
    if (!decision_kind_find(query_pair(p->query, "decision"), &p->decision.kind) ||
        !decision_is_of_pair(p->decision.kind) || p->decision.number < 0)
        http_reply_text(p->http, 400, REVIEWS_PATH "?number= is a pair's, decision= accept or reject");
    else
        decide(p);
}

static bool ids_read(struct page *p, const struct community *c)
{
    struct arena *a = p->http->arena;
    struct decision *d = &p->decision;

    d->community = c->number;
    return decision_id_parse(a, query_pair(p->query, "one"), c->patient_id_domain, &d->one) == OK &&
           decision_id_parse(a, query_pair(p->query, "other"), c->patient_id_domain, &d->other) == OK;
}

static void link_say(struct page *p)
{
    const char *key = query_pair(p->query, "community");
    const struct community *c = key != NULL ? world_find(p->service->daemon->world, key) : NULL;

    if (c == NULL)
        http_reply_text(p->http, 400, LINKS_PATH "?community= is a community that lives here");
    else if (!ids_read(p, c))
        http_reply_text(p->http, 400, "one= and other= are VALUE^^^&DOMAIN&ISO, or values of regional ids");
    else if (!decision_kind_find(query_pair(p->query, "word"), &p->decision.kind) ||
             decision_is_of_pair(p->decision.kind))
        http_reply_text(p->http, 400, LINKS_PATH "?word= is same, apart or merged");
    else
        decide(p);
}

static const struct {
    const char *method, *path;
    void (*serve)(struct page *p);
} rows[] = {
    { "GET", REVIEWS_PATH, reviews_list },
    { "PUT", REVIEWS_PATH, review_decide },
    { "PUT", LINKS_PATH, link_say },
};

bool decision_page(struct service *s, struct http_request *http)
{
    struct page p = { .service = s, .http = http, .query = query_string_parse(http->arena, http->head.query) };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].path, http->head.path) != 0 || strcmp(rows[i].method, http->head.method) != 0)
            continue;
        rows[i].serve(&p);
        return true;
    }
    return false;
}
