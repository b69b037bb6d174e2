/*
 * iti41-1gb, iti43-1gb: a document of 1 GB on its way to the repository and back, over mutual TLS, and how much memory
 * that takes there. nginx stands beside with the same bytes over the same TLS: it stores an upload (PUT) without
 * hashing or syncing it, and serves a static file.
 */
#include "cli/bench.h"
#include "cli/bench_backbone.h"
#include "cli/bench_client.h"
#include "cli/bench_nginx.h"
#include "cli/language.h"
#include "cli/process.h"

#include "actor/call.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "net/http_client.h"
#include "net/load.h"
#include "net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENT_ID    "2.999.392.9.41.1"
#define DOCUMENT_BYTES ((uint64_t)1 << 30)
#define TIMEOUT_MS     120000
#define TARGET_MB      32

/* A document on its way: how long it took, and the most memory the repository had meanwhile. */
struct passage {
    double seconds, peak_mb;
};

struct document_bench {
    struct bench *bench;
    struct bench_backbone backbone;
    struct bench_client client;
    struct nginx nginx;
    int fd; /* of the document */
    pid_t repository;
};

/* ---- the document ---- */

/* Whoever sends the file first should not pay for bringing it into memory. */
static void file_warm(int fd)
{
    char bytes[65536];
    off_t at = 0;

    for (ssize_t n; (n = pread(fd, bytes, sizeof(bytes), at)) > 0; at += n)
        continue;
}

/* Zeros that take no space on disk, and an end that makes the document unlike any other. nginx serves it from there. */
static enum rc document_make(struct document_bench *d)
{
    const char *folder;
    char end[IDS_UUID_LEN];

    TRY(nginx_folder(d->bench, &folder));
    const char *path = arena_printf(d->bench->arena, "%s/www/document", folder);
    ids_uuid(end);
    d->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (d->fd < 0 || ftruncate(d->fd, (off_t)DOCUMENT_BYTES) != 0 ||
        pwrite(d->fd, end, sizeof(end), (off_t)(DOCUMENT_BYTES - sizeof(end))) != (ssize_t)sizeof(end)) {
        log_error("cannot make %s: %s", path, strerror(errno));
        return E_IO;
    }
    file_warm(d->fd);
    return OK;
}

/* ---- to the repository ---- */

struct provision {
    struct exchange x; /* first: its row's encode gets it */
    int fd;
};

static enum rc encode_with_file(struct exchange *x)
{
    const struct provision *p = (const struct provision *)x;

    TRY(exchange_provide_encode(x));
    x->parts->bytes = (struct str){ NULL, 0 };
    x->parts->fd = p->fd;
    x->parts->size = DOCUMENT_BYTES;
    return OK;
}

static enum rc provide(struct document_bench *d, struct passage *out)
{
    struct provision p = { .x = bench_exchange(&d->client, "ITI-41", "repository"), .fd = d->fd };
    struct exchange_row row = *p.x.row;

    row.encode = encode_with_file;
    p.x.row = &row;
    vars_set(&p.x.params, "document", DOCUMENT_ID);
    vars_set(&p.x.params, "title", "内視鏡検査の動画");
    vars_set(&p.x.params, "mime", "video/mp4");
    vars_set(&p.x.params, "content", "a file stands in for it");
    TRY(bench_exchange_run(&p.x));
    out->seconds = (double)p.x.call->ticks / 1e9;
    out->peak_mb = (double)process_memory_kib(d->repository, MEMORY_PEAK) / 1024;
    return OK;
}

/* ---- and back ---- */

/* One GET or POST whose answer is the document, and counted rather than kept. */
static enum rc fetch(struct document_bench *d, struct load_spec *spec, double *seconds)
{
    struct load_result result = { 0 };

    spec->identity = &d->client.identity;
    spec->connections = 1;
    spec->count = 1;
    spec->duration_ms = TIMEOUT_MS;
    spec->stop = &bench_stop;
    enum rc rc = load_run(d->bench->arena, spec, &result);
    *seconds = (double)result.ticks / 1e9;
    if (rc == OK && result.bytes < DOCUMENT_BYTES) {
        log_error("%s answered %llu bytes, which cannot be the document", spec->url, (unsigned long long)result.bytes);
        rc = E_PEER;
    }
    load_clear(&result);
    return rc;
}

static enum rc retrieve(struct document_bench *d, struct passage *out)
{
    struct exchange x = bench_exchange(&d->client, "ITI-43", "repository");
    struct load_spec spec = { .url = client_url(x.client, x.to, x.actor, x.row->id) };

    vars_set(&x.params, "document", DOCUMENT_ID);
    x.body = buf_new(x.arena, BUF_MAX_DEFAULT);
    TRY(x.row->encode(&x));
    spec.body = bench_exchange_bytes(&x, spec.url, &spec.content_type);
    if (!process_forget_peak(d->repository))
        log_warn("the repository's peak memory is that of its whole life, storing included");
    TRY(fetch(d, &spec, &out->seconds));
    out->peak_mb = (double)process_memory_kib(d->repository, MEMORY_PEAK) / 1024;
    return OK;
}

/* ---- nginx, for comparison ---- */

static enum rc nginx_get(struct document_bench *d, double *seconds)
{
    struct load_spec spec = { .url = nginx_url(d->bench, &d->nginx, "/document") };

    return fetch(d, &spec, seconds);
}

struct upload {
    int status;
    enum rc rc;
    bool is_over;
};

static enum rc on_head(struct http_call *call UNUSED, int status, const char *content_type UNUSED, void *user)
{
    struct upload *u = user;
    u->status = status;
    return OK;
}

static enum rc on_body(struct http_call *call UNUSED, struct str bytes UNUSED, void *user UNUSED)
{
    return OK;
}

static void on_done(struct http_call *call UNUSED, enum rc rc, const char *why, void *user)
{
    struct upload *u = user;

    if (rc != OK)
        log_error("PUT to nginx: %s", why);
    u->rc = rc;
    u->is_over = true;
}

/* With the same HTTP client that sends ours. */
static enum rc nginx_put(struct document_bench *d, double *seconds)
{
    static const struct http_call_events events = { on_head, on_body, on_done };
    const struct http_piece piece = { .fd = d->fd, .length = DOCUMENT_BYTES };
    struct upload u = { 0 };
    const struct http_call_spec spec = { .method = "PUT",
                                         .url = nginx_url(d->bench, &d->nginx, "/put/document"),
                                         .content_type = "video/mp4",
                                         .pieces = &piece,
                                         .piece_count = 1,
                                         .identity = &d->client.identity,
                                         .timeout_ms = TIMEOUT_MS,
                                         .events = &events,
                                         .user = &u };
    struct loop *loop = loop_new();
    struct http_client *client = http_client_new(loop, 1);
    struct http_call *call;
    uint64_t start = clock_ticks();

    u.rc = http_client_start(client, &spec, &call);
    while (u.rc == OK && !u.is_over)
        loop_turn(loop, 1000);
    *seconds = (double)(clock_ticks() - start) / 1e9;
    http_client_free(client);
    loop_free(loop);
    if (u.rc == OK && u.status != 201 && u.status != 204) {
        log_error("PUT to nginx: HTTP %d", u.status);
        return E_PEER;
    }
    return u.rc;
}

/* Without nginx there is no comparison, and that is all. */
static enum rc beside_nginx(struct document_bench *d, enum rc (*measure)(struct document_bench *, double *),
                            double *seconds)
{
    enum rc rc = nginx_start(d->bench, config_text(d->backbone.config, CONFIG_DATA), 1, &d->nginx);

    *seconds = 0;
    if (rc != OK)
        return rc == E_NOT_FOUND ? OK : rc;
    rc = measure(d, seconds);
    nginx_stop(&d->nginx);
    return rc;
}

/* ---- the two benches ---- */

static double mb_per_second(double seconds)
{
    return seconds > 0 ? (double)(DOCUMENT_BYTES >> 20) / seconds : 0;
}

static void report(struct document_bench *d, const struct passage *ours, const char *other, double theirs)
{
    bench_add(d->bench,
              &(struct bench_line){ .key = "peakMemory",
                                    .what = language_pick("repository's RSS at its peak", "リポジトリの RSS 最大値"),
                                    .unit = "MB",
                                    .figure = ours->peak_mb,
                                    .kind = TARGET_FIGURE_BELOW,
                                    .target = TARGET_MB });
    bench_add(d->bench, &(struct bench_line){ .key = "throughput",
                                              .what = language_pick("speed of 1 GB", "1 GB の転送速度"),
                                              .unit = "MB/s",
                                              .figure = mb_per_second(ours->seconds),
                                              .other = other,
                                              .comparator = mb_per_second(theirs) });
}

static enum rc prepare(struct document_bench *d)
{
    TRY(bench_client_start(d->bench, &d->backbone, &d->client));
    TRY(bench_backbone_daemon(d->bench, &d->backbone, "repository", &d->repository));
    return document_make(d);
}

static enum rc provide_measure(struct document_bench *d)
{
    struct passage ours;
    double theirs;

    TRY(prepare(d));
    TRY(provide(d, &ours));
    TRY(beside_nginx(d, nginx_put, &theirs));
    report(d, &ours, "nginx PUT", theirs);
    return OK;
}

static enum rc retrieve_measure(struct document_bench *d)
{
    struct passage there, back;
    double theirs;

    TRY(prepare(d));
    TRY(provide(d, &there));
    TRY(retrieve(d, &back));
    TRY(beside_nginx(d, nginx_get, &theirs));
    report(d, &back, "nginx GET", theirs);
    return OK;
}

static enum rc run(struct bench *b, enum rc (*measure)(struct document_bench *))
{
    struct document_bench d = { .bench = b, .fd = -1 };

    TRY(bench_backbone_start(b, 0, &d.backbone));
    enum rc rc = measure(&d);
    bench_backbone_stop(&d.backbone);
    if (d.fd >= 0)
        close(d.fd);
    return rc;
}

enum rc bench_provide(struct bench *b)
{
    return run(b, provide_measure);
}

enum rc bench_retrieve(struct bench *b)
{
    return run(b, retrieve_measure);
}
