/* Links and words, and how persons follow from them: like Kruskal's forest, with pairs of trees that may never meet. */
#include "pixmgr/store_links.h"

#include "base/arena.h"
#include "pixmgr/store_entries.h"

#include <math.h>
#include <stdlib.h>

/* ---- links ---- */

enum rc link_add(struct db *db, int64_t one, int64_t other, enum link_kind kind, double score)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO link (x, y, kind, score) VALUES (?1, ?2, ?3, ?4)"
                                    " ON CONFLICT (x, y) DO UPDATE SET kind = ?3, score = ?4"
                                    " WHERE kind < ?3 OR (kind = ?3 AND score < ?4)");

    if (one == other)
        return OK;
    db_bind_int(s, 1, MIN(one, other));
    db_bind_int(s, 2, MAX(one, other));
    db_bind_int(s, 3, kind);
    db_bind_int(s, 4, lround(score));
    return db_run(s);
}

enum rc link_forget_reviews(struct db *db, int64_t entry)
{
    struct db_stmt *s = db_stmt(db, "DELETE FROM link WHERE kind = 0 AND x = ?");

    db_bind_int(s, 1, entry);
    TRY(db_run(s));
    s = db_stmt(db, "DELETE FROM link WHERE kind = 0 AND y = ?");
    db_bind_int(s, 1, entry);
    return db_run(s);
}

/* ---- pairs of a thing with others, as the tables keep them ---- */

struct pair {
    int64_t x, y;
    int strength; /* of a link: its kind; of a word: is_same */
    int score;
};

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

static void pairs_add(struct arena *a, struct pairs *p, struct pair pair)
{
    if (p->count == p->capacity) {
        size_t capacity = MAX(2 * p->capacity, (size_t)8);
        struct pair *items = ARENA_ARRAY(a, struct pair, capacity);
        if (p->count > 0)
            memcpy(items, p->items, p->count * sizeof(*items));
        p->items = items;
        p->capacity = capacity;
    }
    p->items[p->count++] = pair;
}

static enum rc pairs_read(struct arena *a, struct db_stmt *s, struct pairs *out)
{
    for (bool row;;) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        pairs_add(a, out, (struct pair){ db_int(s, 0), db_int(s, 1), (int)db_int(s, 2), (int)db_int(s, 3) });
    }
}

static enum rc links_of(struct arena *a, struct db *db, int64_t entry, struct pairs *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT x, y, kind, score FROM link WHERE x = ?1"
                                    " UNION ALL SELECT x, y, kind, score FROM link WHERE y = ?1");

    db_bind_int(s, 1, entry);
    return pairs_read(a, s, out);
}

static enum rc words_of(struct arena *a, struct db *db, int64_t record, struct pairs *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT x, y, is_same, 0 FROM word WHERE x = ?1"
                                    " UNION ALL SELECT x, y, is_same, 0 FROM word WHERE y = ?1");

    db_bind_int(s, 1, record);
    return pairs_read(a, s, out);
}

static int64_t other_of(const struct pair *p, int64_t one)
{
    return p->x == one ? p->y : p->x;
}

static enum rc delete_pairs(struct db *db, const char *by_x, const char *by_y, int64_t of)
{
    struct db_stmt *s = db_stmt(db, by_x);

    db_bind_int(s, 1, of);
    TRY(db_run(s));
    s = db_stmt(db, by_y);
    db_bind_int(s, 1, of);
    return db_run(s);
}

enum rc links_move(struct arena *a, struct db *db, int64_t from, int64_t to)
{
    struct pairs links = { 0 };

    TRY(links_of(a, db, from, &links));
    TRY(delete_pairs(db, "DELETE FROM link WHERE x = ?", "DELETE FROM link WHERE y = ?", from));
    for (size_t i = 0; i < links.count; i++)
        TRY(link_add(db, other_of(&links.items[i], from), to, (enum link_kind)links.items[i].strength,
                     links.items[i].score));
    return OK;
}

/* ---- words ---- */

enum rc word_say(struct db *db, int64_t one, int64_t other, bool is_same)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO word (x, y, is_same) VALUES (?, ?, ?)"
                                    " ON CONFLICT (x, y) DO UPDATE SET is_same = excluded.is_same");

    if (one == other)
        return OK;
    db_bind_int(s, 1, MIN(one, other));
    db_bind_int(s, 2, MAX(one, other));
    db_bind_int(s, 3, is_same);
    return db_run(s);
}

enum rc words_move(struct arena *a, struct db *db, int64_t from, int64_t to)
{
    struct pairs words = { 0 };

    TRY(words_of(a, db, from, &words));
    TRY(delete_pairs(db, "DELETE FROM word WHERE x = ?", "DELETE FROM word WHERE y = ?", from));
    for (size_t i = 0; i < words.count; i++)
        TRY(word_say(db, other_of(&words.items[i], from), to, words.items[i].strength));
    return OK;
}

/* ---- a graph of everybody concerned ---- */

struct node {
    int64_t entry, before; /* person it was of */
    size_t root;           /* index of the tree it is in: union by pointing, short trees */
};

struct graph {
    struct arena *arena;
    struct db *db;
    struct node *nodes;
    size_t count, capacity;
    struct pairs links;       /* x and y are entries */
    struct pairs same, apart; /* the same, of words */
    struct persons persons;   /* whose entries are all in */
};

static size_t node_find(const struct graph *g, int64_t entry)
{
    size_t i = 0;

    while (i < g->count && g->nodes[i].entry != entry)
        i++;
    return i;
}

static void node_add(struct graph *g, int64_t entry, int64_t person)
{
    if (node_find(g, entry) < g->count)
        return;
    if (g->count == g->capacity) {
        g->capacity = MAX(2 * g->capacity, (size_t)8);
        struct node *nodes = ARENA_ARRAY(g->arena, struct node, g->capacity);
        if (g->count > 0)
            memcpy(nodes, g->nodes, g->count * sizeof(*nodes));
        g->nodes = nodes;
    }
    g->nodes[g->count] = (struct node){ entry, person, g->count };
    g->count++;
}

static enum rc person_of(struct db *db, int64_t entry, int64_t *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT person FROM entry WHERE id = ?");
    bool row;

    db_bind_int(s, 1, entry);
    TRY(db_step(s, &row));
    if (!row)
        die("pixmgr: a link names an entry that is not there");
    *out = db_int(s, 0);
    db_reset(s);
    return OK;
}

/* All entries of the person an entry is of. */
static enum rc person_enter(struct graph *g, int64_t entry)
{
    struct persons entries = { 0 };
    int64_t person;

    if (node_find(g, entry) < g->count)
        return OK;
    TRY(person_of(g->db, entry, &person));
    struct db_stmt *s = db_stmt(g->db, "SELECT id FROM entry WHERE person = ?");
    db_bind_int(s, 1, person);
    TRY(persons_read(g->arena, s, &entries));
    for (size_t i = 0; i < entries.count; i++)
        node_add(g, entries.numbers[i], person);
    persons_add(g->arena, &g->persons, person);
    return OK;
}

static enum rc words_enter(struct graph *g, int64_t entry)
{
    struct db_stmt *s = db_stmt(g->db, "SELECT DISTINCT rx.entry, ry.entry, w.is_same, 0 FROM record r"
                                       " JOIN word w ON w.x = r.id OR w.y = r.id"
                                       " JOIN record rx ON rx.id = w.x JOIN record ry ON ry.id = w.y"
                                       " WHERE r.person = (SELECT person FROM entry WHERE id = ?1)"
                                       " AND r.entry = ?1");
    struct pairs words = { 0 };

    db_bind_int(s, 1, entry);
    TRY(pairs_read(g->arena, s, &words));
    for (size_t i = 0; i < words.count; i++)
        pairs_add(g->arena, words.items[i].strength ? &g->same : &g->apart, words.items[i]);
    return OK;
}

/* Whoever a link or a word leads to comes in, too, until nobody new does. */
static enum rc graph_fill(struct graph *g)
{
    for (size_t i = 0; i < g->count; i++) {
        int64_t entry = g->nodes[i].entry;
        size_t links = g->links.count, same = g->same.count;
        TRY(links_of(g->arena, g->db, entry, &g->links));
        TRY(words_enter(g, entry));
        for (; links < g->links.count; links++) {
            if (g->links.items[links].strength != LINK_REVIEW)
                TRY(person_enter(g, other_of(&g->links.items[links], entry)));
        }
        for (; same < g->same.count; same++)
            TRY(person_enter(g, other_of(&g->same.items[same], entry)));
    }
    return OK;
}

/* ---- trees ---- */

static size_t root_of(struct graph *g, size_t i)
{
    while (g->nodes[i].root != i)
        i = g->nodes[i].root = g->nodes[g->nodes[i].root].root;
    return i;
}

/* The lower entry's tree stays, so that a person's number is its lowest entry's. */
static void trees_join(struct graph *g, size_t x, size_t y)
{
    bool x_first = g->nodes[x].entry < g->nodes[y].entry;

    g->nodes[x_first ? y : x].root = x_first ? x : y;
}

static bool are_told_apart(struct graph *g, size_t x, size_t y)
{
    for (size_t i = 0; i < g->apart.count; i++) {
        size_t one = node_find(g, g->apart.items[i].x), other = node_find(g, g->apart.items[i].y);
        if (one == g->count || other == g->count)
            continue;
        one = root_of(g, one);
        other = root_of(g, other);
        if ((one == x && other == y) || (one == y && other == x))
            return true;
    }
    return false;
}

static void pair_join(struct graph *g, const struct pair *p)
{
    size_t x = node_find(g, p->x), y = node_find(g, p->y);

    if (x == g->count || y == g->count)
        return;
    x = root_of(g, x);
    y = root_of(g, y);
    if (x != y && !are_told_apart(g, x, y))
        trees_join(g, x, y);
}

/* Strongest first; of equal ones the older entries, so that the outcome depends on nothing else. */
static int by_strength(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;

    if (p->strength != q->strength)
        return q->strength - p->strength;
    if (p->score != q->score)
        return q->score - p->score;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

static void pairs_sort(struct pairs *p)
{
    if (p->count > 0)
        qsort(p->items, p->count, sizeof(*p->items), by_strength);
}

static void graph_join(struct graph *g)
{
    pairs_sort(&g->same);
    pairs_sort(&g->links);
    for (size_t i = 0; i < g->same.count; i++)
        pair_join(g, &g->same.items[i]);
    for (size_t i = 0; i < g->links.count && g->links.items[i].strength != LINK_REVIEW; i++)
        pair_join(g, &g->links.items[i]);
}

static enum rc nodes_write(struct graph *g, struct persons *changed)
{
    for (size_t i = 0; i < g->count; i++) {
        int64_t person = g->nodes[root_of(g, i)].entry;
        if (person == g->nodes[i].before)
            continue;
        TRY(entry_set_person(g->db, g->nodes[i].entry, person));
        persons_add(g->arena, changed, person);
    }
    return OK;
}

/* Who lost an entry to another person has changed, too. */
static void losers_add(struct graph *g, struct persons *changed)
{
    for (size_t i = 0; i < g->count; i++) {
        int64_t before = g->nodes[i].before;
        size_t old = node_find(g, before);
        if (g->nodes[root_of(g, i)].entry != before && old < g->count && g->nodes[root_of(g, old)].entry == before)
            persons_add(g->arena, changed, before);
    }
}

enum rc persons_form(struct arena *a, struct db *db, const struct persons *seeds, struct persons *changed)
{
    struct graph g = { .arena = a, .db = db };

    for (size_t i = 0; i < seeds->count; i++)
        TRY(person_enter(&g, seeds->numbers[i]));
    TRY(graph_fill(&g));
    graph_join(&g);
    TRY(nodes_write(&g, changed));
    losers_add(&g, changed);
    return OK;
}
