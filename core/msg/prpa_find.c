/*
 * PRPA_IN201306UV02: who was found by demographics (ITI TF-2: 3.47.4.2 PDQV3; 3.55.4.2 XCPD).
 */
#include "msg/prpa_find.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/document.h"
#include "wire/ns.h"

#define ANSWER "PRPA_IN201306UV02"

#define OID_ACT_CODES    "2.16.840.1.113883.5.4"
#define OID_XCPD_REASONS "1.3.6.1.4.1.19376.1.2.27.3"
#define OID_XCPD_WANTED  "1.3.6.1.4.1.19376.1.2.27.1"

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
        hl7_number_write(w, "resultTotalQuantity", total);
        hl7_number_write(w, "resultCurrentQuantity", current);
        hl7_number_write(w, "resultRemainingQuantity", MAX(total - answer->told - current, 0));
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
    hl7_ack_write(&w, hl7_ack_code(&answer->issues, false), &q->message.id, &answer->issues);
    hl7_control_act_open(&w, ANSWER);
    for (const struct patient *p = answer->patients; p != NULL; p = p->next)
        event_write(&w, p, answer);
    if (!is_error && answer->wanted != NULL)
        wanted_write(&w, answer->wanted);
    if (is_error && answer->is_xcpd)
        reason_write(&w, answer->issues.first);
    query_ack_write(&w, answer, hl7_response_code(&answer->issues, answer->patients != NULL || answer->wanted != NULL));
    hl7_echo_write(a, &w, &answer->issues, q->query_by_parameter);
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
