#pragma once
/*
 * A server whose service does what the path says and remembers what it was told, and a raw client. Both share one
 * thread: every wait of the client is turns of the loop, so that nothing depends on how fast the machine is.
 *   /nowhere     refused on its head with 404
 *   /early       replied to on its head
 *   /stop        refused with 422 on the first piece of body; /stop-later: a while after it
 *   /pause       paused at each piece of body
 *   /breathe     paused at every third piece of body, and resumed once a little later
 *   /later       not replied to: the test does
 *   /pieces      replied to with pieces
 *   /free-on-…   head, body, end or gone: frees the server in that callback
 *   all others   echoed
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "net/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOST     "Host: localhost\r\n"
#define MIB      ((size_t)1024 * 1024)
#define MAX_BODY (8 * MIB)
#define PATIENCE UINT64_C(30000000000) /* ns: a test that hangs ends, however slow the machine */

struct bench {
    struct arena *arena;
    struct loop *loop;
    struct http_server *server;
    int port;
    struct http_request *request; /* between on_head and on_gone */
    struct buf body;              /* of the last request */
    struct http_piece pieces[3];  /* what /pieces replies */
    int heads, ends, sent, unsent, pieces_of_body;
    bool drained;
};

int bench_setup(void **state);
int bench_setup_impatient(void **state); /* deadlines of some 10 ms */
int bench_setup_narrow(void **state);    /* two connections at most */
int bench_teardown(void **state);

#define BENCH_TEST(test, setup) cmocka_unit_test_setup_teardown(test, setup, bench_teardown)

struct client {
    struct bench *bench;
    int fd;
    struct buf got;
    bool closed; /* by the server */
};

struct client client_connect(struct bench *b);
void client_close(struct client *c);
void client_receive(struct client *c);
void client_send(struct client *c, struct str bytes);

#define CLIENT_SEND(c, literal) client_send((c), STR(literal))

/* A turn of the loop and of the client; some turns in which nothing of interest should happen. */
void pump(struct client *c);
void pump_some(struct client *c);

#define PUMP_UNTIL(c, condition)                                                                                       \
    do {                                                                                                               \
        uint64_t start_ = clock_ticks();                                                                               \
        while (!(condition)) {                                                                                         \
            if (clock_ticks() - start_ > PATIENCE)                                                                     \
                fail_msg("in vain: %s; got: %s", #condition, buf_text(&(c)->got));                                     \
            pump(c);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Of a text in what the client got. */
size_t occurrences(struct client *c, const char *text);
bool has(struct client *c, const char *text);

struct str zeroes(struct arena *a, size_t n);
