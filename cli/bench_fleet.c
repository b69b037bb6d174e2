/* up, up-all, seed, idle: how soon the daemons answer, and what they cost while nobody asks. */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/fleet.h"
#include "cli/language.h"
#include "cli/process.h"

#include "base/arena.h"
#include "net/load.h"

#include <time.h>

#define STARTS         7
#define TARGET_MS      300
#define TARGET_IDLE_MB 60

static enum rc start_and_stop(struct bench *b, double *ms)
{
    struct bench_backbone backbone;

    TRY(bench_backbone_start(b, 0, &backbone));
    bench_backbone_stop(&backbone);
    *ms = backbone.ready_ms;
    return bench_stop ? E_CANCELLED : OK;
}

static void up_report(struct bench *b, uint64_t us[STARTS])
{
    bench_add(
        b, &(struct bench_line){ .key = "readyMedian",
                                 .what = language_pick("until all answer, median of 7", "準備完了まで (7 回の中央値)"),
                                 .unit = "ms",
                                 .figure = (double)load_percentile(us, STARTS, 500) / 1e3,
                                 .kind = TARGET_FIGURE_BELOW,
                                 .target = TARGET_MS });
    bench_add(b, &(struct bench_line){ .key = "readySlowest",
                                       .what = language_pick("the slowest of them", "最も遅い回"),
                                       .unit = "ms",
                                       .figure = (double)us[STARTS - 1] / 1e3 });
}

enum rc bench_up(struct bench *b)
{
    uint64_t us[STARTS];
    double ms;

    TRY(start_and_stop(b, &ms)); /* makes the certificates */
    for (int i = 0; i < STARTS; i++) {
        TRY(start_and_stop(b, &ms));
        us[i] = (uint64_t)(ms * 1e3);
    }
    up_report(b, us);
    return OK;
}

/* Of the first members of the fleet. */
static enum rc memory_sum(struct bench *b, const struct bench_backbone *backbone, int members, enum process_memory kind,
                          double *mb)
{
    double kib = 0;
    pid_t pid;

    for (int i = 0; i < members; i++) {
        TRY(bench_backbone_daemon(b, backbone, fleet[i].name, &pid));
        kib += (double)process_memory_kib(pid, kind);
    }
    *mb = kib / 1024;
    return OK;
}

static enum rc idle_measure(struct bench *b, const struct bench_backbone *backbone)
{
    const struct timespec settle = { .tv_sec = 1 };
    double resident, proportional, all;

    nanosleep(&settle, NULL);
    TRY(memory_sum(b, backbone, FLEET_CLINICAL_COUNT, MEMORY_RESIDENT, &resident));
    TRY(memory_sum(b, backbone, FLEET_CLINICAL_COUNT, MEMORY_PROPORTIONAL, &proportional));
    TRY(memory_sum(b, backbone, FLEET_COUNT, MEMORY_RESIDENT, &all));
    bench_add(b, &(struct bench_line){ .key = "resident",
                                       .what = language_pick("RSS of registry, repository, pixmgr and gateway together",
                                                             "registry, repository, pixmgr, gateway の RSS 合計"),
                                       .unit = "MB",
                                       .figure = resident,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_IDLE_MB });
    bench_add(b, &(struct bench_line){ .key = "proportional",
                                       .what = language_pick("the same, shared pages once (PSS)",
                                                             "同、共有ページを 1 回だけ数える (PSS)"),
                                       .unit = "MB",
                                       .figure = proportional });
    bench_add(b, &(struct bench_line){ .key = "all",
                                       .what = language_pick("RSS of all six, with audit and console",
                                                             "audit と console を含む 6 デーモンの RSS 合計"),
                                       .unit = "MB",
                                       .figure = all });
    return OK;
}

enum rc bench_idle(struct bench *b)
{
    struct bench_backbone backbone;

    TRY(bench_backbone_start(b, 0, &backbone));
    enum rc rc = idle_measure(b, &backbone);
    bench_backbone_stop(&backbone);
    return rc;
}

/* ---- all communities, and their people ---- */

#define TARGET_COLD_MS 2000
#define TARGET_WARM_MS 500
#define TARGET_ALL_MB  200

static const struct bench_world everybody = { "all", "20", 0 };

static void start_report(struct bench *b, const char *key, const char *what, double ms, double target)
{
    bench_add(
        b, &(struct bench_line){
               .key = key, .what = what, .unit = "ms", .figure = ms, .kind = TARGET_FIGURE_BELOW, .target = target });
}

static enum rc memory_report(struct bench *b, const struct bench_backbone *backbone, const char *key, const char *what)
{
    double mb;

    TRY(memory_sum(b, backbone, FLEET_COUNT, MEMORY_RESIDENT, &mb));
    bench_add(b, &(struct bench_line){ .key = key,
                                       .what = what,
                                       .unit = "MB",
                                       .figure = mb,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_ALL_MB });
    return OK;
}

static enum rc all_start(struct bench *b, const char *key, const char *what, double target, const char *memory_key,
                         const char *memory_what)
{
    struct bench_backbone backbone;

    TRY(bench_world_start(b, &everybody, &backbone));
    start_report(b, key, what, backbone.ready_ms, target);
    enum rc rc = memory_report(b, &backbone, memory_key, memory_what);
    bench_backbone_stop(&backbone);
    return rc;
}

enum rc bench_up_all(struct bench *b)
{
    TRY(all_start(
        b, "cold", language_pick("first start: certificates, 5580 people", "初回起動 (証明書と 5580 人を作成)"),
        TARGET_COLD_MS, "coldResident", language_pick("RSS of all daemons after it", "その後の全デーモンの RSS 合計")));
    return all_start(b, "warm", language_pick("every further start", "2 回目以降の起動"), TARGET_WARM_MS,
                     "warmResident", language_pick("RSS of all daemons then", "同じく RSS 合計"));
}

/* As nearly all are: those whose people are also kept where they meet (docs/people.md) cost twice. */
#define SEED_WORLD    "0010,0026,0035,0072"
#define SEED_PEOPLE   40000 /* of them together */
#define SEED_EACH     "10000"
#define TARGET_PEOPLE 20000
#define TARGET_CPU_US 100 /* what two cores have for a person at that speed */

static enum rc cpu_sum(struct bench *b, const struct bench_backbone *backbone, double *ms)
{
    pid_t pid;

    *ms = 0;
    for (int i = 0; i < FLEET_COUNT; i++) {
        TRY(bench_backbone_daemon(b, backbone, fleet[i].name, &pid));
        *ms += (double)process_cpu(pid) / 1e6;
    }
    return OK;
}

/* One start: when all answer, and what the processors had to do. */
static enum rc start_measure(struct bench *b, const struct bench_world *w, double *ready_ms, double *cpu_ms)
{
    struct bench_backbone backbone;

    TRY(bench_world_start(b, w, &backbone));
    *ready_ms = backbone.ready_ms;
    enum rc rc = cpu_sum(b, &backbone, cpu_ms);
    bench_backbone_stop(&backbone);
    return rc;
}

enum rc bench_seed(struct bench *b)
{
    static const struct bench_world with_people = { SEED_WORLD, SEED_EACH, 0 }, empty = { SEED_WORLD, "0", 0 };
    double ready_ms, cpu_ms, empty_ready_ms, empty_cpu_ms;

    TRY(start_measure(b, &empty, &empty_ready_ms, &empty_cpu_ms)); /* makes the certificates */
    TRY(start_measure(b, &empty, &empty_ready_ms, &empty_cpu_ms));
    TRY(start_measure(b, &with_people, &ready_ms, &cpu_ms));
    bench_add(b, &(struct bench_line){ .key = "people",
                                       .what = language_pick("people, 3.2 documents each", "患者 (平均 3.2 文書)"),
                                       .unit = "persons/s",
                                       .figure = SEED_PEOPLE * 1e3 / (ready_ms - empty_ready_ms),
                                       .kind = TARGET_FIGURE_MIN,
                                       .target = TARGET_PEOPLE });
    bench_add(b, &(struct bench_line){ .key = "processor",
                                       .what = language_pick("processor time of all daemons for one",
                                                             "1 人あたりの全デーモンの CPU 時間"),
                                       .unit = "us",
                                       .figure = (cpu_ms - empty_cpu_ms) * 1e3 / SEED_PEOPLE,
                                       .kind = TARGET_FIGURE_BELOW,
                                       .target = TARGET_CPU_US });
    return OK;
}
