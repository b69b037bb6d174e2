/* What sources and reviewers say of ids: one replaces another, two are one person, two are not. */
#include "pixmgr/store_entries.h"
#include "pixmgr/store_links.h"

#include "base/arena.h"
#include "base/str.h"

/* ---- ids that are gone ---- */

#define CHAIN_MAX 1000 /* of ids each merged into the next; merging keeps it short, this keeps it finite */

/* The id that stands for a subsumed one today; NULL when it was not subsumed. */
static enum rc gone_follow(struct arena *a, struct db *db, int community, const struct patient_id *id,
                           struct patient_id **out)
{
    struct patient_id at = *id;

    *out = NULL;
    for (int i = 0; i < CHAIN_MAX; i++) {
        struct db_stmt *s = db_stmt(db, "SELECT now_root, now_extension FROM gone"
                                        " WHERE community = ? AND root = ? AND extension = ?");
        struct patient_id *next;
        db_bind_int(s, 1, community);
        db_bind_text(s, 2, at.root);
        db_bind_text(s, 3, at.extension);
        TRY(ids_read(a, s, &next));
        if (next == NULL)
            return OK;
        *out = next;
        at = *next;
    }
    return OK;
}

static enum rc gone_add(struct db *db, int community, const struct patient_id *id, const struct patient_id *now)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO gone (community, root, extension, now_root, now_extension)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
                                    " SET now_root = ?4, now_extension = ?5");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    db_bind_text(s, 4, now->root);
    db_bind_text(s, 5, now->extension);
    return db_run(s);
}

/* A survivor is there, whatever became of it before. */
static enum rc gone_forget(struct db *db, int community, const struct patient_id *id)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM gone WHERE community = ? AND root = ? AND extension = ?");

    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
    return db_run(s);
}

/* ---- merging ---- */

struct side {
    int64_t record, entry;
};

static enum rc side_find(struct arena *a, struct db *db, int community, const struct patient_id *id, struct side *out,
                         enum merge_fault unknown, enum merge_fault gone, struct merge_refusal *refusal)
{
    bool found;

    TRY(record_find(db, community, id, &out->record, &out->entry, &found));
    if (found)
        return OK;
    TRY(gone_follow(a, db, community, id, &refusal->now));
    refusal->fault = refusal->now != NULL ? gone : unknown;
    return E_REFUSED;
}

static enum rc record_delete(struct db *db, int64_t record)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM record WHERE id = ?");

    db_bind_int(s, 1, record);
    return db_run(s);
}

/*
 * The subsumed record's words become the survivor's; its links, too, when it was all there was of its entry. An entry
 * with other ids stays, and is one person with the survivor: its ids are that patient's.
 */
static enum rc side_replace(struct arena *a, struct db *db, const struct side *survivor, const struct side *subsumed)
{
    struct persons left = { 0 };

    TRY(words_move(a, db, subsumed->record, survivor->record));
    TRY(record_delete(db, subsumed->record));
    if (subsumed->entry == survivor->entry)
        return OK;
    TRY(entry_records(a, db, subsumed->entry, &left));
    if (left.count > 0)
        return link_add(db, subsumed->entry, survivor->entry, LINK_FED, 0);
    TRY(links_move(a, db, subsumed->entry, survivor->entry));
    return entry_delete(a, db, subsumed->entry);
}

static enum rc person_add(struct arena *a, struct db *db, int64_t entry, struct persons *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT person FROM entry WHERE id = ?");

    db_bind_int(s, 1, entry);
    return persons_read(a, s, out);
}

/* Whoever was one person with one of both, as they may no longer be. */
static enum rc relatives_find(struct arena *a, struct db *db, int64_t entry, struct persons *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT f.id FROM entry e JOIN entry f ON f.person = e.person WHERE e.id = ?");

    db_bind_int(s, 1, entry);
    return persons_read(a, s, out);
}

static void changes_tell(struct arena *a, const struct persons *all, struct persons *changed)
{
    if (changed == NULL)
        return;
    for (size_t i = 0; i < all->count; i++)
        persons_add(a, changed, all->numbers[i]);
    persons_sort(changed);
}

/* Entries that still are. */
static enum rc entries_that_are(struct arena *a, struct db *db, const struct persons *entries, struct persons *out)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct db_stmt *s = db_stmt(db, "SELECT id FROM entry WHERE id = ?");
        db_bind_int(s, 1, entries->numbers[i]);
        TRY(persons_read(a, s, out));
    }
    return OK;
}

/*
 * A person's number is its lowest entry's, and that one may have gone: whoever was of it is numbered anew before
 * anybody is formed.
 */
static enum rc persons_loosen(struct db *db, const struct persons *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        TRY(entry_set_person(db, entries->numbers[i], entries->numbers[i]));
    return OK;
}

static enum rc merge_run(struct arena *a, struct db *db, const struct side *survivor, const struct side *subsumed,
                         struct persons *changed)
{
    struct persons relatives = { 0 }, entries = { 0 }, all = { 0 };

    TRY(relatives_find(a, db, survivor->entry, &relatives));
    TRY(relatives_find(a, db, subsumed->entry, &relatives));
    persons_sort(&relatives);
    TRY(side_replace(a, db, survivor, subsumed));
    TRY(entries_that_are(a, db, &relatives, &entries));
    TRY(persons_loosen(db, &entries));
    TRY(persons_form(a, db, &entries, &all));
    all.count = 0;
    for (size_t i = 0; i < entries.count; i++) /* each of them lost an id or gained a relative */
        TRY(person_add(a, db, entries.numbers[i], &all));
    changes_tell(a, &all, changed);
    return OK;
}

enum rc store_patient_merge(struct arena *a, struct db *db, int community, const struct patient_id *survivor,
                            const struct patient_id *subsumed, struct merge_refusal *refusal, struct persons *changed)
{
    struct side here, there;

    *refusal = (struct merge_refusal){ .fault = MERGE_SAME_ID };
    if (patient_id_equal(survivor, subsumed))
        return E_REFUSED;
    TRY(side_find(a, db, community, survivor, &here, MERGE_UNKNOWN_SURVIVOR, MERGE_SURVIVOR_GONE, refusal));
    TRY(side_find(a, db, community, subsumed, &there, MERGE_UNKNOWN_SUBSUMED, MERGE_SUBSUMED_GONE, refusal));
    TRY(gone_forget(db, community, survivor));
    TRY(gone_add(db, community, subsumed, survivor));
    return merge_run(a, db, &here, &there, changed);
}

/* ---- the same, or not ---- */

static enum rc pair_find(struct db *db, int community, const struct patient_id *one, const struct patient_id *other,
                         struct side sides[2])
{
    bool found;

    TRY(record_find(db, community, one, &sides[0].record, &sides[0].entry, &found));
    if (!found)
        return E_NOT_FOUND;
    TRY(record_find(db, community, other, &sides[1].record, &sides[1].entry, &found));
    if (!found)
        return E_NOT_FOUND;
    return sides[0].record == sides[1].record ? E_REFUSED : OK;
}

/* Ids of one feed that are not one person after all: the second one leaves with what the feed said of it. */
static enum rc entry_split(struct arena *a, struct db *db, int community, struct side *leaves)
{
    struct persons person = { 0 };
    struct patient as_fed;
    struct fed f;

    TRY(entry_load(a, db, leaves->entry, &as_fed));
    TRY(fed_make(a, db, &as_fed, &f));
    TRY(entry_add(a, db, community, f.next_entry, &f));
    TRY(record_move(db, leaves->record, f.next_entry));
    TRY(person_add(a, db, leaves->entry, &person));
    leaves->entry = f.next_entry;
    return entry_set_person(db, f.next_entry, person.numbers[0]);
}

static enum rc are_one_person(struct db *db, const struct side sides[2], bool *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT x.person = y.person FROM entry x, entry y WHERE x.id = ? AND y.id = ?");
    bool row;

    db_bind_int(s, 1, sides[0].entry);
    db_bind_int(s, 2, sides[1].entry);
    TRY(db_step(s, &row));
    *out = row && db_int(s, 0) != 0;
    db_reset(s);
    return OK;
}

/* Persons are loosened so that what no longer holds together falls apart; who comes out as before has not changed. */
static enum rc persons_reform(struct arena *a, struct db *db, const struct side sides[2], struct persons *changed)
{
    struct persons entries = { 0 }, before = { 0 }, after = { 0 }, all = { 0 };

    TRY(relatives_find(a, db, sides[0].entry, &entries));
    TRY(relatives_find(a, db, sides[1].entry, &entries));
    persons_sort(&entries);
    for (size_t i = 0; i < entries.count; i++)
        TRY(person_add(a, db, entries.numbers[i], &before));
    TRY(persons_loosen(db, &entries));
    TRY(persons_form(a, db, &entries, &all));
    for (size_t i = 0; i < entries.count; i++)
        TRY(person_add(a, db, entries.numbers[i], &after));
    all.count = 0;
    bool differs = false;
    for (size_t i = 0; i < entries.count; i++)
        differs = differs || before.numbers[i] != after.numbers[i];
    if (differs)
        changes_tell(a, &after, changed);
    return OK;
}

/*
 * Was any id of the one's person told apart from any of the other's, this very pair aside? Saying that they are one
 * would take somebody out of a person of whom nobody spoke.
 */
static enum rc are_held_apart(struct db *db, const struct side sides[2], bool *out)
{
    static const char *const ways[] = {
        "SELECT 1 FROM record a JOIN word w ON w.x = a.id JOIN record b ON b.id = w.y"
        " WHERE a.person = (SELECT person FROM entry WHERE id = ?1) AND w.is_same = 0"
        " AND b.person = (SELECT person FROM entry WHERE id = ?2)"
        " AND NOT (w.x = min(?3, ?4) AND w.y = max(?3, ?4)) LIMIT 1",
        "SELECT 1 FROM record a JOIN word w ON w.y = a.id JOIN record b ON b.id = w.x"
        " WHERE a.person = (SELECT person FROM entry WHERE id = ?1) AND w.is_same = 0"
        " AND b.person = (SELECT person FROM entry WHERE id = ?2)"
        " AND NOT (w.x = min(?3, ?4) AND w.y = max(?3, ?4)) LIMIT 1",
    };

    *out = false;
    for (size_t i = 0; !*out && i < ARRAY_LEN(ways); i++) {
        struct db_stmt *s = db_stmt(db, ways[i]);
        db_bind_int(s, 1, sides[0].entry);
        db_bind_int(s, 2, sides[1].entry);
        db_bind_int(s, 3, sides[0].record);
        db_bind_int(s, 4, sides[1].record);
        TRY(db_step(s, out));
        db_reset(s);
    }
    return OK;
}

static enum rc word_of(struct arena *a, struct db *db, int community, const struct patient_id *one,
                       const struct patient_id *other, bool is_same, struct persons *changed)
{
    bool are_one, is_held = false;
    struct side sides[2];

    TRY(pair_find(db, community, one, other, sides));
    TRY(are_one_person(db, sides, &are_one));
    if (is_same && !are_one)
        TRY(are_held_apart(db, sides, &is_held));
    if (is_held)
        return E_REFUSED;
    if (!is_same && sides[0].entry == sides[1].entry)
        TRY(entry_split(a, db, community, &sides[1]));
    TRY(word_say(db, sides[0].record, sides[1].record, is_same));
    TRY(persons_reform(a, db, sides, changed));
    TRY(are_one_person(db, sides, &are_one));
    return are_one == is_same ? OK : E_REFUSED; /* what was told apart of their relatives is in the way */
}

enum rc store_patient_link(struct arena *a, struct db *db, int community, const struct patient_id *one,
                           const struct patient_id *other, struct persons *changed)
{
    return word_of(a, db, community, one, other, true, changed);
}

enum rc store_patient_unlink(struct arena *a, struct db *db, int community, const struct patient_id *one,
                             const struct patient_id *other, struct persons *changed)
{
    return word_of(a, db, community, one, other, false, changed);
}
