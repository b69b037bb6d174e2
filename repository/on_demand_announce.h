#pragma once
/* A patient's first prescription brings their medication list: an on-demand entry of this repository (ITI-61). */

#include "actor/request.h"
#include "model/community.h"
#include "model/document.h"

/*
 * After the documents are acknowledged by the registry: then(rq), now or later, on the loop. What goes wrong is logged
 * and tried again with the patient's next prescription; the submission itself is not concerned.
 */
void on_demand_announce(struct request *rq, const struct repository *repository, const struct document_entry *documents,
                        void (*then)(struct request *rq));
