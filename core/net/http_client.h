#pragma once
/*
 * Outbound HTTP: libcurl's multi interface on the loop behind our own queue (bounded handles in flight, few starts per
 * turn), so that a fan-out to every community holds no thread. Connections are kept and reused per identity.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/http_server.h" /* struct http_piece */
#include "net/loop.h"
#include "net/tls.h"

#include <stdint.h>

struct arena;
struct http_client;
struct http_call;

/*
 * Calls of different lanes do not wait for one another: each lane has its own queue and its own number in flight. A
 * daemon that calls itself, a gateway for one, needs two: what its calls set off must not queue behind them.
 */
enum http_lane { HTTP_LANE_INNER, HTTP_LANE_OUTER, HTTP_LANES };

/*
 * One per loop. in_flight 0: 64 of each lane. A call that has had no answer for 500 ms gives up its place: whom it asks
 * may hang, and that must not keep others from being asked. So there may be 1024 calls more that hang.
 */
struct http_client *http_client_new(struct loop *l, int in_flight);
void http_client_free(struct http_client *c); /* cancels what is left */

struct http_call_events {
    /* Final status line and headers. Anything but OK ends the call with that rc. */
    enum rc (*on_head)(struct http_call *call, int status, const char *content_type, void *user);
    enum rc (*on_body)(struct http_call *call, struct str bytes, void *user);
    /*
     * Once. OK: the response is whole. Otherwise why is a sentence for a person that names the host and the cause:
     * E_PEER, E_TIMEOUT, E_CONFIG (our certificate files, the URL), E_IO (a file of the request), or what on_head or
     * on_body returned. The call is gone afterwards.
     */
    void (*on_done)(struct http_call *call, enum rc rc, const char *why, void *user);
};

struct http_call_spec {
    const char *method; /* "POST"; NULL: GET without a body */
    const char *url;
    const char *content_type;
    const struct http_header *headers; /* more of them; NULL */
    const struct http_piece *pieces;   /* must live until on_done */
    size_t piece_count;
    const struct tls_files *identity; /* for https: CA, certificate, key; constant for the client's life */
    int timeout_ms;                   /* whole call; 0: 30 s */
    enum http_lane lane;
    const struct http_call_events *events;
    void *user;
};

/* Strings are copied. Never calls back before it returns. E_BUSY when the queue (100 000) is full. */
MUST_CHECK enum rc http_client_start(struct http_client *c, const struct http_call_spec *spec, struct http_call **out);
/* No event follows. NULL is ignored. Not from within the call's own on_head or on_body: return E_CANCELLED there. */
void http_call_cancel(struct http_call *call);
/* Within on_done: has any of the request's body left us? If not, the peer knows nothing of it. */
bool http_call_has_sent(const struct http_call *call);
/* Back-pressure from on_body. */
void http_call_pause(struct http_call *call);
void http_call_resume(struct http_call *call);
