#pragma once
/* When people were born and how many of them are women: Japan's age pyramid (FIXTURES/people/ages.tsv). */

#include "base/rc.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct ages;

/* Ages are those of 1 April 2026, whatever the clock says: people must not change from day to day. */
#define AGES_YEAR 2026

struct birth {
    int year, month, day;
    int age; /* on that day */
};

MUST_CHECK enum rc ages_new(struct arena *a, const char *folder, struct ages **out);

/* The population by age, the youngest first, from 0 to 2^32: who was born when. */
struct birth ages_birth(const struct ages *g, uint32_t rank);
/* Women of this rank's age in 65536. */
uint32_t ages_women(const struct ages *g, uint32_t rank);
