#pragma once
/* PRPA_IN201301UV02 (added), …302 (revised), …304 (duplicates resolved): ITI-44, ITI-46 (ITI TF-2: 3.44). */

#include "base/buf.h"
#include "base/rc.h"
#include "msg/hl7v3.h"

enum feed_event { FEED_ADDED, FEED_REVISED, FEED_MERGED };

struct prpa_feed {
    struct hl7_message message;
    enum feed_event event;
    struct patient patient;      /* custodian_root: who sends it; the sender's device when we write NULL */
    struct patient_id *subsumed; /* FEED_MERGED: the id that patient's replaces; NULL otherwise */
    const char *patient_place;   /* XPath of subject1/patient */
    const char *subsumed_place;  /* XPath of that id; NULL */
};

/*
 * E_REFUSED with issues: wrapper faults; no patient, no id, an id without a value, no name, a birthTime that is no
 * time, another value that is none of its kind, no providerOrganization or custodian, a merge without the one id that
 * is subsumed (each with its place). Also then out->message holds what could be read.
 */
MUST_CHECK enum rc prpa_feed_decode(struct arena *a, const struct xml_node *body, struct prpa_feed *out,
                                    struct issue_list *issues);
void prpa_feed_encode(struct arena *a, const struct prpa_feed *f, struct buf *out);
/* XPath of the patient's n-th id, from 1. */
const char *prpa_feed_id_place(struct arena *a, const struct prpa_feed *f, int n);
