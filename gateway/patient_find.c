/* Asking for patients by demographics: ITI TF-2: 3.47.4.1, 3.55.4.1. */
#include "gateway/patient_find.h"

#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/oid.h"

struct find_query find_query_new(struct arena *a, const struct community *from, const struct community *to)
{
    struct find_query q = {
        .message = hl7_message_new(a, "PRPA_IN201305UV02", NULL),
        .priority = "I",
        .initial_quantity = -1,
    };
    char uuid[IDS_UUID_LEN];

    ids_uuid(uuid);
    q.query_id.root = oid_of_urn(from->home_community_id);
    q.query_id.extension = arena_strdup(a, uuid);
    q.message.sender.root = oid_of_urn(from->home_community_id);
    q.message.receiver.root = oid_of_urn(to->home_community_id);
    return q;
}

static const char *refusal_text(struct arena *a, const struct find_result *result)
{
    const struct issue *detail = result->ack.details.first;

    return arena_printf(a, "%s, %s", result->ack.type_code,
                        detail == NULL || text_absent(detail->text) ? "without a reason" : detail->text);
}

bool find_result_read(const struct ask *k, enum issue_code unavailable, struct find_result *out)
{
    struct arena *a = k->of->rq->arena;

    if (k->call->rc != OK || find_result_decode(a, k->call->body, out) != OK) {
        ask_fail(k, unavailable, "no PRPA_IN201306UV02 came");
        return false;
    }
    if (!text_equal(out->ack.type_code, "AA")) {
        ask_fail(k, unavailable, refusal_text(a, out));
        return false;
    }
    return true;
}
