/*
 * Feeds, and who becomes one person by them. A union is never undone here: a later feed with other demographics moves
 * the entry's data, not its links, because the manager cannot know which of both feeds was the mistake. A source
 * (A37) or a reviewer undoes it.
 */
#include "pixmgr/store_entries.h"
#include "pixmgr/store_links.h"

#include "base/arena.h"

#define CANDIDATES_MAX 100 /* under one key, or of one birth date: what everybody has tells nobody apart */

/* ---- a feed under way ---- */

struct owned {
    int64_t record, entry;
};

struct feed {
    struct arena *arena;
    struct db *db;
    const struct linking *how;
    struct fed fed;
    struct owned *owned; /* the records that its ids have already */
    size_t owned_count;
    size_t added;         /* records that it makes */
    int64_t entry;        /* where its ids are kept */
    bool is_new;          /* that entry was not there before */
    bool is_known;        /* its traits were compared before, and are the same */
    struct persons roots; /* entries whose persons may have changed */
    struct persons seen;  /* candidates that were compared */
};

/* ---- its records ---- */

static void owned_add(struct feed *f, const struct owned *o)
{
    for (size_t i = 0; i < f->owned_count; i++) {
        if (f->owned[i].record == o->record)
            return;
    }
    f->owned[f->owned_count++] = *o;
}

/* The ids that are known, and whose they are, in the order of the ids; the same id twice is there once. */
static enum rc owners_find(struct feed *f, const struct patient_id *ids)
{
    size_t count = 0;

    for (const struct patient_id *id = ids; id != NULL; id = id->next)
        count++;
    f->owned = ARENA_ARRAY(f->arena, struct owned, count + 1);
    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        struct owned o;
        bool found;
        TRY(record_find(f->db, f->how->community, id, &o.record, &o.entry, &found));
        if (found)
            owned_add(f, &o);
    }
    return OK;
}

/* Whether all the ids of an entry are among those of the feed. */
static enum rc is_covered(struct feed *f, int64_t entry, bool *out)
{
    struct persons records = { 0 };
    size_t mine = 0;

    TRY(entry_records(f->arena, f->db, entry, &records));
    for (size_t i = 0; i < f->owned_count; i++)
        mine += f->owned[i].entry == entry;
    *out = mine == records.count;
    return OK;
}

/*
 * A feed of all the ids an entry has, and maybe of more, is that entry's, the oldest such one; one of fewer is somebody
 * else's word on them.
 */
static enum rc entry_choose(struct feed *f)
{
    for (size_t i = 0; i < f->owned_count; i++) {
        int64_t entry = f->owned[i].entry;
        bool covered;
        TRY(is_covered(f, entry, &covered));
        if (covered && (f->entry == 0 || entry < f->entry))
            f->entry = entry;
    }
    if (f->entry != 0)
        return entry_set(f->arena, f->db, f->how->community, f->entry, &f->fed, &f->is_known);
    f->is_new = true;
    f->entry = f->fed.next_entry;
    return entry_add(f->arena, f->db, f->how->community, f->entry, &f->fed);
}

/* An id that comes with another feed leaves its entry, and both stay one person; an entry without ids goes. */
static enum rc record_take(struct feed *f, const struct owned *o)
{
    struct persons left = { 0 };

    if (o->entry == f->entry)
        return OK;
    TRY(record_move(f->db, o->record, f->entry));
    TRY(entry_records(f->arena, f->db, o->entry, &left));
    if (left.count > 0) {
        persons_add(f->arena, &f->roots, o->entry);
        return link_add(f->db, o->entry, f->entry, LINK_FED, 0);
    }
    TRY(links_move(f->arena, f->db, o->entry, f->entry));
    return entry_delete(f->arena, f->db, o->entry);
}

static enum rc ids_add(struct feed *f)
{
    for (const struct patient_id *id = f->fed.patient->ids; id != NULL; id = id->next) {
        enum rc rc = record_add(f->db, f->how->community, id, f->entry);
        if (rc != OK && rc != E_EXISTS)
            return rc;
        f->added += rc == OK;
    }
    return OK;
}

static enum rc records_keep(struct feed *f)
{
    TRY(entry_choose(f));
    persons_add(f->arena, &f->roots, f->entry);
    for (size_t i = 0; i < f->owned_count; i++)
        TRY(record_take(f, &f->owned[i]));
    return ids_add(f);
}

/* ---- explicit links ---- */

static enum rc links_add(struct feed *f, struct db_stmt *s)
{
    struct persons entries = { 0 };

    TRY(persons_read(f->arena, s, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        if (entries.numbers[i] == f->entry)
            continue;
        persons_add(f->arena, &f->roots, entries.numbers[i]);
        TRY(link_add(f->db, f->entry, entries.numbers[i], LINK_COMMON, 0));
    }
    return OK;
}

static void id_bind(struct db_stmt *s, int community, const struct patient_id *id)
{
    db_bind_int(s, 1, community);
    db_bind_text(s, 2, id->root);
    db_bind_text(s, 3, id->extension);
}

/* Another's own id among the other ids, in whichever order they came; and a common identifier on both sides. */
static enum rc links_by_other_ids(struct feed *f)
{
    for (const struct patient_id *id = f->fed.patient->ids; id != NULL; id = id->next) {
        struct db_stmt *s = db_stmt(f->db,
                                    "SELECT entry FROM other_id WHERE community = ? AND root = ? AND extension = ?");
        id_bind(s, f->how->community, id);
        TRY(links_add(f, s));
    }
    for (const struct patient_id *id = f->fed.patient->other_ids; id != NULL; id = id->next) {
        if (text_absent(id->extension))
            continue;
        struct db_stmt *s = db_stmt(f->db,
                                    "SELECT entry FROM record WHERE community = ? AND root = ? AND extension = ?");
        id_bind(s, f->how->community, id);
        TRY(links_add(f, s));
        if (!linking_is_common(f->how, id->root))
            continue;
        s = db_stmt(f->db, "SELECT entry FROM other_id WHERE community = ? AND root = ? AND extension = ?"
                           " AND 1"); /* a statement of its own beside the one above */
        id_bind(s, f->how->community, id);
        TRY(links_add(f, s));
    }
    return OK;
}

/* ---- links by demographics ---- */

static bool persons_have(const struct persons *p, int64_t number)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->numbers[i] == number)
            return true;
    }
    return false;
}

static enum rc candidate_judge(struct feed *f, int64_t entry, const char *traits)
{
    struct traits other = traits_parse(f->arena, traits);
    struct match m = match_traits(&f->fed.traits, &other, f->how);

    if (m.verdict == VERDICT_APART)
        return OK;
    if (m.verdict == VERDICT_REVIEW)
        return link_add(f->db, f->entry, entry, LINK_REVIEW, m.score);
    persons_add(f->arena, &f->roots, entry);
    return link_add(f->db, f->entry, entry, m.rule != NULL ? LINK_RULE : LINK_SCORE, m.score);
}

/* What is found is read before it is judged: judging writes to what is being read. */
static enum rc candidates_of(struct feed *f, struct db_stmt *s)
{
    int64_t entries[CANDIDATES_MAX];
    const char *traits[CANDIDATES_MAX];
    size_t count = 0;
    bool row;

    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        int64_t entry = db_int(s, 0);
        if (entry == f->entry || persons_have(&f->seen, entry))
            continue;
        persons_add(f->arena, &f->seen, entry);
        entries[count] = entry;
        traits[count++] = db_text(f->arena, s, 1);
    }
    for (size_t i = 0; i < count; i++)
        TRY(candidate_judge(f, entries[i], traits[i]));
    return OK;
}

static enum rc candidates_under(struct feed *f, int64_t key)
{
    struct db_stmt *s = db_stmt(f->db, "SELECT e.id, e.traits FROM block b JOIN entry e ON e.id = b.entry"
                                       " WHERE b.key = ? ORDER BY b.entry LIMIT ?");

    db_bind_int(s, 1, key);
    db_bind_int(s, 2, CANDIDATES_MAX);
    return candidates_of(f, s);
}

/* By an index that is there for searching anyway. */
static enum rc candidates_by_birth(struct feed *f)
{
    const struct traits *p = &f->fed.traits;

    if (!traits_have_birth_and_sex(p))
        return OK;
    struct db_stmt *s = db_stmt(f->db, "SELECT id, traits FROM entry"
                                       " WHERE community = ? AND birth = ? AND gender = ? ORDER BY person, id LIMIT ?");
    db_bind_int(s, 1, f->how->community);
    db_bind_text(s, 2, p->birth);
    db_bind_text(s, 3, p->gender);
    db_bind_int(s, 4, CANDIDATES_MAX);
    return candidates_of(f, s);
}

static enum rc links_by_demographics(struct feed *f)
{
    int64_t keys[TRAITS_KEYS_MAX];

    if (f->is_known)
        return OK;
    if (!f->is_new)
        TRY(link_forget_reviews(f->db, f->entry));
    TRY(candidates_by_birth(f));
    for (size_t i = 0, n = traits_keys(&f->fed.traits, f->how->community, keys); i < n; i++)
        TRY(candidates_under(f, keys[i]));
    return OK;
}

/* ---- the whole of it ---- */

/* Ids that came or went without a change of persons: the person of the entry has changed all the same. */
static enum rc ids_before(struct feed *f, struct patient_id **out)
{
    *out = NULL;
    if (f->owned_count == 0)
        return OK;
    for (const struct patient_id *id = f->fed.patient->ids; id != NULL && *out == NULL; id = id->next) {
        enum rc rc = store_patient_ids(f->arena, f->db, f->how->community, id, out);
        if (rc != OK && rc != E_NOT_FOUND)
            return rc;
    }
    return OK;
}

static enum rc changes_add(struct feed *f, const struct patient_id *before, struct persons *out)
{
    const struct patient_id *id = f->fed.patient->ids;
    struct patient_id *now;
    size_t n = 0, m = 0;

    if (f->owned_count == 0 && f->roots.count == 1) { /* nobody else has to do with it */
        if (f->added > 1)
            persons_add(f->arena, out, f->entry);
        return OK;
    }
    TRY(store_patient_ids(f->arena, f->db, f->how->community, id, &now));
    for (const struct patient_id *i = before; i != NULL; i = i->next)
        n++;
    for (const struct patient_id *i = now; i != NULL; i = i->next)
        m++;
    if (n == m || (n == 0 && m == 1))
        return OK;
    struct db_stmt *s = db_stmt(f->db, "SELECT person FROM record WHERE community = ? AND root = ? AND extension = ?");
    id_bind(s, f->how->community, id);
    return persons_read(f->arena, s, out);
}

/* Ids may move from entry to entry of one person, which is nobody else's business. */
static enum rc is_as_before(struct feed *f, const struct patient_id *before, const struct persons *all, bool *out)
{
    struct patient_id *now;

    *out = false;
    if (before == NULL || all->count != 1)
        return OK;
    TRY(store_person_ids(f->arena, f->db, all->numbers[0], &now));
    while (before != NULL && now != NULL && patient_id_equal(before, now)) {
        before = before->next;
        now = now->next;
    }
    *out = before == NULL && now == NULL;
    return OK;
}

static enum rc persons_settle(struct feed *f, struct persons *changed)
{
    if (f->roots.count > 1 || !f->is_new)
        return persons_form(f->arena, f->db, &f->roots, changed);
    return OK;
}

static enum rc feed_run(struct feed *f, struct persons *changed)
{
    struct persons all = { 0 };
    struct patient_id *before = NULL;
    bool same;

    if (changed != NULL)
        TRY(ids_before(f, &before));
    TRY(records_keep(f));
    TRY(links_by_other_ids(f));
    TRY(links_by_demographics(f));
    TRY(persons_settle(f, &all));
    if (changed == NULL)
        return OK;
    TRY(changes_add(f, before, &all));
    TRY(is_as_before(f, before, &all, &same));
    if (same)
        return OK;
    for (size_t i = 0; i < all.count; i++)
        if (all.numbers[i] != f->entry || f->roots.count > 1 || f->fed.patient->ids->next != NULL || before != NULL)
            persons_add(f->arena, changed, all.numbers[i]);
    persons_sort(changed);
    return OK;
}

enum rc store_patient_feed(struct arena *a, struct db *db, const struct linking *how, const struct patient *p,
                           struct persons *changed)
{
    struct patient nothing = { .match = -1 }, kept = patient_update(&nothing, p);
    struct feed f = { .arena = a, .db = db, .how = how };

    TRY(owners_find(&f, kept.ids));
    TRY(fed_make(a, db, &kept, &f.fed));
    return feed_run(&f, changed);
}

/* The ground is what is known of the first id that is known. */
enum rc store_patient_update(struct arena *a, struct db *db, const struct linking *how, const struct patient *p,
                             struct persons *changed)
{
    struct patient known = { .match = -1 }, now;
    struct feed f = { .arena = a, .db = db, .how = how };

    TRY(owners_find(&f, p->ids));
    if (f.owned_count > 0)
        TRY(entry_load(a, db, f.owned->entry, &known));
    now = patient_update(&known, p);
    TRY(fed_make(a, db, &now, &f.fed));
    return feed_run(&f, changed);
}

/* ---- somebody new ---- */

enum rc store_patient_add(struct arena *a, struct db *db, const struct linking *how, const struct patient *p,
                          bool is_alone)
{
    struct feed f = { .arena = a, .db = db, .how = how };

    TRY(owners_find(&f, p->ids));
    TRY(fed_make(a, db, p, &f.fed));
    if (f.owned_count > 0 || p->other_ids != NULL) /* the user has fed one of these */
        return feed_run(&f, NULL);
    f.is_new = true;
    f.entry = f.fed.next_entry;
    TRY(entry_add(a, db, how->community, f.entry, &f.fed));
    TRY(ids_add(&f));
    if (is_alone)
        return OK;
    persons_add(a, &f.roots, f.entry);
    TRY(links_by_demographics(&f));
    struct persons nobody = { 0 };
    return persons_settle(&f, &nobody);
}
