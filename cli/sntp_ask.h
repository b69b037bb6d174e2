#pragma once
/* One question to a time server (ITI-1; RFC 4330). */

#include "base/rc.h"
#include "wire/sntp.h"

struct arena;

/* url: "ntp://127.1.0.26:18115", or host and port alone. offset and delay in seconds. E_PEER, E_TIMEOUT after 2 s. */
MUST_CHECK enum rc sntp_ask(struct arena *a, const char *url, struct sntp *answer, double *offset, double *delay);
