#pragma once
/*
 * A scenario is a story told in transactions: a JSON file of fixtures/scenarios whose steps have one verb each and hand
 * variables on (docs/scenarios.md). scenario.c reads the file, scenario_run.c does the steps, scenario_report.c tells.
 */

#include "base/config.h"
#include "base/rc.h"
#include "cli/directory.h"
#include "cli/vars.h"
#include "wire/json.h"

#include <stdbool.h>

struct arena;
struct buf;
struct client;

struct scenario {
    const char *name, *path;
    const char *en, *ja;            /* title */
    const char *linkage;            /* of fixtures/linkages.json that it plays: "L07"; may be NULL */
    const char *like;               /* the scenario whose steps it plays with other communities; NULL: its own */
    const struct json *root;        /* the file that has the steps */
    const struct json *steps;       /* a list of objects, each with one verb */
    const struct json *communities; /* keys of who takes part */
    const struct json *roles;       /* keys by which the steps call them, in the same order */
    const struct json *overrides;   /* its own values for variables of `like`; NULL: none */
};

/* The key of who plays the role of `key` in the steps; the key itself when it is no role. */
const char *scenario_player(const struct scenario *s, const char *key);

/* FIXTURES/scenarios/NAME.json. E_NOT_FOUND, E_CONFIG with a sentence on standard error that names file and step. */
MUST_CHECK enum rc scenario_load(struct arena *a, const struct config *c, const char *name, struct scenario *out);
/* From its bytes; path is for complaints. */
MUST_CHECK enum rc scenario_parse(struct arena *a, const char *path, struct str bytes, struct scenario *out);
/* The names there are, sorted. */
MUST_CHECK enum rc scenario_names(struct arena *a, const struct config *c, char ***names, size_t *count);

/* What became of a step that speaks to somebody, or that compares. */
struct outcome {
    int number; /* of the step in the file, from 1 */
    const char *verb;
    const char *transaction; /* NULL when nothing was sent */
    const struct peer *from, *to;
    const char *actor;
    const char *carries; /* in the user's language */
    double ms;
    bool ok;
    const char *why; /* when not ok */
    struct outcome *next;
};

struct scenario_run {
    struct arena *arena;
    const struct config *config;
    const struct scenario *scenario;
    struct client *client;
    long number; /* of this run in its world */
    struct vars vars;
    const char *sha1; /* of documents found identical; NULL when none were compared */
    struct outcome *outcomes;
    bool ok;
    void (*on_step)(void *user, const struct scenario_run *run, const struct outcome *outcome); /* as it happens */
    void *user;
};

/* The verb of a step: the member that is one. NULL when there is none. */
const struct json *scenario_verb(const struct json *step);

/*
 * Fills in arena, config, scenario, on_step and user first. OK when every step went as told; E_REFUSED when one did not
 * (the rest is not done); E_CONFIG, with a sentence on standard error, when the scenario cannot be run here.
 */
MUST_CHECK enum rc scenario_run(struct scenario_run *run);

/* ---- telling ---- */

/* user: a size_t that starts at 0. The title comes before the first step. */
void scenario_print_step(void *user, const struct scenario_run *run, const struct outcome *outcome);
/* "document identical: SHA-1 …", or what it stopped at. */
void scenario_print_end(const struct scenario_run *run);
void scenario_json(const struct scenario_run *run, struct buf *out);
void scenario_junit(const struct scenario_run *run, struct buf *out);
