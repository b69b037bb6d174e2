#!/bin/sh
# What must not be in the tree: unfinished work, unsafe calls, tabs in sources, functions nobody can read at a glance.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
sources=$(find core registry repository pixmgr gateway console cli -name '*.[ch]')
if grep -nEi '\b(todo|fixme|xxx)\b' $sources; then echo "unfinished work"; bad=1; fi
if grep -nE '\b(strcpy|strcat|sprintf|gets|strtok|system|popen|alloca)\(' $sources; then echo "unsafe calls"; bad=1; fi
if grep -nP '\t' $sources; then echo "tabs"; bad=1; fi
if grep -nE 'sqlite3_exec\(|xmlReadMemory|XML_PARSE_HUGE|XML_PARSE_DTD' $sources | grep -vE '^core/(store/db|wire/xml_edit)\.c'; then echo "a forbidden interface"; bad=1; fi
echo "longest functions (a report, not a gate):"
for file in $(find core registry repository pixmgr gateway console cli -name '*.c'); do
    awk -v file="$file" '/^[a-z].*\)$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) } /^{$/ { start = NR } /^}$/ { if (start) print NR - start - 1, file ":" name; start = 0 }' "$file"
done | sort -rn | head -10
exit $bad
