/*
 * pix-feed, iti45, iti47: a million patients are fed and compared, asked about by id, and found by the beginning of
 * their names. Queries go over kept-alive mutual TLS, beside nginx serving an answer's bytes as a static file; the two
 * take turns.
 */
#include "cli/bench.h"
#include "cli/bench_client.h"
#include "cli/bench_nginx.h"
#include "cli/bench_patients.h"
#include "cli/language.h"
#include "cli/process.h"

#include "actor/call.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "net/load.h"

#define CONNECTIONS   16
#define TURNS         5
#define TURN_MS       800
#define WARM_UP_MS    3000 /* pages of the database are read for the first time meanwhile */
#define QUERIES_MIN   12000
#define PAGE          "50" /* patients of an answer, as many as a screen holds */
#define P99_MAX_MS    5
#define PREFIX_MAX_MS 10
#define FEED_MAX_S    600
#define FEED_MAX_MB   1024

/* ---- feeding ---- */

enum rc bench_pix_feed(struct bench *b)
{
    struct patients_filled filled;

    TRY(bench_patients_fill(b, &filled));
    bench_add(
        b, &(struct bench_line){ .key = "seconds",
                                 .what = language_pick("a million patients fed and compared", "100 万人の登録と名寄せ"),
                                 .unit = "s",
                                 .figure = filled.seconds,
                                 .kind = TARGET_FIGURE_BELOW,
                                 .target = FEED_MAX_S });
    bench_add(b, &(struct bench_line){ .key = "cpuSeconds",
                                       .what = language_pick("processor time of that", "そのうち CPU 時間"),
                                       .unit = "s",
                                       .figure = filled.cpu_seconds });
    bench_add(b, &(struct bench_line){ .key = "peak",
                                       .what = language_pick("most memory meanwhile", "その間の最大メモリ"),
                                       .unit = "MB",
                                       .figure = filled.peak_mb,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = FEED_MAX_MB });
    return OK;
}

/* ---- asking ---- */

struct pix_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct nginx nginx;
    struct load_spec ours, theirs; /* theirs: url NULL when there is no nginx */
    struct load_result our_result, their_result;
    struct str answer;
    pid_t manager;
    uint64_t cpu; /* ns of the manager's processor time while it was measured */
};

static void spec_set(struct pix_bench *p, const struct exchange *x, int connections, struct load_spec *spec)
{
    *spec = (struct load_spec){ .url = x->call->url,
                                .identity = &p->client.identity,
                                .connections = connections,
                                .duration_ms = TURN_MS,
                                .serials = PATIENTS_COUNT,
                                .stop = &bench_stop };
    spec->body = bench_exchange_bytes(x, spec->url, &spec->content_type);
    p->answer = x->call->response_xml;
}

static enum rc nginx_prepare(struct pix_bench *p, int workers)
{
    const char *folder;

    TRY(nginx_folder(p->bench, &folder));
    TRY(file_write(arena_printf(p->bench->arena, "%s/www/answer.xml", folder), p->answer, 0600));
    enum rc rc = nginx_start(p->bench, config_text(p->backbone.config, CONFIG_DATA), workers, &p->nginx);
    if (rc == E_NOT_FOUND) /* we are measured alone */
        return OK;
    TRY(rc);
    p->theirs = p->ours;
    p->theirs.body = (struct str){ NULL, 0 };
    p->theirs.expect = NULL;
    p->theirs.url = nginx_url(p->bench, &p->nginx, "/answer.xml");
    return OK;
}

static enum rc turn(struct pix_bench *p, const struct load_spec *spec, int ms, struct load_result *result)
{
    struct load_result ignored = { 0 };
    struct load_spec timed = *spec;

    if (spec->url == NULL)
        return OK;
    timed.duration_ms = ms;
    uint64_t before = process_cpu(p->manager);
    enum rc rc = load_run(p->bench->arena, &timed, result != NULL ? result : &ignored);
    if (result == &p->our_result)
        p->cpu += process_cpu(p->manager) - before;
    load_clear(&ignored);
    return rc;
}

static double per_second(const struct load_result *r)
{
    return r->ticks == 0 ? 0 : (double)r->answers * 1e9 / (double)r->ticks;
}

static double latency_ms(struct load_result *r, unsigned per_mille)
{
    return r->answers == 0 ? 0 : (double)load_percentile(r->latencies, r->answers, per_mille) / 1e6;
}

static struct bench_line processor_line(const struct pix_bench *p)
{
    return (struct bench_line){
        .key = "processorTime",
        .what = language_pick("PIX manager's processor time for one", "1 件あたりの PIX マネージャーの CPU 時間"),
        .unit = "µs",
        .figure = p->our_result.answers == 0 ? 0 : (double)p->cpu / 1e3 / (double)p->our_result.answers,
    };
}

static void lines_add(struct pix_bench *p, const struct bench_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bench_line line = lines[i];
        line.other = line.comparator > 0 ? "nginx" : NULL;
        bench_add(p->bench, &line);
    }
}

/* ---- iti45 ---- */

static struct exchange id_query(struct pix_bench *p, const char *id)
{
    struct exchange x = bench_exchange(&p->client, "ITI-45", "pix-manager");

    vars_set(&x.params, "patient", arena_printf(p->bench->arena, "%s^^^&" PATIENTS_DOMAIN "&ISO", id));
    return x;
}

/* What is sent asks about a serial, which nobody has as it stands; the answer is somebody's. */
static enum rc ids_prepare(struct pix_bench *p)
{
    struct exchange somebody = id_query(p, arena_printf(p->bench->arena, "%u", PATIENTS_FIRST)),
                    anybody = id_query(p, LOAD_SERIAL);

    TRY(bench_exchange_run(&somebody));
    if (exchange_run(&anybody) == OK || anybody.call == NULL) {
        log_error("the query could not be prepared");
        return E_PEER;
    }
    spec_set(p, &anybody, CONNECTIONS, &p->ours);
    p->ours.expect = "queryResponseCode code=\"OK\"";
    p->answer = somebody.call->response_xml;
    return OK;
}

static void ids_report(struct pix_bench *p)
{
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = language_pick("queries answered, a million patients", "応答した照会 (患者 100 万人)"),
          .unit = "queries/s",
          .figure = per_second(&p->our_result),
          .comparator = per_second(&p->their_result),
          .kind = TARGET_FIGURE_MIN,
          .target = QUERIES_MIN },
        { .key = "latencyP50",
          .what = language_pick("latency, median", "応答時間 (中央値)"),
          .unit = "ms",
          .figure = latency_ms(&p->our_result, 500),
          .comparator = latency_ms(&p->their_result, 500) },
        { .key = "latencyP99",
          .what = language_pick("latency, 99 %", "応答時間 (99 %)"),
          .unit = "ms",
          .figure = latency_ms(&p->our_result, 990),
          .comparator = latency_ms(&p->their_result, 990),
          .kind = TARGET_FIGURE_BELOW,
          .target = P99_MAX_MS },
        processor_line(p),
        { .key = "clientBusy",
          .what = language_pick("client's own core in use", "計測側の CPU 使用率"),
          .unit = "%",
          .figure = 100 * (double)p->our_result.cpu / (double)MAX(p->our_result.ticks, (uint64_t)1),
          .comparator = 100 * (double)p->their_result.cpu / (double)MAX(p->their_result.ticks, (uint64_t)1) },
    };

    lines_add(p, lines, ARRAY_LEN(lines));
}

static enum rc ids_measure(struct pix_bench *p, int loops)
{
    TRY(ids_prepare(p));
    TRY(nginx_prepare(p, loops));
    TRY(turn(p, &p->ours, WARM_UP_MS, NULL));
    for (int i = 0; i < TURNS; i++) {
        TRY(turn(p, &p->ours, TURN_MS, &p->our_result));
        TRY(turn(p, &p->theirs, TURN_MS, &p->their_result));
    }
    ids_report(p);
    return OK;
}

/* ---- iti47 ---- */

/* Beginnings of names as somebody at a desk types them; between 49 and 6 000 of a million people have them. */
static const struct {
    const char *family, *given;
} beginnings[] = {
    { "サトウ", "ハ*" },  { "スズ*", "ハナ*" },   { "タナカ", "ケン*" }, { "ヤマダ", "タ*" },  { "ナカム*", "ユ*" },
    { "コバヤ*", "ミ*" }, { "ワタナ*", "ヒロ*" }, { "アベ", "シ*" },     { "クド*", NULL },    { "ハセガ*", "ナ*" },
    { "オオツ*", "カ*" }, { "ミヤ*", "サク*" },   { "フジ*", "リ*" },    { "イノウエ", NULL }, { "マツ*", "アキ*" },
};

/* The comparator serves the bytes of the first answer, as many times as long. */
static enum rc beginning_measure(struct pix_bench *p, const char *family, const char *given, int loops)
{
    struct exchange x = bench_exchange(&p->client, "ITI-47", "demographics-supplier");

    x.params.first = NULL;
    vars_set(&x.params, "family-kana", family);
    if (given != NULL)
        vars_set(&x.params, "given-kana", given);
    vars_set(&x.params, "quantity", PAGE);
    TRY(bench_exchange_run(&x));
    spec_set(p, &x, 1, &p->ours);
    if (p->nginx.pid == 0)
        TRY(nginx_prepare(p, loops));
    TRY(turn(p, &p->ours, 100, NULL));
    TRY(turn(p, &p->ours, TURN_MS / 2, &p->our_result));
    return turn(p, &p->theirs, TURN_MS / 2, &p->their_result);
}

static enum rc beginnings_measure(struct pix_bench *p, int loops)
{
    for (size_t i = 0; i < ARRAY_LEN(beginnings); i++)
        TRY(beginning_measure(p, beginnings[i].family, beginnings[i].given, loops));
    const struct bench_line lines[] = {
        { .key = "latencyP50",
          .what = language_pick("found by the beginning of a kana name, median", "カナ前方一致の検索時間 (中央値)"),
          .unit = "ms",
          .figure = latency_ms(&p->our_result, 500),
          .comparator = latency_ms(&p->their_result, 500) },
        { .key = "latencyP99",
          .what = language_pick("the same, 99 %", "同 (99 %)"),
          .unit = "ms",
          .figure = latency_ms(&p->our_result, 990),
          .comparator = latency_ms(&p->their_result, 990),
          .kind = TARGET_FIGURE_BELOW,
          .target = PREFIX_MAX_MS },
        processor_line(p),
        { .key = "answerBytes",
          .what = language_pick("size of an answer, mean", "応答の平均の大きさ"),
          .unit = "bytes",
          .figure = (double)p->our_result.bytes / (double)MAX(p->our_result.answers, (uint64_t)1) },
    };
    lines_add(p, lines, ARRAY_LEN(lines));
    return OK;
}

/* ---- both ---- */

static enum rc run(struct bench *b, enum rc (*measure)(struct pix_bench *p, int loops))
{
    long long asked = config_number(b->config, CONFIG_LOOPS);
    int loops = asked > 0 ? (int)asked : 1;
    struct pix_bench p = { .bench = b };

    TRY(bench_patients_start(b, loops, &p.backbone));
    enum rc rc = bench_client_start(b, &p.backbone, &p.client);
    if (rc == OK)
        rc = bench_backbone_daemon(b, &p.backbone, "pixmgr", &p.manager);
    if (rc == OK)
        rc = measure(&p, loops);
    if (p.nginx.pid != 0)
        nginx_stop(&p.nginx);
    bench_backbone_stop(&p.backbone);
    load_clear(&p.our_result);
    load_clear(&p.their_result);
    return rc;
}

enum rc bench_pix_query(struct bench *b)
{
    return run(b, ids_measure);
}

enum rc bench_pdq_query(struct bench *b)
{
    return run(b, beginnings_measure);
}
