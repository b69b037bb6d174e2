#pragma once
/*
 * A change of all daemons that must not stop half way: one at a time, to its end whoever asked for it and left, and
 * once more when a daemon or the console was killed in it. What one daemon does of it, it does as a whole
 * (actor/state.h), and doing it twice is doing it once.
 *
 * File: DATA/console/undertaking.json, while one is under way that must come to its end. It means nothing after a power
 * cut, which the copies of databases do not survive either (docs/decisions/008).
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;
struct ask;
struct console;
struct json;
struct undertaking;

struct step {
    const char *daemon; /* NULL: all at once */
    bool is_beside;     /* it begins together with the one before */
    const char *method, *path;
    struct str body;
};

/* Who waits for it; NULL: nobody. It lives until it is over. */
struct undertaking *undertaking_new(struct console *c, struct ask *asker);
/* Of the undertaking. */
struct arena *undertaking_arena(struct undertaking *u);
void undertaking_step(struct undertaking *u, const struct step *step);
/* What the console does itself, before the steps and after all went well; NULL: nothing. */
typedef enum rc undertaking_own(struct console *c, struct arena *a, const char *arg);
void undertaking_around(struct undertaking *u, undertaking_own *first, undertaking_own *last, const char *arg);
/* It must come to its end: the JSON from which it is made again when the console starts. */
void undertaking_insist(struct undertaking *u, const char *again);

/* Begins when those before it are over. The asker's state is taken. */
void undertaking_begin(struct undertaking *u);
/* Of an asker: false while it is under way; else it was told how it ended, in good case {did: name, "tookMs": …}. */
bool undertaking_reply(struct ask *asker, const char *did, const char *name);

/* A tick of the console: goes on with what is under way. True while there is something. */
bool undertakings_go_on(struct console *c);
/*
 * When the console starts: what was under way comes to its end first. make: an undertaking for nobody, from what was
 * given to undertaking_insist; NULL: that is none.
 */
void undertakings_settle(struct console *c, struct undertaking *(*make)(struct console *c, const struct json *again));
void undertakings_close(struct console *c);
