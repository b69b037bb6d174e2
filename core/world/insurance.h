#pragma once
/*
 * Health insurance as a card shows it. Insurer numbers (保険者番号): law (two digits, none for municipal insurance),
 * prefecture (two), insurer (three), check digit. The insurers' three digits are made up from 901 on, and 記号 begins
 * with 模: no card of anybody's looks like that.
 */

#include "world/places.h"

#include <stdbool.h>
#include <stdint.h>

#define INSURANCE_AGED_FROM 75 /* from here on everybody has the scheme of the aged, 39 */

struct insurance {
    char insurer[9];  /* 8 digits; 6 of a municipality */
    char insured[24]; /* "模35・0012345"; of the aged 8 digits with a check digit */
    char branch[3];   /* "00" the insured; "" of the aged, whose scheme has none */
};

/*
 * Of the nth (from 0) in a household under this key, whose first person has that age. Members share insurer, symbol
 * and number; the aged have their own, under their own key.
 */
void insurance_write(const struct prefecture *p, const struct municipality *m, uint64_t household_key, uint64_t key,
                     int head_age, int age, unsigned nth, struct insurance *out);
