#pragma once
/* Who is told of changed cross-references, and what waits for them, for people and scripts. */

#include "base/rc.h"

#include <stdbool.h>

struct daemon;
struct http_request;
struct service;

#define PIXMGR_PAGES     "/pixmgr"
#define SUBSCRIBERS_PATH PIXMGR_PAGES "/subscribers"

/* mllp(s)://HOST:PORT or http(s)://… */
bool subscriber_url_is_valid(const char *url);
/* Those of the configuration. E_CONFIG, with a sentence on standard error, when one cannot be. */
MUST_CHECK enum rc subscribers_configure(struct daemon *d);
void subscribers_page(struct service *s, struct http_request *http);
