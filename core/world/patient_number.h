#pragma once
/* The numbers that communities and facilities give to the n-th person of a community. */

#include "base/rc.h"

#include <stdint.h>

#define REGIONAL_ID_SIZE 32
#define FACILITY_ID_SIZE 9

/* "0035-0000017-3": the community's number, the person's from 1, and the check digit of both. */
void regional_id_write(int community, uint64_t n, char out[REGIONAL_ID_SIZE]);

/* The n that has this id in a community of so many; E_NOT_FOUND when it is none of theirs. */
MUST_CHECK enum rc regional_id_parse(int community, const char *id, uint64_t count, uint64_t *n);

/* Eight digits without a visible order, that no two persons of a community share at a facility. */
void facility_id_write(uint64_t facility_key, uint64_t n, char out[FACILITY_ID_SIZE]);
