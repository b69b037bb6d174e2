/*
 * ITI TF-2: 3.55.4.1.2 (what must be asked), 3.55.4.1.3 and 3.55.4.2.3 (what is answered), 3.55.6 (for how long). One
 * match or a few are told (cases 1 and 2); of more than --discovery-max none, but which attributes would help (case 3).
 */
#include "gateway/discovery.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/disclosure.h"
#include "gateway/fan_out.h"
#include "gateway/patient_find.h"
#include "model/duration.h"
#include "model/oid.h"
#include "wire/ns.h"

/* ---- what must be asked ---- */

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
        rq_rule(rq, RULE_XCPD_REQUIRED, find_parameter_place(rq->arena, parameter, 1),
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
    if (has_demographics(q) || q->ids != NULL)
        return OK;
    require(rq, q->names != NULL, "livingSubjectName");
    require(rq, has_birth_time(q), "livingSubjectBirthTime");
    return E_REFUSED;
}

enum rc discovery_read(struct request *rq)
{
    struct discovery *d = ARENA_NEW(rq->arena, struct discovery);

    rq->state = d;
    TRY(find_query_decode(rq->arena, rq->body, &d->query, &rq->issues));
    sender_check(rq, &d->query);
    return query_check(rq, &d->query);
}

/* ---- whose ids ---- */

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

/* What the asking community itself calls the patient: there to be remembered, not to be matched ("and Feed"). */
static bool is_askers(const struct request *rq, const struct find_query *q, const struct patient_id *id)
{
    const struct community *c = world_find_domain(rq->service->daemon->world, id->root);

    if (is_own_domain(rq->community, id->root))
        return false;
    if (q->assigning_authority != NULL)
        return text_equal(q->assigning_authority, id->root);
    return c != NULL && q->message.sender.home != NULL &&
           text_equal(oid_of_urn(c->home_community_id), oid_of_urn(q->message.sender.home));
}

/* Of a domain that several communities share, such as a nation's. */
static bool is_shared(const struct request *rq, const struct find_query *q, const struct patient_id *id)
{
    return !is_own_domain(rq->community, id->root) && !is_askers(rq, q, id);
}

static bool has_shared(const struct request *rq, const struct find_query *q)
{
    for (const struct patient_id *id = q->ids; id != NULL; id = id->next) {
        if (is_shared(rq, q, id))
            return true;
    }
    return false;
}

/* Own ids always; shared ones when they are asked for; the asker's when there is nothing else to ask with. */
static struct patient_id *ids_to_match(struct request *rq, const struct discovery *d)
{
    const struct find_query *q = &d->query;
    struct patient_id *ids = NULL;

    for (const struct patient_id *id = q->ids; id != NULL; id = id->next) {
        if (is_own_domain(rq->community, id->root) || (d->by_shared_id && is_shared(rq, q, id)))
            patient_id_add(rq->arena, &ids, id->root, id->extension);
    }
    return ids != NULL || has_demographics(q) ? ids : q->ids;
}

/* ---- to the supplier ---- */

static const struct buf *supplier_query(struct request *rq, const struct discovery *d)
{
    const struct find_query *asked = &d->query;
    struct find_query q = find_query_new(rq->arena, rq->community, rq->community);
    struct buf *body = fan_out_body(rq);

    q.ids = ids_to_match(rq, d);
    if (!d->by_shared_id) {
        q.names = asked->names;
        q.gender = asked->gender;
        q.birth_time = asked->birth_time;
        q.birth_low = asked->birth_low;
        q.birth_high = asked->birth_high;
        q.address = asked->address;
        q.telecom = asked->telecom;
        q.mother = asked->mother;
        q.birth_place = asked->birth_place;
        q.birth_place_names = asked->birth_place_names;
        q.provider = asked->provider;
        q.minimum_match = asked->minimum_match;
    }
    patient_id_add(rq->arena, &q.scoping, rq->community->patient_id_domain, NULL);
    find_query_encode(rq->arena, &q, body);
    return body;
}

/*
 * What others get to know: the regional id, usable in ITI-38, and no id of a facility; of nobody who has withdrawn
 * their consent.
 */
static enum rc matches_of(struct request *rq, struct patient *found, struct patient **out)
{
    struct patient **end = out;
    bool is_withdrawn;

    for (struct patient *p = found; p != NULL; p = p->next) {
        const struct patient_id *id = patient_id_in(p->ids, rq->community->patient_id_domain);
        if (id == NULL || id->extension == NULL)
            continue;
        TRY(disclosure_is_withdrawn(rq, id, &is_withdrawn));
        if (is_withdrawn)
            continue;
        p->ids = p->other_ids = NULL;
        p->custodian_root = NULL; /* the supplier's own; the answer puts our home there */
        patient_id_add(rq->arena, &p->ids, id->root, id->extension);
        *end = p;
        end = &p->next;
    }
    *end = NULL;
    return OK;
}

/* ---- the answer ---- */

static void answer_encode(struct request *rq, struct patient *matches, const char *const *wanted)
{
    struct discovery *d = rq->state;
    struct find_answer answer = {
        .query = &d->query,
        .patients = matches,
        .is_deferred = rq->later_to != NULL,
        .is_xcpd = true,
        .wanted = wanted,
        .custodian_root = oid_of_urn(rq->community->home_community_id),
        .issues = rq->issues,
    };
    find_answer_encode(rq->arena, &answer, rq->reply);
}

void discovery_refuse(struct request *rq)
{
    answer_encode(rq, NULL, NULL);
}

/* How long the asker may go by what it is told, without asking again. */
static void ttl_write(struct request *rq)
{
    const char *ttl = config_text(rq->service->daemon->config, CONFIG_CORRELATION_TTL);
    struct buf *header = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct xml_writer w;

    if (text_absent(ttl))
        return;
    xw_init(&w, header);
    xw_open(&w, "xcpd:CorrelationTimeToLive");
    xw_attr(&w, "xmlns:xcpd", NS_XCPD);
    xw_text(&w, ttl);
    xw_close(&w);
    rq->reply_headers = buf_str(header);
}

/* As long as the asker says; an asker that does not say means what we would say ourselves. */
static int64_t asked_ttl(struct request *rq)
{
    const struct xml_node *header = xml_child(rq->soap.header, NS_XCPD, "CorrelationTimeToLive");
    const char *text = header == NULL ? config_text(rq->service->daemon->config, CONFIG_CORRELATION_TTL)
                                      : xml_text_trimmed(rq->arena, header);
    int64_t seconds;

    if (duration_parse(text, &seconds))
        return seconds;
    if (header != NULL)
        rq_warn_peer(rq, ISSUE_HL7_BAD_VALUE, "CorrelationTimeToLive",
                     "%.40s is no duration such as P0Y0M7D; it was not heeded", text);
    return 0;
}

/* Who asks with an id of its own holds the patient, too (Health Data Locator). */
static void asker_remember(struct request *rq, const struct find_query *q, const struct patient_id *patient)
{
    if (text_absent(q->message.sender.home))
        return;
    for (const struct patient_id *id = q->ids; id != NULL; id = id->next) {
        if (!is_askers(rq, q, id))
            continue;
        struct patient_place place = { .id = { .root = id->root, .extension = id->extension } };
        place.home = arena_printf(rq->arena, "urn:oid:%s", oid_of_urn(q->message.sender.home));
        directory_learn(rq->community, patient, &place, asked_ttl(rq));
        return;
    }
}

static size_t count_of(const struct patient *p)
{
    size_t n = 0;

    for (; p != NULL; p = p->next)
        n++;
    return n;
}

/* What the supplier can tell people apart by, and was not told. */
static const char *const *wanted_of(struct arena *a, const struct find_query *q)
{
    const struct {
        bool is_given;
        const char *code;
    } all[] = {
        { q->gender != NULL, WANTED_GENDER },
        { q->address != NULL, WANTED_ADDRESS },
        { q->telecom != NULL, WANTED_TELECOM },
        { q->mother != NULL, WANTED_MOTHER },
        { q->birth_place != NULL, WANTED_BIRTH_PLACE_ADDRESS },
        { q->birth_place_names != NULL, WANTED_BIRTH_PLACE_NAME },
    };
    const char **codes = ARENA_ARRAY(a, const char *, ARRAY_LEN(all) + 1);
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (!all[i].is_given)
            codes[n++] = all[i].code;
    }
    codes[n] = NULL;
    return n == 0 ? NULL : codes;
}

static enum rc too_many(struct request *rq, size_t count)
{
    const struct discovery *d = rq->state;
    const char *const *wanted = wanted_of(rq->arena, &d->query);

    if (wanted == NULL)
        return rq_refuse(rq, ISSUE_HL7_TOO_MANY, NULL,
                         "%zu people here match, and nothing more can be asked for; %lld are told at most", count,
                         config_number(rq->service->daemon->config, CONFIG_DISCOVERY_MAX));
    answer_encode(rq, NULL, wanted);
    return OK;
}

static enum rc supplier_ask(struct request *rq);

static enum rc on_supplier(struct request *rq, const struct fan_out *f)
{
    struct discovery *d = rq->state;
    struct find_result result;
    struct patient *matches;

    if (!find_result_read(f->first, ISSUE_HL7_INTERNAL, &result))
        return E_REFUSED;
    TRY(matches_of(rq, result.patients, &matches));
    size_t count = count_of(matches);
    if (count == 0 && d->by_shared_id && has_demographics(&d->query)) {
        d->by_shared_id = false;
        return supplier_ask(rq);
    }
    if (count > (size_t)config_number(rq->service->daemon->config, CONFIG_DISCOVERY_MAX))
        return too_many(rq, count);
    if (count == 1)
        asker_remember(rq, &d->query, matches->ids);
    if (count > 0)
        ttl_write(rq);
    answer_encode(rq, matches, NULL);
    return OK;
}

static enum rc supplier_ask(struct request *rq)
{
    return fan_out_ask(rq, ASK_ITI47, rq->community, supplier_query(rq, rq->state), on_supplier, NULL);
}

enum rc discovery_answer(struct request *rq)
{
    struct discovery *d = rq->state;

    d->by_shared_id = has_shared(rq, &d->query);
    return supplier_ask(rq);
}
