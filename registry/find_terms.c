#include "registry/find.h"

#include "base/arena.h"

#define RUN 512 /* objects whose memory is given back together */

static bool fits_any(const char *value, const struct text_list *asked,
                     bool (*fits)(const char *value, const char *asked))
{
    for (; asked != NULL; asked = asked->next) {
        if (fits(value, asked->text))
            return true;
    }
    return false;
}

enum rc find_values(struct arena *a, struct db *db, int community, enum key key, const struct text_list *asked,
                    bool (*fits)(const char *value, const char *asked), struct text_list **out)
{
    struct db_stmt *s = db_stmt(db, "SELECT value FROM term WHERE community = ? AND key = ? ORDER BY value");
    struct text_list *first = NULL, **end = &first;

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, key);
    for (;;) {
        bool row;
        TRY(db_step(s, &row));
        if (!row)
            break;
        const char *value = db_text(a, s, 0);
        if (!fits_any(value, asked, fits))
            continue;
        *end = ARENA_NEW(a, struct text_list);
        (*end)->text = value;
        end = &(*end)->next;
    }
    *out = first;
    return OK;
}

/* One run of objects, whose memory goes with it. */
static enum rc run(struct db *db, struct db_stmt *s, object_visitor *each, void *user, bool *more)
{
    struct arena *a = arena_new();
    struct stored_object o;
    enum rc rc = OK;

    for (int n = 0; n < RUN && rc == OK && *more; n++) {
        rc = db_step(s, more);
        if (rc == OK && *more)
            rc = store_object_by_id(a, db, db_int(s, 0), &o);
        if (rc == OK && *more)
            rc = each(user, &o);
    }
    arena_free(a);
    return rc;
}

enum rc find_by_value(struct db *db, int community, enum key key, const char *value, object_visitor *each, void *user)
{
    struct db_stmt *s = db_stmt(db, "SELECT p.object FROM term t JOIN posting p ON p.term = t.id"
                                    " WHERE t.community = ? AND t.key = ? AND t.value = ? ORDER BY p.object");
    bool more = true;
    enum rc rc = OK;

    db_bind_int(s, 1, community);
    db_bind_int(s, 2, key);
    db_bind_text(s, 3, value);
    while (rc == OK && more)
        rc = run(db, s, each, user, &more);
    db_reset(s);
    return rc;
}
