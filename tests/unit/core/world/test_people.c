/* world/people: who lives in a community (docs/people.md). Reads the real tables; the communities are the test's own.
 */
#include "world/people.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/digest.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/utf8.h"
#include "world/digits.h"
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIXTURES "fixtures"

static struct facility care = { "介護施設 1", "care", "2.999.392.3.35.3", true, NULL };
static struct facility clinic = { "診療所 1", "clinic", "2.999.392.3.35.2", false, &care };
static struct facility hospital = { "病院 1", "hospital", "2.999.392.3.35.1", false, &clinic };
static struct facility mame_hospital = { "病院 1", "hospital", "2.999.392.3.26.1", false, NULL };

/* Sorted by key, as world_load leaves them. 0034 and 0453 are linked (L08), 0035 and 0026 too (L07). */
static struct community communities[] = {
    { .number = 26,
      .key = "0026",
      .name = "まめネット",
      .patient_id_domain = "2.999.392.2.26",
      .prefecture = "島根県",
      .facilities = &mame_hospital,
      .registered = 39000 },
    { .number = 35,
      .key = "0035",
      .name = "おしどりネット",
      .patient_id_domain = "2.999.392.2.35",
      .prefecture = "鳥取県",
      .facilities = &hospital,
      .registered = 1990 },
    { .number = 101,
      .key = "0101",
      .name = "長野 1",
      .patient_id_domain = "2.999.392.2.101",
      .prefecture = "長野県",
      .facilities = &hospital,
      .registered = -1 },
    { .number = 102,
      .key = "0102",
      .name = "長野 2",
      .patient_id_domain = "2.999.392.2.102",
      .prefecture = "長野県",
      .facilities = &hospital,
      .registered = 0 },
    { .number = 103,
      .key = "0103",
      .name = "長野 3",
      .patient_id_domain = "2.999.392.2.103",
      .prefecture = "長野県",
      .facilities = &hospital,
      .registered = -1 },
    { .number = 104, .key = "0104", .name = "どこか", .patient_id_domain = "2.999.392.2.104", .registered = -1 },
    { .number = 1000,
      .key = "backbone",
      .name = "全国",
      .patient_id_domain = "2.999.392.2.1000",
      .is_backbone = true,
      .registered = -1 },
};
static struct world world = { communities, ARRAY_LEN(communities), LENS_ALL };

enum { MAME, OSHIDORI, NAGANO_1, NAGANO_2, NAGANO_3, SOMEWHERE, BACKBONE };

static struct people *people_of(struct arena *a, const struct world *w, uint64_t seed, const char *population)
{
    struct population parsed;
    struct people *p;

    assert_int_equal(population_parse(population, &parsed), OK);
    assert_int_equal(people_new(a, FIXTURES, w, seed, &parsed, &p), OK);
    return p;
}

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* ---- the same people for everybody ---- */

static void person_dump(const struct person *who, struct buf *out)
{
    const struct patient *p = &who->patient;

    buf_printf(out, "%llu %s %s %s|%s %s %s|%s %s %s\n", (unsigned long long)who->truth, p->gender, p->birth_time,
               who->household, who->insurer, who->insured, who->branch, who->city_kana, who->city_romaji,
               who->home_facility ? who->home_facility->oid : "-");
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next)
        buf_printf(out, " %s %s", id->root, id->extension);
    for (const struct person_name *n = p->names; n != NULL; n = n->next)
        buf_printf(out, " %s %s %s", n->use, n->family, n->given);
    for (const struct address *d = p->addresses; d != NULL; d = d->next)
        buf_printf(out, " %s %s %s %s %s %s", d->use, d->postal_code, d->state, d->city, d->street, d->country);
    for (const struct telecom *t = p->telecoms; t != NULL; t = t->next)
        buf_printf(out, " %s %s", t->use, t->value);
    buf_add_text(out, "\n");
}

static void community_hash(const struct people *p, const struct community *c, uint64_t count, char out[SHA1_HEX_LEN])
{
    struct arena *a = arena_new();
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    struct person who;

    for (uint64_t n = 0; n < count; n++) {
        people_get(a, p, c, n, &who);
        person_dump(&who, text);
    }
    sha1_hex(buf_str(text), out);
    arena_free(a);
}

/* A change of these is a change of every seeded world: say so in the commit. The tables are part of it. */
static void test_equal_seeds_give_equal_people(void **state)
{
    static const struct {
        int community;
        const char *sha1;
    } pinned[] = {
        { MAME, "c6eb4454d8844cbc707c0c4ab8fbcb9456d32577" },
        { OSHIDORI, "b75ce2395630796c4dd2c41c818f1635c46e73fd" },
        { NAGANO_2, "e89598d5b43d2d3c5a8ed3e9fd641aa1addad397" },
        { SOMEWHERE, "3d23a3ebd7f5828afbceef47d8fd8e37c8a2bc9c" },
    };
    struct people *p = people_of(*state, &world, 1, "1000");
    char hash[SHA1_HEX_LEN];
    bool differs = false;

    for (size_t i = 0; i < ARRAY_LEN(pinned); i++) {
        community_hash(p, &communities[pinned[i].community], 1000, hash);
        if (strcmp(hash, pinned[i].sha1) != 0) {
            print_error("people of %s are now %s\n", communities[pinned[i].community].key, hash);
            differs = true;
        }
    }
    assert_false(differs);
}

static void test_another_seed_gives_other_people(void **state)
{
    char one[SHA1_HEX_LEN], two[SHA1_HEX_LEN];

    community_hash(people_of(*state, &world, 1, "20"), &communities[OSHIDORI], 20, one);
    community_hash(people_of(*state, &world, 2, "20"), &communities[OSHIDORI], 20, two);
    assert_string_not_equal(one, two);
}

static void test_people_stay_whoever_lives_beside_them_and_however_many_they_are(void **state)
{
    struct community alone = communities[OSHIDORI];
    struct world small = { &alone, 1, LENS_ALL };
    char one[SHA1_HEX_LEN], two[SHA1_HEX_LEN];

    community_hash(people_of(*state, &world, 1, "20"), &communities[OSHIDORI], 20, one);
    community_hash(people_of(*state, &small, 1, "full"), &alone, 20, two);
    assert_string_equal(one, two);
}

/* ---- how many ---- */

static void test_population_is_a_number_a_percentage_or_full(void **state)
{
    static const struct {
        const char *text;
        uint64_t oshidori, unknown, nobody; /* registered: 1990, not stated, 0 */
    } examples[] = {
        { "20", 20, 20, 20 }, { "0", 0, 0, 0 },        { "9999999", 9999999, 9999999, 9999999 },
        { "5%", 100, 1, 0 },  { "0.1%", 2, 1, 0 },     { "100%", 1990, 20, 0 },
        { "0%", 0, 0, 0 },    { "full", 1990, 20, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        struct people *p = people_of(*state, &world, 1, examples[i].text);
        assert_int_equal(people_count(p, &communities[OSHIDORI]), examples[i].oshidori);
        assert_int_equal(people_count(p, &communities[NAGANO_1]), examples[i].unknown);
        assert_int_equal(people_count(p, &communities[NAGANO_2]), examples[i].nobody);
        assert_int_equal(people_count(p, &communities[BACKBONE]), 0);
    }
}

static void test_other_populations_are_refused(void **state)
{
    static const char *const broken[] = { "",         "many", "-1",   "1.5", "200%", "100.1%", "5 %",      "5%%",   "%",
                                          "10000000", "1e3",  "0x10", "nan", "inf",  "Full",   "20people", "1.2.3%" };
    struct population p = { .number = 7 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        if (population_parse(broken[i], &p) != E_CONFIG)
            fail_msg("\"%s\" passed", broken[i]);
    }
    assert_true(p.number == 7);
}

/* ---- identifiers ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_all_differ(char **texts, size_t count)
{
    qsort(texts, count, sizeof(*texts), by_text);
    for (size_t i = 1; i < count; i++)
        assert_string_not_equal(texts[i - 1], texts[i]);
}

#define MANY 50000u

static void test_no_two_persons_share_an_id(void **state)
{
    struct people *p = people_of(*state, &world, 3, "50000");
    char **regional = ARENA_ARRAY(*state, char *, MANY), **local = ARENA_ARRAY(*state, char *, MANY);
    struct person who;
    size_t locals = 0, known_twice = 0;

    for (uint64_t n = 0; n < MANY; n++) {
        people_get(*state, p, &communities[OSHIDORI], n, &who);
        regional[n] = (char *)who.patient.ids->extension;
        const struct patient_id *at_hospital = patient_id_in(who.patient.ids, "2.999.392.3.35.1");
        if (at_hospital != NULL)
            local[locals++] = (char *)at_hospital->extension;
        known_twice += who.patient.ids->next->next != NULL;
        assert_string_equal(who.patient.ids->root, "2.999.392.2.35");
        assert_false(who.home_facility->is_viewing_only);
        assert_non_null(patient_id_in(who.patient.ids, who.home_facility->oid));
    }
    assert_all_differ(regional, MANY);
    assert_all_differ(local, locals);
    assert_in_range(known_twice, MANY / 3, MANY / 2);
}

static void test_find_is_the_inverse_of_get(void **state)
{
    struct people *p = people_of(*state, &world, 3, "2000");
    struct person who;

    for (uint64_t n = 0; n < 2000; n += 7) {
        uint64_t found = 0;
        people_get(*state, p, &communities[MAME], n, &who);
        assert_int_equal(people_find(p, &communities[MAME], who.patient.ids->extension, &found), OK);
        assert_int_equal(found, n);
        assert_int_equal(people_find(p, &communities[OSHIDORI], who.patient.ids->extension, &found), E_NOT_FOUND);
    }
}

static void test_ids_that_were_not_made_here_are_not_found(void **state)
{
    struct people *p = people_of(*state, &world, 3, "20");
    struct person who;
    uint64_t n = 99;

    people_get(*state, p, &communities[MAME], 16, &who);
    assert_string_equal(who.patient.ids->extension, "0026-0000017-4");
    static const char *const others[] = { "",
                                          "R0001",
                                          "0026-0000017",
                                          "0026-0000017-3",
                                          "0026-0000021-6",
                                          "0026-0000000-2",
                                          "0026-17-4",
                                          "26-0000017-4",
                                          "0026--000017-4",
                                          "0026-0000017-4 ",
                                          "0026-00000000000000000000000000000017-4" };
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (people_find(p, &communities[MAME], others[i], &n) != E_NOT_FOUND)
            fail_msg("\"%s\" was found", others[i]);
    }
    assert_int_equal(n, 99);
}

/* ---- texts ---- */

/* UTF-8, no control characters, nothing that HL7 v2 or CX would need to escape, within a length in characters. */
static void assert_text(const char *text, size_t most)
{
    size_t n = strlen(text), characters = 0;

    assert_non_null(text);
    for (size_t i = 0; i < n; characters++) {
        size_t length = utf8_length(text + i, n - i);
        if (length == 0 || (unsigned char)text[i] < ' ' || strchr("^&~|\\<>\"", text[i]) != NULL)
            fail_msg("\"%s\" has a character that does not belong there", text);
        i += length;
    }
    if (characters == 0 || characters > most)
        fail_msg("\"%s\" has %zu characters", text, characters);
}

static bool is_katakana(const char *text)
{
    for (; *text != '\0'; text += 3) { /* U+30A1 to U+30FC: E3 82 A1 to E3 83 BC */
        const unsigned char *c = (const unsigned char *)text;
        if (c[0] != 0xE3 || !((c[1] == 0x82 && c[2] >= 0xA1) || (c[1] == 0x83 && c[2] <= 0xBC)))
            return false;
    }
    return true;
}

static bool is_romaji(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 1 &&
           strspn(text + 1, "abcdefghijklmnopqrstuvwxyz") == strlen(text) - 1;
}

static void assert_names(const struct patient *p)
{
    const struct person_name *kana = patient_name(p, "SYL"), *romaji = patient_name(p, "ABC");

    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        assert_text(n->family, 40);
        assert_text(n->given, 40);
    }
    assert_string_equal(p->names->use, "IDE");
    assert_true(is_katakana(kana->family) && is_katakana(kana->given));
    assert_true(is_romaji(romaji->family) && is_romaji(romaji->given));
}

static void assert_limits(struct arena *a, const struct patient *p)
{
    const struct address *d = p->addresses;

    for (const struct patient_id *id = p->ids; id != NULL; id = id->next) {
        assert_true(is_oid(id->root));
        assert_text(id->extension, 20); /* ITI TF-2: CX-1 of PID-3 */
        assert_true(strlen(patient_id_cx(a, id)) <= 250);
    }
    assert_text(d->street, 60);
    assert_text(d->city, 40);
    assert_text(d->state, 4);
    assert_int_equal(strlen(d->postal_code), 8);
    /* sourcePatientInfo's longest value (ITI TF-3: Table 4.2.3.2-1: 256 characters) */
    assert_true(strlen(d->street) + strlen(d->city) + strlen(d->state) + 30 < 256);
    assert_true(is_dtm(p->birth_time) && strlen(p->birth_time) == 8);
}

/* 0AB…J with a 0 behind the area code, 0A0 with a 0 behind it: eleven or ten digits that no telephone has. */
static void assert_silent(const char *value)
{
    const char *number = value + strlen("tel:"), *local = strchr(number, '-') + 1;
    size_t digits = strlen(number) - 2;
    bool mobile = strncmp(number, "070-", 4) == 0 || strncmp(number, "080-", 4) == 0 || strncmp(number, "090-", 4) == 0;

    if (!text_starts(value, "tel:0") || local[0] != '0' || digits != (mobile ? 11 : 10))
        fail_msg("\"%s\" might ring", value);
}

static void test_every_text_is_well_formed_and_fits(void **state)
{
    struct people *p = people_of(*state, &world, 11, "3000");
    struct person who;

    for (size_t i = 0; i < world.count - 1; i++) {
        for (uint64_t n = 0; n < 3000; n++) {
            people_get(*state, p, &communities[i], n, &who);
            assert_names(&who.patient);
            assert_limits(*state, &who.patient);
            assert_text(who.insured, 20);
            assert_non_null(who.patient.telecoms);
            for (const struct telecom *t = who.patient.telecoms; t != NULL; t = t->next)
                assert_silent(t->value);
            if (communities[i].prefecture != NULL)
                assert_string_equal(who.patient.addresses->state, communities[i].prefecture);
        }
    }
}

static void test_variant_characters_are_a_share_of_people(void **state)
{
    struct people *p = people_of(*state, &world, 5, "20000");
    struct person who;
    size_t ladder = 0, all = 0;

    for (uint64_t n = 0; n < 20000; n++) {
        people_get(*state, p, &communities[NAGANO_3], n, &who);
        if (!text_equal(who.patient.names->next->family, "タカハシ"))
            continue;
        all++;
        ladder += text_equal(who.patient.names->family, "髙橋");
    }
    assert_in_range(all, 100, 1000);
    assert_in_range(ladder, all / 20, all / 3);
}

/* ---- ages and insurance ---- */

static int age_of(const struct person *who)
{
    int date = atoi(who->patient.birth_time);

    return (20260401 - date) / 10000;
}

static void test_ages_follow_the_pyramid(void **state)
{
    enum { STEPS = 21, PERSONS = 40000 };
    struct people *p = people_of(*state, &world, 9, "40000");
    struct person who;
    double men[STEPS], women[STEPS], total = 0;
    int counted[STEPS][2] = { 0 };
    char line[256];
    FILE *table = fopen(FIXTURES "/people/ages.tsv", "r");

    assert_non_null(table);
    for (int i = 0, first; fgets(line, sizeof(line), table) != NULL;) {
        if (sscanf(line, "%d %lf %lf", &first, &men[i], &women[i]) != 3)
            continue;
        total += men[i] + women[i];
        i++;
    }
    fclose(table);
    for (uint64_t n = 0; n < PERSONS; n++) {
        people_get(*state, p, &communities[NAGANO_1], n, &who);
        counted[MIN(age_of(&who) / 5, STEPS - 1)][who.patient.gender[0] == 'F']++;
    }
    for (int i = 0; i < STEPS; i++) {
        double both = 100.0 * (counted[i][0] + counted[i][1]) / PERSONS, wanted = 100 * (men[i] + women[i]) / total;
        double woman = 100.0 * counted[i][1] / PERSONS, wanted_woman = 100 * women[i] / total;
        if (both < wanted - 0.3 || both > wanted + 0.3)
            fail_msg("%d years: %.2f %% of the people, %.2f %% of Japan", 5 * i, both, wanted);
        if (woman < wanted_woman - 1.2 || woman > wanted_woman + 1.2)
            fail_msg("%d years: %.2f %% are women here, %.2f %% in Japan", 5 * i, woman, wanted_woman);
    }
}

static void assert_insurer(const struct person *who, const char *prefecture)
{
    size_t n = strlen(who->insurer);

    assert_int_equal(who->insurer[n - 1], digits_check(who->insurer, (int)n - 1));
    assert_memory_equal(who->insurer + n - 6, prefecture, 2);
    if (age_of(who) >= 75) {
        assert_int_equal(n, 8);
        assert_memory_equal(who->insurer, "39", 2);
        assert_int_equal(strlen(who->insured), 8);
        assert_int_equal(who->insured[7], digits_check(who->insured, 7));
        assert_string_equal(who->branch, "");
    } else {
        assert_true(n == 6 || (n == 8 && memcmp(who->insurer, "39", 2) != 0));
        assert_true(text_starts(who->insured, "模"));
        assert_int_equal(strlen(who->branch), 2);
    }
}

static void test_insurance_goes_by_age_and_prefecture(void **state)
{
    struct people *p = people_of(*state, &world, 9, "5000");
    struct person who;
    size_t municipal = 0;

    for (uint64_t n = 0; n < 5000; n++) {
        people_get(*state, p, &communities[OSHIDORI], n, &who);
        assert_insurer(&who, "31");
        municipal += strlen(who.insurer) == 6;
    }
    assert_in_range(municipal, 1200, 2200);
}

/* Known ones: 協会けんぽ東京支部, 千葉県警察共済, 新宿区. */
static void test_check_digits_are_those_of_real_insurers(void **state)
{
    (void)state;
    assert_int_equal(digits_check("0113001", 7), '2');
    assert_int_equal(digits_check("3312001", 7), '5');
    assert_int_equal(digits_check("13804", 5), '0' + (10 - (8 + 0 + 7 + 3 + 2) % 10) % 10);
}

/* ---- households ---- */

static bool live_together(const struct person *x, const struct person *y)
{
    return strcmp(x->household, y->household) == 0;
}

static void assert_family(const struct person *x, const struct person *y)
{
    assert_string_equal(x->patient.addresses->street, y->patient.addresses->street);
    assert_string_equal(x->patient.addresses->postal_code, y->patient.addresses->postal_code);
    assert_string_equal(x->patient.names->family, y->patient.names->family);
    assert_string_not_equal(x->patient.names->given, y->patient.names->given);
    if (age_of(x) >= 75 || age_of(y) >= 75)
        return;
    assert_string_equal(x->insurer, y->insurer);
    assert_string_equal(x->insured, y->insured);
    assert_string_not_equal(x->branch, y->branch);
}

static void test_a_household_shares_name_address_and_insurance(void **state)
{
    struct people *p = people_of(*state, &world, 4, "4000");
    struct person before, who;
    size_t together = 0, twins = 0;

    people_get(*state, p, &communities[NAGANO_1], 0, &before);
    for (uint64_t n = 1; n < 4000; n++, before = who) {
        people_get(*state, p, &communities[NAGANO_1], n, &who);
        if (!live_together(&before, &who))
            continue;
        together++;
        twins += text_equal(before.patient.birth_time, who.patient.birth_time);
        if (age_of(&who) < 19 && age_of(&before) >= 19)
            assert_in_range(age_of(&before) - age_of(&who), 18, 60);
    }
    assert_in_range(together, 1400, 2200);
    assert_in_range(twins, 5, 60);
}

static void test_members_of_a_household_are_told_apart(void **state)
{
    struct people *p = people_of(*state, &world, 6, "6000");
    struct person before, who;

    people_get(*state, p, &communities[MAME], 0, &before);
    for (uint64_t n = 1; n < 6000; n++, before = who) {
        people_get(*state, p, &communities[MAME], n, &who);
        if (live_together(&before, &who))
            assert_family(&before, &who);
    }
}

/* ---- movers ---- */

struct known {
    uint64_t truth;
    size_t community;
    struct person who;
};

static int by_truth(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    if (x->truth != y->truth)
        return x->truth < y->truth ? -1 : 1;
    return (x->community > y->community) - (x->community < y->community);
}

struct moves {
    size_t pairs, other_family, other_form, other_kana, links[ARRAY_LEN(communities)][ARRAY_LEN(communities)];
};

static void moved_compare(const struct known *x, const struct known *y, struct moves *out)
{
    const struct person_name *a = x->who.patient.names, *b = y->who.patient.names;

    assert_int_not_equal(x->community, y->community);
    assert_string_equal(x->who.patient.birth_time, y->who.patient.birth_time);
    assert_string_equal(x->who.patient.gender, y->who.patient.gender);
    assert_string_equal(a->given, b->given);
    assert_string_not_equal(x->who.patient.ids->extension, y->who.patient.ids->extension);
    out->pairs++;
    out->links[x->community][y->community]++;
    if (!text_equal(patient_name(&x->who.patient, "ABC")->family, patient_name(&y->who.patient, "ABC")->family))
        out->other_family++;
    else
        out->other_form += !text_equal(a->family, b->family);
    out->other_kana += !text_equal(a->next->given, b->next->given);
}

static void test_movers_are_one_person_in_each_community(void **state)
{
    enum { PERSONS = 2000 };
    struct people *p = people_of(*state, &world, 8, "2000");
    size_t count = 0, all = (ARRAY_LEN(communities) - 1) * PERSONS;
    struct known *known = ARENA_ARRAY(*state, struct known, all);
    struct moves moves = { 0 };

    for (size_t i = 0; i < BACKBONE; i++) {
        for (uint64_t n = 0; n < PERSONS; n++, count++) {
            people_get(*state, p, &communities[i], n, &known[count].who);
            known[count].truth = known[count].who.truth;
            known[count].community = i;
        }
    }
    qsort(known, count, sizeof(*known), by_truth);
    for (size_t i = 1; i < count; i++) {
        if (known[i - 1].truth == known[i].truth)
            moved_compare(&known[i - 1], &known[i], &moves);
    }
    assert_int_equal(moves.links[NAGANO_1][NAGANO_2], 2 * PERSONS / 20); /* neighbours, and on their way to the third */
    assert_int_equal(moves.links[NAGANO_2][NAGANO_3], 2 * PERSONS / 20);
    assert_int_equal(moves.links[MAME][OSHIDORI], PERSONS / 20); /* linkage L07 */
    assert_int_equal(moves.links[MAME][NAGANO_1], 0);
    assert_in_range(moves.other_family, moves.pairs / 20, moves.pairs / 4);
    assert_in_range(moves.other_form, moves.pairs / 100, moves.pairs / 4);
    assert_in_range(moves.other_kana, moves.pairs / 200, moves.pairs / 10);
}

/* ---- the surveyed networks ---- */

static void test_every_surveyed_community_has_people(void **state)
{
    struct world *w;
    struct person who;

    struct config *config = config_default(*state);
    assert_int_equal(config_set(config, CONFIG_FIXTURES, FIXTURES), OK);
    assert_int_equal(world_load(*state, config, &w), OK);
    struct people *p = people_of(*state, w, 0, "20");
    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = &w->communities[i];
        assert_int_equal(people_count(p, c), c->is_backbone ? 0 : 20);
        for (uint64_t n = 0; n < people_count(p, c); n++) {
            people_get(*state, p, c, n, &who);
            assert_names(&who.patient);
            assert_limits(*state, &who.patient);
            assert_non_null(who.home_facility);
            assert_non_null(patient_id_in(who.patient.ids, who.home_facility->oid));
        }
    }
}

/* ---- what cannot work ---- */

static void test_an_unknown_prefecture_is_refused(void **state)
{
    struct community lost = communities[OSHIDORI];
    struct world w = { &lost, 1, LENS_ALL };
    struct population twenty = { POPULATION_COUNT, 20 };
    struct people *p = NULL;

    lost.prefecture = "東京府";
    assert_int_equal(people_new(*state, FIXTURES, &w, 1, &twenty, &p), E_CONFIG);
    assert_int_equal(people_new(*state, "tests/nowhere", &world, 1, &twenty, &p), E_CONFIG);
    assert_null(p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_equal_seeds_give_equal_people),
        TEST(test_another_seed_gives_other_people),
        TEST(test_people_stay_whoever_lives_beside_them_and_however_many_they_are),
        TEST(test_population_is_a_number_a_percentage_or_full),
        TEST(test_other_populations_are_refused),
        TEST(test_no_two_persons_share_an_id),
        TEST(test_find_is_the_inverse_of_get),
        TEST(test_ids_that_were_not_made_here_are_not_found),
        TEST(test_every_text_is_well_formed_and_fits),
        TEST(test_variant_characters_are_a_share_of_people),
        TEST(test_ages_follow_the_pyramid),
        TEST(test_insurance_goes_by_age_and_prefecture),
        TEST(test_check_digits_are_those_of_real_insurers),
        TEST(test_a_household_shares_name_address_and_insurance),
        TEST(test_members_of_a_household_are_told_apart),
        TEST(test_movers_are_one_person_in_each_community),
        TEST(test_every_surveyed_community_has_people),
        TEST(test_an_unknown_prefecture_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
