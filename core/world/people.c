#include "world/people.h"

#include "base/arena.h"
#include "base/str.h"
#include "world/ages.h"
#include "world/community_file.h"
#include "world/digits.h"
#include "world/households.h"
#include "world/insurance.h"
#include "world/linkage.h"
#include "world/movers.h"
#include "world/names.h"
#include "world/patient_number.h"
#include "world/places.h"
#include "world/random.h"
#include "world/typing.h"

#include <stdio.h>
#include <stdlib.h>

#define TRUTH_STEP    1000000000u /* truth: the community's number and, behind it, the oldest record's from 1 */
#define FACILITIES    3           /* a person has ids at, at most */
#define LANDLINE_FROM 16          /* younger: only their parents' telephone */

/* The people of one community. */
struct residents {
    const struct community *community;
    uint64_t key;
    const struct prefecture *prefecture; /* NULL: all over Japan */
    struct mover_slots movers;
    const struct facility **facilities; /* those that only view behind the others */
    uint32_t facility_count, disclosing_count;
};

struct people {
    struct names *names;
    struct places *places;
    struct ages *ages;
    struct households *households;
    struct population population;
    uint32_t mistyped;           /* records of a hundred */
    struct residents *residents; /* of every known community, by number */
    size_t count;
};

/* What a random number is for: of a community … */
enum { BLOCKS, HOUSEHOLDS, PERSONS, RECORDS };
/* … of a household … */
enum { PREFECTURE, FAMILY, FORM, TWINS, MUNICIPALITY, ADDRESS, LANDLINE, INSURANCE };
/* … of a person … */
enum { RANK, SEX, GIVEN, NEW_NAME, NEW_NAME_FROM, NEW_FAMILY, NEW_FORM, MOBILE };
/* … and of what one community wrote down of a person. */
enum { OTHER_FORM, WHICH_FORM, SLIP, SLIP_WHERE, SLIP_HOW, INSURED, FACILITY_COUNT, FACILITY, MISTYPED, HOW_MISTYPED };

/* ---- tables ---- */

static void facilities_sort(struct arena *a, struct residents *r)
{
    const struct facility *f;

    for (f = r->community->facilities; f != NULL; f = f->next)
        r->facility_count++;
    r->facilities = ARENA_ARRAY(a, const struct facility *, r->facility_count + 1);
    uint32_t last = r->facility_count;
    for (f = r->community->facilities; f != NULL; f = f->next) {
        if (f->is_viewing_only)
            r->facilities[--last] = f;
        else
            r->facilities[r->disclosing_count++] = f;
    }
}

static enum rc residents_make(struct arena *a, const char *fixtures, const struct people *p, uint64_t seed,
                              const struct community *c, struct residents *out)
{
    *out = (struct residents){ .community = c, .key = random_of(seed, (uint64_t)c->number) };
    if (c->prefecture != NULL && !c->is_backbone) {
        out->prefecture = places_find(p->places, c->prefecture);
        if (out->prefecture == NULL)
            return community_file_complain(arena_printf(a, "%s/networks/%s.json", fixtures, c->key), "prefecture",
                                           "\"%s\" is none of the prefectures in people/prefectures.tsv",
                                           c->prefecture);
    }
    facilities_sort(a, out);
    return OK;
}

static int by_number(const void *a, const void *b)
{
    int x = ((const struct residents *)a)->community->number, y = ((const struct residents *)b)->community->number;

    return (x > y) - (x < y);
}

static enum rc residents_new(struct arena *a, const char *fixtures, const struct world *w, uint64_t seed,
                             struct people *p)
{
    struct linkage *linkages;

    p->count = w->count;
    p->residents = ARENA_ARRAY(a, struct residents, p->count);
    TRY(linkages_read(a, fixtures, &linkages));
    const struct mover_slots *movers = movers_new(a, linkages, w->communities, p->count);
    for (size_t i = 0; i < p->count; i++) {
        TRY(residents_make(a, fixtures, p, seed, &w->communities[i], &p->residents[i]));
        p->residents[i].movers = movers[i];
    }
    qsort(p->residents, p->count, sizeof(*p->residents), by_number);
    return OK;
}

enum rc people_new(struct arena *a, const char *fixtures, const struct world *w, uint64_t seed,
                   const struct population *population, struct people **out)
{
    struct people *p = ARENA_NEW(a, struct people);
    const char *folder = arena_printf(a, "%s/people", fixtures);

    p->population = *population;
    TRY(names_new(a, folder, &p->names));
    TRY(places_new(a, folder, &p->places));
    TRY(ages_new(a, folder, &p->ages));
    p->households = households_new(a, p->ages);
    TRY(residents_new(a, fixtures, w, seed, p));
    *out = p;
    return OK;
}

enum rc people_mistype(struct people *p, long long percent)
{
    if (percent < 0 || percent > 100) {
        fprintf(stderr, "kakehashi: --typing-errors %lld: records of a hundred, 0 to 100\n", percent);
        return E_CONFIG;
    }
    p->mistyped = (uint32_t)percent;
    return OK;
}

static const struct residents *residents_of(const struct people *p, const struct community *c)
{
    struct residents wanted = { .community = c };
    const struct residents *r = bsearch(&wanted, p->residents, p->count, sizeof(*p->residents), by_number);

    return r != NULL ? r : (die("people: community %s is not of this world", c->key), NULL);
}

uint64_t people_count(const struct people *p, const struct community *c)
{
    return population_of(&p->population, c);
}

/* ---- who they are ---- */

/* The n-th of a community, seen from the house they live in. */
struct place {
    const struct residents *residents;
    uint64_t n, household; /* from 0 in the community */
    const struct seat *plan;
    unsigned slot;
    uint64_t household_key;
};

struct identity {
    uint64_t key;
    bool is_woman;
    struct birth birth;
    const struct given *given;
};

static struct place place_of(const struct residents *r, uint64_t n)
{
    uint64_t block = n / BLOCK_PERSONS;
    struct place at = { r, n, .slot = (unsigned)(n % BLOCK_PERSONS) };

    at.plan = households_plan(random_of(random_of(r->key, BLOCKS), block));
    at.household = block * BLOCK_HOUSEHOLDS + at.plan[at.slot].household;
    at.household_key = random_of(random_of(r->key, HOUSEHOLDS), at.household);
    return at;
}

/* Another member of the same household. */
static struct place place_beside(const struct place *at, unsigned slot)
{
    struct place beside = *at;

    beside.slot = slot;
    beside.n = at->n - at->slot + slot;
    return beside;
}

static struct identity identity_of(const struct people *p, const struct place *at);

/* Nobody has the given name of a parent, a child, a brother or a sister in the same house. */
static void given_distinguish(const struct people *p, const struct place *at, struct identity *who)
{
    unsigned head = seat_head(at->plan, at->slot);

    for (unsigned slot = head; slot < at->slot; slot++) {
        struct place other = place_beside(at, slot);
        if (!text_equal(identity_of(p, &other).given->kanji, who->given->kanji))
            continue;
        who->given = names_given_other(p->names, who->is_woman, who->birth.year, who->given);
        slot = head - 1; /* from the start */
    }
}

static struct identity identity_of(const struct people *p, const struct place *at)
{
    const struct seat *seat = &at->plan[at->slot];
    struct identity who = { .key = random_of(random_of(at->residents->key, PERSONS), at->n) };
    uint64_t luck = seat->role == ROLE_TWIN ? random_of(at->household_key, TWINS) : random_of(who.key, RANK);
    uint32_t rank = seat_rank(seat, luck);

    who.is_woman = households_woman(p->households, p->ages, seat, rank, random_of(who.key, SEX));
    who.birth = ages_birth(p->ages, rank);
    who.given = names_given(p->names, who.is_woman, who.birth.year, random_of(who.key, GIVEN));
    given_distinguish(p, at, &who);
    return who;
}

static const struct prefecture *prefecture_of(const struct people *p, const struct place *at)
{
    const struct prefecture *f = at->residents->prefecture;

    return f != NULL ? f : places_any(p->places, random_of(at->household_key, PREFECTURE));
}

/* ---- what a community wrote down of them ---- */

/* Everything of one person, in one piece. */
struct record {
    struct place at;     /* here */
    struct place origin; /* where they were known first: the same, or another community */
    unsigned move;       /* 0 at the origin, then 1, 2 */
    uint64_t key;
    struct identity who;
    const struct municipality *municipality;
    struct person_name names[3]; /* IDE, SYL, ABC */
    struct address address;
    struct telecom telecoms[2];
    struct patient_id ids[1 + FACILITIES];
    char regional_id[REGIONAL_ID_SIZE], facility_ids[FACILITIES][FACILITY_ID_SIZE], birth[9], household[32];
    char street[PLACES_STREET_SIZE], postal[PLACES_POSTAL_SIZE], phones[2][PLACES_PHONE_SIZE];
    struct insurance insurance;
};

static void origin_find(const struct people *p, struct record *r)
{
    const struct mover *m = r->at.slot < BLOCK_SINGLES ? r->at.residents->movers.movers[r->at.slot] : NULL;

    r->origin = r->at;
    if (m == NULL || m->records[0].community->number == r->at.residents->community->number)
        return;
    r->origin = place_of(residents_of(p, m->records[0].community), r->at.n - r->at.slot + m->records[0].slot);
    r->move = m->records[1].community->number == r->at.residents->community->number ? 1 : 2;
}

/* Who marries takes the other's name: a woman mostly. It was so from one of the moves on. */
static bool has_new_name(const struct record *r)
{
    uint32_t percent = r->who.birth.age < 20 ? 0 : r->who.is_woman ? 25 : 2;

    return r->move > 0 && random_percent(random_of(r->who.key, NEW_NAME), percent) &&
           r->move > random_below(random_of(r->who.key, NEW_NAME_FROM), MOVER_RECORDS - 1);
}

/* In three communities a name is spelt in three ways: the character at hand, a kana misheard. */
static void spelling_vary(struct arena *a, struct record *r, const struct family *family)
{
    if (r->move == 0)
        return;
    if (random_percent(random_of(r->key, OTHER_FORM), 35))
        r->names[0].family = family_other_form(family, r->names[0].family, random_of(r->key, WHICH_FORM));
    if (random_percent(random_of(r->key, SLIP), 8)) {
        bool in_family = random_percent(random_of(r->key, SLIP_WHERE), 50);
        const char **kana = in_family ? &r->names[1].family : &r->names[1].given;
        const char *slip = kana_slip(a, *kana, random_of(r->key, SLIP_HOW));
        if (slip != NULL)
            *kana = slip;
    }
}

static void names_write(struct arena *a, const struct people *p, struct record *r)
{
    bool renamed = has_new_name(r);
    uint64_t key = renamed ? r->who.key : r->origin.household_key;
    const struct family *family = names_family(p->names, prefecture_of(p, &r->origin)->name,
                                               random_of(key, renamed ? NEW_FAMILY : FAMILY));
    const char *form = family_form(family, random_of(key, renamed ? NEW_FORM : FORM));

    r->names[0] = (struct person_name){ "IDE", form, r->who.given->kanji, .next = &r->names[1] };
    r->names[1] = (struct person_name){ "SYL", family->kana, r->who.given->kana, .next = &r->names[2] };
    r->names[2] = (struct person_name){ "ABC", family->romaji, r->who.given->romaji };
    spelling_vary(a, r, family);
}

static void birth_write(const struct birth *b, char *out)
{
    out = digits_put(out, (uint64_t)b->year, 4);
    out = digits_put(out, (uint64_t)b->month, 2);
    *digits_put(out, (uint64_t)b->day, 2) = '\0';
}

static void address_write(const struct people *p, struct record *r)
{
    const struct prefecture *f = prefecture_of(p, &r->at);
    uint64_t key = random_of(r->at.household_key, ADDRESS);

    r->municipality = prefecture_municipality(f, random_of(r->at.household_key, MUNICIPALITY));
    street_write(p->places, r->municipality, key, r->street);
    postal_write(r->municipality, key, r->postal);
    r->address = (struct address){ "H", r->street, r->municipality->name, f->name, r->postal, "JPN" };
}

static void telecoms_write(const struct people *p, struct record *r)
{
    bool mobile = r->who.birth.age >= LANDLINE_FROM;
    bool landline = !mobile || random_percent(random_of(r->at.household_key, LANDLINE), 70);
    unsigned n = 0;

    if (landline) {
        landline_write(prefecture_of(p, &r->at), random_of(r->at.household_key, ADDRESS), r->phones[n]);
        r->telecoms[n] = (struct telecom){ r->phones[n], "HP" };
        n++;
    }
    if (mobile) { /* the number moves along */
        mobile_write(random_of(r->who.key, MOBILE), r->phones[n]);
        r->telecoms[n] = (struct telecom){ r->phones[n], "MC" };
        n++;
    }
    if (n == 2)
        r->telecoms[0].next = &r->telecoms[1];
}

static void household_write(const struct place *at, char *out)
{
    out = digits_put(out, (uint64_t)at->residents->community->number, 4);
    out = text_put(out, "-H");
    *digits_put(out, at->household + 1, 7) = '\0';
}

static void insurance_find(const struct people *p, struct record *r)
{
    unsigned head_slot = seat_head(r->at.plan, r->at.slot);
    struct place head = place_beside(&r->at, head_slot);
    int head_age = head_slot == r->at.slot ? r->who.birth.age : identity_of(p, &head).birth.age;

    insurance_write(prefecture_of(p, &r->at), r->municipality, random_of(r->at.household_key, INSURANCE),
                    random_of(r->key, INSURED), head_age, r->who.birth.age, r->at.slot - head_slot, &r->insurance);
}

/* ---- identifiers ---- */

static void id_add(struct record *r, unsigned i, const char *root, const char *extension)
{
    r->ids[i] = (struct patient_id){ .root = root, .extension = extension };
    if (i > 0)
        r->ids[i - 1].next = &r->ids[i];
}

/* Most are known at one facility, some at two, few at three; the first one discloses. */
static const struct facility *facility_ids_add(struct record *r)
{
    const struct residents *here = r->at.residents;
    uint32_t luck = random_below(random_of(r->key, FACILITY_COUNT), 100);
    uint32_t count = MIN(luck < 55 ? 1u : luck < 87 ? 2u : 3u, here->facility_count);

    if (here->disclosing_count == 0)
        return NULL;
    uint32_t home = random_below(random_of(r->key, FACILITY), here->disclosing_count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (home + i) % here->facility_count;
        facility_id_write(random_of(here->key, RECORDS + 1 + at), r->at.n, r->facility_ids[i]);
        id_add(r, 1 + i, here->facilities[at]->oid, r->facility_ids[i]);
    }
    return here->facilities[home];
}

/* ---- a person ---- */

static void person_fill(struct record *r, struct person *out)
{
    const struct community *c = r->at.residents->community;

    *out = (struct person){
        .n = r->at.n,
        .truth = (uint64_t)r->origin.residents->community->number * TRUTH_STEP + r->origin.n + 1,
        .patient = { .ids = r->ids,
                     .names = r->names,
                     .gender = r->who.is_woman ? "F" : "M",
                     .birth_time = r->birth,
                     .addresses = &r->address,
                     .telecoms = r->telecoms,
                     .status = "active",
                     .provider_root = c->patient_id_domain,
                     .provider_name = c->name,
                     .match = -1 },
        .insurer = r->insurance.insurer,
        .insured = r->insurance.insured,
        .branch = r->insurance.branch,
        .household = r->household,
        .city_kana = r->municipality->kana,
        .city_romaji = r->municipality->romaji,
    };
}

static void record_mistype(struct arena *a, const struct people *p, const struct record *r, struct patient *patient)
{
    struct typist t = { p->names, prefecture_of(p, &r->origin)->name, random_of(r->key, HOW_MISTYPED),
                        r->who.is_woman && r->who.birth.age >= 20 };

    if (random_percent(random_of(r->key, MISTYPED), p->mistyped))
        typing_spoil(a, &t, patient);
}

void people_get(struct arena *a, const struct people *p, const struct community *c, uint64_t n, struct person *out)
{
    const struct residents *here = residents_of(p, c);
    struct record *r = ARENA_NEW(a, struct record);

    r->at = place_of(here, n);
    r->key = random_of(random_of(here->key, RECORDS), n);
    origin_find(p, r);
    r->who = identity_of(p, &r->origin);
    names_write(a, p, r);
    birth_write(&r->who.birth, r->birth);
    address_write(p, r);
    telecoms_write(p, r);
    household_write(&r->at, r->household);
    insurance_find(p, r);
    regional_id_write(c->number, n, r->regional_id);
    id_add(r, 0, here->community->patient_id_domain, r->regional_id);
    const struct facility *home = facility_ids_add(r);
    person_fill(r, out);
    out->home_facility = home;
    record_mistype(a, p, r, &out->patient);
}

enum rc people_find(const struct people *p, const struct community *c, const char *regional_id, uint64_t *n)
{
    return regional_id_parse(c->number, regional_id, people_count(p, c), n);
}
