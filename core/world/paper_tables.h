#pragma once
/*
 * What the documents are about: fixtures/documents/clinical.json as tables. Codes are real ones (ICD-10, HOT9, JLAC10,
 * JAMI usage, MERIT-9 units), so that what reads them can look them up; the people are not.
 */

#include "base/rc.h"

#include <stdbool.h>

struct arena;

struct paper_department {
    const char *code, *name, *setting; /* setting: practiceSettingCode */
};

struct paper_medicine {
    const char *code, *name, *unit, *unit_name, *usage, *usage_name;
    unsigned dose, times, days; /* units a time, times a day, days */
};

#define PAPER_DISEASE_MEDICINES 3

struct paper_disease {
    const char *icd, *name, *sex; /* sex: "M", "F" or NULL */
    unsigned from, to;            /* ages */
    const struct paper_department *department;
    const struct paper_medicine *medicines[PAPER_DISEASE_MEDICINES];
};

struct paper_infusion {
    const char *code, *name, *unit, *unit_name;
    const char *role; /* HL7 table 0166: "B" base, "A" additive */
};

struct paper_test {
    const char *code, *name, *unit;
    int low, high, spread; /* reference range and how far beyond it values go, in the last decimal */
    unsigned decimals;
    bool is_blood; /* whole blood; otherwise serum */
};

struct paper_study {
    const char *modality, *name, *body, *finding;
};

struct paper_name {
    const char *kanji, *kana, *romaji;
};

enum paper_phrase {
    PHRASE_PURPOSE,
    PHRASE_HISTORY,
    PHRASE_COURSE,
    PHRASE_HOSPITAL,
    PHRASE_DISCHARGE,
    PHRASE_PLAN,
    PHRASE_SUBJECTIVE,
    PHRASE_OBJECTIVE,
    PHRASE_OPERATION,
    PHRASE_NURSING,
    PHRASE_DIET,
    PHRASE_EXPLANATION,
    PHRASE_PHYSIOLOGY,
    PHRASE_ENDOSCOPY,
    PHRASE_RADIOLOGY,
    PHRASE_COUNT
};

struct paper_phrases {
    const char **texts;
    unsigned count;
};

/* No table is empty. */
struct paper_tables {
    struct paper_department *departments;
    struct paper_disease *diseases;
    struct paper_medicine *medicines;
    struct paper_infusion *infusions;
    struct paper_test *tests; /* those of whole blood first */
    struct paper_study *studies;
    struct paper_name *families, *givens;
    unsigned department_count, disease_count, medicine_count, infusion_count, test_count, blood_test_count, study_count,
        family_count, given_count;
    struct paper_phrases phrases[PHRASE_COUNT];
};

/* E_CONFIG with a sentence in the log: file, place, what. */
MUST_CHECK enum rc paper_tables_load(struct arena *a, const char *path, struct paper_tables *out);
