#pragma once
/*
 * The MLLP server on a loop, TLS or plain (HL7 v2.5 Appendix C; ITI TF-2: C.2.1, 3.19). Connections stay open for as
 * many messages as the peer likes; messages of one connection are answered one at a time, in their order. Deadlines for
 * handshake, each frame and idling.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/loop.h"
#include "net/tls.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct mllp_conn;

/* One message. It, its arena and its bytes live from on_message until on_gone returns. */
struct mllp_message {
    struct arena *arena;
    struct loop *loop;
    struct str bytes;         /* without the frame */
    bool is_cut;              /* longer than max_message: these are its beginning; the rest is let pass */
    const char *peer;         /* "127.0.0.1:40312" */
    const char *peer_subject; /* RFC 2253 subject of the client's certificate; NULL without one */
    void *user;               /* mllp_service.user until the service puts its own here */
    struct mllp_conn *conn;   /* the server's own */
};

struct mllp_service {
    /* Call mllp_reply or mllp_hang_up now or later, on this loop. */
    void (*on_message)(struct mllp_message *m);
    /* Once, at the very end: the reply is sent, or the connection is gone; mllp_reply must not be called any more. */
    void (*on_gone)(struct mllp_message *m, bool sent);
    /* A TLS handshake failed. NULL: nobody wants to know. */
    void (*on_stranger)(void *user, const char *peer, const char *reason);
    void *user;
};

struct mllp_server_config {
    const char *bind;
    int port;               /* 0: any free one */
    struct tls_server *tls; /* NULL: plain */
    const struct mllp_service *service;
    size_t max_message;  /* bytes; 0: 1 MiB */
    int message_ms;      /* from a frame's first byte to its last, and for the handshake; 0: 30 s */
    int idle_ms;         /* between messages; 0: an hour, since interface engines keep connections for days */
    int max_connections; /* 0: 10 000 */
};

struct mllp_server;

/* E_CONFIG when it cannot bind. */
MUST_CHECK enum rc mllp_server_new(struct loop *l, const struct mllp_server_config *config, struct mllp_server **out);
int mllp_server_port(const struct mllp_server *s);
/* Stop accepting, end idle connections, let messages under way be answered; then done(arg), after ms at the latest. */
void mllp_server_drain(struct mllp_server *s, int ms, void (*done)(void *), void *arg);
void mllp_server_free(struct mllp_server *s);

/* Once per message. The bytes are copied and framed. Never calls back before it returns. */
void mllp_reply(struct mllp_message *m, struct str bytes);
/* The same, badly (core/fault); when it is cut, the connection ends after it. */
struct mllp_misdelivery {
    uint64_t length; /* of the frames: so many bytes leave; UINT64_MAX: all */
    bool is_reset;   /* the end is a TCP reset */
    bool has_no_start, has_no_end;
    int copies; /* beyond the first */
};
void mllp_reply_badly(struct mllp_message *m, struct str bytes, const struct mllp_misdelivery *bad);
/* Instead of a reply: the connection ends. */
void mllp_hang_up(struct mllp_message *m);
