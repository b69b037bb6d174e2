#pragma once
/*
 * A community: one surveyed network as a live IHE community (docs/communities.md). Read once at start from
 * fixtures/networks/KEY.json by actor/world.c; constant afterwards.
 */

#include "model/code_set.h"
#include "model/rule.h"

#include <stdbool.h>
#include <stddef.h>

struct facility {
    const char *name;
    const char *kind; /* hospital, clinic, dental, pharmacy, care, other */
    const char *oid;  /* facility patient-id domain 2.999.392.3.n.m */
    struct facility *next;
};

struct repository {
    int number;            /* 1… ; path word "repository" is number 1, "repository/N" any */
    const char *unique_id; /* repositoryUniqueId 2.999.392.4.n.m */
    const char *name;
    struct repository *next;
};

struct rule_choice {
    enum rule rule;
    enum rule_weight weight;
    struct rule_choice *next;
};

enum locate { LOCATE_XCPD, LOCATE_PIX }; /* how its initiating gateway finds who holds a patient */

struct community {
    int number;       /* n of the OIDs */
    const char *key;  /* "0035" */
    const char *slug; /* "oshidori" */
    const char *name, *name_en;
    const char *home_community_id; /* "urn:oid:2.999.392.1.n" */
    const char *patient_id_domain; /* "2.999.392.2.n" */
    const char *prefecture, *region;
    struct facility *facilities;
    struct repository *repositories;
    enum locate locate;
    const char *pix_at;      /* key of the community whose PIX manager LOCATE_PIX asks: "backbone" */
    bool is_backbone;        /* owns the nationwide PIX domain, has no documents */
    const char *checks;      /* "strict", "lenient"; NULL: as --checks says */
    const char *codes_named; /* "any", "survey" or a file; NULL: as --codes says */
    struct rule_choice *rule_choices;
    const struct rule_weights *weights; /* checks and rule_choices together; NULL: strict */
    const struct code_set *codes;       /* NULL: any code goes */
};

struct world {
    struct community *communities; /* sorted by key */
    size_t count;
};

/* By key or slug; NULL if it does not live here. */
const struct community *world_find(const struct world *w, const char *key_or_slug);
/* By homeCommunityId, with or without "urn:oid:". */
const struct community *world_find_home(const struct world *w, const char *home);
/* By patient-id domain (regional or of a facility). */
const struct community *world_find_domain(const struct world *w, const char *oid);
const struct repository *community_repository(const struct community *c, int number);
