#pragma once
/* The pages behind the control API's /reviews and /links. */

#include <stdbool.h>

struct http_request;
struct service;

/* False: the path is another page's. */
bool decision_page(struct service *s, struct http_request *http);
