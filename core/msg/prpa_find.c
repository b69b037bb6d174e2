/*
 * PRPA_IN201305UV02, PRPA_IN201306UV02: finding people by demographics (ITI TF-2: 3.47.4.1, 3.47.4.2 PDQV3; 3.55.4.1,
 * 3.55.4.2 XCPD). semanticsText is informative: it is written, never judged.
 */
#include "msg/prpa_find.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/document.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define QUERY  "PRPA_IN201305UV02"
#define ANSWER "PRPA_IN201306UV02"

#define OID_ACT_CODES    "2.16.840.1.113883.5.4"
#define OID_XCPD_REASONS "1.3.6.1.4.1.19376.1.2.27.3"
#define OID_XCPD_WANTED  "1.3.6.1.4.1.19376.1.2.27.1"

#define PARAMETERS_PLACE "/" QUERY "/controlActProcess/queryByParameter/parameterList"

const char *find_parameter_place(struct arena *a, const char *parameter, int n)
{
    return arena_printf(a, PARAMETERS_PLACE "/%s[%d]/value", parameter, n);
}

/* ---- the query, read ---- */

static enum rc value_refuse(struct arena *a, const struct xml_node *value, enum rule rule, struct issue_list *issues,
                            const char *why)
{
    rule_break(a, issues, rule, hl7_place(a, value, NULL), "%s", why);
    return E_REFUSED;
}

static enum rc ids_read(struct arena *a, const struct xml_node *parameter, struct patient_id **end,
                        struct issue_list *issues)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        const struct xml_node *value = xml_child(parameter, NS_HL7, "value");
        for (; value != NULL; value = xml_next(value)) {
            if (text_absent(xml_attr(value, "root")))
                return value_refuse(a, value, RULE_V3_QUERY_ROOT, issues, "an identifier or domain needs a root");
            *end = hl7_ii_decode(a, value);
            end = &(*end)->next;
        }
    }
    return OK;
}

static enum rc names_read(struct arena *a, const struct xml_node *parameter, struct person_name **end,
                          struct issue_list *issues)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        const struct xml_node *value = xml_child(parameter, NS_HL7, "value");
        for (; value != NULL; value = xml_next(value)) {
            *end = ARENA_NEW(a, struct person_name);
            hl7_name_decode(a, value, *end);
            if ((*end)->family == NULL && (*end)->given == NULL)
                return value_refuse(a, value, RULE_V3_QUERY_NAME, issues, "a name needs a family or given part");
            end = &(*end)->next;
        }
    }
    return OK;
}

static enum rc time_read(struct arena *a, const struct xml_node *n, const char **out, struct issue_list *issues)
{
    const char *text = xml_attr(n, "value");

    if (text != NULL && !hl7_is_time(text))
        return value_refuse(a, n, RULE_V3_QUERY_TIME, issues, "this is no time: it needs YYYY[MM[DD[hh[mm[ss]]]]]");
    *out = text;
    return OK;
}

static enum rc birth_read(struct arena *a, const struct xml_node *parameters, struct find_query *out,
                          struct issue_list *issues)
{
    const struct xml_node *value = xml_at(parameters, NS_HL7, "livingSubjectBirthTime", "value", NULL);

    TRY(time_read(a, value, &out->birth_time, issues));
    TRY(time_read(a, xml_child(value, NS_HL7, "low"), &out->birth_low, issues));
    return time_read(a, xml_child(value, NS_HL7, "high"), &out->birth_high, issues);
}

static void address_read(struct arena *a, const struct xml_node *parameters, struct find_query *out)
{
    const struct xml_node *value = xml_at(parameters, NS_HL7, "patientAddress", "value", NULL);

    if (value == NULL)
        return;
    out->address = ARENA_NEW(a, struct address);
    hl7_address_decode(a, value, out->address);
}

static enum rc parameters_read(struct arena *a, const struct xml_node *parameters, struct find_query *out,
                               struct issue_list *issues)
{
    if (xml_first_element(parameters) == NULL) {
        rule_break(a, issues, RULE_V3_QUERY_LIST, hl7_place(a, parameters, NULL),
                   "the parameterList is empty: it needs at least one parameter");
        return E_REFUSED;
    }
    TRY(names_read(a, xml_child(parameters, NS_HL7, "livingSubjectName"), &out->names, issues));
    out->gender = hl7_code(xml_child(parameters, NS_HL7, "livingSubjectAdministrativeGender"), "value");
    address_read(a, parameters, out);
    out->telecom = hl7_value(xml_child(parameters, NS_HL7, "patientTelecom"), "value");
    out->status = hl7_code(xml_child(parameters, NS_HL7, "patientStatusCode"), "value");
    TRY(names_read(a, xml_child(parameters, NS_HL7, "mothersMaidenName"), &out->mother, issues));
    TRY(ids_read(a, xml_child(parameters, NS_HL7, "principalCareProviderId"), &out->provider, issues));
    TRY(birth_read(a, parameters, out, issues));
    TRY(ids_read(a, xml_child(parameters, NS_HL7, "livingSubjectId"), &out->ids, issues));
    return ids_read(a, xml_child(parameters, NS_HL7, "otherIDsScopingOrganization"), &out->scoping, issues);
}

static enum rc priority_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                             struct issue_list *issues)
{
    const char *code = hl7_code(query, "responsePriorityCode");

    if (code == NULL)
        return OK;
    if (!text_equal(code, "I") && !text_equal(code, "D"))
        return value_refuse(a, xml_child(query, NS_HL7, "responsePriorityCode"), RULE_V3_QUERY_PRIORITY, issues,
                            "responsePriorityCode is I (immediate) or D (deferred)");
    out->priority = code;
    return OK;
}

static enum rc quantity_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                             struct issue_list *issues)
{
    const char *text = hl7_value(query, "initialQuantity");
    char *end;

    if (text == NULL)
        return OK;
    long n = strtol(text, &end, 10);
    if (end == text || *end != '\0' || n < 1 || n > INT_MAX)
        return value_refuse(a, xml_child(query, NS_HL7, "initialQuantity"), RULE_V3_QUERY_QUANTITY, issues,
                            "initialQuantity is a number of patients, 1 or more");
    out->initial_quantity = (int)n;
    return OK;
}

/* The algorithm and the weight are the supplier's own affair (3.47.4.1.2.3): only the degree asked for counts. */
static enum rc minimum_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                            struct issue_list *issues)
{
    const struct xml_node *value = xml_at(query, NS_HL7, "matchCriterionList", "minimumDegreeMatch", "value", NULL);
    const char *text = xml_attr(value, "value");
    char *end;

    if (value == NULL)
        return OK;
    long n = text == NULL ? -1 : strtol(text, &end, 10);
    if (text == NULL || end == text || *end != '\0' || n < 0 || n > 100)
        return value_refuse(a, value, RULE_V3_QUERY_MINIMUM, issues, "minimumDegreeMatch is a number from 0 to 100");
    out->minimum_match = (int)n;
    return OK;
}

static enum rc query_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                          struct issue_list *issues)
{
    TRY(priority_read(a, query, out, issues));
    TRY(quantity_read(a, query, out, issues));
    TRY(minimum_read(a, query, out, issues));
    return parameters_read(a, xml_child(query, NS_HL7, "parameterList"), out, issues);
}

enum rc find_query_decode(struct arena *a, const struct xml_node *body, struct find_query *out,
                          struct issue_list *issues)
{
    *out = (struct find_query){ .priority = "I", .initial_quantity = -1 };
    enum rc wrapper = hl7_message_decode_as(a, body, QUERY, &out->message, issues);
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    struct xml_node *query = xml_child(act, NS_HL7, "queryByParameter");
    out->query_by_parameter = query;
    out->assigning_authority = xml_attr(xml_at(act, NS_HL7, "authorOrPerformer", "assignedDevice", "id", NULL), "root");
    hl7_ii_read(xml_child(query, NS_HL7, "queryId"), &out->query_id);
    TRY(wrapper);
    TRY(hl7_query_check(a, body, issues));
    return query_read(a, query, out, issues);
}

enum rc find_query_reread(struct arena *a, struct str query_by_parameter, struct find_query *out)
{
    struct issue_list known = { 0 };
    struct xml_node *query;

    *out = (struct find_query){ .priority = "I", .initial_quantity = -1 };
    TRY(xml_parse(a, query_by_parameter, NULL, &query, NULL));
    out->query_by_parameter = query;
    hl7_ii_read(xml_child(query, NS_HL7, "queryId"), &out->query_id);
    return query_read(a, query, out, &known);
}

struct str find_query_text(struct arena *a, const struct find_query *q)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);

    xml_write_node(text, q->query_by_parameter);
    return buf_str(text);
}

/* ---- the query, written ---- */

static void author_write(struct xml_writer *w, const char *root)
{
    struct patient_id id = { .root = root };

    if (root == NULL)
        return;
    xw_open(w, "authorOrPerformer");
    xw_attr(w, "typeCode", "AUT");
    xw_open(w, "assignedDevice");
    xw_attr(w, "classCode", "ASSIGNED");
    hl7_ii_write(w, "id", &id);
    xw_close(w);
    xw_close(w);
}

static void gender_write(struct xml_writer *w, const char *gender)
{
    if (gender == NULL)
        return;
    xw_open(w, "livingSubjectAdministrativeGender");
    hl7_code_write(w, "value", gender);
    xw_element(w, "semanticsText", "LivingSubject.administrativeGender");
    xw_close(w);
}

static void birth_write(struct xml_writer *w, const struct find_query *q)
{
    if (q->birth_time == NULL && q->birth_low == NULL && q->birth_high == NULL)
        return;
    xw_open(w, "livingSubjectBirthTime");
    xw_open(w, "value");
    xw_attr(w, "value", q->birth_time);
    if (q->birth_time == NULL) {
        hl7_value_write(w, "low", q->birth_low);
        hl7_value_write(w, "high", q->birth_high);
    }
    xw_close(w);
    xw_element(w, "semanticsText", "LivingSubject.birthTime");
    xw_close(w);
}

/* Alternatives are values of one parameter in PDQV3, parameters of one value in XCPD (3.47.4.1.2, 3.55.4.1.2.2). */
static void names_write(struct xml_writer *w, const struct person_name *names, bool is_xcpd)
{
    for (const struct person_name *n = names; n != NULL; n = n->next) {
        if (n == names || is_xcpd)
            xw_open(w, "livingSubjectName");
        hl7_name_write(w, "value", n);
        if (n->next != NULL && !is_xcpd)
            continue;
        xw_element(w, "semanticsText", "LivingSubject.name");
        xw_close(w);
    }
}

static void address_write(struct xml_writer *w, const struct address *address)
{
    if (address == NULL)
        return;
    xw_open(w, "patientAddress");
    hl7_address_write(w, "value", address);
    xw_element(w, "semanticsText", "Patient.addr");
    xw_close(w);
}

static void telecom_write(struct xml_writer *w, const char *telecom)
{
    if (telecom == NULL)
        return;
    xw_open(w, "patientTelecom");
    hl7_value_write(w, "value", telecom);
    xw_element(w, "semanticsText", "Patient.telecom");
    xw_close(w);
}

static void mother_write(struct xml_writer *w, const struct person_name *names)
{
    if (names == NULL)
        return;
    xw_open(w, "mothersMaidenName");
    for (const struct person_name *n = names; n != NULL; n = n->next)
        hl7_name_write(w, "value", n);
    xw_element(w, "semanticsText", "Person.MothersMaidenName");
    xw_close(w);
}

static void status_write(struct xml_writer *w, const char *status)
{
    if (status == NULL)
        return;
    xw_open(w, "patientStatusCode");
    hl7_code_write(w, "value", status);
    xw_element(w, "semanticsText", "Patient.statusCode");
    xw_close(w);
}

static void parameters_write(struct xml_writer *w, const struct find_query *q)
{
    xw_open(w, "parameterList");
    gender_write(w, q->gender);
    birth_write(w, q);
    for (const struct patient_id *id = q->ids; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "livingSubjectId", id, "LivingSubject.id");
    names_write(w, q->names, q->message.sender.home != NULL);
    mother_write(w, q->mother);
    for (const struct patient_id *id = q->scoping; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "otherIDsScopingOrganization", id, "OtherIDs.scopingOrganization.id");
    address_write(w, q->address);
    status_write(w, q->status);
    telecom_write(w, q->telecom);
    for (const struct patient_id *id = q->provider; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "principalCareProviderId", id, "AssignedProvider.id");
    xw_close(w);
}

static void minimum_write(struct xml_writer *w, int minimum)
{
    char digits[12];

    if (minimum <= 0)
        return;
    snprintf(digits, sizeof(digits), "%d", minimum);
    xw_open(w, "matchCriterionList");
    xw_open(w, "minimumDegreeMatch");
    xw_open(w, "value");
    xw_attr(w, "xsi:type", "INT");
    xw_attr(w, "value", digits);
    xw_close(w);
    xw_element(w, "semanticsText", "MatchCriterionList.minimumDegreeMatch");
    xw_close(w);
    xw_close(w);
}

static void number_write(struct xml_writer *w, const char *element, int n)
{
    char digits[12];

    snprintf(digits, sizeof(digits), "%d", n);
    hl7_value_write(w, element, digits);
}

void find_query_encode(struct arena *a, const struct find_query *q, struct buf *out)
{
    struct hl7_message m = q->message;
    struct xml_writer w;

    (void)a;
    m.interaction = QUERY;
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_control_act_open(&w, QUERY);
    author_write(&w, q->assigning_authority);
    xw_open(&w, "queryByParameter");
    hl7_ii_write(&w, "queryId", &q->query_id);
    hl7_code_write(&w, "statusCode", "new");
    hl7_code_write(&w, "responseModalityCode", "R");
    hl7_code_write(&w, "responsePriorityCode", q->priority == NULL ? "I" : q->priority);
    if (q->initial_quantity > 0) {
        number_write(&w, "initialQuantity", q->initial_quantity);
        hl7_code_write(&w, "initialQuantityCode", "RD");
    }
    minimum_write(&w, q->minimum_match);
    parameters_write(&w, q);
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
}

/* ---- the answer, written ---- */

/* The schema wants a degree of match; a patient that came without one matched in full. */
static void event_write(struct xml_writer *w, const struct patient *patient, const struct find_answer *answer)
{
    struct patient p = *patient;

    if (p.match < 0)
        p.match = 100;
    if (p.custodian_root == NULL)
        p.custodian_root = answer->custodian_root;
    hl7_registration_open(w);
    hl7_patient_write(w, &p);
    hl7_custodian_write(w, p.custodian_root);
    xw_close(w);
    xw_close(w);
}

static void coded_write(struct xml_writer *w, const char *code, const char *system)
{
    xw_open(w, "code");
    xw_attr(w, "code", code);
    xw_attr(w, "codeSystem", system);
    xw_close(w);
}

/* reasonOf with a detected issue, which the caller fills and closes with reason_close. */
static void reason_open(struct xml_writer *w)
{
    xw_open(w, "reasonOf");
    xw_attr(w, "typeCode", "RSON");
    xw_open(w, "detectedIssueEvent");
    xw_attr(w, "classCode", "ALRT");
    xw_attr(w, "moodCode", "EVN");
    coded_write(w, "_ActAdministrativeDetectedIssueManagementCode", OID_ACT_CODES);
}

static void reason_close(struct xml_writer *w)
{
    xw_close(w);
    xw_close(w);
}

/* XCPD asks for more attributes as what a detected issue is the trigger for (3.55.4.2.2.6). */
static void wanted_write(struct xml_writer *w, const char *const *wanted)
{
    reason_open(w);
    for (; *wanted != NULL; wanted++) {
        xw_open(w, "triggerFor");
        xw_attr(w, "typeCode", "TRIG");
        xw_open(w, "actOrderRequired");
        xw_attr(w, "classCode", "ACT");
        xw_attr(w, "moodCode", "RQO");
        coded_write(w, *wanted, OID_XCPD_WANTED);
        xw_close(w);
        xw_close(w);
    }
    reason_close(w);
}

/* XCPD says why it cannot answer as the management of a detected issue (3.55.4.2.2.7). */
static void reason_write(struct xml_writer *w, const struct issue *first)
{
    const char *answer = issue_row(first->code)->hl7_answer;

    reason_open(w);
    xw_open(w, "mitigatedBy");
    xw_attr(w, "typeCode", "MITGT");
    xw_open(w, "detectedIssueManagement");
    xw_attr(w, "classCode", "ACT");
    xw_attr(w, "moodCode", "EVN");
    coded_write(w, answer == NULL ? "AnswerNotAvailable" : answer, OID_XCPD_REASONS);
    xw_close(w);
    xw_close(w);
    reason_close(w);
}

static int patients_count(const struct patient *patients)
{
    int n = 0;

    for (; patients != NULL; patients = patients->next)
        n++;
    return n;
}

static void query_ack_write(struct xml_writer *w, const struct find_answer *answer, const char *response_code)
{
    int current = patients_count(answer->patients), total = MAX(answer->total, answer->told + current);

    hl7_query_ack_open(w, &answer->query->query_id, response_code);
    if (!answer->is_xcpd) { /* XCPD forbids them (3.55.4.2.2.3) */
        number_write(w, "resultTotalQuantity", total);
        number_write(w, "resultCurrentQuantity", current);
        number_write(w, "resultRemainingQuantity", MAX(total - answer->told - current, 0));
    }
    xw_close(w);
}

void find_answer_encode(struct arena *a, const struct find_answer *answer, struct buf *out)
{
    const struct find_query *q = answer->query;
    struct hl7_message m = hl7_message_new(a, ANSWER, &q->message);
    bool is_error = answer->issues.errors > 0;
    struct xml_writer w;

    if (answer->is_deferred)
        m.accept_ack = "AL";
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_ack_write(&w, is_error ? "AE" : "AA", &q->message.id, &answer->issues);
    hl7_control_act_open(&w, ANSWER);
    for (const struct patient *p = answer->patients; p != NULL; p = p->next)
        event_write(&w, p, answer);
    if (!is_error && answer->wanted != NULL)
        wanted_write(&w, answer->wanted);
    if (is_error && answer->is_xcpd)
        reason_write(&w, answer->issues.first);
    query_ack_write(&w, answer, is_error ? "AE" : answer->patients != NULL || answer->wanted != NULL ? "OK" : "NF");
    hl7_echo_write(a, &w, q->query_by_parameter);
    xw_close(&w);
    xw_close(&w);
}

/* ---- the answer, read ---- */

static struct patient *event_read(struct arena *a, const struct xml_node *registration)
{
    struct patient *p = ARENA_NEW(a, struct patient);

    hl7_patient_decode(a, hl7_registration_patient(registration), p);
    p->custodian_root = xml_attr(xml_at(registration, NS_HL7, "custodian", "assignedEntity", "id", NULL), "root");
    return p;
}

static struct text_list *wanted_read(struct arena *a, const struct xml_node *act)
{
    struct text_list *codes = NULL, **end = &codes;
    const struct xml_node *event = xml_at(act, NS_HL7, "reasonOf", "detectedIssueEvent", NULL);

    for (const struct xml_node *t = xml_child(event, NS_HL7, "triggerFor"); t != NULL; t = xml_next(t)) {
        const char *code = hl7_code(xml_child(t, NS_HL7, "actOrderRequired"), "code");
        if (code == NULL)
            continue;
        *end = ARENA_NEW(a, struct text_list);
        (*end)->text = code;
        end = &(*end)->next;
    }
    return codes;
}

enum rc find_result_decode(struct arena *a, const struct xml_node *body, struct find_result *out)
{
    struct find_result result = { 0 };

    if (!xml_is(body, NS_HL7, ANSWER))
        return E_SYNTAX;
    TRY(hl7_ack_decode(a, body, &result.ack));
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    result.response_code = hl7_code(xml_child(act, NS_HL7, "queryAck"), "queryResponseCode");
    if (result.response_code == NULL)
        return E_SYNTAX;

    result.wanted = wanted_read(a, act);
    struct patient **end = &result.patients;
    for (const struct xml_node *s = xml_child(act, NS_HL7, "subject"); s != NULL; s = xml_next(s)) {
        const struct xml_node *registration = xml_child(s, NS_HL7, "registrationEvent");
        if (hl7_registration_patient(registration) == NULL)
            continue;
        *end = event_read(a, registration);
        end = &(*end)->next;
    }
    *out = result;
    return OK;
}
