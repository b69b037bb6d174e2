#!/bin/sh
# `kakehashi patients` needs no backbone: who lives in a community, and who is whom, follow from seed and fixtures.
. "$(dirname "$0")/lib.sh"

ok "a community lists its people" kakehashi patients 0035 --seed 1
said "with ids and names in romaji" '0035-0000020-7  .*[A-Z][a-z]* [A-Z][a-z]*'
LC_ALL=ja_JP.UTF-8 ok "in Japanese, too" kakehashi patients oshidori --seed 1
said "with its headings" '氏名.*読み.*生年月日'
kakehashi patients 0035 --seed 1 --population 500 --json > "$WORK/one.json"
kakehashi patients 0035 --seed 1 --population 500 --json > "$WORK/again.json"
kakehashi patients 0035 --seed 2 --population 500 --json > "$WORK/other.json"
ok "one seed gives one list" cmp "$WORK/one.json" "$WORK/again.json"
ok "another seed another" sh -c '! cmp -s "$0" "$1"' "$WORK/one.json" "$WORK/other.json"
ok "a search finds by city in romaji, and nobody else" sh -c '"$0" patients 0035 --seed 1 --population 500 --search yonago --json |
    python3 -c "import json,sys; p=json.load(sys.stdin); assert p and all(x[\"address\"][\"city\"]==\"米子市\" for x in p)"' "$BIN/kakehashi"
ok "a long list is cut short and says so" kakehashi patients 0035 --population 500
said "with both numbers" '^200 of 500'

ok "the truth names persons known twice, with one birth date each" python3 - "$BIN/kakehashi" <<'PY'
import collections, json, subprocess, sys
def patients(*words):
    return json.loads(subprocess.run([sys.argv[1], "patients", *words, "--json", "--population", "100"], check=True, capture_output=True).stdout)
communities = "0026,0035"
truth = patients("--truth", "--communities", communities)
assert len(truth) == 200, len(truth)
records = collections.defaultdict(list)
for row in truth:
    records[row["truth"]].append((row["community"], row["id"]))
people = {(c, p["id"]): p for c in communities.split(",") for p in patients(c)}
twice = [r for r in records.values() if len(r) == 2]
assert len(twice) == 5, len(twice)
for (one, other) in twice:
    assert one[0] != other[0] and one[1] != other[1]
    assert people[one]["birthDate"] == people[other]["birthDate"] and people[one]["truth"] == people[other]["truth"]
    assert people[one]["address"]["prefecture"] == "島根県" and people[other]["address"]["prefecture"] == "鳥取県"
PY
ok "nobody lives where nobody should" sh -c '[ "$("$0" patients 0035 --population 0 --json)" = "[]" ]' "$BIN/kakehashi"

# usage_error "what is wrong" PATTERN WORDS …
usage_error() {
    what=$1 pattern=$2
    shift 2
    "$BIN/kakehashi" patients "$@" > "$WORK/line" 2>&1
    code=$?
    ok "$what: exit 2 with one line that says why" sh -c '[ "$0" = 2 ] && [ "$(wc -l < "$1")" = 1 ] && grep -q "$2" "$1"' $code "$WORK/line" "$pattern"
}
usage_error "more than everybody" '200%.*0% to 100%' 0035 --population 200%
usage_error "no number" '"many" is neither' 0035 --population many
usage_error "an unknown community" 'no community "nowhere"' nowhere
usage_error "an unknown community among those that live" 'no community "nowhere"' --truth --communities 0035,nowhere
usage_error "no community" 'wants a community' --json
usage_error "a word too many" 'do not know' 0035 0026
