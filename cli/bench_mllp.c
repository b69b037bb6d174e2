#include "cli/bench_mllp.h"

#include "cli/bench.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/mllp_client.h"
#include "net/mllp_server.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECTIONS_MAX 256

/* ---- the load ---- */

struct run;

struct connection {
    struct run *run;
    struct mllp_client *client;
    uint64_t sent; /* clock_ticks */
};

struct run {
    const struct mllp_load *spec;
    struct load_result *result;
    struct loop *loop;
    struct connection connections[CONNECTIONS_MAX];
    uint64_t begin, until;
    int busy; /* connections with a message under way */
    enum rc rc;
};

static void answered(struct run *r, uint64_t ticks)
{
    struct load_result *l = r->result;

    if (l->answers == l->latency_cap) {
        l->latency_cap = MAX(2 * l->latency_cap, (size_t)65536);
        l->latencies = realloc(l->latencies, l->latency_cap * sizeof(*l->latencies));
        if (l->latencies == NULL)
            die("out of memory (latencies)");
    }
    l->latencies[l->answers++] = ticks;
}

static void next(struct connection *c);

static void on_answer(void *user, enum rc rc, struct str answer, const char *why)
{
    struct connection *c = user;
    struct run *r = c->run;
    uint64_t now = clock_ticks();

    r->busy--;
    if (rc == OK && memmem(answer.data, answer.len, r->spec->expect, strlen(r->spec->expect)) == NULL)
        rc = E_PEER;
    if (rc != OK && r->rc == OK) {
        r->rc = E_PEER;
        log_error("%s %.*s", why != NULL ? why : "another answer than expected:", (int)MIN(answer.len, (size_t)300),
                  answer.len > 0 ? answer.data : "");
    }
    if (rc == OK && now <= r->until)
        answered(r, now - c->sent);
    if (r->rc == OK && now < r->until && !bench_stop)
        next(c);
}

static void next(struct connection *c)
{
    char text[512];
    size_t n = c->run->spec->message(c->run->spec->user, ++*c->run->spec->n, text);

    c->run->busy++;
    c->sent = clock_ticks();
    mllp_client_send(c->client, (struct str){ text, n }, on_answer, c);
}

static enum rc connections_open(struct run *r)
{
    struct mllp_client_spec spec = { .url = r->spec->url, .identity = r->spec->identity };

    for (int i = 0; i < MIN(r->spec->connections, CONNECTIONS_MAX); i++) {
        r->connections[i].run = r;
        TRY(mllp_client_new(r->loop, &spec, &r->connections[i].client));
    }
    return OK;
}

static uint64_t cpu_ticks(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

enum rc mllp_load_run(const struct mllp_load *spec, struct load_result *result)
{
    struct run *r = calloc(1, sizeof(*r));

    if (r == NULL)
        die("out of memory (load)");
    *r = (struct run){ .spec = spec, .result = result, .loop = loop_new() };
    r->rc = connections_open(r);
    uint64_t cpu = cpu_ticks();
    r->begin = clock_ticks();
    r->until = r->begin + (uint64_t)spec->duration_ms * 1000000;
    for (int i = 0; r->rc == OK && i < MIN(spec->connections, CONNECTIONS_MAX); i++)
        next(&r->connections[i]);
    while (r->busy > 0)
        loop_turn(r->loop, 100);
    result->ticks += MIN(clock_ticks(), r->until) - r->begin;
    result->cpu += cpu_ticks() - cpu;
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        mllp_client_free(r->connections[i].client);
    loop_free(r->loop);
    enum rc rc = bench_stop ? E_CANCELLED : r->rc;
    free(r);
    return rc;
}

/* ---- a server that only answers ---- */

struct mllp_echo {
    struct loop *loop;
    struct tls_server *tls;
    struct mllp_service service;
    struct mllp_server *server;
    pthread_t thread;
};

static void on_message(struct mllp_message *m)
{
    mllp_reply(m, STR("MSH|^~\\&|A|B|C|D|20260401||ACK|1|P|2.5\rMSA|AA|1\r"));
}

static void on_gone(struct mllp_message *m UNUSED, bool sent UNUSED)
{
}

static void *echo_run(void *echo)
{
    loop_run(((struct mllp_echo *)echo)->loop);
    return NULL;
}

enum rc mllp_echo_start(const struct tls_files *files, struct mllp_echo **out)
{
    struct mllp_echo *e = calloc(1, sizeof(*e));

    if (e == NULL)
        die("out of memory (server)");
    e->loop = loop_new();
    e->service = (struct mllp_service){ .on_message = on_message, .on_gone = on_gone };
    enum rc rc = tls_server_new(files, true, &e->tls);
    struct mllp_server_config config = { .bind = "127.0.0.1", .tls = e->tls, .service = &e->service };
    if (rc == OK)
        rc = mllp_server_new(e->loop, &config, &e->server);
    if (rc == OK && pthread_create(&e->thread, NULL, echo_run, e) != 0)
        die("cannot start a thread");
    if (rc == OK) {
        *out = e;
        return OK;
    }
    tls_server_free(e->tls);
    loop_free(e->loop);
    free(e);
    return rc;
}

const char *mllp_echo_url(struct arena *a, const struct mllp_echo *e)
{
    return arena_printf(a, "mllps://localhost:%d", mllp_server_port(e->server));
}

void mllp_echo_stop(struct mllp_echo *e)
{
    loop_stop(e->loop);
    pthread_join(e->thread, NULL);
    mllp_server_free(e->server);
    tls_server_free(e->tls);
    loop_free(e->loop);
    free(e);
}
