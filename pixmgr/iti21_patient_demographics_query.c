/*
 * ITI-21 Patient Demographics Query and ITI-22 Patient Demographics and Visit Query (Patient Demographics Consumer ->
 * Supplier), HL7 v2: who somebody is, and their ids. ITI TF-2: 3.21, 3.22; the cases are those of 3.21.4.2.2.8. A page
 * at a time: DSC has a pointer to the next (3.21.4.2.2.7), QCN^J01 gives up.
 */
#include "pixmgr/pixmgr.h"

#include "base/ids.h"
#include "base/str.h"
#include "msg/hl7v2_ack.h"
#include "msg/hl7v2_person.h"
#include "msg/hl7v3.h"
#include "msg/qbp.h"
#include "msg/rsp.h"
#include "pixmgr/search.h"

/* ---- QPD-3 as a query of the store ---- */

enum field {
    FIELD_ID,
    FIELD_NAMESPACE,
    FIELD_UNIVERSAL,
    FIELD_UNIVERSAL_TYPE,
    FIELD_FAMILY,
    FIELD_GIVEN,
    FIELD_MOTHER_FAMILY,
    FIELD_MOTHER_GIVEN,
    FIELD_BIRTH,
    FIELD_GENDER,
    FIELD_STREET,
    FIELD_CITY,
    FIELD_STATE,
    FIELD_POSTAL_CODE,
    FIELD_COUNTRY,
    FIELD_TELECOM,
    FIELD_ACCOUNT,
    FIELD_VISIT, /* and those behind it: VISIT_CLASS … */
    FIELD_COUNT = FIELD_VISIT + VISIT_FIELD_COUNT
};

#define VISIT(what) ((enum field)(FIELD_VISIT + (what)))

/* Tables 3.21-3 and 3.21-4; of ITI-22 also what a visit is asked by (3.22.4.1.2.2). */
static const struct {
    const char *name;
    enum field field;
} parameters[] = {
    { "PID.3", FIELD_ID },
    { "PID.3.1", FIELD_ID },
    { "PID.3.4", FIELD_NAMESPACE },
    { "PID.3.4.1", FIELD_NAMESPACE },
    { "PID.3.4.2", FIELD_UNIVERSAL },
    { "PID.3.4.3", FIELD_UNIVERSAL_TYPE },
    { "PID.5", FIELD_FAMILY },
    { "PID.5.1", FIELD_FAMILY },
    { "PID.5.1.1", FIELD_FAMILY },
    { "PID.5.2", FIELD_GIVEN },
    { "PID.6", FIELD_MOTHER_FAMILY },
    { "PID.6.1", FIELD_MOTHER_FAMILY },
    { "PID.6.1.1", FIELD_MOTHER_FAMILY },
    { "PID.6.2", FIELD_MOTHER_GIVEN },
    { "PID.7", FIELD_BIRTH },
    { "PID.7.1", FIELD_BIRTH },
    { "PID.8", FIELD_GENDER },
    { "PID.11", FIELD_STREET },
    { "PID.11.1", FIELD_STREET },
    { "PID.11.1.1", FIELD_STREET },
    { "PID.11.3", FIELD_CITY },
    { "PID.11.4", FIELD_STATE },
    { "PID.11.5", FIELD_POSTAL_CODE },
    { "PID.11.6", FIELD_COUNTRY },
    { "PID.13", FIELD_TELECOM },
    { "PID.13.1", FIELD_TELECOM },
    { "PID.18", FIELD_ACCOUNT },
    { "PID.18.1", FIELD_ACCOUNT },
    { "PV1.2", VISIT(VISIT_CLASS) },
    { "PV1.3.1", VISIT(VISIT_POINT) },
    { "PV1.3.2", VISIT(VISIT_ROOM) },
    { "PV1.3.3", VISIT(VISIT_BED) },
    { "PV1.3.4", VISIT(VISIT_FACILITY) },
    { "PV1.3.4.1", VISIT(VISIT_FACILITY) },
    { "PV1.7", VISIT(VISIT_ATTENDING) },
    { "PV1.7.1", VISIT(VISIT_ATTENDING) },
    { "PV1.7.2", VISIT(VISIT_ATTENDING_FAMILY) },
    { "PV1.7.2.1", VISIT(VISIT_ATTENDING_FAMILY) },
    { "PV1.7.3", VISIT(VISIT_ATTENDING_GIVEN) },
    { "PV1.19", VISIT(VISIT_NUMBER) },
    { "PV1.19.1", VISIT(VISIT_NUMBER) },
};

/* What is asked of each field, and where. */
struct asked {
    const char *text[FIELD_COUNT];
    int repetition[FIELD_COUNT];
};

static const char *place_of(struct request *rq, int repetition, int component)
{
    return arena_printf(rq->arena, "QPD^1^3^%d^%d", repetition, component);
}

static bool is_of_visits(const struct request *rq)
{
    return rq->transaction->serve == iti22_patient_demographics_and_visit_query;
}

static bool is_taken(const struct request *rq, enum field field)
{
    return field < FIELD_VISIT || is_of_visits(rq);
}

static const char *parameter_names(struct request *rq)
{
    const char *all = "";

    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (is_taken(rq, parameters[i].field))
            all = arena_printf(rq->arena, "%s%s@%s", all, i == 0 ? "" : ", ", parameters[i].name);
    }
    return all;
}

static enum rc field_find(struct request *rq, const struct qbp_parameter *p, enum field *out)
{
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (strcmp(parameters[i].name, p->name) != 0 || !is_taken(rq, parameters[i].field))
            continue;
        *out = parameters[i].field;
        return OK;
    }
    return rq_rule(rq, RULE_V2_QUERY_KNOWN, place_of(rq, p->repetition, 1),
                   "nothing is searched by @%.40s here; these are: %s", p->name, parameter_names(rq));
}

static enum rc asked_read(struct request *rq, const struct qbp *query, struct asked *out)
{
    *out = (struct asked){ 0 };
    for (const struct qbp_parameter *p = query->parameters; p != NULL; p = p->next) {
        enum field field = FIELD_COUNT;
        TRY(field_find(rq, p, &field));
        if (out->text[field] != NULL)
            return rq_rule(rq, RULE_V2_QUERY_ONCE, place_of(rq, p->repetition, 1),
                           "@%.40s is asked for twice: all parameters must be true of a patient", p->name);
        out->text[field] = p->value;
        out->repetition[field] = p->repetition;
    }
    return OK;
}

static enum rc value_refuse(struct request *rq, const struct asked *asked, enum field field, enum rule rule,
                            const char *why)
{
    return rq_rule(rq, rule, place_of(rq, asked->repetition[field], 2), "\"%.40s\" %s", asked->text[field], why);
}

/* A star at the end says "and whatever follows"; anywhere else it would be looked for. */
static enum rc stars_check(struct request *rq, const struct asked *asked)
{
    static const enum field fields[] = { FIELD_FAMILY,       FIELD_GIVEN,       FIELD_MOTHER_FAMILY,
                                         FIELD_MOTHER_GIVEN, FIELD_STREET,      FIELD_CITY,
                                         FIELD_STATE,        FIELD_POSTAL_CODE, FIELD_COUNTRY };

    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const char *star = asked->text[fields[i]] == NULL ? NULL : strchr(asked->text[fields[i]], '*');
        if (star != NULL && star[1] != '\0')
            return value_refuse(rq, asked, fields[i], RULE_V2_QUERY_STAR, "has a star that is not at its end");
    }
    return OK;
}

/* An id whose domain is not named is of the one domain asked for, or of the sender's. */
static enum rc id_read(struct request *rq, const struct asked *asked, struct find_query *out)
{
    struct patient_id *id = ARENA_NEW(rq->arena, struct patient_id);

    *id = (struct patient_id){ .root = asked->text[FIELD_UNIVERSAL],
                               .extension = asked->text[FIELD_ID],
                               .authority = asked->text[FIELD_NAMESPACE] };
    if (id->root == NULL && id->authority == NULL && out->scoping != NULL && out->scoping->next == NULL)
        id->root = out->scoping->root;
    if (id->extension == NULL)
        return OK;
    if (!domain_complete(rq, id)) {
        enum field field = id->root != NULL ? FIELD_UNIVERSAL : FIELD_NAMESPACE;
        return domain_refuse(rq, place_of(rq, asked->repetition[field], 2), asked->text[field]);
    }
    out->ids = id;
    return OK;
}

/* NULL when neither part is asked for. */
static struct person_name *name_of(struct request *rq, const struct asked *asked, enum field family, enum field given)
{
    struct person_name name = { .family = asked->text[family], .given = asked->text[given] };

    return name.family == NULL && name.given == NULL ? NULL : arena_memdup(rq->arena, &name, sizeof(name));
}

static enum rc birth_and_gender_read(struct request *rq, const struct asked *asked, struct find_query *out)
{
    const char *birth = asked->text[FIELD_BIRTH], *gender = asked->text[FIELD_GENDER];

    if (birth != NULL && !hl7_is_time(birth))
        return value_refuse(rq, asked, FIELD_BIRTH, RULE_V2_QUERY_BIRTH, "is no time: it needs YYYY[MM[DD]]");
    if (gender != NULL && !hl7v2_gender_find(gender, &out->gender))
        return value_refuse(rq, asked, FIELD_GENDER, RULE_V2_QUERY_GENDER, "is not of table 0001: M, F, O, U, A or N");
    out->birth_time = birth;
    return OK;
}

static void address_read(struct request *rq, const struct asked *asked, struct find_query *out)
{
    struct address address = { .street = asked->text[FIELD_STREET],
                               .city = asked->text[FIELD_CITY],
                               .state = asked->text[FIELD_STATE],
                               .postal_code = asked->text[FIELD_POSTAL_CODE],
                               .country = asked->text[FIELD_COUNTRY] };
    bool is_asked = false;

    for (enum field f = FIELD_STREET; f <= FIELD_COUNTRY; f++)
        is_asked |= asked->text[f] != NULL;
    if (is_asked)
        out->address = arena_memdup(rq->arena, &address, sizeof(address));
}

/* An account is one of a visit. */
static const struct visit *visit_of(struct request *rq, const struct asked *asked)
{
    struct visit *v = ARENA_NEW(rq->arena, struct visit);

    for (int f = 0; f < VISIT_FIELD_COUNT; f++)
        v->fields[f] = asked->text[FIELD_VISIT + f];
    v->fields[VISIT_ACCOUNT] = asked->text[FIELD_ACCOUNT];
    return is_of_visits(rq) || v->fields[VISIT_ACCOUNT] != NULL ? v : NULL;
}

static enum rc query_read(struct request *rq, const struct qbp *query, struct find_query *out,
                          const struct visit **visit)
{
    struct asked asked;

    *out = (struct find_query){ .priority = "I", .initial_quantity = -1, .scoping = query->domains };
    TRY(domains_complete(rq, query->domains, "QPD^1^8", "")); /* case 3 */
    TRY(asked_read(rq, query, &asked));
    TRY(stars_check(rq, &asked));
    TRY(id_read(rq, &asked, out));
    out->names = name_of(rq, &asked, FIELD_FAMILY, FIELD_GIVEN);
    out->mother = name_of(rq, &asked, FIELD_MOTHER_FAMILY, FIELD_MOTHER_GIVEN);
    address_read(rq, &asked, out);
    out->telecom = asked.text[FIELD_TELECOM];
    *visit = visit_of(rq, &asked);
    return birth_and_gender_read(rq, &asked, out);
}

/* ---- the answer ---- */

static struct continuations *continuations_of(const struct request *rq)
{
    return pixmgr_of(rq)->continuations;
}

/* A pointer to the rest; NULL when there is none. */
static const char *rest_keep(struct request *rq, const struct qbp *query, const struct found *found)
{
    char pointer[IDS_UUID_LEN];

    if (found->rest == 0)
        return NULL;
    ids_uuid(pointer);
    struct continuation rest = { .key = arena_strdup(rq->arena, pointer),
                                 .tag = query->tag,
                                 .total = found->total,
                                 .people = found->people,
                                 .count = found->rest };
    continuations_put(continuations_of(rq), rq->community->number, &rest);
    return rest.key;
}

/* A group of RSP^ZV2 is a patient and one visit: one of several that are as asked comes with the patient again. */
static enum rc visits_write(struct request *rq, struct hl7v2_writer *w, int *n, const struct patient *p, int64_t person,
                            const struct visit *asked)
{
    struct visit *visits = NULL;

    TRY(visits_of(rq->arena, rq_db(rq), person, asked, &visits));
    for (const struct visit *v = visits; v != NULL; v = v->next) {
        rsp_pid_write(rq->arena, w, ++*n, p);
        hl7v2_put_text(w, 18, 1, v->fields[VISIT_ACCOUNT]);
        visit_write(rq->arena, w, *n, v);
    }
    return OK;
}

static enum rc patients_write(struct request *rq, struct hl7v2_writer *w, const struct found *found,
                              const struct visit *visit)
{
    const int64_t *person = found->numbers;
    int n = 0;

    for (struct patient *p = found->patients; p != NULL; p = p->next, person++) {
        domain_name_all(rq->arena, rq->service->daemon->world, p->ids);
        if (is_of_visits(rq))
            TRY(visits_write(rq, w, &n, p, *person, visit));
        else
            rsp_pid_write(rq->arena, w, ++n, p);
    }
    return OK;
}

static enum rc answer(struct request *rq, const struct qbp *query, const struct found *found, const struct visit *visit)
{
    struct rsp r = { .request = rq->hl7v2,
                     .issues = &rq->issues,
                     .is_found = found->patients != NULL,
                     .total = found->total,
                     .here = found->count,
                     .remaining = (int)found->rest };
    struct hl7v2_writer w;

    rq_stage(rq, "encode");
    rsp_open(rq->arena, &r, &w, rq->reply);
    TRY(patients_write(rq, &w, found, visit));
    rsp_close(&w, rest_keep(rq, query, found));
    return OK;
}

/* The pointer must be of a query with this tag: whose else it may be is nobody's to learn. */
static enum rc rest_take(struct request *rq, const struct qbp *query, struct continuation *out)
{
    rq_stage(rq, "store");
    enum rc rc = continuations_take(continuations_of(rq), rq->arena, rq->community->number, query->pointer, out);

    if (rc == OK && strcmp(out->tag, query->tag) == 0)
        return OK;
    return rq_rule(rq, RULE_V2_QUERY_POINTER, "DSC^1^1",
                   "no query with the tag %.40s goes on at this pointer: each is good for one page and some minutes, "
                   "until the query is cancelled; ask again without DSC",
                   query->tag);
}

enum rc iti21_patient_demographics_query(struct request *rq)
{
    struct find_query find;
    struct search search = { .by = &find };
    struct continuation from;
    struct found found;
    struct qbp query;

    TRY(qbp_decode(rq->arena, rq->hl7v2, &query, &rq->issues));
    TRY(query_read(rq, &query, &find, &search.visit));
    if (query.pointer == NULL) {
        TRY(search_first(rq, &search, query.quantity, "QPD^1^3", &found));
    } else {
        TRY(rest_take(rq, &query, &from));
        TRY(search_next(rq, &search, query.quantity, &from, &found));
    }
    return answer(rq, &query, &found, search.visit);
}

/* The same, of those who have a visit, with what is known of it; and asked by more. */
enum rc iti22_patient_demographics_and_visit_query(struct request *rq)
{
    return iti21_patient_demographics_query(rq);
}

/* ---- QCN^J01 ---- */

enum rc iti21_cancel(struct request *rq)
{
    const struct hl7v2_segment *qid = hl7v2_segment(rq->hl7v2, "QID");
    const char *tag = hl7v2_text(rq->hl7v2, qid, 1, 1);

    if (qid == NULL)
        return rq_rule(rq, RULE_V2_CANCEL_SEGMENT, "QID^1", "QCN^J01 needs the segment QID");
    if (text_absent(tag))
        return rq_rule(rq, RULE_V2_CANCEL_TAG, "QID^1^1", "QID-1 must be the tag of the query: its QPD-2");
    rq_stage(rq, "store");
    if (!continuations_cancel(continuations_of(rq), rq->community->number, tag))
        rq_warn_peer(rq, ISSUE_HL7_UNKNOWN_KEY, "QID^1^1", "no query with the tag %.40s goes on here", tag);
    hl7v2_ack_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
    return OK;
}
