#pragma once
/*
 * What people are compared by: a patient's demographics, folded (fold.h), and the keys under which those are found who
 * could be the same. Kept beside each entry as one text, so that comparing reads no XML.
 */

#include "base/str.h"
#include "model/patient.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

#define TRAITS_NAMES_MAX  6
#define TRAITS_PHONES_MAX 4
#define TRAITS_KEYS_MAX   (3 + TRAITS_PHONES_MAX)

enum script { SCRIPT_KANJI, SCRIPT_KANA, SCRIPT_LATIN };

/* Parts are NULL where a name lacks them; sounds too, and of kanji. */
struct called {
    enum script script;
    const char *family, *given;
    const char *family_sound, *given_sound;
};

struct traits {
    const char *birth;  /* YYYY[MM[DD]]; NULL */
    const char *gender; /* NULL */
    struct called names[TRAITS_NAMES_MAX];
    size_t name_count;
    const char *phones[TRAITS_PHONES_MAX];
    size_t phone_count;
    const char *postal, *city, *street; /* city with its prefecture; NULL each */
    const char *insured;                /* insurer, symbol and number: a household's; NULL */
    const char *branch;                 /* "" where there is none */
};

/*
 * The domain of health insurance in asOtherIDs and PID-3 here: "INSURER:INSURED[:BRANCH]", as a card prints them
 * (保険者番号, 記号・番号, 枝番).
 */
#define INSURANCE_DOMAIN "2.999.392.6.1"

struct traits traits_of(struct arena *a, const struct patient *p);

/* As kept, and back. */
const char *traits_write(struct arena *a, const struct traits *p);
struct traits traits_parse(struct arena *a, const char *text);

/*
 * Two patients who could be the same person share birth date and sex, or at least one key of a community: how the name
 * sounds with the year of birth, or with its day; a telephone; an insurance with its branch. Returns how many keys
 * there are.
 */
bool traits_have_birth_and_sex(const struct traits *p);
size_t traits_keys(const struct traits *p, int community, int64_t keys[TRAITS_KEYS_MAX]);
