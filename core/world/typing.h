#pragma once
/*
 * What clerks do to a record while typing it (--typing-errors): digits swapped, kana misheard, fields left out, a name
 * from before the wedding, another form of a character. Whose record it is does not change. docs/people.md.
 */

#include "model/patient.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct names;

/* Whom it happens to. */
struct typist {
    const struct names *names;
    const char *prefecture; /* whose family names are common there; may be NULL */
    uint64_t key;           /* random; what happens follows from it */
    bool is_grown_woman;    /* who may have had another family name */
};

/*
 * Spoils one or two things of a patient whose lists are the caller's to change; what is new lives in the arena. Birth
 * dates stay dates, and a name and the ids stay.
 */
void typing_spoil(struct arena *a, const struct typist *t, struct patient *p);
