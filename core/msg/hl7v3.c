/*
 * The transmission wrapper of HL7 v3 interactions, acknowledgements, and the acts the PRPA messages have in common
 * (ITI TF-2: Appendix O; element order of NE2008's MCCI_MT000100UV01, MCCI_MT000200UV01, MFMI_MT700701UV01).
 */
#include "msg/hl7v3.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <stdio.h>

#define OID_INTERACTIONS "2.16.840.1.113883.1.6"    /* HL7 interactions and their trigger events */
#define OID_ACK_DETAILS  "2.16.840.1.113883.5.1100" /* AcknowledgementDetailCode */

/* ---- reading the wrapper ---- */

static void device_decode(const struct xml_node *end, struct hl7_device *out)
{
    const struct xml_node *device = xml_child(end, NS_HL7, "device");
    const struct xml_node *home = xml_at(device, NS_HL7, "asAgent", "representedOrganization", "id", NULL);

    out->root = xml_attr(xml_child(device, NS_HL7, "id"), "root");
    out->home = xml_attr(home, "root");
}

static void wrapper_read(const struct xml_node *body, struct hl7_message *out)
{
    *out = (struct hl7_message){
        .interaction = body->name,
        .creation_time = hl7_value(body, "creationTime"),
        .processing_code = hl7_code(body, "processingCode"),
        .accept_ack = hl7_code(body, "acceptAckCode"),
    };
    hl7_ii_read(xml_child(body, NS_HL7, "id"), &out->id);
    out->respond_to = hl7_value(xml_child(body, NS_HL7, "respondTo"), "telecom");
    device_decode(xml_child(body, NS_HL7, "sender"), &out->sender);
    device_decode(xml_child(body, NS_HL7, "receiver"), &out->receiver);
}

/* "QUQI_IN000003UV01_Cancel": what some WSDLs call the body when one interaction is several operations. */
static bool is_operation(const char *name, const char *interaction)
{
    size_t n = text_absent(interaction) ? 0 : strlen(interaction);

    return n > 0 && text_starts(name, interaction) &&
           (text_equal(name + n, HL7_CONTINUE) || text_equal(name + n, HL7_CANCEL));
}

static enum rc interaction_check(struct arena *a, const struct xml_node *body, struct hl7_message *out,
                                 struct issue_list *issues)
{
    TRY(hl7_require(a, RULE_V3_INTERACTION_THERE, body, "interactionId",
                    "root " OID_INTERACTIONS " and the interaction as extension", issues));
    const struct xml_node *id = xml_child(body, NS_HL7, "interactionId");
    const char *extension = xml_attr(id, "extension");

    if (text_equal(extension, body->name))
        return OK;
    if (is_operation(body->name, extension)) {
        out->interaction = extension;
        return OK;
    }
    rule_break(a, issues, RULE_V3_INTERACTION, hl7_place(a, id, NULL),
               "interactionId is %s but the message is a %s: both must name the same interaction",
               extension == NULL ? "without extension" : extension, body->name);
    return E_REFUSED;
}

static enum rc device_check(struct arena *a, enum rule rule, const struct xml_node *body, const char *end,
                            const struct hl7_device *device, struct issue_list *issues)
{
    if (xml_count(body, NS_HL7, end) > 1) {
        rule_break(a, issues, RULE_V3_ONE_END, hl7_place(a, body, arena_printf(a, "%s[2]", end)),
                   "a message has one %s", end);
        return E_REFUSED;
    }
    if (!text_absent(device->root))
        return OK;
    rule_break(a, issues, rule, hl7_place(a, body, arena_printf(a, "%s/device/id", end)),
               "%s/device/id is missing: it needs a root that names the device", end);
    return E_REFUSED;
}

/* What every wrapper says of the message, and what may stand there (Appendix O.1.1). */
static const struct code_rule {
    const char *element, *attr;
    const char *const values[4]; /* none: a time */
    enum rule rule;
    const char *needs;
} code_rules[] = {
    { "creationTime", "value", { NULL }, RULE_V3_CREATED, "when it was made, YYYYMMDDhhmmss" },
    { "processingCode", "code", { "P", "T", "D" }, RULE_V3_PROCESSING, "P, T or D" },
    { "processingModeCode", "code", { "T", "I" }, RULE_V3_MODE, "T (as it comes) or I (initial load)" },
    { "acceptAckCode", "code", { "AL", "ER", "NE", "SU" }, RULE_V3_ACCEPT, "AL, ER, NE or SU" },
};

enum { PROCESSING_CODE = 1 }; /* its row */

static bool code_fits(const struct code_rule *rule, const char *text)
{
    if (rule->values[0] == NULL)
        return hl7_is_time(text);
    for (size_t i = 0; i < ARRAY_LEN(rule->values); i++) {
        if (text_equal(text, rule->values[i]))
            return true;
    }
    return false;
}

static enum rc codes_check(struct arena *a, const struct xml_node *body, struct issue_list *issues)
{
    enum rc rc = OK;

    for (size_t i = 0; i < ARRAY_LEN(code_rules); i++) {
        const struct code_rule *rule = &code_rules[i];
        const char *text = xml_attr(xml_child(body, NS_HL7, rule->element), rule->attr);
        if (text != NULL && code_fits(rule, text))
            continue;
        rule_break(a, issues, text == NULL ? RULE_V3_CODES : rule->rule,
                   hl7_place(a, body, arena_printf(a, "%s/@%s", rule->element, rule->attr)),
                   "%s is %s%.40s%s: it needs %s", rule->element, text == NULL ? "missing" : "\"",
                   text == NULL ? "" : text, text == NULL ? "" : "\"", rule->needs);
        rc = E_REFUSED;
    }
    return rc;
}

enum rc hl7_message_decode(struct arena *a, const struct xml_node *body, struct hl7_message *out,
                           struct issue_list *issues)
{
    *out = (struct hl7_message){ 0 };
    if (body == NULL || body->name == NULL || !xml_is(body, NS_HL7, body->name)) {
        issue_add(a, issues, ISSUE_SOAP_BODY, NULL, "the body holds no HL7 v3 interaction (namespace %s)", NS_HL7);
        return E_REFUSED;
    }
    wrapper_read(body, out);
    bool fits = hl7_require(a, RULE_V3_ID, body, "id", "a root, and an extension unless the root is a UUID", issues) ==
                OK;
    fits &= codes_check(a, body, issues) == OK;
    fits &= interaction_check(a, body, out, issues) == OK;
    fits &= device_check(a, RULE_V3_RECEIVER, body, "receiver", &out->receiver, issues) == OK;
    fits &= device_check(a, RULE_V3_SENDER, body, "sender", &out->sender, issues) == OK;
    return fits ? OK : E_REFUSED;
}

enum rc hl7_message_decode_as(struct arena *a, const struct xml_node *body, const char *interaction,
                              struct hl7_message *out, struct issue_list *issues)
{
    enum rc rc = hl7_message_decode(a, body, out, issues);

    if (out->interaction != NULL && !text_equal(out->interaction, interaction)) {
        issue_add(a, issues, ISSUE_SOAP_BODY, hl7_place(a, body, NULL), "this takes a %s, not a %s", interaction,
                  out->interaction);
        return E_REFUSED;
    }
    return rc;
}

/* ---- writing the wrapper ---- */

struct hl7_message hl7_message_new(struct arena *a, const char *interaction, const struct hl7_message *request)
{
    struct hl7_message m = { .interaction = interaction, .processing_code = "P", .accept_ack = "AL" };
    char uuid[IDS_UUID_LEN], now[CLOCK_DTM_LEN];

    ids_uuid(uuid);
    clock_dtm(clock_now(), now);
    m.id.root = arena_strdup(a, uuid);
    m.creation_time = arena_strdup(a, now);
    if (request == NULL)
        return m;
    m.accept_ack = "NE"; /* nobody acknowledges an answer */
    m.sender = request->receiver;
    m.receiver = request->sender;
    if (request->processing_code != NULL && code_fits(&code_rules[PROCESSING_CODE], request->processing_code))
        m.processing_code = request->processing_code;
    return m;
}

static void agent_write(struct xml_writer *w, const char *home)
{
    struct patient_id id = { .root = home };

    xw_open(w, "asAgent");
    xw_attr(w, "classCode", "AGNT");
    xw_open(w, "representedOrganization");
    xw_attr(w, "classCode", "ORG");
    xw_attr(w, "determinerCode", "INSTANCE");
    hl7_ii_write(w, "id", &id);
    xw_close(w);
    xw_close(w);
}

static void device_write(struct xml_writer *w, const char *element, const char *type, const struct hl7_device *device)
{
    struct patient_id id = { .root = device->root };

    xw_open(w, element);
    xw_attr(w, "typeCode", type);
    xw_open(w, "device");
    xw_attr(w, "classCode", "DEV");
    xw_attr(w, "determinerCode", "INSTANCE");
    hl7_ii_write(w, "id", &id);
    if (device->home != NULL)
        agent_write(w, device->home);
    xw_close(w);
    xw_close(w);
}

/* The schema wants to know who answers, too. */
static void respond_to_write(struct xml_writer *w, const struct hl7_message *m)
{
    struct patient_id id = { .root = m->sender.root };

    if (m->respond_to == NULL)
        return;
    xw_open(w, "respondTo");
    xw_attr(w, "typeCode", "RSP");
    hl7_value_write(w, "telecom", m->respond_to);
    xw_open(w, "entityRsp");
    xw_attr(w, "classCode", "ENT");
    xw_attr(w, "determinerCode", "INSTANCE");
    hl7_ii_write(w, "id", &id);
    xw_close(w);
    xw_close(w);
}

void hl7_message_open(struct xml_writer *w, const struct hl7_message *m)
{
    struct patient_id interaction = { .root = OID_INTERACTIONS, .extension = m->interaction };

    xw_open(w, m->interaction);
    xw_attr(w, "xmlns", NS_HL7);
    xw_attr(w, "xmlns:xsi", NS_XSI);
    xw_attr(w, "ITSVersion", "XML_1.0");
    hl7_ii_write(w, "id", &m->id);
    hl7_value_write(w, "creationTime", m->creation_time);
    hl7_ii_write(w, "interactionId", &interaction);
    hl7_code_write(w, "processingCode", m->processing_code);
    hl7_code_write(w, "processingModeCode", "T");
    hl7_code_write(w, "acceptAckCode", m->accept_ack);
    device_write(w, "receiver", "RCV", &m->receiver);
    respond_to_write(w, m);
    device_write(w, "sender", "SND", &m->sender);
}

/* ---- acknowledgement ---- */

static void detail_write(struct xml_writer *w, const struct issue *i)
{
    const char *code = issue_row(i->code)->hl7;

    xw_open(w, "acknowledgementDetail");
    xw_attr(w, "typeCode", i->is_warning ? "W" : "E");
    xw_open(w, "code");
    xw_attr(w, "code", code == NULL ? issue_row(ISSUE_HL7_INTERNAL)->hl7 : code);
    xw_attr(w, "codeSystem", OID_ACK_DETAILS);
    xw_close(w);
    xw_element(w, "text", i->text);
    xw_element(w, "location", i->place);
    xw_close(w);
}

void hl7_ack_write(struct xml_writer *w, const char *type_code, const struct patient_id *target,
                   const struct issue_list *issues)
{
    xw_open(w, "acknowledgement");
    hl7_code_write(w, "typeCode", type_code);
    xw_open(w, "targetMessage");
    hl7_ii_write(w, "id", target);
    xw_close(w);
    for (const struct issue *i = issues->first; i != NULL; i = i->next)
        detail_write(w, i);
    xw_close(w);
}

/* Not read any further than the wrapper: the message is of a kind that is not for us. */
static const enum issue_code rejections[] = { ISSUE_HL7_MESSAGE_TYPE, ISSUE_HL7_EVENT, ISSUE_HL7_PROCESSING_ID,
                                              ISSUE_HL7_PROCESSING_MODE, ISSUE_HL7_VERSION };
/* What is wrong with how a query is written, rather than with what it asks. */
static const enum issue_code misspellings[] = { ISSUE_HL7_REQUIRED_MISSING, ISSUE_HL7_BAD_VALUE,
                                                ISSUE_HL7_TABLE_VALUE };

static bool has_any(const struct issue_list *issues, const enum issue_code *codes, size_t count)
{
    for (const struct issue *i = issues->first; i != NULL; i = i->next) {
        for (size_t k = 0; !i->is_warning && k < count; k++) {
            if (i->code == codes[k])
                return true;
        }
    }
    return false;
}

const char *hl7_ack_code(const struct issue_list *issues, bool is_accept_level)
{
    static const char *const codes[2][3] = { { "AA", "AE", "AR" }, { "CA", "CE", "CR" } };
    int verdict = issues->errors == 0 ? 0 : has_any(issues, rejections, ARRAY_LEN(rejections)) ? 2 : 1;

    return codes[is_accept_level][verdict];
}

static bool is_misspelled(const struct issue_list *issues)
{
    return has_any(issues, misspellings, ARRAY_LEN(misspellings));
}

const char *hl7_response_code(const struct issue_list *issues, bool is_found)
{
    if (issues->errors > 0)
        return is_misspelled(issues) ? "QE" : "AE";
    return is_found ? "OK" : "NF";
}

/* The row whose spelling a peer used; what nobody listed counts as an internal error of the peer. */
static enum issue_code issue_of_detail(const char *code)
{
    for (int i = ISSUE_HL7_UNKNOWN_KEY; i <= ISSUE_HL7_INTERNAL; i++) {
        if (text_equal(issue_row((enum issue_code)i)->hl7, code))
            return (enum issue_code)i;
    }
    return ISSUE_HL7_INTERNAL;
}

static void detail_decode(struct arena *a, const struct xml_node *detail, struct issue_list *out)
{
    const char *type = xml_attr(detail, "typeCode");
    const char *code = hl7_code(detail, "code");
    const char *text = xml_text_trimmed(a, xml_child(detail, NS_HL7, "text"));
    bool is_warning = text_equal(type, "W") || text_equal(type, "I");
    struct issue *i = issue_add(a, out, issue_of_detail(code), NULL, "%s", text == NULL ? "" : text);

    i->ebrs = code;
    i->place = xml_text_trimmed(a, xml_child(detail, NS_HL7, "location"));
    i->is_warning = is_warning;
    if (is_warning) { /* issue_add counted it by its row */
        out->errors--;
        out->warnings++;
    }
}

enum rc hl7_ack_decode(struct arena *a, const struct xml_node *body, struct hl7_ack *out)
{
    const struct xml_node *ack = xml_child(body, NS_HL7, "acknowledgement");
    const char *type_code = hl7_code(ack, "typeCode");

    if (type_code == NULL)
        return E_SYNTAX;
    *out = (struct hl7_ack){ .type_code = type_code };
    hl7_ii_read(xml_at(ack, NS_HL7, "targetMessage", "id", NULL), &out->target);
    for (const struct xml_node *d = xml_child(ack, NS_HL7, "acknowledgementDetail"); d != NULL; d = xml_next(d))
        detail_decode(a, d, &out->details);
    return OK;
}

void mcci_ack_encode(struct arena *a, const struct hl7_message *request, const struct issue_list *issues,
                     struct buf *out)
{
    struct hl7_message m = hl7_message_new(a, "MCCI_IN000002UV01", request);
    struct xml_writer w;

    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_ack_write(&w, hl7_ack_code(issues, true), &request->id, issues);
    xw_close(&w);
}

/* ---- control acts, registrations, queries ---- */

#define TRIGGER_LEN 64

/* PRPA_IN201305UV02 comes of PRPA_TE201305UV02, QUQI_IN000003UV01 of PRPA_TE000003UV01. */
static void trigger_of(const char *interaction, char out[static TRIGGER_LEN])
{
    snprintf(out, TRIGGER_LEN, "PRPA_TE%.32s", interaction + strlen("PRPA_IN"));
}

enum rc hl7_control_act_check(struct arena *a, enum rule rule, const struct xml_node *body, const char *interaction,
                              const char *satisfied_by, struct issue_list *issues)
{
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    const char *code = hl7_code(act, "code");
    char trigger[TRIGGER_LEN];

    TRY(hl7_require(a, rule, body, "controlActProcess", satisfied_by, issues));
    trigger_of(interaction, trigger);
    if (code == NULL || strcmp(code, trigger) == 0)
        return OK;
    rule_break(a, issues, RULE_V3_TRIGGER, hl7_place(a, act, "code/@code"),
               "the trigger event of %s is %s, not \"%.40s\"", interaction, trigger, code);
    return E_REFUSED;
}

void hl7_control_act_open(struct xml_writer *w, const char *interaction)
{
    char trigger[TRIGGER_LEN];

    trigger_of(interaction, trigger);
    xw_open(w, "controlActProcess");
    xw_attr(w, "classCode", "CACT");
    xw_attr(w, "moodCode", "EVN");
    xw_open(w, "code");
    xw_attr(w, "code", trigger);
    xw_attr(w, "codeSystem", OID_INTERACTIONS);
    xw_close(w);
}

void hl7_registration_open(struct xml_writer *w)
{
    xw_open(w, "subject");
    xw_attr(w, "typeCode", "SUBJ");
    xw_open(w, "registrationEvent");
    xw_attr(w, "classCode", "REG");
    xw_attr(w, "moodCode", "EVN");
    xw_open(w, "id");
    xw_attr(w, "nullFlavor", "NA");
    xw_close(w);
    hl7_code_write(w, "statusCode", "active");
    xw_open(w, "subject1");
    xw_attr(w, "typeCode", "SBJ");
}

void hl7_custodian_write(struct xml_writer *w, const char *root)
{
    struct patient_id custodian = { .root = root };

    xw_close(w); /* subject1 */
    xw_open(w, "custodian");
    xw_attr(w, "typeCode", "CST");
    xw_open(w, "assignedEntity");
    xw_attr(w, "classCode", "ASSIGNED");
    hl7_ii_write(w, "id", &custodian);
    xw_close(w);
    xw_close(w);
}

struct xml_node *hl7_registration_patient(const struct xml_node *registration)
{
    return xml_at(registration, NS_HL7, "subject1", "patient", NULL);
}

enum rc hl7_query_check(struct arena *a, const struct xml_node *body, const char *interaction,
                        struct issue_list *issues)
{
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");

    TRY(hl7_control_act_check(a, RULE_V3_QUERY_ACT, body, interaction, "a queryByParameter", issues));
    TRY(hl7_require(a, RULE_V3_QUERY_ACT, act, "queryByParameter", "queryId, statusCode and parameterList", issues));
    const struct xml_node *query = xml_child(act, NS_HL7, "queryByParameter");
    TRY(hl7_require(a, RULE_V3_QUERY_ID, query, "queryId", "a root that no other query has, or root and extension",
                    issues));
    TRY(hl7_require(a, RULE_V3_QUERY_STATUS, query, "statusCode", "the code new", issues));
    const char *status = hl7_code(query, "statusCode");
    if (!text_equal(status, "new")) {
        rule_break(a, issues, RULE_V3_QUERY_NEW, hl7_place(a, query, "statusCode/@code"),
                   "the statusCode of a query is new, not \"%.40s\"", status == NULL ? "" : status);
        return E_REFUSED;
    }
    return hl7_require(a, RULE_V3_QUERY_LIST, query, "parameterList", "what is asked for", issues);
}

void hl7_ii_parameter_write(struct xml_writer *w, const char *element, const struct patient_id *value,
                            const char *semantics)
{
    xw_open(w, element);
    hl7_ii_write(w, "value", value);
    xw_element(w, "semanticsText", semantics);
    xw_close(w);
}

void hl7_query_ack_open(struct xml_writer *w, const struct patient_id *query_id, const char *response_code)
{
    bool is_delivered = text_equal(response_code, "OK") || text_equal(response_code, "NF");

    xw_open(w, "queryAck");
    hl7_ii_write(w, "queryId", query_id);
    hl7_code_write(w, "statusCode", is_delivered ? "deliveredResponse" : "aborted");
    hl7_code_write(w, "queryResponseCode", response_code);
}

static void types_unprefix(struct xml_node *n)
{
    for (struct xml_attr *attr = n->attrs; attr != NULL; attr = attr->next) {
        if (!text_equal(attr->ns, NS_XSI) || !text_equal(attr->name, "type"))
            continue;
        const char *colon = strchr(attr->value, ':');
        if (colon != NULL)
            attr->value = colon + 1;
    }
    for (struct xml_node *c = xml_first_element(n); c != NULL; c = xml_next_element(c))
        types_unprefix(c);
}

void hl7_echo_write(struct arena *a, struct xml_writer *w, const struct issue_list *issues,
                    struct xml_node *query_by_parameter)
{
    if (query_by_parameter == NULL || is_misspelled(issues))
        return;
    struct buf *echo = buf_new(a, BUF_MAX_DEFAULT);
    types_unprefix(query_by_parameter);
    xml_write_node(echo, query_by_parameter);
    xw_raw(w, buf_str(echo));
}

/* ---- places and refusals ---- */

const char *hl7_place(struct arena *a, const struct xml_node *n, const char *child)
{
    static const char envelope[] = "/Envelope/Body";
    const char *path = xml_path(a, n);

    if (text_starts(path, envelope))
        path += strlen(envelope);
    return child == NULL ? path : arena_printf(a, "%s/%s", path, child);
}

enum rc hl7_require(struct arena *a, enum rule rule, const struct xml_node *parent, const char *child,
                    const char *satisfied_by, struct issue_list *issues)
{
    if (xml_child(parent, NS_HL7, child) != NULL)
        return OK;
    rule_break(a, issues, rule, hl7_place(a, parent, child), "%s is missing: it needs %s", child, satisfied_by);
    return E_REFUSED;
}
