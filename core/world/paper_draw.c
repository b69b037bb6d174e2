/*
 * Draws documents from the seed. What one document is depends on (seed, community, person, k) alone, through a mixing
 * function instead of a generator with a state, so that any of them is made without its neighbours. What a person
 * suffers from depends on who they are, not on the community: whoever moves has the same diseases in both places.
 */
#include "world/paper.h"
#include "world/papers.h"

#include "model/patient.h"
#include "world/random.h"

#include <string.h>

#define DAY    86400
#define JAPAN  (9 * 3600)
#define WINDOW 1095 /* days before PAPERS_TODAY */

/* ---- chance ---- */

/* Apart from what the people of this seed are drawn from. */
#define PAPERS_KEY 0x706170657273u /* "papers" */

static uint64_t person_key(const struct papers *papers, const struct person *person)
{
    return random_of(random_of(papers->seed, PAPERS_KEY), person->truth);
}

static uint64_t stream_of(const struct papers *papers, const struct community *c, const struct person *person)
{
    return random_of(person_key(papers, person), (unsigned)c->number);
}

unsigned paper_person_pick(const struct paper *p, unsigned use, unsigned n)
{
    return random_below(random_of(person_key(p->papers, p->person), use), n);
}

unsigned paper_pick(const struct paper *p, unsigned use, unsigned n)
{
    return random_below(random_of(p->stream, use), n);
}

static int digits_at(const char *text, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 1;
        value = value * 10 + text[i] - '0';
    }
    return value;
}

/* "19480405", of which day, or month and day, may be missing: they count as the first. */
long paper_birth_day(const struct person *person)
{
    const char *t = person->patient.birth_time;
    size_t length = t != NULL ? strlen(t) : 0;

    if (length < 4)
        return paper_days_of(1970, 1, 1);
    return paper_days_of(digits_at(t, 4), length >= 6 ? digits_at(t + 4, 2) : 1, length >= 8 ? digits_at(t + 6, 2) : 1);
}

static unsigned age_on(long birth, long day)
{
    struct paper_time b, t;

    paper_date_of(birth, &b);
    paper_date_of(day, &t);
    int age = t.year - b.year - (t.month * 100 + t.day < b.month * 100 + b.day);
    return age < 0 ? 0 : (unsigned)age;
}

/* ---- which documents there are ---- */

static bool is_writing(const struct facility *f)
{
    return f != NULL && !f->is_viewing_only;
}

static bool has_writers(const struct community *c)
{
    const struct facility *f = c->facilities;

    while (f != NULL && !is_writing(f))
        f = f->next;
    return f != NULL;
}

static unsigned draw_kind(const struct community *c, uint64_t x)
{
    unsigned total = 0;

    for (size_t i = 0; i < paper_kind_count; i++)
        total += paper_kinds[i].items & c->shared_items ? paper_kinds[i].weight : 0;
    if (total == 0)
        return (unsigned)paper_kind_count;
    unsigned ticket = random_below(x, total);
    for (unsigned i = 0;; i++) {
        unsigned weight = paper_kinds[i].items & c->shared_items ? paper_kinds[i].weight : 0;
        if (ticket < weight)
            return i;
        ticket -= weight;
    }
}

/* One person in twenty-five is registered and has nothing yet; the others have about three, the old more. */
unsigned paper_plan(const struct papers *papers, const struct community *c, const struct person *person,
                    unsigned kinds[])
{
    uint64_t stream = stream_of(papers, c, person);
    unsigned count = 0, lists = 0, visits = 1 + random_below(random_of(stream, 0), 3);

    if (!has_writers(c) || random_below(random_of(stream, 1), 25) == 0)
        return 0;
    if (age_on(paper_birth_day(person), PAPERS_TODAY) >= 65)
        visits += random_below(random_of(stream, 2), 3);
    if (c->shared_items & paper_kinds[papers->basic].items)
        kinds[count++] = papers->basic;
    for (unsigned i = 0; i < visits; i++) {
        unsigned kind = draw_kind(c, random_of(stream, 16 + i));
        if (kind == paper_kind_count) /* basic data are all that is shared */
            break;
        kinds[count++] = kind;
        if (kind == papers->manifest)
            kinds[count++] = papers->image;
        lists |= kind == papers->prescription && c->on_demand != ON_DEMAND_NONE;
    }
    if (lists > 0)
        kinds[count++] = papers->list;
    return count;
}

/* ---- when ---- */

/* The window is cut into as many parts as there are documents, so that their order is that of their days. */
static long draw_day(const struct paper *p, long birth, unsigned count)
{
    long first = MAX(birth, (long)PAPERS_TODAY - WINDOW), length = (long)PAPERS_TODAY - first;

    if (length < (long)count) /* born today, or nearly: all of it on one day */
        return first;
    return first + length * (long)p->main_k / (long)count +
           (long)paper_pick(p, USE_DAY, (unsigned)(length / (long)count));
}

/* Out-patients between 9 and 17 o'clock; stays end at 10 in the morning. Written within the hour after. */
static void draw_times(struct paper *p, unsigned count)
{
    long birth = paper_birth_day(p->person), day = draw_day(p, birth, count);
    time_t midnight = (time_t)day * DAY - JAPAN, stop;

    if (p->kind->is_inpatient) {
        long stay = MIN(3 + (long)paper_pick(p, USE_STAY, 18), day - birth);
        stop = midnight + 10 * 3600;
        p->start = paper_time_of(stop - stay * DAY + (stay > 0 ? 4 * 3600 : -3600));
    } else {
        p->start = paper_time_of(midnight + 9 * 3600 + (time_t)paper_pick(p, USE_TIME, 8 * 60) * 60);
        stop = p->start.utc + 600 + (time_t)paper_pick(p, USE_DURATION, 50) * 60;
    }
    p->stop = paper_time_of(stop);
    p->created = paper_time_of(stop + 60 + (time_t)paper_pick(p, USE_DURATION, 3000));
    p->age = age_on(birth, ((long)p->start.utc + JAPAN) / DAY);
}

/* ---- where ---- */

/* Who knows the person and may submit: mostly the facility they call theirs. */
static const struct facility *draw_facility(const struct paper *p)
{
    const struct facility *found = NULL;
    unsigned seen = 0;

    if (is_writing(p->person->home_facility) && paper_pick(p, USE_PLACE, 4) != 0)
        return p->person->home_facility;
    for (const struct facility *f = p->community->facilities; f != NULL; f = f->next) {
        if (!is_writing(f) || patient_id_in(p->person->patient.ids, f->oid) == NULL)
            continue;
        seen++;
        if (paper_pick(p, USE_PLACES + seen, seen) == 0) /* each of them is as likely */
            found = f;
    }
    for (const struct facility *f = p->community->facilities; found == NULL; f = f->next)
        found = is_writing(f) ? f : NULL;
    return found;
}

/* Any other facility; where there is only one, a department of it. */
static const struct facility *draw_recipient(const struct paper *p)
{
    const struct facility *found = p->facility;
    unsigned seen = 0;

    for (const struct facility *f = p->community->facilities; f != NULL; f = f->next) {
        if (f != p->facility && paper_pick(p, USE_RECIPIENTS + seen, seen + 1) == 0)
            found = f;
        seen += f != p->facility;
    }
    return found;
}

static void draw_place(struct paper *p)
{
    const struct patient_id *id;

    p->facility = draw_facility(p);
    id = patient_id_in(p->person->patient.ids, p->facility->oid);
    if (id == NULL)
        id = patient_id_in(p->person->patient.ids, p->community->patient_id_domain);
    p->patient_id = id != NULL ? id->extension : NULL;
    p->patient_domain = id != NULL ? id->root : p->community->patient_id_domain;
    p->recipient = draw_recipient(p);
}

/* ---- what about ---- */

static bool has_disease(const struct paper *p, const struct paper_disease *d)
{
    return p->age >= d->from && p->age <= d->to && (d->sex == NULL || text_equal(d->sex, p->person->patient.gender));
}

/* A person's diseases in an order of their own; those that fit the age of the day count. */
static void draw_diseases(struct paper *p)
{
    const struct paper_tables *t = &p->papers->tables;
    unsigned at = paper_person_pick(p, USE_DISEASE, t->disease_count);
    unsigned wanted = 1 + paper_person_pick(p, USE_DISEASE + 1, PAPER_DISEASES);
    unsigned main_one;

    for (unsigned i = 0; i < t->disease_count && p->disease_count < wanted; i++) {
        const struct paper_disease *d = &t->diseases[(at + i * 11) % t->disease_count];
        if (has_disease(p, d))
            p->diseases[p->disease_count++] = d;
    }
    if (p->disease_count == 0) /* a user's own table may leave a gap */
        p->diseases[p->disease_count++] = &t->diseases[at];
    main_one = paper_pick(p, USE_DISEASE, p->disease_count);
    const struct paper_disease *first = p->diseases[0];
    p->diseases[0] = p->diseases[main_one];
    p->diseases[main_one] = first;
    p->department = p->diseases[0]->department;
}

static bool has_medicine(const struct paper *p, const struct paper_medicine *m)
{
    for (unsigned i = 0; i < p->medicine_count; i++) {
        if (p->medicines[i] == m)
            return true;
    }
    return false;
}

static void draw_medicines(struct paper *p)
{
    for (unsigned i = 0; i < p->disease_count; i++) {
        for (unsigned j = 0; j < PAPER_DISEASE_MEDICINES; j++) {
            const struct paper_medicine *m = p->diseases[i]->medicines[j];
            if (m != NULL && p->medicine_count < PAPER_MEDICINES && !has_medicine(p, m))
                p->medicines[p->medicine_count++] = m;
        }
    }
}

/* Two doctors in a department of a facility, the same ones in every document. */
static void draw_doctor(struct paper *p)
{
    const struct paper_tables *t = &p->papers->tables;
    unsigned department = (unsigned)(p->department - t->departments);
    uint64_t key = random_of(p->papers->seed, PAPERS_KEY + 1);

    for (const char *c = p->facility->oid; *c != '\0'; c++)
        key = random_of(key, (unsigned char)*c);

    p->doctor = 1001 + department * 2 + paper_pick(p, USE_DOCTOR, 2);
    p->doctor_family = &t->families[random_below(random_of(key, p->doctor), t->family_count)];
    p->doctor_given = &t->givens[random_below(random_of(key, 1000000 + p->doctor), t->given_count)];
}

/* ---- all of it ---- */

/* An image is of the study of its manifest, which stands before it: what they share is drawn from one stream. */
void paper_draw(const struct papers *papers, const struct community *c, const struct person *person, unsigned k,
                struct paper *out)
{
    unsigned kinds[PAPERS_MAX], count = paper_plan(papers, c, person, kinds);

    if (k >= count)
        die("document %u of %u", k, count);
    *out = (struct paper){ .papers = papers,
                           .community = c,
                           .person = person,
                           .kind = &paper_kinds[kinds[k]],
                           .stock = &papers->stock[kinds[k]],
                           .k = k,
                           .main_k = kinds[k] == papers->image || kinds[k] == papers->list ? k - 1 : k };
    out->stream = random_of(stream_of(papers, c, person), 1000 + out->main_k);
    draw_times(out, kinds[count - 1] == papers->list ? MAX(count - 1, 1u) : count);
    draw_place(out);
    draw_diseases(out);
    draw_medicines(out);
    draw_doctor(out);
    out->study = &papers->tables.studies[paper_pick(out, USE_STUDY, papers->tables.study_count)];
    paper_uid(out, k, 0, out->unique_id);
}

/* YYMMDD and nine digits of the document's own. */
unsigned long long paper_order(const struct paper *p)
{
    unsigned day = (unsigned)((p->start.year % 100) * 10000 + p->start.month * 100 + p->start.day);

    return day * 1000000000ull + paper_pick(p, USE_ORDER, 1000000000u);
}

unsigned long long paper_accession(const struct paper *p)
{
    return 1000000000ull + paper_order(p) % 1000000000u;
}

const char *paper_gender_v2(const struct person *person)
{
    const char *gender = person->patient.gender;

    if (gender == NULL)
        return "U";
    return text_equal(gender, "M") || text_equal(gender, "F") ? gender : "O";
}
