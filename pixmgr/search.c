#include "pixmgr/search.h"

#include "base/str.h"
#include "pixmgr/fold.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/store.h"

#define PEOPLE_MAX 10000 /* that one query may find */
#define LOOKED_MAX 2000  /* that one query may look through */

/* ---- what the store does not look for ---- */

/* Nothing asked, or equal, or beginning like it when it ends with "*". */
static bool text_passes(struct arena *a, const char *(*fold)(struct arena *a, const char *text), const char *asked,
                        const char *text)
{
    size_t n = text_absent(asked) ? 0 : strlen(asked);
    bool has_star = n > 0 && asked[n - 1] == '*';

    if (n == 0)
        return true;
    if (text_absent(text))
        return false;
    const char *want = fold(a, has_star ? arena_strndup(a, asked, n - 1) : asked), *have = fold(a, text);
    return has_star ? text_starts(have, want) : strcmp(want, have) == 0;
}

/* Any of the addresses asked for is any of those there. */
static bool addresses_pass(struct arena *a, const struct address *asked, const struct address *there)
{
    for (const struct address *q = asked; q != NULL; q = q->next) {
        for (const struct address *at = there; at != NULL; at = at->next) {
            if (text_passes(a, street_fold, q->street, at->street) && text_passes(a, name_fold, q->city, at->city) &&
                text_passes(a, name_fold, q->state, at->state) &&
                text_passes(a, name_fold, q->postal_code, at->postal_code) &&
                text_passes(a, name_fold, q->country, at->country))
                return true;
        }
    }
    return asked == NULL;
}

/* What a telephone number is dialled by; all of a mail address. */
static const char *telecom_key(struct arena *a, const char *value)
{
    const char *number = strchr(value, '@') == NULL ? phone_fold(a, value) : NULL;

    if (number != NULL)
        return number;
    return name_fold(a, text_starts(value, "mailto:") ? value + strlen("mailto:") : value);
}

static bool telecom_passes(struct arena *a, const char *asked, const struct patient *p)
{
    const char *key = telecom_key(a, asked);

    for (const struct telecom *t = p->telecoms; t != NULL; t = t->next) {
        if (t->value != NULL && strcmp(telecom_key(a, t->value), key) == 0)
            return true;
    }
    return false;
}

/* Any of the names asked for is any of those there; a fuzzy one at least begins like it. */
static bool names_pass(struct arena *a, const struct person_name *asked, const struct person_name *names)
{
    for (const struct person_name *q = asked; q != NULL; q = q->next) {
        const char *star = person_name_is(q, NAME_FUZZY) ? "*" : "";
        const char *family = text_absent(q->family) ? NULL : arena_printf(a, "%s%s", q->family, star);
        const char *given = text_absent(q->given) ? NULL : arena_printf(a, "%s%s", q->given, star);
        for (const struct person_name *n = names; n != NULL; n = n->next) {
            if (text_passes(a, name_fold, family, n->family) && text_passes(a, name_fold, given, n->given))
                return true;
        }
    }
    return asked == NULL;
}

static bool birth_place_passes(struct arena *a, const struct find_query *q, const struct patient *p)
{
    struct person_name place = { .family = p->birth_place_name };

    return addresses_pass(a, q->birth_place, p->birth_place) && names_pass(a, q->birth_place_names, &place);
}

/* Two times are compared as far as both say something. */
static int time_compare(const char *x, const char *y)
{
    return strncmp(x, y, MIN(strspn(x, "0123456789"), strspn(y, "0123456789")));
}

static bool deceased_passes(const struct find_query *q, const struct patient *p)
{
    const struct patient_fact *died = patient_fact(p, FACT_DECEASED_TIME);

    if (q->deceased_low == NULL && q->deceased_high == NULL)
        return true;
    return died != NULL && (q->deceased_low == NULL || time_compare(died->value, q->deceased_low) >= 0) &&
           (q->deceased_high == NULL || time_compare(died->value, q->deceased_high) <= 0);
}

/* Who cares for a patient is known as the organisation that fed them. */
static bool provider_passes(const struct patient_id *asked, const struct patient *p)
{
    return asked == NULL || patient_id_in(asked, p->provider_root) != NULL;
}

static const char *text_without_star(struct arena *a, const char *text)
{
    size_t n = text_absent(text) ? 0 : strlen(text);

    return n > 0 && text[n - 1] == '*' ? arena_strndup(a, text, n - 1) : text;
}

#define DEGREE_WHOLE     100
#define DEGREE_BEGINNING 75

int search_degree(struct arena *a, const struct find_query *q, const struct patient *p)
{
    for (const struct person_name *n = q->names; n != NULL; n = n->next) {
        struct person_name whole = { .family = text_without_star(a, n->family),
                                     .given = text_without_star(a, n->given) };
        if (names_pass(a, &whole, p->names))
            return DEGREE_WHOLE;
    }
    return q->names == NULL ? DEGREE_WHOLE : DEGREE_BEGINNING;
}

static bool is_narrowed(const struct search *s)
{
    const struct find_query *q = s->by;

    return s->visit != NULL || q->address != NULL || q->telecom != NULL || q->scoping != NULL || q->mother != NULL ||
           q->status != NULL || q->provider != NULL || q->birth_place != NULL || q->birth_place_names != NULL ||
           q->deceased_low != NULL || q->deceased_high != NULL || q->minimum_match > DEGREE_BEGINNING;
}

static bool patient_passes(struct arena *a, const struct search *s, const struct patient *p)
{
    const struct find_query *q = s->by;

    if (!addresses_pass(a, q->address, p->addresses) || !names_pass(a, q->mother, p->mother))
        return false;
    if (q->telecom != NULL && !telecom_passes(a, q->telecom, p))
        return false;
    if (!birth_place_passes(a, q, p) || !deceased_passes(q, p))
        return false;
    if (q->status != NULL && !text_equal(q->status, p->status == NULL ? "active" : p->status))
        return false;
    return provider_passes(q->provider, p) && search_degree(a, q, p) >= q->minimum_match;
}

/* ---- people ---- */

static enum rc visits_check(struct request *rq, struct arena *a, const struct search *s, int64_t person)
{
    struct visit *visits = NULL;

    if (s->visit == NULL)
        return OK;
    TRY(visits_of(a, rq_db(rq), person, s->visit, &visits));
    return visits == NULL ? E_NOT_FOUND : OK;
}

/* E_NOT_FOUND for whoever is not there, or has no id that could be told, or no such visit. */
static enum rc patient_load(struct request *rq, struct arena *a, const struct search *s, int64_t person,
                            struct patient *out)
{
    TRY(visits_check(rq, a, s, person));
    TRY(store_person_load(a, rq_db(rq), person, out));
    out->next = NULL;
    out->ids = domain_select(out->ids, s->by->scoping, NULL);
    return out->ids == NULL ? E_NOT_FOUND : OK;
}

static enum rc narrow(struct request *rq, const struct search *s, struct persons *people)
{
    size_t kept = 0;

    for (size_t i = 0; i < people->count; i++) {
        struct arena *a = arena_new(); /* most are looked at once and never again */
        struct patient p;
        enum rc rc = patient_load(rq, a, s, people->numbers[i], &p);
        if (rc == OK && patient_passes(a, s, &p))
            people->numbers[kept++] = people->numbers[i];
        arena_free(a);
        if (rc != OK && rc != E_NOT_FOUND)
            return rc;
    }
    people->count = kept;
    return OK;
}

/* Is there anything that the store looks for? */
static bool is_of_people(const struct find_query *q)
{
    return q->names != NULL || q->ids != NULL || q->gender != NULL || q->birth_time != NULL || q->birth_low != NULL ||
           q->birth_high != NULL;
}

static enum rc people_find(struct request *rq, const struct search *s, const char *place, struct persons *out)
{
    size_t max = is_narrowed(s) ? LOOKED_MAX : PEOPLE_MAX;
    int community = rq->community->number;

    if (s->visit != NULL && !is_of_people(s->by))
        TRY(visits_people(rq->arena, rq_db(rq), community, s->visit, max + 1, out));
    else
        TRY(store_find_people(rq->arena, rq_db(rq), community, s->by, max + 1, out));
    if (out->count > max)
        return rq_refuse(rq, ISSUE_HL7_TOO_MANY, place,
                         "more than %zu people match: narrow the query, by a name, a birth date or an id", max);
    return is_narrowed(s) ? narrow(rq, s, out) : OK;
}

/* ---- pages ---- */

static enum rc page_load(struct request *rq, const struct search *s, int quantity, const int64_t *people, size_t count,
                         struct found *out)
{
    int limit = quantity > 0 ? MIN(quantity, SEARCH_PAGE_MAX) : SEARCH_PAGE_MAX;
    struct patient **end = &out->patients;
    size_t i = 0;

    out->numbers = ARENA_ARRAY(rq->arena, int64_t, (size_t)limit);
    for (; i < count && out->count < limit; i++) {
        struct patient *p = ARENA_NEW(rq->arena, struct patient);
        enum rc rc = patient_load(rq, rq->arena, s, people[i], p);
        if (rc == E_NOT_FOUND)
            continue;
        TRY(rc);
        *end = p;
        end = &p->next;
        out->numbers[out->count++] = people[i];
    }
    out->people = people + i;
    out->rest = count - i;
    return OK;
}

static enum rc first_page(struct request *rq, const struct search *s, int quantity, const char *place,
                          struct found *out)
{
    struct persons people = { 0 };

    *out = (struct found){ 0 };
    TRY(people_find(rq, s, place, &people));
    out->total = (int)people.count;
    return page_load(rq, s, quantity, people.numbers, people.count, out);
}

/* In one reading transaction: a feed that makes two persons one must not come between finding and loading them. */
enum rc search_first(struct request *rq, const struct search *s, int quantity, const char *place, struct found *out)
{
    rq_stage(rq, "store");
    TRY(db_run(db_stmt(rq_db(rq), "BEGIN")));
    enum rc rc = first_page(rq, s, quantity, place, out);
    enum rc end = db_run(db_stmt(rq_db(rq), "COMMIT"));
    return rc != OK ? rc : end;
}

enum rc search_next(struct request *rq, const struct search *s, int quantity, const struct continuation *from,
                    struct found *out)
{
    *out = (struct found){ .total = from->total };
    return page_load(rq, s, quantity, from->people, from->count, out);
}
