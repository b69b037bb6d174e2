#!/bin/sh
# NIST's XDS Toolkit test plans for a Document Repository and an XDR Document Recipient, against a backbone of this test's
# own: an outside judge, not part of this project. NIST names its folder (run-nist and testkit/ in it; default
# ../shared/nist beside the repository); without it the test skips.
#
#   tests/nist/repository.sh [AREA | TEST] …    default: the four areas of a repository
#
# LOG    a folder: requests, replies and a log of each section are left there (LOG/TEST/SECTION)
. "$(dirname "$0")/../system/lib.sh"

NIST=${NIST:-../shared/nist}
COMMUNITY=0035
skip() { echo "SKIP: $1"; trap - EXIT; rm -rf "$WORK"; exit 77; }
[ -x "$NIST/run-nist" ] || skip "no NIST test plans at $NIST"
/usr/bin/python3 -c 'import lxml' 2>/dev/null || skip "run-nist needs python3-lxml"

value() { python3 -c 'import json,sys; c = json.load(open(sys.argv[1]))["communities"][sys.argv[2]]; print(eval(sys.argv[3]))' "$DATA/endpoints.json" "$COMMUNITY" "$1"; }

[ $# -gt 0 ] || set -- provide-and-register retrieve remove-documents xdr
backbone_up --communities "$COMMUNITY" --log-level warn
for area in "$@"; do
    echo "== $area"
    "$NIST/run-nist" --tests "$area" --cert "$DATA/pki/user.pem" --key "$DATA/pki/user.key" --ca "$DATA/pki/ca.pem" \
        --registry "$(url $COMMUNITY registry ITI-18)" --pnr "$(url $COMMUNITY repository ITI-41)" --retrieve "$(url $COMMUNITY repository ITI-43)" \
        --remove-documents "$(url $COMMUNITY repository ITI-86)" --xdr "$(url $COMMUNITY document-recipient ITI-41)" \
        --register-patient-url "$(url $COMMUNITY registry ITI-44)" --assigning-authority "$(value 'c["patientIdDomain"]')" \
        --home "$(value 'c["homeCommunityId"]')" --repository-uid "$(value 'c["repositories"][0]')" \
        ${LOG:+--verbose --log-dir "$LOG"} > "$WORK/$area.out" 2>&1
    cat "$WORK/$area.out"
    grep '^FAIL' "$WORK/$area.out" && FAILED=1
    # A judge that broke down before it judged anything would otherwise look like a short run.
    grep -q '^[1-9][0-9]* passed, [0-9]* failed, 0 skipped$' "$WORK/$area.out" || FAILED=1
done
ok "the inbox has what the recipient was sent" kakehashi documents --inbox $COMMUNITY --data "$DATA"
ok "the backbone goes down" kakehashi down --data "$DATA"
ok "the store is in order" kakehashi repository fsck --data "$DATA"
