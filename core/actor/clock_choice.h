#pragma once
/* --clocks: communities whose time server is wrong on purpose (docs/audit.md). */

#include "base/rc.h"
#include "model/community.h"
#include "wire/sntp.h"

struct arena;

struct clock_choice {
    const struct community *community;
    struct sntp_clock clock;
    struct clock_choice *next;
};

/* "0035=+2.5s,50ppm,stratum=3 0026=-10s". E_CONFIG, logged: another form, or a community that does not live here. */
MUST_CHECK enum rc clock_choices_parse(struct arena *a, const struct world *w, const char *text,
                                       struct clock_choice **out);
/* The loopback address of its time server: "127.1.0.35" for community number 35. */
const char *clock_choice_address(struct arena *a, const struct community *c);
