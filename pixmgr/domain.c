/*
 * Which patient-id domains a cross-reference manager knows: its community's own and its facilities'; at the backbone,
 * those of every community.
 */
#include "pixmgr/pixmgr.h"

bool domain_is_known(const struct request *rq, const char *root)
{
    const struct community *owner = world_find_domain(rq->service->daemon->world, root);

    return owner != NULL && (owner == rq->community || rq->community->is_backbone);
}

enum rc domain_refuse(struct request *rq, const char *place, const char *root)
{
    const struct community *c = rq->community;

    if (c->is_backbone)
        return rq_refuse(rq, ISSUE_HL7_UNKNOWN_KEY, place, "the domain \"%s\" is of no community that meets here",
                         root);
    return rq_refuse(rq, ISSUE_HL7_UNKNOWN_KEY, place,
                     "the domain \"%s\" is not known in %s: its domains are %s and those of its facilities", root,
                     c->key, c->patient_id_domain);
}
