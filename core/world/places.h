#pragma once
/*
 * Where people live: prefectures, municipalities, streets (FIXTURES/people/prefectures.tsv, municipalities.tsv,
 * streets.tsv). Municipalities are real; a street, a number and the rest of a postal code are put together at random.
 */

#include "base/rc.h"
#include "world/weights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct places;

struct municipality {
    const char *name, *kana, *romaji;
    uint32_t number; /* in its prefecture, from 1 */
    uint32_t postal; /* three digits that its postal codes begin with */
    bool is_rural;   /* a town or a village: hamlets and numbers, no chome */
};

struct prefecture {
    uint32_t code; /* JIS X 0401 */
    const char *name, *kana, *romaji;
    uint32_t postal_first, postal_last;
    const char *area_code; /* of the telephones in its capital, "0857" */
    struct municipality *municipalities;
    struct weights weights;
};

MUST_CHECK enum rc places_new(struct arena *a, const char *folder, struct places **out);

/* By name ("鳥取県"); NULL when there is none. */
const struct prefecture *places_find(const struct places *p, const char *name);
/* One of all. */
const struct prefecture *places_any(const struct places *p, uint64_t random);
const struct municipality *prefecture_municipality(const struct prefecture *p, uint64_t random);

/* Room for what these write, NUL included. */
#define PLACES_STREET_SIZE 96
#define PLACES_POSTAL_SIZE 9
#define PLACES_PHONE_SIZE  20

/* "本町3丁目12番5号 コーポ桜203号室": the same for the same key. */
void street_write(const struct places *p, const struct municipality *m, uint64_t key, char out[PLACES_STREET_SIZE]);
/* "680-0412" */
void postal_write(const struct municipality *m, uint64_t key, char out[PLACES_POSTAL_SIZE]);

/*
 * "tel:0857-05-1234": a landline, or "tel:090-0123-4567": a mobile telephone. Neither can ring: by the numbering plan
 * (電気通信番号計画) the digit behind an area code is never 0 or 1, nor the one behind 070, 080 and 090 a 0.
 */
void landline_write(const struct prefecture *p, uint64_t key, char out[PLACES_PHONE_SIZE]);
void mobile_write(uint64_t key, char out[PLACES_PHONE_SIZE]);
