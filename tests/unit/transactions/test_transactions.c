/*
 * docs/transactions.md says what the rows say: this daemon's section between <!-- NAME --> and <!-- /NAME --> is
 * printed from its transactions and their audit events. KK_ACCEPT=1 writes it anew.
 */
#include "actor/daemon.h"

#include "base/arena.h"
#include "base/file.h"
#include "msg/audit_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define PAGE "docs/transactions.md"

extern const struct daemon_spec SPEC;

static void print_actions(struct buf *out, const struct transaction *t)
{
    for (size_t i = 0; i < TRANSACTION_ACTIONS && t->actions[i] != NULL; i++)
        buf_printf(out, "%s`%s`", i > 0 ? "<br>" : "", t->actions[i]);
}

static void print_side(struct buf *out, const struct audit_side *side)
{
    buf_printf(out, "%s %s, %s", side->event, audit_dcm_text(side->event),
               side->action == '*' ? "C U D" : (char[]){ side->action, '\0' });
}

static void print_row(struct buf *out, const struct transaction *t)
{
    const struct audit_event *event = audit_event_find(t->id);

    buf_printf(out, "| %s | %s | %s%s | ", t->id, t->name, t->door == DOOR_MLLP ? "MLLP " : "/KEY/", t->actor);
    print_actions(out, t);
    buf_printf(out, " | %s | ", t->door == DOOR_MLLP ? "HL7 v2" : t->mtom ? "MTOM" : "SOAP");
    print_side(out, audit_event_side(event, true));
    buf_add_text(out, " | ");
    print_side(out, audit_event_side(event, false));
    buf_printf(out, " | %s |\n", event->is_reversed ? "who answers" : "who asks");
}

static struct str section_print(struct arena *a)
{
    struct buf *out = buf_new(a, 1 << 20);

    buf_add_text(out, "\n| transaction | name | where | actions | packaging | audit: who asks | audit: who answers | "
                      "Source |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < SPEC.transaction_count; i++)
        print_row(out, &SPEC.transactions[i]);
    return buf_str(out);
}

static void test_every_transaction_has_an_audit_event(void **state UNUSED)
{
    for (size_t i = 0; i < SPEC.transaction_count; i++)
        assert_non_null(audit_event_find(SPEC.transactions[i].id));
}

static void test_the_page_says_what_the_rows_say(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *begin = arena_printf(a, "<!-- %s -->", SPEC.name), *end = arena_printf(a, "<!-- /%s -->", SPEC.name);
    struct str page, wanted = section_print(a);

    assert_int_equal(file_read(a, PAGE, 1 << 20, &page), OK);
    const char *from = strstr(page.data, begin), *to = strstr(page.data, end);
    assert_true(from != NULL && to != NULL && from < to);
    from += strlen(begin);
    if (getenv("KK_ACCEPT") != NULL) {
        struct buf *out = buf_new(a, 1 << 20);
        buf_add(out, page.data, (size_t)(from - page.data));
        buf_add_str(out, wanted);
        buf_add_text(out, to);
        assert_int_equal(file_write(PAGE, buf_str(out), 0644), OK);
    } else {
        assert_string_equal(arena_strndup(a, from, (size_t)(to - from)), arena_strndup(a, wanted.data, wanted.len));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_transaction_has_an_audit_event),
        cmocka_unit_test(test_the_page_says_what_the_rows_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
