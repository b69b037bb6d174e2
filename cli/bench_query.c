/*
 * iti18, iti18-references, iti18-1000: FindDocuments (ITI TF-2: 3.18.4.1.2.3.7.1) over kept-alive mutual TLS, beside
 * nginx serving the answer's bytes as a static file. The two take turns, so that whatever else the machine does hits
 * both.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/bench_nginx.h"
#include "cli/language.h"

#include "actor/call.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "net/load.h"

#define CONNECTIONS 16
#define TURNS       5
#define TURN_MS     800
#define WARM_UP_MS  300

/* What is asked for. */
struct query_kind {
    const char *returns; /* "LeafClass", "ObjectRef" */
    size_t entries;
    double target; /* of nginx */
};

#define JOURNAL_TARGET 0.90

static const struct {
    const char *title, *provider, *author;
} documents[] = {
    { "診療情報提供書（糖尿病内科より）", "鳥取県立中央病院", "D1001^佐藤^健一" },
    { "退院時サマリー", "鳥取赤十字病院", "D1002^鈴木^美咲" },
    { "血液検査結果報告書", "鳥取市立病院", "D1003^高橋^直樹" },
    { "胸部CT読影レポート", "鳥取大学医学部附属病院", "D1004^田中^由美子" },
    { "院外処方箋", "山陰労災病院", "D1005^伊藤^大輔" },
    { "手術記録（腹腔鏡下胆嚢摘出術）", "鳥取県立厚生病院", "D1006^渡邊^恵" },
    { "看護サマリー", "博愛病院", "D1007^山本^さくら" },
    { "心電図所見", "三朝温泉病院", "D1008^中村^翔太" },
    { "紹介状への返書", "日野病院", "D1009^小林^裕子" },
    { "リハビリテーション総合実施計画書", "西伯病院", "D1010^加藤^誠" },
};

/* What is measured, ours or theirs: one request again and again. */
struct contender {
    struct load_spec spec;
    struct load_result result;
};

struct query_bench {
    struct bench *bench;
    const struct query_kind *kind;
    struct bench_backbone backbone;
    struct nginx nginx;
    struct bench_client client;
    struct contender ours, theirs;
    struct str answer;
};

/* ---- the documents of one patient ---- */

static enum rc document_register(struct query_bench *q, size_t i)
{
    struct exchange x = bench_exchange(&q->client, "ITI-42", "registry");

    i %= ARRAY_LEN(documents);
    vars_set(&x.params, "title", documents[i].title);
    vars_set(&x.params, "provider", documents[i].provider);
    vars_set(&x.params, "author", documents[i].author);
    vars_set(&x.params, "content", documents[i].title);
    return bench_exchange_run(&x);
}

static enum rc seed(struct query_bench *q)
{
    TRY(bench_client_start(q->bench, &q->backbone, &q->client));
    for (size_t i = 0; i < q->kind->entries && !bench_stop; i++)
        TRY(document_register(q, i));
    return OK;
}

/* ---- the two requests ---- */

static enum rc ours_prepare(struct query_bench *q)
{
    struct exchange x = bench_exchange(&q->client, "ITI-18", "registry");
    struct load_spec *spec = &q->ours.spec;

    vars_set(&x.params, "return", q->kind->returns);
    TRY(bench_exchange_run(&x));
    if (x.item_count != q->kind->entries) {
        log_error("the query finds %zu documents, not %zu", x.item_count, q->kind->entries);
        return E_PEER;
    }
    q->answer = x.call->response_xml;
    *spec = (struct load_spec){ .url = x.call->url,
                                .identity = &q->client.identity,
                                .connections = CONNECTIONS,
                                .duration_ms = TURN_MS,
                                .stop = &bench_stop };
    spec->body = bench_exchange_bytes(&x, spec->url, &spec->content_type);
    return OK;
}

static enum rc theirs_prepare(struct query_bench *q, int loops)
{
    const char *data = config_text(q->backbone.config, CONFIG_DATA), *folder;

    TRY(nginx_folder(q->bench, &folder));
    TRY(file_write(arena_printf(q->bench->arena, "%s/www/answer.xml", folder), q->answer, 0600));
    enum rc rc = nginx_start(q->bench, data, loops, &q->nginx);
    if (rc == E_NOT_FOUND) /* we are measured alone */
        return OK;
    TRY(rc);
    q->theirs.spec = q->ours.spec;
    q->theirs.spec.body = (struct str){ NULL, 0 };
    q->theirs.spec.url = nginx_url(q->bench, &q->nginx, "/answer.xml");
    return OK;
}

/* ---- measuring ---- */

static enum rc warm_up(struct query_bench *q, const struct contender *c)
{
    struct load_result ignored = { 0 };
    struct load_spec spec = c->spec;

    if (spec.url == NULL)
        return OK;
    spec.duration_ms = WARM_UP_MS;
    enum rc rc = load_run(q->bench->arena, &spec, &ignored);
    load_clear(&ignored);
    return rc;
}

static enum rc turn(struct query_bench *q, struct contender *c)
{
    return c->spec.url == NULL ? OK : load_run(q->bench->arena, &c->spec, &c->result);
}

static double per_second(const struct load_result *r)
{
    return r->ticks == 0 ? 0 : (double)r->answers * 1e9 / (double)r->ticks;
}

static double latency_us(struct load_result *r, unsigned per_mille)
{
    return r->answers == 0 ? 0 : (double)load_percentile(r->latencies, r->answers, per_mille) / 1e3;
}

static double busy_percent(const struct load_result *r)
{
    return r->ticks == 0 ? 0 : 100 * (double)r->cpu / (double)r->ticks;
}

static void report(struct query_bench *q)
{
    struct load_result *ours = &q->ours.result, *theirs = &q->theirs.result;
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = language_pick("requests answered", "応答した要求"),
          .unit = "requests/s",
          .figure = per_second(ours),
          .comparator = per_second(theirs),
          .kind = TARGET_RATIO_MIN,
          .target = q->kind->target },
        { .key = "latencyP50",
          .what = language_pick("latency, median", "応答時間 (中央値)"),
          .unit = "µs",
          .figure = latency_us(ours, 500),
          .comparator = latency_us(theirs, 500) },
        { .key = "latencyP99",
          .what = language_pick("latency, 99 %", "応答時間 (99 %)"),
          .unit = "µs",
          .figure = latency_us(ours, 990),
          .comparator = latency_us(theirs, 990) },
        { .key = "clientBusy",
          .what = language_pick("client's own core in use", "計測側の CPU 使用率"),
          .unit = "%",
          .figure = busy_percent(ours),
          .comparator = busy_percent(theirs) },
        { .key = "answerBytes",
          .what = language_pick("size of an answer", "応答の大きさ"),
          .unit = "bytes",
          .figure = (double)q->answer.len,
          .comparator = theirs->answers == 0 ? 0 : (double)theirs->bytes / (double)theirs->answers },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct bench_line line = lines[i];
        line.other = "nginx";
        bench_add(q->bench, &line);
    }
}

static enum rc measure(struct query_bench *q)
{
    TRY(warm_up(q, &q->ours));
    TRY(warm_up(q, &q->theirs));
    for (int i = 0; i < TURNS; i++) {
        TRY(turn(q, &q->ours));
        TRY(turn(q, &q->theirs));
    }
    report(q);
    return OK;
}

static enum rc run(struct query_bench *q)
{
    long long asked = config_number(q->bench->config, CONFIG_LOOPS);
    int loops = asked > 0 ? (int)asked : 1;

    TRY(bench_backbone_start(q->bench, loops, &q->backbone));
    enum rc rc = seed(q);
    if (rc == OK)
        rc = ours_prepare(q);
    if (rc == OK)
        rc = theirs_prepare(q, loops);
    if (rc == OK)
        rc = measure(q);
    if (q->nginx.pid != 0)
        nginx_stop(&q->nginx);
    bench_backbone_stop(&q->backbone);
    return rc;
}

static enum rc query(struct bench *b, const struct query_kind *kind)
{
    struct query_bench q = { .bench = b, .kind = kind };
    enum rc rc = run(&q);

    load_clear(&q.ours.result);
    load_clear(&q.theirs.result);
    return rc;
}

static const struct query_kind usual = { "LeafClass", 10, 0.50 };

enum rc bench_query_spec(struct bench *b, const struct bench_backbone *bb, struct bench_client *client,
                         struct load_spec *out)
{
    struct query_bench q = { .bench = b, .kind = &usual, .backbone = *bb };

    TRY(seed(&q));
    TRY(ours_prepare(&q));
    *client = q.client;
    *out = q.ours.spec;
    out->identity = &client->identity;
    return OK;
}

enum rc bench_query(struct bench *b)
{
    return query(b, &usual);
}

enum rc bench_query_references(struct bench *b)
{
    return query(b, &(struct query_kind){ "ObjectRef", 10, 0.40 });
}

enum rc bench_query_thousand(struct bench *b)
{
    return query(b, &(struct query_kind){ "LeafClass", 1000, 0.60 });
}

/* ---- the same with the journal and without ---- */

static void journal_report(struct query_bench *with, struct query_bench *without)
{
    struct load_result *ours = &with->ours.result, *theirs = &without->ours.result;
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = language_pick("requests answered, each kept with its answer", "応答した要求 (電文をすべて記録)"),
          .unit = "requests/s",
          .figure = per_second(ours),
          .comparator = per_second(theirs),
          .kind = TARGET_RATIO_MIN,
          .target = JOURNAL_TARGET },
        { .key = "latencyP50",
          .what = language_pick("latency, median", "応答時間 (中央値)"),
          .unit = "µs",
          .figure = latency_us(ours, 500),
          .comparator = latency_us(theirs, 500) },
        { .key = "latencyP99",
          .what = language_pick("latency, 99 %", "応答時間 (99 %)"),
          .unit = "µs",
          .figure = latency_us(ours, 990),
          .comparator = latency_us(theirs, 990) },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct bench_line line = lines[i];
        line.other = language_pick("without", "記録なし");
        bench_add(with->bench, &line);
    }
}

static enum rc side_prepare(struct query_bench *q)
{
    TRY(seed(q));
    TRY(ours_prepare(q));
    return warm_up(q, &q->ours);
}

static enum rc journal_measure(struct query_bench *with, struct query_bench *without)
{
    TRY(side_prepare(with));
    TRY(side_prepare(without));
    for (int i = 0; i < TURNS; i++) {
        TRY(turn(with, &with->ours));
        TRY(turn(without, &without->ours));
    }
    journal_report(with, without);
    return OK;
}

enum rc bench_journal(struct bench *b)
{
    long long asked = config_number(b->config, CONFIG_LOOPS);
    struct bench_world world = { BENCH_COMMUNITIES, "0", asked > 0 ? (int)asked : 1, "with", "on" };
    struct query_bench with = { .bench = b, .kind = &usual }, without = with;

    TRY(bench_world_start(b, &world, &with.backbone));
    world.data = "without";
    world.journal = "off";
    enum rc rc = bench_world_start(b, &world, &without.backbone);
    if (rc == OK) {
        rc = journal_measure(&with, &without);
        bench_backbone_stop(&without.backbone);
    }
    bench_backbone_stop(&with.backbone);
    load_clear(&with.ours.result);
    load_clear(&without.ours.result);
    return rc;
}
