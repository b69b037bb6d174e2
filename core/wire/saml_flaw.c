#include "wire/saml_flaw.h"

#include "base/arena.h"

#include <stdarg.h>

static const char *const subcodes[SAML_FLAWS] = {
    [SAML_ABSENT] = "wsse:InvalidSecurity",
    [SAML_SEVERAL] = "wsse:InvalidSecurity",
    [SAML_OTHER_TOKEN] = "wsse:UnsupportedSecurityToken",
    [SAML_UNAVAILABLE] = "wsse:SecurityTokenUnavailable",
    [SAML_MESSAGE_EXPIRED] = "wsu:MessageExpired",
    [SAML_SHAPE] = "wsse:InvalidSecurityToken",
    [SAML_UNSIGNED] = "wsse:FailedAuthentication",
    [SAML_ISSUER] = "wsse:FailedAuthentication",
    [SAML_WRAPPED] = "wsse:FailedCheck",
    [SAML_ALGORITHM] = "wsse:UnsupportedAlgorithm",
    [SAML_FORGED] = "wsse:FailedCheck",
    [SAML_SUBJECT] = "wsse:InvalidSecurityToken",
    [SAML_CONFIRMATION] = "wsse:InvalidSecurityToken",
    [SAML_NOT_YET_VALID] = "wsse:InvalidSecurityToken",
    [SAML_EXPIRED] = "wsse:InvalidSecurityToken",
    [SAML_AUDIENCE] = "wsse:InvalidSecurityToken",
    [SAML_AUTHENTICATION] = "wsse:InvalidSecurityToken",
    [SAML_ATTRIBUTE] = "wsse:InvalidSecurityToken",
};

const char *saml_flaw_subcode(enum saml_flaw flaw)
{
    return subcodes[flaw];
}

enum rc saml_refuse(struct arena *a, struct saml_refusal *out, enum saml_flaw flaw, const char *place, const char *fmt,
                    ...)
{
    va_list ap;

    va_start(ap, fmt);
    *out = (struct saml_refusal){ .flaw = flaw, .place = place, .text = arena_vprintf(a, fmt, ap) };
    va_end(ap);
    return E_REFUSED;
}
