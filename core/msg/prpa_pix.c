/* PRPA_IN201309UV02, PRPA_IN201310UV02: the PIX query and its answer (ITI TF-2: 3.45.4.1, 3.45.4.2). */
#include "msg/prpa_pix.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#define QUERY  "PRPA_IN201309UV02"
#define ANSWER "PRPA_IN201310UV02"

#define PARAMETERS_PLACE "/" QUERY "/controlActProcess/queryByParameter/parameterList"

const char *pix_data_source_place(struct arena *a, int n)
{
    return arena_printf(a, PARAMETERS_PLACE "/dataSource[%d]/value", n);
}

/* ---- the query, read ---- */

static enum rc data_sources_read(struct arena *a, const struct xml_node *parameters, struct pix_query *out,
                                 struct issue_list *issues)
{
    struct patient_id **end = &out->data_sources;
    int n = 1;

    for (const struct xml_node *s = xml_child(parameters, NS_HL7, "dataSource"); s != NULL; s = xml_next(s), n++) {
        const struct xml_node *value = xml_child(s, NS_HL7, "value");
        if (text_absent(xml_attr(value, "root")) || xml_next(value) != NULL) {
            rule_break(a, issues, RULE_V3_PIX_SOURCE, pix_data_source_place(a, n),
                       "a dataSource names one domain: it needs one value with a root");
            return E_REFUSED;
        }
        *end = hl7_ii_decode(a, value);
        end = &(*end)->next;
    }
    return OK;
}

static enum rc patient_id_read(struct arena *a, const struct xml_node *parameters, struct pix_query *out,
                               struct issue_list *issues)
{
    static const char satisfied_by[] = "one value with the domain (root) and the id (extension) asked about";
    TRY(hl7_require(a, RULE_V3_PIX_ID, parameters, "patientIdentifier", satisfied_by, issues));

    const struct xml_node *identifier = xml_child(parameters, NS_HL7, "patientIdentifier");
    const struct xml_node *value = xml_child(identifier, NS_HL7, "value");
    if (xml_next(identifier) != NULL || xml_next(value) != NULL) {
        rule_break(a, issues, RULE_V3_PIX_ONE, out->patient_id_place,
                   "several patientIdentifier values: a query asks about one");
        return E_REFUSED;
    }
    hl7_ii_read(value, &out->patient_id);
    if (!text_absent(out->patient_id.root) && !text_absent(out->patient_id.extension))
        return OK;
    rule_break(a, issues, RULE_V3_PIX_ID, out->patient_id_place, "patientIdentifier needs %s", satisfied_by);
    return E_REFUSED;
}

enum rc pix_query_decode(struct arena *a, const struct xml_node *body, struct pix_query *out, struct issue_list *issues)
{
    *out = (struct pix_query){ .patient_id_place = PARAMETERS_PLACE "/patientIdentifier/value" };
    enum rc wrapper = hl7_message_decode_as(a, body, QUERY, &out->message, issues);
    out->query_by_parameter = xml_at(body, NS_HL7, "controlActProcess", "queryByParameter", NULL);
    hl7_ii_read(xml_child(out->query_by_parameter, NS_HL7, "queryId"), &out->query_id);
    TRY(wrapper);
    TRY(hl7_query_check(a, body, QUERY, issues));

    const struct xml_node *parameters = xml_child(out->query_by_parameter, NS_HL7, "parameterList");
    TRY(data_sources_read(a, parameters, out, issues));
    return patient_id_read(a, parameters, out, issues);
}

/* ---- the query, written ---- */

void pix_query_encode(struct arena *a, const struct pix_query *q, struct buf *out)
{
    struct hl7_message m = q->message;
    struct xml_writer w;

    (void)a;
    m.interaction = QUERY;
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_control_act_open(&w, QUERY);
    xw_open(&w, "queryByParameter");
    hl7_ii_write(&w, "queryId", &q->query_id);
    hl7_code_write(&w, "statusCode", "new");
    hl7_code_write(&w, "responsePriorityCode", "I");
    xw_open(&w, "parameterList");
    for (const struct patient_id *s = q->data_sources; s != NULL; s = s->next)
        hl7_ii_parameter_write(&w, "dataSource", s, "DataSource.id");
    hl7_ii_parameter_write(&w, "patientIdentifier", &q->patient_id, "Patient.id");
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
}

/* ---- the answer, written ---- */

/*
 * All ids go to patient/id: asOtherIDs is for those of other kinds (3.45.4.2.2). The providerOrganization is required
 * by the schema's older editions; it is the manager.
 */
static void found_write(struct xml_writer *w, const struct pix_answer *answer)
{
    struct patient person = { .match = -1 };
    struct person_name name;

    if (answer->name != NULL) {
        name = *answer->name;
        name.next = NULL;
        person.names = &name;
    }
    person.ids = answer->found;
    person.provider_root = answer->custodian_root;
    hl7_registration_open(w);
    hl7_patient_write(w, &person);
    hl7_custodian_write(w, answer->custodian_root);
    xw_close(w);
    xw_close(w);
}

void pix_answer_encode(struct arena *a, const struct pix_answer *answer, struct buf *out)
{
    const struct pix_query *q = answer->query;
    struct hl7_message m = hl7_message_new(a, ANSWER, &q->message);
    bool is_found = answer->issues.errors == 0 && answer->found != NULL;
    struct xml_writer w;

    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_ack_write(&w, hl7_ack_code(&answer->issues, false), &q->message.id, &answer->issues);
    hl7_control_act_open(&w, ANSWER);
    if (is_found)
        found_write(&w, answer);
    hl7_query_ack_open(&w, &q->query_id, hl7_response_code(&answer->issues, is_found));
    xw_close(&w);
    hl7_echo_write(a, &w, &answer->issues, q->query_by_parameter);
    xw_close(&w);
    xw_close(&w);
}

/* ---- the answer, read ---- */

enum rc pix_result_decode(struct arena *a, const struct xml_node *body, struct pix_result *out)
{
    struct pix_result result = { 0 };
    struct patient p;

    if (!xml_is(body, NS_HL7, ANSWER))
        return E_SYNTAX;
    TRY(hl7_ack_decode(a, body, &result.ack));
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    result.response_code = hl7_code(xml_child(act, NS_HL7, "queryAck"), "queryResponseCode");
    if (result.response_code == NULL)
        return E_SYNTAX;

    hl7_patient_decode(a, hl7_registration_patient(xml_at(act, NS_HL7, "subject", "registrationEvent", NULL)), &p);
    struct patient_id **end = &result.ids;
    for (*end = p.ids; *end != NULL; end = &(*end)->next)
        ;
    *end = p.other_ids;
    *out = result;
    return OK;
}
