#include "pixmgr/subscribers.h"

#include "base/arena.h"

enum rc subscribers_put(struct db *db, const struct subscriber *s)
{
    struct db_stmt *put = db_stmt(db, "INSERT INTO subscriber (community, url, domains, application, facility)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (community, url) DO UPDATE"
                                      " SET domains = ?3, application = ?4, facility = ?5");

    db_bind_int(put, 1, s->community);
    db_bind_text(put, 2, s->url);
    db_bind_text(put, 3, s->domains);
    db_bind_text(put, 4, s->application);
    db_bind_text(put, 5, s->facility);
    return db_run(put);
}

enum rc subscribers_drop(struct db *db, int64_t number)
{
    static const char *const steps[] = {
        "DELETE FROM notified_id WHERE notification IN (SELECT id FROM notification WHERE subscriber = ?)",
        "DELETE FROM notification WHERE subscriber = ?",
        "DELETE FROM subscriber WHERE id = ?",
    };

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct db_stmt *s = db_stmt(db, steps[i]);
        db_bind_int(s, 1, number);
        TRY(db_run(s));
    }
    return db_changes(db) > 0 ? OK : E_NOT_FOUND;
}

enum rc subscribers_list(struct arena *a, struct db *db, int community, struct subscriber **out)
{
    struct db_stmt *s = db_stmt(
        db, "SELECT s.id, s.community, s.url, s.domains, s.application, s.facility,"
            " (SELECT count(*) FROM notification n WHERE n.subscriber = s.id AND n.is_refused = 0),"
            " (SELECT count(*) FROM notification n WHERE n.subscriber = s.id AND n.is_refused = 1),"
            " (SELECT n.trouble FROM notification n WHERE n.subscriber = s.id AND n.trouble IS NOT NULL"
            "  ORDER BY n.is_refused DESC, n.id LIMIT 1)"
            " FROM subscriber s WHERE ?1 = 0 OR s.community = ?1 ORDER BY s.id");
    struct subscriber *first = NULL, **end = &first;

    db_bind_int(s, 1, community);
    for (bool row;; end = &(*end)->next) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct subscriber);
        **end = (struct subscriber){ .number = db_int(s, 0),
                                     .community = (int)db_int(s, 1),
                                     .url = db_text(a, s, 2),
                                     .domains = db_text(a, s, 3),
                                     .application = db_text(a, s, 4),
                                     .facility = db_text(a, s, 5),
                                     .waiting = (int)db_int(s, 6),
                                     .refused = (int)db_int(s, 7),
                                     .trouble = db_text(a, s, 8) };
    }
    *out = first;
    return OK;
}
