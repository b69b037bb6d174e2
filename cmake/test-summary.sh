#!/bin/sh
# Runs ctest with the given arguments, shows what it says, and ends with "N passed, N failed"; exit code of ctest.
set -u

out=$(mktemp) || exit 1
code_file=$(mktemp) || exit 1
trap 'rm -f "$out" "$code_file"' EXIT

{ ctest --no-tests=error "$@" 2>&1; echo $? >"$code_file"; } | tee "$out"

# Result lines look like "12/40 Test  #3: unit/test_xml ....   Passed    0.02 sec", with "***Failed", "***Skipped" …
awk '
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
        if ($0 ~ /\*\*\*Skipped/) skipped++
        else if ($0 ~ / Passed +[0-9.]+ sec/) passed++
        else failed++
    }
    END {
        if (skipped) printf "%d skipped (what they need is not here)\n", skipped
        printf "%d passed, %d failed\n", passed, failed
    }' "$out"

exit "$(cat "$code_file")"
