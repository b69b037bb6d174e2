/* The submission a document came with (ITI TF-3: 4.2.1.4): one set, one document, one HasMember. */
#include "world/paper.h"
#include "world/papers.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

/* Of the facility that wrote it: the last component of its XON. */
static const char *source_of(const struct document_entry *d)
{
    return strrchr(d->authors->institutions->text, '^') + 1;
}

/* What every object of a first registration has alike. */
#define ENROL(object, uuid)                                                                                            \
    do {                                                                                                               \
        (object)->entry_uuid = (object)->logical_id = (uuid);                                                          \
        (object)->version = "1";                                                                                       \
        (object)->availability_status = STATUS_APPROVED;                                                               \
    } while (0)

void papers_submission(struct arena *a, const struct community *c, const struct person *person, unsigned k,
                       struct document_entry *entry, struct submission_set *set, struct association *member)
{
    const char *time = entry->creation_time != NULL ? entry->creation_time : entry->service_stop_time;
    const char *unique_id = arena_printf(a, PAPER_SUBMISSION_OIDS "%s", entry->unique_id + strlen(PAPER_OIDS));

    *set = (struct submission_set){ .unique_id = unique_id,
                                    .title = entry->title,
                                    .patient_id = entry->patient_id,
                                    .source_id = source_of(entry),
                                    .submission_time = time,
                                    .content_type_code = entry->class_code,
                                    .authors = entry->authors };
    *member = (struct association){ .type = ASSOC_HAS_MEMBER, .submission_set_status = "Original" };
    ENROL(entry, paper_urn(a, c, person->n, k, PAPER_URN_DOCUMENT));
    ENROL(set, paper_urn(a, c, person->n, k, PAPER_URN_SET));
    ENROL(member, paper_urn(a, c, person->n, k, PAPER_URN_MEMBER));
    member->source = set->entry_uuid;
    member->target = entry->entry_uuid;
}
