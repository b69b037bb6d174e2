#include "console/daemons.h"

#include "base/arena.h"
#include "console/ask.h"
#include "console/pages.h"
#include "net/http_client.h"

#include <string.h>

#define TIMEOUT_MS 30000
#define ANSWER_MAX ((size_t)256 << 20)

struct daemon_pages {
    struct console *console;
    struct daemon_page *first;
    struct http_piece piece;
};

static const struct {
    const char *name;
    enum config_key at;
} known[] = {
    { "registry", CONFIG_REGISTRY_AT }, { "repository", CONFIG_REPOSITORY_AT }, { "pixmgr", CONFIG_PIXMGR_AT },
    { "gateway", CONFIG_GATEWAY_AT },   { "audit", CONFIG_AUDIT_AT },
};

/*
 * Whoever supervises daemons here knows which there are; where nobody does, each has a machine of its own. In the clear
 * where there is a plain listener: whatever faults do to TLS, they can be cleared.
 */
static const char *base_of(struct ask *ask, const struct json *status, size_t i)
{
    const struct json *daemons = json_get(status, "daemons");
    const char *at = config_text(ask->console->daemon->config, known[i].at);

    if (status == NULL)
        return at;
    for (const struct json *d = daemons != NULL ? daemons->first : NULL; d != NULL; d = d->next) {
        int plain = (int)json_number(d, "plainPort", 0);
        if (text_equal(json_text(d, "name"), known[i].name))
            return plain > 0 ? arena_printf(ask->arena, "http://127.0.0.1:%d", plain) : at;
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
    if (daemons_over(page->pages->first))
        door_hurry(page->pages->console);
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
    for (struct daemon_page *page = first; page != NULL; page = page->next) {
        http_call_cancel(page->call);
        page->call = NULL; /* it may be on two lists */
    }
}

/* ---- all of them ---- */

static struct daemon_page *page_new(struct ask *ask, const char *daemon, const char *base, const char *path)
{
    struct daemon_page *page = ARENA_NEW(ask->arena, struct daemon_page);

    *page = (struct daemon_page){ .daemon = daemon,
                                  .arena = ask->arena,
                                  .url = arena_printf(ask->arena, "%s%s", base, path),
                                  .body = buf_new(ask->arena, ANSWER_MAX) };
    return page;
}

struct daemon_page *daemons_ask(struct ask *ask, const char *daemon, const char *method, const char *path,
                                struct str body)
{
    struct daemon_pages *pages = ARENA_NEW(ask->arena, struct daemon_pages);
    struct daemon_page **end = &pages->first;
    const struct json *status = status_read(ask);

    pages->console = ask->console;
    pages->piece = HTTP_PIECE_BYTES(body);
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        bool is_asked = daemon == NULL || strcmp(daemon, known[i].name) == 0;
        const char *base = is_asked ? base_of(ask, status, i) : NULL;
        if (base == NULL)
            continue;
        *end = page_new(ask, known[i].name, base, path);
        (*end)->pages = pages;
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

void daemon_page_reply(struct ask *ask, const struct daemon_page *page)
{
    struct str said = str_trim(buf_str(page->body));

    if (page->rc != OK)
        ask_refuse(ask, 502, NULL, NULL, "%s: %s", page->daemon, page->why);
    else if (page->status != 200)
        ask_refuse(ask, page->status, NULL, NULL, "%s: %.*s", page->daemon, (int)said.len, said.data);
    else
        ask_reply(ask, 200, page->content_type, buf_str(page->body));
}

const struct community *community_asked(struct ask *ask, const char *field, const char *name)
{
    const struct world *w = ask->console->daemon->world;
    const struct community *c = name != NULL ? world_find(w, name) : NULL;

    if (c == NULL)
        ask_refuse(ask, 400, field, community_keys(ask->arena, w),
                   name == NULL ? "community names whose it is%.0s" : "the community \"%.60s\" does not live here",
                   name);
    return c;
}

bool daemon_relay(struct ask *ask, const char *daemon, const char *method, const char *path)
{
    struct daemon_page *page = ask->state;

    if (page == NULL)
        page = ask->state = daemons_ask(ask, daemon, method, path, (struct str){ 0 });
    if (page == NULL) {
        ask_refuse(ask, 503, NULL, NULL, "no %s runs here yet; GET /status has those that do", daemon);
        return true;
    }
    if (!daemons_over(page))
        return false;
    daemon_page_reply(ask, page);
    return true;
}
