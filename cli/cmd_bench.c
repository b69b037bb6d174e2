/* kakehashi bench: what the backbone achieves on this machine, beside its targets (docs/performance.md). */
#include "cli/args.h"
#include "cli/bench.h"
#include "cli/command.h"
#include "cli/language.h"

#include "base/file.h"
#include "base/arena.h"
#include "base/log.h"
#include "wire/json.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

static const struct {
    const char *name, *en, *ja;
    enum rc (*run)(struct bench *b);
    unsigned needs_mb; /* of disk, meanwhile */
    bool is_long;      /* not among all, only when named */
} benches[] = {
    { "iti18", "FindDocuments, ten entries, kept-alive mutual TLS, one loop",
      "FindDocuments、10 件、相互 TLS、1 ループ", bench_query, 64 },
    { "journal", "iti18 with every message kept in the journal, beside iti18 without",
      "iti18 を記録ありと記録なしで比較", bench_journal, 2048 },
    { "iti18-references", "the same as references (ObjectRef)", "同じ問い合わせを参照 (ObjectRef) で",
      bench_query_references, 64 },
    { "iti18-1000", "the same with a thousand entries", "同じ問い合わせで 1000 件", bench_query_thousand, 128 },
    { "iti42", "documents are registered by 256 clients at once", "256 クライアントから文書を登録", bench_register,
      1024 },
    { "registry-large", "three million entries in one community (only when named: 25 minutes, 50 GB)",
      "1 地域に 300 万件のエントリ (名前を指定した時のみ: 25 分、50 GB)", bench_large, 51200, true },
    { "iti41-1gb", "a document of 1 GB is provided", "1 GB の文書を登録", bench_provide, 2560 },
    { "iti43-1gb", "a document of 1 GB is retrieved", "1 GB の文書を取得", bench_retrieve, 1536 },
    { "iti41-1kb", "documents of 1 kB are provided by 64 clients at once", "64 クライアントから 1 kB の文書を登録",
      bench_submit, 512 },
    { "repository-sizes", "documents of 1 kB to 1 GB are provided and retrieved", "1 kB から 1 GB の文書を登録・取得",
      bench_sizes, 10240 },
    { "repository-eight", "eight documents of 1 GB pass at once", "1 GB の文書 8 件を同時に転送", bench_eight, 10240 },
    { "iti8-pix", "HL7 v2 feeds to the PIX manager, 64 connections, kept-alive mutual TLS",
      "PIX マネージャへの HL7 v2 登録、64 接続、相互 TLS", bench_hl7v2_feed, 1024 },
    { "iti9", "PIX queries of HL7 v2 about a million patients, 64 connections, kept-alive mutual TLS",
      "患者 100 万人への HL7 v2 の PIX 照会、64 接続、相互 TLS", bench_hl7v2_query, 4096 },
    { "pix-feed", "a million patients are fed to a PIX manager and compared; kept for the next ones",
      "PIX マネージャへの 100 万人の登録と名寄せ (結果は次の計測のために残す)", bench_pix_feed, 4096 },
    { "iti45", "PIX queries about a million patients, kept-alive mutual TLS, one loop",
      "患者 100 万人への PIX 照会、相互 TLS、1 ループ", bench_pix_query, 4096 },
    { "iti47", "a million patients are searched by the beginning of a kana name", "患者 100 万人のカナ前方一致検索",
      bench_pdq_query, 4096 },
    { "gateway", "one community asks all others through their gateways",
      "1 地域から全地域へのゲートウェイ経由の問い合わせ", bench_gateway, 1024 },
    { "gateway-hanging", "the same while twenty of them hang", "同じ問い合わせで 20 地域が無応答",
      bench_gateway_hanging, 1024 },
    { "up", "four communities come up, their certificates being there", "証明書がある状態で 4 地域を起動", bench_up,
      64 },
    { "up-all", "all communities with 20 people each come up, at first and again",
      "全地域 (各 20 人) の初回起動と再起動", bench_up_all, 1024 },
    { "reset", "all communities are put back to what they were when they had been seeded", "全地域を初期状態に戻す",
      bench_reset, 1024 },
    { "seed", "people with their documents are seeded", "患者と文書の作成", bench_seed, 2048 },
    { "audit", "audit records over mutual TLS until they are on disk", "監査記録を相互 TLS で受けて保存", bench_audit,
      1024 },
    { "audit-cost", "FindDocuments with and without audit records", "監査記録の有無による FindDocuments の差",
      bench_audit_cost, 256 },
    { "idle", "memory of the daemons while nobody asks", "待機中のメモリ", bench_idle, 64 },
};

/* ---- the temporary folder ---- */

static enum rc folder_make(struct arena *a, unsigned needs_mb, const char **out)
{
    const char *parent = getenv("TMPDIR");
    struct statvfs disk;

    if (text_absent(parent))
        parent = "/var/tmp"; /* a disk also where /tmp is memory */
    char *folder = arena_printf(a, "%s/kakehashi-bench-XXXXXX", parent);
    if (statvfs(parent, &disk) != 0 || mkdtemp(folder) == NULL) {
        log_error("cannot make a folder in %s: %s", parent, strerror(errno));
        return E_IO;
    }
    if ((disk.f_bavail * disk.f_frsize) >> 20 < needs_mb) {
        log_error("%s has less than %u MB free; TMPDIR names another place", parent, needs_mb);
        rmdir(folder);
        return E_IO;
    }
    *out = folder;
    return OK;
}

/* ---- running ---- */

static void on_interrupt(int number UNUSED)
{
    bench_stop = 1;
}

/* The first Ctrl-C lets us tidy up, the second ends us. */
static void interrupts_watch(void)
{
    const struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void run_one(struct bench *b, size_t i)
{
    b->name = benches[i].name;
    fprintf(stderr, "%s: %s\n", b->name, language_pick(benches[i].en, benches[i].ja));
    enum rc rc = folder_make(b->arena, benches[i].needs_mb, &b->folder);
    if (rc == OK) {
        rc = benches[i].run(b);
        (void)!file_remove_all(b->folder);
    }
    if (rc == OK)
        return;
    b->failed = true;
    if (rc != E_CANCELLED)
        fprintf(stderr,
                language_pick("kakehashi: %s could not be measured\n", "kakehashi: %s は計測できませんでした\n"),
                b->name);
}

static bool is_bench(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(benches); i++) {
        if (strcmp(benches[i].name, name) == 0)
            return true;
    }
    fprintf(stderr, language_pick("kakehashi: no bench \"%s\"; there are", "kakehashi: 計測 \"%s\" はありません:"),
            name);
    for (size_t i = 0; i < ARRAY_LEN(benches); i++)
        fprintf(stderr, " %s", benches[i].name);
    fputc('\n', stderr);
    return false;
}

/* ---- telling ---- */

static bool is_release(void)
{
#ifdef NDEBUG
    return true;
#else
    return false;
#endif
}

static void print_json(const struct bench *b, struct buf *out)
{
    struct json_writer w;
    struct utsname system;

    uname(&system);
    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "version", KK_VERSION);
    jw_bool(&w, "release", is_release());
    jw_text(&w, "system", arena_printf(b->arena, "%s %s %s", system.sysname, system.release, system.machine));
    jw_integer(&w, "processors", sysconf(_SC_NPROCESSORS_ONLN));
    jw_integer(&w, "memoryMiB", (long long)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) >> 20);
    bench_write(b->first, &w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
}

static void print(const struct bench *b, bool as_json)
{
    struct buf *out = buf_new(b->arena, BUF_MAX_DEFAULT);

    if (as_json)
        print_json(b, out);
    else
        bench_print(b->arena, b->first, out);
    fwrite(out->data, 1, out->len, stdout);
}

int cmd_bench(struct args *args)
{
    struct bench b = { .arena = args->arena, .config = args->config, .end = &b.first };
    bool as_json = args_flag(args, "--json");
    const char *name = args_word(args);

    if (args_end(args) != OK || (name != NULL && !is_bench(name)))
        return EXIT_USAGE;
    if (!is_release())
        log_warn("this is no release build: its figures say little");
    interrupts_watch();
    for (size_t i = 0; i < ARRAY_LEN(benches) && !bench_stop; i++) {
        if (name == NULL ? !benches[i].is_long : strcmp(benches[i].name, name) == 0)
            run_one(&b, i);
    }
    print(&b, as_json);
    return b.failed || bench_stop || !bench_is_met(b.first) ? EXIT_FAILED : EXIT_OK;
}
