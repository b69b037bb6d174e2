/*
 * Records are framed right into the buffer that the thread will write; when it comes, it takes the buffer and leaves an
 * empty one. It sleeps a little between its turns, so that a busy daemon wakes it a few hundred times a second, not
 * with every record.
 */
#include "actor/journal_queue.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAUSE_NS    2000000 /* between two turns */
#define EXPIRE_S    60
#define KEPT_BUFFER ((size_t)1 << 20) /* a larger one goes when nothing waits */

struct batch {
    struct buf bytes;
    uint64_t count;
};

struct journal_queue {
    struct segment_writer *segments;
    struct segment_progress *progress;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct batch waiting;                    /* under the lock; what the thread writes is its own */
    uint64_t rate, budget, refilled_us, cut; /* of bodies, in bytes */
    uint64_t untold;                         /* records lost since the last record that says so */
    bool is_asleep, is_closing;
};

/* ---- the loops' side ---- */

/* In place: the length is known when the record is written. */
static void batch_add(struct batch *b, const struct journal_record *r)
{
    size_t at = b->bytes.len;
    uint32_t n = 0;

    buf_add(&b->bytes, &n, sizeof(n));
    journal_record_encode(&b->bytes, r);
    n = (uint32_t)(b->bytes.len - at - sizeof(n));
    memcpy(b->bytes.data + at, &n, sizeof(n));
    buf_add(&b->bytes, &n, sizeof(n));
    b->count++;
}

static void tell_lost(struct journal_queue *q)
{
    if (q->untold == 0)
        return;
    batch_add(&q->waiting,
              &(struct journal_record){ .time_us = clock_wall_us(), .direction = JOURNAL_LOST, .count = q->untold });
    q->progress->submitted++;
    q->untold = 0;
}

/* Is there room in this second for a body of so many bytes? */
static bool budget_take(struct journal_queue *q, uint64_t now_us, uint64_t bytes)
{
    if (now_us > q->refilled_us) {
        uint64_t elapsed = MIN(now_us - q->refilled_us, (uint64_t)1000000);
        q->budget = MIN(q->rate, q->budget + elapsed * q->rate / 1000000);
        q->refilled_us = now_us;
    }
    if (q->budget < bytes)
        return false;
    q->budget -= bytes;
    return true;
}

/* Only the beginning of the body. */
static void add_cut(struct journal_queue *q, const struct journal_record *r)
{
    struct journal_record cut = *r;
    struct str runs[4];
    size_t left = JOURNAL_CUT;

    cut.runs = runs;
    cut.run_count = MIN(r->run_count, ARRAY_LEN(runs));
    for (size_t i = 0; i < cut.run_count; i++) {
        runs[i] = (struct str){ r->runs[i].data, MIN(r->runs[i].len, left) };
        left -= runs[i].len;
    }
    q->cut++;
    batch_add(&q->waiting, &cut);
}

static void add(struct journal_queue *q, const struct journal_record *r)
{
    if (r->body_size <= JOURNAL_CUT || budget_take(q, r->time_us, r->body_size))
        batch_add(&q->waiting, r);
    else
        add_cut(q, r);
}

void journal_queue_put(struct journal_queue *q, const struct journal_record *r)
{
    pthread_mutex_lock(&q->lock);
    bool fits = q->waiting.bytes.len + journal_record_size(r) < JOURNAL_QUEUE_MAX;
    if (fits) {
        tell_lost(q);
        add(q, r);
        __atomic_store_n(&q->progress->submitted, q->progress->submitted + 1, __ATOMIC_RELEASE);
    } else {
        q->untold++;
        __atomic_store_n(&q->progress->lost, q->progress->lost + 1, __ATOMIC_RELAXED);
    }
    bool wake = q->is_asleep;
    q->is_asleep = false;
    pthread_mutex_unlock(&q->lock);
    if (wake)
        pthread_cond_signal(&q->wake);
}

struct journal_counts journal_queue_counts(const struct journal_queue *q)
{
    return (struct journal_counts){ __atomic_load_n(&q->progress->written, __ATOMIC_RELAXED),
                                    __atomic_load_n(&q->progress->lost, __ATOMIC_RELAXED),
                                    __atomic_load_n(&q->cut, __ATOMIC_RELAXED) };
}

/* ---- the thread's side ---- */

/* Waits for something to write; false when it is time to end and nothing waits. */
static bool batch_wait(struct journal_queue *q, struct batch *out)
{
    struct timespec until;

    pthread_mutex_lock(&q->lock);
    if (q->waiting.count == 0 && !q->is_closing) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += EXPIRE_S;
        q->is_asleep = true;
        while (q->waiting.count == 0 && !q->is_closing &&
               pthread_cond_timedwait(&q->wake, &q->lock, &until) != ETIMEDOUT)
            q->is_asleep = true;
        q->is_asleep = false;
    }
    struct batch full = q->waiting;
    q->waiting = *out;
    *out = full;
    bool goes_on = full.count > 0 || !q->is_closing;
    pthread_mutex_unlock(&q->lock);
    return goes_on;
}

static void batch_write(struct journal_queue *q, struct batch *b)
{
    bool is_lost = segment_writer_append(q->segments, buf_str(&b->bytes), b->count) != OK;

    pthread_mutex_lock(&q->lock);
    if (is_lost) {
        q->untold += b->count;
        q->progress->lost += b->count;
    }
    __atomic_store_n(&q->progress->written, q->progress->written + b->count, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&q->lock);
}

static void batch_empty(struct batch *b)
{
    if (b->bytes.cap > KEPT_BUFFER && b->bytes.len < KEPT_BUFFER) { /* the rush is over */
        buf_clear(&b->bytes);
        buf_init(&b->bytes, JOURNAL_QUEUE_MAX * 2);
    }
    buf_reset(&b->bytes);
    b->count = 0;
}

static void *run(void *arg)
{
    const struct timespec pause = { .tv_nsec = PAUSE_NS };
    struct journal_queue *q = arg;
    struct batch batch = { 0 };
    uint64_t expired = clock_ticks();

    buf_init(&batch.bytes, JOURNAL_QUEUE_MAX * 2);
    while (batch_wait(q, &batch)) {
        if (batch.count > 0)
            batch_write(q, &batch);
        batch_empty(&batch);
        if (clock_ticks() - expired > (uint64_t)EXPIRE_S * 1000000000) {
            segment_writer_expire(q->segments);
            expired = clock_ticks();
        }
        if (!q->is_closing)
            nanosleep(&pause, NULL);
    }
    buf_clear(&batch.bytes);
    return NULL;
}

/* ---- opening and closing ---- */

enum rc journal_queue_open(const char *folder, const struct journal_limits *limits, struct journal_queue **out)
{
    struct journal_queue *q = calloc(1, sizeof(*q));
    uint64_t next;

    if (q == NULL)
        die("out of memory (journal)");
    enum rc rc = segment_writer_open(folder, &limits->segments, &q->segments, &next);
    if (rc == OK)
        rc = segment_progress_make(folder, &q->progress);
    if (rc != OK) {
        segment_writer_close(q->segments);
        free(q);
        return rc;
    }
    q->rate = q->budget = limits->rate;
    buf_init(&q->waiting.bytes, JOURNAL_QUEUE_MAX * 2);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->wake, NULL);
    if (pthread_create(&q->thread, NULL, run, q) != 0)
        die("cannot start the journal's thread");
    *out = q;
    return OK;
}

void journal_queue_close(struct journal_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->is_closing = true;
    pthread_mutex_unlock(&q->lock);
    pthread_cond_signal(&q->wake);
    pthread_join(q->thread, NULL);
    segment_writer_close(q->segments);
    segment_progress_close(q->progress);
    buf_clear(&q->waiting.bytes);
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->wake);
    free(q);
}
