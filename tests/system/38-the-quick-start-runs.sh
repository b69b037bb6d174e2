#!/bin/sh
# The quick start of docs/testing-with-kakehashi.md is run as it stands there; every command that the examples for CI
# show is one that there is, with flags that it knows.
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || { echo "skipped: jq is not here"; exit 77; }
PAGE=$PWD/docs/testing-with-kakehashi.md
case $BIN in /*) ;; *) BIN=$PWD/$BIN ;; esac
PATH=$BIN:$PATH
export PATH

# block LANGUAGE [HEADING]: the first such block of the page, or below the heading
block() { awk -v begin="\`\`\`$1" -v heading="${2-}" 'heading == "" || $0 == heading { armed = 1 } armed && !on && $0 == begin { on = 1; next } on && /^```/ { exit } on' "$PAGE"; }

mkdir "$WORK/here" && ln -s "$PWD/docs" "$WORK/here/docs" && cd "$WORK/here" || exit 1
block sh > "$WORK/quick.sh"
ok "there is a quick start" grep -q 'kakehashi up --detach' "$WORK/quick.sh"
ok "it runs, and what it verifies is true" timeout 120 sh -e "$WORK/quick.sh"
said "to its end" '^true$'
[ -f bed/endpoints.json ] && kakehashi down --data bed > /dev/null 2>&1
ok "nothing is left behind" [ ! -f bed/endpoints.json ]

# what a job does, with the steps of its examples
up='kakehashi up --detach --json --ports auto --data bed > bed.json'
verify='kakehashi journal verify assertions.json --data bed --junit results.xml'
for place in '## GitHub Actions' '## GitLab'; do
    block yaml "$place" > "$WORK/job.yaml"
    ok "$place begins with a backbone on free ports" grep -qF "$up" "$WORK/job.yaml"
    ok "and verifies" grep -qF "$verify" "$WORK/job.yaml"
    ok "and keeps the journal" grep -qF 'kakehashi journal export journal.zip --data bed' "$WORK/job.yaml"
    if python3 -c 'import yaml' 2>/dev/null; then
        ok "and is YAML" python3 -c 'import sys,yaml; yaml.safe_load(open(sys.argv[1]))' "$WORK/job.yaml"
    fi
done
rm -rf bed
ok "the first of these steps works" sh -ec "$(echo "$up" | sed 's/ --data bed/ --data bed --communities 0035/')"
ok "and says where the control API is" curl -sf "$(jq -r .control bed.json)/readyz"
echo '{"assertions": [{"where": {"transaction": "ITI-18"}, "exactly": 0}]}' > assertions.json
ok "the next one" sh -ec "$verify"
ok "with a report" xmllint --noout results.xml
ok "the last one" kakehashi journal export journal.zip --data bed
ok "makes an archive" python3 -m zipfile -t journal.zip
ok "and the backbone goes down" kakehashi down --data bed
ok "the example builds by a target that there is" grep -q "^build:" "$OLDPWD/Makefile"
