/*
 * ITI-92 Restricted Update Document Set (Update Initiator -> Update Responder, which is this registry: XDS Persistence
 * Option): new versions of documents, in which only some attributes differ. ITI TF-2: 3.92. PartialSuccess is allowed
 * there; here a request is done as a whole or not at all, as with ITI-57.
 */
#include "registry/registry.h"

#include "registry/update.h"

enum rc iti92_restricted_update(struct request *rq)
{
    return update_serve(rq, &restricted_update);
}
