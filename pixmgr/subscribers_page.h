#pragma once
/* Who is told of changed cross-references, and what waits for them, for people and scripts. */

struct http_request;
struct service;

#define PIXMGR_PAGES     "/pixmgr"
#define SUBSCRIBERS_PATH PIXMGR_PAGES "/subscribers"

void subscribers_page(struct service *s, struct http_request *http);
