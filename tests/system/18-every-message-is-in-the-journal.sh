#!/bin/sh
# A question that goes to every community is one conversation in the journal, and one tree; every route of the control
# API does what docs/openapi.json says; and what was kept survives the daemons.
. "$(dirname "$0")/lib.sh"
get() { curl -sS --max-time 60 "$CONTROL$1"; }
check() { # check "what must hold" PATH 'python expression of d, the answer'
    get "$2" > "$WORK/got"
    ok "$1" python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
r = $3
print(r); sys.exit(not r)" "$WORK/got"
}
status_of() { curl -sS -o "$WORK/got" --max-time 20 -w '%{http_code}' "$@"; }

ok "every community comes up, without people" backbone_up --communities all --population 0 --log-level warn
CONTROL=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["control"])' "$DATA/endpoints.json")
ok "one of them has a patient" kakehashi send ITI-44 --to 0026 --at pix-manager --id R1 --family 山田 --given 花子 --family-kana ヤマダ --given-kana ハナコ --gender F --birth 19600101 --data "$DATA"
ok "and its registry knows" kakehashi send ITI-44 --to 0026 --at registry --id R1 --family 山田 --given 花子 --family-kana ヤマダ --given-kana ハナコ --gender F --birth 19600101 --data "$DATA"
TRACE=0123456789abcdef0123456789abcdef
sed 's/R0001/R1/; s/2\.999\.392\.2\.35/2.999.392.2.26/' docs/examples/iti18-find-documents.xml > "$WORK/find.xml"
sed -i 's#/0035/registry#/0026/initiating#' "$WORK/find.xml"
ok "it asks everywhere" test "$(post "$(url 0026 initiating-gateway ITI-18)" "$WORK/find.xml" -H "traceparent: 00-$TRACE-00f067aa0ba902b7-01")" = 200

check "the conversation is one tree" "/journal/traces/$TRACE" 'len(d["roots"]) == 1 and d["roots"][0]["transaction"] == "ITI-18"'
check "every other community was asked in it" "/journal/traces/$TRACE" 'len({c["url"].split("/")[3] for c in d["roots"][0]["children"] if c["transaction"] == "ITI-55"}) >= 278'
check "each of them took the question, below the call" "/journal/traces/$TRACE" 'all(c["children"][0]["kind"] == "request" and c["children"][0]["transaction"] == "ITI-55" for c in d["roots"][0]["children"] if c["transaction"] == "ITI-55")'
check "and asked its PIX manager, in the same tree" "/journal/traces/$TRACE" 'sum(1 for c in d["roots"][0]["children"] if c["transaction"] == "ITI-55" for g in c["children"][0].get("children", []) if g["children"][0]["daemon"] == "pixmgr") >= 278'
check "nothing of it is missing" "/journal/traces/$TRACE" 'd["records"] == 2 * d["spans"]'
check "every message of it was audited by who asked and by who answered" "/journal/traces/$TRACE" '(lambda w: w(w, d["roots"][0]))(lambda w, s: len(s.get("audits", [])) >= 1 and all(w(w, c) for c in s.get("children", [])))'
audits=$(get "/journal/traces/$TRACE" | python3 -c 'import json,sys; print(json.load(sys.stdin)["audits"])')
check "those records are found when they are asked for" "/journal/records?trace=$TRACE&direction=audited&limit=10000" 'd["count"] == '"$audits"' and all(r["transaction"] == "ITI-20" for r in d["records"])'
check "and are no messages" "/journal/records?trace=$TRACE&limit=10000" 'all(r["direction"] != "audited" for r in d["records"])'
kakehashi journal tree $TRACE --data "$DATA" > "$WORK/tree"
ok "the command shows it on as many lines" test "$(wc -l < "$WORK/tree")" = "$(( $(get "/journal/traces/$TRACE" | python3 -c 'import json,sys; print(json.load(sys.stdin)["spans"])') + 1 ))"

# every route of the journal (17- asks all there are)
get /openapi.json > "$WORK/openapi.json"
ok "the description is the one in docs" cmp "$WORK/openapi.json" docs/openapi.json
if python3 -c 'import openapi_spec_validator' 2>/dev/null; then
    ok "and OpenAPI 3.1" python3 -c 'import json,sys; from openapi_spec_validator import validate; validate(json.load(open(sys.argv[1])))' "$WORK/openapi.json"
fi
ID=$(get "/journal/records?trace=$TRACE&limit=1" | python3 -c 'import json,sys; print(json.load(sys.stdin)["records"][0]["id"])')
echo '{"assertions": [{"where": {"transaction": "ITI-18", "direction": "received", "actor": "initiating", "community": "0026"}, "exactly": 1}]}' > "$WORK/verify.json"
python3 - "$WORK/openapi.json" > "$WORK/routes" <<'PY'
import json, sys
for path, methods in json.load(open(sys.argv[1]))["paths"].items():
    for method in methods:
        if path.startswith("/journal/"):
            print(method.upper(), path)
PY
while read -r method path; do
    real=$(echo "$path" | sed "s/{id}/$ID/; s/{trace}/$TRACE/")
    case $method$path in
        DELETE*) continue ;; # at the end
        GET/journal/follow) code=$(curl -sN -o "$WORK/got" --max-time 1 -w '%{http_code}' "$CONTROL$real?since=$ID" 2>/dev/null) ;;
        POST*) code=$(status_of -X POST --data-binary "@$WORK/verify.json" "$CONTROL$real") ;;
        *) code=$(status_of -X "$method" "$CONTROL$real") ;;
    esac
    ok "$method $path answers" test "$code" = 200
done < "$WORK/routes"
ok "there were all of them" test "$(wc -l < "$WORK/routes")" -ge 8

get "/journal/export?trace=$TRACE" > "$WORK/all.zip"
ok "the zip holds every message" python3 -c 'import sys,json,zipfile
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
n = json.loads(z.read("index.json"))["count"]; print(n, len(z.namelist()))
sys.exit(not (n > 1000 and len([x for x in z.namelist() if x.endswith(".xml")]) == n))' "$WORK/all.zip"
get "/journal/export?format=har&trace=$TRACE" > "$WORK/all.har"
ok "the HAR holds every request with its answer" python3 -c 'import sys,json
log = json.load(open(sys.argv[1]))["log"]; assert log["version"] == "1.2"
sys.exit(not all("<" in e["request"]["postData"]["text"] and e["response"]["status"] == 200 for e in log["entries"]) or len(log["entries"]) < 500)' "$WORK/all.har"

# HL7 v2: searched for what its character set stands for, exported as it crossed the wire
ok "a person is fed by HL7 v2, in ISO 2022" kakehashi send ITI-8 --to 0026 --at pix-manager --id R2 --charset "~ISO IR87" --family 田中 --given 一郎 --birth 19700102 --gender M --data "$DATA"
check "the kanji of the name find the message" "/journal/records?transaction=ITI-8&text=%E7%94%B0%E4%B8%AD" '[r["direction"] for r in d["records"]] == ["received"]'
check "those of another do not" "/journal/records?transaction=ITI-8&text=%E7%94%B0%E5%B1%B1" 'd["count"] == 0'
get "/journal/export?transaction=ITI-8" > "$WORK/v2.zip"
ok "the zip holds the message and its acknowledgement as they were" python3 -c 'import sys,zipfile
z = zipfile.ZipFile(sys.argv[1]); all = [z.read(n) for n in sorted(z.namelist()) if n.endswith(".hl7")]
print(all); sys.exit(not (len(all) == 2 and all[0].startswith(b"MSH|") and b"\x1b$B" in all[0] and b"\rMSA|AA|" in all[1]))' "$WORK/v2.zip"

curl -sN --max-time 5 "$CONTROL/journal/follow?community=0026&transaction=ITI-45" > "$WORK/followed" 2>/dev/null &
follower=$!
sleep 0.5
kakehashi send ITI-45 --to 0026 --patient R1 --data "$DATA" > /dev/null 2>&1
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do grep -q '"answered"' "$WORK/followed" && break; sleep 0.1; done
ok "a follower sees the question and the answer" sh -c 'test "$(grep -c "^data: " "$1")" = 2' - "$WORK/followed"
kill $follower 2>/dev/null
wait $follower 2>/dev/null

# failed handshakes and refusals at the door
curl -s -o /dev/null --max-time 5 --insecure "$(url 0026 registry ITI-18)" # no certificate
get "/journal/records?direction=stranger" > "$WORK/got"
ok "a peer without a certificate is in the journal" grep -q '"why": "peer did not return a certificate"' "$WORK/got"

# the daemons go, what they kept stays
before=$(get "/journal/records?trace=$TRACE&limit=10000" | python3 -c 'import json,sys; print(json.load(sys.stdin)["count"])')
ok "the backbone goes down" kakehashi down --data "$DATA"
printf '\100\0\0\0torn' >> "$(ls "$DATA"/gateway/journal/*.segment | tail -1)"
ok "and comes up again, over a record that was torn" backbone_up --communities all --population 0 --log-level warn
CONTROL=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["control"])' "$DATA/endpoints.json")
ok "with the same conversation" test "$(get "/journal/records?trace=$TRACE&limit=10000" | python3 -c 'import json,sys; print(json.load(sys.stdin)["count"])')" = "$before"
ok "DELETE /journal/records answers" test "$(status_of -X DELETE "$CONTROL/journal/records")" = 200
check "and forgets all" /journal/records 'd["count"] == 0'
ok "the backbone goes down at last" kakehashi down --data "$DATA"
