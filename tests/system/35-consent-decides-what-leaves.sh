#!/bin/sh
# A patient withdraws consent by the command, vanishes from another community's view, gives it again, in parts and as a
# whole; a gateway that is killed remembers, a reset forgets, a snapshot brings back. The codes are the survey's, so
# that the consent documents have to fit.
. "$(dirname "$0")/lib.sh"

kk() { kakehashi "$@" --data "$DATA"; }
not() { ! "$@"; }
P=R0001 SEEDED=0035-0000001-7

backbone_up --communities 0035,0026 --population 2 --codes survey --log-level warn
ok "a patient of one network is seen in another" kk scenario run oshidori-mame
DOCUMENT=$(kk send ITI-18 --to 0035 --patient $P | sed -n 's/.*document *\(2[.0-9]*\).*/\1/p')
HOME_0035=urn:oid:2.999.392.1.35

sees() { kk send ITI-18 --from 0026 --to 0026 --at initiating-gateway --patient M0001 > "$WORK/view" && grep -q "$DOCUMENT" "$WORK/view"; }
person() { kk send ITI-55 --from 0026 --to 0035 --id "$1^^^&2.999.392.2.35&ISO" > "$WORK/view" && grep -q "$1" "$WORK/view"; }
discovers() { person $P; }
finds() { kk send ITI-38 --from 0026 --to 0035 --patient $P > "$WORK/view" && grep -q "$DOCUMENT" "$WORK/view"; }
retrieves() { kk send ITI-39 --from 0026 --to 0035 --document "$DOCUMENT" --home $HOME_0035 > "$WORK/view" 2>&1; }
fetches() { kk send ITI-63 --from 0026 --to 0035 --patient $P > "$WORK/view" && grep -q "$DOCUMENT" "$WORK/view"; }
locates() { kk send ITI-56 --from 0026 --to 0035 --patient $P > "$WORK/view" 2>&1; }
vanished() {
    for way in sees discovers finds retrieves fetches locates; do
        if $way; then echo "still $way"; return 1; fi
    done
}
present() {
    for way in sees discovers finds retrieves fetches locates; do
        $way || { echo "no longer $way"; cat "$WORK/view"; return 1; }
    done
}
ok "by every transaction" present

# ---- withdrawn ----
ok "consent is withdrawn" kk consent withdraw 0035 $P
said "under its policy" 2.999.392.10.35.4
ok "the patient has vanished from the other community's view" vanished
retrieves
ok "a document is not there" grep -q XDSDocumentUniqueIdError "$WORK/view"
ok "the own registry still has it" kk send ITI-18 --to 0035 --patient $P
said "and the consent document" 同意撤回書
ACKNOWLEDGED=$(kk consent show 0035 $P --json | jq -r .document)
ok "which can be retrieved" kk send ITI-43 --to 0035 --document "$ACKNOWLEDGED" --save "$WORK/consent.xml"
ok "is XML" xmllint --noout "$WORK/consent.xml"
ok "and names the policy" grep -q '<code code="2.999.392.10.35.4" codeSystem="2.999.392.10.35"' "$WORK/consent.xml"
ok "it is listed" kk consent list 0035
said "as withdrawn" "$P *withdrawn"
ok "in Japanese" env LC_ALL=ja_JP.UTF-8 "$BIN/kakehashi" consent show 0035 $P --data "$DATA"
said "too" 撤回

# ---- a gateway that is killed ----
GATEWAY=$(pid_of gateway)
kill -9 "$GATEWAY"
for i in $(seq 100); do
    kk readyz > "$WORK/ready" 2>&1 && [ "$(pid_of gateway)" != "$GATEWAY" ] && break
    sleep 0.1
done
ok "a gateway that was killed remembers" vanished

# ---- by facility ----
ok "consent is given to another facility's documents alone" kk consent give 0035 $P --facility 2.999.392.3.35.2
said "the writer's is new" "2.999.392.3.35.1 .* new"
ok "the patient is discovered again" discovers
ok "what an outside facility wrote is not found" not finds
ok "nor retrieved" not retrieves
ok "the facility is added" kk consent add 0035 $P --facility 2.999.392.3.35.1
ok "now all is there" present
ok "it is taken out again" kk consent withdraw 0035 $P --facility 2.999.392.3.35.1
ok "and gone" not finds
ok "consent is given to everything" kk consent give 0035 $P
ok "everything is there" present
replaced() { kk send ITI-18 --to 0035 --patient $P --status urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated > "$WORK/view" && grep -c 同意 "$WORK/view"; }
ok "each consent document replaced the one before" is "$(replaced)" 4

# ---- told as a story ----
ok "the story of a withdrawal is played" kk scenario run consent-oshidori-mame
said "with its hops" "consent Oshidori Net.*withdraws consent .* ms  ✓"
cp -r "$KAKEHASHI_FIXTURES" "$WORK/fixtures"
sed -i '/"consent": "withdraw"/s/withdraw/give/' "$WORK/fixtures/scenarios/consent-oshidori-mame.json"
ok "and ends where somebody is seen who should not be" not kk scenario run consent-oshidori-mame --fixtures "$WORK/fixtures"
said "saying so" "not as many came: 0, 1"

# ---- what cannot be ----
ok "a patient nobody knows is refused" not kk consent withdraw 0035 NOBODY
said "and told why" "does not know the patient"
ok "a network without parts has none" not kk consent withdraw 0026 M0001 --facility 2.999.392.3.26.1
said "and says so" "all of its members"
ok "to add takes a patient" not kk consent add 0035
URL=$(url 0035 responding-gateway ITI-38 | sed 's|/0035/.*||')
put() { curl -s -o /dev/null -w '%{http_code}' -X PUT --cacert "$DATA/pki/ca.pem" --cert "$DATA/pki/$1.pem" --key "$DATA/pki/$1.key" "$URL/consent/0035?patient=$P&do=withdraw"; }
ok "another community may not withdraw it" is "$(put community/0026)" 403
ok "so it is still given" is "$(kk consent show 0035 $P --json | jq -r .state)" given
ok "the user may, over TLS" is "$(put user)" 200
ok "and did" is "$(kk consent show 0035 $P --json | jq -r .state)" withdrawn

# ---- the world ----
ok "a snapshot is saved" kk snapshot save without
ok "consent is given once more" kk consent give 0035 $P
ok "the snapshot is restored" kk snapshot restore without
ok "and the consent is withdrawn" vanished
ok "a seeded patient withdraws, too" kk consent withdraw 0035 $SEEDED
ok "and is gone" not person $SEEDED
ok "everything is reset" kk reset
ok "nobody has said anything" is "$(kk consent list 0035 --json | jq '.consents | length')" 0
ok "the seeded patient is there" person $SEEDED
