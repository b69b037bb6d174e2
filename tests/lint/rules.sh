#!/bin/sh
# Every rule of docs/rules.md is broken by a flow case: its id stands in a reply. And a reply names no rule that is gone.
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
grep -oE '^\| XDS-[A-Z]+-[0-9]+ ' docs/rules.md | tr -d '| ' | sort -u > "$WORK/rules"
grep -rohE --include='*.reply' '\(XDS-[A-Z]+-[0-9]+, ' tests/flow | sed 's/^(//; s/,.*//' | sort -u > "$WORK/broken"
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
