/*
 * Documents of the people that were seeded: nothing is stored of them, they are made when asked for, the same bytes
 * each time (world/papers.h). What the registry says of them was made from the same.
 */
#include "repository/paper.h"
#include "repository/store.h"

#include "base/arena.h"
#include "base/str.h"
#include "world/papers.h"

/* Whose it is, and that it is there. */
static enum rc paper_draw(struct request *rq, const struct document_request *r, struct person *who, unsigned *k,
                          struct document_entry *entry)
{
    const struct seeding *s = rq->service->daemon->seeding;
    const struct community *c = rq->community;
    const char *id;

    if (s == NULL)
        return E_NOT_FOUND;
    TRY(papers_find(rq->arena, c, r->document_unique_id, &id, k));
    TRY(seeding_person(rq->arena, s, c, id, who));
    if (*k >= papers_count(s->papers, c, who))
        return E_NOT_FOUND;
    papers_entry(rq->arena, s->papers, c, who, *k, entry);
    bool is_it = text_equal(entry->repository_unique_id, r->repository_unique_id) &&
                 text_equal(entry->unique_id, r->document_unique_id);
    return is_it ? OK : E_NOT_FOUND;
}

static enum rc paper_check(struct request *rq, struct db *db, const struct document_request *r, struct person *who,
                           unsigned *k, struct document_entry *entry)
{
    bool is_removed;

    TRY(paper_draw(rq, r, who, k, entry));
    TRY(store_paper_is_removed(db, r->document_unique_id, &is_removed));
    return is_removed ? E_NOT_FOUND : OK;
}

enum rc paper_find(struct request *rq, struct db *db, const struct document_request *r)
{
    struct document_entry entry;
    struct person who;
    unsigned k;

    return paper_check(rq, db, r, &who, &k, &entry);
}

enum rc paper_make(struct request *rq, struct db *db, const struct document_request *r, const struct made_paper **out)
{
    struct made_paper *made = ARENA_NEW(rq->arena, struct made_paper);
    struct document_entry entry;
    struct person who;
    unsigned k;

    TRY(paper_check(rq, db, r, &who, &k, &entry));
    struct buf *bytes = buf_new(rq->arena, BUF_MAX_DEFAULT);
    papers_bytes(rq->arena, rq->service->daemon->seeding->papers, rq->community, &who, k, bytes);
    *made = (struct made_paper){ .mime_type = entry.mime_type, .bytes = buf_str(bytes) };
    *out = made;
    return OK;
}
