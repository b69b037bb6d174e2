#pragma once
/*
 * A connected socket as bytes in and bytes out, TLS or plain alike. For core/net only. The stream says when something
 * may be done (on_ready); its owner then fills, flushes and finally arms it. Each turn's work is bounded, so that one
 * fast peer cannot keep the loop.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct event;
struct event_base;
struct evbuffer;
struct ssl_st;
struct ssl_ctx_st;
struct tls_server;

struct stream {
    int fd;
    struct ssl_st *ssl; /* NULL: plain */
    struct evbuffer *in, *out;
    char *subject; /* RFC 2253, of the peer's certificate; NULL without one */
    uint64_t sent; /* bytes of out taken by the socket so far */

    struct event *read_event, *write_event;
    struct event *kick_event; /* of no socket: only ever activated */
    void (*on_ready)(void *owner);
    void *owner;
    bool readable;   /* the socket may hold more than was taken */
    bool unread;     /* bytes were left that no event will tell of: the next turn finds it readable */
    bool reading;    /* read_event is armed */
    bool want_write; /* to be armed */
    bool ended;      /* the peer's last byte was read */
    bool secured;    /* the handshake is over: a close_notify may be sent */
};

/* Takes fd. context NULL: plain. on_ready first comes after stream_arm. */
void stream_init(struct stream *s, struct event_base *base, int fd, struct ssl_ctx_st *context,
                 void (*on_ready)(void *), void *owner);
/* We are the server: a stream of one more connection, over TLS unless tls is NULL. */
void stream_accept(struct stream *s, struct event_base *base, int fd, struct tls_server *tls, void (*on_ready)(void *),
                   void *owner);
/* Why the handshake failed, as a phrase: what is wrong with the peer's certificate, else tls_reason. */
const char *stream_reason(const struct stream *s);
/* We are the client: the peer's certificate must be of that host. After stream_init; the socket may still be
 * connecting.
 */
void stream_connect(struct stream *s, const char *host);
/* Closes. May run inside on_ready. */
void stream_clear(struct stream *s);

/* LATER until it is done; E_PEER when it failed (logged by the caller: tls_reason). Plain streams are done at once. */
MUST_CHECK enum rc stream_handshake(struct stream *s);

/* OK: in has grown. LATER: nothing more for now. E_PEER: the peer has ended or is gone. */
MUST_CHECK enum rc stream_fill(struct stream *s);
/* The first contiguous bytes of in; evbuffer_drain takes them away. */
struct str stream_peek(const struct stream *s);
/* OK: out is empty. LATER: the socket is full, or this turn has had enough. E_PEER: the peer is gone. */
MUST_CHECK enum rc stream_flush(struct stream *s);

/* No more will be sent: close_notify and FIN. What still comes is only good for stream_discard. */
void stream_end(struct stream *s);
/* stream_clear will reset the connection (TCP RST), without a close_notify. */
void stream_reset(struct stream *s);
/* After stream_end: throws away what came, adding to *count. LATER: wait for more. E_PEER: that was all. */
MUST_CHECK enum rc stream_discard(struct stream *s, uint64_t *count);

/* Ends a turn: on_ready comes when the socket has bytes (if want_read) or can take what flush left. */
void stream_arm(struct stream *s, bool want_read);
/* on_ready comes on the next turn whatever the socket does. */
void stream_kick(struct stream *s);
/* The same, and bytes that were left unread (also inside OpenSSL, where no event tells of them) count as news. */
void stream_kick_read(struct stream *s);
