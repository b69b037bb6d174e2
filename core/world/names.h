#pragma once
/*
 * Names of people in kanji, kana and romaji, by how common they are (FIXTURES/people/families.tsv, given.tsv). Many
 * family names are written with more than one character for the same thing (高橋 and 髙橋): the forms of one name.
 */

#include "base/rc.h"
#include "world/weights.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct names;

struct family {
    const char **forms; /* kanji */
    struct weights shares;
    const char *kana, *romaji;
};

struct given {
    const char *kanji, *kana, *romaji;
};

MUST_CHECK enum rc names_new(struct arena *a, const char *folder, struct names **out);

/* A family name of a prefecture ("鳥取県"), where its own names are more common. */
const struct family *names_family(const struct names *n, const char *prefecture, uint64_t random);
/* A kanji form of it, as common as it is. */
const char *family_form(const struct family *f, uint64_t random);
/* Another form than this; the same when there is only one. */
const char *family_other_form(const struct family *f, const char *form, uint64_t random);

/* A given name of those born in that year. */
const struct given *names_given(const struct names *n, bool is_woman, int year, uint64_t random);
/* Another given name of the same years. */
const struct given *names_given_other(const struct names *n, bool is_woman, int year, const struct given *not_this);

/* Kana as someone else typed them: one small difference (ヅ for ズ, ユウ as ユー …). NULL when there is nothing to
 * mistake. */
const char *kana_slip(struct arena *a, const char *kana, uint64_t random);
