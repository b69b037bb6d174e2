#pragma once
/* kakehashi-console: the control API of a backbone. JSON over HTTP; routes are the rows of routes.c. */

#include "actor/daemon.h"
#include "console/index.h"

struct ask;
struct undertaking;

struct console {
    struct daemon *daemon;
    struct service *service;
    const char *data;
    struct index *index;
    struct tls_files user;            /* as whom daemons are asked */
    struct ask *pending;              /* those that are not answered yet, or followed */
    struct undertaking *undertakings; /* one after the other; the first is under way */
    struct loop_timer *tick;
};

extern const struct daemon_spec console_spec;
