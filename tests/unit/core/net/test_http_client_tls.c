/* Whom the client trusts, and how it says that it does not, or is not. */
#include "net/http_client.h"

#include "base/arena.h"
#include "support/scratch.h"
#include "unit/core/net/peer.h"
#include "unit/core/net/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    struct arena *arena;
    const char *folder;
    struct tls_files server, client;
    struct tls_files rogue;    /* trusts us, but its certificate is of another authority */
    struct tls_files nameless; /* of our authority, but not for this host */
    struct loop *loop;
    struct http_client *http;
    struct peer *peer;
};

struct told {
    struct world *world;
    int dones, status;
    enum rc rc;
    const char *why;
};

static enum rc on_head(UNUSED struct http_call *call, int status, UNUSED const char *content_type, void *user)
{
    ((struct told *)user)->status = status;
    return OK;
}

static enum rc on_body(UNUSED struct http_call *call, UNUSED struct str bytes, UNUSED void *user)
{
    return OK;
}

static void on_done(UNUSED struct http_call *call, enum rc rc, const char *why, void *user)
{
    struct told *t = user;

    t->dones++;
    t->rc = rc;
    t->why = arena_strdup(t->world->arena, why);
}

static struct told fetch(struct world *w, const struct tls_files *identity)
{
    static const struct http_call_events events = { .on_head = on_head, .on_body = on_body, .on_done = on_done };
    struct told t = { .world = w };
    struct http_call *call;
    struct http_call_spec spec = { .url = arena_printf(w->arena, "https://127.0.0.1:%d/echo", peer_port(w->peer)),
                                   .identity = identity,
                                   .events = &events,
                                   .user = &t };

    assert_int_equal(http_client_start(w->http, &spec, &call), OK);
    while (t.dones == 0)
        loop_turn(w->loop, 1000);
    return t;
}

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct world *w = ARENA_NEW(a, struct world);

    w->arena = a;
    w->folder = scratch_make(a);
    pki_make(a, w->folder);
    w->server = pki_files(a, w->folder, "ca", "server");
    w->client = pki_files(a, w->folder, "ca", "client");
    w->rogue = pki_files(a, w->folder, "ca", "rogue");
    w->nameless = w->client;
    w->loop = loop_new();
    w->http = http_client_new(w->loop, 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    http_client_free(w->http);
    loop_free(w->loop);
    peer_stop(w->peer);
    scratch_remove(w->folder);
    arena_free(w->arena);
    return 0;
}

static void assert_told(struct world *w, const struct told *t, enum rc rc, const char *sentence)
{
    assert_int_equal(t->rc, rc);
    if (!text_starts(t->why, arena_printf(w->arena, "%s 127.0.0.1:%d: ", sentence, peer_port(w->peer))))
        fail_msg("the sentence is: %s", t->why);
}

static void test_both_sides_show_their_certificates_and_keep_the_connection(void **state)
{
    struct world *w = *state;

    w->peer = peer_start(&w->server);
    for (int i = 0; i < 3; i++) {
        struct told t = fetch(w, &w->client);
        assert_int_equal(t.rc, OK);
        assert_int_equal(t.status, 200);
    }
    assert_int_equal(peer_connections(w->peer), 1);
}

static void test_a_connection_is_not_shared_between_identities(void **state)
{
    struct world *w = *state;

    w->peer = peer_start(&w->server);
    assert_int_equal(fetch(w, &w->client).rc, OK);
    struct told t = fetch(w, &w->rogue);
    assert_told(w, &t, E_PEER, "TLS or our certificate was refused by");
}

static void test_a_server_that_misses_our_certificate_is_understood(void **state)
{
    struct world *w = *state;
    struct tls_files nobody = { .ca = w->client.ca };

    w->peer = peer_start(&w->server);
    struct told t = fetch(w, &nobody);
    assert_told(w, &t, E_PEER, "TLS or our certificate was refused by");
}

static void test_a_server_of_another_authority_is_not_trusted(void **state)
{
    struct world *w = *state;

    w->peer = peer_start(&w->rogue);
    struct told t = fetch(w, &w->client);
    assert_told(w, &t, E_PEER, "cannot trust the certificate of");
    assert_int_equal(t.status, 0);
}

static void test_a_certificate_for_another_host_is_not_trusted(void **state)
{
    struct world *w = *state;

    w->peer = peer_start(&w->nameless);
    struct told t = fetch(w, &w->client);
    assert_told(w, &t, E_PEER, "cannot trust the certificate of");
}

static void test_without_an_identity_nobody_is_trusted(void **state)
{
    struct world *w = *state;

    w->peer = peer_start(&w->server);
    assert_int_not_equal(fetch(w, NULL).rc, OK);
}

static void test_certificate_files_that_are_not_there_are_our_configuration(void **state)
{
    struct world *w = *state;
    struct tls_files no_cert = { .ca = w->client.ca, .cert = "/nonexistent/cert.pem", .key = w->client.key };
    struct tls_files no_ca = { .ca = "/nonexistent/ca.pem", .cert = w->client.cert, .key = w->client.key };

    w->peer = peer_start(&w->server);
    struct told t = fetch(w, &no_cert);
    assert_told(w, &t, E_CONFIG, "cannot use our certificate for");
    t = fetch(w, &no_ca);
    assert_told(w, &t, E_CONFIG, "cannot use our list of trusted authorities for");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_sides_show_their_certificates_and_keep_the_connection, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_connection_is_not_shared_between_identities, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_server_that_misses_our_certificate_is_understood, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_server_of_another_authority_is_not_trusted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_certificate_for_another_host_is_not_trusted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_an_identity_nobody_is_trusted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_certificate_files_that_are_not_there_are_our_configuration, setup,
                                        teardown),
    };
    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
