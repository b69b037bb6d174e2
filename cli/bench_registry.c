/*
 * iti42, registry-large: how fast the registry takes submissions, each durable before it is acknowledged, and how it
 * answers when a community has three million entries.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/bench_nginx.h"
#include "cli/bench_upload.h"
#include "cli/language.h"
#include "cli/process.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "msg/stored_query.h"
#include "world/people.h"
#include "world/world.h"

struct registry_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct nginx nginx;
    pid_t registry;
    uint64_t cpu; /* ns of the registry's processor time while it was measured */
};

static enum rc start(struct registry_bench *r, const struct bench_world *world)
{
    TRY(world != NULL ? bench_world_start(r->bench, world, &r->backbone)
                      : bench_backbone_start(r->bench, 2, &r->backbone));
    TRY(bench_client_start(r->bench, &r->backbone, &r->client));
    return bench_backbone_daemon(r->bench, &r->backbone, "registry", &r->registry);
}

static enum rc run(struct bench *b, const struct bench_world *world, enum rc (*measure)(struct registry_bench *r))
{
    struct registry_bench r = { .bench = b };
    enum rc rc = start(&r, world);

    if (rc == OK)
        rc = measure(&r);
    if (r.nginx.pid != 0)
        nginx_stop(&r.nginx);
    if (r.backbone.pid != 0)
        bench_backbone_stop(&r.backbone);
    return rc;
}

static double per_second(const struct load_result *l)
{
    return l->ticks == 0 ? 0 : (double)l->answers * 1e9 / (double)l->ticks;
}

static double latency_ms(struct load_result *l, unsigned per_mille)
{
    return l->answers == 0 ? 0 : (double)load_percentile(l->latencies, l->answers, per_mille) / 1e6;
}

/* ---- iti42 ---- */

#define SUBMITTERS  256
#define SUBMIT_MS   3000
#define SUBMIT_WARM 500
#define TURNS       3
#define SUBMIT_MIN  5000

/* nginx takes the same requests as uploads to one file, which it neither syncs nor reads. */
static enum rc nginx_prepare(struct registry_bench *r, const struct load_spec *ours, struct load_spec *theirs)
{
    enum rc rc = nginx_start(r->bench, config_text(r->backbone.config, CONFIG_DATA), 2, &r->nginx);

    *theirs = (struct load_spec){ 0 };
    if (rc != OK)
        return rc == E_NOT_FOUND ? OK : rc;
    *theirs = *ours;
    theirs->url = nginx_url(r->bench, &r->nginx, "/put/submission");
    theirs->method = "PUT";
    theirs->expect = NULL;
    return OK;
}

static void submit_report(struct registry_bench *r, struct load_result *ours, struct load_result *theirs)
{
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = language_pick("registered, acknowledged as durable", "永続化を確認した登録"),
          .unit = "submissions/s",
          .figure = per_second(ours),
          .other = "nginx PUT",
          .comparator = per_second(theirs),
          .kind = TARGET_FIGURE_MIN,
          .target = SUBMIT_MIN },
        { .key = "latencyP50",
          .what = language_pick("latency, median", "応答時間 (中央値)"),
          .unit = "ms",
          .figure = latency_ms(ours, 500),
          .other = "nginx PUT",
          .comparator = latency_ms(theirs, 500) },
        { .key = "latencyP99",
          .what = language_pick("latency, 99 %", "応答時間 (99 %)"),
          .unit = "ms",
          .figure = latency_ms(ours, 990),
          .other = "nginx PUT",
          .comparator = latency_ms(theirs, 990) },
        { .key = "processorTime",
          .what = language_pick("registry's processor time for one", "1 件あたりのレジストリの CPU 時間"),
          .unit = "µs",
          .figure = ours->answers == 0 ? 0 : (double)r->cpu / 1e3 / (double)ours->answers },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        bench_add(r->bench, &lines[i]);
}

static enum rc submit_turns(struct registry_bench *r, struct load_spec *ours, struct load_spec *theirs,
                            struct load_result *our_result, struct load_result *their_result)
{
    struct load_result warm = { 0 };
    struct load_spec warming = *ours;

    warming.duration_ms = SUBMIT_WARM;
    enum rc rc = load_run(r->bench->arena, &warming, &warm);
    load_clear(&warm);
    for (int i = 0; rc == OK && i < TURNS; i++) {
        uint64_t before = process_cpu(r->registry);
        rc = load_run(r->bench->arena, ours, our_result);
        r->cpu += process_cpu(r->registry) - before;
        if (rc == OK && theirs->url != NULL)
            rc = load_run(r->bench->arena, theirs, their_result);
    }
    return rc;
}

static enum rc submit_measure(struct registry_bench *r)
{
    struct load_spec ours = { .connections = SUBMITTERS, .duration_ms = SUBMIT_MS }, theirs;
    struct load_result our_result = { 0 }, their_result = { 0 };

    TRY(bench_registration(&r->client, &ours));
    TRY(nginx_prepare(r, &ours, &theirs));
    enum rc rc = submit_turns(r, &ours, &theirs, &our_result, &their_result);
    if (rc == OK)
        submit_report(r, &our_result, &their_result);
    load_clear(&our_result);
    load_clear(&their_result);
    return rc;
}

enum rc bench_register(struct bench *b)
{
    return run(b, NULL, submit_measure);
}

/* ---- registry-large ---- */

#define LARGE_PEOPLE   "940000" /* with 3.2 documents each */
#define LARGE_AT_ONCE  640      /* patients who wake by one question */
#define LARGE_ASKED    400      /* patients, spread over all */
#define LARGE_EACH     25       /* queries for each */
#define LARGE_P99_MS   2
#define LARGE_BELOW_MB 300

static enum rc ask_for(struct registry_bench *r, const char *patient, struct load_result *result)
{
    struct exchange x = bench_exchange(&r->client, "ITI-18", "registry");
    struct load_spec spec = { .identity = &r->client.identity,
                              .connections = 1,
                              .count = LARGE_EACH,
                              .duration_ms = 30000,
                              .stop = &bench_stop };

    vars_set(&x.params, "patient", patient);
    TRY(bench_exchange_run(&x));
    spec.url = x.call->url;
    spec.body = bench_exchange_bytes(&x, spec.url, &spec.content_type);
    return load_run(x.arena, &spec, result);
}

/* Who was seeded: the same generator tells. */
struct seeded {
    struct people *people;
    const struct community *community;
    uint64_t count;
};

static enum rc seeded_open(struct registry_bench *r, struct seeded *out)
{
    struct arena *a = r->bench->arena;
    const char *fixtures = world_fixtures(a, r->bench->config);
    struct population population;
    struct world *everyone;

    TRY(population_parse(LARGE_PEOPLE, &population));
    TRY(world_everyone(a, fixtures, &everyone));
    TRY(people_new(a, fixtures, everyone, 0, &population, &out->people));
    out->community = world_find(everyone, BENCH_COMMUNITY);
    out->count = people_count(out->people, out->community);
    return OK;
}

static enum rc ask_some(struct registry_bench *r, const struct seeded *s, struct load_result *result)
{
    for (uint64_t i = 0; i < LARGE_ASKED && !bench_stop; i++) {
        struct person who;
        people_get(r->bench->arena, s->people, s->community, i * (s->count / LARGE_ASKED), &who);
        TRY(ask_for(r, who.patient.ids->extension, result));
    }
    return OK;
}

/* "('R0001^^^&2.999.392.2.35&ISO','…')" */
static const char *patients_quoted(struct arena *a, const struct seeded *s, uint64_t from)
{
    struct text_list *patients = NULL, **end = &patients;

    for (uint64_t i = from; i < MIN(from + LARGE_AT_ONCE, s->count); i++, end = &(*end)->next) {
        struct person who;
        people_get(a, s->people, s->community, i, &who);
        *end = ARENA_NEW(a, struct text_list);
        (*end)->text = patient_id_cx(a, who.patient.ids);
    }
    return query_quote_list(a, patients);
}

/* One question about so many patients (ITI-51): the registry makes entries of theirs (docs/decisions/013-sleepers.md).
 */
static enum rc wake_some(struct registry_bench *r, const struct seeded *s, const char *url, uint64_t from)
{
    struct arena *a = arena_new();
    struct exchange x = { .arena = a, .row = exchange_find("ITI-51"), .body = buf_new(a, BUF_MAX_DEFAULT) };
    struct load_spec spec = { .url = url,
                              .identity = &r->client.identity,
                              .connections = 1,
                              .count = 1,
                              .duration_ms = 60000,
                              .stop = &bench_stop };
    struct adhoc_query q = { .id = QUERY_FIND_DOCUMENTS_MULTI, .return_type = RETURN_OBJECT_REF };
    struct load_result result = { 0 };

    query_param_add(a, &q, "$XDSDocumentEntryPatientId", patients_quoted(a, s, from));
    query_param_add(a, &q, "$XDSDocumentEntryStatus",
                    query_quote_list(a, &(struct text_list){ .text = STATUS_APPROVED }));
    adhoc_query_encode(&q, x.body);
    spec.body = bench_exchange_bytes(&x, url, &spec.content_type);
    enum rc rc = load_run(a, &spec, &result);
    load_clear(&result);
    arena_free(a);
    return rc;
}

static enum rc wake_all(struct registry_bench *r, const struct seeded *s)
{
    struct exchange first = bench_exchange(&r->client, "ITI-51", "registry"); /* finds the address */

    vars_set(&first.params, "patient", "R0001");
    TRY(bench_exchange_run(&first));
    for (uint64_t from = 0; from < s->count && !bench_stop; from += LARGE_AT_ONCE)
        TRY(wake_some(r, s, first.call->url, from));
    return bench_stop ? E_CANCELLED : OK;
}

static void large_report(struct registry_bench *r, struct load_result *result)
{
    const struct bench_line lines[] = {
        { .key = "latencyP50",
          .what = language_pick("FindDocuments, median", "FindDocuments (中央値)"),
          .unit = "ms",
          .figure = latency_ms(result, 500) },
        { .key = "latencyP99",
          .what = language_pick("FindDocuments, 99 %", "FindDocuments (99 %)"),
          .unit = "ms",
          .figure = latency_ms(result, 990),
          .kind = TARGET_FIGURE_BELOW,
          .target = LARGE_P99_MS },
        { .key = "memory",
          .what = language_pick("registry's RSS", "レジストリの RSS"),
          .unit = "MB",
          .figure = (double)process_memory_kib(r->registry, MEMORY_RESIDENT) / 1024,
          .kind = TARGET_FIGURE_BELOW,
          .target = LARGE_BELOW_MB },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        bench_add(r->bench, &lines[i]);
}

static enum rc large_measure(struct registry_bench *r)
{
    struct load_result warm = { 0 }, result = { 0 };
    struct seeded seeded;

    TRY(seeded_open(r, &seeded));
    TRY(wake_all(r, &seeded));
    enum rc rc = ask_some(r, &seeded, &warm);
    if (rc == OK)
        rc = ask_some(r, &seeded, &result);
    if (rc == OK)
        large_report(r, &result);
    load_clear(&warm);
    load_clear(&result);
    return rc;
}

enum rc bench_large(struct bench *b)
{
    return run(b, &(struct bench_world){ BENCH_COMMUNITY, LARGE_PEOPLE, 1 }, large_measure);
}
