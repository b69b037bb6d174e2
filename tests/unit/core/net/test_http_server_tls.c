/* The server over TLS: who is let in, what the service sees of the peer, and that streaming survives encryption. */
#include "net/http_server.h"

#include "base/buf.h"
#include "unit/core/net/pki.h"
#include "support/scratch.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define HOST       "Host: localhost\r\n"
#define MIB        ((size_t)1024 * 1024)
#define PATIENCE_S 30

/* A server on a thread of its own: it echoes the body behind the peer's subject, or replies at length to /long. */
struct bench {
    struct arena *arena;
    const char *folder;
    struct loop *loop;
    struct tls_server *tls;
    struct http_server *server;
    int port;
    pthread_t thread;
    struct buf body;
    struct str text;      /* of /long */
    struct buf strangers; /* what is told of failed handshakes, on the server's thread */
    bool is_halted;
};

static int on_head(struct http_request *r, const char **why)
{
    struct bench *b = r->user;

    (void)why;
    assert_true(r->tls);
    buf_reset(&b->body);
    return 0;
}

static void resume(void *arg)
{
    http_resume(arg);
}

/* Pauses at every piece: what OpenSSL holds decrypted raises no event when reading resumes. */
static enum rc on_body(struct http_request *r, struct str bytes)
{
    struct bench *b = r->user;

    buf_add_str(&b->body, bytes);
    http_pause(r);
    loop_after(r->loop, 0, resume, r);
    return OK;
}

static void on_end(struct http_request *r)
{
    struct bench *b = r->user;
    const char *subject = r->peer_subject == NULL ? "nobody" : r->peer_subject;
    struct http_piece pieces[] = { HTTP_PIECE_BYTES(str_from(subject)), HTTP_PIECE_BYTES(STR("|")),
                                   HTTP_PIECE_BYTES(strcmp(r->head.path, "/long") == 0 ? b->text : buf_str(&b->body)) };

    http_reply(r,
               &(struct http_reply){ .status = 200, .content_type = "text/plain", .pieces = pieces, .piece_count = 3 });
}

static void on_gone(struct http_request *r, bool sent)
{
    (void)r;
    (void)sent;
}

static void *run(void *arg)
{
    struct bench *b = arg;
    loop_run(b->loop);
    return NULL;
}

static void on_stranger(void *user, const char *peer, const char *reason)
{
    struct bench *b = user;

    assert_true(text_starts(peer, "127.0.0.1:"));
    buf_printf(&b->strangers, "%s;", reason);
}

static int start(void **state, bool require_client)
{
    static struct http_service service = {
        .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone, .on_stranger = on_stranger
    };
    struct arena *a = arena_new();
    struct bench *b = ARENA_NEW(a, struct bench);

    b->arena = a;
    b->folder = scratch_make(a);
    pki_make(a, b->folder);
    b->loop = loop_new();
    buf_init(&b->body, BUF_MAX_DEFAULT);
    buf_init(&b->strangers, BUF_MAX_DEFAULT);
    struct tls_files files = pki_files(a, b->folder, "ca", "server");
    assert_int_equal(tls_server_new(&files, require_client, &b->tls), OK);
    service.user = b;
    struct http_server_config config = {
        .bind = "127.0.0.1", .tls = b->tls, .service = &service, .max_body = 64 * MIB
    };
    assert_int_equal(http_server_new(b->loop, &config, &b->server), OK);
    b->port = http_server_port(b->server);
    pthread_create(&b->thread, NULL, run, b);
    *state = b;
    return 0;
}

static int setup_required(void **state)
{
    return start(state, true);
}

static int setup_optional(void **state)
{
    return start(state, false);
}

/* The server has done what it was doing when a client saw the end of its connection, and does nothing more. */
static void halt(struct bench *b)
{
    if (b->is_halted)
        return;
    loop_stop(b->loop);
    pthread_join(b->thread, NULL);
    b->is_halted = true;
}

static int teardown(void **state)
{
    struct bench *b = *state;

    halt(b);
    http_server_free(b->server);
    tls_server_free(b->tls);
    loop_free(b->loop);
    buf_clear(&b->body);
    buf_clear(&b->strangers);
    scratch_remove(b->folder);
    arena_free(b->arena);
    return 0;
}

static int connect_to(struct bench *b)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)b->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = PATIENCE_S };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static SSL_CTX *client_context(struct bench *b, const char *who, int version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    SSL_CTX_load_verify_file(context, pki_path(b->arena, b->folder, "ca", "cert"));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_max_proto_version(context, version);
    if (version < TLS1_2_VERSION)
        SSL_CTX_set_security_level(context, 0);
    if (who != NULL) {
        SSL_CTX_use_certificate_file(context, pki_path(b->arena, b->folder, who, "cert"), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context, pki_path(b->arena, b->folder, who, "key"), SSL_FILETYPE_PEM);
    }
    return context;
}

static void receive(SSL *ssl, struct buf *got, size_t at_least)
{
    while (got->len < at_least) {
        assert_true(buf_reserve(got, 65536));
        int n = SSL_read(ssl, got->data + got->len, 65536);
        if (n <= 0)
            return;
        got->len += (size_t)n;
    }
}

/* What a client with that certificate gets for its request, up to a length; "" when it is not let in. */
static const char *ask(struct bench *b, const char *who, int version, struct str request, size_t at_least)
{
    SSL_CTX *context = client_context(b, who, version);
    SSL *ssl = SSL_new(context);
    struct buf *got = buf_new(b->arena, BUF_MAX_DEFAULT);
    int fd = connect_to(b);

    SSL_set_fd(ssl, fd);
    if (SSL_connect(ssl) == 1 && SSL_write(ssl, request.data, (int)request.len) > 0)
        receive(ssl, got, at_least);
    ERR_clear_error();
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
    return buf_text(got);
}

#define GET       STR("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n")
#define UNTIL_EOF SIZE_MAX

static void test_the_right_certificate_is_let_in_and_its_subject_seen(void **state)
{
    const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

    for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
        const char *got = ask(*state, "client", versions[i], GET, UNTIL_EOF);
        assert_true(text_starts(got, "HTTP/1.1 200 OK\r\n"));
        assert_non_null(strstr(got, "\r\n\r\nCN=クライアント,O=Test|"));
    }
}

static void test_no_certificate_is_not_let_in(void **state)
{
    struct bench *b = *state;

    assert_string_equal(ask(b, NULL, TLS1_3_VERSION, GET, UNTIL_EOF), "");
    assert_string_equal(ask(b, NULL, TLS1_2_VERSION, GET, UNTIL_EOF), "");
    halt(b);
    assert_string_equal(buf_text(&b->strangers),
                        "peer did not return a certificate;peer did not return a certificate;");
}

static void test_a_certificate_of_another_ca_is_not_let_in(void **state)
{
    assert_string_equal(ask(*state, "rogue", TLS1_3_VERSION, GET, UNTIL_EOF), "");
    assert_string_equal(ask(*state, "rogue", TLS1_2_VERSION, GET, UNTIL_EOF), "");
}

static void test_tls_1_1_is_not_spoken(void **state)
{
    assert_string_equal(ask(*state, "client", TLS1_1_VERSION, GET, UNTIL_EOF), "");
}

static void test_an_optional_certificate_may_be_missing_but_not_wrong(void **state)
{
    assert_non_null(strstr(ask(*state, NULL, TLS1_3_VERSION, GET, UNTIL_EOF), "\r\n\r\nnobody|"));
    assert_non_null(strstr(ask(*state, "client", TLS1_3_VERSION, GET, UNTIL_EOF), "O=Test|"));
    assert_string_equal(ask(*state, "rogue", TLS1_3_VERSION, GET, UNTIL_EOF), "");
}

static void test_plain_bytes_on_the_tls_port_end_only_that_connection(void **state)
{
    struct bench *b = *state;
    char answer[64];
    int fd = connect_to(b);

    assert_int_equal(send(fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL), 18);
    while (recv(fd, answer, sizeof(answer), 0) > 0)
        ;
    close(fd);
    assert_non_null(strstr(ask(b, "client", TLS1_3_VERSION, GET, UNTIL_EOF), "200 OK"));
}

static void test_a_session_with_a_certificate_is_resumed(void **state)
{
    struct bench *b = *state;
    SSL_CTX *context = client_context(b, "client", TLS1_3_VERSION);
    SSL_SESSION *session = NULL;

    for (int i = 0; i < 2; i++) {
        struct buf *got = buf_new(b->arena, BUF_MAX_DEFAULT);
        SSL *ssl = SSL_new(context);
        int fd = connect_to(b);
        SSL_set_fd(ssl, fd);
        if (session != NULL)
            SSL_set_session(ssl, session);
        assert_int_equal(SSL_connect(ssl), 1);
        assert_int_equal(SSL_session_reused(ssl), i);
        SSL_write(ssl, GET.data, (int)GET.len);
        receive(ssl, got, UNTIL_EOF);
        assert_non_null(strstr(buf_text(got), "O=Test|"));
        SSL_SESSION_free(session);
        session = SSL_get1_session(ssl);
        SSL_shutdown(ssl);
        SSL_free(ssl);
        close(fd);
    }
    SSL_SESSION_free(session);
    SSL_CTX_free(context);
}

static void cork(int fd, int on)
{
    setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
}

/* Records that came with an earlier one wait inside OpenSSL, where no event tells of them. */
static void test_records_that_arrive_together_are_all_seen(void **state)
{
    struct bench *b = *state;
    SSL_CTX *context = client_context(b, "client", TLS1_3_VERSION);
    SSL *ssl = SSL_new(context);
    struct buf *got = buf_new(b->arena, BUF_MAX_DEFAULT);
    int fd = connect_to(b);

    SSL_set_fd(ssl, fd);
    cork(fd, 1); /* the end of the handshake will wait for the request */
    assert_int_equal(SSL_connect(ssl), 1);
    for (int i = 0; i < 2; i++) {
        const char *parts[] = { "POST / HTTP/1.1\r\n", HOST, "Content-Length: 2\r\n\r\n", "o", "k" };
        cork(fd, 1);
        for (size_t p = 0; p < ARRAY_LEN(parts); p++)
            SSL_write(ssl, parts[p], (int)strlen(parts[p]));
        cork(fd, 0);
        while (got->len < 2 || strcmp(buf_text(got) + got->len - 2, "ok") != 0) {
            size_t before = got->len;
            receive(ssl, got, before + 1);
            assert_true(got->len > before);
        }
        buf_reset(got);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
}

static struct str lettered(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n);

    for (size_t i = 0; i < n; i++)
        p[i] = (char)('A' + (i * 7 + i / 4096) % 26);
    return (struct str){ p, n };
}

static void test_a_paused_upload_arrives_whole(void **state)
{
    struct bench *b = *state;
    struct str body = lettered(b->arena, MIB);
    struct buf *request = buf_new(b->arena, BUF_MAX_DEFAULT);

    buf_printf(request, "POST / HTTP/1.1\r\n" HOST "Connection: close\r\nContent-Length: %zu\r\n\r\n", body.len);
    buf_add_str(request, body);
    const char *got = ask(b, "client", TLS1_3_VERSION, buf_str(request), UNTIL_EOF);
    const char *echoed = strchr(strstr(got, "\r\n\r\n"), '|');
    assert_int_equal(strlen(echoed + 1), body.len);
    assert_memory_equal(echoed + 1, body.data, body.len);
}

static void test_a_long_reply_arrives_whole(void **state)
{
    struct bench *b = *state;

    b->text = lettered(b->arena, 20 * MIB + 5);
    const char *got = ask(b, "client", TLS1_3_VERSION, STR("GET /long HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"),
                          UNTIL_EOF);
    const char *text = strchr(strstr(got, "\r\n\r\n"), '|');
    assert_int_equal(strlen(text + 1), b->text.len);
    assert_memory_equal(text + 1, b->text.data, b->text.len);
}

static void test_unusable_files_are_a_configuration_error(void **state)
{
    struct bench *b = *state;
    struct tls_server *none;
    struct tls_files good = pki_files(b->arena, b->folder, "ca", "server");
    struct tls_files wrong[] = { good, good, good, good };

    wrong[0].ca = "/nonexistent/ca.pem";
    wrong[1].cert = "/nonexistent/cert.pem";
    wrong[2].key = "/nonexistent/key.pem";
    wrong[3].key = pki_path(b->arena, b->folder, "client", "key"); /* of another certificate */
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(tls_server_new(&wrong[i], true, &none), E_CONFIG);
}

#define REQUIRED(test) cmocka_unit_test_setup_teardown(test, setup_required, teardown)
#define OPTIONAL(test) cmocka_unit_test_setup_teardown(test, setup_optional, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REQUIRED(test_the_right_certificate_is_let_in_and_its_subject_seen),
        REQUIRED(test_no_certificate_is_not_let_in),
        REQUIRED(test_a_certificate_of_another_ca_is_not_let_in),
        REQUIRED(test_tls_1_1_is_not_spoken),
        OPTIONAL(test_an_optional_certificate_may_be_missing_but_not_wrong),
        REQUIRED(test_plain_bytes_on_the_tls_port_end_only_that_connection),
        REQUIRED(test_a_session_with_a_certificate_is_resumed),
        REQUIRED(test_records_that_arrive_together_are_all_seen),
        REQUIRED(test_a_paused_upload_arrives_whole),
        REQUIRED(test_a_long_reply_arrives_whole),
        REQUIRED(test_unusable_files_are_a_configuration_error),
    };

    net_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
