#pragma once
/*
 * A document whose registration was begun and whose end nobody saw (a crash, a registry that did not answer) is there
 * if the registry has it, and only then. Asked when somebody wants it.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "model/document.h"

/*
 * Asks the registry about those documents by uniqueId (ITI-18 GetDocuments) and makes retrievable what it knows;
 * then(rq) on the loop. A registry that does not answer confirms nothing, which is logged. Returns LATER.
 */
enum rc confirm_documents(struct request *rq, const char *repository, const struct text_list *unique_ids,
                          void (*then)(struct request *rq));
