/*
 * ITI-92 Restricted Update Document Set (Update Initiator -> Update Responder, which is this Responding Gateway: XCA
 * Persistence Option). ITI TF-2: 3.92. The community's own registry judges the update and keeps it.
 */
#include "gateway/gateway.h"

#include "base/str.h"
#include "gateway/home.h"
#include "gateway/relay.h"
#include "msg/submit_objects.h"

/* An object need not say whose it is, since the request came here; one that does is ours. */
static enum rc homes_check(struct request *rq, const struct xml_node *object_list)
{
    const char *own = rq->community->home_community_id;

    for (const struct xml_node *o = xml_first_element(object_list); o != NULL; o = xml_next_element(o)) {
        const char *home = xml_attr(o, "home");
        if (!text_absent(home) && !home_equal(home, own))
            rq_rule(rq, RULE_RMU_HOME, xml_attr(o, "id"), "%s: this gateway updates what %s has, not what %s has",
                    o->name, own, home);
    }
    return rq->issues.errors > 0 ? E_REFUSED : OK;
}

enum rc iti92_restricted_update(struct request *rq)
{
    static const struct relay to_registry = {
        .transaction = "ITI-92",
        .action = "urn:ihe:iti:2018:RestrictedUpdateDocumentSet",
        .actor = "registry",
        .unavailable = ISSUE_XDS_REGISTRY_ERROR,
    };
    struct submit_objects update;
    struct issue_list metadata = { 0 }; /* the registry's business */

    if (submit_objects_decode(rq->arena, rq->body, ISSUE_XDS_REGISTRY_METADATA_ERROR, &update, &metadata) != OK) {
        issue_list_join(&rq->issues, &metadata);
        return E_REFUSED;
    }
    TRY(homes_check(rq, update.object_list));
    return relay_to(rq, &to_registry, rq->community);
}
