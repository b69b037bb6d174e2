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
 * then(rq, rc) on the loop: OK when all that the registry knows is confirmed; E_PEER, E_IO, E_FULL, E_BUSY, logged,
 * when nothing could be. Returns LATER.
 */
enum rc confirm_documents(struct request *rq, const char *repository, const struct text_list *unique_ids,
                          void (*then)(struct request *rq, enum rc rc));
