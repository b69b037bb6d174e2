/* docs/openapi.json is the route table; KK_ACCEPT=1 writes it anew. */
#include "console/ask.h"
#include "console/pages.h"

#include "base/arena.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

#define FILE_NAME "docs/openapi.json"

static void test_the_description_is_the_route_table(void **state)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct str file;

    (void)state;
    openapi_write(out);
    if (getenv("KK_ACCEPT") != NULL)
        assert_int_equal(file_write(FILE_NAME, buf_str(out), 0644), OK);
    assert_int_equal(file_read(a, FILE_NAME, BUF_MAX_DEFAULT, &file), OK);
    assert_string_equal(file.data, buf_text(out));
    arena_free(a);
}

static void test_every_route_is_described(void **state)
{
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct json *root;

    (void)state;
    openapi_write(out);
    assert_int_equal(json_parse(a, buf_str(out), &root, NULL), OK);
    for (size_t i = 0; i < route_count; i++) {
        const struct json *path = json_get(json_get(root, "paths"), routes[i].path);
        bool is_there = false;
        for (const struct json *m = path != NULL ? path->first : NULL; m != NULL; m = m->next)
            is_there |= strcasecmp(m->key, routes[i].method) == 0 && text_equal(json_text(m, "summary"), routes[i].en);
        assert_true(is_there);
        assert_non_null(routes[i].answer);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_description_is_the_route_table),
        cmocka_unit_test(test_every_route_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
