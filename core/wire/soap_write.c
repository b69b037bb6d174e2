/* Writing SOAP 1.2 envelopes and faults (SOAP 1.2 part 1: 5.4; WS-Addressing SOAP binding: 6). */
#include "wire/soap.h"

#include "wire/ns.h"

#include <string.h>

static const struct {
    const char *text;
    int status;
} codes[] = {
    [SOAP_SENDER] = { "env:Sender", 400 },
    [SOAP_RECEIVER] = { "env:Receiver", 500 },
    [SOAP_MUST_UNDERSTAND] = { "env:MustUnderstand", 500 },
    [SOAP_VERSION_MISMATCH] = { "env:VersionMismatch", 500 },
};

const char *soap_code_text(enum soap_code code)
{
    return codes[code].text;
}

int soap_fault_status(const struct soap_fault *fault)
{
    return codes[fault->code].status;
}

static void envelope_open(struct xml_writer *w)
{
    buf_add_literal(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_open(w, "env:Envelope");
    xw_attr(w, "xmlns:env", NS_SOAP12);
    xw_attr(w, "xmlns:wsa", NS_WSA);
    xw_open(w, "env:Header");
}

static void action_write(struct xml_writer *w, const char *action)
{
    xw_open(w, "wsa:Action");
    xw_attr(w, "env:mustUnderstand", "1");
    xw_text(w, action);
    xw_close(w);
}

/* Each child of an endpoint's ReferenceParameters is a header of what is sent there. */
static void parameters_write(struct xml_writer *w, const struct xml_node *parameters)
{
    for (struct xml_node *p = xml_first_element(parameters); p != NULL; p = xml_next_element(p)) {
        struct xml_attr mark = { .ns = NS_WSA, .name = "IsReferenceParameter", .value = "true", .next = p->attrs };
        struct xml_node marked = *p;
        if (xml_attr_ns(p, NS_WSA, "IsReferenceParameter") == NULL)
            marked.attrs = &mark;
        xw_raw(w, STR(""));
        xml_write_node(w->out, &marked);
    }
}

static void addressing_write(struct xml_writer *w, const struct soap_headers *h)
{
    xw_element(w, "wsa:MessageID", h->message_id);
    xw_element(w, "wsa:RelatesTo", h->relates_to);
    xw_element(w, "wsa:To", h->to);
    if (h->reply_to != NULL) {
        xw_open(w, "wsa:ReplyTo");
        xw_element(w, "wsa:Address", h->reply_to);
        xw_close(w);
    }
    parameters_write(w, h->parameters);
    if (h->more.len > 0)
        xw_raw(w, h->more);
}

void soap_write_head(struct buf *out, const struct soap_headers *h)
{
    struct xml_writer w;

    xw_init(&w, out);
    envelope_open(&w);
    action_write(&w, h->action);
    addressing_write(&w, h);
    xw_close(&w);
    xw_open(&w, "env:Body");
    xw_text(&w, "");
}

void soap_write_tail(struct buf *out)
{
    buf_add_literal(out, "</env:Body></env:Envelope>");
}

/* ---- faults ---- */

/* WS-Addressing SOAP binding 6: its own faults have one action, all others another. */
static const char *fault_action(const struct soap_fault *fault)
{
    return fault->subcode != NULL && text_starts(fault->subcode, "wsa:") ? WSA_ACTION_FAULT : WSA_ACTION_SOAP_FAULT;
}

/* SOAP 1.2 part 1: 5.4.8. fault->problem is "{namespace}name". */
static void not_understood_write(struct xml_writer *w, const char *problem)
{
    const char *close = problem == NULL ? NULL : strchr(problem, '}');

    if (close == NULL)
        return;
    struct buf *out = w->out;
    bool is_bare = close == problem + 1;
    xw_raw(w, STR("<env:NotUnderstood"));
    if (!is_bare) {
        buf_add_literal(out, " xmlns:nu=\"");
        xml_escape_n(out, problem + 1, (size_t)(close - problem) - 1);
        buf_add_char(out, '"');
    }
    buf_add_text(out, is_bare ? " qname=\"" : " qname=\"nu:");
    xml_escape(out, close + 1);
    buf_add_literal(out, "\"/>");
}

/* SOAP 1.2 part 1: 5.4.7: what we would have understood. */
static void upgrade_write(struct xml_writer *w)
{
    xw_open(w, "env:Upgrade");
    xw_open(w, "env:SupportedEnvelope");
    xw_attr(w, "qname", "env:Envelope");
    xw_close(w);
    xw_close(w);
}

static void value_write(struct xml_writer *w, const char *qname)
{
    static const struct {
        const char *prefix, *declaration, *ns;
    } others[] = { { "wsse:", "xmlns:wsse", NS_WSSE }, { "wsu:", "xmlns:wsu", NS_WSU } };

    xw_open(w, "env:Value");
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (text_starts(qname, others[i].prefix))
            xw_attr(w, others[i].declaration, others[i].ns);
    }
    xw_text(w, qname);
    xw_close(w);
}

/* A code holds its subcode, which holds its own. */
static void code_write(struct xml_writer *w, const struct soap_fault *fault)
{
    const char *subcodes[] = { fault->subcode, fault->subsubcode };
    size_t opened = 0;

    xw_open(w, "env:Code");
    value_write(w, codes[fault->code].text);
    for (; opened < ARRAY_LEN(subcodes) && subcodes[opened] != NULL; opened++) {
        xw_open(w, "env:Subcode");
        value_write(w, subcodes[opened]);
    }
    while (opened-- > 0)
        xw_close(w);
    xw_close(w);
}

static void reason_write(struct xml_writer *w, const struct soap_fault *fault)
{
    xw_open(w, "env:Reason");
    xw_open(w, "env:Text");
    xw_attr(w, "xml:lang", "en");
    xw_text(w, fault->reason == NULL ? "No reason is known" : fault->reason);
    if (fault->place != NULL) {
        xw_text(w, " (at ");
        xw_text(w, fault->place);
        xw_text(w, ")");
    }
    xw_close(w);
    xw_close(w);
}

/* WS-Addressing SOAP binding 6.3. */
static void detail_write(struct xml_writer *w, const struct soap_fault *fault)
{
    if (fault->problem == NULL || fault->code == SOAP_MUST_UNDERSTAND)
        return;
    xw_open(w, "env:Detail");
    if (text_equal(fault->subcode, "wsa:ActionNotSupported") || text_equal(fault->subsubcode, "wsa:ActionMismatch")) {
        xw_open(w, "wsa:ProblemAction");
        xw_element(w, "wsa:Action", fault->problem);
        xw_close(w);
    } else {
        xw_element(w, "wsa:ProblemHeaderQName", fault->problem);
    }
    xw_close(w);
}

void soap_write_fault(struct buf *out, const struct soap_fault *fault, const char *relates_to)
{
    soap_write_fault_with(out, fault, &(struct soap_headers){ .relates_to = relates_to });
}

void soap_write_fault_with(struct buf *out, const struct soap_fault *fault, const struct soap_headers *h)
{
    struct xml_writer w;

    xw_init(&w, out);
    envelope_open(&w);
    action_write(&w, fault_action(fault));
    addressing_write(&w, h);
    if (fault->code == SOAP_MUST_UNDERSTAND)
        not_understood_write(&w, fault->problem);
    if (fault->code == SOAP_VERSION_MISMATCH)
        upgrade_write(&w);
    xw_close(&w);

    xw_open(&w, "env:Body");
    xw_open(&w, "env:Fault");
    code_write(&w, fault);
    reason_write(&w, fault);
    detail_write(&w, fault);
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
}
