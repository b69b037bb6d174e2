#include "cli/bench.h"
#include "cli/bench_nginx.h"
#include "tests/unit/cli/cli_test.h"

#include <string.h>

static void test_a_ratio_target_is_met_at_its_value(void **state UNUSED)
{
    struct bench_line line = { .figure = 40, .comparator = 100, .kind = TARGET_RATIO_MIN, .target = 0.40 };

    assert_int_equal(bench_verdict(&line), VERDICT_MET);
    line.figure = 39.9;
    assert_int_equal(bench_verdict(&line), VERDICT_MISSED);
}

static void test_a_figure_target_is_missed_at_its_value(void **state UNUSED)
{
    struct bench_line line = { .figure = 31.9, .kind = TARGET_FIGURE_BELOW, .target = 32 };

    assert_int_equal(bench_verdict(&line), VERDICT_MET);
    line.figure = 32;
    assert_int_equal(bench_verdict(&line), VERDICT_MISSED);
}

static void test_a_figure_may_have_to_reach_its_target(void **state UNUSED)
{
    struct bench_line line = { .figure = 1500, .kind = TARGET_FIGURE_MIN, .target = 1500 };

    assert_int_equal(bench_verdict(&line), VERDICT_MET);
    line.figure = 1499;
    assert_int_equal(bench_verdict(&line), VERDICT_MISSED);
}

static void test_a_ratio_without_comparator_is_unknown_and_not_met(void **state UNUSED)
{
    struct bench_line line = { .figure = 40, .other = "nginx", .kind = TARGET_RATIO_MIN, .target = 0.40 };

    assert_true(bench_ratio(&line) == 0);
    assert_int_equal(bench_verdict(&line), VERDICT_UNKNOWN);
    assert_false(bench_is_met(&line));
}

static void test_all_is_met_when_no_line_with_a_target_fails(void **state UNUSED)
{
    struct bench_line last = { .figure = 99, .kind = TARGET_NONE };
    struct bench_line first = { .figure = 1, .kind = TARGET_FIGURE_BELOW, .target = 2, .next = &last };

    assert_true(bench_is_met(&first));
    first.figure = 3;
    assert_false(bench_is_met(&first));
}

static void test_a_line_prints_figure_comparator_ratio_and_verdict(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, 1 << 16);
    struct bench_line line = { .bench = "iti18",
                               .what = "requests answered",
                               .unit = "requests/s",
                               .figure = 12520,
                               .other = "nginx",
                               .comparator = 25040,
                               .kind = TARGET_RATIO_MIN,
                               .target = 0.40 };

    setenv("LC_ALL", "C", 1);
    bench_print(a, &line, out);
    assert_non_null(strstr(buf_text(out), "12520 requests/s  nginx: 25040 requests/s  0.50   ≥ 0.40  yes"));
    arena_free(a);
}

static void nginx_text(struct arena *a, const char *user, const char **text)
{
    const struct nginx_spec spec = {
        .folder = "/var/tmp/a b", .user = user, .pki = { "ca.pem", "cert.pem", "key.pem" }, .port = 4443, .workers = 2
    };
    struct buf *out = buf_new(a, 1 << 16);

    nginx_config_write(&spec, out);
    *text = buf_text(out);
}

static void test_nginx_asks_for_certificates_of_the_same_ca(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *text;

    nginx_text(a, NULL, &text);
    assert_non_null(strstr(text, "ssl_verify_client on;"));
    assert_non_null(strstr(text, "ssl_client_certificate \"ca.pem\";"));
    assert_non_null(strstr(text, "ssl_certificate \"cert.pem\";"));
    assert_non_null(strstr(text, "listen 127.0.0.1:4443 ssl reuseport;"));
    assert_non_null(strstr(text, "worker_processes 2;"));
    arena_free(a);
}

static void test_nginx_stays_within_its_folder(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *text;

    nginx_text(a, NULL, &text);
    assert_non_null(strstr(text, "pid \"/var/tmp/a b/nginx.pid\";"));
    assert_non_null(strstr(text, "error_log \"/var/tmp/a b/error.log\";"));
    assert_non_null(strstr(text, "client_body_temp_path \"/var/tmp/a b/client_body_temp\";"));
    assert_non_null(strstr(text, "root \"/var/tmp/a b/www\";"));
    assert_null(strstr(text, "user \""));
    nginx_text(a, "somebody", &text);
    assert_non_null(strstr(text, "user \"somebody\";"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_ratio_target_is_met_at_its_value),
        cmocka_unit_test(test_a_figure_target_is_missed_at_its_value),
        cmocka_unit_test(test_a_figure_may_have_to_reach_its_target),
        cmocka_unit_test(test_a_ratio_without_comparator_is_unknown_and_not_met),
        cmocka_unit_test(test_all_is_met_when_no_line_with_a_target_fails),
        cmocka_unit_test(test_a_line_prints_figure_comparator_ratio_and_verdict),
        cmocka_unit_test(test_nginx_asks_for_certificates_of_the_same_ca),
        cmocka_unit_test(test_nginx_stays_within_its_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
