/* The tables, and lists of persons. */
#include "pixmgr/store.h"

#include "base/arena.h"
#include "pixmgr/subscribers.h"
#include "pixmgr/visits.h"

#include <stdlib.h>

/*
 * entry.patient: the <patient> particle of HL7 v3 with everything that came, last so that scans read little; traits:
 * what it is compared by (traits.h). name: what it is searched by, with what a search is narrowed by, so that searching
 * reads nothing else. block: the entries under each key of its traits. link: what holds two entries together
 * (store_links.h), x < y. word: what was said of two records, x < y. gone: ids that were merged away.
 */
const char store_schema[] = DB_SMALL_PAGES
    "CREATE TABLE IF NOT EXISTS entry ("
    " id INTEGER PRIMARY KEY,"
    " community INTEGER NOT NULL,"
    " person INTEGER NOT NULL,"
    " fed INTEGER NOT NULL," /* grows with every feed: the latest demographics win */
    " birth TEXT,"
    " gender TEXT,"
    " traits TEXT NOT NULL,"
    " patient BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS entry_person ON entry (person, fed);"
    "CREATE INDEX IF NOT EXISTS entry_birth ON entry (community, birth, gender, person);"
    "CREATE INDEX IF NOT EXISTS entry_fed ON entry (fed);"
    "CREATE TABLE IF NOT EXISTS record ("
    " id INTEGER PRIMARY KEY,"
    " community INTEGER NOT NULL,"
    " root TEXT NOT NULL,"
    " extension TEXT NOT NULL,"
    " entry INTEGER NOT NULL REFERENCES entry(id),"
    " person INTEGER NOT NULL," /* the entry's */
    " UNIQUE (community, root, extension));"
    "CREATE INDEX IF NOT EXISTS record_person ON record (person, root, extension);"
    "CREATE TABLE IF NOT EXISTS name ("
    " community INTEGER NOT NULL,"
    " family TEXT NOT NULL,"
    " given TEXT NOT NULL,"
    " entry INTEGER NOT NULL REFERENCES entry(id),"
    " person INTEGER NOT NULL,"
    " birth TEXT,"
    " gender TEXT,"
    " PRIMARY KEY (community, family, given, entry)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS name_entry ON name (entry);"
    "CREATE TABLE IF NOT EXISTS other_id ("
    " community INTEGER NOT NULL,"
    " root TEXT NOT NULL,"
    " extension TEXT NOT NULL,"
    " entry INTEGER NOT NULL REFERENCES entry(id),"
    " PRIMARY KEY (community, root, extension, entry)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS other_id_entry ON other_id (entry);"
    "CREATE TABLE IF NOT EXISTS block ("
    " key INTEGER NOT NULL,"
    " entry INTEGER NOT NULL REFERENCES entry(id),"
    " PRIMARY KEY (key, entry)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS link ("
    " x INTEGER NOT NULL REFERENCES entry(id),"
    " y INTEGER NOT NULL REFERENCES entry(id),"
    " kind INTEGER NOT NULL,"
    " score INTEGER NOT NULL,"
    " PRIMARY KEY (x, y)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS link_y ON link (y);"
    "CREATE INDEX IF NOT EXISTS link_review ON link (score) WHERE kind = 0;"
    "CREATE TABLE IF NOT EXISTS word ("
    " x INTEGER NOT NULL REFERENCES record(id),"
    " y INTEGER NOT NULL REFERENCES record(id),"
    " is_same INTEGER NOT NULL,"
    " PRIMARY KEY (x, y)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS word_y ON word (y);"
    "CREATE TABLE IF NOT EXISTS gone ("
    " community INTEGER NOT NULL,"
    " root TEXT NOT NULL,"
    " extension TEXT NOT NULL,"
    " now_root TEXT NOT NULL,"
    " now_extension TEXT NOT NULL,"
    " PRIMARY KEY (community, root, extension)) WITHOUT ROWID;" SUBSCRIBERS_SCHEMA VISITS_SCHEMA;

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
