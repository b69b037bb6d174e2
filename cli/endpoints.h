#pragma once
/*
 * endpoints.json: where every actor of every community answers. Tests, consoles and outside tools read only this. The
 * actors and their transactions are the rows of endpoints.c.
 */

#include "cli/fleet.h"

#include "base/rc.h"
#include "wire/json.h"

struct arena;
struct buf;
struct world;
struct community;

struct endpoints_spec {
    const struct world *world;
    const char *data;                    /* absolute; for the paths of the user's certificate */
    const char *control;                 /* NULL when nobody supervises the daemons */
    const char *tls[FLEET_COUNT];        /* "https://localhost:18101" */
    const char *plain[FLEET_COUNT];      /* "http://localhost:18102"; NULL: none */
    const char *mllp_tls[FLEET_COUNT];   /* "mllps://localhost:18109"; NULL: none */
    const char *mllp_plain[FLEET_COUNT]; /* "mllp://localhost:18110"; NULL: none */
    const char *records_tls;             /* "syslog-tls://localhost:18113"; NULL: none, as of the next two */
    const char *records_plain;           /* "syslog-udp://localhost:18114" */
    const char *ntp;                     /* "ntp://localhost:18115" */
    int ntp_port;
    const struct clock_choice *clocks; /* communities whose time server is wrong, at an address of their own */
};

void endpoints_write(struct arena *a, const struct endpoints_spec *spec, struct buf *out);

/* "ITI-18 ITI-41 …": what answers in a community under the world's lens, each once. In the arena. */
const char *endpoints_transactions(struct arena *a, const struct world *w, const struct community *c);

/*
 * For people, from the parsed file. Of one community (key or slug), its URLs; of NULL, the pattern of all URLs and the
 * list of communities. E_NOT_FOUND, with a sentence on standard error, when that community does not live there.
 */
MUST_CHECK enum rc endpoints_print(struct arena *a, const struct json *root, const char *community, struct buf *out);
