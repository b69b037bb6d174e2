/*
 * gateway, gateway-hanging: one Initiating Gateway asks all other communities, each by way of its own gateway: who
 * knows this person (ITI-55), what is there of them (ITI-38). Beside it a client that asks as many questions itself.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/control.h"
#include "cli/language.h"
#include "cli/process.h"

#include "actor/call.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "msg/adhoc_query.h"
#include "net/load.h"

#define STRANGER       "B0001" /* known at the asking community alone */
#define TRAVELLER      "B0002" /* known everywhere, with a document each */
#define WARM_UPS       15      /* until both loops have a connection for every community */
#define TIMES          40
#define INITIATORS     50
#define CONNECTIONS    64
#define HANGING        20
#define HANGING_MS     5000 /* --call-timeout then */
#define TARGET_WARM_MS 60
#define TARGET_CPU_MS  120 /* what two cores have in that time */
#define TARGET_COLD_MS 600
#define TARGET_MANY_MS 3000
#define TARGET_MB      120

struct gateway_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    const struct peer **others;
    size_t other_count;
    pid_t gateway, pixmgr, registry;
};

/* What asking everybody took: the first time, and from then on. */
struct searched {
    double cold_ms, warm_ms, cpu_ms;
};

/* ---- a world where everybody knows the traveller ---- */

static void others_find(struct gateway_bench *g)
{
    struct directory *d = client_directory(g->client.client);
    const struct json *all = json_get(d->backbone.endpoints, "communities");

    g->others = ARENA_ARRAY(g->bench->arena, const struct peer *, all->count + 1);
    for (const struct json *c = all->first; c != NULL; c = c->next) {
        const struct peer *peer = directory_find(d, c->key);
        if (peer != NULL && peer != g->client.community && strcmp(c->key, "backbone") != 0)
            g->others[g->other_count++] = peer;
    }
}

static struct exchange exchange_at(const struct gateway_bench *g, const struct peer *to, const char *transaction,
                                   const char *actor, const char *patient)
{
    struct exchange x = bench_exchange(&g->client, transaction, actor);

    x.to = to;
    vars_set(&x.params, "id", patient);
    vars_set(&x.params, "patient", patient);
    if (strcmp(patient, TRAVELLER) == 0)
        vars_set(&x.params, "birth", "19640229");
    return x;
}

static enum rc feed(struct gateway_bench *g, const struct peer *to, const char *patient)
{
    static const char *const actors[] = { "pix-manager", "registry" };

    for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
        struct exchange x = exchange_at(g, to, "ITI-44", actors[i], patient);
        TRY(bench_exchange_run(&x));
    }
    return bench_stop ? E_CANCELLED : OK;
}

static enum rc document_register(struct gateway_bench *g, const struct peer *to)
{
    struct exchange x = exchange_at(g, to, "ITI-42", "registry", TRAVELLER);

    vars_set(&x.params, "content", "gateway");
    vars_set(&x.params, "mime", "text/plain");
    return bench_exchange_run(&x);
}

/* They ask who the traveller is, so the asked gateway knows what they call them. */
static enum rc remember(struct gateway_bench *g, const struct peer *who)
{
    struct exchange x = exchange_at(g, g->client.community, "ITI-55", NULL, TRAVELLER);

    x.from = who;
    return bench_exchange_run(&x);
}

static enum rc world_fill(struct gateway_bench *g)
{
    TRY(feed(g, g->client.community, STRANGER));
    TRY(feed(g, g->client.community, TRAVELLER));
    TRY(document_register(g, g->client.community));
    for (size_t i = 0; i < g->other_count; i++) {
        TRY(feed(g, g->others[i], TRAVELLER));
        TRY(document_register(g, g->others[i]));
    }
    return OK;
}

static enum rc world_start(struct bench *b, const struct bench_world *world, struct gateway_bench *out)
{
    *out = (struct gateway_bench){ .bench = b };
    TRY(bench_world_start(b, world, &out->backbone));
    enum rc rc = bench_client_start(b, &out->backbone, &out->client);
    if (rc == OK)
        rc = bench_backbone_daemon(b, &out->backbone, "gateway", &out->gateway);
    if (rc == OK)
        rc = bench_backbone_daemon(b, &out->backbone, "pixmgr", &out->pixmgr);
    if (rc == OK)
        rc = bench_backbone_daemon(b, &out->backbone, "registry", &out->registry);
    if (rc == OK) {
        others_find(out);
        rc = world_fill(out);
    }
    if (rc != OK)
        bench_backbone_stop(&out->backbone);
    return rc;
}

/* ---- asking ---- */

static struct exchange search(const struct gateway_bench *g, const char *patient, const char *strategy)
{
    struct exchange x = exchange_at(g, g->client.community, "ITI-18", "initiating-gateway", patient);

    vars_set(&x.params, "strategy", strategy);
    return x;
}

static enum rc ask(const struct gateway_bench *g, const char *patient, const char *strategy, size_t found, uint64_t *ns)
{
    struct exchange x = search(g, patient, strategy);

    TRY(bench_exchange_run(&x));
    if (x.item_count != found) {
        log_error("%zu documents came, not %zu", x.item_count, found);
        return E_PEER;
    }
    *ns = x.call->ticks;
    return bench_stop ? E_CANCELLED : OK;
}

/* Processor time of those that a search keeps busy, ns. */
static uint64_t cpu(const struct gateway_bench *g)
{
    return process_cpu(g->gateway) + process_cpu(g->pixmgr) + process_cpu(g->registry);
}

static enum rc ask_often(const struct gateway_bench *g, const char *patient, const char *strategy, size_t found,
                         struct searched *out)
{
    uint64_t ns[TIMES], first, ignored;

    TRY(ask(g, patient, strategy, found, &first));
    for (int i = 0; i < WARM_UPS; i++)
        TRY(ask(g, patient, strategy, found, &ignored));
    uint64_t before = cpu(g);
    for (int i = 0; i < TIMES; i++)
        TRY(ask(g, patient, strategy, found, &ns[i]));
    out->cpu_ms = (double)(cpu(g) - before) / 1e6 / TIMES;
    out->cold_ms = (double)first / 1e6;
    out->warm_ms = (double)load_percentile(ns, TIMES, 500) / 1e6;
    return OK;
}

/* A client that asks one community as many questions as there are others. */
static enum rc ask_directly(const struct gateway_bench *g, const char *transaction, const char *actor, double *ms)
{
    struct exchange x = exchange_at(g, g->client.community, transaction, actor, TRAVELLER);
    struct load_result result = { 0 };

    TRY(bench_exchange_run(&x));
    struct load_spec spec = { .url = x.call->url,
                              .identity = &g->client.identity,
                              .connections = CONNECTIONS,
                              .duration_ms = 30000,
                              .count = g->other_count,
                              .stop = &bench_stop };
    spec.body = bench_exchange_bytes(&x, spec.url, &spec.content_type);
    TRY(load_run(g->bench->arena, &spec, &result)); /* makes connections, and wakes what sleeps */
    result.ticks = 0;
    enum rc rc = load_run(g->bench->arena, &spec, &result);
    *ms = (double)result.ticks / 1e6;
    load_clear(&result);
    return rc;
}

struct search_lines {
    const char *warm_key, *warm, *cold_key, *cpu_key;
};

static void searched_add(struct bench *b, const struct search_lines *lines, const struct searched *took,
                         double direct_ms)
{
    bench_add(b, &(struct bench_line){ .key = lines->warm_key,
                                       .what = lines->warm,
                                       .unit = "ms",
                                       .figure = took->warm_ms,
                                       .other = language_pick("asked directly", "直接の問い合わせ"),
                                       .comparator = direct_ms,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_WARM_MS });
    bench_add(b, &(struct bench_line){ .key = lines->cpu_key,
                                       .what = language_pick("processor time of all daemons for one",
                                                             "1 回あたりの全デーモンの CPU 時間"),
                                       .unit = "ms",
                                       .figure = took->cpu_ms,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_CPU_MS });
    bench_add(b, &(struct bench_line){ .key = lines->cold_key,
                                       .what = language_pick("the first", "初回"),
                                       .unit = "ms",
                                       .figure = took->cold_ms,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_COLD_MS });
}

static enum rc discovery_measure(struct gateway_bench *g)
{
    const struct search_lines lines = { .warm_key = "discovery",
                                        .warm = language_pick("ITI-55 to all others, median of 40",
                                                              "全地域への ITI-55 (40 回の中央値)"),
                                        .cold_key = "discoveryCold",
                                        .cpu_key = "discoveryProcessor" };
    struct searched took;
    double direct;

    TRY(ask_often(g, STRANGER, "broadcast", 0, &took));
    TRY(ask_directly(g, "ITI-55", NULL, &direct));
    searched_add(g->bench, &lines, &took, direct);
    return OK;
}

static enum rc query_measure(struct gateway_bench *g)
{
    const struct search_lines lines = { .warm_key = "query",
                                        .warm = language_pick("ITI-38 to all others, a document each",
                                                              "全地域への ITI-38 (各 1 文書)"),
                                        .cold_key = "queryCold",
                                        .cpu_key = "queryProcessor" };
    struct searched took;
    double direct;

    for (size_t i = 0; i < g->other_count; i++)
        TRY(remember(g, g->others[i]));
    TRY(ask_often(g, TRAVELLER, "xcpd", g->other_count + 1, &took));
    TRY(ask_directly(g, "ITI-38", NULL, &direct));
    searched_add(g->bench, &lines, &took, direct);
    return OK;
}

/* Each connection asks once: every answer takes part in the slowest. */
static enum rc many_measure(struct gateway_bench *g)
{
    struct exchange x = search(g, STRANGER, "xcpd");
    struct load_result result = { 0 };

    TRY(bench_exchange_run(&x));
    struct load_spec spec = { .url = x.call->url,
                              .identity = &g->client.identity,
                              .connections = INITIATORS,
                              .duration_ms = 60000,
                              .count = INITIATORS,
                              .stop = &bench_stop };
    spec.body = bench_exchange_bytes(&x, spec.url, &spec.content_type);
    TRY(load_run(g->bench->arena, &spec, &result));
    bench_add(g->bench,
              &(struct bench_line){ .key = "fifty",
                                    .what = language_pick("50 initiators at once, each to all others: the slowest",
                                                          "50 件同時の全地域 ITI-55: 最も遅いもの"),
                                    .unit = "ms",
                                    .figure = (double)load_percentile(result.latencies, result.answers, 1000) / 1e6,
                                    .kind = TARGET_FIGURE_BELOW,
                                    .target = TARGET_MANY_MS });
    load_clear(&result);
    bench_add(g->bench, &(struct bench_line){
                            .key = "peak",
                            .what = language_pick("the gateway's peak RSS after all that", "ゲートウェイの最大 RSS"),
                            .unit = "MB",
                            .figure = (double)process_memory_kib(g->gateway, MEMORY_PEAK) / 1024,
                            .kind = TARGET_FIGURE_BELOW,
                            .target = TARGET_MB });
    return OK;
}

enum rc bench_gateway(struct bench *b)
{
    static const struct bench_world everybody = { "all", "0", 0 };
    struct gateway_bench g;

    TRY(world_start(b, &everybody, &g));
    enum rc rc = discovery_measure(&g);
    if (rc == OK)
        rc = query_measure(&g);
    if (rc == OK)
        rc = many_measure(&g);
    bench_backbone_stop(&g.backbone);
    return rc;
}

/* ---- who hangs ---- */

static enum rc hang(struct gateway_bench *g)
{
    struct arena *a = g->bench->arena;
    const char *keys = "";
    struct control control;
    struct str ignored;

    for (size_t i = 0; i < HANGING; i++)
        keys = arena_printf(a, "%s%s\"%s\"", keys, i == 0 ? "" : ",", g->others[i * g->other_count / HANGING]->key);
    const char *fault = arena_printf(a,
                                     "{\"faults\":[{\"kind\":\"hang\",\"match\":{\"community\":[%s],"
                                     "\"actor\":\"responding\",\"direction\":\"answer\"}}]}",
                                     keys);
    TRY(control_find(a, g->backbone.config, &control));
    return control_ask(
        &control,
        (struct backbone_call){
            .method = "PUT", .url = "/faults", .content_type = "application/json", .body = str_from(fault) },
        &ignored);
}

/* An error for everybody who hangs, and a document of everybody else, the asking community among them. */
static enum rc answer_check(const struct gateway_bench *g, struct exchange *x)
{
    struct adhoc_answer answer;

    if (x->call == NULL || adhoc_answer_decode(x->arena, x->call->body, &answer) != OK)
        return E_PEER;
    size_t documents = 0;
    for (const struct xml_node *n = xml_first_element(answer.object_list); n != NULL; n = xml_next_element(n))
        documents++;
    if (documents == g->other_count + 1 - HANGING && answer.issues.errors == HANGING)
        return OK;
    log_error("%zu documents and %d errors came, not %zu and %d", documents, answer.issues.errors,
              g->other_count + 1 - HANGING, HANGING);
    return E_PEER;
}

static enum rc hanging_measure(struct gateway_bench *g)
{
    uint64_t ignored;

    TRY(ask(g, TRAVELLER, "broadcast", g->other_count + 1, &ignored)); /* connections, and what sleeps */
    TRY(ask(g, TRAVELLER, "broadcast", g->other_count + 1, &ignored));
    TRY(hang(g));
    struct exchange x = search(g, TRAVELLER, "broadcast");
    enum rc rc = exchange_run(&x); /* refused: it is a partial success */
    if (rc != E_REFUSED || answer_check(g, &x) != OK) {
        log_error("the answer is not what 20 hanging communities leave: %s", x.why != NULL ? x.why : "");
        return E_PEER;
    }
    bench_add(g->bench,
              &(struct bench_line){ .key = "beyondDeadline",
                                    .what = language_pick("with 20 hanging: the answer, beyond their deadline",
                                                          "20 地域が無応答の時、期限後に回答が届くまで"),
                                    .unit = "ms",
                                    .figure = (double)x.call->ticks / 1e6 - HANGING_MS,
                                    .kind = TARGET_FIGURE_BELOW,
                                    .target = TARGET_COLD_MS });
    return OK;
}

enum rc bench_gateway_hanging(struct bench *b)
{
    static const struct bench_world everybody = { .communities = "all", .population = "0", .call_timeout = HANGING_MS };
    struct gateway_bench g;

    TRY(world_start(b, &everybody, &g));
    enum rc rc = hanging_measure(&g);
    bench_backbone_stop(&g.backbone);
    return rc;
}
