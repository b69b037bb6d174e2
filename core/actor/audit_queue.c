#include "actor/audit_queue.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/syslog_sender.h"
#include "store/backlog.h"
#include "wire/syslog.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEMORY_MAX  ((size_t)64 << 20) /* not yet seen by the thread */
#define BACKLOG_MAX ((uint64_t)256 << 20)
#define PIECE       ((size_t)512 << 10) /* of the backlog, at once */
#define GATHER_MS   10                  /* so that a busy daemon wakes the thread seldom */
#define CONNECT_MS  2000
#define RETRY_MS    500
#define CONFIRM_MS  5000
#define LEAVE_MS    2000
#define FORGET_MS   3000

struct audit_queue {
    struct syslog_sender *sender;
    struct backlog *backlog;
    pthread_t thread;
    struct buf unconfirmed; /* sent, and maybe not received */
    struct buf piece;
    bool (*misbehave)(void *user, struct str frames, struct buf *out);
    void *user;
    struct buf misbehaved;
    uint64_t next_try; /* clock_ticks */
    bool is_away;      /* was told in the log */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    struct buf waiting; /* whole frames */
    pthread_cond_t forgotten;
    bool stopping, told_full, is_forgetting;
    struct audit_queue_state state;
};

static struct timespec in_ms(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += ms * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000L;
    t.tv_nsec %= 1000000000L;
    return t;
}

static void sleep_ms(int ms)
{
    const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

    nanosleep(&t, NULL);
}

static bool is_forgetting(struct audit_queue *q)
{
    pthread_mutex_lock(&q->lock);
    bool yes = q->is_forgetting;
    pthread_mutex_unlock(&q->lock);
    return yes;
}

/* ---- adding ---- */

void audit_queue_add(struct audit_queue *q, struct str head, struct str text)
{
    pthread_mutex_lock(&q->lock);
    bool was_empty = q->waiting.len == 0;
    q->state.added++;
    if (q->waiting.len + head.len + text.len + 16 > MEMORY_MAX)
        q->state.dropped++;
    else
        syslog_write_frame(&q->waiting, head, text);
    if (was_empty)
        pthread_cond_signal(&q->wake);
    pthread_mutex_unlock(&q->lock);
}

/* ---- frames ---- */

/* Bytes of the frame that begins here, its length included; 0 when it is not whole, or none. */
static size_t frame_bytes(struct str bytes)
{
    size_t n = 0, i = 0;

    while (i < bytes.len && i < 10 && bytes.data[i] >= '0' && bytes.data[i] <= '9')
        n = n * 10 + (size_t)(bytes.data[i++] - '0');
    return n == 0 || i == bytes.len || bytes.data[i] != ' ' || n > bytes.len - i - 1 ? 0 : i + 1 + n;
}

/* Bytes of all whole frames at the beginning, and how many they are. */
static size_t whole_frames(struct str bytes, uint64_t *count)
{
    size_t at = 0;

    *count = 0;
    for (size_t n; (n = frame_bytes((struct str){ bytes.data + at, bytes.len - at })) > 0; ++*count)
        at += n;
    return at;
}

/* ---- the file ---- */

static void drop(struct audit_queue *q, struct str frames, const char *why)
{
    uint64_t count;

    whole_frames(frames, &count);
    pthread_mutex_lock(&q->lock);
    q->state.dropped += count;
    bool tell = !q->told_full;
    q->told_full = true;
    pthread_mutex_unlock(&q->lock);
    if (tell)
        log_error("audit records are lost from here on: %s", why);
}

static void keep(struct audit_queue *q, struct str frames)
{
    if (frames.len == 0)
        return;
    enum rc rc = backlog_add(q->backlog, frames);
    if (rc != OK)
        drop(q, frames, rc == E_LIMIT ? "too many wait for the repository" : "they cannot be kept in the file");
}

/* ---- the connection ---- */

static void say_away(struct audit_queue *q, const char *why)
{
    if (!q->is_away)
        log_warn("the audit record repository cannot be reached (%s); records wait in a file", why);
    q->is_away = true;
}

/* A connection that broke takes nothing with it. */
static void connection_lost(struct audit_queue *q)
{
    keep(q, buf_str(&q->unconfirmed));
    buf_reset(&q->unconfirmed);
    q->next_try = clock_ticks() + (uint64_t)RETRY_MS * 1000000;
    say_away(q, "the connection ended");
}

static bool is_connected(struct audit_queue *q)
{
    const char *why;

    if (syslog_sender_is_alive(q->sender))
        return true;
    if (q->unconfirmed.len > 0)
        connection_lost(q);
    if (clock_ticks() < q->next_try)
        return false;
    if (syslog_sender_connect(q->sender, CONNECT_MS, &why) == OK)
        return true;
    q->next_try = clock_ticks() + (uint64_t)RETRY_MS * 1000000;
    say_away(q, why);
    return false;
}

static enum rc send_frames(struct audit_queue *q, struct str frames)
{
    buf_reset(&q->misbehaved);
    if (q->misbehave == NULL || !q->misbehave(q->user, frames, &q->misbehaved))
        return syslog_sender_send(q->sender, frames);
    return q->misbehaved.len == 0 ? OK : syslog_sender_send(q->sender, buf_str(&q->misbehaved));
}

static bool confirmed(struct audit_queue *q)
{
    for (int ms = 0; ms < CONFIRM_MS; ms++) {
        if (!syslog_sender_is_alive(q->sender))
            return false;
        if (syslog_sender_unconfirmed(q->sender) == 0)
            return true;
        if (is_forgetting(q))
            return false;
        sleep_ms(1);
    }
    return false;
}

/* True when nothing waits in the file any more. */
static bool send_backlog(struct audit_queue *q)
{
    uint64_t count;

    while (!backlog_is_empty(q->backlog)) {
        if (backlog_peek(q->backlog, PIECE, &q->piece) != OK)
            return false;
        size_t n = whole_frames(buf_str(&q->piece), &count);
        if (n == 0) {
            log_error("the file of waiting audit records holds %zu bytes that are none", q->piece.len);
            backlog_drop(q->backlog, q->piece.len);
            continue;
        }
        if (send_frames(q, (struct str){ q->piece.data, n }) != OK || !confirmed(q)) {
            connection_lost(q);
            return false;
        }
        backlog_drop(q->backlog, n);
    }
    return true;
}

static void send_or_keep(struct audit_queue *q, struct str frames)
{
    if (!is_connected(q) || !send_backlog(q)) {
        keep(q, frames);
        return;
    }
    if (q->is_away)
        log_info("the audit record repository is back");
    q->is_away = false;
    if (frames.len == 0)
        return;
    if (syslog_sender_unconfirmed(q->sender) == 0)
        buf_reset(&q->unconfirmed);
    buf_add_str(&q->unconfirmed, frames);
    if (send_frames(q, frames) != OK)
        connection_lost(q);
}

/* ---- forgetting ---- */

void audit_queue_forget(struct audit_queue *q, bool waits)
{
    const struct timespec until = in_ms(FORGET_MS);
    int waited = 0;

    pthread_mutex_lock(&q->lock);
    q->is_forgetting = true;
    pthread_cond_signal(&q->wake);
    while (waits && q->is_forgetting && waited == 0)
        waited = pthread_cond_timedwait(&q->forgotten, &q->lock, &until);
    pthread_mutex_unlock(&q->lock);
    if (waited != 0)
        log_warn("audit records of before may still come: the repository does not read them");
}

/* What is on its way is the repository's when the connection has ended. */
static void forget(struct audit_queue *q)
{
    buf_reset(&q->unconfirmed);
    backlog_drop(q->backlog, backlog_bytes(q->backlog));
    if (syslog_sender_is_alive(q->sender))
        (void)syslog_sender_leave(q->sender, LEAVE_MS);
    pthread_mutex_lock(&q->lock);
    q->is_forgetting = false;
    pthread_cond_broadcast(&q->forgotten);
    pthread_mutex_unlock(&q->lock);
}

/* ---- the thread ---- */

/* Waits for records, or until it is time to try again; then for what comes shortly after. */
static void wait_for_records(struct audit_queue *q)
{
    struct timespec until = in_ms(RETRY_MS);

    while (q->waiting.len == 0 && !q->stopping && !q->is_forgetting) {
        if (pthread_cond_timedwait(&q->wake, &q->lock, &until) != 0)
            break;
    }
    until = in_ms(GATHER_MS);
    while (!q->stopping && !q->is_forgetting && pthread_cond_timedwait(&q->wake, &q->lock, &until) == 0)
        ;
}

enum turn { TURN_SEND, TURN_FORGET, TURN_END };

/* TURN_END: to stop, and nothing is left. */
static enum turn take(struct audit_queue *q, struct buf *out)
{
    pthread_mutex_lock(&q->lock);
    wait_for_records(q);
    enum turn turn = q->is_forgetting ? TURN_FORGET : q->stopping && q->waiting.len == 0 ? TURN_END : TURN_SEND;
    struct buf taken = q->waiting;
    q->waiting = *out;
    buf_reset(&q->waiting);
    *out = taken;
    q->state.waiting = backlog_bytes(q->backlog);
    pthread_mutex_unlock(&q->lock);
    return turn;
}

static void *queue_main(void *arg)
{
    struct audit_queue *q = arg;
    struct buf frames;

    buf_init(&frames, MEMORY_MAX);
    for (enum turn turn; (turn = take(q, &frames)) != TURN_END;) {
        if (turn == TURN_FORGET)
            forget(q);
        else
            send_or_keep(q, buf_str(&frames));
    }
    if (q->unconfirmed.len > 0 && !confirmed(q))
        connection_lost(q);
    buf_clear(&frames);
    return NULL;
}

enum rc audit_queue_start(const struct audit_queue_spec *spec, struct audit_queue **out)
{
    struct audit_queue *q = calloc(1, sizeof(*q));
    char path[4096];

    if (q == NULL)
        die("out of memory (audit)");
    snprintf(path, sizeof(path), "%s/audit.backlog", spec->folder);
    q->misbehave = spec->misbehave;
    q->user = spec->user;
    buf_init(&q->unconfirmed, MEMORY_MAX);
    buf_init(&q->waiting, MEMORY_MAX);
    buf_init(&q->piece, PIECE);
    buf_init(&q->misbehaved, MEMORY_MAX);
    enum rc rc = syslog_sender_new(spec->url, spec->identity, &q->sender);
    if (rc == OK)
        rc = backlog_open(path, BACKLOG_MAX, &q->backlog);
    if (rc != OK) {
        syslog_sender_free(q->sender);
        free(q);
        return rc;
    }
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->wake, NULL);
    pthread_cond_init(&q->forgotten, NULL);
    if (pthread_create(&q->thread, NULL, queue_main, q) != 0)
        die("no thread for audit records");
    *out = q;
    return OK;
}

void audit_queue_stop(struct audit_queue *q)
{
    if (q == NULL)
        return;
    pthread_mutex_lock(&q->lock);
    q->stopping = true;
    pthread_cond_signal(&q->wake);
    pthread_mutex_unlock(&q->lock);
    pthread_join(q->thread, NULL);
    syslog_sender_free(q->sender);
    backlog_close(q->backlog);
    buf_clear(&q->unconfirmed);
    buf_clear(&q->waiting);
    buf_clear(&q->piece);
    buf_clear(&q->misbehaved);
    pthread_cond_destroy(&q->wake);
    pthread_cond_destroy(&q->forgotten);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

struct audit_queue_state audit_queue_state(struct audit_queue *q)
{
    pthread_mutex_lock(&q->lock);
    struct audit_queue_state state = q->state;
    pthread_mutex_unlock(&q->lock);
    return state;
}
