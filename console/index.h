#pragma once
/*
 * The journals of all daemons under DATA as one list in the order of time, read where they lie. What is kept in memory
 * of a record is what every question needs; the rest is decoded from its file when it is asked for.
 */

#include "actor/journal_record.h"
#include "base/rc.h"
#include "store/segments.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct index;
struct summary;

struct entry {
    const char *daemon;
    uint64_t number; /* within its daemon's journal */
    uint64_t time_us;
    uint64_t arrival;                /* in the order in which the index learnt of them, from 1 */
    uint64_t trace[2], span, parent; /* 0: none */
    enum journal_direction direction;
    struct segment *segment;
    uint64_t offset;
    struct arena *arena;     /* of all entries of its file */
    struct summary *summary; /* summary_of's; NULL until somebody asked */
};

struct index *index_new(const char *data);
void index_free(struct index *ix);

/* Takes in what is new. Entries and what hangs off them are valid until the next refresh. */
void index_refresh(struct index *ix);
/* The arrival of the newest. */
uint64_t index_latest(const struct index *ix);
size_t index_count(const struct index *ix);
struct entry *index_at(const struct index *ix, size_t i);
/* "registry-12"; NULL when there is none (any more). */
struct entry *index_find(const struct index *ix, const char *id);
const char *entry_id(struct arena *a, const struct entry *e);
/* Texts point into the file; a record of another version reads as empty. */
struct journal_record entry_record(const struct entry *e);
/* 32 digits of hexadecimal; false when it is none. */
bool trace_digits_parse(const char *text, uint64_t out[2]);

/* Hides every record that is there now, also from the next console. E_IO, E_FULL. */
MUST_CHECK enum rc index_clear(struct index *ix);

/*
 * Whoever has had an answer from a daemon finds its messages in the journal: a mark remembers what the daemons had
 * handed over to their journals by now, and is reached when that is in their files.
 */
#define INDEX_SOURCES 16

struct index_mark {
    uint64_t submitted[INDEX_SOURCES];
};
void index_mark(struct index *ix, struct index_mark *out);
bool index_reached(const struct index *ix, const struct index_mark *mark);
