/* Group commit: what done says is what a second connection, and a process after a kill, finds. */
#include "store/writer.h"

#include "base/arena.h"
#include "support/scratch.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char schema[] = "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY);"
                             "CREATE TABLE IF NOT EXISTS large (bytes BLOB);";
static const char sql_large[] = "INSERT INTO large (bytes) VALUES (zeroblob(1048576))";
static const char sql_insert[] = "INSERT INTO t (k) VALUES (?)";
static const char sql_count[] = "SELECT count(*) FROM t WHERE k BETWEEN ? AND ?";

struct world {
    struct arena *arena;
    const char *folder, *path;
    struct writer *writer;
};

struct insert {
    struct write_job job;
    int64_t key;
    enum rc after;    /* what run returns after inserting */
    enum rc rc;       /* what done was told */
    int64_t seen;     /* rows of this key that another connection sees from within done */
    const char *path; /* of the database, for seen; NULL: do not look */
    bool holds;       /* run says that it is there and waits to be let go */
    sem_t entered, go;
    sem_t *told;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->folder = scratch_make(a);
    w->path = arena_printf(a, "%s/t.db", w->folder);
    *state = w;
    return 0;
}

static int setup_started(void **state)
{
    setup(state);
    struct world *w = *state;
    return writer_start(w->path, schema, &w->writer);
}

static int teardown(void **state)
{
    struct world *w = *state;

    writer_stop(w->writer);
    scratch_remove(w->folder);
    arena_free(w->arena);
    return 0;
}

static int64_t count(const char *path, int64_t from, int64_t to)
{
    struct db *db;
    bool row;

    assert_int_equal(db_open(path, DB_READ, NULL, &db), OK);
    struct db_stmt *s = db_stmt(db, sql_count);
    db_bind_int(s, 1, from);
    db_bind_int(s, 2, to);
    assert_int_equal(db_step(s, &row), OK);
    int64_t n = db_int(s, 0);
    db_close(db);
    return n;
}

static enum rc insert_run(struct db *db, struct write_job *job)
{
    struct insert *in = job->user;

    if (in->holds) {
        sem_post(&in->entered);
        sem_wait(&in->go);
    }
    struct db_stmt *s = db_stmt(db, sql_insert);
    db_bind_int(s, 1, in->key);
    TRY(db_run(s));
    return in->after;
}

static void insert_done(struct write_job *job, enum rc rc)
{
    struct insert *in = job->user;

    in->rc = rc;
    if (in->path != NULL)
        in->seen = count(in->path, in->key, in->key);
    sem_post(in->told);
}

static void submit(struct writer *w, struct insert *in, sem_t *told)
{
    in->told = told;
    in->job = (struct write_job){ .run = insert_run, .done = insert_done, .user = in };
    assert_int_equal(writer_submit(w, &in->job), OK);
}

static void wait_for(sem_t *told, size_t n)
{
    while (n > 0) {
        if (sem_wait(told) == 0)
            n--;
        else
            assert_int_equal(errno, EINTR);
    }
}

static void test_done_comes_after_the_commit(void **state)
{
    struct world *w = *state;
    struct insert in = { .key = 7, .path = w->path };
    sem_t told;

    sem_init(&told, 0, 0);
    submit(w->writer, &in, &told);
    wait_for(&told, 1);
    assert_int_equal(in.rc, OK);
    assert_int_equal(in.seen, 1);
}

/* Keeps the writer busy in a group of its own, so that what is submitted until sem_post(&holder->go) forms the next. */
static void hold(struct writer *w, struct insert *holder, sem_t *told)
{
    holder->holds = true;
    sem_init(&holder->entered, 0, 0);
    sem_init(&holder->go, 0, 0);
    submit(w, holder, told);
    wait_for(&holder->entered, 1);
}

static void test_a_failing_job_does_not_undo_its_neighbours(void **state)
{
    static const enum rc expected[] = { OK, E_REFUSED, OK, E_EXISTS, OK };
    struct world *w = *state;
    struct insert holder = { .key = 100 };
    struct insert in[] = { { .key = 1 }, { .key = 2, .after = E_REFUSED }, { .key = 3 }, { .key = 3 }, { .key = 4 } };
    sem_t told;

    sem_init(&told, 0, 0);
    hold(w->writer, &holder, &told);
    for (size_t i = 0; i < ARRAY_LEN(in); i++)
        submit(w->writer, &in[i], &told);
    sem_post(&holder.go);
    wait_for(&told, 1 + ARRAY_LEN(in));

    for (size_t i = 0; i < ARRAY_LEN(in); i++)
        assert_int_equal(in[i].rc, expected[i]);
    assert_int_equal(count(w->path, 2, 2), 0);
    assert_int_equal(count(w->path, 1, 4), 3);
}

struct feeder {
    pthread_t thread;
    struct writer *writer;
    struct insert *in;
    sem_t *told;
};

#define FEEDERS 4
#define EACH    500

static void *feed(void *arg)
{
    struct feeder *f = arg;

    for (int i = 0; i < EACH; i++)
        submit(f->writer, &f->in[i], f->told);
    return NULL;
}

static void test_jobs_of_many_threads_are_all_kept(void **state)
{
    struct world *w = *state;
    struct insert *in = ARENA_ARRAY(w->arena, struct insert, FEEDERS * EACH);
    struct feeder feeders[FEEDERS];
    sem_t told;

    sem_init(&told, 0, 0);
    for (int i = 0; i < FEEDERS * EACH; i++)
        in[i].key = i;
    for (int i = 0; i < FEEDERS; i++) {
        feeders[i] = (struct feeder){ .writer = w->writer, .in = in + i * EACH, .told = &told };
        assert_int_equal(pthread_create(&feeders[i].thread, NULL, feed, &feeders[i]), 0);
    }
    for (int i = 0; i < FEEDERS; i++)
        pthread_join(feeders[i].thread, NULL);
    wait_for(&told, FEEDERS * EACH);

    for (int i = 0; i < FEEDERS * EACH; i++)
        assert_int_equal(in[i].rc, OK);
    assert_int_equal(count(w->path, 0, FEEDERS * EACH), FEEDERS * EACH);
}

static void test_stop_finishes_what_is_queued(void **state)
{
    struct world *w = *state;
    struct insert in[50] = { 0 };
    sem_t told;

    sem_init(&told, 0, 0);
    for (int i = 0; i < 50; i++) {
        in[i].key = i;
        submit(w->writer, &in[i], &told);
    }
    writer_stop(w->writer);
    w->writer = NULL;
    assert_int_equal(count(w->path, 0, 49), 50);
}

static void test_a_full_queue_is_busy(void **state)
{
    struct world *w = *state;
    struct insert *in = ARENA_ARRAY(w->arena, struct insert, 10002);
    sem_t told;

    sem_init(&told, 0, 0);
    hold(w->writer, &in[0], &told);
    for (int i = 1; i <= 10000; i++) {
        in[i].key = i;
        submit(w->writer, &in[i], &told);
    }
    in[10001].job = (struct write_job){ .run = insert_run, .done = insert_done, .user = &in[10001] };
    assert_int_equal(writer_submit(w->writer, &in[10001].job), E_BUSY);
    sem_post(&in[0].go);
    wait_for(&told, 10001);
    assert_int_equal(count(w->path, 0, 10000), 10001);
}

/* A deferred foreign key is checked by COMMIT, which is how a COMMIT can be made to fail. */
static const char deferred_schema[] =
    "CREATE TABLE IF NOT EXISTS p (id INTEGER PRIMARY KEY);"
    "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED);";

static enum rc large_run(struct db *db, struct write_job *job UNUSED)
{
    return db_run(db_stmt(db, sql_large));
}

/* 8 MB until it is emptied, and four times that until the writer waits for it. */
static void test_the_log_begins_anew_while_much_is_written(void **state)
{
    struct world *w = *state;
    struct stat log;

    for (int i = 0; i < 80; i++)
        assert_int_equal(writer_run(w->writer, large_run, NULL), OK);
    assert_int_equal(stat(arena_printf(w->arena, "%s-wal", w->path), &log), 0);
    assert_true(log.st_size < (off_t)40 << 20);
}

static void test_a_failing_commit_is_e_io_for_all_and_ends_with_its_group(void **state)
{
    struct world *w = *state;
    struct insert holder = { .after = E_REFUSED }, after = { .key = 9, .after = E_REFUSED };
    struct insert orphans[] = { { .key = 1 }, { .key = 2, .after = E_REFUSED }, { .key = 3 } };
    sem_t told;

    sem_init(&told, 0, 0);
    assert_int_equal(writer_start(w->path, deferred_schema, &w->writer), OK);
    hold(w->writer, &holder, &told);
    for (size_t i = 0; i < ARRAY_LEN(orphans); i++)
        submit(w->writer, &orphans[i], &told);
    sem_post(&holder.go);
    wait_for(&told, 1 + ARRAY_LEN(orphans));
    for (size_t i = 0; i < ARRAY_LEN(orphans); i++)
        assert_int_equal(orphans[i].rc, E_IO);
    assert_int_equal(count(w->path, 0, 100), 0);

    submit(w->writer, &after, &told); /* the next group starts afresh */
    wait_for(&told, 1);
    assert_int_equal(after.rc, E_REFUSED);
}

static int acknowledge_to;

static void acknowledge(struct write_job *job, enum rc rc)
{
    int64_t key = ((struct insert *)job->user)->key;

    if (rc == OK && write(acknowledge_to, &key, sizeof(key)) != sizeof(key))
        _exit(1);
}

/* The child: writes for ever, acknowledging through the pipe. */
static _Noreturn void write_until_killed(const char *path, int fd)
{
    struct writer *w;

    acknowledge_to = fd;
    if (writer_start(path, schema, &w) != OK)
        _exit(1);
    for (int64_t key = 0;; key++) {
        struct insert *in = calloc(1, sizeof(*in));
        if (in == NULL)
            _exit(1);
        in->key = key;
        in->job = (struct write_job){ .run = insert_run, .done = acknowledge, .user = in };
        while (writer_submit(w, &in->job) == E_BUSY)
            usleep(100);
    }
}

static void test_a_killed_process_loses_nothing_acknowledged(void **state)
{
    struct world *w = *state;
    int64_t key, acknowledged = 0;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(fds[0]);
        write_until_killed(w->path, fds[1]);
    }
    close(fds[1]);
    while (acknowledged < 1000 && read(fds[0], &key, sizeof(key)) == sizeof(key))
        assert_int_equal(key, acknowledged++);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(fds[0], &key, sizeof(key)) == sizeof(key)) /* what it said with its last breath */
        acknowledged++;
    close(fds[0]);

    assert_true(acknowledged >= 1000);
    assert_int_equal(count(w->path, 0, acknowledged - 1), acknowledged); /* a reader may come first */
    assert_int_equal(writer_start(w->path, schema, &w->writer), OK);
    assert_int_equal(count(w->path, 0, acknowledged - 1), acknowledged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_done_comes_after_the_commit, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_a_failing_job_does_not_undo_its_neighbours, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_jobs_of_many_threads_are_all_kept, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_stop_finishes_what_is_queued, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_queue_is_busy, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_the_log_begins_anew_while_much_is_written, setup_started, teardown),
        cmocka_unit_test_setup_teardown(test_a_failing_commit_is_e_io_for_all_and_ends_with_its_group, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_killed_process_loses_nothing_acknowledged, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
