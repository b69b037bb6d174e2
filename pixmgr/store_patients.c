/*
 * Records and how they become one person. A union is never undone here: a later feed with other demographics moves the
 * record's data, not its person, because the manager cannot know which of both feeds was the mistake.
 */
#include "pixmgr/store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "pixmgr/match.h"
#include "wire/ns.h"

#include <stdlib.h>

/* patient: the <patient> particle of HL7 v3 with everything that came, last so that index scans read little. */
const char store_schema[] = "CREATE TABLE IF NOT EXISTS record ("
                            " id INTEGER PRIMARY KEY,"
                            " community INTEGER NOT NULL,"
                            " root TEXT NOT NULL,"
                            " extension TEXT NOT NULL,"
                            " person INTEGER NOT NULL,"
                            " fed INTEGER NOT NULL," /* grows with every feed: the latest demographics win */
                            " birth TEXT,"
                            " gender TEXT,"
                            " kana TEXT,"
                            " kanji TEXT,"
                            " patient BLOB NOT NULL,"
                            " UNIQUE (community, root, extension));"
                            "CREATE INDEX IF NOT EXISTS record_person ON record (person, fed);"
                            "CREATE INDEX IF NOT EXISTS record_birth ON record (community, birth, gender);"
                            "CREATE INDEX IF NOT EXISTS record_fed ON record (fed);"
                            "CREATE TABLE IF NOT EXISTS name ("
                            " record INTEGER NOT NULL REFERENCES record(id),"
                            " community INTEGER NOT NULL,"
                            " family TEXT NOT NULL,"
                            " given TEXT NOT NULL);"
                            "CREATE INDEX IF NOT EXISTS name_record ON name (record);"
                            "CREATE INDEX IF NOT EXISTS name_text ON name (community, family, given);"
                            "CREATE TABLE IF NOT EXISTS other_id ("
                            " record INTEGER NOT NULL REFERENCES record(id),"
                            " community INTEGER NOT NULL,"
                            " root TEXT NOT NULL,"
                            " extension TEXT NOT NULL,"
                            " UNIQUE (record, root, extension));"
                            "CREATE INDEX IF NOT EXISTS other_id_value ON other_id (community, root, extension);";

/* ---- persons ---- */

void persons_add(struct arena *a, struct persons *p, int64_t number)
{
    if (p->count == p->capacity) {
        size_t capacity = MAX(2 * p->capacity, (size_t)16);
        int64_t *numbers = ARENA_ARRAY(a, int64_t, capacity);
        if (p->count > 0)
            memcpy(numbers, p->numbers, p->count * sizeof(*numbers));
        p->numbers = numbers;
        p->capacity = capacity;
    }
    p->numbers[p->count++] = number;
}

static int number_compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

void persons_sort(struct persons *p)
{
    size_t kept = 0;

    if (p->count == 0)
        return;
    qsort(p->numbers, p->count, sizeof(*p->numbers), number_compare);
    for (size_t i = 1; i < p->count; i++) {
        if (p->numbers[i] != p->numbers[kept])
            p->numbers[++kept] = p->numbers[i];
    }
    p->count = kept + 1;
}

enum rc persons_read(struct arena *a, struct db_stmt *s, struct persons *out)
{
    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        persons_add(a, out, db_int(s, 0));
    }
}

/* ---- keeping records ---- */

/* A fed patient as it is kept with each of its ids. */
struct fed_patient {
    const struct patient *patient;
    struct identity identity;
    struct str xml;
    int64_t number;
};

static struct str patient_xml(struct arena *a, const struct patient *p)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct patient kept = *p;
    struct xml_writer w;

    kept.ids = NULL; /* those are the records */
    kept.match = -1;
    xw_init(&w, out);
    xw_open(&w, "kept");
    xw_attr(&w, "xmlns", NS_HL7);
    xw_attr(&w, "xmlns:xsi", NS_XSI);
    hl7_patient_write(&w, &kept);
    xw_close(&w);
    return buf_str(out);
}

static enum rc number_next(struct db *db, int64_t *number)
{
    struct db_stmt *s = db_stmt(db, "SELECT COALESCE(MAX(fed), 0) + 1 FROM record");
    bool row;

    TRY(db_step(s, &row));
    *number = db_int(s, 0);
    db_reset(s);
    return OK;
}

static enum rc record_find(struct db *db, int community, const struct patient_id *id, int64_t *record, bool *found)
{
    struct db_stmt *s = db_stmt(db, "SELECT id FROM record WHERE community = ? AND root = ? AND extension = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    TRY(db_step(s, found));
    if (*found)
        *record = db_int(s, 0);
    db_reset(s);
    return OK;
}

static enum rc record_add(struct db *db, int community, const struct patient_id *id, int64_t *record)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO record (community, root, extension, person, fed, patient)"
                                    " VALUES (?, ?, ?, 0, 0, x'')");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    TRY(db_run(s));
    *record = db_last_id(db);
    s = db_stmt(db, "UPDATE record SET person = id WHERE id = ?");
    db_bind_int(s, 1, *record);
    return db_run(s);
}

static enum rc record_set(struct db *db, int64_t record, const struct fed_patient *f)
{
    struct db_stmt *s = db_stmt(db, "UPDATE record SET fed = ?, birth = ?, gender = ?, kana = ?, kanji = ?, patient = ?"
                                    " WHERE id = ?");

    db_bind_int(s, 1, f->number);
    db_bind_text(s, 2, f->identity.birth);
    db_bind_text(s, 3, f->identity.gender);
    db_bind_text(s, 4, f->identity.kana);
    db_bind_text(s, 5, f->identity.kanji);
    db_bind_blob(s, 6, f->xml);
    db_bind_int(s, 7, record);
    return db_run(s);
}

/* As it is searched for. */
struct name {
    const char *family, *given;
    struct name *next;
};

static const struct name *names_fold(struct arena *a, const struct person_name *names)
{
    struct name *list = NULL, **end = &list;

    for (const struct person_name *n = names; n != NULL; n = n->next, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct name);
        (*end)->family = n->family == NULL ? "" : name_fold(a, n->family);
        (*end)->given = n->given == NULL ? "" : name_fold(a, n->given);
    }
    return list;
}

static enum rc names_insert(struct db *db, int community, int64_t record, const struct name *names)
{
    for (const struct name *n = names; n != NULL; n = n->next) {
        struct db_stmt *s = db_stmt(db, "INSERT INTO name (record, community, family, given) VALUES (?, ?, ?, ?)");
        db_bind_int(s, 1, record);
        db_bind_int(s, 2, community);
        db_bind_text(s, 3, n->family);
        db_bind_text(s, 4, n->given);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc names_set(struct arena *a, struct db *db, int community, int64_t record, const struct person_name *names)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM name WHERE record = ?");

    db_bind_int(s, 1, record);
    TRY(db_run(s));
    return names_insert(db, community, record, names_fold(a, names));
}

static enum rc other_ids_set(struct db *db, int community, int64_t record, const struct patient_id *ids)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM other_id WHERE record = ?");

    db_bind_int(s, 1, record);
    TRY(db_run(s));
    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        if (text_absent(id->root) || text_absent(id->extension)) /* a domain alone identifies nobody */
            continue;
        s = db_stmt(db, "INSERT INTO other_id (record, community, root, extension) VALUES (?, ?, ?, ?)"
                        " ON CONFLICT DO NOTHING");
        db_bind_int(s, 1, record);
        db_bind_int(s, 2, community);
        db_bind_text(s, 3, id->root);
        db_bind_text(s, 4, id->extension);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc record_keep(struct arena *a, struct db *db, int community, const struct patient_id *id,
                           const struct fed_patient *f)
{
    int64_t record = 0;
    bool found;

    TRY(record_find(db, community, id, &record, &found));
    if (!found)
        TRY(record_add(db, community, id, &record));
    TRY(record_set(db, record, f));
    TRY(names_set(a, db, community, record, f->patient->names));
    return other_ids_set(db, community, record, f->patient->other_ids);
}

/* ---- who is the same person ---- */

/* Persons who have these identifiers, as their own or among others. */
static enum rc persons_by_ids(struct arena *a, struct db *db, int community, const struct patient_id *ids,
                              struct persons *out)
{
    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        if (text_absent(id->extension))
            continue;
        struct db_stmt *s = db_stmt(db,
                                    "SELECT person FROM record WHERE community = ?1 AND root = ?2 AND extension = ?3"
                                    " UNION SELECT r.person FROM other_id o JOIN record r ON r.id = o.record"
                                    " WHERE o.community = ?1 AND o.root = ?2 AND o.extension = ?3");
        db_bind_int(s, 1, community);
        db_bind_text(s, 2, id->root);
        db_bind_text(s, 3, id->extension);
        TRY(persons_read(a, s, out));
    }
    return OK;
}

static enum rc persons_by_identity(struct arena *a, struct db *db, int community, const struct identity *identity,
                                   struct persons *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT person, birth, gender, kana, kanji FROM record"
                                    " WHERE community = ? AND birth = ? AND gender = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, identity->birth);
    db_bind_text(s, 3, identity->gender);
    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        struct identity other = {
            .birth = db_text(a, s, 1), .gender = db_text(a, s, 2), .kana = db_text(a, s, 3), .kanji = db_text(a, s, 4)
        };
        if (identity_same(identity, &other))
            persons_add(a, out, db_int(s, 0));
    }
}

static enum rc persons_merge(struct db *db, const struct persons *persons)
{
    for (size_t i = 1; i < persons->count; i++) {
        struct db_stmt *s = db_stmt(db, "UPDATE record SET person = ? WHERE person = ?");
        db_bind_int(s, 1, persons->numbers[0]);
        db_bind_int(s, 2, persons->numbers[i]);
        TRY(db_run(s));
    }
    return OK;
}

enum rc store_patient_feed(struct arena *a, struct db *db, int community, const struct patient *p)
{
    struct fed_patient f = { .patient = p, .identity = identity_of(a, p), .xml = patient_xml(a, p) };
    struct persons same = { 0 };

    TRY(number_next(db, &f.number));
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next)
        TRY(record_keep(a, db, community, id, &f));
    TRY(persons_by_ids(a, db, community, p->ids, &same));
    TRY(persons_by_ids(a, db, community, p->other_ids, &same));
    TRY(persons_by_identity(a, db, community, &f.identity, &same));
    persons_sort(&same);
    return persons_merge(db, &same);
}

/* ---- somebody new ---- */

static enum rc record_next(struct db *db, int64_t *record)
{
    struct db_stmt *s = db_stmt(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM record");
    bool row;

    TRY(db_step(s, &row));
    *record = db_int(s, 0);
    db_reset(s);
    return OK;
}

static enum rc record_insert(struct db *db, int community, const struct patient_id *id, int64_t record, int64_t person,
                             const struct fed_patient *f)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO record (id, community, root, extension, person, fed, birth, gender,"
                                    " kana, kanji, patient) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

    db_bind_int(s, 1, record);
    db_bind_int(s, 2, community);
    db_bind_text(s, 3, id->root);
    db_bind_text(s, 4, id->extension);
    db_bind_int(s, 5, person);
    db_bind_int(s, 6, f->number);
    db_bind_text(s, 7, f->identity.birth);
    db_bind_text(s, 8, f->identity.gender);
    db_bind_text(s, 9, f->identity.kana);
    db_bind_text(s, 10, f->identity.kanji);
    db_bind_blob(s, 11, f->xml);
    return db_run(s);
}

static enum rc records_insert(struct db *db, int community, const struct fed_patient *f, const struct name *names,
                              int64_t person)
{
    int64_t record = person;

    for (const struct patient_id *id = f->patient->ids; id != NULL; id = id->next, record++) {
        TRY(record_insert(db, community, id, record, person, f));
        TRY(names_insert(db, community, record, names));
    }
    return OK;
}

enum rc store_patient_add(struct arena *a, struct db *db, int community, const struct patient *p, bool is_alone)
{
    struct fed_patient f = { .patient = p, .identity = identity_of(a, p), .xml = patient_xml(a, p) };
    struct persons same = { 0 };
    int64_t person;

    TRY(number_next(db, &f.number));
    TRY(record_next(db, &person));
    enum rc rc = p->other_ids != NULL ? E_EXISTS : records_insert(db, community, &f, names_fold(a, p->names), person);
    if (rc == E_EXISTS) /* the user has fed one of these */
        return store_patient_feed(a, db, community, p);
    if (rc != OK || is_alone)
        return rc;
    TRY(persons_by_identity(a, db, community, &f.identity, &same));
    persons_sort(&same);
    return persons_merge(db, &same);
}

/* ---- reading ---- */

static enum rc ids_read(struct arena *a, struct db_stmt *s, struct patient_id **end)
{
    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        *end = ARENA_NEW(a, struct patient_id);
        **end = (struct patient_id){ .root = db_text(a, s, 0), .extension = db_text(a, s, 1) };
        end = &(*end)->next;
    }
}

/* One statement, so that no feed can come between the id and its person. */
enum rc store_patient_ids(struct arena *a, struct db *db, int community, const struct patient_id *id,
                          struct patient_id **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT r.root, r.extension FROM record k JOIN record r ON r.person = k.person"
                                    " WHERE k.community = ? AND k.root = ? AND k.extension = ?"
                                    " ORDER BY r.root, r.extension");
    struct patient_id *ids = NULL;

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    TRY(ids_read(a, s, &ids));
    if (ids == NULL)
        return E_NOT_FOUND;
    *out = ids;
    return OK;
}

static enum rc patient_parse(struct arena *a, struct str xml, struct patient *out)
{
    struct xml_node *root;

    if (xml_parse(a, xml, NULL, &root, NULL) != OK) {
        log_error("pixmgr: a kept patient cannot be read");
        return E_IO;
    }
    hl7_patient_decode(a, xml_child(root, NS_HL7, "patient"), out);
    return OK;
}

enum rc store_person_load(struct arena *a, struct db *db, int64_t person, struct patient *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT patient FROM record WHERE person = ? ORDER BY fed DESC, id LIMIT 1");
    struct patient p;
    bool row;

    db_bind_int(s, 1, person);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    struct str xml = db_blob(a, s, 0);
    db_reset(s);
    TRY(patient_parse(a, xml, &p));

    s = db_stmt(db, "SELECT root, extension FROM record WHERE person = ? ORDER BY root, extension");
    db_bind_int(s, 1, person);
    TRY(ids_read(a, s, &p.ids));
    *out = p;
    return OK;
}
