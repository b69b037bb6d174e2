#include "registry/store.h"

#include "base/arena.h"

static const char *const urns[LINK_TYPE_COUNT] = {
    [LINK_HAS_MEMBER] = ASSOC_HAS_MEMBER,
    [LINK_RPLC] = ASSOC_RPLC,
    [LINK_XFRM] = ASSOC_XFRM,
    [LINK_APND] = ASSOC_APND,
    [LINK_XFRM_RPLC] = ASSOC_XFRM_RPLC,
    [LINK_SIGNS] = ASSOC_SIGNS,
    [LINK_IS_SNAPSHOT_OF] = ASSOC_IS_SNAPSHOT,
};

enum link_type link_type_find(const char *urn)
{
    for (int i = LINK_HAS_MEMBER; i < LINK_TYPE_COUNT; i++) {
        if (text_equal(urns[i], urn))
            return (enum link_type)i;
    }
    return (enum link_type)0;
}

const char *link_type_urn(enum link_type type)
{
    return type >= LINK_HAS_MEMBER && type < LINK_TYPE_COUNT ? urns[type] : NULL;
}

enum rc store_link_add(struct db *db, const struct stored_link *l)
{
    struct db_stmt *s = db_stmt(
        db, "INSERT INTO link (association, type, membership, source, target) VALUES (?, ?, ?, ?, ?)");

    db_bind_int(s, 1, l->association);
    db_bind_int(s, 2, l->type);
    db_bind_int(s, 3, l->membership);
    db_bind_int(s, 4, l->source);
    db_bind_int(s, 5, l->target);
    return db_run(s);
}

#define LINK_SELECT                                                                                                    \
    "SELECT l.association, l.type, l.membership, l.source, l.target, o.deprecated"                                     \
    " FROM link l JOIN object o ON o.id = l.association"

static struct stored_link link_read(struct db_stmt *s)
{
    return (struct stored_link){
        .association = db_int(s, 0),
        .type = (enum link_type)db_int(s, 1),
        .membership = (enum membership)db_int(s, 2),
        .source = db_int(s, 3),
        .target = db_int(s, 4),
        .is_deprecated = db_int(s, 5) != 0,
    };
}

enum rc store_link_of(struct db *db, int64_t association, struct stored_link *out)
{
    struct db_stmt *s = db_stmt(db, LINK_SELECT " WHERE l.association = ?");
    bool row;

    db_bind_int(s, 1, association);
    TRY(db_step(s, &row));
    if (!row)
        return E_NOT_FOUND;
    *out = link_read(s);
    db_reset(s);
    return OK;
}

struct link_node {
    struct stored_link link;
    struct link_node *next;
};

static enum rc links_each(struct arena *a, struct db_stmt *s, int64_t object, link_visitor *each, void *user)
{
    struct link_node *first = NULL, **end = &first;
    bool row;

    db_bind_int(s, 1, object);
    for (;;) {
        TRY(db_step(s, &row));
        if (!row)
            break;
        *end = ARENA_NEW(a, struct link_node);
        (*end)->link = link_read(s);
        end = &(*end)->next;
    }
    for (const struct link_node *n = first; n != NULL; n = n->next)
        TRY(each(user, &n->link));
    return OK;
}

enum rc store_links_from(struct arena *a, struct db *db, int64_t object, link_visitor *each, void *user)
{
    return links_each(a, db_stmt(db, LINK_SELECT " WHERE l.source = ? ORDER BY l.association"), object, each, user);
}

enum rc store_links_to(struct arena *a, struct db *db, int64_t object, link_visitor *each, void *user)
{
    return links_each(a, db_stmt(db, LINK_SELECT " WHERE l.target = ? ORDER BY l.association"), object, each, user);
}
