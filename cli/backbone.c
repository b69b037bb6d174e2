#include "cli/backbone.h"

#include "cli/language.h"
#include "cli/lock.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "net/http_client.h"
#include "net/loop.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENDPOINTS_MAX  ((size_t)64 * 1024 * 1024)
#define PAGE_MAX       ((size_t)16 * 1024 * 1024)
#define ASK_TIMEOUT_MS 5000

const char *backbone_pid_file(struct arena *a, const char *data)
{
    return arena_printf(a, "%s/kakehashi.pid", data);
}

const char *backbone_endpoints_file(struct arena *a, const char *data)
{
    return arena_printf(a, "%s/endpoints.json", data);
}

const char *backbone_status_file(struct arena *a, const char *data)
{
    return arena_printf(a, "%s/status.json", data);
}

const char *backbone_log_file(struct arena *a, const char *data)
{
    return arena_printf(a, "%s/kakehashi.log", data);
}

const char *backbone_data(struct arena *a, const struct config *c)
{
    const char *data = config_text(c, CONFIG_DATA);
    char here[PATH_MAX];

    if (data[0] == '/' || getcwd(here, sizeof(here)) == NULL)
        return data;
    while (text_starts(data, "./"))
        data += 2;
    return arena_printf(a, "%s/%s", here, data);
}

static enum rc none_runs(const char *data)
{
    fprintf(stderr,
            language_pick(
                "kakehashi: no backbone runs at %s; `kakehashi up` starts one, --data names another\n",
                "kakehashi: %s で動いている基盤はありません。`kakehashi up` で起動、--data で場所を指定できます\n"),
            data);
    return E_NOT_FOUND;
}

enum rc backbone_find(struct arena *a, const struct config *c, struct backbone *out)
{
    struct backbone b = { .data = backbone_data(a, c) };
    const char *why = "it cannot be read";
    struct json *root = NULL;
    struct str text;

    enum rc rc = file_read(a, backbone_endpoints_file(a, b.data), ENDPOINTS_MAX, &text);
    if (rc == E_NOT_FOUND)
        return none_runs(b.data);
    if (rc != OK || json_parse(a, text, &root, &why) != OK) {
        fprintf(stderr, "kakehashi: %s: %s\n", backbone_endpoints_file(a, b.data), why);
        return E_CONFIG;
    }
    b.endpoints = root;
    b.control = json_text(root, "control");
    b.pid = lock_holder(backbone_pid_file(a, b.data));
    if (b.pid == 0 && access(backbone_pid_file(a, b.data), F_OK) == 0) /* its `up` was killed and could not tidy */
        return none_runs(b.data);
    *out = b;
    return OK;
}

const struct json *backbone_community(const struct backbone *b, const char *key_or_slug)
{
    const struct json *communities = json_get(b->endpoints, "communities");

    for (const struct json *c = communities ? communities->first : NULL; c != NULL; c = c->next) {
        if (text_equal(c->key, key_or_slug) || text_equal(json_text(c, "slug"), key_or_slug))
            return c;
    }
    return NULL;
}

const char *backbone_url(const struct backbone *b, const char *tree, const char *key_or_slug, const char *actor,
                         const char *transaction)
{
    return json_text(json_get(json_get(backbone_community(b, key_or_slug), tree), actor), transaction);
}

/* ---- asking ---- */

struct asking {
    const struct backbone_call *call;
    struct buf *body;
    int status;
    enum rc rc;
    bool is_over;
};

static enum rc on_head(struct http_call *call UNUSED, int status, const char *content_type UNUSED, void *user)
{
    struct asking *asking = user;
    asking->status = status;
    return OK;
}

static enum rc on_body(struct http_call *call UNUSED, struct str bytes, void *user)
{
    struct asking *asking = user;

    if (asking->call->on_bytes != NULL && asking->status == 200)
        return asking->call->on_bytes(asking->call->user, bytes);
    buf_add_str(asking->body, bytes);
    return asking->body->overflowed ? E_LIMIT : OK;
}

static void on_done(struct http_call *call UNUSED, enum rc rc, const char *why, void *user)
{
    struct asking *asking = user;

    if (rc != OK)
        log_debug("control: %s", why ? why : rc_text(rc));
    asking->rc = rc;
    asking->is_over = true;
}

static const struct http_call_events events = { on_head, on_body, on_done };

/* On a loop of its own, until it is over. */
static void run(struct asking *asking, const struct http_call_spec *spec)
{
    struct http_call *call;

    net_init();
    struct loop *loop = loop_new();
    struct http_client *client = http_client_new(loop, 1);
    asking->rc = http_client_start(client, spec, &call);
    while (asking->rc == OK && !asking->is_over)
        loop_turn(loop, ASK_TIMEOUT_MS);
    http_client_free(client);
    loop_free(loop);
}

enum rc backbone_request(struct arena *a, const char *data, const struct backbone_call *call, int *status,
                         struct str *body)
{
    struct asking asking = { .call = call, .body = buf_new(a, call->max != 0 ? call->max : PAGE_MAX) };
    const struct tls_files user = pki_user(a, data);
    const struct http_piece piece = HTTP_PIECE_BYTES(call->body);
    const struct http_header token = { "Authorization",
                                       arena_printf(a, "Bearer %s", call->token != NULL ? call->token : ""), NULL };
    const struct http_call_spec spec = { .method = call->method,
                                         .url = call->url,
                                         .content_type = call->content_type,
                                         .headers = text_absent(call->token) ? NULL : &token,
                                         .pieces = &piece,
                                         .piece_count = call->body.len > 0 ? 1 : 0,
                                         .timeout_ms = call->timeout_ms != 0 ? call->timeout_ms : ASK_TIMEOUT_MS,
                                         .identity = &user,
                                         .events = &events,
                                         .user = &asking };

    run(&asking, &spec);
    TRY(asking.rc);
    *status = asking.status;
    *body = (struct str){ buf_text(asking.body), asking.body->len };
    return OK;
}

enum rc backbone_ask(struct arena *a, const char *data, const char *url, int *status, struct str *body)
{
    return backbone_request(a, data, &(struct backbone_call){ .url = url }, status, body);
}

enum rc backbone_put(struct arena *a, const char *data, const char *url, struct str json, int *status, struct str *body)
{
    const struct backbone_call call = { .method = "PUT", .url = url, .content_type = "application/json", .body = json };

    return backbone_request(a, data, &call, status, body);
}

/* ---- the daemons ---- */

#define DAEMONS_MAX 64

static void add_daemon(struct arena *a, const char **list, const char *url)
{
    size_t n = 0;

    if (url == NULL || !text_starts(url, "http"))
        return;
    const char *host = strstr(url, "://");
    const char *base = arena_strndup(a, url, (size_t)(host + 3 - url) + strcspn(host + 3, "/"));
    while (list[n] != NULL && strcmp(list[n], base) != 0)
        n++;
    if (n < DAEMONS_MAX)
        list[n] = base;
}

const char **backbone_daemons(struct arena *a, const struct backbone *b)
{
    const char **list = ARENA_ARRAY(a, const char *, DAEMONS_MAX + 1);
    const struct json *communities = json_get(b->endpoints, "communities");

    for (const struct json *c = communities != NULL ? communities->first : NULL; c != NULL; c = c->next) {
        const struct json *actors = json_get(c, "plain");
        if (actors == NULL || actors->first == NULL)
            actors = json_get(c, "endpoints");
        for (const struct json *actor = actors != NULL ? actors->first : NULL; actor != NULL; actor = actor->next) {
            for (const struct json *url = actor->first; url != NULL; url = url->next)
                add_daemon(a, list, url->text);
        }
    }
    return list;
}
