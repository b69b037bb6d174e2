#pragma once
/* How the traits of two patients agree, field by field. */

#include "pixmgr/traits.h"

/* Every way a comparison can come out; one row each in match.c. Nothing known on a side adds nothing. */
enum agreement {
    BIRTH_SAME,
    BIRTH_NEAR,    /* digits swapped, one other, day and month exchanged, the era mistaken */
    BIRTH_PARTIAL, /* as far as both say something */
    BIRTH_OTHER,
    SEX_SAME,
    SEX_OTHER,
    FAMILY_SAME,       /* kana, or kanji where one side has no reading */
    FAMILY_SAME_SOUND, /* kana and romaji, a voiced or a long sound mistaken, a mora mistyped */
    FAMILY_OTHER_KANJI,
    FAMILY_SAME_KANJI, /* read differently */
    FAMILY_OTHER,
    GIVEN_SAME,
    GIVEN_SAME_SOUND,
    GIVEN_OTHER_KANJI,
    GIVEN_SAME_KANJI,
    GIVEN_OTHER,
    KANJI_SAME, /* of the given name, beside its reading */
    MOBILE_SAME,
    MOBILE_NEAR, /* one digit another, or two neighbours exchanged */
    MOBILE_OTHER,
    LANDLINE_SAME,
    ADDRESS_SAME,
    ADDRESS_CITY,
    ADDRESS_OTHER,
    INSURANCE_SAME,
    INSURANCE_HOUSEHOLD, /* another branch of the same */
    INSURANCE_OTHER,
    AGREEMENT_COUNT
};

struct agreements {
    bool are[AGREEMENT_COUNT];
};

struct agreements traits_compare(const struct traits *x, const struct traits *y);
