#!/bin/sh
# Every rule of docs/rules.md is broken by a flow case: its id stands in a reply, or in a planted file's name
# (tests/fixtures/validate/RULE-ID…). And a reply names no rule that is gone.
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
ID='([A-Z][A-Z0-9]*(-[A-Z0-9]+)*-[0-9][0-9][0-9]|ATNA-[A-Z]+)'
grep -oE "^\\| $ID " docs/rules.md | tr -d '| ' | sort -u > "$WORK/rules"
{
    grep -rohaE --include='*.reply' --include='peer-*.request' "\\($ID, " tests/flow | sed 's/^(//; s/,.*//'
    find tests/fixtures/validate -type f 2>/dev/null | sed 's,.*/,,' | grep -oE "^$ID"
} | sort -u > "$WORK/broken"
if [ ! -s "$WORK/rules" ]; then
    echo "docs/rules.md has no rules"
    exit 1
fi

FAILED=0
for rule in $(comm -23 "$WORK/rules" "$WORK/broken"); do
    echo "$rule: no flow case breaks it (tests/flow/…/*.reply)"
    FAILED=1
done
for rule in $(comm -13 "$WORK/rules" "$WORK/broken"); do
    echo "$rule: a flow case names it, docs/rules.md does not"
    FAILED=1
done
exit $FAILED
