/* Potential duplicates: links too weak to follow, until somebody decides. */
#include "pixmgr/store_entries.h"
#include "pixmgr/store_links.h"

#include "base/arena.h"

/*
 * A pair's number is made of its entries: it stays the same as long as both are there, and needs no column. An entry
 * has 31 bits, which are two thousand million.
 */
#define ENTRY_BITS 31

static int64_t number_of(int64_t x, int64_t y)
{
    return x << ENTRY_BITS | y;
}

/* Not those that have become one person meanwhile, or were told apart. */
#define OPEN_PAIRS                                                                                                     \
    " FROM link l JOIN entry x ON x.id = l.x JOIN entry y ON y.id = l.y"                                               \
    " WHERE l.kind = 0 AND x.person <> y.person AND (?1 = 0 OR x.community = ?1)"                                      \
    " AND NOT EXISTS (SELECT 1 FROM record a JOIN record b JOIN word w ON w.x = min(a.id, b.id)"                       \
    " AND w.y = max(a.id, b.id) WHERE a.person = x.person AND a.entry = l.x"                                           \
    " AND b.person = y.person AND b.entry = l.y AND w.is_same = 0)"

static enum rc entry_as_fed(struct arena *a, struct db *db, int64_t entry, struct patient *out)
{
    TRY(entry_load(a, db, entry, out));
    struct db_stmt *s = db_stmt(db, "SELECT root, extension FROM record WHERE " RECORDS_OF_ENTRY
                                    " ORDER BY root, extension");
    db_bind_int(s, 1, entry);
    return ids_read(a, s, &out->ids);
}

static enum rc pairs_read(struct arena *a, struct db_stmt *s, struct duplicate **end)
{
    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        *end = ARENA_NEW(a, struct duplicate);
        **end = (struct duplicate){
            .number = number_of(db_int(s, 0), db_int(s, 1)),
            .entries = { db_int(s, 0), db_int(s, 1) },
            .score = (int)db_int(s, 2),
            .community = (int)db_int(s, 3),
        };
        end = &(*end)->next;
    }
}

enum rc store_review_list(struct arena *a, struct db *db, int community, int limit, struct duplicate **out, int *total)
{
    struct db_stmt *s = db_stmt(db, "SELECT count(*)" OPEN_PAIRS);
    struct duplicate *pairs = NULL;
    bool row;

    db_bind_int(s, 1, community);
    TRY(db_step(s, &row));
    *total = (int)db_int(s, 0);
    db_reset(s);
    s = db_stmt(db, "SELECT l.x, l.y, l.score, x.community" OPEN_PAIRS " ORDER BY l.score DESC, l.x, l.y LIMIT ?2");
    db_bind_int(s, 1, community);
    db_bind_int(s, 2, limit);
    TRY(pairs_read(a, s, &pairs));
    for (struct duplicate *d = pairs; d != NULL; d = d->next) {
        TRY(entry_as_fed(a, db, d->entries[0], &d->patients[0]));
        TRY(entry_as_fed(a, db, d->entries[1], &d->patients[1]));
    }
    *out = pairs;
    return OK;
}

static enum rc pair_check(struct db *db, int64_t x, int64_t y, int *community)
{
    struct db_stmt *s = db_stmt(db, "SELECT e.community FROM link l JOIN entry e ON e.id = l.x"
                                    " WHERE l.x = ? AND l.y = ? AND l.kind = 0");
    bool row;

    db_bind_int(s, 1, x);
    db_bind_int(s, 2, y);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *community = (int)db_int(s, 0);
    db_reset(s);
    return OK;
}

static enum rc pair_forget(struct db *db, int64_t x, int64_t y)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM link WHERE x = ? AND y = ? AND kind = 0");

    db_bind_int(s, 1, x);
    db_bind_int(s, 2, y);
    return db_run(s);
}

enum rc store_review_community(struct db *db, int64_t number, int *out)
{
    return pair_check(db, number >> ENTRY_BITS, number & (((int64_t)1 << ENTRY_BITS) - 1), out);
}

/* The word is about the first id of each: all ids of an entry are one patient's. */
enum rc store_review_decide(struct arena *a, struct db *db, int64_t number, bool accept, struct persons *changed)
{
    int64_t x = number >> ENTRY_BITS, y = number & (((int64_t)1 << ENTRY_BITS) - 1);
    struct patient patients[2];
    int community;

    TRY(pair_check(db, x, y, &community));
    TRY(entry_as_fed(a, db, x, &patients[0]));
    TRY(entry_as_fed(a, db, y, &patients[1]));
    if (patients[0].ids == NULL || patients[1].ids == NULL)
        return E_NOT_FOUND;
    TRY(accept ? store_patient_link(a, db, community, patients[0].ids, patients[1].ids, changed)
               : store_patient_unlink(a, db, community, patients[0].ids, patients[1].ids, changed));
    return pair_forget(db, x, y);
}
