/* The submission a document came with (ITI TF-3: 4.2.1.4): one set, one document, one HasMember. */
#include "world/papers.h"

#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"

#include <string.h>

#define OID_DOCUMENTS   "2.999.392.5."
#define OID_SUBMISSIONS "2.999.392.6."

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

void papers_submission(struct arena *a, struct document_entry *entry, struct submission_set *set,
                       struct association *member)
{
    const char *time = entry->creation_time != NULL ? entry->creation_time : entry->service_stop_time;
    const char *unique_id = arena_printf(a, OID_SUBMISSIONS "%s", entry->unique_id + strlen(OID_DOCUMENTS));

    *set = (struct submission_set){ .unique_id = unique_id,
                                    .title = entry->title,
                                    .patient_id = entry->patient_id,
                                    .source_id = source_of(entry),
                                    .submission_time = time,
                                    .content_type_code = entry->class_code,
                                    .authors = entry->authors };
    *member = (struct association){ .type = ASSOC_HAS_MEMBER, .submission_set_status = "Original" };
    ENROL(entry, ids_urn(a));
    ENROL(set, ids_urn(a));
    ENROL(member, ids_urn(a));
    member->source = set->entry_uuid;
    member->target = entry->entry_uuid;
}
