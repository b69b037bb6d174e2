#!/bin/sh
# What a CI job does with nothing but curl and jq: a backbone on free ports, good and wrong messages, then count, order
# and cause verified, and a JUnit file at the end; how long all of it took is said (ten seconds are the aim).
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || { echo "skipped: jq is not here"; exit 77; }

api() { # api METHOD PATH [curl options]: the answer goes to standard output
    method=$1 path=$2
    shift 2
    curl -sS --max-time 120 -X "$method" "$@" "$CONTROL$path"
}
verify() { api POST "/journal/verify?format=$1" -H 'Content-Type: application/json' --data-binary "@$2"; }
passes() { verify json "$1" > "$WORK/verdict"; cat "$WORK/verdict"; jq -e .passed "$WORK/verdict" >/dev/null; }

begun=$(date +%s%N)
ok "readiness is waited for until a deadline" sh -c '! "$@"' - "$BIN/kakehashi" readyz --wait 100 --data "$DATA"
"$BIN/kakehashi" readyz --wait 30000 --data "$DATA" > "$WORK/waited" 2>&1 &
waiter=$!
"$BIN/kakehashi" up --detach --json --ports auto --data "$DATA" --communities 0035,0026 --population 2 --log-level warn > "$WORK/endpoints.json" 2>"$WORK/err" || { cat "$WORK/err"; FAILED=1; exit 1; }
CONTROL=$(jq -r .control "$WORK/endpoints.json")
TO=$(jq -r '.communities["0035"].endpoints.registry["ITI-18"]' "$WORK/endpoints.json")
ok "whoever waited for that knows" wait $waiter
ok "it is ready" is "$(curl -s -o /dev/null -w '%{http_code}' "$CONTROL/readyz?waitMs=10000")" 200

# a good query; one without the status it needs; one for an action nobody has; no XML; no such community
sed "s/R0001/$(kakehashi patients 0035 --json --data "$DATA" | jq -r '.. | .id? // empty' | head -1)/" docs/examples/iti18-find-documents.xml > "$WORK/good.xml"
python3 - "$WORK/good.xml" "$WORK/bad.xml" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
open(sys.argv[2], "w").write(re.sub(r'<(\w+:)?Slot name="\$XDSDocumentEntryStatus">.*?</(\w+:)?Slot>', "", text, flags=re.S))
PY
sed 's/RegistryStoredQuery</NoSuchAction</' "$WORK/good.xml" > "$WORK/action.xml"
echo 'this is no XML' > "$WORK/text.xml"
for message in good good bad action text; do post "$TO" "$WORK/$message.xml" > /dev/null; done
post "$(echo "$TO" | sed 's#/0035/#/9999/#')" "$WORK/good.xml" > /dev/null
post "$TO" "$WORK/good.xml" -H 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' > /dev/null

cat > "$WORK/assertions.json" <<'EOF'
{"name": "connector", "waitMs": 3000, "where": {"daemon": "registry"}, "assertions": [
  {"name": "three good queries were answered", "where": {"transaction": "ITI-18", "direction": "answered", "outcome": "ok"}, "exactly": 3},
  {"name": "a query without a status was refused for that", "where": {"direction": "answered", "rule": "XDS-SQ-003"}, "exactly": 1},
  {"name": "and by that code", "where": {"error": "XDSStoredQueryMissingParam"}, "sameTraceAs": "a query without a status was refused for that"},
  {"name": "an unknown action is a fault", "where": {"fault": "ActionNotSupported", "status": 400}, "exactly": 1, "after": "a query without a status was refused for that"},
  {"name": "what is no XML is there as it came", "where": {"direction": "received", "text": "this is no XML"}, "exactly": 1},
  {"name": "a community that is not there is a 404", "where": {"status": 404}, "exactly": 1, "withinMs": 60000, "after": "an unknown action is a fault"},
  {"name": "the caller's trace is kept", "where": {"trace": "4bf92f3577b34da6a3ce929d0e0e4736"}, "exactly": 2},
  {"name": "nobody submitted", "where": {"transaction": "ITI-42"}, "exactly": 0}
]}
EOF
ok "count, order and cause are what they should be" passes "$WORK/assertions.json"
verify junit "$WORK/assertions.json" > "$WORK/junit.xml"
ok "the JUnit file is XML with eight passed cases" sh -c 'xmllint --xpath "count(//testcase[not(failure)])" "$1" | grep -qx 8' - "$WORK/junit.xml"

echo '{"assertions": [{"name": "wrong cause", "where": {"rule": "XDS-SQ-001", "outcome": "refused"}}]}' > "$WORK/wrong.json"
verify json "$WORK/wrong.json" > "$WORK/verdict"
ok "and the nearest miss says what it was refused for" sh -c 'jq -r ".assertions[0].nearest[].firstDifference.got" "$1" | grep -q XDS-SQ-003' - "$WORK/verdict"
ok "TAP says it, too" sh -c 'grep -q "^not ok 1 - wrong cause" "$1"' - "$(verify tap "$WORK/wrong.json" > "$WORK/tap"; echo "$WORK/tap")"

cat > "$WORK/later.json" <<'EOF'
{"waitMs": 60000, "assertions": [{"where": {"trace": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "direction": "answered"}}]}
EOF
verify json "$WORK/later.json" > "$WORK/verdict" &
waiting=$!
sleep 0.3
ok "a wait goes on while nothing comes" [ ! -s "$WORK/verdict" ]
post "$TO" "$WORK/good.xml" -H 'traceparent: 00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01' > /dev/null
wait $waiting
ok "and ends when the message is there" jq -e '.passed' "$WORK/verdict"

ok "the command verifies as well" kakehashi journal verify --data "$DATA" --rule XDS-SQ-003 --direction answered --exactly 1
ok "with exit code 1 when it is not so" sh -c '! "$@"' - "$BIN/kakehashi" journal verify --data "$DATA" --transaction ITI-41 --junit "$WORK/cli.xml"
ok "and a JUnit file" xmllint --noout "$WORK/cli.xml"
ok "coverage says which rules were broken" sh -c '"$0" coverage --json --data "$1" | jq -e "[.rules.items[] | select(.count > 0) | .name] | sort == [\"SOAP-002\", \"WSA-003\", \"XDS-SQ-003\"]" > /dev/null' "$BIN/kakehashi" "$DATA"
ok "and which queries were not asked" sh -c '"$0" coverage --data "$1" | grep -q "^  FindFolders "' "$BIN/kakehashi" "$DATA"
ok "on a page for people, too" sh -c '"$0" coverage --html "$2" --data "$1" && xmllint --html --noout "$2" 2>/dev/null && grep -q "おしどりネット" "$2"' "$BIN/kakehashi" "$DATA" "$WORK/coverage.html"

# a world that goes on and comes back, and a fault that shows as one
PATIENT=$(kakehashi patients 0035 --json --data "$DATA" | jq -r '.. | .id? // empty' | head -1)
ok "a snapshot is taken" is "$(api PUT /snapshots/before -o "$WORK/got" -w '%{http_code}')" 200
ok "a document is submitted" kakehashi send ITI-41 --to 0035 --patient "$PATIENT" --content changed --mime text/plain --document 2.999.392.5.91.1 --data "$DATA"
ok "the snapshot comes back" is "$(api POST /snapshots/before/restore -o "$WORK/got" -w '%{http_code}')" 200
ok "and the document is not there any more" sh -c '! "$@"' - "$BIN/kakehashi" send ITI-43 --to 0035 --document 2.999.392.5.91.1 --data "$DATA"
ok "a fault is set" is "$(api PUT /faults -d '{"faults": [{"id": "f1", "kind": "latency", "with": {"ms": 1}, "match": {"transaction": "ITI-18"}}]}' -o "$WORK/got" -w '%{http_code}')" 200
post "$TO" "$WORK/good.xml" > /dev/null
echo '{"waitMs": 3000, "assertions": [{"where": {"direction": "answered", "transaction": "ITI-18", "injected": "latency"}, "exactly": 1}]}' > "$WORK/injected.json"
ok "the message it struck says so" passes "$WORK/injected.json"
ok "each daemon counts it" is "$(api GET /faults | jq '[.daemons[].faults[0].injected] | add')" 1
ok "everything is reset" is "$(api POST /reset -o "$WORK/got" -w '%{http_code}')" 200
ok "the fault with it" is "$(api GET /faults | jq '[.daemons[].faults[]] | length')" 0
ok "a fault that there is not is refused" is "$(api PUT /faults -d '{"faults": [{"id": "f1", "kind": "nonsense"}]}' | jq -r '.error.field')" faults
post "$TO" "$WORK/good.xml" > /dev/null
ok "the journal is cleared" kakehashi journal clear --data "$DATA"
ok "and is empty" is "$(api GET /journal/records | jq .count)" 0
ok "the backbone goes down" kakehashi down --data "$DATA"
took=$(( ($(date +%s%N) - begun) / 1000000 ))
echo "all of it took $took ms"
