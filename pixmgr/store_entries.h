#pragma once
/* Entries and records as rows, for the store's own files. */

#include "pixmgr/match.h"
#include "pixmgr/store.h"

/* A fed patient as it is kept. */
struct fed {
    const struct patient *patient;
    struct traits traits;
    const char *traits_text;
    struct str xml;
    int64_t number;     /* of the feed */
    int64_t next_entry; /* the number of an entry that is added for it */
};

MUST_CHECK enum rc fed_make(struct arena *a, struct db *db, const struct patient *p, struct fed *out);

/* Finds the records of the entry ?1 by the index there is, which is by person. */
#define RECORDS_OF_ENTRY "person = (SELECT person FROM entry WHERE id = ?1) AND entry = ?1"

/* A record and the entry it belongs to; *found says whether there is one. */
MUST_CHECK enum rc record_find(struct db *db, int community, const struct patient_id *id, int64_t *record,
                               int64_t *entry, bool *found);
MUST_CHECK enum rc record_add(struct db *db, int community, const struct patient_id *id, int64_t entry);
MUST_CHECK enum rc record_move(struct db *db, int64_t record, int64_t entry);
/* Records of an entry. */
MUST_CHECK enum rc entry_records(struct arena *a, struct db *db, int64_t entry, struct persons *out);

/* A new entry, a person of its own, with what it is searched and compared by. */
MUST_CHECK enum rc entry_add(struct arena *a, struct db *db, int community, int64_t entry, const struct fed *f);
/* The same in the place of what it was; *same: its traits are what it was. */
MUST_CHECK enum rc entry_set(struct arena *a, struct db *db, int community, int64_t entry, const struct fed *f,
                             bool *same);
/* Whose person an entry is. */
MUST_CHECK enum rc entry_set_person(struct db *db, int64_t entry, int64_t person);
/* An entry without records, and what hangs off it; its links must have been moved. */
MUST_CHECK enum rc entry_delete(struct arena *a, struct db *db, int64_t entry);

/* The demographics of an entry, without ids. */
MUST_CHECK enum rc entry_load(struct arena *a, struct db *db, int64_t entry, struct patient *out);

/* root and extension of all rows. */
MUST_CHECK enum rc ids_read(struct arena *a, struct db_stmt *s, struct patient_id **out);
/* The particle of an entry's column. */
MUST_CHECK enum rc patient_parse(struct arena *a, struct str xml, struct patient *out);
