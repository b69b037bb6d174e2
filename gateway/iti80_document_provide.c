/*
 * ITI-80 Cross-Gateway Document Provide (Initiating Gateway -> Responding Gateway). ITI TF-1: 40, ITI TF-2: 3.80. What
 * arrives is for somebody of this community: its Document Recipient takes it (ITI-41), and says whether it did.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/recipients.h"
#include "gateway/relay.h"
#include "msg/submit_objects.h"

static enum rc recipients_check(struct request *rq, const struct submission_set *set)
{
    for (const struct text_list *r = set->intended_recipients; r != NULL; r = r->next) {
        const char *organisation = recipient_organisation(rq->arena, r->text);
        if (organisation != NULL && !recipient_is_of(rq->community, organisation))
            rq_rule(
                rq, RULE_XCDR_RECIPIENT, set->place,
                "intendedRecipient %.200s: %s has no organisation %s; `kakehashi communities %s` lists its facilities",
                r->text, rq->community->name, organisation, rq->community->key);
    }
    return rq->issues.errors > 0 ? E_REFUSED : OK;
}

enum rc iti80_document_provide(struct request *rq)
{
    static const struct relay to_recipient = {
        .transaction = "ITI-41",
        .action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        .actor = "recipient",
        .mtom = true,
        .is_inner = true,
        .unavailable = ISSUE_XDS_UNAVAILABLE_RECIPIENT,
    };
    const struct community *to = NULL;
    struct provide message;

    TRY(relay_read(rq, &message));
    TRY(relay_target(rq, &message.submit.submission, &to));
    if (to != rq->community)
        return rq_rule(rq, RULE_XCDR_OURS, message.submit.submission.sets->place,
                       "this gateway takes documents for %s alone, not for %s", rq->community->home_community_id,
                       to->home_community_id);
    TRY(recipients_check(rq, message.submit.submission.sets));
    return relay_to(rq, &to_recipient, to);
}
