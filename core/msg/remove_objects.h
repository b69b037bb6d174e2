#pragma once
/* lcm:RemoveObjectsRequest: which objects a registry is to forget (ITI TF-2: 3.62.4.1.2; ebRS 3.0: 5.7). */

#include "base/rc.h"
#include "model/issue.h"
#include "wire/xml.h"

struct arena;
struct buf;

struct object_ref {
    const char *id;    /* as it stands there: only entryUUIDs name something */
    const char *place; /* XPath in the message it came from; NULL for our own */
    struct object_ref *next;
};

struct remove_objects {
    struct object_ref *refs; /* in the message's order; at least one after decoding */
};

/*
 * E_REFUSED with an issue when body is something else, when it has no rim:ObjectRefList with an ObjectRef, when one of
 * them has no @id, or when it asks in a way that XDS does not have (an AdhocQuery, another deletionScope).
 */
MUST_CHECK enum rc remove_objects_decode(struct arena *a, const struct xml_node *body, struct remove_objects *out,
                                         struct issue_list *issues);
void remove_objects_encode(const struct remove_objects *r, struct buf *out);
