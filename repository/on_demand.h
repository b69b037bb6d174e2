#pragma once
/*
 * The On-Demand Document Source (ITI TF-1: 10.1.1.7, ITI TF-2: 3.43.4.1.3): a registered on-demand entry of this
 * repository is made into a document when somebody asks for it. What there is to make is a patient's medication list
 * (core/world/medication_list.h), from the prescriptions that the community's registry names and its repositories hand
 * out at that moment. Where the community keeps what it handed out, the list is stored and registered as a snapshot
 * before it is answered, and the same snapshot answers as long as the prescriptions are the same.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/community.h"
#include "msg/retrieve.h"

/* One document that is wanted and is not kept. */
struct on_demand_document {
    const struct document_request *request;
    /* OK: below holds. E_NOT_FOUND: the registry has no on-demand entry of it. E_REFUSED: why. */
    enum rc rc;
    const char *why;       /* a sentence for the peer */
    const char *unique_id; /* of what was made: its own for each content */
    const char *mime_type;
    struct str bytes;
    bool is_kept; /* it can be retrieved again, here, as unique_id */
    struct on_demand_document *next;
};

/* Makes them one after the other; then(rq) on the loop. Returns LATER. */
enum rc on_demand_make(struct request *rq, const struct repository *repository, struct on_demand_document *documents,
                       void (*then)(struct request *rq));
