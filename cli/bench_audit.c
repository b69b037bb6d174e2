/*
 * audit: records that the repository takes over mutual TLS until they are on disk. audit-cost: FindDocuments of one
 * daemon that tells every transaction, beside one that tells none; what is told goes to a listener of the bench's, so
 * that the repository's own work does not count as the daemon's.
 */
#include "cli/backbone.h"
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/language.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "msg/audit_event.h"
#include "msg/audit_message.h"
#include "net/load.h"
#include "net/syslog_sender.h"
#include "wire/syslog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SENDERS        2
#define RECORDS        50000 /* of each sender */
#define BATCH          64
#define QUERY_BYTES    1200
#define TARGET_RECORDS 20000
#define WAIT_MS        60000
#define TURNS          12
#define TURN_MS        700
#define TARGET_RATIO   0.95

/* ---- the repository takes records ---- */

struct sending {
    const char *url;
    struct tls_files identity;
    struct str frames; /* a batch */
    pthread_t thread;
    enum rc rc;
};

/* As big as what the registry tells of a FindDocuments. */
static void write_record(struct arena *a, size_t i, struct buf *out)
{
    char query[QUERY_BYTES];
    struct audit_code type = { "ITI-18", AUDIT_TRANSACTIONS, "Registry Stored Query" };
    struct audit_message m = { .event = { DCM_QUERY, "DCM", "Query" },
                               .types = &type,
                               .action = 'E',
                               .time_ms = clock_now_ms(),
                               .source_id = BENCH_COMMUNITY "/registry",
                               .source_type = 4 };
    struct buf *head = buf_new(a, 1024), *text = buf_new(a, 64 * 1024);

    memset(query, 'q', sizeof(query));
    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = "http://www.w3.org/2005/08/addressing/anonymous",
                                                       .is_requestor = true,
                                                       .role = { "110153", "DCM", "Source Role ID" },
                                                       .access_point = "127.0.0.1",
                                                       .access_type = 2 });
    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = "https://localhost:18101/0035/registry",
                                                       .alternative_id = "1234",
                                                       .role = { "110152", "DCM", "Destination Role ID" },
                                                       .access_point = "localhost",
                                                       .access_type = 1 });
    audit_add_patient(a, &m, arena_printf(a, "B%04zu^^^&2.999.392.2.35&ISO", i));
    audit_add_object(a, &m,
                     &(struct audit_object){ .id = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d",
                                             .type = AUDIT_SYSTEM,
                                             .role = AUDIT_ROLE_QUERY,
                                             .id_type = type,
                                             .query = { query, sizeof(query) } });
    audit_message_encode(&m, text);
    syslog_write_head(head, &(struct syslog){ .facility = SYSLOG_SECURITY,
                                              .severity = SYSLOG_NOTICE,
                                              .time_ms = m.time_ms,
                                              .host = STR("localhost"),
                                              .app = STR("kakehashi"),
                                              .message_id = STR(SYSLOG_MSGID) });
    syslog_write_frame(out, buf_str(head), buf_str(text));
}

static void *send_all(void *arg)
{
    struct sending *s = arg;
    struct syslog_sender *sender;
    const char *why = "";

    if ((s->rc = syslog_sender_new(s->url, &s->identity, &sender)) != OK)
        return NULL;
    if ((s->rc = syslog_sender_connect(sender, 5000, &why)) != OK)
        log_error("the repository cannot be reached: %s", why);
    for (int i = 0; i < RECORDS && s->rc == OK && !bench_stop; i += BATCH)
        s->rc = syslog_sender_send(sender, s->frames);
    syslog_sender_free(sender);
    return NULL;
}

/* kakehashi_requests_total of the audit daemon: records on disk. */
static enum rc records_kept(const struct backbone *bb, const char *page, double *out)
{
    struct arena *a = arena_new();
    struct str body;
    int status;

    enum rc rc = backbone_ask(a, bb->data, page, &status, &body);
    const char *line = rc == OK ? strstr(arena_strndup(a, body.data, body.len), "kakehashi_requests_total{") : NULL;
    if (line != NULL)
        *out = strtod(strchr(line, ' '), NULL);
    arena_free(a);
    if (rc != OK)
        return rc;
    return bench_stop ? E_CANCELLED : line == NULL ? E_PEER : OK;
}

static enum rc wait_for(const struct backbone *bb, const char *page, double count)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    uint64_t end = clock_ticks() + (uint64_t)WAIT_MS * 1000000;
    double kept = 0;

    while (clock_ticks() < end) {
        TRY(records_kept(bb, page, &kept));
        if (kept >= count)
            return OK;
        nanosleep(&pause, NULL);
    }
    log_error("%.0f of %.0f records were kept within %d ms", kept, count, WAIT_MS);
    return E_TIMEOUT;
}

static const char *metrics_page(struct arena *a, const struct backbone *bb)
{
    const char *url = backbone_url(bb, "endpoints", BENCH_COMMUNITY, "audit", "ITI-81");

    return arena_printf(a, "%.*s/metrics", (int)(strstr(url, "/audit/") - url), url);
}

static enum rc intake_measure(struct bench *b, const struct bench_backbone *bench_bb)
{
    struct sending sendings[SENDERS];
    struct buf *frames = buf_new(b->arena, BUF_MAX_DEFAULT);
    struct backbone bb;
    struct timespec used_before, used;
    clockid_t processor;
    double before;
    pid_t pid;

    TRY(backbone_find(b->arena, bench_bb->config, &bb));
    const char *page = metrics_page(b->arena, &bb);
    for (size_t i = 0; i < BATCH; i++)
        write_record(b->arena, i, frames);
    TRY(records_kept(&bb, page, &before));
    TRY(bench_backbone_daemon(b, bench_bb, "audit", &pid));
    if (clock_getcpuclockid(pid, &processor) != 0)
        return E_NOT_FOUND;
    clock_gettime(processor, &used_before);
    int each = (RECORDS + BATCH - 1) / BATCH * BATCH;
    uint64_t start = clock_ticks();
    for (int i = 0; i < SENDERS; i++) {
        sendings[i] = (struct sending){ .url = backbone_url(&bb, "endpoints", BENCH_COMMUNITY, "audit", "ITI-20"),
                                        .identity = pki_user(b->arena, bb.data),
                                        .frames = buf_str(frames) };
        if (pthread_create(&sendings[i].thread, NULL, send_all, &sendings[i]) != 0)
            die("no thread for the bench");
    }
    enum rc rc = OK;
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(sendings[i].thread, NULL);
        rc = rc == OK ? sendings[i].rc : rc;
    }
    TRY(rc);
    TRY(wait_for(&bb, page, before + (double)each * SENDERS));
    double seconds = (double)(clock_ticks() - start) / 1e9;
    clock_gettime(processor, &used);
    double spent = (double)(used.tv_sec - used_before.tv_sec) + (double)(used.tv_nsec - used_before.tv_nsec) / 1e9;
    bench_add(b, &(struct bench_line){ .key = "processorTime",
                                       .what = language_pick("processor time per record", "記録あたりの CPU 時間"),
                                       .unit = "µs",
                                       .figure = spent * 1e6 / ((double)each * SENDERS) });
    bench_add(b, &(struct bench_line){ .key = "records",
                                       .what = language_pick("audit records kept", "保存した監査記録"),
                                       .unit = "records/s",
                                       .figure = (double)each * SENDERS / seconds,
                                       .kind = TARGET_FIGURE_MIN,
                                       .target = TARGET_RECORDS });
    bench_add(b, &(struct bench_line){ .key = "recordBytes",
                                       .what = language_pick("size of a record", "記録の大きさ"),
                                       .unit = "bytes",
                                       .figure = (double)frames->len / BATCH });
    return OK;
}

enum rc bench_audit(struct bench *b)
{
    struct bench_backbone backbone;

    TRY(bench_backbone_start(b, (int)config_number(b->config, CONFIG_LOOPS), &backbone));
    enum rc rc = intake_measure(b, &backbone);
    bench_backbone_stop(&backbone);
    return rc;
}

/* ---- what telling costs ---- */

struct listener_thread {
    int fd;
    pthread_t thread;
};

static void *swallow(void *arg)
{
    int fd = *(int *)arg;
    char bytes[65536];

    free(arg);
    while (read(fd, bytes, sizeof(bytes)) > 0)
        ;
    close(fd);
    return NULL;
}

static void *accept_all(void *arg)
{
    struct listener_thread *l = arg;
    pthread_t thread;

    for (int fd; (fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        int *own = malloc(sizeof(*own));
        if (own == NULL)
            die("out of memory (bench)");
        *own = fd;
        if (pthread_create(&thread, NULL, swallow, own) != 0)
            die("no thread for the bench");
        pthread_detach(thread);
    }
    return NULL;
}

/* Takes records and forgets them; *url is where. */
static enum rc listener_start(struct arena *a, struct listener_thread *l, const char **url)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(at);

    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || bind(l->fd, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(l->fd, 16) != 0 ||
        getsockname(l->fd, (struct sockaddr *)&at, &size) != 0) {
        log_error("the bench cannot listen: %s", strerror(errno));
        return E_IO;
    }
    if (pthread_create(&l->thread, NULL, accept_all, l) != 0)
        die("no thread for the bench");
    *url = arena_printf(a, "syslog-tcp://127.0.0.1:%d", ntohs(at.sin_port));
    return OK;
}

static void listener_stop(struct listener_thread *l)
{
    shutdown(l->fd, SHUT_RDWR);
    pthread_join(l->thread, NULL);
    close(l->fd);
}

struct side {
    struct bench bench; /* a folder of its own */
    struct bench_backbone backbone;
    struct bench_client client;
    struct load_spec spec;
    struct load_result result;
    clockid_t processor; /* time that its registry has used */
    double seconds;      /* of it while load ran */
};

static enum rc registry_clock(struct side *s)
{
    pid_t pid;

    TRY(bench_backbone_daemon(&s->bench, &s->backbone, "registry", &pid));
    return clock_getcpuclockid(pid, &s->processor) == 0 ? OK : E_NOT_FOUND;
}

static double processor_seconds(const struct side *s)
{
    struct timespec t = { 0 };

    clock_gettime(s->processor, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum rc side_start(struct bench *b, struct side *s, const char *name, const char *audit, const char *records_to)
{
    s->bench = *b;
    s->bench.folder = arena_printf(b->arena, "%s/%s", b->folder, name);
    if (mkdir(s->bench.folder, 0700) != 0)
        return E_IO;
    const struct bench_world world = { .communities = BENCH_COMMUNITIES,
                                       .population = "0",
                                       .loops = 1,
                                       .journal = "off",
                                       .audit = audit,
                                       .records_to = records_to };
    TRY(bench_world_start(&s->bench, &world, &s->backbone));
    TRY(registry_clock(s));
    return bench_query_spec(&s->bench, &s->backbone, &s->client, &s->spec);
}

static double rate(const struct side *s)
{
    return s->result.ticks == 0 ? 0 : (double)s->result.answers * 1e9 / (double)s->result.ticks;
}

static enum rc side_turn(struct bench *b, struct side *s)
{
    double before = processor_seconds(s);

    TRY(load_run(b->arena, &s->spec, &s->result));
    s->seconds += processor_seconds(s) - before;
    return OK;
}

/* What a processor does in a second is the same however busy the machine is with other things. */
static double capacity(const struct side *s)
{
    return s->seconds > 0 ? (double)s->result.answers / s->seconds : 0;
}

static enum rc cost_measure(struct bench *b, struct side *with, struct side *without)
{
    with->spec.duration_ms = without->spec.duration_ms = TURN_MS;
    for (int i = 0; i < TURNS; i++) {
        TRY(side_turn(b, i % 2 ? with : without));
        TRY(side_turn(b, i % 2 ? without : with));
    }
    bench_add(b, &(struct bench_line){
                     .key = "capacity",
                     .what = language_pick("requests a processor's second of the registry", "CPU 1 秒あたりの要求"),
                     .unit = "requests/s",
                     .figure = capacity(with),
                     .other = "--audit off",
                     .comparator = capacity(without),
                     .kind = TARGET_RATIO_MIN,
                     .target = TARGET_RATIO });
    bench_add(b, &(struct bench_line){ .key = "throughput",
                                       .what = language_pick("requests answered and told", "監査記録を送る場合の要求"),
                                       .unit = "requests/s",
                                       .figure = rate(with),
                                       .other = "--audit off",
                                       .comparator = rate(without) });
    return OK;
}

enum rc bench_audit_cost(struct bench *b)
{
    struct side with = { 0 }, without = { 0 };
    struct listener_thread listener;
    const char *url;

    TRY(listener_start(b->arena, &listener, &url));
    enum rc rc = side_start(b, &with, "with", "on", url);
    if (rc == OK)
        rc = side_start(b, &without, "without", "off", NULL);
    if (rc == OK)
        rc = cost_measure(b, &with, &without);
    if (with.backbone.pid != 0)
        bench_backbone_stop(&with.backbone);
    if (without.backbone.pid != 0)
        bench_backbone_stop(&without.backbone);
    listener_stop(&listener);
    load_clear(&with.result);
    load_clear(&without.result);
    return rc;
}
