/*
 * Finding people for ITI-47. Three ways in, each by an index where there is one: by name, by identifier, by nothing but
 * gender and birth; whatever else is asked narrows it down.
 */
#include "pixmgr/store.h"

#include "base/arena.h"
#include "base/str.h"
#include "pixmgr/fold.h"

/* Sorts behind every character a name can hold: U+10FFFF. */
#define LAST_CHARACTER "\xF4\x8F\xBF\xBF"

/* What every way in narrows by. Two dates are compared as far as both say something. */
#define NARROWED                                                                                                       \
    " AND (?2 IS NULL OR r.gender = ?2)"                                                                               \
    " AND (?3 IS NULL OR substr(r.birth, 1, length(?3)) >= substr(?3, 1, length(r.birth)))"                            \
    " AND (?4 IS NULL OR substr(r.birth, 1, length(?4)) <= substr(?4, 1, length(r.birth)))"                            \
    " AND (?5 IS NULL OR r.person = ?5)"

/* The query in the store's terms; NULL and 0: not asked. */
struct criteria {
    int community;
    const char *gender;
    const char *birth_low, *birth_high;
    int64_t person;
};

static void criteria_bind(struct db_stmt *s, const struct criteria *c)
{
    db_bind_int(s, 1, c->community);
    db_bind_text(s, 2, c->gender);
    db_bind_text(s, 3, c->birth_low);
    db_bind_text(s, 4, c->birth_high);
    if (c->person != 0)
        db_bind_int(s, 5, c->person);
}

/*
 * A part of a name as a range: itself, or everything that begins with it, which a star at its end says, too; everything
 * when it is not asked.
 */
static void part_bind(struct arena *a, struct db_stmt *s, int i, const char *part, bool is_prefix)
{
    const char *low = part == NULL ? "" : name_fold(a, part);
    size_t n = strlen(low);
    bool has_star = n > 0 && low[n - 1] == '*';

    if (has_star)
        low = arena_strndup(a, low, n - 1);
    db_bind_text(s, i, low);
    db_bind_text(s, i + 1, is_prefix || has_star || part == NULL ? arena_printf(a, "%s" LAST_CHARACTER, low) : low);
}

/*
 * Adds the person of every row, each once, until there are as many as the limit. A person stands in several rows: one
 * for each name, of each feed.
 */
static enum rc people_read(struct arena *a, struct db_stmt *s, size_t limit, struct persons *out)
{
    size_t judged = MAX(2 * out->count, (size_t)1024);

    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        persons_add(a, out, db_int(s, 0));
        if (out->count < judged)
            continue;
        persons_sort(out);
        if (out->count >= limit) {
            db_reset(s);
            return OK;
        }
        judged = MAX(2 * out->count, judged);
    }
}

#define NAME_ROWS " r.community = ?1 AND r.given BETWEEN ?8 AND ?9"

/*
 * A range of families is one range of the index only when any given name will do; otherwise each family of the range is
 * sought, and within it the given names, so that no row is read that does not match.
 */
static enum rc find_by_name(struct arena *a, struct db *db, const struct criteria *c, const struct person_name *n,
                            size_t limit, struct persons *out)
{
    static const char any_given[] =
        "SELECT r.person FROM name r WHERE r.family BETWEEN ?6 AND ?7 AND" NAME_ROWS NARROWED;
    static const char each_family[] =
        "WITH RECURSIVE f (family) AS (SELECT (SELECT family FROM name WHERE community = ?1 AND family BETWEEN ?6 AND "
        "?7"
        " ORDER BY family LIMIT 1) UNION ALL SELECT (SELECT family FROM name WHERE community = ?1 AND"
        " family > f.family AND family <= ?7 ORDER BY family LIMIT 1) FROM f WHERE f.family IS NOT NULL)"
        " SELECT r.person FROM f CROSS JOIN name r WHERE r.family = f.family AND" NAME_ROWS NARROWED;
    struct db_stmt *s = db_stmt(db, n->given == NULL ? any_given : each_family);
    bool is_fuzzy = person_name_is(n, NAME_FUZZY);

    criteria_bind(s, c);
    part_bind(a, s, 6, n->family, is_fuzzy);
    part_bind(a, s, 8, n->given, is_fuzzy);
    return people_read(a, s, limit, out);
}

static enum rc find_by_person(struct arena *a, struct db *db, const struct criteria *c, struct persons *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT DISTINCT r.person FROM entry r"
                                    " WHERE r.person = ?5 AND r.community = ?1" NARROWED);

    criteria_bind(s, c);
    return persons_read(a, s, out);
}

static enum rc find_by_scan(struct arena *a, struct db *db, const struct criteria *c, size_t limit, struct persons *out)
{
    struct db_stmt *s = db_stmt(db,
                                "SELECT DISTINCT r.person FROM entry r WHERE r.community = ?1" NARROWED " LIMIT ?10");

    criteria_bind(s, c);
    db_bind_int(s, 10, (int64_t)MIN(limit, (size_t)INT64_MAX));
    return persons_read(a, s, out);
}

/* Every id must be of one and the same person. */
static enum rc person_by_ids(struct db *db, int community, const struct patient_id *ids, int64_t *person)
{
    int64_t common = 0;

    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        struct db_stmt *s = db_stmt(db, "SELECT r.person FROM record r"
                                        " WHERE r.community = ? AND r.root = ? AND r.extension = ?");
        bool row;
        db_bind_int(s, 1, community);
        db_bind_text(s, 2, id->root);
        db_bind_text(s, 3, id->extension);
        TRY(db_step(s, &row));
        if (!row)
            return E_NOT_FOUND;
        int64_t found = db_int(s, 0);
        db_reset(s);
        if (common != 0 && found != common)
            return E_NOT_FOUND;
        common = found;
    }
    *person = common;
    return OK;
}

/* Each way in ends at the limit: what is behind it makes no difference to one who is told "too many". */
static enum rc persons_find(struct arena *a, struct db *db, const struct criteria *c, const struct person_name *names,
                            size_t limit, struct persons *out)
{
    if (names == NULL)
        return c->person != 0 ? find_by_person(a, db, c, out) : find_by_scan(a, db, c, limit, out);
    for (const struct person_name *n = names; n != NULL; n = n->next)
        TRY(find_by_name(a, db, c, n, limit, out));
    return OK;
}

enum rc store_find_people(struct arena *a, struct db *db, int community, const struct find_query *q, size_t limit,
                          struct persons *out)
{
    struct criteria c = { .community = community, .gender = q->gender };
    struct persons persons = { 0 };

    c.birth_low = birth_date(a, q->birth_time != NULL ? q->birth_time : q->birth_low);
    c.birth_high = birth_date(a, q->birth_time != NULL ? q->birth_time : q->birth_high);
    enum rc rc = person_by_ids(db, community, q->ids, &c.person);
    if (rc == OK)
        rc = persons_find(a, db, &c, q->names, limit, &persons);
    if (rc != OK && rc != E_NOT_FOUND)
        return rc;
    persons_sort(&persons);
    persons.count = MIN(persons.count, limit);
    *out = persons;
    return OK;
}

static enum rc find_and_load(struct arena *a, struct db *db, int community, const struct find_query *q, int limit,
                             struct patient **out, int *total)
{
    struct persons persons;
    struct patient *first = NULL, **end = &first;

    TRY(store_find_people(a, db, community, q, SIZE_MAX, &persons));
    for (size_t i = 0; i < persons.count && i < (size_t)limit; i++, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct patient);
        TRY(store_person_load(a, db, persons.numbers[i], *end));
    }
    *out = first;
    *total = (int)persons.count;
    return OK;
}

/* In one reading transaction: a feed that makes two persons one must not come between finding and loading them. */
enum rc store_find(struct arena *a, struct db *db, int community, const struct find_query *q, int limit,
                   struct patient **out, int *total)
{
    TRY(db_run(db_stmt(db, "BEGIN")));
    enum rc rc = find_and_load(a, db, community, q, limit, out, total);
    enum rc end = db_run(db_stmt(db, "COMMIT"));
    return rc != OK ? rc : end;
}
