/* The control API over a journal of our own making: who is let in, what is refused, what is found and judged. */
#include "actor/journal_record.h"
#include "base/clock.h"
#include "base/file.h"
#include "console/console.h"
#include "store/segments.h"
#include "support/exchange.h"
#include "support/scratch.h"
#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

struct stage {
    struct arena *arena;
    const char *data;
    struct daemon *daemon;
    struct segment_writer *writer;
    uint64_t time_us;
};

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"

static void keep(struct stage *w, struct journal_record *r)
{
    struct buf *bytes = buf_new(w->arena, 1 << 20), *framed = buf_new(w->arena, 1 << 20);

    r->time_us = w->time_us += 1000;
    r->body_size = r->text[JOURNAL_BODY].len;
    journal_record_encode(bytes, r);
    segment_frame(framed, buf_str(bytes));
    assert_int_equal(segment_writer_append(w->writer, buf_str(framed), 1), OK);
}

/* registry-1: a query for R0001. registry-2: its refusal. registry-3: an ADT. */
static void journal_fill(struct stage *w)
{
    struct journal_record query = { .direction = JOURNAL_RECEIVED },
                          refusal = { .direction = JOURNAL_ANSWERED,
                                      .status = 200,
                                      .rc = E_REFUSED,
                                      .duration_us = 1500 },
                          adt = { .direction = JOURNAL_RECEIVED };
    struct buf *issues = buf_new(w->arena, 1 << 20);

    journal_issue_pack(issues, &(struct journal_issue){ .code = "XDSStoredQueryMissingParam",
                                                        .rule = "XDS-SQ-003",
                                                        .text = "a status is missing" });
    query.text[JOURNAL_TRANSACTION] = refusal.text[JOURNAL_TRANSACTION] = STR("ITI-18");
    query.text[JOURNAL_COMMUNITY] = refusal.text[JOURNAL_COMMUNITY] = STR("0035");
    query.text[JOURNAL_TRACE] = refusal.text[JOURNAL_TRACE] = STR(TRACE);
    query.text[JOURNAL_SPAN] = refusal.text[JOURNAL_SPAN] = STR("00f067aa0ba902b7");
    query.text[JOURNAL_BODY] = STR(
        "<q xmlns=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\"><AdhocQuery "
        "id=\"urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d\"><Slot name=\"$XDSDocumentEntryPatientId\"><ValueList>"
        "<Value>'R0001^^^&amp;2.999.392.2.35&amp;ISO'</Value></ValueList></Slot></AdhocQuery></q>");
    refusal.text[JOURNAL_ISSUES] = buf_str(issues);
    adt.text[JOURNAL_TRANSACTION] = STR("ITI-8");
    adt.text[JOURNAL_BODY] = STR("MSH|^~\\&|A|B|C|0035|2026||ADT^A01|M1|P|2.3.1\rPID|||P7^^^&2.999.5&ISO\r");
    keep(w, &query);
    keep(w, &refusal);
    keep(w, &adt);
}

#define INTERRUPTED "console/undertaking.json"

/* interrupted: what a console that was killed has left; NULL */
static int start_after(void **state, const char *token, const char *control_bind, const char *interrupted)
{
    struct arena *a = arena_new();
    struct stage *w = ARENA_NEW(a, struct stage);
    struct config *c = config_default(a);
    const struct {
        enum config_key key;
        const char *value;
    } settings[] = { { CONFIG_FIXTURES, "fixtures" },
                     { CONFIG_PLAIN_PORT, "-1" },
                     { CONFIG_COMMUNITIES, "0035,0026" },
                     { CONFIG_CONTROL_TOKEN, token },
                     { CONFIG_CONTROL_BIND, control_bind } };
    const struct segment_limits limits = { .bytes = 1 << 20, .file = 1 << 20 };
    uint64_t next;

    w->arena = a;
    w->data = scratch_make(a);
    w->time_us = 1795000000000000;
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        assert_int_equal(config_set(c, settings[i].key, settings[i].value), OK);
    assert_int_equal(config_set(c, CONFIG_DATA, w->data), OK);
    assert_int_equal(segment_writer_open(arena_printf(a, "%s/registry/journal", w->data), &limits, &w->writer, &next),
                     OK);
    journal_fill(w);
    if (interrupted != NULL) {
        assert_int_equal(file_mkdirs(arena_printf(a, "%s/console", w->data), 0700), OK);
        assert_int_equal(file_replace(arena_printf(a, "%s/" INTERRUPTED, w->data), str_from(interrupted), 0600), OK);
    }
    if (daemon_start(a, &console_spec, c, &w->daemon) == OK)
        daemon_run(w->daemon);
    *state = w;
    return 0;
}

static int start(void **state, const char *token, const char *control_bind)
{
    return start_after(state, token, control_bind, NULL);
}

static int setup(void **state)
{
    return start(state, "", "127.0.0.1");
}

static int setup_token(void **state)
{
    return start(state, "secret", "127.0.0.1");
}

static int teardown(void **state)
{
    struct stage *w = *state;

    if (w->daemon != NULL)
        daemon_stop(w->daemon);
    segment_writer_close(w->writer);
    scratch_remove(w->data);
    arena_free(w->arena);
    return 0;
}

/* head: the request line without the version, and more header lines with CRLF. */
static const char *ask(struct stage *w, const char *line, const char *headers, const char *body, int status)
{
    struct buf *answer = buf_new(w->arena, 1 << 20);
    const char *request = arena_printf(w->arena, "%s HTTP/1.1\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
                                       line, headers != NULL ? headers : "Host: localhost\r\n",
                                       body != NULL ? strlen(body) : 0, body != NULL ? body : "");

    assert_true(exchange(w->daemon->plain_port, str_from(request), answer));
    struct reply r = reply_parse(w->arena, buf_str(answer));
    assert_int_equal(r.status, status);
    return str_dup(w->arena, r.body);
}

static struct json *ask_json_of(struct stage *w, const char *line, const char *body, int status)
{
    struct json *root;

    assert_int_equal(json_parse(w->arena, str_from(ask(w, line, NULL, body, status)), &root, NULL), OK);
    return root;
}

static int found(struct stage *w, const char *query)
{
    return (int)json_number(ask_json_of(w, arena_printf(w->arena, "GET /journal/records?%s", query), NULL, 200),
                            "count", -1);
}

static void refused(struct stage *w, const char *line, const char *body, const char *field)
{
    const struct json *error = json_get(ask_json_of(w, line, body, 400), "error");

    assert_string_equal(json_text(error, "field"), field);
    assert_true(strlen(json_text(error, "message")) > 10);
}

/* ---- who is let in ---- */

static void test_a_page_of_another_site_is_not_let_in(void **state)
{
    ask(*state, "GET /journal/records", "Host: evil.example\r\n", NULL, 403);
    ask(*state, "GET /journal/records", "Host: localhost:1\r\nOrigin: http://evil.example\r\n", NULL, 403);
    ask(*state, "GET /journal/records", "Host: localhost:1\r\nOrigin: http://localhost:1\r\n", NULL, 200);
    ask(*state, "GET /journal/records", "Host: [::1]:1\r\n", NULL, 200);
    ask(*state, "GET /journal/records", "Host: 127.0.0.1.evil.example\r\n", NULL, 403);
}

static void test_a_token_is_asked_for_when_there_is_one(void **state)
{
    ask(*state, "GET /journal/records", NULL, NULL, 401);
    ask(*state, "GET /journal/records", "Host: localhost\r\nAuthorization: Bearer secre\r\n", NULL, 401);
    ask(*state, "GET /journal/records", "Host: localhost\r\nAuthorization: Bearer secretsecret\r\n", NULL, 401);
    ask(*state, "GET /journal/records", "Host: localhost\r\nAuthorization: Bearer secret\r\n", NULL, 200);
    ask(*state, "GET /healthz", NULL, NULL, 200);
}

static int setup_exposed(void **state)
{
    return start(state, "", "0.0.0.0");
}

static void test_it_does_not_leave_the_machine_without_a_token(void **state)
{
    struct stage *w = *state;

    assert_null(w->daemon);
}

/* ---- what was interrupted ---- */

static int setup_interrupted(void **state)
{
    return start_after(state, "", "127.0.0.1", "{\"do\": \"reset\", \"what\": \"journal\"}\n");
}

static int setup_nonsense(void **state)
{
    return start_after(state, "", "127.0.0.1", "{\"do\": \"restore\", \"snapshot\": \"../elsewhere\"}\n");
}

static bool is_left(struct stage *w)
{
    return access(arena_printf(w->arena, "%s/" INTERRUPTED, w->data), F_OK) == 0;
}

static void test_what_was_interrupted_is_finished_first(void **state)
{
    assert_int_equal(found(*state, ""), 0);
    assert_false(is_left(*state));
}

static void test_what_nobody_can_have_begun_is_forgotten(void **state)
{
    assert_int_equal(found(*state, ""), 3);
    assert_false(is_left(*state));
}

/* ---- what is found ---- */

static void test_filters_find_what_they_name(void **state)
{
    static const struct {
        const char *query;
        int count;
    } rows[] = {
        { "", 3 },
        { "transaction=ITI-18", 2 },
        { "transaction=ITI-18&direction=received", 1 },
        { "community=0035", 2 },
        { "community=0026", 0 },
        { "patient=R0001", 1 },
        { "patient=R0001%5E%5E%5E%262.999.392.2.35%26ISO", 1 },
        { "patient=R000", 0 },
        { "patient=P7", 1 },
        { "query=FindDocuments", 1 },
        { "status=200", 1 },
        { "outcome=refused", 1 },
        { "outcome=ok", 0 },
        { "error=XDSStoredQueryMissingParam", 1 },
        { "rule=XDS-SQ-003", 1 },
        { "finding=XDS-SQ-003", 1 },
        { "trace=" TRACE, 2 },
        { "text=MSH", 1 },
        { "since=registry-2", 1 },
        { "until=2026-11-18T11:06:40.001Z", 1 },
        { "limit=2", 2 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int count = found(*state, rows[i].query);
        if (count != rows[i].count)
            print_message("%s\n", rows[i].query);
        assert_int_equal(count, rows[i].count);
    }
}

static void test_what_cannot_be_asked_is_refused_with_its_place(void **state)
{
    refused(*state, "GET /journal/records?nothing=1", NULL, "query.nothing");
    refused(*state, "GET /journal/records?community=9999", NULL, "query.community");
    refused(*state, "GET /journal/records?status=good", NULL, "query.status");
    refused(*state, "GET /journal/records?limit=-1", NULL, "query.limit");
    refused(*state, "GET /journal/records?rule=XDS-XX-000", NULL, "query.rule");
    refused(*state, "GET /journal/records?since=yesterday", NULL, "query.since");
    refused(*state, "GET /journal/export?format=pdf", NULL, "query.format");
    refused(*state, "POST /journal/verify", "{", "body");
    refused(*state, "POST /journal/verify", "{}", "assertions");
    refused(*state, "POST /journal/verify", "{\"wait\":1,\"assertions\":[{}]}", "wait");
    refused(*state, "POST /journal/verify", "{\"waitMs\":\"1\",\"assertions\":[{}]}", "waitMs");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{\"where\":{\"staus\":1}}]}",
            "assertions[0].where.staus");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{\"where\":{\"status\":true}}]}",
            "assertions[0].where.status");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{},{\"after\":\"none\"}]}", "assertions[1].after");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{\"withinMs\":5}]}", "assertions[0].withinMs");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{\"exactly\":1,\"atMost\":2}]}", "assertions[0].exactly");
    refused(*state, "POST /journal/verify", "{\"assertions\":[{\"exactly\":1.5}]}", "assertions[0].exactly");
    ask(*state, "GET /nothing", NULL, NULL, 404);
    ask(*state, "POST /journal/records", NULL, NULL, 405);
}

static void test_a_record_is_shown_whole(void **state)
{
    struct json *r = ask_json_of(*state, "GET /journal/records/registry-3", NULL, 200);
    const struct json *segments = json_get(json_get(r, "body"), "segments");

    assert_string_equal(json_text(json_get(r, "body"), "kind"), "hl7v2");
    assert_string_equal(json_text(segments->first->next, "name"), "Patient Identification");
    r = ask_json_of(*state, "GET /journal/records/registry-1", NULL, 200);
    assert_non_null(strstr(json_text(json_get(r, "body"), "text"), ">\n  <"));
    ask(*state, "GET /journal/records/registry-99", NULL, NULL, 404);
}

static void test_the_tree_pairs_a_message_with_its_answer(void **state)
{
    struct json *t = ask_json_of(*state, "GET /journal/traces/" TRACE, NULL, 200);
    const struct json *root = json_get(t, "roots")->first;

    assert_int_equal((int)json_number(t, "spans", 0), 1);
    assert_string_equal(json_text(root, "request"), "registry-1");
    assert_string_equal(json_text(root, "answer"), "registry-2");
    assert_string_equal(json_text(root, "outcome"), "refused");
}

static const struct json *item_named(const struct json *root, const char *list, const char *name, const char *of)
{
    const struct json *item = json_get(json_get(root, list), "items")->first;

    while (item != NULL &&
           (strcmp(json_text(item, "name"), name) != 0 || (of != NULL && strcmp(json_text(item, "of"), of) != 0)))
        item = item->next;
    assert_non_null(item);
    return item;
}

static void test_coverage_is_what_the_journal_has(void **state)
{
    static const struct {
        const char *list, *name, *of;
        int count;
    } wanted[] = {
        { "queries", "FindDocuments", NULL, 1 },
        { "queries", "GetAll", NULL, 0 },
        { "parameters", "$XDSDocumentEntryPatientId", "FindDocuments", 1 },
        { "parameters", "$XDSDocumentEntryPatientId", "FindDocumentsByReferenceId", 0 },
        { "rules", "XDS-SQ-003", NULL, 1 },
        { "rules", "XDS-SQ-001", NULL, 0 },
        { "errors", "XDSStoredQueryMissingParam", NULL, 1 },
        { "errors", "XDSRegistryBusy", NULL, 0 },
        { "transactions", "ITI-18", NULL, 1 },
        { "transactions", "ITI-42", NULL, 0 },
    };
    struct stage *w = *state;

    assert_int_equal(file_write(arena_printf(w->arena, "%s/endpoints.json", w->data),
                                STR("{\"communities\": {\"0035\": {\"endpoints\": {\"registry\": {\"ITI-18\": \"u\", "
                                    "\"ITI-42\": \"u\"}}}}}"),
                                0644),
                     OK);
    const struct json *root = ask_json_of(w, "GET /coverage", NULL, 200);
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        assert_int_equal((int)json_number(item_named(root, wanted[i].list, wanted[i].name, wanted[i].of), "count", -1),
                         wanted[i].count);
    const struct json *community = json_get(json_get(root, "communities"), "0035");
    assert_int_equal((int)json_number(json_get(community, "transactions"), "exercised", -1), 1);
    assert_int_equal((int)json_number(json_get(community, "transactions"), "of", -1), 2);
    assert_int_equal((int)json_number(json_get(root, "transactions"), "of", -1), 2);

    root = ask_json_of(w, "GET /coverage?community=0026", NULL, 200);
    assert_int_equal((int)json_number(json_get(root, "rules"), "exercised", -1), 0);
    assert_non_null(strstr(ask(w, "GET /coverage?format=html", NULL, NULL, 200), "<tr class=yes><td class=n>1</td>"));
}

static void test_clearing_forgets_all_and_stays_so(void **state)
{
    struct stage *w = *state;
    struct journal_record later = { .direction = JOURNAL_RECEIVED };

    assert_int_equal((int)json_number(ask_json_of(w, "DELETE /journal/records", NULL, 200), "cleared", 0), 3);
    assert_int_equal(found(w, ""), 0);
    w->time_us = clock_wall_us() + 1000000;
    keep(w, &later);
    assert_int_equal(found(w, ""), 1);
}

/* ---- what is judged ---- */

static struct json *judged(struct stage *w, const char *assertions)
{
    return ask_json_of(w, "POST /journal/verify", arena_printf(w->arena, "{\"assertions\":[%s]}", assertions), 200);
}

static bool holds(struct stage *w, const char *assertions)
{
    return json_bool(judged(w, assertions), "passed", false);
}

static void test_counts_and_order_are_judged(void **state)
{
    static const struct {
        const char *assertions;
        bool holds;
    } rows[] = {
        { "{}", true },
        { "{\"exactly\":3}", true },
        { "{\"exactly\":2}", false },
        { "{\"atMost\":2}", false },
        { "{\"atMost\":3,\"atLeast\":3}", true },
        { "{\"where\":{\"rule\":\"XDS-SQ-003\",\"status\":200}}", true },
        { "{\"where\":{\"rule\":\"XDS-SQ-003\",\"status\":\"500\"},\"exactly\":0}", true },
        { "{\"name\":\"a\",\"where\":{\"direction\":\"answered\"}},{\"after\":\"a\",\"exactly\":1}", true },
        { "{\"name\":\"a\",\"where\":{\"direction\":\"answered\"}},{\"after\":\"a\",\"where\":{\"transaction\":\"ITI-"
          "18\"}}",
          false },
        { "{\"name\":\"a\"},{\"after\":\"a\",\"withinMs\":1,\"exactly\":1}", true },
        { "{\"name\":\"a\"},{\"after\":\"a\",\"withinMs\":2,\"exactly\":2}", true },
        { "{\"name\":\"a\"},{\"sameTraceAs\":\"a\",\"exactly\":2}", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (holds(*state, rows[i].assertions) != rows[i].holds)
            print_message("%s\n", rows[i].assertions);
        assert_true(holds(*state, rows[i].assertions) == rows[i].holds);
    }
}

static void test_a_failure_names_the_nearest_miss_and_its_difference(void **state)
{
    struct json *v = judged(*state, "{\"where\":{\"transaction\":\"ITI-18\",\"outcome\":\"ok\"}}");
    const struct json *nearest = json_get(json_get(v, "assertions")->first, "nearest")->first;

    assert_string_equal(json_text(nearest, "id"), "registry-2");
    assert_string_equal(json_text(json_get(nearest, "firstDifference"), "field"), "outcome");
    assert_string_equal(json_text(json_get(nearest, "firstDifference"), "expected"), "ok");
    assert_string_equal(json_text(json_get(nearest, "firstDifference"), "got"), "refused");
}

static void test_waiting_ends_when_it_holds_or_when_the_time_is_over(void **state)
{
    struct json *v = ask_json_of(*state, "POST /journal/verify",
                                 "{\"waitMs\":60,\"assertions\":[{\"where\":{\"transaction\":\"ITI-41\"}}]}", 200);

    assert_false(json_bool(v, "passed", true));
    assert_true(json_number(v, "tookMs", 0) >= 60);
    v = ask_json_of(*state, "POST /journal/verify", "{\"waitMs\":60000,\"assertions\":[{}]}", 200);
    assert_true(json_bool(v, "passed", false));
}

int main(void)
{
#define WITH(start_it, test) cmocka_unit_test_setup_teardown(test, start_it, teardown)
    const struct CMUnitTest tests[] = {
        WITH(setup, test_a_page_of_another_site_is_not_let_in),
        WITH(setup_token, test_a_token_is_asked_for_when_there_is_one),
        WITH(setup_exposed, test_it_does_not_leave_the_machine_without_a_token),
        WITH(setup_interrupted, test_what_was_interrupted_is_finished_first),
        WITH(setup_nonsense, test_what_nobody_can_have_begun_is_forgotten),
        WITH(setup, test_filters_find_what_they_name),
        WITH(setup, test_what_cannot_be_asked_is_refused_with_its_place),
        WITH(setup, test_a_record_is_shown_whole),
        WITH(setup, test_the_tree_pairs_a_message_with_its_answer),
        WITH(setup, test_coverage_is_what_the_journal_has),
        WITH(setup, test_clearing_forgets_all_and_stays_so),
        WITH(setup, test_counts_and_order_are_judged),
        WITH(setup, test_a_failure_names_the_nearest_miss_and_its_difference),
        WITH(setup, test_waiting_ends_when_it_holds_or_when_the_time_is_over),
    };

    net_init();
    log_open("test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
