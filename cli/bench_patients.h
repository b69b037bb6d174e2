#pragma once
/*
 * A community with a million patients, to be asked about: fed once into a folder that is kept, $TMPDIR or /var/tmp +
 * "/kakehashi-bench-patients", and found there again as long as tables and matching stay what they are.
 */

#include "base/rc.h"
#include "cli/bench_backbone.h"

#include <stdint.h>

struct bench;

#define PATIENTS_COMMUNITY "0035"
#define PATIENTS_COUNT     1000000u
#define PATIENTS_FIRST     1000000000u /* the n-th (from 0) has this + n at the community's first facility */
#define PATIENTS_DOMAIN    "2.999.392.3.35.1"

struct patients_filled {
    double seconds, peak_mb; /* of feeding them, now or when it was done */
};

/* Feeds them when they are not there. E_PEER, after the manager's own complaint, when that fails. */
MUST_CHECK enum rc bench_patients_fill(struct bench *b, struct patients_filled *out);
/* A backbone of the community whose PIX manager has them; so many loops. Whoever writes there writes into the kept one.
 */
MUST_CHECK enum rc bench_patients_start(struct bench *b, int loops, struct bench_backbone *out);
