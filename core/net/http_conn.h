#pragma once
/*
 * One connection of the HTTP server, for core/net/http_*.c only. It moves through its states only in its own turn
 * (http_conn.c): whatever a service does in a callback, be it to reply, to pause or to free the server, leaves a mark
 * that the turn finds.
 */

#include "net/http_server.h"
#include "net/listener.h"
#include "net/stream.h"

enum http_state {
    HTTP_HANDSHAKE,
    HTTP_HEAD,  /* idle, or a head is arriving */
    HTTP_BODY,  /* accepted; the body is arriving */
    HTTP_WAIT,  /* the service owes a reply */
    HTTP_SEND,  /* the reply is leaving */
    HTTP_LINGER /* all was sent; what the peer still sends is thrown away so that it can read the reply */
};

/* A request and its reply. It lives in the request's arena. */
struct http_exchange {
    struct http_request request;
    bool announced; /* the service knows of it: on_gone is due */
    struct http_chunks chunks;
    uint64_t body_left; /* of an announced length */
    bool body_done;
    bool discard; /* the rest of the body is not wanted */
    bool paused;
    bool replied, close;
    bool streaming;                        /* more of the reply may come */
    struct http_piece *piece, *pieces_end; /* what is still to be put into the stream */
    struct http_misdelivery *bad;          /* NULL: all of it, as fast as it goes */
    uint64_t allowance;                    /* of bad: bytes that may be put there before the next pause */
    struct loop_timer *pause;              /* of bad; NULL when there is none */
};

struct http_conn {
    struct stream stream;
    struct http_server *server;
    struct http_conn *next, **link; /* in server->conns */
    char peer[64];
    enum http_state state;
    struct http_exchange *exchange; /* NULL between requests */
    uint64_t deadline;              /* clock_ticks; 0: none */
    uint64_t window_bytes;          /* body_received when the rate was last judged */
    uint64_t discarded;
    int requests;    /* in this turn */
    bool head_begun; /* the deadline is the head's, no longer that of an idle connection */
    bool expired;    /* the sweep found the deadline past */
    bool busy, dead; /* in its turn; ended, and to be freed when the turn is over */
};

struct http_server {
    struct http_server_config config; /* defaults filled in */
    struct loop *loop;
    struct listener listener;
    struct http_conn *conns;
    struct loop_timer *sweep, *drain_end;
    bool draining;
    void (*drained)(void *);
    void *drained_arg;
};

/* Takes fd. */
void http_conn_new(struct http_server *s, int fd, const char *peer);
/* on_gone if it is due; frees the connection now, or when its turn is over. */
void http_conn_end(struct http_conn *c);
/* Nothing of a request has arrived, or its reply streams: nothing is lost when it ends. */
bool http_conn_is_idle(const struct http_conn *c);
/* The deadline has passed: the connection's next turn, which comes at once, judges it. */
void http_conn_expire(struct http_conn *c);

/* Puts what fits of the reply's pieces into the stream; E_IO when a file fails its announced length. */
MUST_CHECK enum rc http_reply_fill(struct http_conn *c);

/* The connection leaves the server's list. */
void http_server_forget(struct http_conn *c);
