/*
 * iti41-1kb, repository-sizes, repository-eight: documents of all sizes to the repository and back, beside nginx that
 * stores the same bytes by PUT (without hashing, syncing or registering them) and serves them as static files.
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

#include <pthread.h>
#include <string.h>

#define KB ((uint64_t)1000)
#define MB (1000 * KB)
#define GB (1000 * MB)

#define LONG_MS 300000

struct repository_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct nginx nginx;
    pid_t repository;
};

static enum rc start(struct repository_bench *r)
{
    TRY(bench_backbone_start(r->bench, 0, &r->backbone));
    TRY(bench_client_start(r->bench, &r->backbone, &r->client));
    return bench_backbone_daemon(r->bench, &r->backbone, "repository", &r->repository);
}

static enum rc run(struct bench *b, enum rc (*measure)(struct repository_bench *r))
{
    struct repository_bench r = { .bench = b };
    enum rc rc = start(&r);

    if (rc == OK)
        rc = measure(&r);
    if (r.nginx.pid != 0)
        nginx_stop(&r.nginx);
    if (r.backbone.pid != 0)
        bench_backbone_stop(&r.backbone);
    return rc;
}

static double per_second(const struct load_result *l, double each)
{
    return l->ticks == 0 ? 0 : (double)l->answers * each * 1e9 / (double)l->ticks;
}

/* ---- ours and theirs ---- */

/* What is measured: one transfer again and again. */
struct contender {
    struct load_spec spec; /* url NULL: there is no nginx */
    struct load_result result;
};

/* Without nginx there is no comparison, and that is all. */
static enum rc beside_nginx(struct repository_bench *r, int workers)
{
    enum rc rc = nginx_start(r->bench, config_text(r->backbone.config, CONFIG_DATA), workers, &r->nginx);

    return rc == E_NOT_FOUND ? OK : rc;
}

/* nginx takes the document of our upload as it is, into one file. */
static void upload_beside(struct repository_bench *r, const struct contender *ours, struct contender *theirs)
{
    if (r->nginx.pid == 0)
        return;
    theirs->spec = ours->spec;
    theirs->spec.body = STR(LOAD_SERIAL);
    theirs->spec.end = (struct str){ "", 0 };
    theirs->spec.method = "PUT";
    theirs->spec.expect = NULL;
    theirs->spec.url = nginx_url(r->bench, &r->nginx, "/put/document");
}

static enum rc turn(struct repository_bench *r, struct contender *c)
{
    return c->spec.url == NULL ? OK : load_run(r->bench->arena, &c->spec, &c->result);
}

static void contenders_clear(struct contender *ours, struct contender *theirs)
{
    load_clear(&ours->result);
    load_clear(&theirs->result);
}

/* ---- iti41-1kb ---- */

#define SUBMITTERS   64
#define SUBMIT_MS    2000
#define SUBMIT_TURNS 3
#define SUBMIT_WARM  1000
#define SUBMIT_MIN   1500

static double latency_ms(struct contender *c, int per_mille)
{
    struct load_result *l = &c->result;

    return l->answers == 0 ? 0 : (double)load_percentile(l->latencies, l->answers, per_mille) / 1e6;
}

static void submit_report(struct bench *b, struct contender *ours, struct contender *theirs)
{
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = language_pick("acknowledged as durable and registered", "永続化・登録を確認した数"),
          .unit = "submissions/s",
          .figure = per_second(&ours->result, 1),
          .other = "nginx PUT",
          .comparator = per_second(&theirs->result, 1),
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
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        bench_add(b, &lines[i]);
}

static enum rc submit_turns(struct repository_bench *r, struct contender *ours, struct contender *theirs)
{
    struct contender warm = { .spec = ours->spec };

    warm.spec.duration_ms = SUBMIT_WARM;
    enum rc rc = turn(r, &warm);
    load_clear(&warm.result);
    TRY(rc);
    for (int i = 0; i < SUBMIT_TURNS; i++) {
        TRY(turn(r, ours));
        TRY(turn(r, theirs));
    }
    return OK;
}

static enum rc submit_measure(struct repository_bench *r)
{
    struct contender ours = { .spec = { .connections = SUBMITTERS, .duration_ms = SUBMIT_MS } };
    struct contender theirs = { 0 };

    TRY(beside_nginx(r, 1));
    TRY(bench_upload(&r->client, "2.999.392.9.42." LOAD_SERIAL, KB, &ours.spec));
    upload_beside(r, &ours, &theirs);
    enum rc rc = submit_turns(r, &ours, &theirs);
    if (rc == OK && ours.result.answers > 0)
        submit_report(r->bench, &ours, &theirs);
    contenders_clear(&ours, &theirs);
    return rc;
}

enum rc bench_submit(struct bench *b)
{
    return run(b, submit_measure);
}

/* ---- repository-sizes ---- */

static const struct size {
    const char *name;
    uint64_t bytes;
    int connections, turns, turn_ms;
    uint64_t count; /* of transfers in a turn; 0: as many as fit */
    double target;  /* 0: none */
} sizes[] = {
    { "1 kB", 1000, 8, 3, 700, 0, 0 },
    { "1 MB", 1000000, 8, 3, 1500, 0, 0.6 },
    { "100 MB", 100000000, 2, 2, LONG_MS, 4, 0.6 },
    { "1 GB", 1000000000, 1, 2, LONG_MS, 1, 0.6 },
};

static void contender_shape(struct contender *c, const struct size *s)
{
    c->spec.connections = s->connections;
    c->spec.duration_ms = s->turn_ms;
    c->spec.count = s->count;
}

static void size_report(struct repository_bench *r, const struct size *s, const char *way, const char *what,
                        const struct contender *ours, const struct contender *theirs)
{
    double mb = (double)s->bytes / 1e6;

    bench_add(r->bench, &(struct bench_line){ .key = arena_printf(r->bench->arena, "%s %s", way, s->name),
                                              .what = arena_printf(r->bench->arena, "%s, %s", s->name, what),
                                              .unit = "MB/s",
                                              .figure = per_second(&ours->result, mb),
                                              .other = strcmp(way, "up") == 0 ? "nginx PUT" : "nginx GET",
                                              .comparator = per_second(&theirs->result, mb),
                                              .kind = s->target > 0 ? TARGET_RATIO_MIN : TARGET_NONE,
                                              .target = s->target });
}

static enum rc turns(struct repository_bench *r, const struct size *s, struct contender *ours, struct contender *theirs)
{
    contender_shape(ours, s);
    contender_shape(theirs, s);
    for (int i = 0; i < s->turns; i++) {
        TRY(turn(r, ours));
        TRY(turn(r, theirs));
    }
    return OK;
}

static enum rc up_run(struct repository_bench *r, const struct size *s, struct contender *ours,
                      struct contender *theirs)
{
    TRY(bench_upload(&r->client, arena_printf(r->bench->arena, "2.999.392.9.43.%d." LOAD_SERIAL, (int)(s - sizes)),
                     s->bytes, &ours->spec));
    upload_beside(r, ours, theirs);
    TRY(turns(r, s, ours, theirs));
    size_report(r, s, "up", language_pick("up", "登録"), ours, theirs);
    return OK;
}

/* One to be retrieved. What nginx was sent last, of the same size, is what it serves. */
static enum rc download_prepare(struct repository_bench *r, const struct size *s, const char *unique_id)
{
    struct load_spec spec = { .connections = 1, .duration_ms = LONG_MS, .count = 1 };
    struct load_result result = { 0 };

    TRY(bench_upload(&r->client, unique_id, s->bytes, &spec));
    enum rc rc = load_run(r->bench->arena, &spec, &result);
    load_clear(&result);
    return rc;
}

static enum rc down_run(struct repository_bench *r, const struct size *s, struct contender *ours,
                        struct contender *theirs)
{
    const char *unique_id = arena_printf(r->bench->arena, "2.999.392.9.44.%d", (int)(s - sizes));

    TRY(download_prepare(r, s, unique_id));
    TRY(bench_download(&r->client, unique_id, &ours->spec));
    if (r->nginx.pid != 0) {
        theirs->spec = ours->spec;
        theirs->spec.body = (struct str){ NULL, 0 };
        theirs->spec.fill_length = 0;
        theirs->spec.url = nginx_url(r->bench, &r->nginx, "/put/document");
    }
    TRY(turns(r, s, ours, theirs));
    size_report(r, s, "down", language_pick("down", "取得"), ours, theirs);
    return OK;
}

static enum rc way_run(struct repository_bench *r, const struct size *s,
                       enum rc (*way)(struct repository_bench *r, const struct size *s, struct contender *ours,
                                      struct contender *theirs))
{
    struct contender ours = { 0 }, theirs = { 0 };
    enum rc rc = way(r, s, &ours, &theirs);

    contenders_clear(&ours, &theirs);
    return rc;
}

static enum rc sizes_measure(struct repository_bench *r)
{
    TRY(beside_nginx(r, 1));
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        TRY(way_run(r, &sizes[i], up_run));
        TRY(way_run(r, &sizes[i], down_run));
    }
    return OK;
}

enum rc bench_sizes(struct bench *b)
{
    return run(b, sizes_measure);
}

/* ---- repository-eight: four go up while four come down ---- */

#define EIGHT_EACH_WAY 4
#define EIGHT_MAX_MB   32

struct stream {
    struct arena *arena;
    struct load_spec spec;
    struct load_result result;
    enum rc rc;
};

static void *stream_run(void *arg)
{
    struct stream *s = arg;

    s->rc = load_run(s->arena, &s->spec, &s->result);
    return NULL;
}

static enum rc both_ways(struct stream *up, struct stream *down)
{
    pthread_t thread;

    up->arena = arena_new();
    if (pthread_create(&thread, NULL, stream_run, up) != 0)
        die("no thread for the uploads");
    stream_run(down);
    pthread_join(thread, NULL);
    arena_free(up->arena);
    return up->rc != OK ? up->rc : down->rc;
}

static void eight_report(struct repository_bench *r, const struct stream *up, const struct stream *down)
{
    double peak = (double)process_memory_kib(r->repository, MEMORY_PEAK) / 1024;

    bench_add(r->bench,
              &(struct bench_line){ .key = "peakMemory",
                                    .what = language_pick("repository's RSS at its peak", "リポジトリの RSS 最大値"),
                                    .unit = "MB",
                                    .figure = peak,
                                    .kind = TARGET_FIGURE_BELOW,
                                    .target = EIGHT_MAX_MB });
    bench_add(r->bench, &(struct bench_line){ .key = "up",
                                              .what = language_pick("four up, together", "登録 4 件の合計"),
                                              .unit = "MB/s",
                                              .figure = per_second(&up->result, 1e3) });
    bench_add(r->bench, &(struct bench_line){ .key = "down",
                                              .what = language_pick("four down, together", "取得 4 件の合計"),
                                              .unit = "MB/s",
                                              .figure = per_second(&down->result, 1e3) });
}

static enum rc eight_measure(struct repository_bench *r)
{
    struct stream up = { .spec = { .connections = 1, .duration_ms = LONG_MS, .count = 1 } };
    struct stream down = { .arena = r->bench->arena };

    TRY(bench_upload(&r->client, "2.999.392.9.45.1", GB, &up.spec)); /* one to be retrieved */
    enum rc rc = load_run(r->bench->arena, &up.spec, &up.result);
    load_clear(&up.result);
    TRY(rc);
    TRY(bench_upload(&r->client, "2.999.392.9.46." LOAD_SERIAL, GB, &up.spec));
    down.spec = (struct load_spec){ .connections = EIGHT_EACH_WAY, .duration_ms = LONG_MS, .count = EIGHT_EACH_WAY };
    TRY(bench_download(&r->client, "2.999.392.9.45.1", &down.spec));
    up.spec.connections = EIGHT_EACH_WAY;
    up.spec.count = EIGHT_EACH_WAY;
    rc = both_ways(&up, &down);
    if (rc == OK)
        eight_report(r, &up, &down);
    load_clear(&up.result);
    load_clear(&down.result);
    return rc;
}

enum rc bench_eight(struct bench *b)
{
    return run(b, eight_measure);
}
