#!/bin/sh
# Every linkage that the survey states in enough detail has a scenario, and each ends in a checked result.
. "$(dirname "$0")/lib.sh"

ok "the scenarios are listed" kakehashi scenario list
cp "$WORK/said" "$WORK/list"
for linkage in L01 L02 L03 L04 L07 L08 L09 L11 L15 L17 L21 L25; do
    ok "$linkage has a scenario" grep -q " $linkage " "$WORK/list"
done

communities=$(python3 -c '
import json, glob
print(",".join(sorted({c for f in glob.glob("fixtures/scenarios/*.json") for c in json.load(open(f))["communities"]})))')
ok "a backbone of all who take part comes up" backbone_up --communities "$communities" --log-level warn
for name in $(awk 'NR > 1 { print $1 }' "$WORK/list"); do
    ok "$name succeeds" kakehashi scenario run "$name" --data "$DATA"
    said "$name ends in the same document" 'document identical: SHA-1 [0-9a-f]\{40\}'
done
ok "a second run meets nobody of the first" kakehashi scenario run ism-link-shinshu --data "$DATA"
said "and finds what this run registered: a referral, a manifest, an image" 'asked everywhere, 3 document(s)'

cat > "$WORK/like.py" <<'EOF'
import json, os, shutil, sys
shutil.copytree("fixtures", sys.argv[1])
json.dump({"name": "wrong", "en": "t", "ja": "t", "like": "oshidori-mame", "communities": ["0035"]}, open(sys.argv[1] + "/scenarios/wrong.json", "w"))
EOF
python3 "$WORK/like.py" "$WORK/fixtures"
ok "a scenario that casts too few communities is refused" sh -c '! "$0" scenario run wrong --fixtures "$1" --data "$2"' "$BIN/kakehashi" "$WORK/fixtures" "$DATA"
said "and says how many it needs" 'wrong.json: like: oshidori-mame'
ok "the backbone goes down" kakehashi down --data "$DATA"
