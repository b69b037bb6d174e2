#pragma once
/*
 * The participant objects of a transaction's audit event, found in its messages: which patients, documents, submission
 * sets, queries (ITI TF-2: 3.x.5.1). Messages are read as leniently as can be: a refused one is audited, too.
 */

#include "msg/audit_event.h"
#include "msg/audit_message.h"
#include "wire/hl7v2.h"
#include "wire/xml.h"

struct arena;

/* A transaction as one of its sides saw it; what there is not is NULL. */
struct audit_exchange {
    const struct xml_node *request, *response; /* children of the bodies */
    const struct hl7v2 *request_v2, *response_v2;
    bool is_initiating;
};

/* One audit message's share: a merge is two events, D for the id that is gone and U for the one that stays (3.44.5.1).
 */
struct audit_part {
    char action;
    struct audit_object *objects;
    struct audit_part *next;
};

/* Never NULL. Objects point into the messages or the arena. */
struct audit_part *audit_parts(struct arena *a, const struct audit_event *event, const struct audit_exchange *x);
