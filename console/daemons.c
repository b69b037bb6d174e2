#include "console/daemons.h"

#include "base/arena.h"
#include "console/ask.h"
#include "console/pages.h"
#include "net/http_client.h"

#include <string.h>

#define TIMEOUT_MS      30000
#define ANSWER_MAX      ((size_t)256 << 20)
#define ANSWER_TOLD_MAX 4000 /* of a refusal */

struct daemon_pages {
    struct daemon_page *first;
    struct http_piece piece;
};

/* An endpoint of each daemon, by which its address is known. */
static const struct {
    const char *daemon, *actor;
} known[] = {
    { "registry", "registry" },          { "repository", "repository" },      { "pixmgr", "pix-manager" },
    { "gateway", "responding-gateway" }, { "gateway", "initiating-gateway" }, { "audit", "audit" },
};

/* "https://localhost:18101/0035/registry" → "https://localhost:18101"; NULL when it is not HTTP. */
static const char *base_of(struct arena *a, const char *url)
{
    if (url == NULL || strncmp(url, "http", 4) != 0)
        return NULL;
    const char *host = strstr(url, "://") + 3;
    return arena_strndup(a, url, (size_t)(host - url) + strcspn(host, "/"));
}

/* In the clear where there is a plain listener: whatever faults do to TLS, they can be cleared. */
static const char *address_of(struct arena *a, const struct json *endpoints, const char *actor)
{
    static const char *const trees[] = { "plain", "endpoints" };
    const struct json *communities = json_get(endpoints, "communities");

    for (const struct json *c = communities != NULL ? communities->first : NULL; c != NULL; c = c->next) {
        for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
            const struct json *urls = json_get(json_get(c, trees[i]), actor);
            for (const struct json *url = urls != NULL ? urls->first : NULL; url != NULL; url = url->next) {
                const char *base = base_of(a, url->text);
                if (base != NULL)
                    return base;
            }
        }
    }
    return NULL;
}

/* ---- one call ---- */

static enum rc on_head(struct http_call *call UNUSED, int status, const char *content_type, void *user)
{
    struct daemon_page *page = user;

    page->status = status;
    page->content_type = arena_strdup(page->arena, content_type);
    return OK;
}

static enum rc on_body(struct http_call *call UNUSED, struct str bytes, void *user)
{
    struct daemon_page *page = user;

    buf_add_str(page->body, bytes);
    return page->body->overflowed ? E_LIMIT : OK;
}

static void on_done(struct http_call *call UNUSED, enum rc rc, const char *why, void *user)
{
    struct daemon_page *page = user;

    page->call = NULL;
    page->rc = rc;
    page->why = rc != OK ? arena_strdup(page->arena, why != NULL ? why : rc_text(rc)) : NULL;
    page->is_over = true;
}

static const struct http_call_events events = { .on_head = on_head, .on_body = on_body, .on_done = on_done };

static void page_start(struct ask *ask, struct daemon_page *page, const char *method)
{
    const struct console *c = ask->console;
    const struct http_call_spec spec = { .method = strcmp(method, "GET") == 0 ? NULL : method,
                                         .url = page->url,
                                         .content_type = "application/json",
                                         .pieces = &page->pages->piece,
                                         .piece_count = page->pages->piece.bytes.len > 0 ? 1 : 0,
                                         .timeout_ms = TIMEOUT_MS,
                                         .identity = &c->user,
                                         .events = &events,
                                         .user = page };
    enum rc rc = http_client_start(c->service->client, &spec, &page->call);
    if (rc != OK)
        on_done(NULL, rc, "too many calls are waiting already", page);
}

static void pages_cancel(void *first)
{
    for (struct daemon_page *page = first; page != NULL; page = page->next)
        http_call_cancel(page->call);
}

/* ---- all of them ---- */

static bool is_known_already(const struct daemon_page *first, const char *url)
{
    while (first != NULL && strcmp(first->url, url) != 0)
        first = first->next;
    return first != NULL;
}

struct daemon_page *daemons_ask(struct ask *ask, const char *daemon, const char *method, const char *path,
                                struct str body)
{
    const struct json *endpoints = endpoints_read(ask);
    struct daemon_pages *pages = ARENA_NEW(ask->arena, struct daemon_pages);
    struct daemon_page **end = &pages->first;

    pages->piece = HTTP_PIECE_BYTES(body);
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const char *base = daemon == NULL || strcmp(daemon, known[i].daemon) == 0
                               ? address_of(ask->arena, endpoints, known[i].actor)
                               : NULL;
        const char *url = base != NULL ? arena_printf(ask->arena, "%s%s", base, path) : NULL;
        if (url == NULL || is_known_already(pages->first, url))
            continue;
        *end = ARENA_NEW(ask->arena, struct daemon_page);
        **end = (struct daemon_page){ .daemon = known[i].daemon,
                                      .arena = ask->arena,
                                      .url = url,
                                      .pages = pages,
                                      .body = buf_new(ask->arena, ANSWER_MAX) };
        end = &(*end)->next;
    }
    arena_defer(ask->arena, pages_cancel, pages->first);
    for (struct daemon_page *page = pages->first; page != NULL; page = page->next)
        page_start(ask, page, method);
    return pages->first;
}

bool daemons_over(const struct daemon_page *first)
{
    while (first != NULL && first->is_over)
        first = first->next;
    return first == NULL;
}

/* Of a sentence, without the end of its line. */
static int line_length(struct buf *text)
{
    size_t n = text->len;

    while (n > 0 && text->data[n - 1] == '\n')
        n--;
    return (int)MIN(n, (size_t)ANSWER_TOLD_MAX);
}

void daemon_page_reply(struct ask *ask, const struct daemon_page *page)
{
    if (page->rc != OK)
        ask_refuse(ask, 502, NULL, NULL, "%s: %s", page->daemon, page->why);
    else if (page->status != 200)
        ask_refuse(ask, page->status, NULL, NULL, "%s: %.*s", page->daemon, line_length(page->body),
                   buf_text(page->body));
    else
        ask_reply(ask, 200, page->content_type, buf_str(page->body));
}
