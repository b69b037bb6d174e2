#pragma once
/*
 * Group commit: one thread owns a database's writing connection. Everything queued is run in one transaction, each job
 * in a savepoint of its own, and only after COMMIT is any of them told. The commit under way forms the next group.
 */

#include "base/rc.h"
#include "store/db.h"

struct writer;

struct write_job {
    /* On the writer's thread. Anything but OK undoes this job alone; the rc comes back in done. */
    enum rc (*run)(struct db *db, struct write_job *job);
    /* On the writer's thread, after the COMMIT that made it durable (or its failure: E_IO, E_FULL). */
    void (*done)(struct write_job *job, enum rc rc);
    void *user;
    bool is_alone;          /* outside of any transaction, with nobody else: for what SQLite does as one itself */
    enum rc rc;             /* the writer's own */
    struct write_job *next; /* the writer's own */
};

/* Opens the database (DB_WRITE, schema) and starts the thread. */
MUST_CHECK enum rc writer_start(const char *path, const char *schema, struct writer **out);
/* Any thread. The job must live until done. E_BUSY when 10 000 wait. */
MUST_CHECK enum rc writer_submit(struct writer *w, struct write_job *job);
/* Finishes what is queued, then stops. NULL is ignored. */
void writer_stop(struct writer *w);
/* Runs it and waits until it is durable, or was not made: for the rare change that somebody makes by hand. */
MUST_CHECK enum rc writer_run(struct writer *w, enum rc (*run)(struct db *db, struct write_job *job), void *user);
/* The same of a job that is alone. */
MUST_CHECK enum rc writer_run_alone(struct writer *w, enum rc (*run)(struct db *db, struct write_job *job), void *user);
