#include "store/segments.h"

#include "base/arena.h"
#include "base/buf.h"
#include "store/segment_file.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
    struct arena *arena;
    const char *scratch, *folder;
    struct segment_writer *writer;
    uint64_t next;
    struct buf told; /* "1:one 2:two " and "gone " */
};

static const struct segment_limits roomy = { .bytes = 1 << 20, .file = 1 << 16 };

static void on_record(void *user, struct segment *s, uint64_t offset, uint64_t number, struct str bytes)
{
    struct world *w = user;

    assert_true(segment_record(s, offset).data == bytes.data);
    buf_printf(&w->told, "%llu:%.*s ", (unsigned long long)number, (int)bytes.len, bytes.data);
}

static void on_gone(void *user, struct segment *s)
{
    (void)s;
    buf_add_text(&((struct world *)user)->told, "gone ");
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->scratch = scratch_make(a);
    w->folder = arena_printf(a, "%s/journal", w->scratch);
    buf_init(&w->told, 1 << 20);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    segment_writer_close(w->writer);
    buf_clear(&w->told);
    scratch_remove(w->scratch);
    arena_free(w->arena);
    return 0;
}

static void reopen(struct world *w, const struct segment_limits *limits)
{
    segment_writer_close(w->writer);
    assert_int_equal(segment_writer_open(w->folder, limits, &w->writer, &w->next), OK);
}

static void append(struct world *w, const char *text)
{
    struct buf *framed = buf_new(w->arena, 1 << 20);

    segment_frame(framed, str_from(text));
    assert_int_equal(segment_writer_append(w->writer, buf_str(framed), 1), OK);
}

static struct segment_reader *reader_of(struct world *w)
{
    return segment_reader_open(w->folder, &(struct segment_events){ on_record, on_gone, w });
}

static const char *told(struct world *w, struct segment_reader *r)
{
    buf_reset(&w->told);
    segment_reader_refresh(r);
    return buf_text(&w->told);
}

static void test_a_reader_is_told_of_each_record_once(void **state)
{
    struct world *w = *state;
    struct segment_reader *r = reader_of(w);

    assert_string_equal(told(w, r), "");
    reopen(w, &roomy);
    append(w, "one");
    append(w, "two");
    assert_string_equal(told(w, r), "1:one 2:two ");
    append(w, "three");
    assert_string_equal(told(w, r), "3:three ");
    assert_string_equal(told(w, r), "");
    assert_int_equal(segment_reader_next(r), 4);
    segment_reader_close(r);
}

static void test_numbers_go_on_after_a_restart(void **state)
{
    struct world *w = *state;

    reopen(w, &roomy);
    assert_int_equal(w->next, 1);
    append(w, "one");
    reopen(w, &roomy);
    assert_int_equal(w->next, 2);
    append(w, "two");
    struct segment_reader *r = reader_of(w);
    assert_string_equal(told(w, r), "1:one 2:two ");
    segment_reader_close(r);
}

static void tear(struct world *w, const char *bytes, size_t n)
{
    int fd = open(arena_printf(w->arena, "%s/%020d.segment", w->folder, 1), O_WRONLY | O_APPEND);

    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static void test_a_torn_record_is_not_seen_and_is_dropped_at_the_start(void **state)
{
    struct world *w = *state;
    struct segment_reader *r = reader_of(w);

    reopen(w, &roomy);
    append(w, "one");
    tear(w, "\5\0\0\0tw", 6);
    assert_string_equal(told(w, r), "1:one ");
    reopen(w, &roomy);
    assert_int_equal(w->next, 2);
    append(w, "two");
    assert_string_equal(told(w, r), "2:two ");
    segment_reader_close(r);
}

static void test_zeros_at_the_end_are_no_records(void **state)
{
    struct world *w = *state;

    reopen(w, &roomy);
    append(w, "one");
    tear(w, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    reopen(w, &roomy);
    assert_int_equal(w->next, 2);
}

static void test_the_oldest_files_go_when_there_are_too_many_bytes(void **state)
{
    static const struct segment_limits tight = { .bytes = 40, .file = 12 };
    struct world *w = *state;
    struct segment_reader *r = reader_of(w);

    reopen(w, &tight);
    append(w, "first");
    append(w, "second");
    assert_string_equal(told(w, r), "1:first 2:second ");
    append(w, "third");
    append(w, "fourth");
    append(w, "fifth");
    assert_string_equal(told(w, r), "gone gone 3:third 4:fourth 5:fifth ");
    segment_reader_close(r);
}

/* As if its last record had been kept so many seconds ago. */
static void age(struct world *w, uint64_t first, time_t seconds)
{
    const struct timespec then = { .tv_sec = time(NULL) - seconds }, times[] = { then, then };

    assert_int_equal(utimensat(AT_FDCWD, segment_path(w->arena, w->folder, first), times, 0), 0);
}

static void test_what_is_too_old_goes_without_anything_new(void **state)
{
    static const struct segment_limits day = { .bytes = 1 << 20, .file = 1 << 20, .max_age = 86400 };
    struct world *w = *state;
    struct segment_reader *r = reader_of(w);

    reopen(w, &day);
    append(w, "first");
    append(w, "second");
    age(w, 1, 80000);
    reopen(w, &day);
    assert_string_equal(told(w, r), "1:first 2:second ");
    append(w, "third"); /* in a file of its own, or it would keep the others with it */
    age(w, 1, 90000);
    segment_writer_expire(w->writer);
    assert_string_equal(told(w, r), "gone 3:third ");
    reopen(w, &day);
    assert_int_equal(w->next, 4);
    age(w, 3, 90000);
    reopen(w, &day);
    assert_string_equal(told(w, r), "gone ");
    assert_int_equal(w->next, 4);
    segment_reader_close(r);
}

static void test_a_late_reader_begins_with_what_is_left(void **state)
{
    static const struct segment_limits tight = { .bytes = 20, .file = 12 };
    struct world *w = *state;

    reopen(w, &tight);
    for (int i = 0; i < 5; i++)
        append(w, arena_printf(w->arena, "rec%d", i));
    struct segment_reader *r = reader_of(w);
    assert_string_equal(told(w, r), "4:rec3 5:rec4 ");
    segment_reader_close(r);
    reopen(w, &tight);
    assert_int_equal(w->next, 6);
}

static void test_progress_is_seen_by_others(void **state)
{
    struct world *w = *state;
    struct segment_progress *mine;

    assert_null(segment_progress_find(w->folder));
    reopen(w, &roomy);
    assert_int_equal(segment_progress_make(w->folder, &mine), OK);
    const struct segment_progress *theirs = segment_progress_find(w->folder);
    assert_int_equal(theirs->submitted, 0);
    mine->submitted = 7;
    assert_int_equal(theirs->submitted, 7);
    segment_progress_close(theirs);
    segment_progress_close(mine);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_a_reader_is_told_of_each_record_once),
        IN_A_FOLDER(test_numbers_go_on_after_a_restart),
        IN_A_FOLDER(test_a_torn_record_is_not_seen_and_is_dropped_at_the_start),
        IN_A_FOLDER(test_zeros_at_the_end_are_no_records),
        IN_A_FOLDER(test_the_oldest_files_go_when_there_are_too_many_bytes),
        IN_A_FOLDER(test_what_is_too_old_goes_without_anything_new),
        IN_A_FOLDER(test_a_late_reader_begins_with_what_is_left),
        IN_A_FOLDER(test_progress_is_seen_by_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
