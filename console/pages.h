#pragma once
/* Routes about the backbone itself. */

#include <stdbool.h>

struct ask;
struct buf;
struct json;

bool page_healthz(struct ask *ask);
bool page_readyz(struct ask *ask);
bool page_status(struct ask *ask);
bool page_endpoints(struct ask *ask);
bool page_metrics(struct ask *ask);
bool page_openapi(struct ask *ask);

/* The route table as OpenAPI 3.1: docs/openapi.json. */
void openapi_write(struct buf *out);

/* DATA/status.json; NULL when nobody supervises the daemons here. */
struct json *status_read(struct ask *ask);
/* DATA/endpoints.json; NULL when it is not there yet. */
const struct json *endpoints_read(struct ask *ask);
