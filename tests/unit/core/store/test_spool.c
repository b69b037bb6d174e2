/* Documents on their way to the disk and at rest there. */
#include "store/spool.h"

#include "base/arena.h"
#include "base/file.h"
#include "store/db.h"
#include "store/vault.h"
#include "support/scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)

struct world {
    struct arena *arena;
    const char *folder;
    struct spool *spool;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->folder = scratch_make(a);
    assert_int_equal(spool_start(w->folder, &w->spool), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    spool_stop(w->spool);
    scratch_remove(w->folder);
    arena_free(w->arena);
    return 0;
}

/* A callback that can be waited for. */
struct answer {
    sem_t told;
    enum rc rc;
    atomic_int times;
};

static struct answer *answer_new(struct world *w)
{
    struct answer *answer = ARENA_NEW(w->arena, struct answer);

    sem_init(&answer->told, 0, 0);
    return answer;
}

static void answered(void *arg, enum rc rc)
{
    struct answer *answer = arg;

    answer->rc = rc;
    atomic_fetch_add(&answer->times, 1);
    sem_post(&answer->told);
}

static enum rc answer_wait(struct answer *answer)
{
    while (sem_wait(&answer->told) != 0)
        ;
    return answer->rc;
}

static enum rc finish(struct world *w, struct spool_file *f, bool durable)
{
    struct answer *answer = answer_new(w);

    spool_finish(f, durable, answered, answer);
    return answer_wait(answer);
}

static enum rc keep(struct world *w, struct spool_file *f)
{
    struct answer *answer = answer_new(w);

    spool_keep(f, answered, answer);
    return answer_wait(answer);
}

static struct spool_file *kept(struct world *w, struct str bytes)
{
    struct spool_file *f = spool_create(w->spool, NULL, NULL);

    spool_add(f, bytes);
    assert_int_equal(finish(w, f, true), OK);
    assert_int_equal(keep(w, f), OK);
    return f;
}

static size_t temporary_files(struct world *w)
{
    char **names;
    size_t n;

    assert_int_equal(file_list(w->arena, arena_printf(w->arena, "%s/spool", w->folder), ".tmp", &names, &n), OK);
    return n;
}

static const char *blob_path(struct world *w, const char *sha256)
{
    return arena_printf(w->arena, "%s/blobs/%.2s/%s", w->folder, sha256, sha256 + 2);
}

/* Opens a blob and, where nobody looked at it yet, has it looked at. */
static enum rc sound(struct world *w, const char *sha256, uint64_t size, int *fd)
{
    struct answer *answer = answer_new(w);
    enum rc rc = vault_open(spool_vault(w->spool), sha256, size, fd);

    if (rc != LATER)
        return rc;
    vault_check(spool_vault(w->spool), sha256, *fd, answered, answer);
    return answer_wait(answer);
}

static void assert_fd_holds(int fd, const char *bytes, size_t len)
{
    char *got = malloc(len + 1);

    assert_int_equal(pread(fd, got, len + 1, 0), len);
    assert_memory_equal(got, bytes, len);
    free(got);
}

/* Bytes that differ at every place and for every seed. */
static char *noise(struct world *w, size_t len, unsigned seed)
{
    char *bytes = arena_alloc(w->arena, len);
    uint32_t x = seed * 2654435761u + 1;

    for (size_t i = 0; i < len; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (char)(x >> 24);
    }
    return bytes;
}

static void test_a_finished_file_is_hashed_and_readable(void **state)
{
    struct world *w = *state;
    struct spool_file *f = spool_create(w->spool, NULL, NULL);

    spool_add(f, STR("a"));
    spool_add(f, STR("bc"));
    assert_int_equal(finish(w, f, false), OK);
    assert_int_equal(spool_size(f), 3);
    assert_string_equal(spool_sha1(f), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_string_equal(spool_sha256(f), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_fd_holds(spool_fd(f), "abc", 3);
    spool_drop(f);
}

static void test_a_file_of_no_bytes_is_a_file(void **state)
{
    struct world *w = *state;
    struct spool_file *f = kept(w, STR(""));
    int fd;

    assert_string_equal(spool_sha1(f), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    assert_int_equal(sound(w, spool_sha256(f), 0, &fd), OK);
    close(fd);
    spool_drop(f);
}

static void test_a_kept_file_is_a_blob_and_stays_readable(void **state)
{
    struct world *w = *state;
    size_t len = 3 * MIB + 17;
    char *bytes = noise(w, len, 1);
    struct spool_file *f = kept(w, (struct str){ bytes, len });
    const char *sha256 = arena_strdup(w->arena, spool_sha256(f));
    struct stat st;
    int fd;

    assert_fd_holds(spool_fd(f), bytes, len);
    assert_int_equal(stat(blob_path(w, sha256), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(temporary_files(w), 0);
    spool_drop(f);
    spool_stop(w->spool);
    assert_int_equal(spool_start(w->folder, &w->spool), OK);
    assert_int_equal(sound(w, sha256, len, &fd), OK);
    assert_fd_holds(fd, bytes, len);
    close(fd);
}

static void test_equal_documents_share_a_blob(void **state)
{
    struct world *w = *state;
    struct spool_file *first = kept(w, STR("same"));
    struct stat before, after;

    assert_int_equal(stat(blob_path(w, spool_sha256(first)), &before), 0);
    struct spool_file *second = kept(w, STR("same"));
    assert_int_equal(stat(blob_path(w, spool_sha256(second)), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(temporary_files(w), 0);
    assert_fd_holds(spool_fd(second), "same", 4);
    spool_drop(first);
    spool_drop(second);
}

static void test_a_damaged_blob_is_noticed_and_healed_by_its_next_copy(void **state)
{
    struct world *w = *state;
    struct spool_file *f = kept(w, STR("whole"));
    int fd;

    assert_int_equal(truncate(blob_path(w, spool_sha256(f)), 2), 0);
    assert_int_equal(sound(w, spool_sha256(f), 5, &fd), E_IO);
    struct spool_file *again = kept(w, STR("whole"));
    assert_int_equal(sound(w, spool_sha256(f), 5, &fd), OK);
    assert_fd_holds(fd, "whole", 5);
    close(fd);
    spool_drop(f);
    spool_drop(again);
}

/* Flips a byte without touching the size. A clock tick may be longer than the test, so the time is set. */
static void damage(const char *path)
{
    const struct timespec times[] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
    int fd = open(path, O_RDWR);
    char byte;

    assert_int_equal(pread(fd, &byte, 1, 2), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 2), 1);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

static void test_what_was_kept_is_known_to_be_sound_until_somebody_touches_it(void **state)
{
    struct world *w = *state;
    struct spool_file *f = kept(w, STR("whole"));
    const char *sha256 = arena_strdup(w->arena, spool_sha256(f));
    struct vault *vault = spool_vault(w->spool);
    int fd;

    assert_int_equal(vault_open(vault, sha256, 5, &fd), OK);
    close(fd);
    damage(blob_path(w, sha256));
    assert_int_equal(vault_open(vault, sha256, 5, &fd), LATER);
    close(fd);
    assert_int_equal(sound(w, sha256, 5, &fd), E_IO);
    close(fd);
    assert_int_equal(vault_open(vault, sha256, 5, &fd), E_IO); /* and is not read again */

    spool_drop(kept(w, STR("whole"))); /* a copy of it does not trust the damaged one */
    assert_int_equal(vault_open(vault, sha256, 5, &fd), OK);
    assert_fd_holds(fd, "whole", 5);
    close(fd);
    spool_drop(f);
}

static void test_after_a_start_every_blob_is_looked_at_once(void **state)
{
    struct world *w = *state;
    char *bytes = noise(w, 2 * MIB + 5, 3);
    struct spool_file *f = kept(w, (struct str){ bytes, 2 * MIB + 5 });
    const char *sha256 = arena_strdup(w->arena, spool_sha256(f));
    int fd;

    spool_drop(f);
    spool_stop(w->spool);
    assert_int_equal(spool_start(w->folder, &w->spool), OK);
    assert_int_equal(vault_open(spool_vault(w->spool), sha256, 2 * MIB + 5, &fd), LATER);
    close(fd);
    assert_int_equal(sound(w, sha256, 2 * MIB + 5, &fd), OK);
    close(fd);
    assert_int_equal(vault_open(spool_vault(w->spool), sha256, 2 * MIB + 5, &fd), OK);
    close(fd);
}

static void test_a_second_process_does_not_get_the_same_folder(void **state)
{
    struct world *w = *state;
    struct spool *second;

    assert_int_equal(spool_start(w->folder, &second), E_EXISTS);
}

/* ---- what nobody refers to ---- */

static const char references[] = "SELECT 1 FROM doc WHERE sha256 = ?1";

/* A database that refers to that blob, or to none. */
static const char *owner_new(struct world *w, const char *sha256)
{
    const char *path = arena_printf(w->arena, "%s/owner.db", w->folder);
    struct db *db;

    assert_int_equal(db_open(path, DB_WRITE, "CREATE TABLE IF NOT EXISTS doc (sha256 TEXT)", &db), OK);
    struct db_stmt *s = db_stmt(db, "INSERT INTO doc VALUES (?)");
    db_bind_text(s, 1, sha256);
    assert_int_equal(db_run(s), OK);
    db_close(db);
    return path;
}

static bool is_there(struct world *w, const char *sha256)
{
    return access(blob_path(w, sha256), F_OK) == 0;
}

/* What is queued is done once the spool has stopped. */
static void restart(struct world *w)
{
    spool_stop(w->spool);
    assert_int_equal(spool_start(w->folder, &w->spool), OK);
}

static void test_a_blob_goes_once_it_is_neither_pinned_nor_referred_to(void **state)
{
    struct world *w = *state;
    struct spool_file *pinned = kept(w, STR("pinned")), *wanted = kept(w, STR("wanted")),
                      *loose = kept(w, STR("loose"));
    struct spool_file *all[] = { pinned, wanted, loose };
    const char *names[3];

    assert_int_equal(vault_own(spool_vault(w->spool), owner_new(w, spool_sha256(wanted)), references), OK);
    for (int i = 0; i < 3; i++)
        names[i] = arena_strdup(w->arena, spool_sha256(all[i]));
    vault_unpin(spool_vault(w->spool), names[1]);
    vault_unpin(spool_vault(w->spool), names[2]);
    for (int i = 0; i < 3; i++) {
        vault_release(spool_vault(w->spool), names[i]);
        spool_drop(all[i]);
    }
    restart(w);
    assert_true(is_there(w, names[0]));
    assert_true(is_there(w, names[1]));
    assert_false(is_there(w, names[2]));
}

static void test_a_blob_pinned_twice_needs_two_to_let_go(void **state)
{
    struct world *w = *state;
    struct spool_file *first = kept(w, STR("twice")), *second = kept(w, STR("twice"));
    const char *sha256 = arena_strdup(w->arena, spool_sha256(first));

    assert_int_equal(vault_own(spool_vault(w->spool), owner_new(w, "none"), references), OK);
    spool_drop(first);
    spool_drop(second);
    vault_unpin(spool_vault(w->spool), sha256);
    vault_release(spool_vault(w->spool), sha256);
    restart(w);
    assert_true(is_there(w, sha256));
}

/* Sweeping asks for another second than the blob's: its time is set back. */
static void test_orphans_of_before_the_start_are_swept(void **state)
{
    struct world *w = *state;
    struct spool_file *wanted = kept(w, STR("wanted")), *orphan = kept(w, STR("orphan"));
    const char *name = arena_strdup(w->arena, spool_sha256(wanted));
    const char *orphaned = arena_strdup(w->arena, spool_sha256(orphan));

    spool_drop(wanted);
    spool_drop(orphan);
    restart(w);
    assert_int_equal(vault_own(spool_vault(w->spool), owner_new(w, name), references), OK);
    const struct timespec pause = { .tv_nsec = 10000000 };
    for (int i = 0; i < 500 && is_there(w, orphaned); i++) {
        nanosleep(&pause, NULL);
        restart(w);
        assert_int_equal(vault_own(spool_vault(w->spool), owner_new(w, name), references), OK);
    }
    assert_false(is_there(w, orphaned));
    assert_true(is_there(w, name));
}

static void test_a_blob_is_found_by_its_name_alone(void **state)
{
    struct world *w = *state;
    int fd;

    assert_int_equal(sound(w, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3, &fd), E_NOT_FOUND);
    assert_int_equal(sound(w, "../../../../../../../../../../../../../../../../../../etc/passwd", 3, &fd), E_NOT_FOUND);
    assert_int_equal(sound(w, "", 0, &fd), E_NOT_FOUND);
}

static void test_a_start_empties_the_spool_and_leaves_the_blobs(void **state)
{
    struct world *w = *state;
    struct spool_file *f = kept(w, STR("at rest"));
    const char *sha256 = arena_strdup(w->arena, spool_sha256(f));
    int fd;

    spool_drop(f);
    spool_stop(w->spool);
    for (int i = 0; i < 3; i++) /* what a killed process leaves */
        assert_int_equal(file_write(arena_printf(w->arena, "%s/spool/%d.tmp", w->folder, i), STR("half"), 0600), OK);
    assert_int_equal(spool_start(w->folder, &w->spool), OK);
    assert_int_equal(temporary_files(w), 0);
    assert_int_equal(sound(w, sha256, 7, &fd), OK);
    close(fd);
}

static void test_files_that_interleave_do_not_mix(void **state)
{
    enum { FILES = 9, PIECES = 300 };
    struct world *w = *state;
    struct spool_file *files[FILES];
    size_t piece = 1237, len = piece * PIECES;
    char *bytes[FILES];

    for (unsigned i = 0; i < FILES; i++) {
        bytes[i] = noise(w, len, i);
        files[i] = spool_create(w->spool, NULL, NULL);
    }
    for (size_t p = 0; p < PIECES; p++) {
        for (size_t i = 0; i < FILES; i++)
            spool_add(files[i], (struct str){ bytes[i] + p * piece, piece });
    }
    for (size_t i = 0; i < FILES; i++) {
        assert_int_equal(finish(w, files[i], false), OK);
        assert_fd_holds(spool_fd(files[i]), bytes[i], len);
        spool_drop(files[i]);
    }
}

static void test_a_drop_takes_what_is_queued_with_it(void **state)
{
    struct world *w = *state;
    char *bytes = noise(w, MIB, 3);

    for (int i = 0; i < 200; i++) {
        struct answer *answer = answer_new(w);
        struct spool_file *f = spool_create(w->spool, NULL, NULL);
        for (int n = 0; n < i % 4; n++)
            spool_add(f, (struct str){ bytes, MIB / 2 + 5 });
        if (i % 3 > 0)
            spool_finish(f, i % 3 == 2, answered, answer);
        if (i % 6 == 5)
            spool_keep(f, answered, answer);
        if (i % 5 == 0)
            usleep(500);
        spool_drop(f);
        int told = atomic_load(&answer->times);
        usleep(i % 2 == 0 ? 300 : 0);
        assert_int_equal(atomic_load(&answer->times), told); /* silent once dropped */
    }
    spool_drop(NULL);
    spool_stop(w->spool);
    w->spool = NULL;
    assert_int_equal(temporary_files(w), 0);
}

struct slow {
    sem_t entered;
    atomic_bool is_over;
};

static void call_slowly(void *arg, UNUSED enum rc rc)
{
    struct slow *slow = arg;

    sem_post(&slow->entered);
    usleep(20000);
    atomic_store(&slow->is_over, true);
}

static void test_a_drop_waits_for_a_callback_under_way(void **state)
{
    struct world *w = *state;
    struct slow slow = { .is_over = false };
    struct spool_file *f = spool_create(w->spool, NULL, NULL);

    sem_init(&slow.entered, 0, 0);
    spool_finish(f, false, call_slowly, &slow);
    sem_wait(&slow.entered);
    spool_drop(f);
    assert_true(atomic_load(&slow.is_over));
}

struct dropper {
    struct spool_file *file;
    sem_t told;
};

static void drop_from_done(void *arg, UNUSED enum rc rc)
{
    struct dropper *d = arg;

    spool_drop(d->file);
    sem_post(&d->told);
}

static void test_a_callback_may_drop_its_file(void **state)
{
    struct world *w = *state;
    struct dropper d = { .file = spool_create(w->spool, NULL, NULL) };

    sem_init(&d.told, 0, 0);
    spool_add(d.file, STR("x"));
    spool_finish(d.file, true, drop_from_done, &d);
    while (sem_wait(&d.told) != 0)
        ;
    spool_stop(w->spool);
    w->spool = NULL;
    assert_int_equal(temporary_files(w), 0);
}

static void block_disk(void *arg, UNUSED enum rc rc)
{
    sem_t **sems = arg;

    sem_post(sems[0]);
    sem_wait(sems[1]);
}

static void drained(void *arg)
{
    sem_post(arg);
}

/* A callback holds each of the four disk threads, so that what is added waits for as long as the test wants. */
static void test_a_full_file_says_so_and_tells_once_when_drained(void **state)
{
    struct world *w = *state;
    char *bytes = noise(w, MIB, 4);
    sem_t held, go, free_again;
    sem_t *sems[] = { &held, &go };

    sem_init(&held, 0, 0);
    sem_init(&go, 0, 0);
    sem_init(&free_again, 0, 0);
    struct spool_file *holders[4];
    for (size_t i = 0; i < ARRAY_LEN(holders); i++) {
        holders[i] = spool_create(w->spool, NULL, NULL);
        spool_finish(holders[i], false, block_disk, sems);
    }
    for (size_t i = 0; i < ARRAY_LEN(holders); i++)
        sem_wait(&held);

    struct spool_file *f = spool_create(w->spool, drained, &free_again);
    spool_add(f, (struct str){ bytes, MIB / 2 });
    assert_false(spool_is_full(f));
    spool_add(f, (struct str){ bytes, MIB / 2 });
    assert_true(spool_is_full(f));
    for (size_t i = 0; i < ARRAY_LEN(holders); i++)
        sem_post(&go);
    sem_wait(&free_again);
    assert_false(spool_is_full(f));
    assert_int_equal(finish(w, f, false), OK);
    assert_int_not_equal(sem_trywait(&free_again), 0);
    assert_int_equal(spool_size(f), MIB);
    spool_drop(f);
    for (size_t i = 0; i < ARRAY_LEN(holders); i++)
        spool_drop(holders[i]);
}

/* A file size limit stands in for a full disk. */
static void test_a_write_that_fails_is_told_at_finish_and_at_keep(void **state)
{
    struct world *w = *state;
    struct rlimit before, small;
    char *bytes = noise(w, 2 * MIB, 5);

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = MIB;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct spool_file *f = spool_create(w->spool, NULL, NULL);
    for (int i = 0; i < 4; i++)
        spool_add(f, (struct str){ bytes, MIB });
    enum rc finished = finish(w, f, true), held = keep(w, f);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);

    assert_int_equal(finished, E_FULL);
    assert_int_equal(held, E_FULL);
    spool_drop(f);
    spool_drop(kept(w, STR("the next one is fine")));
    spool_stop(w->spool);
    w->spool = NULL;
    assert_int_equal(temporary_files(w), 0);
}

struct chain {
    struct spool_file *file;
    struct answer *answer;
};

static void keep_next(void *arg, enum rc rc)
{
    struct chain *c = arg;

    if (rc != OK)
        answered(c->answer, rc);
    else
        spool_keep(c->file, answered, c->answer);
}

static void test_many_small_documents_are_kept_side_by_side(void **state)
{
    enum { DOCUMENTS = 500 };
    struct world *w = *state;
    struct chain chains[DOCUMENTS];
    char *bytes = noise(w, DOCUMENTS * 1024, 6);
    int fd;

    for (int i = 0; i < DOCUMENTS; i++) {
        chains[i] = (struct chain){ .file = spool_create(w->spool, NULL, NULL), .answer = answer_new(w) };
        spool_add(chains[i].file, (struct str){ bytes + i * 1024, 1024 });
        spool_finish(chains[i].file, true, keep_next, &chains[i]);
    }
    for (int i = 0; i < DOCUMENTS; i++) {
        assert_int_equal(answer_wait(chains[i].answer), OK);
        assert_int_equal(sound(w, spool_sha256(chains[i].file), 1024, &fd), OK);
        assert_fd_holds(fd, bytes + i * 1024, 1024);
        close(fd);
        spool_drop(chains[i].file);
    }
}

static void test_a_spool_without_a_folder_does_not_start(void **state)
{
    struct world *w = *state;
    const char *file = arena_printf(w->arena, "%s/file", w->folder);
    struct spool *s;

    assert_int_equal(file_write(file, STR(""), 0600), OK);
    assert_int_equal(spool_start(file, &s), E_IO);
    assert_int_equal(spool_start(arena_printf(w->arena, "%s/below", file), &s), E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_finished_file_is_hashed_and_readable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_of_no_bytes_is_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_kept_file_is_a_blob_and_stays_readable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_equal_documents_share_a_blob, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_blob_is_noticed_and_healed_by_its_next_copy, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_blob_is_found_by_its_name_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_was_kept_is_known_to_be_sound_until_somebody_touches_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_after_a_start_every_blob_is_looked_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_second_process_does_not_get_the_same_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_blob_goes_once_it_is_neither_pinned_nor_referred_to, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_blob_pinned_twice_needs_two_to_let_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_orphans_of_before_the_start_are_swept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_start_empties_the_spool_and_leaves_the_blobs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files_that_interleave_do_not_mix, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_drop_takes_what_is_queued_with_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_drop_waits_for_a_callback_under_way, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_callback_may_drop_its_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_file_says_so_and_tells_once_when_drained, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_write_that_fails_is_told_at_finish_and_at_keep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_small_documents_are_kept_side_by_side, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_spool_without_a_folder_does_not_start, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
