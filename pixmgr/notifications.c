#include "pixmgr/subscribers.h"

#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"

#include <string.h>

/* ---- queueing ---- */

/* Is the domain one of those, which stand with spaces between? All are when none stands there. */
static bool is_of_interest(const char *domains, const char *root)
{
    size_t n = strlen(root);

    if (domains[0] == '\0')
        return true;
    for (const char *at = domains; (at = strstr(at, root)) != NULL; at += n) {
        if ((at == domains || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    }
    return false;
}

static enum rc id_insert(struct db *db, int64_t notification, int position, const struct patient_id *id)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO notified_id (notification, position, root, extension)"
                                    " VALUES (?, ?, ?, ?)");

    db_bind_int(s, 1, notification);
    db_bind_int(s, 2, position);
    db_bind_text(s, 3, id->root);
    db_bind_text(s, 4, id->extension);
    return db_run(s);
}

static enum rc notification_insert(struct db *db, const struct subscriber *to, int64_t *number)
{
    struct db_stmt *s = db_stmt(db, "INSERT INTO notification (subscriber, control) VALUES (?, ?)");
    char control[IDS_UUID_LEN];

    ids_uuid(control);
    db_bind_int(s, 1, to->number);
    db_bind_text(s, 2, control);
    TRY(db_run(s));
    *number = db_last_id(db);
    return OK;
}

static enum rc queue_one(struct db *db, const struct subscriber *to, const struct patient_id *ids)
{
    int64_t number = 0;
    int position = 0;

    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        if (!is_of_interest(to->domains, id->root))
            continue;
        if (position == 0)
            TRY(notification_insert(db, to, &number));
        TRY(id_insert(db, number, ++position, id));
    }
    return OK;
}

enum rc notifications_queue(struct arena *a, struct db *db, int community, const struct persons *changed)
{
    struct subscriber *subscribers = NULL;

    if (changed->count == 0)
        return OK;
    TRY(subscribers_list(a, db, community, &subscribers));
    for (size_t i = 0; subscribers != NULL && i < changed->count; i++) {
        struct patient_id *ids = NULL;
        TRY(store_person_ids(a, db, changed->numbers[i], &ids));
        for (const struct subscriber *to = subscribers; to != NULL; to = to->next)
            TRY(queue_one(db, to, ids));
    }
    return OK;
}

/* ---- telling ---- */

static enum rc ids_read(struct arena *a, struct db *db, int64_t number, struct patient_id **end)
{
    struct db_stmt *s = db_stmt(db, "SELECT root, extension FROM notified_id WHERE notification = ? ORDER BY position");

    db_bind_int(s, 1, number);
    for (bool row;; end = &(*end)->next) {
        TRY(db_step(s, &row));
        if (!row)
            return OK;
        *end = ARENA_NEW(a, struct patient_id);
        **end = (struct patient_id){ .root = db_text(a, s, 0), .extension = db_text(a, s, 1) };
    }
}

enum rc notifications_next(struct arena *a, struct db *db, int64_t subscriber, struct notification *out)
{
    struct db_stmt *s = db_stmt(db, "SELECT id, control, attempts FROM notification"
                                    " WHERE subscriber = ? AND is_refused = 0 ORDER BY id LIMIT 1");
    bool row;

    db_bind_int(s, 1, subscriber);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = (struct notification){ .number = db_int(s, 0), .control = db_text(a, s, 1), .attempts = (int)db_int(s, 2) };
    db_reset(s);
    return ids_read(a, db, out->number, &out->ids);
}

enum rc notifications_done(struct db *db, int64_t number)
{
    static const char *const steps[] = { "DELETE FROM notified_id WHERE notification = ?",
                                         "DELETE FROM notification WHERE id = ?" };

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct db_stmt *s = db_stmt(db, steps[i]);
        db_bind_int(s, 1, number);
        TRY(db_run(s));
    }
    return OK;
}

enum rc notifications_fail(struct db *db, int64_t number, bool is_refused, const char *why)
{
    struct db_stmt *s = db_stmt(db, "UPDATE notification SET attempts = attempts + 1, is_refused = ?, trouble = ?"
                                    " WHERE id = ?");

    db_bind_int(s, 1, is_refused);
    db_bind_text(s, 2, why);
    db_bind_int(s, 3, number);
    return db_run(s);
}

enum rc notifications_retry(struct db *db, int64_t subscriber)
{
    struct db_stmt *s = db_stmt(db, "UPDATE notification SET is_refused = 0 WHERE subscriber = ? AND is_refused = 1");

    db_bind_int(s, 1, subscriber);
    return db_run(s);
}
