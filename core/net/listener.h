#pragma once
/*
 * A listening socket on a loop, for core/net's servers: SO_REUSEPORT, so that every loop has one of its own on the same
 * port; a limit of connections; patience when the process runs out of files.
 */

#include "base/rc.h"
#include "net/loop.h"

#include <stdbool.h>

struct event;

struct listener {
    struct loop *loop;
    int fd;
    struct event *acceptor; /* NULL once closed */
    struct loop_timer *retry;
    int count, max;                                           /* connections that live, and may live */
    bool is_full;                                             /* not accepting until one ends */
    void (*on_accept)(void *owner, int fd, const char *peer); /* takes fd, non-blocking; peer is copied */
    void *owner;
};

/* port 0: any free one. E_CONFIG, logged, when it cannot bind. */
MUST_CHECK enum rc listener_open(struct listener *l, struct loop *loop, const char *host, int port, int max,
                                 void (*on_accept)(void *owner, int fd, const char *peer), void *owner);
int listener_port(const struct listener *l);
/* Accepts whoever is queued: they would be reset by closing. */
void listener_drain(struct listener *l);
/* Safe to call twice. */
void listener_close(struct listener *l);
/* A connection begins and ends. */
void listener_gained(struct listener *l);
void listener_lost(struct listener *l);
