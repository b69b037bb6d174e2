#include "msg/quqi.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define INTERACTION "QUQI_IN000003UV01"

/* *out stays as it is when there is none. */
static enum rc number_read(struct arena *a, const struct xml_node *continuation, const char *element, int *out,
                           struct issue_list *issues)
{
    const char *text = hl7_value(continuation, element);
    char *end;

    if (text == NULL)
        return OK;
    long n = strtol(text, &end, 10);
    if (end != text && *end == '\0' && n >= 0 && n <= INT_MAX) {
        *out = (int)n;
        return OK;
    }
    rule_break(a, issues, RULE_V3_MORE_QUANTITY, hl7_place(a, xml_child(continuation, NS_HL7, element), NULL),
               "%s is a number of patients", element);
    return E_REFUSED;
}

enum rc quqi_decode(struct arena *a, const struct xml_node *body, struct quqi *out, struct issue_list *issues)
{
    *out = (struct quqi){ .quantity = -1, .start = -1 };
    enum rc wrapper = hl7_message_decode_as(a, body, INTERACTION, &out->message, issues);
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    const struct xml_node *continuation = xml_child(act, NS_HL7, "queryContinuation");
    hl7_ii_read(xml_child(continuation, NS_HL7, "queryId"), &out->query_id);
    out->status = hl7_code(continuation, "statusCode");
    out->place = hl7_place(a, continuation, NULL);
    TRY(wrapper);
    TRY(hl7_control_act_check(a, RULE_V3_MORE_ACT, body, INTERACTION, "a queryContinuation", issues));
    TRY(hl7_require(a, RULE_V3_MORE_ACT, act, "queryContinuation", "queryId and statusCode", issues));
    TRY(hl7_require(a, RULE_V3_MORE_ID, continuation, "queryId", "the queryId of the query that goes on", issues));
    TRY(hl7_require(a, RULE_V3_MORE_STATUS, continuation, "statusCode",
                    "waitContinuedQueryResponse, or aborted to cancel", issues));
    TRY(number_read(a, continuation, "startResultNumber", &out->start, issues));
    return number_read(a, continuation, "continuationQuantity", &out->quantity, issues);
}

void quqi_encode(const struct quqi *q, struct buf *out)
{
    struct hl7_message m = q->message;
    const struct issue_list none = { 0 };
    struct xml_writer w;
    char digits[16];

    m.interaction = INTERACTION;
    snprintf(digits, sizeof(digits), "%d", q->quantity);
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_ack_write(&w, "AA", &q->query_id, &none);
    hl7_control_act_open(&w, INTERACTION);
    xw_open(&w, "queryContinuation");
    hl7_ii_write(&w, "queryId", &q->query_id);
    hl7_value_write(&w, "continuationQuantity", q->quantity >= 0 ? digits : NULL);
    hl7_code_write(&w, "statusCode", q->status);
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
}
