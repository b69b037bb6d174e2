#pragma once
/*
 * What every daemon tells about itself by GET: /healthz, /readyz, /metrics (Prometheus text format 0.0.4), /faults, and
 * its spec's own pages; PUT /faults says how it is to misbehave (core/fault).
 */

#include "base/str.h"

#include <stdbool.h>

struct http_request;
struct service;

/*
 * Whoever changes a daemon shows the user's certificate; the plain listener, which is on loopback alone, asks for none.
 */
bool admin_forbids(const struct service *s, const struct http_request *http, const char **why);
bool admin_serves(const struct service *s, const struct http_request *http);
/* body: of what takes one, whole. */
void admin_reply(struct service *s, struct http_request *http, struct str body);
