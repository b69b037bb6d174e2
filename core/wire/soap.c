/*
 * Reading SOAP 1.2 envelopes with WS-Addressing 1.0 (SOAP 1.2 part 1: 2.4, 5; WS-Addressing SOAP binding: 6; ITI TF-2:
 * Appendix V.3).
 */
#include "wire/soap.h"

#include "base/arena.h"
#include "wire/ns.h"

#include <string.h>

enum wsa { WSA_ACTION, WSA_MESSAGE_ID, WSA_TO, WSA_FROM, WSA_REPLY_TO, WSA_FAULT_TO, WSA_RELATES_TO, WSA_COUNT };

static const struct {
    const char *name, *qname;
    bool is_endpoint; /* the address is in a child, wsa:Address */
    bool may_repeat;
} wsa_rows[WSA_COUNT] = {
    [WSA_ACTION] = { "Action", "wsa:Action", false, false },
    [WSA_MESSAGE_ID] = { "MessageID", "wsa:MessageID", false, false },
    [WSA_TO] = { "To", "wsa:To", false, false },
    [WSA_FROM] = { "From", "wsa:From", true, false },
    [WSA_REPLY_TO] = { "ReplyTo", "wsa:ReplyTo", true, false },
    [WSA_FAULT_TO] = { "FaultTo", "wsa:FaultTo", true, false },
    [WSA_RELATES_TO] = { "RelatesTo", "wsa:RelatesTo", false, true },
};

/* What the headers hold of addressing: the first node of each kind, its text, and the first kind that came twice. */
struct addressing {
    const struct xml_node *node[WSA_COUNT], *repeated;
    const char *text[WSA_COUNT];
    enum wsa repeated_kind;
};

static enum rc refuse(struct soap_fault *fault, struct soap_fault what)
{
    *fault = what;
    return E_REFUSED;
}

/* ---- headers ---- */

#define ROLE "http://www.w3.org/2003/05/soap-envelope/role/"

/* SOAP 1.2 part 1: 2.2. A header for another role is not ours to look at. */
static bool is_for_us(const struct xml_node *header)
{
    const char *role = xml_attr_ns(header, NS_SOAP12, "role");

    return text_absent(role) || strcmp(role, ROLE "next") == 0 || strcmp(role, ROLE "ultimateReceiver") == 0;
}

static bool is_mandatory(const struct xml_node *header)
{
    struct str value = str_trim(str_from(xml_attr_ns(header, NS_SOAP12, "mustUnderstand")));

    return str_is(value, "1") || str_is(value, "true");
}

static bool is_understood(const struct xml_node *header)
{
    return text_equal(header->ns, NS_WSA) || xml_is(header, NS_WSSE, "Security") ||
           xml_is(header, NS_XCPD, "CorrelationTimeToLive");
}

static const char *header_text(struct arena *a, const struct xml_node *header, enum wsa kind)
{
    const struct xml_node *holder = wsa_rows[kind].is_endpoint ? xml_child(header, NS_WSA, "Address") : header;
    const char *text = xml_text_trimmed(a, holder);

    return text_absent(text) ? NULL : text;
}

static void addressing_add(struct arena *a, struct addressing *ad, const struct xml_node *header)
{
    for (enum wsa kind = 0; kind < WSA_COUNT; kind++) {
        if (!xml_is(header, NS_WSA, wsa_rows[kind].name))
            continue;
        if (ad->node[kind] == NULL) {
            ad->node[kind] = header;
            ad->text[kind] = header_text(a, header, kind);
        } else if (!wsa_rows[kind].may_repeat && ad->repeated == NULL) {
            ad->repeated = header;
            ad->repeated_kind = kind;
        }
    }
}

static void headers_read(struct arena *a, struct soap *out, struct addressing *ad)
{
    *ad = (struct addressing){ 0 };
    out->header = xml_child(out->envelope, NS_SOAP12, "Header");
    for (struct xml_node *h = xml_first_element(out->header); h != NULL; h = xml_next_element(h)) {
        if (!is_for_us(h))
            continue;
        addressing_add(a, ad, h);
        if (out->security == NULL && xml_is(h, NS_WSSE, "Security"))
            out->security = h;
    }
    out->action = ad->text[WSA_ACTION];
    out->message_id = ad->text[WSA_MESSAGE_ID];
    out->to = ad->text[WSA_TO];
    out->reply_to = ad->text[WSA_REPLY_TO];
    out->fault_to = ad->text[WSA_FAULT_TO];
    out->relates_to = ad->text[WSA_RELATES_TO];
    out->reply_parameters = xml_child(ad->node[WSA_REPLY_TO], NS_WSA, "ReferenceParameters");
    out->fault_parameters = xml_child(ad->node[WSA_FAULT_TO], NS_WSA, "ReferenceParameters");
}

/* ---- what a request must be ---- */

static enum rc envelope_check(struct arena *a, const struct soap *in, struct soap_fault *fault)
{
    const struct xml_node *top = in->envelope;

    if (xml_is(top, NS_SOAP12, "Envelope"))
        return OK;
    if (strcmp(top->name, "Envelope") != 0)
        return refuse(fault, (struct soap_fault){ .code = SOAP_SENDER,
                                                  .flaw = SOAP_FLAW_ENVELOPE,
                                                  .reason = "The message is no SOAP envelope",
                                                  .place = xml_path(a, top) });
    return refuse(fault, (struct soap_fault){ .code = SOAP_VERSION_MISMATCH,
                                              .flaw = SOAP_FLAW_VERSION,
                                              .reason = text_equal(top->ns, NS_SOAP11)
                                                            ? "This is SOAP 1.1; SOAP 1.2 is spoken here"
                                                            : "The envelope is not of SOAP 1.2",
                                              .place = xml_path(a, top) });
}

static enum rc understanding_check(struct arena *a, const struct soap *in, struct soap_fault *fault)
{
    for (const struct xml_node *h = xml_first_element(in->header); h != NULL; h = xml_next_element(h)) {
        if (!is_mandatory(h) || !is_for_us(h) || is_understood(h))
            continue;
        const char *qname = arena_printf(a, "{%s}%s", h->ns == NULL ? "" : h->ns, h->name);
        return refuse(fault, (struct soap_fault){ .code = SOAP_MUST_UNDERSTAND,
                                                  .flaw = SOAP_FLAW_UNDERSTAND,
                                                  .reason = arena_printf(a, "Header %s is not understood here", qname),
                                                  .place = xml_path(a, h),
                                                  .problem = qname });
    }
    return OK;
}

static enum rc refuse_header(struct arena *a, struct soap_fault *fault, enum wsa kind, const char *subsubcode,
                             enum soap_flaw flaw, const char *what)
{
    const char *qname = wsa_rows[kind].qname;

    return refuse(fault, (struct soap_fault){ .code = SOAP_SENDER,
                                              .subcode = "wsa:InvalidAddressingHeader",
                                              .subsubcode = subsubcode,
                                              .flaw = flaw,
                                              .reason = arena_printf(a, "%s %s", qname, what),
                                              .place = qname,
                                              .problem = qname });
}

static const enum soap_flaw absences[WSA_COUNT] = {
    [WSA_ACTION] = SOAP_FLAW_ACTION_ABSENT,
    [WSA_MESSAGE_ID] = SOAP_FLAW_MESSAGE_ID_ABSENT,
    [WSA_REPLY_TO] = SOAP_FLAW_REPLY_TO_ABSENT,
};

static enum rc refuse_absence(struct arena *a, struct soap_fault *fault, enum wsa kind, const char *why)
{
    const char *qname = wsa_rows[kind].qname;

    return refuse(fault, (struct soap_fault){ .code = SOAP_SENDER,
                                              .subcode = "wsa:MessageAddressingHeaderRequired",
                                              .flaw = absences[kind],
                                              .reason = arena_printf(a, "Header %s is required%s", qname, why),
                                              .place = "/Envelope/Header",
                                              .problem = qname });
}

static enum rc addressing_check(struct arena *a, const struct addressing *ad, struct soap_fault *fault)
{
    if (ad->repeated != NULL)
        return refuse_header(a, fault, ad->repeated_kind, "wsa:InvalidCardinality", SOAP_FLAW_REPEATED,
                             "may occur only once");
    for (enum wsa kind = 0; kind < WSA_COUNT; kind++)
        if (wsa_rows[kind].is_endpoint && ad->node[kind] != NULL && ad->text[kind] == NULL)
            return refuse_header(a, fault, kind, "wsa:MissingAddressInEPR", SOAP_FLAW_ADDRESS_ABSENT,
                                 "has no wsa:Address");
    if (ad->text[WSA_ACTION] == NULL)
        return refuse_absence(a, fault, WSA_ACTION, "");
    return OK;
}

/* ITI TF-2: V.3.2.2, requirements IHE-WSA101 and IHE-WSA102. */
static enum rc ihe_check(struct arena *a, const struct addressing *ad, struct soap_fault *fault)
{
    if (!is_mandatory(ad->node[WSA_ACTION]))
        return refuse_header(a, fault, WSA_ACTION, NULL, SOAP_FLAW_ACTION_MANDATORY, "must carry mustUnderstand=\"1\"");
    if (ad->text[WSA_MESSAGE_ID] == NULL)
        return refuse_absence(a, fault, WSA_MESSAGE_ID, " in a request");
    if (ad->text[WSA_REPLY_TO] == NULL)
        return refuse_absence(a, fault, WSA_REPLY_TO, " in a request");
    return OK;
}

static void body_read(struct soap *out)
{
    out->body = xml_first_element(xml_child(out->envelope, NS_SOAP12, "Body"));
    out->is_fault = xml_is(out->body, NS_SOAP12, "Fault");
}

static enum rc body_check(struct arena *a, const struct soap *in, struct soap_fault *fault)
{
    const struct xml_node *body = xml_child(in->envelope, NS_SOAP12, "Body");
    const char *reason = body == NULL                         ? "The envelope has no env:Body"
                         : in->body == NULL                   ? "env:Body is empty"
                         : xml_next_element(in->body) != NULL ? "env:Body has more than one child"
                                                              : NULL;

    if (reason == NULL)
        return OK;
    return refuse(fault, (struct soap_fault){ .code = SOAP_SENDER,
                                              .flaw = SOAP_FLAW_BODY,
                                              .reason = reason,
                                              .place = xml_path(a, body != NULL ? body : in->envelope) });
}

enum rc soap_parse_request(struct arena *a, struct str bytes, bool strict, struct soap *out, struct soap_fault *fault)
{
    struct addressing ad;
    struct xml_error error;

    *out = (struct soap){ 0 };
    if (xml_parse(a, bytes, NULL, &out->envelope, &error) != OK)
        return refuse(fault,
                      (struct soap_fault){ .code = SOAP_SENDER,
                                           .flaw = SOAP_FLAW_XML,
                                           .reason = arena_printf(a, "The XML cannot be read: %s", error.text) });
    TRY(envelope_check(a, out, fault));
    headers_read(a, out, &ad);
    body_read(out);
    TRY(understanding_check(a, out, fault));
    TRY(addressing_check(a, &ad, fault));
    if (strict)
        TRY(ihe_check(a, &ad, fault));
    return body_check(a, out, fault);
}

/* ---- responses ---- */

static enum soap_code code_parse(const char *qname)
{
    const char *colon = qname == NULL ? NULL : strchr(qname, ':');
    const char *local = colon == NULL ? qname : colon + 1;

    for (enum soap_code code = SOAP_SENDER; code <= SOAP_VERSION_MISMATCH; code++)
        if (text_equal(local, strchr(soap_code_text(code), ':') + 1))
            return code;
    return SOAP_RECEIVER;
}

/* The English text, else the first. */
static const char *reason_read(struct arena *a, const struct xml_node *fault)
{
    const struct xml_node *first = xml_at(fault, NS_SOAP12, "Reason", "Text", NULL), *text = first;

    for (; text != NULL; text = xml_next(text)) {
        const char *lang = xml_attr_ns(text, NS_XML, "lang");
        if (lang != NULL && text_starts(lang, "en"))
            break;
    }
    const char *reason = xml_text_trimmed(a, text != NULL ? text : first);
    return text_absent(reason) ? "The peer answered with a SOAP fault that gives no reason" : reason;
}

static void fault_read(struct arena *a, const struct xml_node *body, struct soap_fault *fault)
{
    const struct xml_node *code = xml_child(body, NS_SOAP12, "Code");
    const struct xml_node *sub = xml_child(code, NS_SOAP12, "Subcode");
    const struct xml_node *detail = xml_child(body, NS_SOAP12, "Detail");
    const struct xml_node *problem = xml_at(detail, NS_WSA, "ProblemAction", "Action", NULL);

    if (problem == NULL)
        problem = xml_child(detail, NS_WSA, "ProblemHeaderQName");
    *fault = (struct soap_fault){
        .code = code_parse(xml_text_trimmed(a, xml_child(code, NS_SOAP12, "Value"))),
        .subcode = xml_text_trimmed(a, xml_child(sub, NS_SOAP12, "Value")),
        .subsubcode = xml_text_trimmed(a, xml_at(sub, NS_SOAP12, "Subcode", "Value", NULL)),
        .reason = reason_read(a, body),
        .problem = xml_text_trimmed(a, problem),
    };
}

enum rc soap_parse_response(struct arena *a, struct str bytes, struct soap *out, struct soap_fault *fault)
{
    struct addressing ad;
    struct xml_error error;
    const char *why = NULL;

    *out = (struct soap){ 0 };
    if (xml_parse(a, bytes, NULL, &out->envelope, &error) != OK)
        why = arena_printf(a, "The XML of the answer cannot be read: %s", error.text);
    else if (!xml_is(out->envelope, NS_SOAP12, "Envelope"))
        why = arena_printf(a, "The answer is no SOAP 1.2 envelope but %s", out->envelope->name);
    else if (xml_child(out->envelope, NS_SOAP12, "Body") == NULL)
        why = "The answer has no env:Body";
    if (why != NULL) {
        *fault = (struct soap_fault){ .code = SOAP_RECEIVER,
                                      .flaw = out->envelope == NULL                          ? SOAP_FLAW_XML
                                              : xml_is(out->envelope, NS_SOAP12, "Envelope") ? SOAP_FLAW_BODY
                                                                                             : SOAP_FLAW_ENVELOPE,
                                      .reason = why };
        return E_SYNTAX;
    }
    headers_read(a, out, &ad);
    body_read(out);
    if (out->is_fault)
        fault_read(a, out->body, fault);
    return OK;
}
