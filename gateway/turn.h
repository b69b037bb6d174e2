#pragma once
/*
 * Turns: an Initiating Gateway searches for a few requests at once per loop, and lets the others wait in their order,
 * before anything has been made for them. Hundreds of questions and their answers are held for each; and whoever came
 * first is answered first, instead of all at the end. A search that takes longer than others wait for (somebody hangs)
 * no longer counts.
 */

#include "actor/request.h"
#include "base/rc.h"

struct arena;
struct turns;

/* For a daemon with so many loops; in its arena. */
struct turns *turns_new(struct arena *a, int loops);

/* begin(rq) when it is its turn, at once if nobody waits: its rc, or LATER. The turn is over when rq is gone. */
enum rc turn_take(struct turns *t, struct request *rq, enum rc (*begin)(struct request *rq));
