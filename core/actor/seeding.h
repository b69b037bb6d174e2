#pragma once
/*
 * How a daemon comes to know the people of the fixtures (world/people.h) and their documents before it listens:
 * --seed and --population say who there is, the daemon's own function keeps what it must remember of them. The table
 * `seeded` tells how far a community has come; it changes in the transaction that holds those people, so an
 * interrupted seeding goes on where it was, and a seeded world costs nothing at the next start. docs/people.md.
 */

#include "base/config.h"
#include "base/rc.h"
#include "model/community.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db;
struct papers;
struct people;
struct person;

struct seeding {
    const struct config *config;
    const struct world *world;
    struct people *people;
    struct papers *papers; /* seeding_load's; NULL while people are seeded, whose documents nobody asks for */
    uint64_t *done;        /* by the world's order: persons 0 … done - 1 are known */
};

/* Keeps the persons from … to - 1 of a community. The arena is this call's. */
typedef enum rc seed_people(struct arena *a, struct db *db, const struct seeding *s, const struct community *c,
                            uint64_t from, uint64_t to);

/*
 * Seeds what is missing in the database, which nobody else has open for writing. Without a function only the table is
 * written: those people are known from then on, and whatever is asked of them is made then. Tells --ready-fd how far it
 * is
 * ("P DONE TOTAL\n"). E_CANCELLED after SIGTERM or SIGINT, which are blocked and stay pending: what is done is kept.
 * E_CONFIG after a line: other people live there already (another --seed).
 */
MUST_CHECK enum rc seeding_run(const struct config *c, const struct world *w, const char *database, const char *schema,
                               seed_people *seed);

/* The line of E_CONFIG alone, before anything is started; a database that is not there yet is fine. */
MUST_CHECK enum rc seeding_check(const struct config *c, const char *database);

/*
 * Whoever has been seeded into the database, and their documents. *out is NULL when that is nobody. In the arena,
 * constant, usable from any thread.
 */
MUST_CHECK enum rc seeding_load(struct arena *a, const struct config *c, const struct world *w, const char *database,
                                struct seeding **out);

/* The person a regional id of the community names. E_NOT_FOUND for whoever was not seeded. */
MUST_CHECK enum rc seeding_person(struct arena *a, const struct seeding *s, const struct community *c,
                                  const char *regional_id, struct person *out);
