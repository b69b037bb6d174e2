#include "pixmgr/match.h"

#include "base/buf.h"
#include "pixmgr/compare.h"

#include <math.h>

/* ---- the score ---- */

/*
 * m and u of each outcome. u of names are how often two people of the fixtures' tables (docs/people.md) share one; of a
 * birth, the days of a century; m are what registers of patients are known for: one birth in thirty mistyped, a fifth
 * of all telephones changed, half of the addresses. A row whose m and u are equal would say nothing.
 */
static const struct weight {
    const char *what;
    double m, u;
} weights[AGREEMENT_COUNT] = {
    [BIRTH_SAME] = { "birth date: the same", 0.96, 0.000032 },
    [BIRTH_NEAR] = { "birth date: digits swapped, one another, day for month, another era", 0.03, 0.0012 },
    [BIRTH_PARTIAL] = { "birth date: the same as far as both are known", 0.9, 0.05 },
    [BIRTH_OTHER] = { "birth date: another", 0.003, 0.998 },
    [SEX_SAME] = { "sex: the same", 0.995, 0.5 },
    [SEX_OTHER] = { "sex: the other", 0.005, 0.5 },
    [FAMILY_SAME] = { "family name: the same", 0.85, 0.0045 },
    [FAMILY_SAME_SOUND] = { "family name: sounds the same, or nearly", 0.07, 0.006 },
    [FAMILY_OTHER_KANJI] = { "family name: read alike, other characters", 0.03, 0.0013 },
    [FAMILY_SAME_KANJI] = { "family name: the same characters, read differently", 0.02, 0.002 },
    [FAMILY_OTHER] = { "family name: another", 0.1, 0.985 },
    [GIVEN_SAME] = { "given name: the same", 0.93, 0.012 },
    [GIVEN_SAME_SOUND] = { "given name: sounds the same, or nearly", 0.05, 0.02 },
    [GIVEN_OTHER_KANJI] = { "given name: read alike, other characters", 0.01, 0.03 },
    [GIVEN_SAME_KANJI] = { "given name: the same characters, read differently", 0.02, 0.003 },
    [GIVEN_OTHER] = { "given name: another", 0.004, 0.95 },
    [KANJI_SAME] = { "given name: the same characters, too", 0.95, 0.3 },
    [MOBILE_SAME] = { "mobile number: the same", 0.8, 0.0001 },
    [MOBILE_NEAR] = { "mobile number: one digit another, or two swapped", 0.04, 0.0006 },
    [MOBILE_OTHER] = { "mobile number: another", 0.08, 0.9999 },
    [LANDLINE_SAME] = { "landline: the same", 0.5, 0.01 },
    [ADDRESS_SAME] = { "address: the same", 0.45, 0.001 },
    [ADDRESS_CITY] = { "address: the same municipality", 0.15, 0.02 },
    [ADDRESS_OTHER] = { "address: another municipality", 0.4, 0.97 },
    [INSURANCE_SAME] = { "insurance: insurer, number and branch the same", 0.7, 0.000002 },
    [INSURANCE_HOUSEHOLD] = { "insurance: the same but for the branch", 0.0005, 0.01 },
    [INSURANCE_OTHER] = { "insurance: another", 0.3, 0.99 },
};

static double score_of(const struct agreements *g)
{
    double score = 0;

    for (size_t i = 0; i < AGREEMENT_COUNT; i++) {
        if (g->are[i])
            score += log2(weights[i].m / weights[i].u);
    }
    return score;
}

/* ---- deterministic rules, the first that holds decides ---- */

static bool is_given_other(const struct agreements *g)
{
    return g->are[GIVEN_OTHER] || g->are[GIVEN_OTHER_KANJI];
}

static bool share_a_house(const struct agreements *g)
{
    return g->are[ADDRESS_SAME] || g->are[LANDLINE_SAME] || g->are[INSURANCE_HOUSEHOLD];
}

static bool are_twins(const struct agreements *g)
{
    return g->are[BIRTH_SAME] && is_given_other(g) && share_a_house(g);
}

static bool may_be_twins(const struct agreements *g)
{
    return g->are[BIRTH_SAME] && g->are[GIVEN_SAME_SOUND] && !g->are[KANJI_SAME] && share_a_house(g);
}

static bool are_of_one_household(const struct agreements *g)
{
    return g->are[INSURANCE_HOUSEHOLD] && !g->are[BIRTH_SAME];
}

static bool are_other_people(const struct agreements *g)
{
    return is_given_other(g) && (g->are[SEX_OTHER] || g->are[BIRTH_OTHER] || g->are[FAMILY_OTHER]);
}

static bool have_one_insurance(const struct agreements *g)
{
    return g->are[INSURANCE_SAME] && g->are[BIRTH_SAME] && !g->are[SEX_OTHER] && !is_given_other(g);
}

static const struct match_rule {
    const char *name, *what;
    bool (*holds)(const struct agreements *g);
    enum verdict verdict;
} rules[] = {
    { "twins", "the same birth date, and address, landline or insurance, but another given name", are_twins,
      VERDICT_APART },
    { "near twins", "the same birth date and house, given names that only sound alike, no kanji that agree",
      may_be_twins, VERDICT_REVIEW },
    { "household", "the same insurance with another branch, and another birth date", are_of_one_household,
      VERDICT_APART },
    { "others", "another given name, and another sex, birth date or family name", are_other_people, VERDICT_APART },
    { "insurance", "the same insurance with its branch, and birth date; sex and given name do not contradict",
      have_one_insurance, VERDICT_SAME },
};

struct match match_traits(const struct traits *x, const struct traits *y, const struct linking *how)
{
    struct agreements g = traits_compare(x, y);
    double score = score_of(&g);

    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (rules[i].holds(&g))
            return (struct match){ rules[i].verdict, score, rules[i].name };
    }
    return (struct match){ score >= how->link_from     ? VERDICT_SAME
                           : score >= how->review_from ? VERDICT_REVIEW
                                                       : VERDICT_APART,
                           score, NULL };
}

/* ---- documentation ---- */

void match_markdown(struct buf *out)
{
    static const char *const verdicts[] = { "apart", "review", "the same" };

    buf_add_text(out, "| rule | when | verdict |\n|---|---|---|\n");
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        buf_printf(out, "| %s | %s | %s |\n", rules[i].name, rules[i].what, verdicts[rules[i].verdict]);
    buf_add_text(out, "\n| outcome | m | u | log2(m/u) |\n|---|---|---|---|\n");
    for (size_t i = 0; i < AGREEMENT_COUNT; i++)
        buf_printf(out, "| %s | %g | %g | %.1f |\n", weights[i].what, weights[i].m, weights[i].u,
                   log2(weights[i].m / weights[i].u));
}
