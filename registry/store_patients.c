#include "registry/store.h"

#include "base/arena.h"

enum rc store_patient_add(struct db *db, int community, const char *cx)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO patient (community, cx) VALUES (?, ?) ON CONFLICT DO NOTHING");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, cx);
    return db_run(s);
}

#define PATIENT_COLUMNS "id, cx, coalesce(surviving, id)"

static enum rc patient_read(struct arena *a, struct db_stmt *s, struct stored_patient *out)
{
    bool row;

    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct stored_patient){ .id = db_int(s, 0), .cx = db_text(a, s, 1), .surviving = db_int(s, 2) };
    db_reset(s);
    return OK;
}

enum rc store_patient_find(struct arena *a, struct db *db, int community, const char *cx, struct stored_patient *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " PATIENT_COLUMNS " FROM patient WHERE community = ? AND cx = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, cx);
    return patient_read(a, s, out);
}

enum rc store_patient_by_id(struct arena *a, struct db *db, int64_t id, struct stored_patient *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT " PATIENT_COLUMNS " FROM patient WHERE id = ?");

    db_bind_int(s, 1, id);
    return patient_read(a, s, out);
}

/* ---- merging ---- */

struct merge {
    struct arena *arena;
    struct db *db;
    const struct stored_patient *to;
    int64_t *objects; /* read before any is changed */
    size_t count, capacity;
};

static enum rc object_note(void *user, struct stored_object *o)
{
    struct merge *m = user;

    if (m->count == m->capacity) {
        int64_t *more = ARENA_ARRAY(m->arena, int64_t, m->capacity * 2 + 64);
        if (m->count > 0)
            memcpy(more, m->objects, m->count * sizeof(*more));
        m->objects = more;
        m->capacity = m->capacity * 2 + 64;
    }
    m->objects[m->count++] = o->id;
    return OK;
}

static enum rc objects_of(struct merge *m, int64_t patient)
{
    for (int kind = OBJECT_DOCUMENT; kind <= OBJECT_FOLDER; kind++)
        TRY(store_objects_of_patient(m->arena, m->db, patient, (enum object_kind)kind, object_note, m));
    return OK;
}

static enum rc object_move(struct merge *m, int64_t id)
{
    struct arena *a = arena_new();
    struct stored_object o, moved;
    struct submission s;
    enum rc rc = store_object_by_id(a, m->db, id, &o);

    if (rc == OK)
        rc = store_object_decode(a, m->db, &o, &s);
    if (rc == OK) {
        if (s.documents != NULL)
            s.documents->patient_id = m->to->cx;
        if (s.sets != NULL)
            s.sets->patient_id = m->to->cx;
        if (s.folders != NULL)
            s.folders->patient_id = m->to->cx;
        store_object_of_only(a, &s, &moved);
        moved.id = id;
        moved.patient = m->to->id;
        rc = store_object_change(m->db, &moved);
    }
    arena_free(a);
    return rc;
}

/* from, and whoever had been merged into it. */
static enum rc patients_point(struct db *db, int64_t from, int64_t to)
{
    struct db_stmt *s = db_stmt(db, "UPDATE patient SET surviving = ?1 WHERE id = ?2 OR surviving = ?2");

    db_bind_int(s, 1, to);
    db_bind_int(s, 2, from);
    return db_run(s);
}

enum rc store_patient_merge(struct arena *a, struct db *db, int community, const char *from, const char *to)
{
    struct stored_patient subsumed, surviving;
    struct merge m = { .arena = a, .db = db, .to = &surviving };

    TRY(store_patient_find(a, db, community, from, &subsumed));
    TRY(store_patient_find(a, db, community, to, &surviving));
    if (subsumed.surviving == surviving.id)
        return OK;
    if (surviving.surviving != surviving.id)
        return E_EXISTS;
    TRY(objects_of(&m, subsumed.id));
    for (size_t i = 0; i < m.count; i++)
        TRY(object_move(&m, m.objects[i]));
    return patients_point(db, subsumed.id, surviving.id);
}
