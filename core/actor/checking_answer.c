#include "actor/checking_answer.h"

#include "actor/daemon.h"
#include "actor/transaction.h"
#include "msg/document_content.h"
#include "msg/hl7v3.h"
#include "msg/registry_response.h"
#include "wire/hl7v2.h"
#include "wire/ns.h"

#include <string.h>

#define SEVERITIES "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"

#define BREAK(rq, rule, place, ...) ((void)rq_rule((rq), (rule), (place), __VA_ARGS__))

static bool is_one_of(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i], word))
            return true;
    }
    return false;
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- whose answer ---- */

/* By the answer's action, or, when it must be one, by what is in its body. */
static const struct transaction *row_find(const struct request *rq, bool is_known)
{
    const struct daemon_spec *spec = rq->service->daemon->spec;

    for (size_t i = 0; i < spec->transaction_count; i++) {
        if (spec->transactions[i].door == DOOR_SOAP && text_equal(spec->transactions[i].reply_action, rq->soap.action))
            return &spec->transactions[i];
    }
    bool is_silent = is_known && rq->soap.action == NULL && rq->body != NULL;
    for (size_t i = 0; is_silent && i < spec->transaction_count; i++) {
        if (spec->transactions[i].door == DOOR_SOAP && text_equal(spec->transactions[i].reply_body, rq->body->name))
            return &spec->transactions[i];
    }
    return NULL;
}

bool answer_take(struct request *rq, struct str envelope, bool is_known, struct soap_fault *fault)
{
    if (soap_parse_response(rq->arena, envelope, &rq->soap, fault) != OK)
        return is_known;
    *fault = (struct soap_fault){ 0 };
    rq->body = rq->soap.body;
    rq->transaction = rq->soap.is_fault ? NULL : row_find(rq, is_known);
    return rq->soap.is_fault || rq->transaction != NULL;
}

/* ---- faults ---- */

static void fault_check(struct request *rq)
{
    static const char *const codes[] = { "Sender", "Receiver", "MustUnderstand", "VersionMismatch",
                                         "DataEncodingUnknown" };
    const struct xml_node *value = xml_at(rq->body, NS_SOAP12, "Code", "Value", NULL);
    const struct xml_node *text = xml_at(rq->body, NS_SOAP12, "Reason", "Text", NULL);
    const char *code = xml_text_trimmed(rq->arena, value), *colon = code != NULL ? strchr(code, ':') : NULL;

    if (colon == NULL || !is_one_of(codes, ARRAY_LEN(codes), colon + 1))
        BREAK(rq, RULE_RSP_FAULT_CODE, "/Envelope/Body/Fault/Code/Value",
              "\"%.80s\" is no code of SOAP 1.2, such as env:Sender", shown(code));
    if (text_absent(xml_text_trimmed(rq->arena, text)) || xml_attr_ns(text, NS_XML, "lang") == NULL)
        BREAK(rq, RULE_RSP_FAULT_REASON, "/Envelope/Body/Fault/Reason/Text",
              "the fault gives no reason: it needs an env:Text with xml:lang");
}

/* ---- ebRS ---- */

static bool is_listed(const char *code)
{
    for (int i = 0; i < ISSUE_COUNT; i++) {
        if (text_equal(issue_row((enum issue_code)i)->ebrs, code))
            return true;
    }
    return false;
}

static void error_check(struct request *rq, const struct xml_node *error)
{
    static const char *const severities[] = { SEVERITIES "Error", SEVERITIES "Warning" };
    const char *place = xml_path(rq->arena, error), *code = xml_attr(error, "errorCode");

    if (text_absent(code))
        BREAK(rq, RULE_RSP_ERROR_CODE, place, "the error has no errorCode, such as XDSRegistryError");
    else if (!is_listed(code))
        BREAK(rq, RULE_RSP_ERROR_KNOWN, place, "the framework has no error code \"%.80s\"", code);
    if (text_absent(xml_attr(error, "codeContext")))
        BREAK(rq, RULE_RSP_ERROR_CONTEXT, place, "the error does not say in codeContext what is wrong");
    if (!is_one_of(severities, ARRAY_LEN(severities), xml_attr(error, "severity")))
        BREAK(rq, RULE_RSP_ERROR_SEVERITY, place, "severity is \"%.80s\", not " SEVERITIES "Error or Warning",
              shown(xml_attr(error, "severity")));
}

static void status_check(struct request *rq, const struct xml_node *response)
{
    struct issue_list errors = { 0 };
    enum registry_status status;
    const char *place = xml_path(rq->arena, response);
    const struct xml_node *list = xml_child(response, NS_RS, "RegistryErrorList");

    for (const struct xml_node *e = xml_child(list, NS_RS, "RegistryError"); e != NULL; e = xml_next(e))
        error_check(rq, e);
    registry_errors_decode(rq->arena, response, &errors);
    if (registry_status_parse(xml_attr(response, "status"), &status) != OK)
        BREAK(rq, RULE_RSP_STATUS, place, "status is \"%.100s\", not %s, %s or %s", shown(xml_attr(response, "status")),
              registry_status_urn(REGISTRY_SUCCESS), registry_status_urn(REGISTRY_PARTIAL_SUCCESS),
              registry_status_urn(REGISTRY_FAILURE));
    else if (status == REGISTRY_SUCCESS && errors.errors > 0)
        BREAK(rq, RULE_RSP_SUCCESS_ERRORS, place, "status is Success, but there %s %d error%s",
              errors.errors == 1 ? "is" : "are", errors.errors, errors.errors == 1 ? "" : "s");
    else if (status != REGISTRY_SUCCESS && errors.errors == 0)
        BREAK(rq, RULE_RSP_FAILURE_ERRORS, place, "it does not say in an rs:RegistryErrorList what failed");
}

static bool is_between_gateways(const struct request *rq)
{
    static const char *const ids[] = { "ITI-38", "ITI-39", "ITI-63" };

    return is_one_of(ids, ARRAY_LEN(ids), rq->transaction->id);
}

static void object_check(struct request *rq, const struct xml_node *object)
{
    static const char *const at_home[] = { "ExtrinsicObject", "RegistryPackage", "ObjectRef" };

    if (text_absent(xml_attr(object, "id")))
        BREAK(rq, RULE_RSP_OBJECT_ID, xml_path(rq->arena, object), "%s has no @id", object->name);
    if (is_between_gateways(rq) && is_one_of(at_home, ARRAY_LEN(at_home), object->name) &&
        text_absent(xml_attr(object, "home")))
        BREAK(rq, RULE_RSP_OBJECT_HOME, xml_path(rq->arena, object),
              "%s has no @home: it needs the homeCommunityId of the community that has it", object->name);
}

static void query_check(struct request *rq)
{
    const struct xml_node *list = xml_child(rq->body, NS_RIM, "RegistryObjectList");

    status_check(rq, rq->body);
    if (list == NULL)
        BREAK(rq, RULE_RSP_LIST, xml_path(rq->arena, rq->body), "it has no rim:RegistryObjectList; one may be empty");
    for (const struct xml_node *o = xml_first_element(list); o != NULL; o = xml_next_element(o))
        object_check(rq, o);
}

/* ---- documents ---- */

static void content_check(struct request *rq, const struct xml_node *document)
{
    struct document_content content;
    const char *why, *place = xml_path(rq->arena, document);

    if (document_content_decode(rq->arena, document, &content, &why) != OK)
        BREAK(rq, RULE_MTOM_CONTENT, place, "%s", why);
    else if (content.href != NULL && part_find(rq->parts, content.href) == NULL)
        BREAK(rq, RULE_MTOM_HREF, place, "no part of the package has the Content-ID that href \"%.200s\" names",
              content.href);
}

static void document_check(struct request *rq, const struct xml_node *response)
{
    static const char *const needed[] = { "RepositoryUniqueId", "DocumentUniqueId", "mimeType" };
    const struct xml_node *document = xml_child(response, NS_XDS, "Document");
    const char *place = xml_path(rq->arena, response);

    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (text_absent(xml_text_trimmed(rq->arena, xml_child(response, NS_XDS, needed[i]))))
            BREAK(rq, RULE_RSP_DOCUMENT_IDS, place, "the document comes without %s", needed[i]);
    }
    if (is_between_gateways(rq) &&
        text_absent(xml_text_trimmed(rq->arena, xml_child(response, NS_XDS, "HomeCommunityId"))))
        BREAK(rq, RULE_RSP_DOCUMENT_HOME, place, "the document comes without the HomeCommunityId of its community");
    if (document == NULL)
        BREAK(rq, RULE_RSP_DOCUMENT, place, "there is no xds:Document in it");
    else
        content_check(rq, document);
}

static void retrieve_check(struct request *rq)
{
    const struct xml_node *status = xml_child(rq->body, NS_RS, "RegistryResponse");
    const struct xml_node *d = xml_child(rq->body, NS_XDS, "DocumentResponse");

    if (status == NULL)
        BREAK(rq, RULE_RSP_STATUS, xml_path(rq->arena, rq->body), "it holds no rs:RegistryResponse with a status");
    else
        status_check(rq, status);
    for (; d != NULL; d = xml_next(d))
        document_check(rq, d);
}

static void registry_check(struct request *rq)
{
    status_check(rq, rq->body);
}

/* ---- HL7 v3 ---- */

static bool says_error(const char *type_code)
{
    static const char *const errors[] = { "AE", "AR", "CE", "CR" };

    return is_one_of(errors, ARRAY_LEN(errors), type_code);
}

static void acknowledgement_check(struct request *rq)
{
    static const char *const codes[] = { "AA", "AE", "AR", "CA", "CE", "CR" };
    const struct xml_node *ack = xml_child(rq->body, NS_HL7, "acknowledgement");
    const char *code = hl7_code(ack, "typeCode"), *place = hl7_place(rq->arena, rq->body, "acknowledgement");
    const struct xml_node *target = xml_at(ack, NS_HL7, "targetMessage", "id", NULL);

    if (!is_one_of(codes, ARRAY_LEN(codes), code)) {
        BREAK(rq, RULE_RSP_ACK, place, "there is no acknowledgement with a typeCode of AA, AE, AR, CA, CE or CR");
        return;
    }
    if (target == NULL)
        BREAK(rq, RULE_RSP_TARGET, place, "targetMessage/id is missing: it is the id of the message that is answered");
    if (says_error(code) && xml_at(ack, NS_HL7, "acknowledgementDetail", "code", NULL) == NULL)
        BREAK(rq, RULE_RSP_DETAIL, place, "it says %s, but no acknowledgementDetail with a code says why", code);
}

/* What was sent without its ends cannot be answered with both. */
static void wrapper_check(struct request *rq)
{
    const char *code = hl7_code(xml_child(rq->body, NS_HL7, "acknowledgement"), "typeCode");
    struct hl7_message message;

    if (!says_error(code) && hl7_message_decode(rq->arena, rq->body, &message, &rq->issues) != OK)
        rq_debug(rq, "the wrapper of the answer is not whole");
    acknowledgement_check(rq);
}

static void query_ack_check(struct request *rq)
{
    static const char *const codes[] = { "OK", "NF", "AE", "QE" };
    const struct xml_node *act = xml_child(rq->body, NS_HL7, "controlActProcess");
    const struct xml_node *ack = xml_child(act, NS_HL7, "queryAck");

    wrapper_check(rq);
    if (!is_one_of(codes, ARRAY_LEN(codes), hl7_code(ack, "queryResponseCode")))
        BREAK(rq, RULE_RSP_QUERY_ACK, hl7_place(rq->arena, rq->body, "controlActProcess/queryAck"),
              "there is no queryAck with a queryResponseCode of OK, NF, AE or QE");
    if (xml_child(act, NS_HL7, "queryByParameter") == NULL &&
        !is_one_of(codes + 2, 2, hl7_code(ack, "queryResponseCode")))
        BREAK(rq, RULE_RSP_QUERY_ECHO, hl7_place(rq->arena, act, NULL), "the queryByParameter is not repeated in it");
}

/* ---- all of them ---- */

static const struct {
    const char *body;
    void (*check)(struct request *rq);
} bodies[] = {
    { "AdhocQueryResponse", query_check },
    { "RegistryResponse", registry_check },
    { "RetrieveDocumentSetResponse", retrieve_check },
    { "MCCI_IN000002UV01", wrapper_check },
    { "PRPA_IN201306UV02", query_ack_check },
    { "PRPA_IN201310UV02", query_ack_check },
};

static void body_check(struct request *rq)
{
    const struct transaction *t = rq->transaction;
    const char *ns = t->reply_ns != NULL ? t->reply_ns : t->body_ns;

    if (!xml_is(rq->body, ns, t->reply_body)) {
        BREAK(rq, RULE_RSP_BODY, "/Envelope/Body", "the action %s promises {%s}%s, but the body holds %s",
              shown(rq->soap.action), ns, t->reply_body, rq->body != NULL ? rq->body->name : "nothing");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        if (strcmp(bodies[i].body, t->reply_body) == 0)
            bodies[i].check(rq);
    }
}

static void headers_check(struct request *rq)
{
    if (rq->soap.action == NULL)
        BREAK(rq, RULE_WSA_ACTION_ABSENT, "/Envelope/Header", "the answer has no wsa:Action");
    if (text_absent(rq->soap.relates_to))
        BREAK(rq, RULE_RSP_RELATES, "/Envelope/Header", "wsa:RelatesTo is missing: it repeats the request's MessageID");
}

void answer_check(struct request *rq)
{
    headers_check(rq);
    if (rq->soap.is_fault) {
        fault_check(rq);
        return;
    }
    if (rq->is_mtom != rq->transaction->mtom)
        BREAK(rq, RULE_RSP_PACKAGING, NULL, "%s answers as %s, but this came as %s", rq->transaction->id,
              rq->transaction->mtom ? "MTOM/XOP" : "simple SOAP", rq->is_mtom ? "MTOM/XOP" : "simple SOAP");
    body_check(rq);
}

/* ---- HL7 v2 ---- */

bool answer_is_hl7v2(const struct request *rq)
{
    const char *type = hl7v2_text(rq->hl7v2, rq->hl7v2->segments, 9, 1);

    return text_equal(type, "ACK") || text_equal(type, "RSP");
}

static void query_answer_check(struct request *rq)
{
    static const char *const codes[] = { "OK", "NF", "AE", "AR" };
    const struct hl7v2 *m = rq->hl7v2;

    if (!is_one_of(codes, ARRAY_LEN(codes), hl7v2_text(m, hl7v2_segment(m, "QAK"), 2, 1)))
        BREAK(rq, RULE_RSP_QAK, "QAK^1^2", "there is no QAK with OK, NF, AE or AR in QAK-2");
    if (hl7v2_segment(m, "QPD") == NULL && !says_error(hl7v2_text(m, hl7v2_segment(m, "QAK"), 2, 1)))
        BREAK(rq, RULE_RSP_QPD, "QPD^1", "the query's QPD is not repeated");
}

void answer_check_hl7v2(struct request *rq)
{
    static const char *const codes[] = { "AA", "AE", "AR", "CA", "CE", "CR" };
    const struct hl7v2 *m = rq->hl7v2;
    const struct hl7v2_segment *msa = hl7v2_segment(m, "MSA");
    const char *code = hl7v2_text(m, msa, 1, 1);

    if (!is_one_of(codes, ARRAY_LEN(codes), code))
        BREAK(rq, RULE_RSP_MSA, "MSA^1^1", "there is no MSA with AA, AE, AR, CA, CE or CR in MSA-1");
    else if (!says_error(code) && text_absent(hl7v2_text(m, msa, 2, 1)))
        BREAK(rq, RULE_RSP_MSA_ID, "MSA^1^2", "MSA-2 is empty: it repeats MSH-10 of the message");
    if (says_error(code) && hl7v2_segment(m, "ERR") == NULL)
        BREAK(rq, RULE_RSP_ERR, "ERR^1", "it says %s, but no ERR says why", code);
    if (text_equal(hl7v2_text(m, m->segments, 9, 1), "RSP"))
        query_answer_check(rq);
}
