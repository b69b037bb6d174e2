#!/bin/sh
# kakehashi validate against the daemons themselves: of every flow case it finds nothing wrong with what the daemons
# answered or took, and in what they refused the rule that they named, unless that takes what they had stored. In each
# file of tests/fixtures/validate it finds the rule of its name, and no other. Reports and switches do as they say.
. "$(dirname "$0")/lib.sh"

planted() { # what a file's name says, and what was found in it
    kakehashi validate --json --clock 2026-04-01T00:00:00Z --communities 0026,0035 tests/fixtures/validate/* > "$WORK/planted.json"
    python3 - "$WORK/planted.json" <<'EOF'
import json, os, sys
bad = 0
verdicts = json.load(open(sys.argv[1]))
for v in verdicts:
    name = os.path.basename(v["file"])
    wanted = [] if name.startswith("good") else [name.split("_")[0]]
    found = [f["rule"] for f in v["findings"]]
    if found != wanted:
        bad += 1
        print(name, "has", found, [f["text"] for f in v["findings"]])
print(len(verdicts), "files")
sys.exit(bad > 0 or len(verdicts) < 60)
EOF
}

flows() {
    python3 - "$BIN/kakehashi" <<'EOF'
import collections, glob, json, os, re, subprocess, sys

NAMED = re.compile(r"\(((?:[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{3})), ")
# What only a store of patients, documents and earlier messages can tell, a peer, or the clock at that moment.
STORED = re.compile(r"(XDS-REG-|XDS-MU-|XDS-RMU-|XDS-AS-|XDS-CODE-)\d+$|XDS-RM-00[123]$|XDS-PNR-01[45]$|XDS-RET-00[345]$|"
                    r"XDS-SQ-01[56]$|PID-00[4-8]$|V2-ADT-(00[89]|01[01])$|V2-QBP-014$|V2-DSC-001$|V3-PIX-004$|V3-MORE-00[57]$|"
                    r"XCA-012$|XCPD-008$|XDSI-00[456]$|CT-")
SUCCESS = re.compile(r"ResponseStatusType:(Partial)?Success\"|MSA\|AA|typeCode code=\"(AA|CA)\"")
LATER = re.compile(r"HTTP 202")
JUDGES = ("assertions", "assertion-issuers", "checks", "codes", "communities", "fixtures")  # settings that a message is judged by

def flags(case):
    path = os.path.join(case, "config")
    given = dict(line.rstrip("\n").split(" = ", 1) for line in open(path)) if os.path.exists(path) else {}
    return tuple("--%s=%s" % (k, given.get(k, "0026,0035")) for k in JUDGES if k in given or k == "communities")

def is_message(text):
    head = text.split("\n\n", 1)[0]
    return head.startswith(("POST ", "MLLP\n")) or re.search(r"Content-Type: (application/soap|multipart/related)", head)

files = collections.defaultdict(list)
for path in sorted(glob.glob("tests/flow/*/**/*.re*", recursive=True)):
    if re.fullmatch(r"\d+\.(request|reply)", os.path.basename(path)) and is_message(open(path, "rb").read().decode("utf-8", "replace")):
        files[path.split("/")[2], flags(os.path.dirname(path))].append(path)

bad, found, messages = 0, set(), 0
def wrong(path, *what):
    global bad
    bad += 1
    if bad < 30:
        print(path, *what)

for (actor, given), paths in files.items():
    run = subprocess.run([sys.argv[1], "validate", "--json", "--clock", "2026-04-01T00:00:00Z", "--at", actor, *given, *paths], capture_output=True)
    messages += len(paths)
    for v in json.loads(run.stdout):
        path, errors = v["file"], [f for f in v["findings"] if f["severity"] == "error"]
        rules = {f["rule"] for f in v["findings"]}
        if path.endswith(".reply"):
            if errors:
                wrong(path, "was answered by a daemon, but", errors[0]["rule"], errors[0]["text"])
            continue
        reply = open(path.replace(".request", ".reply"), "rb").read().decode("utf-8", "replace")
        found |= rules
        for rule in set(NAMED.findall(reply)) - rules:
            if not (STORED.match(rule) and v["needsStore"]):
                wrong(path, "was refused by", rule, "but validate finds", rules or "nothing")
        if errors and SUCCESS.search(reply) and not NAMED.search(reply):
            wrong(path, "was taken, but", errors[0]["rule"], errors[0]["text"])
print(messages, "messages,", len(found), "rules were found broken,", bad, "wrong")
sys.exit(bad > 0 or messages < 3000 or len(found) < 200)
EOF
}

ok "every planted file breaks the rule of its name, and no other" planted
ok "the flow cases are judged as the daemons judged them" flows

BROKEN=$(ls tests/fixtures/validate/RSP-104_*)
ok "an error ends with 1" is "$(kakehashi validate "$BROKEN" >/dev/null; echo $?)" 1
ok "a warning with 0" is "$(kakehashi validate tests/fixtures/validate/RSP-105_* >/dev/null; echo $?)" 0
ok "a rule can be weighed as a warning" is "$(kakehashi validate --rule RSP-104=warn "$BROKEN" >/dev/null; echo $?)" 0
ok "or switched off" is "$(kakehashi validate --json --rule RSP-104=off "$BROKEN" | grep -c '"rule"')" 0
ok "or made an error" is "$(kakehashi validate --rule RSP-105=error tests/fixtures/validate/RSP-105_* >/dev/null; echo $?)" 1
ok "standard input is read" is "$(kakehashi validate - < "$BROKEN" | grep -c 'RSP-104')" 1
ok "a rule that is none is one line with the nearest" is "$(kakehashi validate --rule RSP-10=off "$BROKEN" 2>&1 | grep -c 'no such rule; the nearest are RSP-1')" 1
ok "a weight that is none says what is taken" is "$(kakehashi validate --rule RSP-104=loud "$BROKEN" 2>&1 | grep -c 'RSP-104=off, =warn or =error')" 1
ok "a community that is none is said" is "$(kakehashi validate --community 9999 "$BROKEN" 2>&1 | grep -c 'no community 9999')" 1
ok "no file is wrong use" is "$(kakehashi validate >/dev/null 2>&1; echo $?)" 2
echo "nothing that is known" > "$WORK/text"
ok "what is no message is said" is "$(kakehashi validate "$WORK/text" | grep -c 'no message that is known')" 1
ok "Japanese is spoken" is "$(LC_ALL=ja_JP.UTF-8 kakehashi validate "$BROKEN" | grep -c '規則: RegistryError には errorCode がある')" 1

kakehashi validate --junit "$WORK/junit.xml" --sarif "$WORK/sarif.json" "$BROKEN" tests/fixtures/validate/good_ack.hl7 > /dev/null
ok "JUnit counts them" xmllint --noout --xpath '/testsuite[@tests=2 and @failures=1]/testcase/failure' "$WORK/junit.xml"
ok "SARIF names rule, level and place" python3 - "$WORK/sarif.json" <<'EOF'
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
(result,) = run["results"]
assert result["ruleId"] == "RSP-104" and result["level"] == "error"
assert "RegistryError" in result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
assert result["ruleId"] in {r["id"] for r in run["tool"]["driver"]["rules"]}
EOF
