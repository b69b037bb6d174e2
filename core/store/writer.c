/* One thread, one connection, one transaction for all that waits. No timer: the commit under way is the gathering time.
 */
#include "store/writer.h"

#include "base/log.h"
#include "store/checkpointer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_MAX 256
#define QUEUE_MAX 10000
#define LOG_BYTES ((size_t)8 << 20) /* of the log until another thread is asked to empty it */

struct writer {
    struct db *db;
    char *path;
    struct checkpointer *checkpointer; /* NULL until much was written */
    size_t log_bytes;                  /* when it is asked next */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wake;
    struct write_job *first, **end;
    size_t waiting;
    bool stopping;
};

static const char sql_begin[] = "BEGIN IMMEDIATE";
static const char sql_commit[] = "COMMIT";
static const char sql_rollback[] = "ROLLBACK";
static const char sql_job_begin[] = "SAVEPOINT job";
static const char sql_job_keep[] = "RELEASE job";
static const char sql_job_undo[] = "ROLLBACK TO job";

static enum rc run_sql(struct db *db, const char *sql)
{
    return db_run(db_stmt(db, sql));
}

/* A failure here is the group's. It is also how a transaction that SQLite itself rolled back (disk full) is noticed. */
static enum rc job_run(struct db *db, struct write_job *job)
{
    TRY(run_sql(db, sql_job_begin));
    job->rc = job->run(db, job);
    if (job->rc != OK)
        TRY(run_sql(db, sql_job_undo));
    return run_sql(db, sql_job_keep);
}

static enum rc group_run(struct db *db, struct write_job *group)
{
    if (group->is_alone) {
        group->rc = group->run(db, group);
        return OK;
    }
    TRY(run_sql(db, sql_begin));
    for (struct write_job *job = group; job != NULL; job = job->next)
        TRY(job_run(db, job));
    return run_sql(db, sql_commit);
}

static enum rc group_write(struct db *db, struct write_job *group)
{
    enum rc rc = group_run(db, group);

    if (rc == OK)
        return OK;
    log_error("a group of writes is undone (%s)", rc_text(rc));
    if (db_in_transaction(db) && run_sql(db, sql_rollback) != OK)
        die("the writer cannot leave a failed transaction");
    return rc == E_FULL ? E_FULL : E_IO;
}

/* The job may be freed, and its memory reused for another, from within done. */
static void group_tell(struct write_job *group, enum rc rc)
{
    for (struct write_job *job = group, *next; job != NULL; job = next) {
        next = job->next;
        job->done(job, rc == OK ? job->rc : rc);
    }
}

/* Waits for work; NULL when the writer stops and all is written. */
static struct write_job *group_take(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping)
        pthread_cond_wait(&w->wake, &w->lock);

    struct write_job *group = w->first, **end = &w->first;
    for (size_t n = 0; n < GROUP_MAX && *end != NULL && (n == 0 || !(*end)->is_alone); n++) {
        bool was_alone = (*end)->is_alone;
        end = &(*end)->next;
        w->waiting--;
        if (was_alone)
            break;
    }
    w->first = *end;
    *end = NULL;
    if (w->first == NULL)
        w->end = &w->first;
    pthread_mutex_unlock(&w->lock);
    return group;
}

/* Whoever waits has been told. Without a checkpointer the log grows, and nothing is lost: it is tried again. */
static void log_empty(struct writer *w)
{
    size_t bytes = db_log_bytes(w->db);

    if (bytes < LOG_BYTES)
        w->log_bytes = LOG_BYTES;
    if (bytes < w->log_bytes)
        return;
    w->log_bytes = bytes + LOG_BYTES;
    if (w->checkpointer != NULL || checkpointer_start(w->path, &w->checkpointer) == OK)
        checkpointer_nudge(w->checkpointer);
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;

    for (struct write_job *group; (group = group_take(w)) != NULL;) {
        group_tell(group, group_write(w->db, group));
        log_empty(w);
    }
    return NULL;
}

enum rc writer_start(const char *path, const char *schema, struct writer **out)
{
    struct db *db;

    TRY(db_open(path, DB_WRITE, schema, &db));
    struct writer *w = calloc(1, sizeof(*w));
    if (w == NULL || (w->path = strdup(path)) == NULL)
        die("out of memory (writer)");
    w->db = db;
    w->log_bytes = LOG_BYTES;
    db_leave_checkpoints(db);
    w->end = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    int failed = pthread_create(&w->thread, NULL, writer_main, w);
    if (failed != 0)
        die("no thread for the writer: %s", strerror(failed));
    *out = w;
    return OK;
}

enum rc writer_submit(struct writer *w, struct write_job *job)
{
    enum rc rc = E_BUSY;

    pthread_mutex_lock(&w->lock);
    if (w->waiting < QUEUE_MAX) {
        job->next = NULL;
        job->rc = OK;
        *w->end = job;
        w->end = &job->next;
        w->waiting++;
        rc = OK;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return rc;
}

/* ---- waiting ---- */

struct waiting {
    struct write_job job; /* first: it is how it is found */
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    enum rc rc;
};

static void tell_waiting(struct write_job *job, enum rc rc)
{
    struct waiting *one = (struct waiting *)(void *)job;

    pthread_mutex_lock(&one->lock);
    one->rc = rc;
    one->is_done = true;
    pthread_cond_signal(&one->done);
    pthread_mutex_unlock(&one->lock);
}

static enum rc run_and_wait(struct writer *w, struct write_job job)
{
    struct waiting one = { .job = job, .lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER };

    TRY(writer_submit(w, &one.job));
    pthread_mutex_lock(&one.lock);
    while (!one.is_done)
        pthread_cond_wait(&one.done, &one.lock);
    pthread_mutex_unlock(&one.lock);
    return one.rc;
}

enum rc writer_run(struct writer *w, enum rc (*run)(struct db *db, struct write_job *job), void *user)
{
    return run_and_wait(w, (struct write_job){ .run = run, .done = tell_waiting, .user = user });
}

enum rc writer_run_alone(struct writer *w, enum rc (*run)(struct db *db, struct write_job *job), void *user)
{
    return run_and_wait(w, (struct write_job){ .run = run, .done = tell_waiting, .user = user, .is_alone = true });
}

void writer_stop(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    checkpointer_stop(w->checkpointer);
    db_close(w->db);
    free(w->path);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
