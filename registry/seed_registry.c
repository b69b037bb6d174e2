/*
 * The people of a community become known to its affinity domain, and each of their documents is registered with the
 * submission it came with. Hash and size are of the bytes the repository will make.
 */
#include "registry/seed_registry.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/document.h"
#include "model/patient.h"
#include "registry/store.h"
#include "world/papers.h"

struct place {
    struct db *db;
    const struct community *community;
    int64_t patient;
};

static enum rc object_keep(const struct place *at, struct stored_object *o)
{
    o->patient = o->kind == OBJECT_ASSOCIATION ? 0 : at->patient;
    return store_object_add(at->db, at->community->number, o);
}

static void bytes_measure(struct arena *a, const struct seeding *s, const struct community *c, const struct person *who,
                          unsigned k, struct document_entry *d)
{
    struct buf *bytes = buf_new(a, BUF_MAX_DEFAULT);
    char *hash = arena_alloc(a, SHA1_HEX_LEN);

    papers_bytes(a, s->papers, c, who, k, bytes);
    sha1_hex(buf_str(bytes), hash);
    d->hash = hash;
    d->size = arena_printf(a, "%zu", bytes->len);
}

static enum rc submission_keep_all(struct arena *a, const struct place *at, const struct person *who, unsigned k,
                                   struct document_entry *entry)
{
    struct stored_object document, set_object, member_object;
    struct submission_set set;
    struct association member;

    papers_submission(a, at->community, who, k, entry, &set, &member);
    store_object_of(a, OBJECT_SUBMISSION_SET, &set, &set_object);
    store_object_of(a, OBJECT_DOCUMENT, entry, &document);
    store_object_of(a, OBJECT_ASSOCIATION, &member, &member_object);
    TRY(object_keep(at, &set_object));
    TRY(object_keep(at, &document));
    TRY(object_keep(at, &member_object));
    return store_link_add(at->db, &(struct stored_link){ .association = member_object.id,
                                                         .type = LINK_HAS_MEMBER,
                                                         .membership = MEMBERSHIP_ORIGINAL,
                                                         .source = set_object.id,
                                                         .target = document.id });
}

/* Ids within the objects follow from the document's uniqueId: the same whenever they are made. */
static enum rc paper_keep(struct arena *a, const struct seeding *s, const struct place *at, const struct person *who,
                          unsigned k)
{
    struct document_entry entry;

    papers_entry(a, s->papers, at->community, who, k, &entry);
    if (k < papers_count(s->papers, at->community, who))
        bytes_measure(a, s, at->community, who, k, &entry);
    ids_follow(entry.unique_id);
    enum rc rc = submission_keep_all(a, at, who, k, &entry);
    ids_follow(NULL);
    return rc;
}

static enum rc person_keep(struct arena *a, const struct seeding *s, struct place *at, const struct person *who)
{
    const char *cx = patient_id_cx(a, who->patient.ids);
    unsigned count = papers_entries(s->papers, at->community, who);
    struct stored_patient known;

    TRY(store_patient_add(at->db, at->community->number, cx));
    TRY(store_patient_find(a, at->db, at->community->number, cx, &known));
    at->patient = known.surviving;
    for (unsigned k = 0; k < count; k++)
        TRY(paper_keep(a, s, at, who, k));
    return OK;
}

enum rc seed_registry(struct arena *a, struct db *db, const struct seeding *s, const struct community *c, uint64_t n)
{
    struct place at = { .db = db, .community = c };
    struct person who;

    people_get(a, s->people, c, n, &who);
    return person_keep(a, s, &at, &who);
}
