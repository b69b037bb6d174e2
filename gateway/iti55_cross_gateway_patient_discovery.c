/*
 * ITI-55 Cross Gateway Patient Discovery (Initiating Gateway -> Responding Gateway).
 * ITI TF-2: 3.55. The community's own demographics supplier answers (ITI-47); others get to know its regional id.
 */
#include "gateway/gateway.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/fan_out.h"
#include "gateway/patient_find.h"
#include "model/oid.h"
#include "msg/prpa_find.h"

static bool has_birth_time(const struct find_query *q)
{
    return q->birth_time != NULL || q->birth_low != NULL || q->birth_high != NULL;
}

static bool has_demographics(const struct find_query *q)
{
    return q->names != NULL && has_birth_time(q);
}

static void require(struct request *rq, bool is_there, const char *parameter)
{
    if (!is_there)
        rq_refuse(rq, ISSUE_HL7_REQUIRED_MISSING, find_parameter_place(rq->arena, parameter, 1),
                  "%s is required unless a livingSubjectId is given", parameter);
}

/* An answer needs no home to go to, so its absence is told and forgiven (3.55.4.1.2.4). */
static void sender_check(struct request *rq, const struct find_query *q)
{
    if (text_absent(q->message.sender.home))
        rq_warn_peer(rq, ISSUE_HL7_REQUIRED_MISSING,
                     "/PRPA_IN201305UV02/sender/device/asAgent/representedOrganization/id",
                     "the sender does not say its homeCommunityId");
}

/* Name and birth time, or an identifier (3.55.4.1.2.2); each that is missing is named with its place. */
static enum rc query_check(struct request *rq, const struct find_query *q)
{
    if (text_equal(q->priority, "D"))
        return rq_refuse(rq, ISSUE_HL7_UNSUPPORTED, "responsePriorityCode",
                         "this gateway answers at once (I), it has no Deferred Response Option (D)");
    if (has_demographics(q) || q->ids != NULL)
        return OK;
    require(rq, q->names != NULL, "livingSubjectName");
    require(rq, has_birth_time(q), "livingSubjectBirthTime");
    return E_REFUSED;
}

static bool is_own_domain(const struct community *c, const char *root)
{
    if (text_equal(c->patient_id_domain, root))
        return true;
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (text_equal(f->oid, root))
            return true;
    }
    return false;
}

/*
 * Beside demographics an identifier of another domain is what the asking community calls the patient ("and Feed"): it
 * is there to be remembered, not to be matched. Alone, it is the question.
 */
static struct patient_id *ids_to_match(struct request *rq, const struct find_query *q)
{
    struct patient_id *ids = NULL;

    for (const struct patient_id *id = q->ids; id != NULL; id = id->next) {
        if (!has_demographics(q) || is_own_domain(rq->community, id->root))
            patient_id_add(rq->arena, &ids, id->root, id->extension);
    }
    return ids;
}

static const struct buf *supplier_query(struct request *rq, const struct find_query *asked)
{
    struct find_query q = find_query_new(rq->arena, rq->community, rq->community);
    struct buf *body = fan_out_body(rq);

    q.ids = ids_to_match(rq, asked);
    q.names = asked->names;
    q.gender = asked->gender;
    q.birth_time = asked->birth_time;
    q.birth_low = asked->birth_low;
    q.birth_high = asked->birth_high;
    q.address = asked->address;
    patient_id_add(rq->arena, &q.scoping, rq->community->patient_id_domain, NULL);
    find_query_encode(rq->arena, &q, body);
    return body;
}

/* What others get to know: the regional id, usable in ITI-38, and no id of a facility. */
static struct patient *matches_of(struct request *rq, struct patient *found)
{
    struct patient *matches = NULL, **end = &matches;

    for (struct patient *p = found; p != NULL; p = p->next) {
        const struct patient_id *id = patient_id_in(p->ids, rq->community->patient_id_domain);
        if (id == NULL || id->extension == NULL)
            continue;
        p->ids = p->other_ids = NULL;
        p->custodian_root = NULL; /* the supplier's own; the answer puts our home there */
        patient_id_add(rq->arena, &p->ids, id->root, id->extension);
        *end = p;
        end = &p->next;
    }
    *end = NULL;
    return matches;
}

static void answer_encode(struct request *rq, struct patient *matches)
{
    struct find_answer answer = {
        .query = rq->state,
        .patients = matches,
        .is_xcpd = true,
        .custodian_root = oid_of_urn(rq->community->home_community_id),
        .issues = rq->issues,
    };
    find_answer_encode(rq->arena, &answer, rq->reply);
}

static enum rc on_supplier(struct request *rq, const struct fan_out *f)
{
    struct find_result result;

    if (!find_result_read(f->first, ISSUE_HL7_INTERNAL, &result))
        return E_REFUSED;
    answer_encode(rq, matches_of(rq, result.patients));
    return OK;
}

enum rc iti55_cross_gateway_patient_discovery(struct request *rq)
{
    struct find_query *q = ARENA_NEW(rq->arena, struct find_query);

    rq->state = q;
    TRY(find_query_decode(rq->arena, rq->body, q, &rq->issues));
    sender_check(rq, q);
    TRY(query_check(rq, q));

    return fan_out_ask(rq, ASK_ITI47, rq->community, supplier_query(rq, q), on_supplier, NULL);
}

void refuse_discovery(struct request *rq)
{
    answer_encode(rq, NULL);
}
