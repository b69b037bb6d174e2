#include "cli/client.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "net/mllp_client.h"

#define ANSWER_MAX ((size_t)1 << 30) /* a person's or a script's, held in memory */

struct identity {
    const struct peer *peer;
    struct tls_files files;
    struct identity *next;
};

struct client {
    struct arena *arena;
    const struct config *config;
    struct directory *directory;
    struct loop *loop;
    struct http_client *http;
    struct identity *identities; /* one per peer that has spoken: connections are kept per identity */
    bool plain;
};

static void client_free(void *what)
{
    struct client *c = what;

    http_client_free(c->http);
    loop_free(c->loop);
}

enum rc client_new(struct arena *a, const struct config *config, bool plain, struct client **out)
{
    struct client *c = ARENA_NEW(a, struct client);

    TRY(directory_load(a, config, &c->directory));
    net_init();
    c->arena = a;
    c->config = config;
    c->plain = plain;
    c->loop = loop_new();
    c->http = http_client_new(c->loop, 0);
    arena_defer(a, client_free, c);
    *out = c;
    return OK;
}

struct directory *client_directory(struct client *c)
{
    return c->directory;
}

const char *client_data(const struct client *c)
{
    return c->directory->backbone.data;
}

const char *client_url(const struct client *c, const struct peer *to, const char *actor, const char *transaction)
{
    return directory_url(c->directory, to, actor, transaction, c->plain);
}

static struct tls_files files_of(const struct client *c, const struct peer *from)
{
    const char *data = c->directory->backbone.data;

    return from == NULL ? pki_user(c->arena, data) : pki_community(c->arena, data, from->key);
}

const struct tls_files *client_identity(struct client *c, const struct peer *from)
{
    for (const struct identity *i = c->identities; i != NULL; i = i->next) {
        if (i->peer == from)
            return &i->files;
    }
    struct identity *fresh = ARENA_NEW(c->arena, struct identity);
    *fresh = (struct identity){ .peer = from, .files = files_of(c, from), .next = c->identities };
    c->identities = fresh;
    return &fresh->files;
}

static void call_is_over(void *user, struct call *call)
{
    *(struct call **)user = call;
}

enum rc client_call(struct client *c, const struct peer *from, struct call_spec *spec, struct call **out)
{
    struct call *call = NULL;
    struct call_handle *handle;

    spec->identity = client_identity(c, from);
    spec->max_message = ANSWER_MAX;
    if (spec->timeout_ms == 0)
        spec->timeout_ms = (int)config_number(c->config, CONFIG_CALL_TIMEOUT);
    TRY(call_start(c->arena, c->loop, c->http, NULL, spec, call_is_over, &call, &handle));
    while (call == NULL)
        loop_turn(c->loop, 1000);
    *out = call;
    return call->rc;
}

/* ---- HL7 v2 ---- */

struct mllp_wait {
    struct arena *arena;
    struct call *call;
    bool is_over;
};

static void mllp_is_over(void *user, enum rc rc, struct str answer, const char *why)
{
    struct mllp_wait *w = user;

    w->is_over = true;
    w->call->rc = rc;
    w->call->why = arena_strdup(w->arena, why);
    if (rc == OK)
        w->call->response_xml = (struct str){ str_dup(w->arena, answer), answer.len };
}

enum rc client_mllp(struct client *c, const struct peer *from, const char *url, struct str message, struct call **out)
{
    struct mllp_client_spec spec = { .url = url,
                                     .identity = client_identity(c, from),
                                     .timeout_ms = (int)config_number(c->config, CONFIG_CALL_TIMEOUT),
                                     .max_answer = ANSWER_MAX };
    struct mllp_wait wait = { .arena = c->arena, .call = ARENA_NEW(c->arena, struct call) };
    struct mllp_client *client;

    *out = wait.call;
    *wait.call = (struct call){ .rc = E_CONFIG, .url = url, .ticks = clock_ticks() };
    if (mllp_client_new(c->loop, &spec, &client) != OK) {
        wait.call->why = "the address or the certificate cannot be used";
        return E_CONFIG;
    }
    mllp_client_send(client, message, mllp_is_over, &wait);
    while (!wait.is_over)
        loop_turn(c->loop, 1000);
    wait.call->ticks = clock_ticks() - wait.call->ticks;
    mllp_client_free(client);
    return wait.call->rc;
}
