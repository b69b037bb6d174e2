#include "world/names.h"

#include "base/arena.h"
#include "base/str.h"
#include "world/random.h"
#include "world/tsv.h"

#include <stdlib.h>
#include <string.h>

#define ANYWHERE     "-"
#define PREFECTURES  47
#define FIRST_DECADE 1920
#define DECADES      11
#define NAMES_MIN    8 /* of a sex and decade: nobody in a household shares one */
#define WEIGHT_MAX   1000000

/* Names of one place, or of one sex and decade: rows from `first` on. */
struct shelf {
    const char *where;
    size_t first;
    struct weights weights;
};

struct names {
    struct family *families;
    struct shelf general, local[PREFECTURES];
    size_t local_count;
    struct given *given;
    struct shelf decades[2][DECADES]; /* men, women */
};

/* ---- family names ---- */

static size_t words_of(const char *text)
{
    size_t n = 1;

    for (; (text = strchr(text, ' ')) != NULL; text++)
        n++;
    return n;
}

/* "高橋:86 髙橋:14" */
static enum rc forms_read(struct arena *a, const struct tsv *t, size_t row, struct family *f)
{
    char *rest = tsv_cell(t, row, 1);
    size_t room = words_of(rest);

    f->forms = ARENA_ARRAY(a, const char *, room);
    f->shares = weights_new(a, room);
    for (char *form; (form = strsep(&rest, " ")) != NULL;) {
        char *colon = strchr(form, ':'), *end = NULL;
        long share = colon == NULL ? 0 : strtol(colon + 1, &end, 10);
        if (share < 1 || share > 100 || *end != '\0' || colon == form)
            return tsv_complain(t, row, "\"%s\" is not a form, a colon and its share from 1 to 100", form);
        *colon = '\0';
        f->forms[f->shares.count] = form;
        weights_add(&f->shares, (uint32_t)share);
    }
    return OK;
}

static const struct shelf *local_of(const struct names *n, const char *prefecture)
{
    for (size_t i = 0; i < n->local_count; i++) {
        if (text_equal(n->local[i].where, prefecture))
            return &n->local[i];
    }
    return NULL;
}

/* Rows of one place stand together. */
static enum rc shelf_of_family(struct arena *a, struct names *n, const struct tsv *t, size_t row, struct shelf **out)
{
    const char *where = tsv_cell(t, row, 0);
    struct shelf *last = n->local_count == 0 ? &n->general : &n->local[n->local_count - 1];

    if (!text_equal(last->where, where)) {
        if (row == 0 ? !text_equal(where, ANYWHERE) : n->local_count == PREFECTURES)
            return tsv_complain(t, row, "names found anywhere (%s) come first, then those of at most %d prefectures",
                                ANYWHERE, PREFECTURES);
        if (local_of(n, where) != NULL || (row > 0 && text_equal(where, ANYWHERE)))
            return tsv_complain(t, row, "the names of %s stand together", where);
        last = row == 0 ? &n->general : &n->local[n->local_count++];
        *last = (struct shelf){ where, row, weights_new(a, tsv_run(t, row, 1)) };
    }
    *out = last;
    return OK;
}

static enum rc families_read(struct arena *a, const char *folder, struct names *n)
{
    struct tsv t;
    struct shelf *shelf = NULL;
    uint32_t weight;

    TRY(tsv_read(a, folder, "families.tsv", 5, &t));
    n->families = ARENA_ARRAY(a, struct family, t.count);
    for (size_t i = 0; i < t.count; i++) {
        TRY(shelf_of_family(a, n, &t, i, &shelf));
        TRY(forms_read(a, &t, i, &n->families[i]));
        n->families[i].kana = tsv_cell(&t, i, 2);
        n->families[i].romaji = tsv_cell(&t, i, 3);
        TRY(tsv_number(&t, i, 4, 1, WEIGHT_MAX, &weight));
        weights_add(&shelf->weights, weight);
    }
    return OK;
}

const struct family *names_family(const struct names *n, const char *prefecture, uint64_t random)
{
    const struct shelf *local = local_of(n, prefecture);
    uint32_t own = local == NULL ? 0 : weights_total(&local->weights);
    uint32_t point = random_below(random, own + weights_total(&n->general.weights));

    if (point < own)
        return &n->families[local->first + weights_at(&local->weights, point)];
    return &n->families[weights_at(&n->general.weights, point - own)];
}

const char *family_form(const struct family *f, uint64_t random)
{
    return f->forms[weights_pick(&f->shares, random)];
}

const char *family_other_form(const struct family *f, const char *form, uint64_t random)
{
    if (f->shares.count == 1)
        return form;
    size_t i = random_below(random, (uint32_t)f->shares.count - 1);
    return f->forms[i] == form ? f->forms[f->shares.count - 1] : f->forms[i];
}

/* ---- given names ---- */

static size_t decade_of(int year)
{
    int decade = (year - FIRST_DECADE) / 10;

    return year < FIRST_DECADE ? 0 : (size_t)MIN(decade, DECADES - 1);
}

/* Rows of one sex and decade stand together. */
static enum rc shelf_of_given(struct arena *a, struct names *n, const struct tsv *t, size_t row, struct shelf **out)
{
    const char *sex = tsv_cell(t, row, 0);
    uint32_t decade;

    if (!text_equal(sex, "M") && !text_equal(sex, "F"))
        return tsv_complain(t, row, "\"%s\" is neither M nor F", sex);
    TRY(tsv_number(t, row, 1, FIRST_DECADE, FIRST_DECADE + 10 * (DECADES - 1), &decade));
    *out = &n->decades[sex[0] == 'F'][decade_of((int)decade)];
    if ((*out)->weights.count == 0)
        **out = (struct shelf){ sex, row, weights_new(a, tsv_run(t, row, 2)) };
    if ((*out)->first + (*out)->weights.count != row)
        return tsv_complain(t, row, "the names of one sex and decade stand together");
    return OK;
}

static enum rc decades_check(const struct names *n, const struct tsv *t)
{
    for (int woman = 0; woman < 2; woman++) {
        for (int i = 0; i < DECADES; i++) {
            if (n->decades[woman][i].weights.count < NAMES_MIN)
                return tsv_complain(t, t->count - 1, "the decade %d has fewer than %d names of %s",
                                    FIRST_DECADE + 10 * i, NAMES_MIN, woman ? "women" : "men");
        }
    }
    return OK;
}

static enum rc given_read(struct arena *a, const char *folder, struct names *n)
{
    struct tsv t;
    struct shelf *shelf = NULL;
    uint32_t weight;

    TRY(tsv_read(a, folder, "given.tsv", 6, &t));
    n->given = ARENA_ARRAY(a, struct given, t.count);
    for (size_t i = 0; i < t.count; i++) {
        TRY(shelf_of_given(a, n, &t, i, &shelf));
        n->given[i] = (struct given){ tsv_cell(&t, i, 2), tsv_cell(&t, i, 3), tsv_cell(&t, i, 4) };
        TRY(tsv_number(&t, i, 5, 1, WEIGHT_MAX, &weight));
        weights_add(&shelf->weights, weight);
    }
    return decades_check(n, &t);
}

const struct given *names_given(const struct names *n, bool is_woman, int year, uint64_t random)
{
    const struct shelf *s = &n->decades[is_woman][decade_of(year)];

    return &n->given[s->first + weights_pick(&s->weights, random)];
}

const struct given *names_given_other(const struct names *n, bool is_woman, int year, const struct given *not_this)
{
    const struct shelf *s = &n->decades[is_woman][decade_of(year)];
    const struct given *first = &n->given[s->first], *end = first + s->weights.count;

    return not_this >= first && not_this + 1 < end ? not_this + 1 : first;
}

/* ---- kana ---- */

/* What clerks and input methods confuse; each also the other way round. */
static const char *const slips[][2] = {
    { "ズ", "ヅ" },     { "ジ", "ヂ" },     { "オオ", "オウ" }, { "ュウ", "ュー" }, { "ョウ", "ョー" },
    { "ユウ", "ユー" }, { "ヨウ", "ヨー" }, { "ッ", "ツ" },     { "ョ", "ヨ" },     { "ュ", "ユ" },
    { "カワ", "ガワ" }, { "サキ", "ザキ" }, { "サワ", "ザワ" }, { "シマ", "ジマ" }, { "エイ", "エー" },
    { "トウ", "トー" }, { "コウ", "コー" },
};

const char *kana_slip(struct arena *a, const char *kana, uint64_t random)
{
    size_t start = random_below(random, ARRAY_LEN(slips));

    for (size_t i = 0; i < 2 * ARRAY_LEN(slips); i++) {
        const char *const *pair = slips[(start + i) % ARRAY_LEN(slips)];
        const char *from = pair[i >= ARRAY_LEN(slips)], *to = pair[i < ARRAY_LEN(slips)];
        const char *at = strstr(kana, from);
        if (at != NULL)
            return arena_printf(a, "%.*s%s%s", (int)(at - kana), kana, to, at + strlen(from));
    }
    return NULL;
}

enum rc names_new(struct arena *a, const char *folder, struct names **out)
{
    struct names *n = ARENA_NEW(a, struct names);

    TRY(families_read(a, folder, n));
    TRY(given_read(a, folder, n));
    *out = n;
    return OK;
}
