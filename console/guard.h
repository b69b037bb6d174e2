#pragma once
/*
 * Who may use the control API. On loopback anybody of this machine; but a web page that a browser there shows must not,
 * so Host has to name this machine and Origin this very API. On any other address a token is asked for.
 */

#include <stdbool.h>

struct ask;
struct config;

/* Host and Origin; false when the request has been refused. */
bool guard_lets_in(struct ask *ask);
/* The token, unless the route is open to all; false when the request has been refused. */
bool guard_knows(struct ask *ask);
/* Is --control-bind an address of loopback? */
bool guard_is_loopback(const char *bind);
