#pragma once
/* Who is the same person, by demographics alone: exact, after names are folded. */

#include "model/patient.h"

#include <stdbool.h>

struct arena;

/*
 * One spelling of what is the same to a reader: full-width letters, digits and spaces become ASCII, letters lower case,
 * runs of spaces one, none at the ends. NULL stays NULL.
 */
const char *name_fold(struct arena *a, const char *text);

/* YYYY[MM[DD]] of a time: what a birth date is compared by. NULL stays NULL. */
const char *birth_date(struct arena *a, const char *time);

/* What people are compared by; NULL where unknown. */
struct identity {
    const char *birth, *gender;
    const char *kana, *kanji; /* family and given, folded */
};

struct identity identity_of(struct arena *a, const struct patient *p);

/*
 * Same full birth date and gender, and the same kana name; where one side has no kana, the same kanji name. Kana comes
 * first because old and variant forms of characters (髙, 﨑) differ from system to system, the reading does not.
 */
bool identity_same(const struct identity *x, const struct identity *y);
