#!/bin/sh
# Assertions of users where they are required: every variant that `kakehashi xua` makes meets the fault it promises; xmlsec1
# verifies what we issue, and what xmlsec1 signs with a key of openssl's is taken; the user goes along with calls onward
# and is in audit trail and journal.
. "$(dirname "$0")/lib.sh"
command -v xmlsec1 > /dev/null || { echo "xmlsec1 is not here"; exit 77; }

IDP=https://idp.example.jp
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=idp' -keyout "$WORK/idp.key" -out "$WORK/idp.pem" 2> /dev/null
backbone_up --communities 0035,0026 --population 0 --assertions required --assertion-issuers "$IDP=$WORK/idp.pem"
# send [TRANSACTION …] [--xua …]: a PIX query when nothing else is said
send() {
    case ${1:---} in --*) set -- ITI-45 --patient R0001 "$@" ;; esac
    kakehashi send "$@" --data "$DATA" --to 0035 --raw
}
issue() { kakehashi xua issue --data "$DATA" --to 0035 "$@"; }
passed() { send "$@" > "$WORK/reply" 2>&1; reply_has PRPA_IN201310UV02; }
refused_with() {
    fault=$1
    shift
    send "$@" > "$WORK/reply" 2>&1
    reply_has ":Value[^>]*>$fault<" || { cat "$WORK/reply"; return 1; }
}

# ---- every variant ----
kakehashi xua --json > "$WORK/variants.json"
each() {
    jq -r '.[] | [.variant, .rule // "-", .fault // "-"] | join(" ")' "$WORK/variants.json" > "$WORK/variants"
    while read -r variant rule fault; do
        send --xua "$variant" > "$WORK/reply" 2>&1
        if [ "$rule" = - ]; then
            reply_has PRPA_IN201310UV02 || { echo "$variant is not taken"; cat "$WORK/reply"; return 1; }
        else
            reply_has "($rule, " && reply_has ":Value[^>]*>$fault<" || { echo "$variant: not $rule, $fault"; cat "$WORK/reply"; return 1; }
        fi
    done < "$WORK/variants"
}
ok "every variant meets the rule and the fault it promises" each
ok "there are many" test "$(jq length "$WORK/variants.json")" -gt 30
ok "without a word no assertion goes along" refused_with wsse:InvalidSecurity
while read -r door words; do
    # shellcheck disable=SC2086 # words are words
    ok "there is no way past at $door" refused_with wsse:InvalidSecurity "${door#*/}" --at "${door%/*}" $words
done <<END
registry/ITI-18 --patient R0001
repository/ITI-43 --document 1.2
pix-manager/ITI-44 --id R0001 --family X
initiating-gateway/ITI-43 --document 1.2 --home urn:oid:2.999.392.1.35
responding-gateway/ITI-38 --patient R0001
document-recipient/ITI-41 --patient R0001 --content hello
END

# ---- xmlsec1 judges what we issue ----
judge() { xmlsec1 --verify --id-attr:ID urn:oasis:names:tc:SAML:2.0:assertion:Assertion --pubkey-cert-pem "$DATA/pki/xua.pem" "$1"; }
issue good --user dr.sato --alias satoko --patient 'R0001^^^&2.999.392.2.35&ISO' > "$WORK/good.xml"
issue tampered > "$WORK/tampered.xml"
ok "xmlsec1 verifies what we issue" judge "$WORK/good.xml"
ok "and not what was tampered with" sh -c '! "$@"' x xmlsec1 --verify --id-attr:ID urn:oasis:names:tc:SAML:2.0:assertion:Assertion --pubkey-cert-pem "$DATA/pki/xua.pem" "$WORK/tampered.xml"
ok "from a file it goes into a message" passed --xua "$WORK/good.xml"

# ---- what others sign ----
now() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }
cat > "$WORK/template.xml" <<END
<?xml version="1.0"?>
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="_outside" Version="2.0" IssueInstant="$(now now)">
  <saml:Issuer>
    $IDP
  </saml:Issuer>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
      <Reference URI="#_outside">
        <Transforms>
          <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
          <Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/></Transform>
        </Transforms>
        <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <DigestValue/>
      </Reference>
    </SignedInfo>
    <SignatureValue/>
    <KeyInfo><X509Data/></KeyInfo>
  </Signature>
  <saml:Subject><saml:NameID>outsider</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></saml:Subject>
  <saml:Conditions NotBefore="$(now now)" NotOnOrAfter="$(now '+10 minutes')"><saml:AudienceRestriction><saml:Audience>urn:oid:2.999.392.1.35</saml:Audience></saml:AudienceRestriction></saml:Conditions>
  <saml:AuthnStatement AuthnInstant="$(now now)"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement><saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:subject-id"><saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">An Outsider</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion>
END
sign() { xmlsec1 --sign --id-attr:ID urn:oasis:names:tc:SAML:2.0:assertion:Assertion --privkey-pem "$1" --output "$2" "$WORK/template.xml"; }
ok "xmlsec1 signs with the provider's key" sign "$WORK/idp.key,$WORK/idp.pem" "$WORK/outside.xml"
ok "that is taken" passed --xua "$WORK/outside.xml"
sed 's/>outsider</>insider</' "$WORK/outside.xml" > "$WORK/changed.xml"
ok "changed, it is not" refused_with wsse:FailedCheck --xua "$WORK/changed.xml"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=idp' -keyout "$WORK/other.key" -out "$WORK/other.pem" 2> /dev/null
ok "another key signs the same" sign "$WORK/other.key,$WORK/other.pem" "$WORK/forged.xml"
ok "its certificate in KeyInfo does not help" refused_with wsse:FailedCheck --xua "$WORK/forged.xml"

# ---- any client ----
sed 's#</env:Header>#HEADERS</env:Header>#; s#</soap:Header>#HEADERS</soap:Header>#; s#</s:Header>#HEADERS</s:Header>#' docs/examples/iti18-find-documents.xml > "$WORK/query.template"
issue good --headers > "$WORK/headers.xml"
python3 - "$WORK/query.template" "$WORK/headers.xml" "$WORK/query.xml" <<'END'
import sys
template, headers = open(sys.argv[1]).read(), open(sys.argv[2]).read().strip()
assert "HEADERS" in template
open(sys.argv[3], "w").write(template.replace("HEADERS", headers))
END
REGISTRY=$(url 0035 registry ITI-18)
ok "a message of curl's with the header is answered" is "$(post "$REGISTRY" "$WORK/query.xml")" 200
ok "without it, it is not" is "$(post "$REGISTRY" docs/examples/iti18-find-documents.xml)" 400

CONTROL=$(jq -r '.control' "$DATA/endpoints.json")
ok "the control API makes one, too" sh -c 'curl -fsS "$1/xua/good?to=oshidori&user=api" | jq -r .token > "$2"' x "$CONTROL" "$WORK/api.xml"
ok "that is taken" passed --xua "$WORK/api.xml"
ok "it knows as many variants" is "$(curl -fsS "$CONTROL/xua" | jq length)" "$(jq length "$WORK/variants.json")"
ok "and no other" is "$(curl -sS -o "$WORK/said" -w '%{http_code}' "$CONTROL/xua/nonsense?to=0035")" 404
ok "nor for nobody" is "$(curl -sS -o "$WORK/said" -w '%{http_code}' "$CONTROL/xua/good")" 400

# ---- who goes along ----
ok "a scenario speaks for a user where one is required" kakehashi scenario run --data "$DATA" oshidori-mame
TOLD=$DATA/told
kakehashi journal list --data "$DATA" --json --direction calling > "$TOLD"
ok "repository and gateway call on" test "$(jq '[.records[] | select(.transaction == "ITI-42" or .transaction == "ITI-38")] | length' "$TOLD")" -ge 2
ok "every call onward carries the user" test "$(jq '[.records[] | select(.user != "<dr.kakehashi@https://issuer.kakehashi.invalid>")] | length' "$TOLD")" = 0
ok "no record is missing, none is too much" kakehashi audit reconcile --data "$DATA"
ok "what the PIX manager tells a subscriber" curl -fsS -X PUT "$(url 0035 pix-manager ITI-44 plain | sed 's|/0035/.*||')/pixmgr/subscribers/0035?url=$(url 0035 registry ITI-44)&domains=2.999.392.2.35"
ok "(a patient changes)" kakehashi send ITI-44 --data "$DATA" --to 0035 --xua good --id R0009 --family 山田 --given 太郎 --birth 19700101 --gender M
ok "(and is one with another)" kakehashi send ITI-44 --data "$DATA" --to 0035 --xua good --id H0009 --other-id 'R0009^^^&2.999.392.2.35&ISO' --provider 2.999.392.3.35.1 --family 山田 --given 太郎 --birth 19700101 --gender M
own() { for wait in $(seq 50); do kakehashi journal list --data "$DATA" --json --user 0035/pixmgr | grep -q 'PRPA_IN201302' && return 0; sleep 0.1; done; kakehashi journal list --data "$DATA"; return 1; }
ok "carries an assertion of its own" own

# ---- what is told of them ----
ok "the journal says who" sh -c '"$@" | grep dr.sato' x "$BIN/kakehashi" journal list --data "$DATA" --json --user 'satoko<dr.sato@'
PAGE=$(url 0035 audit ITI-81 plain)
has_event() { for wait in $(seq 50); do curl -sG "$PAGE" --data-urlencode date=ge2026-01-01 "$@" | grep -q '"total": *[1-9]' && return 0; sleep 0.1; done; curl -sG "$PAGE" --data-urlencode date=ge2026-01-01 "$@" | head -c 2000; return 1; }
ok "the audit trail names the user" has_event --data-urlencode 'agent-name=satoko<dr.sato@https://issuer.kakehashi.invalid>'
ok "and who was refused" has_event --data-urlencode type=110114
ok "its records follow the rules" sh -c 'test "$("$@" | jq "[.. | .findings? // empty | .[]?] | length")" = 0' x "$BIN/kakehashi" audit list --data "$DATA" --faulty --json

# ---- the files ----
mkdir -p "$WORK/f/networks"
sed 's/"checks": *"[a-z]*",//; s/"simulation": {/"simulation": { "assertions": "requested",/' fixtures/networks/0035.json > "$WORK/f/networks/0035.json"
ok "a file that says it otherwise is told" sh -c '! "$@"' x "$BIN/kakehashi" communities check "$WORK/f/networks/0035.json"
said "with the words there are" 'none of off, accepted, required'
