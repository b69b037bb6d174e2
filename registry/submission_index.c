#include "registry/submission.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

static size_t object_count(const struct submission *s)
{
    size_t n = 0;

    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        n++;
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        n++;
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        n++;
    for (const struct association *o = s->associations; o != NULL; o = o->next)
        n++;
    return n;
}

/* Of two with one id, which is refused, the first of the message comes first. */
static int by_id(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static int id_compare(const void *key, const void *member)
{
    return strcmp(key, ((const struct member *)member)->id);
}

/* What all kinds have, by the same names. */
#define MEMBER(object_kind, o, patient)                                                                                \
    .id = (o)->entry_uuid != NULL ? (o)->entry_uuid : "", .kind = (object_kind), .logical_id = (o)->logical_id,        \
    .patient_id = (patient), .place = (o)->place, .object = (o)

static void add(struct submission_index *index, struct member m)
{
    m.number = index->count;
    index->members[index->count++] = m;
}

void submission_index_build(struct arena *a, const struct submission *s, struct submission_index *out)
{
    *out = (struct submission_index){ .members = ARENA_ARRAY(a, struct member, object_count(s)) };
    for (const struct submission_set *o = s->sets; o != NULL; o = o->next)
        add(out, (struct member){ MEMBER(OBJECT_SUBMISSION_SET, o, o->patient_id) });
    for (const struct document_entry *o = s->documents; o != NULL; o = o->next)
        add(out, (struct member){ MEMBER(OBJECT_DOCUMENT, o, o->patient_id) });
    for (const struct folder *o = s->folders; o != NULL; o = o->next)
        add(out, (struct member){ MEMBER(OBJECT_FOLDER, o, o->patient_id) });
    for (const struct association *o = s->associations; o != NULL; o = o->next)
        add(out, (struct member){ MEMBER(OBJECT_ASSOCIATION, o, NULL) });
    qsort(out->members, out->count, sizeof(*out->members), by_id);
}

struct member *submission_index_find(const struct submission_index *index, const char *id)
{
    if (text_absent(id) || index->count == 0)
        return NULL;
    return bsearch(id, index->members, index->count, sizeof(struct member), id_compare);
}
