/* Ids and sections are promises: a row that goes leaves its number unused, a new one takes the next. */
#include "wire/saml_flaw.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdarg.h>

/* clang-format off */
static const struct saml_flaw_row rows[SAML_FLAWS] = {
    [SAML_ABSENT] = { "XUA-001", "wsse:InvalidSecurity", "ITI TF-2: 3.40.4.1.2",
      "Where XUA is required, the header has a wsse:Security with an assertion.",
      "XUA が必須のところでは、ヘッダーの wsse:Security にアサーションがある。" },
    [SAML_SEVERAL] = { "XUA-002", "wsse:InvalidSecurity", "ITI TF-2: 3.40.4.1.2",
      "A message has one assertion.",
      "電文のアサーションは 1 つである。" },
    [SAML_OTHER_TOKEN] = { "XUA-003", "wsse:UnsupportedSecurityToken", "WSS SAML Token Profile 1.1: 3.1",
      "The token is an assertion of SAML 2.0, not encrypted.",
      "トークンは暗号化されていない SAML 2.0 アサーションである。" },
    [SAML_UNAVAILABLE] = { "XUA-004", "wsse:SecurityTokenUnavailable", "WSS SAML Token Profile 1.1: 3.3",
      "The assertion is in the message itself: none is fetched that a wsse:SecurityTokenReference names.",
      "アサーションは電文自身にある。wsse:SecurityTokenReference が指すものを取りに行くことはない。" },
    [SAML_MESSAGE_EXPIRED] = { "XUA-005", "wsu:MessageExpired", "WSS 1.1: 10",
      "A wsu:Timestamp has not expired.",
      "wsu:Timestamp は期限内である。" },
    [SAML_SHAPE] = { "XUA-006", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2",
      "An assertion has Version 2.0, an ID, IssueInstant, Issuer, and Conditions with NotBefore.",
      "アサーションには Version 2.0、ID、IssueInstant、Issuer、NotBefore を持つ Conditions がある。" },
    [SAML_UNSIGNED] = { "XUA-007", "wsse:FailedAuthentication", "ITI TF-2: 3.40.4.1.2",
      "An assertion is signed by its issuer.",
      "アサーションには発行者の署名がある。" },
    [SAML_ISSUER] = { "XUA-008", "wsse:FailedAuthentication", "ITI TF-2: 3.40.4.1.3",
      "The issuer is trusted here.",
      "発行者はここで信頼されている。" },
    [SAML_WRAPPED] = { "XUA-009", "wsse:FailedCheck", "SAML 2.0 Core: 5.4.2",
      "The signature is the assertion's child, refers to the assertion's own ID, and no other element has that ID.",
      "署名はアサーションの子で、そのアサーション自身の ID を参照し、同じ ID の要素は他にない。" },
    [SAML_ALGORITHM] = { "XUA-010", "wsse:UnsupportedAlgorithm", "SAML 2.0 Core: 5.4.3, 5.4.4",
      "Exclusive canonicalization, the enveloped-signature transform, and RSA or ECDSA with SHA-256, SHA-384 or SHA-512.",
      "排他的正規化、enveloped-signature 変換、RSA または ECDSA と SHA-256・SHA-384・SHA-512 を用いる。" },
    [SAML_FORGED] = { "XUA-011", "wsse:FailedCheck", "SAML 2.0 Core: 5.4",
      "The signature verifies with a certificate of the issuer.",
      "署名は発行者の証明書で検証できる。" },
    [SAML_SUBJECT] = { "XUA-012", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2",
      "The Subject has a NameID.",
      "Subject には NameID がある。" },
    [SAML_CONFIRMATION] = { "XUA-013", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2",
      "The Subject has a SubjectConfirmation that can be checked: bearer, in time, and for this recipient.",
      "Subject には検証できる SubjectConfirmation (bearer、期限内、宛先が一致) がある。" },
    [SAML_NOT_YET_VALID] = { "XUA-014", "wsse:InvalidSecurityToken", "SAML 2.0 Core: 2.5.1.2",
      "Conditions/@NotBefore has come.",
      "Conditions/@NotBefore を過ぎている。" },
    [SAML_EXPIRED] = { "XUA-015", "wsse:InvalidSecurityToken", "SAML 2.0 Core: 2.5.1.2",
      "Conditions/@NotOnOrAfter has not come.",
      "Conditions/@NotOnOrAfter になっていない。" },
    [SAML_AUDIENCE] = { "XUA-016", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2",
      "There is an AudienceRestriction, and each names this community.",
      "AudienceRestriction があり、どれもこの地域を含む。" },
    [SAML_AUTHENTICATION] = { "XUA-017", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2",
      "An AuthnStatement says by its AuthnContext how the user was authenticated.",
      "AuthnStatement の AuthnContext が利用者の認証方法を示す。" },
    [SAML_ATTRIBUTE] = { "XUA-018", "wsse:InvalidSecurityToken", "ITI TF-2: 3.40.4.1.2.1",
      "Role, purpose of use, patient id and consent have the form the framework gives them, where they are given.",
      "役割・利用目的・患者 ID・同意は、あるならば規定の形式である。" },
};
/* clang-format on */

const struct saml_flaw_row *saml_flaw_row(enum saml_flaw flaw)
{
    return &rows[flaw];
}

enum rc saml_refuse(struct arena *a, struct saml_refusal *out, enum saml_flaw flaw, const char *place, const char *fmt,
                    ...)
{
    va_list ap;

    va_start(ap, fmt);
    const char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    *out = (struct saml_refusal){ .flaw = flaw,
                                  .place = place,
                                  .text = arena_printf(a, "%s [%s, %s]", text, rows[flaw].id, rows[flaw].section) };
    return E_REFUSED;
}

void saml_flaw_markdown(struct buf *out)
{
    buf_add_text(out, "| rule | what is asked | 内容 | fault | standard |\n|---|---|---|---|---|\n");
    for (int i = SAML_SOUND + 1; i < SAML_FLAWS; i++)
        buf_printf(out, "| %s | %s | %s | %s | %s |\n", rows[i].id, rows[i].en, rows[i].ja, rows[i].subcode,
                   rows[i].section);
}
