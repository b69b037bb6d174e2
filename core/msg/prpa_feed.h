#pragma once
/* PRPA_IN201301UV02 (added), PRPA_IN201302UV02 (revised): ITI-44, ITI-46 (ITI TF-2: 3.44). */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

enum feed_event { FEED_ADDED, FEED_REVISED, FEED_MERGED };

struct prpa_feed {
    struct hl7_message message;
    enum feed_event event;
    struct patient patient;
    const char *patient_place; /* XPath of subject1/patient */
};

/* E_REFUSED with issues: wrapper faults; no patient, no id, no name (each with its place). */
MUST_CHECK enum rc prpa_feed_decode(struct arena *a, const struct xml_node *body, struct prpa_feed *out,
                                    struct issue_list *issues);
void prpa_feed_encode(struct arena *a, const struct prpa_feed *f, struct buf *out);
