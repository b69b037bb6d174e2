#include "audit/intake.h"

#include "audit/record.h"
#include "audit/store.h"
#include "base/clock.h"

#define BATCH_RECORDS 512
#define BATCH_BYTES   ((size_t)4 << 20)
#define WAITING_MAX   4 /* batches on their way to the disk */
#define RETRY_MS      1000

struct intake {
    struct service *service;
    void (*busy)(void *user, bool is_busy);
    void *user;
    struct batch *open; /* being filled; NULL */
    int waiting;
    bool is_busy;
    uint64_t lost;
    int64_t skew_ms, keep;
};

struct batch {
    struct write_job job;
    struct arena *arena;
    struct intake *in;
    struct record *first, **end;
    size_t count, bytes;
};

struct intake *intake_new(struct service *s, void (*busy)(void *user, bool is_busy), void *user)
{
    struct intake *in = ARENA_NEW(s->daemon->arena, struct intake);

    *in = (struct intake){ .service = s,
                           .busy = busy,
                           .user = user,
                           .skew_ms = config_number(s->daemon->config, CONFIG_CLOCK_SKEW) * 1000,
                           .keep = config_number(s->daemon->config, CONFIG_AUDIT_KEEP) };
    return in;
}

/* ---- the way to the disk and back ---- */

static enum rc batch_write(struct db *db, struct write_job *job)
{
    struct batch *b = job->user;

    return store_keep(b->arena, db, b->first, b->in->keep);
}

static void batch_submit(struct batch *b);

static void batch_again(void *arg)
{
    batch_submit(arg);
}

static void set_busy(struct intake *in)
{
    bool is_busy = in->waiting >= WAITING_MAX;

    if (is_busy == in->is_busy)
        return;
    in->is_busy = is_busy;
    in->busy(in->user, is_busy);
}

/* A disk that is full or fails keeps its records waiting here, and the senders with them: nothing is dropped. */
static void batch_back(void *arg)
{
    struct batch *b = arg;
    struct intake *in = b->in;

    if (b->job.rc != OK) {
        loop_after(in->service->loop, RETRY_MS, batch_again, b);
        return;
    }
    in->service->requests += b->count;
    in->waiting--;
    in->service->live--;
    arena_free(b->arena);
    set_busy(in);
}

static void batch_done(struct write_job *job, enum rc rc)
{
    struct batch *b = job->user;

    job->rc = rc;
    loop_post(b->in->service->loop, batch_back, b);
}

static void batch_submit(struct batch *b)
{
    b->job = (struct write_job){ .run = batch_write, .done = batch_done, .user = b };
    if (writer_submit(b->in->service->daemon->writer, &b->job) != OK)
        loop_after(b->in->service->loop, RETRY_MS, batch_again, b);
}

void intake_flush(struct intake *in)
{
    struct batch *b = in->open;

    if (b == NULL)
        return;
    in->open = NULL;
    in->waiting++;
    in->service->live++;
    batch_submit(b);
    set_busy(in);
}

/* ---- coming in ---- */

static void end_of_turn(void *arg)
{
    intake_flush(arg);
}

static struct batch *batch_open(struct intake *in)
{
    struct arena *a = arena_new();
    struct batch *b = ARENA_NEW(a, struct batch);

    *b = (struct batch){ .arena = a, .in = in, .end = &b->first };
    loop_post(in->service->loop, end_of_turn, in);
    return b;
}

void intake_add(struct intake *in, const struct syslog_record *r)
{
    if (in->open == NULL)
        in->open = batch_open(in);
    struct batch *b = in->open;
    struct record *record = ARENA_NEW(b->arena, struct record);
    record_read(b->arena, in->service->daemon->world, r, clock_now_ms(), in->skew_ms, record);
    record->received = (int64_t)(clock_wall_us() / 1000);
    *b->end = record;
    b->end = &record->next;
    b->bytes += r->bytes.len;
    if (record->faults != NULL)
        in->service->refused++;
    if (++b->count >= BATCH_RECORDS || b->bytes >= BATCH_BYTES)
        intake_flush(in);
}

bool intake_is_busy(const struct intake *in)
{
    return in->is_busy;
}

void intake_lost(struct intake *in)
{
    in->lost++;
}

uint64_t intake_lost_count(const struct intake *in)
{
    return in->lost;
}
