#pragma once
/*
 * PIX Consumers who want to know when cross-references change (ITI-10, ITI-46), and what waits to be told to them, in
 * the manager's database: a change and its notifications are one transaction. Every function takes the connection.
 */

#include "base/rc.h"
#include "model/patient.h"
#include "pixmgr/store.h"
#include "store/db.h"

struct subscriber {
    int64_t number;
    int community;
    const char *url;                    /* mllp(s)://HOST:PORT is told by ITI-10, http(s)://… by ITI-46 */
    const char *domains;                /* of interest: OIDs with spaces; "": all */
    const char *application, *facility; /* MSH-5 and MSH-6, or the device's OID; NULL */
    int waiting, refused;               /* notifications; of subscribers_list alone */
    const char *trouble;                /* of the one that waits longest, or was refused last; NULL */
    struct subscriber *next;
};

struct notification {
    int64_t number;
    const char *control; /* a UUID: the message's id, the same however often it is sent */
    int attempts;
    struct patient_id *ids;
};

/* Tables, for store_schema. */
#define SUBSCRIBERS_SCHEMA                                                                                             \
    "CREATE TABLE IF NOT EXISTS subscriber ("                                                                          \
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"                                                                           \
    " community INTEGER NOT NULL,"                                                                                     \
    " url TEXT NOT NULL,"                                                                                              \
    " domains TEXT NOT NULL,"                                                                                          \
    " application TEXT,"                                                                                               \
    " facility TEXT,"                                                                                                  \
    " UNIQUE (community, url));"                                                                                       \
    "CREATE TABLE IF NOT EXISTS notification ("                                                                        \
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"                                                                           \
    " subscriber INTEGER NOT NULL REFERENCES subscriber(id),"                                                          \
    " control TEXT NOT NULL,"                                                                                          \
    " attempts INTEGER NOT NULL DEFAULT 0,"                                                                            \
    " is_refused INTEGER NOT NULL DEFAULT 0,"                                                                          \
    " trouble TEXT);"                                                                                                  \
    "CREATE INDEX IF NOT EXISTS notification_order ON notification (subscriber, is_refused, id);"                      \
    "CREATE TABLE IF NOT EXISTS notified_id ("                                                                         \
    " notification INTEGER NOT NULL REFERENCES notification(id),"                                                      \
    " position INTEGER NOT NULL,"                                                                                      \
    " root TEXT NOT NULL,"                                                                                             \
    " extension TEXT NOT NULL,"                                                                                        \
    " PRIMARY KEY (notification, position)) WITHOUT ROWID;"

/* ---- subscribers.c ---- */

/* Adds, or changes what is known of the one with this community and url. *number may be NULL. */
MUST_CHECK enum rc subscribers_put(struct db *db, const struct subscriber *s);
/* Also what waits for it. E_NOT_FOUND. */
MUST_CHECK enum rc subscribers_drop(struct db *db, int64_t number);
/* By number; of a community, or of all (0). */
MUST_CHECK enum rc subscribers_list(struct arena *a, struct db *db, int community, struct subscriber **out);

/* ---- notifications.c ---- */

/*
 * The persons as they are now, to every subscriber of the community with one of the ids that interest it: nobody is
 * told of somebody of whom it knows no id.
 */
MUST_CHECK enum rc notifications_queue(struct arena *a, struct db *db, int community, const struct persons *changed);
/* The oldest that waits for a subscriber and was not refused; E_NOT_FOUND. */
MUST_CHECK enum rc notifications_next(struct arena *a, struct db *db, int64_t subscriber, struct notification *out);
/* It was taken. */
MUST_CHECK enum rc notifications_done(struct db *db, int64_t number);
/* It was not: waits on, or, when the receiver says that it never will be, is kept aside. */
MUST_CHECK enum rc notifications_fail(struct db *db, int64_t number, bool is_refused, const char *why);
/* What a subscriber refused waits again. */
MUST_CHECK enum rc notifications_retry(struct db *db, int64_t subscriber);
