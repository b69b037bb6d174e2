#pragma once
/*
 * What every daemon tells about itself by GET: /healthz, /readyz, /metrics (Prometheus text format 0.0.4), and its
 * spec's own pages.
 */

#include <stdbool.h>

struct http_request;
struct service;

bool admin_serves(const struct service *s, const struct http_request *http);
void admin_reply(struct service *s, struct http_request *http);
