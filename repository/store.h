#pragma once
/*
 * Which documents are here. `inbox` holds what was sent to the Document Recipient. `document` holds what can be
 * retrieved. `pending` holds what was stored but whose
 * registration has not been seen to succeed: a row per submission, so that one's failure takes nothing from another.
 * Octets are named by their SHA-256. Those of small documents are rows of `octets`, written in the transaction of the
 * row that refers to them and gone with the last of those (triggers); others are blobs (store/vault.h), and a blob
 * without a row goes.
 */

#include "base/rc.h"
#include "store/db.h"

#include <stdint.h>

struct arena;
struct json_writer;

extern const char store_schema[];
/* Finds a row when a blob is referred to (daemon_spec). */
extern const char store_blob_references[];

struct stored_document {
    const char *unique_id, *mime_type;
    const char *sha1;   /* hex, lower case: what the metadata calls hash */
    const char *sha256; /* hex: where the octets are */
    uint64_t size;
    struct str
        octets; /* to be kept with the row; data NULL: a blob has them. Adding reads it, finding leaves it NULL */
};

/* Up to here a document is small: a file, its two syncs and its folder's cost more than its bytes. */
#define STORE_SMALL_MAX ((uint64_t)32 * 1024)

/*
 * Octets of a row that has them with it, in the arena, and whole: they are hashed at every reading. E_NOT_FOUND when a
 * blob has them; E_IO, logged, when they are not what was kept.
 */
MUST_CHECK enum rc store_octets_find(struct arena *a, struct db *db, const char *sha256, struct str *out);
/* On adding a row that refers to d: keeps d->octets, in the place of what is there of that name. */
MUST_CHECK enum rc store_octets_add(struct db *db, const struct stored_document *d);

/* repository is a repositoryUniqueId in all of these. E_NOT_FOUND when there is none that can be retrieved. */
MUST_CHECK enum rc store_document_find(struct arena *a, struct db *db, const char *repository, const char *unique_id,
                                       struct stored_document *out);

/* Documents that are made, not kept (paper.h), and were removed. */
MUST_CHECK enum rc store_paper_remove(struct db *db, const char *unique_id);
MUST_CHECK enum rc store_paper_is_removed(struct db *db, const char *unique_id, bool *is_removed);

/* *id names the row for store_pending_forget. */
MUST_CHECK enum rc store_pending_add(struct db *db, const char *repository, const struct stored_document *d,
                                     int64_t *id);
MUST_CHECK enum rc store_pending_forget(struct db *db, int64_t id);
/* *newest: the highest id of a pending row; 0 when there is none. */
MUST_CHECK enum rc store_pending_newest(struct db *db, int64_t *newest);

struct store_pending_row {
    int64_t id;
    const char *unique_id, *sha256;
    struct store_pending_row *next;
};

/* Behind which row; all 0 before the first. */
struct store_pending_place {
    char repository[128]; /* OIDs have 64 characters */
    int64_t id;
};

/*
 * The next rows behind *place, max at most, of one repository, none newer than `newest`; place moves on and names that
 * repository. *out is NULL behind the last.
 */
MUST_CHECK enum rc store_pending_next(struct arena *a, struct db *db, int64_t newest, int max,
                                      struct store_pending_place *place, struct store_pending_row **out);
MUST_CHECK enum rc store_pending_has(struct db *db, const char *repository, const char *unique_id, bool *has);
/*
 * A registry knows the document with this hash: a pending row of it can be retrieved from now on. The pending rows of
 * its uniqueId go, because a registry takes no other octets under it (ITI TF-2: 3.42.4.1.3.3.1). Nothing happens when
 * there is no such row.
 */
MUST_CHECK enum rc store_pending_confirm(struct db *db, const char *repository, const char *unique_id,
                                         const char *sha1);
/* Nothing of that uniqueId can be retrieved from now on, nor become so. */
MUST_CHECK enum rc store_document_remove(struct db *db, const char *repository, const char *unique_id);

/* ---- medication lists (on_demand_announce.h); community is its key, patient a CX ---- */

/* *is_claimed: nobody had claimed the patient, and no list is registered. */
MUST_CHECK enum rc store_list_claim(struct db *db, const char *community, const char *patient, bool *is_claimed);
MUST_CHECK enum rc store_list_settle(struct db *db, const char *community, const char *patient);
MUST_CHECK enum rc store_list_drop(struct db *db, const char *community, const char *patient);
/* At start: whoever claimed is gone. */
MUST_CHECK enum rc store_lists_unclaim(struct db *db);

/* ---- the Document Recipient's ---- */

struct inbox_document {
    const struct stored_document *stored;
    const char *title;
    struct inbox_document *next;
};

struct inbox_submission {
    const char *community; /* its key */
    const char *received;  /* DTM */
    const char *unique_id, *source_id, *patient_id, *title;
    const char *recipients; /* intendedRecipient values, a line each */
    bool is_limited;
    struct str metadata; /* the lcm:SubmitObjectsRequest */
    struct inbox_document *documents;
};

MUST_CHECK enum rc store_inbox_add(struct db *db, const struct inbox_submission *s);
/* The k-th document (from 1) of a community's submission, in the arena, without octets. E_NOT_FOUND. */
MUST_CHECK enum rc store_inbox_find(struct arena *a, struct db *db, const char *community, int64_t number, int64_t k,
                                    struct stored_document *out);
/* A list of a community's submissions, the first one first, as the value of `key`. */
MUST_CHECK enum rc store_inbox_write(struct arena *a, struct db *db, const char *community, struct json_writer *w,
                                     const char *key);
