/*
 * Documents of the people that were seeded: nothing is stored of them, they are made when asked for, the same bytes
 * each time (world/papers.h). What the registry says of them was made from the same.
 */
#include "repository/paper.h"

#include "base/arena.h"
#include "base/str.h"
#include "world/papers.h"

/* The table `seeded` alone says whose documents there are. */
enum rc repository_seed(struct arena *a UNUSED, struct db *db UNUSED, const struct seeding *s UNUSED,
                        const struct community *c UNUSED, uint64_t from UNUSED, uint64_t to UNUSED)
{
    return OK;
}

enum rc paper_make(struct request *rq, const char *repository, const char *unique_id, struct made_paper *out)
{
    const struct seeding *s = rq->service->daemon->seeding;
    const struct community *c = rq->community;
    struct document_entry entry;
    struct person who;
    const char *id;
    unsigned k;

    if (s == NULL)
        return E_NOT_FOUND;
    TRY(papers_find(rq->arena, c, unique_id, &id, &k));
    TRY(seeding_person(rq->arena, s, c, id, &who));
    if (k >= papers_count(s->papers, c, &who))
        return E_NOT_FOUND;
    papers_entry(rq->arena, s->papers, c, &who, k, &entry);
    if (!text_equal(entry.repository_unique_id, repository) || !text_equal(entry.unique_id, unique_id))
        return E_NOT_FOUND;
    struct buf *bytes = buf_new(rq->arena, BUF_MAX_DEFAULT);
    papers_bytes(rq->arena, s->papers, c, &who, k, bytes);
    *out = (struct made_paper){ .mime_type = entry.mime_type, .bytes = buf_str(bytes) };
    return OK;
}
