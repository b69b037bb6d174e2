#!/bin/sh
# NIST's XDS Toolkit test plans against a backbone of this test's own: an outside judge, not part of this project. NIST
# names its folder (run-nist and testkit/ in it; default ../shared/nist beside the repository); without it the test skips.
#
#   tests/nist/run.sh [AREA | TEST | COLLECTION] …    default: the areas of a registry
#
# FEED   the transaction that makes patients known to the registry: ITI-44 (default) or ITI-8
# CODES  a code set file for --codes (default: any code is good)
# LOG    a folder: requests, replies and a log of each section are left there (LOG/TEST/SECTION), and the daemons' log
. "$(dirname "$0")/../system/lib.sh"

NIST=${NIST:-../shared/nist}
COMMUNITY=0035
skip() { echo "SKIP: $1"; trap - EXIT; rm -rf "$WORK"; exit 77; }
[ -x "$NIST/run-nist" ] || skip "no NIST test plans at $NIST"
/usr/bin/python3 -c 'import lxml' 2>/dev/null || skip "run-nist needs python3-lxml"

# 20004 sends a SubmissionSet.uniqueId that is no OID, against ITI TF-3: 4.2.3.3.12: here that is warned of, and no more.
cp -r fixtures "$WORK/fixtures"
export KAKEHASHI_FIXTURES="$WORK/fixtures"
python3 - "$WORK/fixtures/networks/$COMMUNITY.json" <<'EOF'
import json, sys
community = json.load(open(sys.argv[1]))
community["simulation"]["rules"] = {"XDS-SS-009": "warn"}
json.dump(community, open(sys.argv[1], "w"))
EOF

# value EXPRESSION: of community $COMMUNITY ("c") in endpoints.json
value() { python3 -c 'import json,sys; c = json.load(open(sys.argv[1]))["communities"][sys.argv[2]]; print(eval(sys.argv[3]))' "$DATA/endpoints.json" "$COMMUNITY" "$1"; }

# One area, or one test: its PASS and FAIL lines as they come, then its sum. A backbone of its own, since mpq counts over all patients.
run_area() {
    DATA=$WORK/$1
    backbone_up --communities "$COMMUNITY" ${CODES:+--codes "$CODES"}
    echo "== $1"
    "$NIST/run-nist" --tests "$1" --cert "$DATA/pki/user.pem" --key "$DATA/pki/user.key" --ca "$DATA/pki/ca.pem" \
        --registry "$(url $COMMUNITY registry ITI-18)" --pnr "$(url $COMMUNITY repository ITI-41)" --retrieve "$(url $COMMUNITY repository ITI-43)" \
        --register-patient-url "$(url $COMMUNITY registry "${FEED:-ITI-44}")" --assigning-authority "$(value 'c["patientIdDomain"]')" \
        --home "$(value 'c["homeCommunityId"]')" --repository-uid "$(value 'c["repositories"][0]')" \
        ${LOG:+--verbose --log-dir "$LOG"} > "$WORK/$1.out" 2>&1 || FAILED=1
    cat "$WORK/$1.out"
    # A judge that broke down before it judged anything would otherwise look like a short run.
    grep -q '^[1-9][0-9]* passed, 0 failed, 0 skipped$' "$WORK/$1.out" || FAILED=1
    kakehashi down --data "$DATA" > /dev/null 2>&1
    [ -z "${LOG:-}" ] || cp "$DATA/kakehashi.log" "$LOG/daemons-$1.log"
    sanitizer_check
    DATA=$WORK/none
}

[ $# -gt 0 ] || set -- register stored-query mpq on-demand metadata-update restricted-update remove-metadata
[ -z "${LOG:-}" ] || mkdir -p "$LOG"
for area in "$@"; do run_area "$area"; done

echo "== summary"
for area in "$@"; do printf '%-18s %s\n' "$area" "$(tail -1 "$WORK/$area.out")"; done
