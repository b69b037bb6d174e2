/* Records there and back, and what the queue does with more than it can keep. */
#include "actor/journal_queue.h"
#include "actor/journal_record.h"

#include "base/arena.h"
#include "base/clock.h"
#include "support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct world {
    struct arena *arena;
    const char *scratch;
    struct journal_record records[16];
    size_t count;
};

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->scratch = scratch_make(a);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    scratch_remove(w->scratch);
    arena_free(w->arena);
    return 0;
}

static void on_record(void *user, struct segment *s, uint64_t offset, uint64_t number, struct str bytes)
{
    struct world *w = user;
    struct str copy = { arena_memdup(w->arena, bytes.data, bytes.len), bytes.len };

    (void)s;
    (void)offset;
    (void)number;
    assert_int_equal(journal_record_decode(copy, &w->records[w->count++]), OK);
}

static void on_gone(void *user, struct segment *s)
{
    (void)user;
    (void)s;
}

static void read_back(struct world *w)
{
    struct segment_reader *r = segment_reader_open(w->scratch, &(struct segment_events){ on_record, on_gone, w });

    w->count = 0;
    segment_reader_refresh(r);
    segment_reader_close(r);
}

static struct journal_queue *queue_open(struct world *w, uint64_t rate)
{
    const struct journal_limits limits = { .segments = { .bytes = 1 << 20, .file = 1 << 20 }, .rate = rate };
    struct journal_queue *q;

    assert_int_equal(journal_queue_open(w->scratch, &limits, &q), OK);
    return q;
}

static void put(struct journal_queue *q, const struct str *body)
{
    struct journal_record r = { .time_us = clock_wall_us(), .runs = body, .run_count = 1, .body_size = body->len };

    journal_queue_put(q, &r);
}

static void test_a_record_comes_back_as_it_was(void **state)
{
    struct world *w = *state;
    struct buf *bytes = buf_new(w->arena, 1 << 20);
    const struct str runs[] = { STR("<a>"), STR("b"), STR("</a>") };
    struct journal_record r = { .time_us = 17,
                                .direction = JOURNAL_CALLED,
                                .rc = E_TIMEOUT,
                                .status = 503,
                                .duration_us = 4,
                                .body_size = 99,
                                .runs = runs,
                                .run_count = 3 },
                          back;

    for (int i = 0; i < JOURNAL_TEXTS; i++)
        r.text[i] = str_from(arena_printf(w->arena, "text %d", i));
    journal_record_encode(bytes, &r);
    assert_true(journal_record_size(&r) >= bytes->len);
    assert_int_equal(journal_record_decode(buf_str(bytes), &back), OK);
    assert_int_equal(back.time_us, 17);
    assert_int_equal(back.direction, JOURNAL_CALLED);
    assert_int_equal(back.rc, E_TIMEOUT);
    assert_int_equal(back.status, 503);
    assert_int_equal(back.body_size, 99);
    for (int i = 0; i < JOURNAL_TEXTS; i++)
        assert_true(i == JOURNAL_BODY ? str_is(back.text[i], "<a>b</a>")
                                      : str_is(back.text[i], arena_printf(w->arena, "text %d", i)));
}

static void test_what_is_cut_short_is_no_record(void **state)
{
    struct world *w = *state;
    struct buf *bytes = buf_new(w->arena, 1 << 20);
    struct journal_record r = { .text[JOURNAL_WHY] = STR("because") };

    journal_record_encode(bytes, &r);
    for (size_t n = 0; n < bytes->len; n++)
        assert_int_equal(journal_record_decode((struct str){ bytes->data, n }, &r), E_SYNTAX);
}

static void test_issues_and_parts_come_back(void **state)
{
    struct world *w = *state;
    struct buf *issues = buf_new(w->arena, 1 << 20), *parts = buf_new(w->arena, 1 << 20);
    struct journal_issue issue;
    struct journal_part part;

    journal_issue_pack(issues, &(struct journal_issue){ "XDSError", "XDS-DE-001", "/a", "3.18", "wrong", true });
    journal_issue_pack(issues, &(struct journal_issue){ .code = "Other", .text = "worse" });
    struct str rest = buf_str(issues);
    assert_true(journal_issue_next(w->arena, &rest, &issue));
    assert_string_equal(issue.rule, "XDS-DE-001");
    assert_true(issue.is_warning);
    assert_true(journal_issue_next(w->arena, &rest, &issue));
    assert_string_equal(issue.rule, "");
    assert_string_equal(issue.text, "worse");
    assert_false(issue.is_warning);
    assert_false(journal_issue_next(w->arena, &rest, &issue));
    journal_part_pack(parts, &(struct journal_part){ "id", "text/plain", NULL, (uint64_t)1 << 40, true });
    rest = buf_str(parts);
    assert_true(journal_part_next(w->arena, &rest, &part));
    assert_true(part.size == (uint64_t)1 << 40);
    assert_true(part.is_kept);
    assert_false(journal_part_next(w->arena, &rest, &part));
}

static void test_what_was_put_is_there_when_the_queue_closes(void **state)
{
    struct world *w = *state;
    struct journal_queue *q = queue_open(w, 1 << 20);
    const struct str body = STR("hello");

    for (int i = 0; i < 3; i++)
        put(q, &body);
    journal_queue_close(q);
    read_back(w);
    assert_int_equal(w->count, 3);
    assert_true(str_is(w->records[2].text[JOURNAL_BODY], "hello"));
}

static void test_bodies_beyond_the_rate_are_cut_and_counted(void **state)
{
    struct world *w = *state;
    struct journal_queue *q = queue_open(w, 12000);
    const struct str body = { arena_alloc(w->arena, 10000), 10000 };

    put(q, &body);
    put(q, &body);
    assert_int_equal(journal_queue_counts(q).cut, 1);
    journal_queue_close(q);
    read_back(w);
    assert_int_equal(w->records[0].text[JOURNAL_BODY].len, 10000);
    assert_int_equal(w->records[1].text[JOURNAL_BODY].len, JOURNAL_CUT);
    assert_int_equal(w->records[1].body_size, 10000);
}

static void test_what_the_bound_cannot_take_is_told_by_a_record(void **state)
{
    struct world *w = *state;
    struct journal_queue *q = queue_open(w, 1 << 20);
    const struct str huge = { arena_alloc(w->arena, JOURNAL_QUEUE_MAX), JOURNAL_QUEUE_MAX }, body = STR("after");

    put(q, &huge);
    put(q, &body);
    assert_int_equal(journal_queue_counts(q).lost, 1);
    journal_queue_close(q);
    read_back(w);
    assert_int_equal(w->count, 2);
    assert_int_equal(w->records[0].direction, JOURNAL_LOST);
    assert_int_equal(w->records[0].count, 1);
    assert_true(str_is(w->records[1].text[JOURNAL_BODY], "after"));
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_a_record_comes_back_as_it_was),
        IN_A_FOLDER(test_what_is_cut_short_is_no_record),
        IN_A_FOLDER(test_issues_and_parts_come_back),
        IN_A_FOLDER(test_what_was_put_is_there_when_the_queue_closes),
        IN_A_FOLDER(test_bodies_beyond_the_rate_are_cut_and_counted),
        IN_A_FOLDER(test_what_the_bound_cannot_take_is_told_by_a_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
