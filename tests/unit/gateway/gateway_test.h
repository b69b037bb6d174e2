#pragma once
/* What the gateway's tests share: three communities, a request without a network, XML in one line. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "actor/daemon.h"
#include "actor/request.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/xml.h"

#define HOME_A "urn:oid:2.999.392.1.1"
#define HOME_B "urn:oid:2.999.392.1.2"
#define HOME_C "urn:oid:2.999.392.1.3"

#define RIM "xmlns:rim='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'"

static struct community test_communities[] = {
    { .key = "a", .number = 1, .name = "A", .home_community_id = HOME_A, .patient_id_domain = "2.999.392.2.1" },
    { .key = "b", .number = 2, .name = "B", .home_community_id = HOME_B, .patient_id_domain = "2.999.392.2.2" },
    { .key = "backbone",
      .number = 3,
      .name = "BB",
      .home_community_id = HOME_C,
      .patient_id_domain = "2.999.392.2.3",
      .is_backbone = true },
};
UNUSED static const struct world test_world = { test_communities, ARRAY_LEN(test_communities) };

UNUSED static int test_setup(void **state)
{
    struct arena *a = arena_new();
    struct request *rq = ARENA_NEW(a, struct request);

    rq->arena = a;
    rq->community = &test_communities[0];
    rq->stage = "serve";
    rq->reply = buf_new(a, BUF_MAX_DEFAULT);
    *state = rq;
    return 0;
}

UNUSED static int test_teardown(void **state)
{
    arena_free(((struct request *)*state)->arena);
    return 0;
}

#define GATEWAY_TEST(fn) cmocka_unit_test_setup_teardown(fn, test_setup, test_teardown)

static inline struct xml_node *test_xml(struct arena *a, const char *text)
{
    struct xml_node *root;

    assert_int_equal(xml_parse(a, str_from(text), NULL, &root, NULL), OK);
    return root;
}

static inline void assert_issue(const struct issue *i, enum issue_code code, const char *location)
{
    assert_non_null(i);
    assert_int_equal(i->code, code);
    if (location == NULL)
        assert_null(i->location);
    else
        assert_string_equal(i->location, location);
}
