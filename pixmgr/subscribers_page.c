/*
 * The pages /pixmgr/subscribers and /pixmgr/subscribers/COMMUNITY: who is told of changed cross-references and what
 * waits for them. PUT with ?url=…[&domains=OID OID][&application=…][&facility=…] adds one, or changes it and tries
 * again what it refused; DELETE with ?url=… ends it. Browsers send neither to another's site unasked.
 */
#include "pixmgr/subscribers_page.h"

#include "base/str.h"
#include "model/oid.h"
#include "net/mllp_client.h"
#include "pixmgr/decision_page.h"
#include "pixmgr/notifier.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/subscribers.h"
#include "wire/json.h"
#include "wire/query_string.h"

struct page {
    struct service *service;
    struct http_request *http;
    const struct community *community; /* NULL: all */
    struct subscriber asked;
};

/* ---- what there is ---- */

static const char *key_of(const struct world *w, int number)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].number == number)
            return w->communities[i].key;
    }
    return NULL;
}

static void subscriber_write(struct json_writer *w, const struct world *world, const struct subscriber *s)
{
    jw_object(w, NULL);
    jw_text(w, "community", key_of(world, s->community));
    jw_text(w, "transaction", mllp_url_is_valid(s->url) ? "ITI-10" : "ITI-46");
    jw_text(w, "url", s->url);
    jw_text(w, "domains", s->domains);
    jw_text(w, "application", s->application);
    jw_text(w, "facility", s->facility);
    jw_integer(w, "waiting", s->waiting);
    jw_integer(w, "refused", s->refused);
    jw_text(w, "trouble", s->trouble);
    jw_end_object(w);
}

static void list_reply(const struct page *p)
{
    struct arena *a = p->http->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct subscriber *list = NULL;
    struct json_writer w;

    if (subscribers_list(a, p->service->db, p->community == NULL ? 0 : p->community->number, &list) != OK) {
        http_reply_text(p->http, 500, "the subscribers cannot be read; the log says why\n");
        return;
    }
    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_list(&w, "subscribers");
    for (const struct subscriber *s = list; s != NULL; s = s->next)
        subscriber_write(&w, p->service->daemon->world, s);
    jw_end_list(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(out));
    http_reply(p->http, &(struct http_reply){
                            .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

/* ---- changes ---- */

static enum rc find(struct arena *a, struct db *db, const struct subscriber *asked, int64_t *number)
{
    struct subscriber *list;

    TRY(subscribers_list(a, db, asked->community, &list));
    for (const struct subscriber *s = list; s != NULL; s = s->next) {
        if (strcmp(s->url, asked->url) == 0) {
            *number = s->number;
            return OK;
        }
    }
    return E_NOT_FOUND;
}

static enum rc put(struct db *db, struct write_job *job)
{
    const struct page *p = job->user;
    int64_t number;

    TRY(subscribers_put(db, &p->asked));
    TRY(find(p->http->arena, db, &p->asked, &number));
    return notifications_retry(db, number);
}

static enum rc drop(struct db *db, struct write_job *job)
{
    const struct page *p = job->user;
    int64_t number;

    TRY(find(p->http->arena, db, &p->asked, &number));
    return subscribers_drop(db, number);
}

static const struct {
    const char *method;
    enum rc (*run)(struct db *db, struct write_job *job);
} changes[] = { { "PUT", put }, { "DELETE", drop } };

bool subscriber_url_is_valid(const char *url)
{
    return url != NULL && (mllp_url_is_valid(url) || text_starts(url, "http://") || text_starts(url, "https://"));
}

/* A sentence about what is wrong; NULL when nothing is. */
static const char *fault_of(struct arena *a, const struct page *p)
{
    char *rest = arena_strdup(a, p->asked.domains), *domain;

    if (p->community == NULL)
        return SUBSCRIBERS_PATH "/COMMUNITY: name a community that lives here; `kakehashi communities` lists them\n";
    if (!subscriber_url_is_valid(p->asked.url))
        return "?url= must be mllp://HOST:PORT or mllps://HOST:PORT (ITI-10), or an http(s) URL (ITI-46)\n";
    while ((domain = strsep(&rest, " ")) != NULL) {
        const struct community *owner = world_find_domain(p->service->daemon->world, domain);
        if (domain[0] != '\0' && owner != p->community && !(p->community->is_backbone && owner != NULL))
            return arena_printf(a, "the domain %.64s is not known in %s\n", domain, p->community->key);
    }
    return NULL;
}

static void change_reply(struct page *p, enum rc (*run)(struct db *db, struct write_job *job))
{
    const char *fault = fault_of(p->http->arena, p);

    if (fault != NULL) {
        http_reply_text(p->http, 400, fault);
        return;
    }
    enum rc rc = writer_run(p->service->daemon->writer, run, p);
    if (rc == OK) {
        notifier_subscribed(((struct pixmgr *)p->service->daemon->own)->notifier);
        list_reply(p);
    } else if (rc == E_NOT_FOUND) {
        http_reply_text(p->http, 404, "nobody subscribes by this url\n");
    } else {
        http_reply_text(p->http, 503, "this could not be stored; the log says why\n");
    }
}

void subscribers_page(struct service *s, struct http_request *http)
{
    const char *name = http->head.path + MIN(strlen(SUBSCRIBERS_PATH), strlen(http->head.path));
    const struct query_pair *query = query_string_parse(http->arena, http->head.query);
    const char *domains = query_pair(query, "domains");
    struct page p = { .service = s,
                      .http = http,
                      .community = name[0] == '/' ? world_find(s->daemon->world, name + 1) : NULL };

    if (decision_page(s, http))
        return;
    if (!text_starts(http->head.path, SUBSCRIBERS_PATH) || (name[0] != '\0' && p.community == NULL)) {
        http_reply_text(http, 404, SUBSCRIBERS_PATH "[/COMMUNITY] shows who is told of changed cross-references\n");
        return;
    }
    p.asked = (struct subscriber){ .community = p.community == NULL ? 0 : p.community->number,
                                   .url = query_pair(query, "url"),
                                   .domains = domains == NULL ? "" : domains,
                                   .application = query_pair(query, "application"),
                                   .facility = query_pair(query, "facility") };
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        if (strcmp(changes[i].method, http->head.method) == 0) {
            change_reply(&p, changes[i].run);
            return;
        }
    }
    list_reply(&p);
}
