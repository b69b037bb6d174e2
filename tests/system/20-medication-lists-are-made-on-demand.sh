#!/bin/sh
# A medication list is made of a patient's prescriptions when somebody asks for it: a seeded patient's, a submitted one's,
# across communities; in a community that keeps them, as a snapshot that answers until a prescription changes.
. "$(dirname "$0")/lib.sh"

not() { ! "$@"; }
send() { kakehashi send "$@" --data "$DATA"; }
# column NAME FILE: its first value in what a command printed
column() { sed -n "s/.*[[:space:]]$1[[:space:]]\{1,\}\([^[:space:]]*\).*/\1/p" "$2" | head -1; }
order() { # ORDER DAY CODE NAME DOSE: a prescription of one medicine, as an SS-MIX2 storage keeps it
    printf 'MSH|^~\\&|X|1|GW|1|%s090000||RDE^O11^RDE_O11|%s|P|2.5||||||UNICODE UTF-8\r' "$2" "$1"
    printf 'PID|0001||7^^^^PI||模擬^太郎^^^^^L^I\rORC|NW|%s||%s_1|||||%s090000||||||||||||模擬病院\r' "$1" "$1" "$2"
    printf 'RXE||%s^%s^HOT9|%s||TAB^錠^MR9P\rTQ1|1||X&1日3回毎食後&JAMISDP01|||14^d&日&ISO+|%s\r' "$3" "$4" "$5" "$2"
}
# prescribe COMMUNITY NUMBER CODE NAME DOSE
prescribe() {
    order "$2" 2026031"$2" "$3" "$4" "$5" > "$WORK/order.hl7"
    send ITI-41 --to "$1" --patient P1 --type 57833-6 --title "処方 $2" --mime application/hl7-v2 --file "$WORK/order.hl7" \
        --family 模擬 --given 太郎 --birth 19600102 --gender M --document "2.999.7.1$1.$2"
}
lists() { send ITI-18 --to "$1" --patient "$2" --kind on-demand; }
retrieve() { send ITI-43 --to "$1" --document "$2" --save "$WORK/list.xml"; }
has() { grep -q "$1" "$WORK/list.xml"; }
hl7_list() { xmllint --noout --nonet "$WORK/list.xml" && has '【模擬データ】' && has 'code="56445-0"'; }

backbone_up --communities 0026,0035 --population 20 --seed 7 --log-level info

# ---- somebody who was seeded ----
for id in $(kakehashi patients 0035 --population 20 --seed 7 --json | grep -o '0035-[0-9]*-[0-9]'); do
    lists 0035 "$id" > "$WORK/found" 2>&1
    list=$(column document "$WORK/found")
    [ -n "$list" ] && break
done
ok "a seeded patient has a medication list" [ -n "$list" ]
ok "which is not among the stable documents" sh -c '! "$0" send ITI-18 --data "$1" --to 0035 --patient "$2" | grep -q "$3 *$"' "$BIN/kakehashi" "$DATA" "$id" "$list"
ok "it is made when it is asked for" retrieve 0035 "$list"
sed 1d "$WORK/said" > "$WORK/first"
ok "as a marked clinical document" hl7_list
ok "of this patient" has "extension=\"$id\""
ok "with a medicine" has '<manufacturedLabeledDrug>'
ok "asked for again" retrieve 0035 "$list"
ok "it is the same document" sh -c 'sed 1d "$0" | cmp - "$1"' "$WORK/said" "$WORK/first"
ok "which is not kept" not grep -q ' kept ' "$WORK/first"
made=$(column made "$WORK/first")
ok "so its own id finds nothing" not retrieve 0035 "$made"
said "and the answer says so" XDSDocumentUniqueIdError
ok "another community gets it through its gateway" send ITI-43 --to 0026 --at initiating-gateway --home urn:oid:2.999.392.1.35 --repository 2.999.392.4.35.1 --document "$list" --save "$WORK/there.xml"
ok "the same one" cmp "$WORK/there.xml" "$WORK/list.xml"

# ---- somebody who was submitted, where lists are made anew, and where they are kept ----
for community in 0035 0026; do
    ok "a patient is fed to $community" send ITI-44 --to $community --at registry --id P1 --family 模擬 --given 太郎
    ok "who has no list" lists $community P1
    said "at first" 'nothing found'
    ok "the first prescription" prescribe $community 1 103299401 メトグルコ錠250mg 1
    ok "brings one" lists $community P1
    list=$(column document "$WORK/said")
    ok "that can be retrieved" retrieve $community "$list"
    sed 1d "$WORK/said" > "$WORK/first"
    ok "and is a document" hl7_list
    ok "with the medicine, and how it is taken" has 'メトグルコ錠250mg 1回1錠 1日3回毎食後 14日分 2026-03-11 から 2026-03-24 模擬病院'
    ok "and the patient's name" has '<family>模擬</family>'
    ok "a second prescription" prescribe $community 2 102562001 バイアスピリン錠100mg 2
    ok "brings no second list" sh -c '[ "$("$0" send ITI-18 --data "$1" --to "$2" --patient P1 --kind on-demand | grep -c " document ")" = 1 ]' "$BIN/kakehashi" "$DATA" $community
    ok "but another content" retrieve $community "$list"
    ok "with both medicines" sh -c 'grep -q メトグルコ "$0" && grep -q バイアスピリン "$0"' "$WORK/list.xml"
    cp "$WORK/said" "$WORK/second" 2>/dev/null
    ok "under another id" [ "$(column made "$WORK/first")" != "$(column made "$WORK/second")" ]
done

# ---- kept ----
retrieve 0026 "$list" > "$WORK/second"
snapshot=$(column made "$WORK/second")
cp "$WORK/list.xml" "$WORK/made.xml"
ok "the kept list is a document of its own" retrieve 0026 "$snapshot"
ok "with the same octets" cmp "$WORK/made.xml" "$WORK/list.xml"
ok "that is registered" send ITI-18 --to 0026 --patient P1 --kind stable
said "with its id" "$snapshot"
ok "there are two of them, for two states" [ "$(grep -c '処方薬一覧' "$WORK/said")" = 2 ]
ok "they say of what they are snapshots" send ITI-18 --to 0026 --query GetDocumentsAndAssociations --param "XDSDocumentEntryUniqueId=('$snapshot')"
said "by an association" IsSnapshotOf
ok "the repository is killed" kill -9 "$(pid_of repository)"
for wait in $(seq 100); do retrieve 0026 "$snapshot" > "$WORK/again" 2>&1 && break; sleep 0.2; done
ok "and the snapshot is still there" cmp "$WORK/made.xml" "$WORK/list.xml"
ok "and answers for the list" retrieve 0026 "$list"
ok "as before" sh -c 'grep -q "$0" "$1"' "$snapshot" "$WORK/said"

# ---- registered by hand ----
ok "a patient without prescriptions" send ITI-44 --to 0035 --at registry --id P2 --family 模擬 --given 次郎
ok "gets a list by ITI-61" send ITI-61 --to 0035 --patient P2 --document 2.999.8.1
ok "which can be retrieved" retrieve 0035 2.999.8.1
ok "and is empty" has '読み取れる処方はありません'

# ---- a registry that does not answer spoils what must be made, and nothing else ----
ok "the registry refuses to answer" kakehashi fault add soap-fault --actor registry --data "$DATA"
ok "a document that is kept comes, one that is to be made does not" not send ITI-43 --to 0035 --document 2.999.7.10035.1 --document 2.999.8.1
said "and the answer says which, and why" 'document 2.999.8.1 is not kept here.*registry'
ok "a document that is kept comes" send ITI-43 --to 0035 --document 2.999.7.10035.1
