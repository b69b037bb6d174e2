#pragma once
/*
 * The HTTP/1.1 server on a loop, TLS or plain, streaming both ways (docs/decisions: why not evhttp). Deadlines for
 * handshake, head, body rate and idle keep-alive; early refusals are readable because the connection lingers.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/tls.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct http_conn;

/* One request. It, its arena and everything in it live from on_head until on_gone returns. */
struct http_request {
    struct arena *arena;
    struct loop *loop;
    struct http_head head;
    const char *peer;         /* "127.0.0.1:40312" */
    const char *peer_subject; /* RFC 2253 subject of the client's certificate; NULL without one */
    bool tls;
    uint64_t body_received; /* bytes so far */
    void *user;             /* http_service.user until the service puts its own here */
    struct http_conn *conn; /* the server's own */
};

/* A reply's body is pieces in order, each memory (living until on_gone) or a stretch of an open file. */
struct http_piece {
    struct str bytes; /* when fd < 0 */
    int fd;           /* the server reads it with pread, does not close it */
    off_t offset;
    uint64_t length; /* of the file's stretch */
};

/* How a reply's bytes leave when they are to leave badly (core/fault). The connection ends afterwards. */
struct http_misdelivery {
    uint64_t length;     /* of head and body together: so many bytes leave; UINT64_MAX: all */
    bool is_reset;       /* the end is a TCP reset */
    uint64_t drip_bytes; /* so many at a time … */
    int drip_ms;         /* … with such a pause; 0: no pauses */
    int64_t length_lie;  /* added to Content-Length */
    bool has_no_length;  /* no Content-Length at all */
};

#define HTTP_PIECE_BYTES(s) ((struct http_piece){ .bytes = (s), .fd = -1 })

struct http_reply {
    int status;
    const char *content_type;          /* NULL without a body */
    const struct http_header *headers; /* more; NULL */
    const struct http_piece *pieces;
    size_t piece_count;
    bool close;  /* end the connection afterwards */
    bool stream; /* its length is not known: more comes by http_stream_send, and the connection ends with it */
    const struct http_misdelivery *bad; /* copied; NULL: as it should be */
};

struct http_service {
    /*
     * The head is complete. 0: go on (the server sends 100 Continue when asked). Otherwise an HTTP status to refuse
     * with before any body is read; *why (plain text) may be set. on_gone follows either way.
     */
    int (*on_head)(struct http_request *r, const char **why);
    /* A piece of body. OK to go on. Otherwise the rest is discarded unread; the service replies itself, now or later.
     */
    enum rc (*on_body)(struct http_request *r, struct str bytes);
    /* The body is whole: call http_reply now or later, on this loop. Not called when the reply was given before. */
    void (*on_end)(struct http_request *r);
    /*
     * Once, at the very end: the reply is sent (sent), or the peer is gone or the server refused the rest of the body
     * (!sent); http_reply must not be called afterwards.
     */
    void (*on_gone)(struct http_request *r, bool sent);
    /*
     * The server itself refuses a request (malformed, too large, too slow) with this status and sentence. NULL: nobody
     * wants to know. Before on_head r->user is still user, and what is not known of the head is NULL; afterwards
     * on_gone follows.
     */
    void (*on_refused)(void *user, struct http_request *r, int status, const char *why);
    /* A TLS handshake failed. NULL: nobody wants to know. */
    void (*on_stranger)(void *user, const char *peer, const char *reason);
    void *user;
};

struct http_server_config {
    const char *bind;
    int port;               /* 0: any free one */
    struct tls_server *tls; /* NULL: plain */
    const struct http_service *service;
    uint64_t max_body;    /* 413 past it; announced so, on_head is not even asked */
    int head_ms, idle_ms; /* deadlines; 0: 10 s, 60 s */
    int body_min_rate;    /* bytes per second a body must keep over each head_ms; 0: 128 */
    int max_connections;  /* 0: 10 000 */
};

struct http_server;

/* Listens with SO_REUSEPORT, so that every loop has a server of its own on the same port. E_CONFIG when it cannot bind.
 */
MUST_CHECK enum rc http_server_new(struct loop *l, const struct http_server_config *config, struct http_server **out);
int http_server_port(const struct http_server *s);
/*
 * Stop accepting, end idle connections, let requests under way finish; then done(arg), which may free the server. At
 * most ms: what is not finished by then is left to http_server_free.
 */
void http_server_drain(struct http_server *s, int ms, void (*done)(void *), void *arg);
/* Ends every connection at once. A service may call it too, but not from the on_gone that it causes. */
void http_server_free(struct http_server *s);

/*
 * Once per request, on its loop; also before on_end, which ends the connection afterwards if body was still to come.
 * Never calls back before it returns. The pieces array is copied, what it points to is not.
 */
void http_reply(struct http_request *r, const struct http_reply *reply);
/* After a reply that streams. Copied. False when so much waits for a slow peer that it had better be given up. */
MUST_CHECK bool http_stream_send(struct http_request *r, struct str bytes);
void http_stream_end(struct http_request *r);
/* A text/plain reply; the text is copied. */
void http_reply_text(struct http_request *r, int status, const char *text);
/* Back-pressure: neither on_body nor on_end until resumed. */
void http_pause(struct http_request *r);
void http_resume(struct http_request *r);
