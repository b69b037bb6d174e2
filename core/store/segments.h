#pragma once
/*
 * Records in append-only files of one folder, the oldest of which go when there are too many bytes or days of them. One
 * process writes, any number read along. A file is named by the number of its first record; records have consecutive
 * numbers, from 1, for as long as the folder lives. On disk a record is its length (32 bits), its bytes, and its length
 * again: what is torn at the end of a file was never whole, and is dropped when the writer opens the folder.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEGMENT_RECORD_MAX ((size_t)64 << 20)

struct arena;
struct buf;

/* Frames a record: what segments_append takes is any number of these. */
void segment_frame(struct buf *out, struct str record);

/* ---- writing ---- */

struct segment_limits {
    uint64_t bytes;    /* of all files together; the oldest go first */
    uint64_t file;     /* of one, roughly: a new one begins behind it */
    long long max_age; /* seconds that a record is kept, and up to an eighth longer; 0: any */
};

struct segment_writer;

/* Makes the folder. *next: the number of the next record. E_IO, logged. */
MUST_CHECK enum rc segment_writer_open(const char *folder, const struct segment_limits *limits,
                                       struct segment_writer **out, uint64_t *next);
/* Framed records. Not synced: what a crashed machine loses of them is at the end. E_IO or E_FULL, logged once a minute.
 */
MUST_CHECK enum rc segment_writer_append(struct segment_writer *w, struct str framed, uint64_t count);
/* Removes what is too old; now and then, also when nothing is appended. */
void segment_writer_expire(struct segment_writer *w);
void segment_writer_close(struct segment_writer *w);

/* ---- how far a writer is, for readers that must not miss what was handed to it ---- */

/* In a file that the writer and its readers map. */
struct segment_progress {
    uint64_t submitted; /* records handed over to the writer, and */
    uint64_t written;   /* how many of these are in a file, or lost for good */
    uint64_t lost;      /* records that were never kept */
};

/* Writable for the writer; nothing is under way yet. E_IO, logged. */
MUST_CHECK enum rc segment_progress_make(const char *folder, struct segment_progress **out);
/* NULL: there is none (yet). */
const struct segment_progress *segment_progress_find(const char *folder);
void segment_progress_close(const struct segment_progress *p);

/* ---- reading ---- */

struct segment; /* a file */

struct segment_events {
    /* A whole record that was not told before. bytes live until the next refresh; segment_record finds them again. */
    void (*on_record)(void *user, struct segment *s, uint64_t offset, uint64_t number, struct str bytes);
    /* A file is gone, and its records; s means nothing afterwards. */
    void (*on_gone)(void *user, struct segment *s);
    void *user;
};

struct segment_reader;
/* The folder need not be there yet. */
struct segment_reader *segment_reader_open(const char *folder, const struct segment_events *events);
/* Tells what is new and what is gone. */
void segment_reader_refresh(struct segment_reader *r);
/* The number of the record after the last one told; 0: none was. */
uint64_t segment_reader_next(const struct segment_reader *r);
void segment_reader_close(struct segment_reader *r); /* without on_gone */

struct str segment_record(const struct segment *s, uint64_t offset);
