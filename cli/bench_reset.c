/*
 * reset: how soon all communities are as they had been seeded after they were used, beside the mere copying of the
 * largest database's bytes into another file.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/control.h"
#include "cli/language.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "net/load.h"

#define ROUNDS       9
#define TARGET_MS    50
#define DATABASE_MAX ((size_t)1 << 30)
#define SNAPSHOT     "/snapshots/bench"

static const struct bench_world everybody = { .communities = "all", .population = "20", .audit = "on" };

struct reset_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct control control;
    double first_ms; /* the first one of a backbone */
    uint64_t used_us[ROUNDS], unused_us[ROUNDS], copy_us[ROUNDS], saved_us[ROUNDS], restored_us[ROUNDS];
};

/* What the console says that it took. */
static enum rc ask(struct reset_bench *r, const char *method, const char *path, double *ms)
{
    struct backbone_call call = { .method = method, .url = path, .timeout_ms = 60000 };
    struct json *root = NULL;
    struct str body;

    TRY(control_ask(&r->control, call, &body));
    TRY(json_parse(r->bench->arena, body, &root, NULL));
    *ms = json_number(root, "tookMs", 0);
    return bench_stop ? E_CANCELLED : OK;
}

/* Something in every daemon: a person, and a document with its entry and its records. */
static enum rc use(struct reset_bench *r)
{
    static const struct {
        const char *transaction, *actor;
    } steps[] = { { "ITI-44", "pix-manager" }, { "ITI-44", "registry" }, { "ITI-41", "repository" } };

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct exchange x = bench_exchange(&r->client, steps[i].transaction, steps[i].actor);
        vars_set(&x.params, "content", "for the bench");
        vars_set(&x.params, "mime", "text/plain");
        TRY(bench_exchange_run(&x));
    }
    return OK;
}

static enum rc copy(struct reset_bench *r, uint64_t *us)
{
    struct arena *a = arena_new();
    const char *data = config_text(r->backbone.config, CONFIG_DATA);
    uint64_t start = clock_ticks();
    struct str bytes;

    enum rc rc = file_read(a, arena_printf(a, "%s/pixmgr/seeded.db", data), DATABASE_MAX, &bytes);
    if (rc == OK)
        rc = file_replace(arena_printf(a, "%s/copy", r->bench->folder), bytes, 0600);
    *us = (clock_ticks() - start) / 1000;
    arena_free(a);
    return rc;
}

static enum rc one_round(struct reset_bench *r, size_t i)
{
    const struct {
        const char *method, *path;
        uint64_t *us;
    } steps[] = {
        { "POST", "/reset?what=all", &r->used_us[i] },
        { "POST", "/reset?what=all", &r->unused_us[i] },
        { "PUT", SNAPSHOT, &r->saved_us[i] },
        { "POST", SNAPSHOT "/restore", &r->restored_us[i] },
    };
    double ms;

    TRY(use(r));
    TRY(copy(r, &r->copy_us[i]));
    for (size_t step = 0; step < ARRAY_LEN(steps); step++) {
        TRY(ask(r, steps[step].method, steps[step].path, &ms));
        *steps[step].us = (uint64_t)(ms * 1e3);
    }
    return OK;
}

static enum rc measure(struct reset_bench *r)
{
    TRY(control_find(r->bench->arena, r->backbone.config, &r->control));
    TRY(bench_client_start(r->bench, &r->backbone, &r->client));
    TRY(use(r));
    TRY(ask(r, "POST", "/reset?what=all", &r->first_ms));
    for (size_t i = 0; i < ROUNDS; i++)
        TRY(one_round(r, i));
    return OK;
}

static double median(uint64_t us[ROUNDS])
{
    return (double)load_percentile(us, ROUNDS, 500) / 1e3;
}

static void report(struct reset_bench *r)
{
    struct bench *b = r->bench;
    const struct bench_line lines[] = {
        { .key = "first",
          .what = language_pick("the first one, all 279 communities having been used", "使用後の初回 (279 地域すべて)"),
          .unit = "ms",
          .figure = r->first_ms,
          .kind = TARGET_FIGURE_BELOW,
          .target = TARGET_MS },
        { .key = "used",
          .what = language_pick("further ones, median of 9", "2 回目以降 (9 回の中央値)"),
          .unit = "ms",
          .figure = median(r->used_us),
          .other = language_pick("copying the largest database", "最大のデータベースの複写"),
          .comparator = median(r->copy_us),
          .kind = TARGET_FIGURE_BELOW,
          .target = TARGET_MS },
        { .key = "unused",
          .what = language_pick("when nothing had changed", "変更がなかった場合"),
          .unit = "ms",
          .figure = median(r->unused_us) },
        { .key = "save",
          .what = language_pick("a snapshot is saved, and synced", "スナップショットの保存 (同期あり)"),
          .unit = "ms",
          .figure = median(r->saved_us) },
        { .key = "restore",
          .what = language_pick("a snapshot is restored", "スナップショットの復元"),
          .unit = "ms",
          .figure = median(r->restored_us) },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        bench_add(b, &lines[i]);
}

enum rc bench_reset(struct bench *b)
{
    struct reset_bench r = { .bench = b };

    TRY(bench_world_start(b, &everybody, &r.backbone));
    enum rc rc = measure(&r);
    bench_backbone_stop(&r.backbone);
    if (rc == OK)
        report(&r);
    return rc;
}
