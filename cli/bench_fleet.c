/* up, idle: how soon the four daemons answer, and what they cost while nobody asks. */
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

static enum rc memory_sum(struct bench *b, const struct bench_backbone *backbone, enum process_memory kind, double *mb)
{
    double kib = 0;
    pid_t pid;

    for (int i = 0; i < FLEET_COUNT; i++) {
        TRY(bench_backbone_daemon(b, backbone, fleet[i].name, &pid));
        kib += (double)process_memory_kib(pid, kind);
    }
    *mb = kib / 1024;
    return OK;
}

static enum rc idle_measure(struct bench *b, const struct bench_backbone *backbone)
{
    const struct timespec settle = { .tv_sec = 1 };
    double resident, proportional;

    nanosleep(&settle, NULL);
    TRY(memory_sum(b, backbone, MEMORY_RESIDENT, &resident));
    TRY(memory_sum(b, backbone, MEMORY_PROPORTIONAL, &proportional));
    bench_add(b,
              &(struct bench_line){ .key = "resident",
                                    .what = language_pick("RSS of the four daemons together", "4 デーモンの RSS 合計"),
                                    .unit = "MB",
                                    .figure = resident,
                                    .kind = TARGET_FIGURE_BELOW,
                                    .target = TARGET_IDLE_MB });
    bench_add(b, &(struct bench_line){ .key = "proportional",
                                       .what = language_pick("the same, shared pages once (PSS)",
                                                             "同、共有ページを 1 回だけ数える (PSS)"),
                                       .unit = "MB",
                                       .figure = proportional });
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
