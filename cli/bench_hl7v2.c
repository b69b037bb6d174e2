/*
 * iti8-pix and iti9: durable patient identity feeds by 64 connections, and PIX queries by 16, of HL7 v2 over kept-alive
 * mutual TLS, beside an MLLP server that only answers: what client, sockets and TLS alone allow on this machine.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/bench_mllp.h"
#include "cli/bench_patients.h"
#include "cli/language.h"
#include "cli/process.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/config.h"

#include <stdio.h>

#define FEEDERS         64
#define ASKERS          16 /* as of iti45: with 64, one of 12 000 queries a second takes 5.3 ms on average */
#define TURNS           3
#define TURN_MS         2000
#define WARM_UP_MS      500
#define WARM_QUERIES_MS 3000 /* pages of the database are read for the first time meanwhile */
#define P99_MAX_MS      5
#define FEEDS_MIN       10000
#define QUERIES_MIN     12000

struct hl7v2_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct mllp_echo *echo;
    const char *url;
    uint64_t fed, asked;
    struct load_result ours, theirs;
    pid_t manager;
    uint64_t cpu; /* ns of the manager's processor time while it was measured */
};

/* ---- messages ---- */

#define HEAD(type) "MSH|^~\\&|BENCH|0035-1|PIX|0035|20260401090000||" type "|B%llu|P|2.5||||||UNICODE UTF-8\r"

/* Of a number: three kana, and two kanji. Each has another one for a long while. */
static const char *kana_of(unsigned long long n, char text[16])
{
    static const char *const kana[] = { "ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ", "サ",
                                        "シ", "ス", "セ", "ソ", "タ", "チ", "ツ", "テ", "ト", "ナ", "ニ",
                                        "ヌ", "ネ", "ノ", "ハ", "ヒ", "フ", "ヘ", "ホ", "マ", "ミ", "ム",
                                        "メ", "モ", "ヤ", "ユ", "ヨ", "ラ", "リ", "ル", "レ", "ロ", "ワ" };
    const size_t count = ARRAY_LEN(kana);

    snprintf(text, 16, "%s%s%s", kana[n % count], kana[n / count % count], kana[n / count / count % count]);
    return text;
}

static const char *kanji_of(unsigned long long n, char text[16])
{
    unsigned codes[] = { (unsigned)(0x4E00 + n % 5000), (unsigned)(0x4E00 + n / 5000 % 5000) };
    char *end = text;

    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        *end++ = (char)(0xE0 | codes[i] >> 12);
        *end++ = (char)(0x80 | (codes[i] >> 6 & 0x3F));
        *end++ = (char)(0x80 | (codes[i] & 0x3F));
    }
    *end = '\0';
    return text;
}

static size_t feed_message(void *user UNUSED, uint64_t n, char text[512])
{
    unsigned long long i = n, family = i * 7919 % 85184, given = i * 104729 % 85184;
    char names[4][16];

    return (size_t)snprintf(text, 512,
                            HEAD("ADT^A04") "EVN||20260401090000\r"
                                            "PID|||B%llu^^^&2.999.392.3.35.1&ISO~RB%llu^^^&2.999.392.2.35&ISO||"
                                            "%s^%s^^^^^L^I~%s^%s^^^^^L^P||%04llu%02llu%02llu|%c\r"
                                            "PV1||O\r",
                            i, i, i, kanji_of(family, names[0]), kanji_of(given, names[1]), kana_of(family, names[2]),
                            kana_of(given, names[3]), 1920 + i % 100, 1 + i / 100 % 12, 1 + i / 1200 % 28,
                            i % 2 == 0 ? 'M' : 'F');
}

static size_t query_message(void *user UNUSED, uint64_t n, char text[512])
{
    unsigned long long id = PATIENTS_FIRST + n * 7919 % PATIENTS_COUNT;

    return (size_t)snprintf(text, 512,
                            HEAD("QBP^Q23^QBP_Q21") "QPD|IHE PIX Query|T%llu|%llu^^^&" PATIENTS_DOMAIN "&ISO\rRCP|I\r",
                            (unsigned long long)n, (unsigned long long)n, id);
}

/* ---- measuring ---- */

static enum rc load(struct hl7v2_bench *h, const char *url, bool is_query, int ms, struct load_result *result)
{
    struct mllp_load spec = { .url = url,
                              .identity = &h->client.identity,
                              .connections = is_query ? ASKERS : FEEDERS,
                              .duration_ms = ms,
                              .message = is_query ? query_message : feed_message,
                              .user = h,
                              .expect = "\rMSA|AA|",
                              .n = is_query ? &h->asked : &h->fed };
    struct load_result ignored = { 0 };
    enum rc rc = mllp_load_run(&spec, result == NULL ? &ignored : result);

    load_clear(&ignored);
    return rc;
}

static enum rc theirs_turn(struct hl7v2_bench *h, bool is_query)
{
    uint64_t fed = h->fed;
    enum rc rc = load(h, mllp_echo_url(h->bench->arena, h->echo), is_query, TURN_MS, &h->theirs);

    h->fed = fed; /* nobody keeps these */
    return rc;
}

static enum rc measure(struct hl7v2_bench *h, bool is_query)
{
    TRY(load(h, h->url, is_query, is_query ? WARM_QUERIES_MS : WARM_UP_MS, NULL));
    for (int i = 0; i < TURNS; i++) {
        uint64_t before = process_cpu(h->manager);
        TRY(load(h, h->url, is_query, TURN_MS, &h->ours));
        h->cpu += process_cpu(h->manager) - before;
        TRY(theirs_turn(h, is_query));
    }
    return OK;
}

static double per_second(const struct load_result *r)
{
    return r->ticks == 0 ? 0 : (double)r->answers * 1e9 / (double)r->ticks;
}

static double latency_ms(struct load_result *r, unsigned per_mille)
{
    return r->answers == 0 ? 0 : (double)load_percentile(r->latencies, r->answers, per_mille) / 1e6;
}

static void report(struct hl7v2_bench *h, bool is_query)
{
    const struct bench_line lines[] = {
        { .key = "throughput",
          .what = is_query ? language_pick("queries answered", "応答した照会")
                           : language_pick("feeds acknowledged as durable", "永続化を確認した登録"),
          .unit = is_query ? "queries/s" : "feeds/s",
          .figure = per_second(&h->ours),
          .comparator = per_second(&h->theirs),
          .kind = TARGET_FIGURE_MIN,
          .target = is_query ? QUERIES_MIN : FEEDS_MIN },
        { .key = "latencyP50",
          .what = language_pick("latency, median", "応答時間 (中央値)"),
          .unit = "ms",
          .figure = latency_ms(&h->ours, 500),
          .comparator = latency_ms(&h->theirs, 500) },
        { .key = "latencyP99",
          .what = language_pick("latency, 99 %", "応答時間 (99 %)"),
          .unit = "ms",
          .figure = latency_ms(&h->ours, 990),
          .comparator = latency_ms(&h->theirs, 990),
          .kind = is_query ? TARGET_FIGURE_BELOW : TARGET_NONE,
          .target = P99_MAX_MS },
        { .key = "processorTime",
          .what = language_pick("PIX manager's processor time for one", "1 件あたりの PIX マネージャーの CPU 時間"),
          .unit = "µs",
          .figure = h->ours.answers == 0 ? 0 : (double)h->cpu / 1e3 / (double)h->ours.answers },
        { .key = "patients",
          .what = language_pick("patients in the community", "地域の患者数"),
          .unit = "",
          .figure = is_query ? (double)PATIENTS_COUNT : (double)h->fed },
        { .key = "clientBusy",
          .what = language_pick("client's own core in use", "計測側の CPU 使用率"),
          .unit = "%",
          .figure = 100 * (double)h->ours.cpu / (double)MAX(h->ours.ticks, (uint64_t)1),
          .comparator = 100 * (double)h->theirs.cpu / (double)MAX(h->theirs.ticks, (uint64_t)1) },
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct bench_line line = lines[i];
        line.other = line.comparator > 0 ? "MLLP alone" : NULL;
        bench_add(h->bench, &line);
    }
}

static enum rc prepare(struct hl7v2_bench *h)
{
    struct tls_files server = pki_server(h->bench->arena, config_text(h->backbone.config, CONFIG_DATA));

    TRY(bench_client_start(h->bench, &h->backbone, &h->client));
    TRY(bench_backbone_daemon(h->bench, &h->backbone, "pixmgr", &h->manager));
    h->url = client_url(h->client.client, h->client.community, "pix-manager", "ITI-8");
    return h->url == NULL ? E_CONFIG : mllp_echo_start(&server, &h->echo);
}

/* Queries are of a million patients, which are there already or are fed first. */
static enum rc start(struct hl7v2_bench *h, bool is_query)
{
    struct patients_filled filled;

    if (!is_query)
        return bench_backbone_start(h->bench, 0, &h->backbone);
    TRY(bench_patients_fill(h->bench, &filled));
    return bench_patients_start(h->bench, 0, &h->backbone);
}

static enum rc run(struct bench *b, bool is_query)
{
    struct hl7v2_bench h = { .bench = b };

    TRY(start(&h, is_query));
    enum rc rc = prepare(&h);
    if (rc == OK)
        rc = measure(&h, is_query);
    if (rc == OK)
        report(&h, is_query);
    if (h.echo != NULL)
        mllp_echo_stop(h.echo);
    load_clear(&h.ours);
    load_clear(&h.theirs);
    bench_backbone_stop(&h.backbone);
    return rc;
}

enum rc bench_hl7v2_feed(struct bench *b)
{
    return run(b, false);
}

enum rc bench_hl7v2_query(struct bench *b)
{
    return run(b, true);
}
