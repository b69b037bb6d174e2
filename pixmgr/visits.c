#include "pixmgr/visits.h"

#include "base/arena.h"
#include "base/str.h"

#include <ctype.h>
#include <stdlib.h>

#define PLACE(name, segment, field, component, subcomponent) { segment, field, component, subcomponent },
static const struct {
    const char *segment;
    int field, component, subcomponent;
} places[VISIT_FIELD_COUNT] = { VISIT_FIELDS(PLACE) };

#define COLUMN(name, segment, field, component, subcomponent)   ", v." #name
#define VALUE(name, segment, field, component, subcomponent)    ", COALESCE(:" #name ", '')"
#define AS_ASKED(name, segment, field, component, subcomponent) " AND (:" #name " IS NULL OR v." #name " = :" #name ")"
#define WHERE_AS_ASKED                                          VISIT_FIELDS(AS_ASKED) " AND (:is_any OR v.CLASS NOT IN ('', 'N'))"
/* SQLite numbers the names of a statement in the order in which they come. */
#define FIELDS_BEHIND(parameter) ((parameter) + 1)

/* ---- names ---- */

/* ".3.4.1"; what is not said of component and subcomponent is the first. */
static bool path_read(const char *text, int path[3])
{
    path[0] = 0;
    path[1] = path[2] = 1;
    for (int i = 0; i < 3 && text[0] == '.' && isdigit((unsigned char)text[1]); i++) {
        char *end;
        path[i] = (int)strtol(text + 1, &end, 10);
        text = end;
    }
    return *text == '\0';
}

bool visit_field_find(const char *name, enum visit_field *out)
{
    int path[3];

    for (int f = 0; f < VISIT_FIELD_COUNT; f++) {
        if (!text_starts(name, places[f].segment) || !path_read(name + strlen(places[f].segment), path))
            continue;
        if (path[0] == places[f].field && path[1] == places[f].component && path[2] == places[f].subcomponent) {
            *out = (enum visit_field)f;
            return true;
        }
    }
    return false;
}

const char *visit_field_name(struct arena *a, enum visit_field field)
{
    const char *name = arena_printf(a, "%s.%d", places[field].segment, places[field].field);

    if (places[field].component > 1 || places[field].subcomponent > 1)
        name = arena_printf(a, "%s.%d", name, places[field].component);
    return places[field].subcomponent > 1 ? arena_printf(a, "%s.%d", name, places[field].subcomponent) : name;
}

bool visit_field_is_of_patient(enum visit_field field)
{
    return strcmp(places[field].segment, "PID") == 0;
}

/* ---- messages ---- */

static bool is_stay(const struct visit *v)
{
    return !text_absent(v->fields[VISIT_CLASS]) && strcmp(v->fields[VISIT_CLASS], "N") != 0;
}

bool visit_read(const struct hl7v2 *m, struct visit *out)
{
    *out = (struct visit){ 0 };
    for (int f = 0; f < VISIT_FIELD_COUNT; f++)
        out->fields[f] = hl7v2_part(m, hl7v2_segment(m, places[f].segment), places[f].field, 1, places[f].component,
                                    places[f].subcomponent);
    return is_stay(out) || !text_absent(out->fields[VISIT_ACCOUNT]);
}

static void fields_write(struct hl7v2_writer *w, const char *segment, const struct visit *v)
{
    for (int f = 0; f < VISIT_FIELD_COUNT; f++) {
        if (strcmp(places[f].segment, segment) == 0 && !text_absent(v->fields[f]))
            hl7v2_put(w, places[f].field, 1, places[f].component, places[f].subcomponent, v->fields[f]);
    }
}

void visit_write(struct arena *a, struct hl7v2_writer *w, int n, const struct visit *v)
{
    fields_write(w, "PID", v);
    hl7v2_open(w, "PV1");
    hl7v2_put_text(w, 1, 1, arena_printf(a, "%d", n));
    fields_write(w, "PV1", v);
}

/* ---- the table ---- */

static void bind_from(struct db_stmt *s, int first, const struct visit *v)
{
    for (int f = 0; f < VISIT_FIELD_COUNT; f++)
        db_bind_text(s, first + f, text_absent(v->fields[f]) ? NULL : v->fields[f]);
}

/* What WHERE_AS_ASKED has, behind the only other parameter; the number of the next one. */
static int asked_bind(struct db_stmt *s, const struct visit *asked)
{
    bind_from(s, FIELDS_BEHIND(1), asked);
    db_bind_int(s, FIELDS_BEHIND(1) + VISIT_FIELD_COUNT, asked->is_any);
    return FIELDS_BEHIND(1) + VISIT_FIELD_COUNT + 1;
}

#define KEEP                                                                                                           \
    "INSERT INTO visits VALUES (?1, ?2, ?3" VISIT_FIELDS(                                                              \
        VALUE) ") ON CONFLICT DO UPDATE SET account = excluded.account,"                                               \
               " account_domain = excluded.account_domain, account_domain_id = excluded.account_domain_id,"            \
               " account_domain_type = excluded.account_domain_type"
#define REPLACE "INSERT OR REPLACE INTO visits VALUES (?1, ?2, ?3" VISIT_FIELDS(VALUE) ")"

/* An account alone leaves what is known of the visit. */
enum rc visits_keep(struct db *db, int community, const struct patient_id *id, const struct visit *v)
{
    struct db_stmt *s = is_stay(v) ? db_stmt(db, REPLACE) : db_stmt(db, KEEP);

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    bind_from(s, FIELDS_BEHIND(3), v);
    return db_run(s);
}

enum rc visits_move(struct db *db, int community, const struct patient_id *from, const struct patient_id *to)
{
    struct db_stmt *s = db_stmt(db, "UPDATE OR REPLACE visits SET extension = ?4"
                                    " WHERE community = ?1 AND root = ?2 AND extension = ?3");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, from->root);
    db_bind_text(s, 3, from->extension);
    db_bind_text(s, 4, to->extension);
    return db_run(s);
}

enum rc visits_of(struct arena *a, struct db *db, int64_t person, const struct visit *asked, struct visit **out)
{
    struct db_stmt *s = db_stmt(
        db, "SELECT r.id" VISIT_FIELDS(COLUMN) " FROM record r"
                                               " JOIN visits v ON v.community = r.community AND v.root = r.root"
                                               " AND v.extension = r.extension WHERE r.person = ?1" WHERE_AS_ASKED
                                               " ORDER BY v.root, v.extension, v.number");
    struct visit *first = NULL, **end = &first;

    db_bind_int(s, 1, person);
    (void)asked_bind(s, asked);
    for (bool row;; end = &(*end)->next) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct visit);
        for (int f = 0; f < VISIT_FIELD_COUNT; f++)
            (*end)->fields[f] = db_text(a, s, 1 + f);
    }
    *out = first;
    return OK;
}

#define PEOPLE_OF_VISITS                                                                                               \
    "SELECT DISTINCT r.person FROM visits v JOIN record r ON r.community = v.community AND r.root = v.root"            \
    " AND r.extension = v.extension WHERE v.community = ?1" WHERE_AS_ASKED
#define ORDERED " ORDER BY r.person LIMIT :people"

/* By the index of what is asked, where there is one; the conditions of the indices have to be repeated. */
static const char *people_sql(const struct visit *asked)
{
    if (!text_absent(asked->fields[VISIT_NUMBER]))
        return PEOPLE_OF_VISITS " AND v.number = :NUMBER AND v.number <> ''" ORDERED;
    if (!text_absent(asked->fields[VISIT_ACCOUNT]))
        return PEOPLE_OF_VISITS " AND v.account = :ACCOUNT AND v.account <> ''" ORDERED;
    return PEOPLE_OF_VISITS ORDERED;
}

enum rc visits_people(struct arena *a, struct db *db, int community, const struct visit *asked, size_t limit,
                      struct persons *out)
{
    struct db_stmt *s = db_stmt(db, people_sql(asked));

    db_bind_int(s, 1, community);
    db_bind_int(s, asked_bind(s, asked), (int64_t)limit);
    return persons_read(a, s, out);
}
