#include "actor/flaw.h"

#include "base/arena.h"
#include "wire/hl7v2.h"
#include "wire/soap.h"

static const enum rule rules[SOAP_FLAW_COUNT] = {
    [SOAP_FLAW_NONE] = RULE_NONE,
    [SOAP_FLAW_MEDIA_TYPE] = RULE_SOAP_MEDIA_TYPE,
    [SOAP_FLAW_BOUNDARY] = RULE_MTOM_BOUNDARY,
    [SOAP_FLAW_TYPE] = RULE_MTOM_TYPE,
    [SOAP_FLAW_PARTS] = RULE_MTOM_PARTS,
    [SOAP_FLAW_ROOT] = RULE_MTOM_ROOT,
    [SOAP_FLAW_XML] = RULE_SOAP_XML,
    [SOAP_FLAW_ENVELOPE] = RULE_SOAP_ENVELOPE,
    [SOAP_FLAW_VERSION] = RULE_SOAP_VERSION,
    [SOAP_FLAW_BODY] = RULE_SOAP_ONE_BODY,
    [SOAP_FLAW_UNDERSTAND] = RULE_SOAP_UNDERSTOOD,
    [SOAP_FLAW_REPEATED] = RULE_WSA_ONCE,
    [SOAP_FLAW_ADDRESS_ABSENT] = RULE_WSA_ADDRESS,
    [SOAP_FLAW_ACTION_ABSENT] = RULE_WSA_ACTION_ABSENT,
    [SOAP_FLAW_ACTION_MANDATORY] = RULE_WSA_ACTION_MANDATORY,
    [SOAP_FLAW_MESSAGE_ID_ABSENT] = RULE_WSA_MESSAGE_ID,
    [SOAP_FLAW_REPLY_TO_ABSENT] = RULE_WSA_REPLY_TO,
    [SOAP_FLAW_ADDRESS] = RULE_WSA_ADDRESS_USABLE,
    [SOAP_FLAW_ACTION_UNKNOWN] = RULE_WSA_ACTION_KNOWN,
    [SOAP_FLAW_PROFILE] = RULE_WSA_ACTION_KNOWN,
    [SOAP_FLAW_BODY_OTHER] = RULE_SOAP_BODY_OF_ACTION,
    [SOAP_FLAW_PACKAGING] = RULE_SOAP_PACKAGING,
};

enum rule flaw_rule(const struct soap_fault *fault)
{
    return rules[fault->flaw];
}

enum rule flaw_rule_hl7v2(const struct hl7v2_fault *fault)
{
    static const enum rule of[HL7V2_FLAW_COUNT] = {
        [HL7V2_FLAW_BEGIN] = RULE_V2_BEGINS,          [HL7V2_FLAW_DELIMITERS] = RULE_V2_DELIMITERS,
        [HL7V2_FLAW_CHARSET] = RULE_V2_CHARSET_KNOWN, [HL7V2_FLAW_TEXT] = RULE_V2_CHARSET_KEPT,
        [HL7V2_FLAW_SEGMENT] = RULE_V2_SEGMENT_NAME,  [HL7V2_FLAW_TOO_LONG] = RULE_V2_REPEATS,
    };

    return of[fault->flaw];
}

const char *flaw_reason(struct arena *a, const struct soap_fault *fault)
{
    enum rule rule = flaw_rule(fault);

    if (rule == RULE_NONE)
        return fault->reason;
    return arena_printf(a, "%s (%s, %s)", fault->reason, rule_row(rule)->id, rule_row(rule)->section);
}
