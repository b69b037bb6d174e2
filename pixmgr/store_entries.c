#include "pixmgr/store_entries.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "pixmgr/fold.h"
#include "wire/ns.h"

/* ---- a patient as kept ---- */

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

enum rc patient_parse(struct arena *a, struct str xml, struct patient *out)
{
    struct xml_node *root;

    if (xml_parse(a, xml, NULL, &root, NULL) != OK) {
        log_error("pixmgr: a kept patient cannot be read");
        return E_IO;
    }
    hl7_patient_decode(a, xml_child(root, NS_HL7, "patient"), out);
    return OK;
}

static enum rc numbers_read(struct db_stmt *s, struct fed *out)
{
    bool row;

    TRY(db_step(s, &row));
    out->number = db_int(s, 0);
    out->next_entry = db_int(s, 1);
    db_reset(s);
    return OK;
}

enum rc fed_make(struct arena *a, struct db *db, const struct patient *p, struct fed *out)
{
    *out = (struct fed){ .patient = p, .traits = traits_of(a, p), .xml = patient_xml(a, p) };
    out->traits_text = traits_write(a, &out->traits);
    return numbers_read(db_stmt(db, "SELECT (SELECT COALESCE(MAX(fed), 0) + 1 FROM entry),"
                                    " (SELECT COALESCE(MAX(id), 0) + 1 FROM entry)"),
                        out);
}

/* ---- records ---- */

enum rc record_find(struct db *db, int community, const struct patient_id *id, int64_t *record, int64_t *entry,
                    bool *found)
{
    struct db_stmt *s = db_stmt(db, "SELECT id, entry FROM record WHERE community = ? AND root = ? AND extension = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    TRY(db_step(s, found));
    if (!*found)
        return OK;
    *record = db_int(s, 0);
    *entry = db_int(s, 1);
    db_reset(s);
    return OK;
}

enum rc record_add(struct db *db, int community, const struct patient_id *id, int64_t entry)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO record (community, root, extension, entry, person)"
                                    " VALUES (?1, ?2, ?3, ?4, (SELECT person FROM entry WHERE id = ?4))");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    db_bind_int(s, 4, entry);
    return db_run(s);
}

enum rc record_move(struct db *db, int64_t record, int64_t entry)
{
    struct db_stmt *s = db_stmt(db, "UPDATE record SET entry = ?1, person = (SELECT person FROM entry WHERE id = ?1)"
                                    " WHERE id = ?2");

    db_bind_int(s, 1, entry);
    db_bind_int(s, 2, record);
    return db_run(s);
}

enum rc entry_records(struct arena *a, struct db *db, int64_t entry, struct persons *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT id FROM record WHERE " RECORDS_OF_ENTRY " ORDER BY id");

    db_bind_int(s, 1, entry);
    return persons_read(a, s, out);
}

/* ---- what an entry is searched and compared by ---- */

static enum rc names_insert(struct arena *a, struct db *db, int community, int64_t entry, int64_t person,
                            const struct fed *f)
{
    for (const struct person_name *n = f->patient->names; n != NULL; n = n->next) {
        struct db_stmt *s = db_stmt(db, "INSERT INTO name (community, family, given, entry, person, birth, gender)"
                                        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        db_bind_int(s, 1, community);
        db_bind_text(s, 2, n->family == NULL ? "" : name_fold(a, n->family));
        db_bind_text(s, 3, n->given == NULL ? "" : name_fold(a, n->given));
        db_bind_int(s, 4, entry);
        db_bind_int(s, 5, person);
        db_bind_text(s, 6, f->traits.birth);
        db_bind_text(s, 7, f->traits.gender);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc other_ids_insert(struct db *db, int community, int64_t entry, const struct patient_id *ids)
{
    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        if (text_absent(id->root) || text_absent(id->extension)) /* a domain alone identifies nobody */
            continue;
        struct db_stmt *s = db_stmt(db, "INSERT INTO other_id (community, root, extension, entry) VALUES (?, ?, ?, ?)"
                                        " ON CONFLICT DO NOTHING");
        db_bind_int(s, 1, community);
        db_bind_text(s, 2, id->root);
        db_bind_text(s, 3, id->extension);
        db_bind_int(s, 4, entry);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc keys_insert(struct db *db, int community, int64_t entry, const struct traits *p)
{
    int64_t keys[TRAITS_KEYS_MAX];

    for (size_t i = 0, n = traits_keys(p, community, keys); i < n; i++) {
        struct db_stmt *s = db_stmt(db, "INSERT INTO block (key, entry) VALUES (?, ?) ON CONFLICT DO NOTHING");
        db_bind_int(s, 1, keys[i]);
        db_bind_int(s, 2, entry);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc terms_insert(struct arena *a, struct db *db, int community, int64_t entry, int64_t person,
                            const struct fed *f)
{
    TRY(names_insert(a, db, community, entry, person, f));
    TRY(other_ids_insert(db, community, entry, f->patient->other_ids));
    return keys_insert(db, community, entry, &f->traits);
}

static enum rc entry_run(struct db_stmt *s, int64_t entry)
{
    db_bind_int(s, 1, entry);
    return db_run(s);
}

/* Keys follow from the traits, so they need no index by entry. */
static enum rc keys_delete(struct arena *a, struct db *db, int community, int64_t entry, const char *traits)
{
    struct traits p = traits_parse(a, traits);
    int64_t keys[TRAITS_KEYS_MAX];

    for (size_t i = 0, n = traits_keys(&p, community, keys); i < n; i++) {
        struct db_stmt *s = db_stmt(db, "DELETE FROM block WHERE key = ? AND entry = ?");
        db_bind_int(s, 1, keys[i]);
        db_bind_int(s, 2, entry);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc terms_delete(struct arena *a, struct db *db, int community, int64_t entry, const char *traits)
{
    TRY(entry_run(db_stmt(db, "DELETE FROM name WHERE entry = ?"), entry));
    TRY(entry_run(db_stmt(db, "DELETE FROM other_id WHERE entry = ?"), entry));
    return keys_delete(a, db, community, entry, traits);
}

/* ---- entries ---- */

enum rc entry_add(struct arena *a, struct db *db, int community, int64_t entry, const struct fed *f)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO entry (id, community, person, fed, birth, gender, traits, patient)"
                                    " VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7)");

    db_bind_int(s, 1, entry);
    db_bind_int(s, 2, community);
    db_bind_int(s, 3, f->number);
    db_bind_text(s, 4, f->traits.birth);
    db_bind_text(s, 5, f->traits.gender);
    db_bind_text(s, 6, f->traits_text);
    db_bind_blob(s, 7, f->xml);
    TRY(db_run(s));
    return terms_insert(a, db, community, entry, entry, f);
}

/* Where an entry lives, whose it is, and what it was compared by. */
struct kept {
    int community;
    int64_t person;
    const char *traits;
};

static enum rc kept_load(struct arena *a, struct db *db, int64_t entry, struct kept *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT community, person, traits FROM entry WHERE id = ?");
    bool row;

    db_bind_int(s, 1, entry);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct kept){ (int)db_int(s, 0), db_int(s, 1), db_text(a, s, 2) };
    db_reset(s);
    return OK;
}

enum rc entry_set(struct arena *a, struct db *db, int community, int64_t entry, const struct fed *f, bool *same)
{
    struct kept before;

    TRY(kept_load(a, db, entry, &before));
    *same = strcmp(before.traits, f->traits_text) == 0;
    TRY(terms_delete(a, db, community, entry, before.traits));
    struct db_stmt *s = db_stmt(db, "UPDATE entry SET fed = ?, birth = ?, gender = ?, traits = ?, patient = ?"
                                    " WHERE id = ?");
    db_bind_int(s, 1, f->number);
    db_bind_text(s, 2, f->traits.birth);
    db_bind_text(s, 3, f->traits.gender);
    db_bind_text(s, 4, f->traits_text);
    db_bind_blob(s, 5, f->xml);
    db_bind_int(s, 6, entry);
    TRY(db_run(s));
    return terms_insert(a, db, community, entry, before.person, f);
}

enum rc entry_set_person(struct db *db, int64_t entry, int64_t person)
{
    struct db_stmt *s = db_stmt(db, "UPDATE record SET person = ?2 WHERE " RECORDS_OF_ENTRY);

    db_bind_int(s, 1, entry);
    db_bind_int(s, 2, person);
    TRY(db_run(s));
    s = db_stmt(db, "UPDATE entry SET person = ?2 WHERE id = ?1");
    db_bind_int(s, 1, entry);
    db_bind_int(s, 2, person);
    TRY(db_run(s));
    s = db_stmt(db, "UPDATE name SET person = ? WHERE entry = ?");
    db_bind_int(s, 1, person);
    db_bind_int(s, 2, entry);
    return db_run(s);
}

enum rc entry_delete(struct arena *a, struct db *db, int64_t entry)
{
    struct kept was;

    TRY(kept_load(a, db, entry, &was));
    TRY(terms_delete(a, db, was.community, entry, was.traits));
    return entry_run(db_stmt(db, "DELETE FROM entry WHERE id = ?"), entry);
}

enum rc entry_load(struct arena *a, struct db *db, int64_t entry, struct patient *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT patient FROM entry WHERE id = ?");
    bool row;

    db_bind_int(s, 1, entry);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    struct str xml = db_blob(a, s, 0);
    db_reset(s);
    return patient_parse(a, xml, out);
}

enum rc ids_read(struct arena *a, struct db_stmt *s, struct patient_id **out)
{
    struct patient_id *ids = NULL, **end = &ids;

    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct patient_id);
        **end = (struct patient_id){ .root = db_text(a, s, 0), .extension = db_text(a, s, 1) };
        end = &(*end)->next;
    }
    *out = ids;
    return OK;
}
