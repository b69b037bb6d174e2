#include "pixmgr/visits.h"

#include "base/arena.h"
#include "base/str.h"

/* Where each field is in a message, and what a question binds it to. */
static const struct {
    const char *segment;
    int field, component;
} places[VISIT_FIELD_COUNT] = {
    [VISIT_CLASS] = { "PV1", 2, 1 },
    [VISIT_POINT] = { "PV1", 3, 1 },
    [VISIT_ROOM] = { "PV1", 3, 2 },
    [VISIT_BED] = { "PV1", 3, 3 },
    [VISIT_FACILITY] = { "PV1", 3, 4 },
    [VISIT_ATTENDING] = { "PV1", 7, 1 },
    [VISIT_ATTENDING_FAMILY] = { "PV1", 7, 2 },
    [VISIT_ATTENDING_GIVEN] = { "PV1", 7, 3 },
    [VISIT_NUMBER] = { "PV1", 19, 1 },
    [VISIT_ACCOUNT] = { "PID", 18, 1 },
};

/* In the order of enum visit_field, which is that of the parameters from ?11 on. */
#define COLUMNS                                                                                                        \
    "v.class, v.point, v.room, v.bed, v.facility, v.attending, v.attending_family, v.attending_given, v.number, "      \
    "v.account"
#define AS_ASKED                                                                                                       \
    " AND (?11 IS NULL OR v.class = ?11) AND (?12 IS NULL OR v.point = ?12) AND (?13 IS NULL OR v.room = ?13)"         \
    " AND (?14 IS NULL OR v.bed = ?14) AND (?15 IS NULL OR v.facility = ?15) AND (?16 IS NULL OR v.attending = ?16)"   \
    " AND (?17 IS NULL OR v.attending_family = ?17) AND (?18 IS NULL OR v.attending_given = ?18)"                      \
    " AND (?19 IS NULL OR v.number = ?19) AND (?20 IS NULL OR v.account = ?20)"
#define ASKED_FROM 11

bool visit_read(const struct hl7v2 *m, struct visit *out)
{
    *out = (struct visit){ 0 };
    for (int f = 0; f < VISIT_FIELD_COUNT; f++)
        out->fields[f] = hl7v2_text(m, hl7v2_segment(m, places[f].segment), places[f].field, places[f].component);
    return !text_absent(out->fields[VISIT_CLASS]) && strcmp(out->fields[VISIT_CLASS], "N") != 0;
}

void visit_write(struct arena *a, struct hl7v2_writer *w, int n, const struct visit *v)
{
    hl7v2_open(w, "PV1");
    hl7v2_put_text(w, 1, 1, arena_printf(a, "%d", n));
    for (int f = 0; f < VISIT_FIELD_COUNT; f++) {
        if (strcmp(places[f].segment, "PV1") == 0 && !text_absent(v->fields[f]))
            hl7v2_put_text(w, places[f].field, places[f].component, v->fields[f]);
    }
}

static void bind_from(struct db_stmt *s, int first, const struct visit *v)
{
    for (int f = 0; f < VISIT_FIELD_COUNT; f++)
        db_bind_text(s, first + f, text_absent(v->fields[f]) ? NULL : v->fields[f]);
}

enum rc visits_keep(struct db *db, int community, const struct patient_id *id, const struct visit *v)
{
    struct db_stmt *s = db_stmt(db, "INSERT OR REPLACE INTO visit (community, root, extension, class, point, room, bed,"
                                    " facility, attending, attending_family, attending_given, number, account)"
                                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, ''), ?)");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    bind_from(s, 4, v);
    return db_run(s);
}

enum rc visits_move(struct db *db, int community, const struct patient_id *from, const struct patient_id *to)
{
    struct db_stmt *s = db_stmt(db, "UPDATE OR REPLACE visit SET extension = ?4"
                                    " WHERE community = ?1 AND root = ?2 AND extension = ?3");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, from->root);
    db_bind_text(s, 3, from->extension);
    db_bind_text(s, 4, to->extension);
    return db_run(s);
}

enum rc visits_of(struct arena *a, struct db *db, int64_t person, const struct visit *asked, struct visit **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " COLUMNS " FROM record r"
                                    " JOIN visit v ON v.community = r.community AND v.root = r.root"
                                    " AND v.extension = r.extension WHERE r.person = ?1" AS_ASKED
                                    " ORDER BY v.root, v.extension, v.number");
    struct visit *first = NULL, **end = &first;

    db_bind_int(s, 1, person);
    bind_from(s, ASKED_FROM, asked);
    for (bool row;; end = &(*end)->next) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct visit);
        for (int f = 0; f < VISIT_FIELD_COUNT; f++)
            (*end)->fields[f] = db_text(a, s, f);
    }
    *out = first;
    return OK;
}

#define PEOPLE_OF_VISITS                                                                                               \
    "SELECT DISTINCT r.person FROM visit v JOIN record r ON r.community = v.community AND r.root = v.root"             \
    " AND r.extension = v.extension WHERE v.community = ?1" AS_ASKED
#define ORDERED " ORDER BY r.person LIMIT ?2"

/* By the index of what is asked, where there is one; the conditions of the indices have to be repeated. */
static const char *people_sql(const struct visit *asked)
{
    if (!text_absent(asked->fields[VISIT_NUMBER]))
        return PEOPLE_OF_VISITS " AND v.number = ?19 AND v.number <> ''" ORDERED;
    if (!text_absent(asked->fields[VISIT_ACCOUNT]))
        return PEOPLE_OF_VISITS " AND v.account = ?20" ORDERED;
    return PEOPLE_OF_VISITS ORDERED;
}

enum rc visits_people(struct arena *a, struct db *db, int community, const struct visit *asked, size_t limit,
                      struct persons *out)
{
    struct db_stmt *s = db_stmt(db, people_sql(asked));

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, (int64_t)limit);
    bind_from(s, ASKED_FROM, asked);
    return persons_read(a, s, out);
}
