#pragma once
/*
 * The control endpoint of `kakehashi up`: small pages over HTTP on loopback. GET /healthz, /readyz (503 until every
 * daemon answers), /endpoints (endpoints.json) and /status (the daemons).
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/http_server.h"

struct arena;
struct supervisor;

struct control {
    struct arena *arena;
    const struct supervisor *supervisor;
    const char *data;
    struct str endpoints; /* endpoints.json */
};

/* Listens on 127.0.0.1. The control, and what it points to, lives until the server is freed. */
MUST_CHECK enum rc control_start(struct control *control, struct loop *loop, int port, struct http_server **out);
