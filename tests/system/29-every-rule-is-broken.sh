#!/bin/sh
# For every rule that a message can break: the good message passes, the broken one is refused (or warned of, where the
# rule is a note) by that rule and no other, in its answer and in the journal.
. "$(dirname "$0")/lib.sh"

# The survey's codes, and one for associations, so that the rules of code sets can be broken.
python3 - fixtures/codes/survey.json "$WORK/codes.json" <<'PY'
import json, sys
codes = json.load(open(sys.argv[1]))
codes["associationDocumentation"] = [{"code": "LA", "scheme": "1.2.3", "display": "LA"}]
json.dump(codes, open(sys.argv[2], "w"))
PY
backbone_up --communities 0035,0026 --codes "$WORK/codes.json"
PATIENT='B0001^^^&2.999.392.2.35&ISO'
for actor in registry pix-manager; do
    ok "the $actor learns of a patient" kakehashi send ITI-44 --data "$DATA" --to 0035 --at $actor --id "$PATIENT" --family 模擬 --given 規 --gender F --birth 19500102
done

break_it() { rule=$1 transaction=$2; shift 2; kakehashi send "$transaction" --data "$DATA" --from 0026 --to 0035 --patient "$PATIENT" --break "$rule" "$@"; }

# Each line of the table: RULE ✓ refused RULE, or ✓ warned RULE of a rule that is a warning in docs/rules.md
judged() {
    python3 - "$1" docs/rules.md <<'PY'
import re, sys
weights = dict(re.findall(r"^\| ([A-Z0-9]+(?:-[A-Z0-9]+)*-\d+) \| (\w+) \|", open(sys.argv[2]).read(), re.M))
bad = 0
for line in open(sys.argv[1]):
    cells = line.split()
    if len(cells) < 3 or cells[0] not in weights:
        continue
    expected = ["✓", "warned" if weights[cells[0]] == "warn" else "refused", cells[0]]
    if cells[1:] != expected:
        print(line.rstrip()[:400])
        bad += 1
sys.exit(bad > 0)
PY
}

# The last column is a list of transactions, or "-" and why there are none.
for transaction in $(kakehashi send --breaks | grep -oE '(  (ITI|RAD)-[0-9]+[a-z-]*)( (ITI|RAD)-[0-9]+[a-z-]*)*$' | tr ' ' '\n' | grep . | sort -u); do
    ok "$transaction: every rule is named, and the exit code says so" break_it all "$transaction"
    cp "$WORK/said" "$WORK/all.$transaction"
    ok "$transaction: by that rule and no other, as it weighs" judged "$WORK/all.$transaction"
done

# Every rule of the table was broken, or says why it cannot be.
covered() {
    cat "$WORK"/all.* | awk '$2 == "✓" && ($3 == "refused" || $3 == "warned") { print $1 }' | sort -u > "$WORK/broken"
    kakehashi send --breaks | awk '/  - [a-z]/ { print $1 }' | sort -u > "$WORK/not"
    grep -oE '^\| [A-Z0-9]+(-[A-Z0-9]+)*-[0-9]+ ' docs/rules.md | tr -d '| ' | sort -u > "$WORK/rules"
    cat "$WORK/broken" "$WORK/not" | sort -u | comm -23 "$WORK/rules" - > "$WORK/left"
    echo "$(wc -l < "$WORK/broken") of $(wc -l < "$WORK/rules") rules are broken"
    cat "$WORK/left"
    test ! -s "$WORK/left" && test "$(wc -l < "$WORK/broken")" -ge 360
}
ok "every rule is broken, or says why it cannot be" covered
cat "$WORK/said"

# The journal has each as the cause of an answer.
python3 - "$WORK/broken" > "$WORK/assertions.json" <<'PY'
import json, sys
rules = open(sys.argv[1]).read().split()
json.dump({"assertions": [{"name": r, "where": {"direction": "answered", "finding": r}, "atLeast": 1} for r in rules]}, sys.stdout)
PY
ok "the journal knows each of them as a cause" kakehashi journal verify "$WORK/assertions.json" --data "$DATA"

# ---- one by one ----
ok "a rule is broken by itself" break_it XDS-DE-017 ITI-42
said "what was changed is told" "edit .*remove //rim:ExtrinsicObject/rim:Slot\[@name='languageCode'\]"
said "the answer too" "languageCode is required"
ok "raw, the envelope comes as it is" break_it XDS-SQ-003 ITI-18 --raw
said "and names the rule" "<.*(XDS-SQ-003, "

code() { want=$1; shift; "$@"; is "$?" "$want"; }
ok "an unknown rule is an error of the user" code 2 break_it XDS-DE-071 ITI-42
said "who is told what is near" "there is no such rule; near are .*XDS-DE-01"
ok "a rule of another transaction, too" code 2 break_it XDS-DE-017 ITI-18
said "who is told of which it is" "ITI-18 cannot break it; ITI-42 ITI-41 ITI-61 can"
ok "a rule that no message breaks, too" code 2 break_it XDS-SQ-016 ITI-18
said "who is told why" "depends on how many objects the registry holds"
ok "a patient is needed" code 1 kakehashi send ITI-42 --data "$DATA" --to 0035 --patient 'NOBODY' --break XDS-REG-004
said "and one whom the registry knows" "ITI-42, which goes before: .*XDS-REG-001"
ok "in Japanese" sh -c 'LC_ALL=ja_JP.UTF-8 "$0" send ITI-42 --data "$1" --to 0035 --patient "$2" --break XDS-DE-017' "$BIN/kakehashi" "$DATA" "$PATIENT"
said "it reads so" "この規則だけによって拒否された"
