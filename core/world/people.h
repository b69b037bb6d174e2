#pragma once
/*
 * The people of the communities, deterministic from the seed: the n-th person of a community is computed when asked
 * for, nobody is stored. Equal seeds give equal people, byte for byte, on every machine, whichever communities live
 * there and however many people they have. The rules: docs/people.md.
 */

#include "base/rc.h"
#include "model/community.h"
#include "model/patient.h"

#include <stdint.h>

struct arena;
struct people;

#define PEOPLE_MAX 9999999u /* in a community: what a regional id has digits for */

/* A person as one community knows them. */
struct person {
    uint64_t n;             /* from 0 in the community, as people_get counts */
    uint64_t truth;         /* who it really is: equal numbers are the same person, in whatever community */
    struct patient patient; /* ids: the regional id, then facility ids; names IDE, SYL, ABC; address, telecom */
    const char *insurer;    /* 保険者番号, with its check digit */
    const char *insured;    /* 記号・番号 */
    const char *branch;     /* 枝番, two digits; "" from 75 on: that scheme (39) has none */
    const char *household;  /* equal texts live together */
    const char *city_kana, *city_romaji;  /* of patient.addresses */
    const struct facility *home_facility; /* where most of their documents come from; never one that only views; NULL
                                             where the community has none */
};

/*
 * How many: "20", "5%" of the registered patients, "full" = 100%; where the sheet has no count, of 20. E_CONFIG with a
 * sentence on standard error when it is none of these.
 */
struct population {
    enum { POPULATION_COUNT, POPULATION_PERCENT, POPULATION_FULL } kind;
    double number;
};
MUST_CHECK enum rc population_parse(const char *text, struct population *out);
/* In a community; the backbone has nobody. */
uint64_t population_of(const struct population *p, const struct community *c);

/*
 * Reads the tables under FIXTURES/people. w: every community of the fixtures (world_everyone), whichever live here, so
 * that nobody depends on --communities. Lives in the arena; constant afterwards, usable from any thread. E_CONFIG.
 */
MUST_CHECK enum rc people_new(struct arena *a, const char *fixtures, const struct world *w, uint64_t seed,
                              const struct population *population, struct people **out);
/*
 * From here on so many records of a hundred are typed with an error or two (world/typing.h): a harder world for whoever
 * has to tell who is whom. 0 at first. E_CONFIG with a sentence on standard error when it is none of 0 to 100.
 */
MUST_CHECK enum rc people_mistype(struct people *p, long long percent);
/* Persons of a community: n is 0 … count - 1. */
uint64_t people_count(const struct people *p, const struct community *c);
/* The n-th (from 0) of a community, in constant time, in the arena. */
void people_get(struct arena *a, const struct people *p, const struct community *c, uint64_t n, struct person *out);
/* The n of a regional id of this community; E_NOT_FOUND for an id that was not made here. */
MUST_CHECK enum rc people_find(const struct people *p, const struct community *c, const char *regional_id, uint64_t *n);
