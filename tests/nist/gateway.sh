#!/bin/sh
# NIST's XDS Toolkit test plans for the Responding and the Initiating Gateway, against a backbone of this test's own: an
# outside judge, not part of this project. NIST names its folder (run-nist and testkit/ in it; default ../shared/nist
# beside the repository); without it the test skips.
#
#   tests/nist/gateway.sh [AREA] …    default: responding-gateway gateway-update initiating-gateway
#
# LOG    a folder: requests, replies and a log of each section are left there (LOG/TEST/SECTION)
. "$(dirname "$0")/../system/lib.sh"

NIST=${NIST:-../shared/nist}
FIRST=0035
SECOND=0026
skip() { echo "SKIP: $1"; trap - EXIT; rm -rf "$WORK"; exit 77; }
[ -x "$NIST/run-nist" ] || skip "no NIST test plans at $NIST"
/usr/bin/python3 -c 'import lxml' 2>/dev/null || skip "run-nist needs python3-lxml"

# value COMMUNITY EXPRESSION: of the community ("c") in endpoints.json
value() { python3 -c 'import json,sys; c = json.load(open(sys.argv[1]))["communities"][sys.argv[2]]; print(eval(sys.argv[3]))' "$DATA/endpoints.json" "$1" "$2"; }

# judge NAME TESTS [options]: patients are known to the first community's registry, and to who answers for its people
judge() {
    name=$1 tests=$2
    shift 2
    echo "== $name"
    "$NIST/run-nist" --tests "$tests" --cert "$DATA/pki/user.pem" --key "$DATA/pki/user.key" --ca "$DATA/pki/ca.pem" \
        --registry "$(url $FIRST registry ITI-18)" --pnr "$(url $FIRST repository ITI-41)" --retrieve "$(url $FIRST repository ITI-43)" \
        --register-patient-url "$(url $FIRST registry ITI-44)" --register-patient-url "$(url $FIRST pix-manager ITI-44)" \
        --assigning-authority "$(value $FIRST 'c["patientIdDomain"]')" \
        --home "$(value $FIRST 'c["homeCommunityId"]')" --repository-uid "$(value $FIRST 'c["repositories"][0]')" \
        "$@" ${LOG:+--verbose --log-dir "$LOG"} > "$WORK/$name.out" 2>&1 || FAILED=1
    cat "$WORK/$name.out"
    # A judge that broke down before it judged anything would otherwise look like a short run.
    grep -q '^[1-9][0-9]* passed, 0 failed, 0 skipped$' "$WORK/$name.out" || FAILED=1
}

responding() {
    judge "$1" "$1" --rg-query "$(url $FIRST responding-gateway ITI-38)" --rg-retrieve "$(url $FIRST responding-gateway ITI-39)" \
        --xcrmu "$(url $FIRST responding-gateway ITI-92)"
}

# person COMMUNITY ACTOR ID: the same person everywhere
person() {
    kakehashi send ITI-44 --to "$1" --at "$2" --id "$3" --family 判定 --given 太郎 --gender M --birth 19700102 --data "$DATA" > "$WORK/fed" 2>&1 || { cat "$WORK/fed"; FAILED=1; }
}

# The plan wants a community that fails and one that answers: the gateway is the second's, and the first is told to fail.
one_fails() {
    person $SECOND registry ERR26 && person $SECOND pix-manager ERR26 && person $FIRST pix-manager ERR35
    ok "the first community is to answer with an error" kakehashi fault add xds-error --community $FIRST --actor responding --transaction ITI-38 --data "$DATA"
    judge one-fails 15814 --ig-query "$(url $SECOND initiating-gateway ITI-18)" --ig-retrieve "$(url $SECOND initiating-gateway ITI-43)" \
        --pnr2 "$(url $SECOND repository ITI-41)" --home2 "$(value $SECOND 'c["homeCommunityId"]')" \
        --repository-uid2 "$(value $SECOND 'c["repositories"][0]')" --patient-error "ERR26^^^&$(value $SECOND 'c["patientIdDomain"]')&ISO"
}

initiating() {
    judge initiating 15808 --ig-query "$(url $FIRST initiating-gateway ITI-18)" --ig-retrieve "$(url $FIRST initiating-gateway ITI-43)"
    one_fails
}

[ $# -gt 0 ] || set -- responding-gateway gateway-update initiating-gateway
backbone_up --communities "$FIRST,$SECOND" --log-level warn
for area in "$@"; do
    case $area in
        initiating-gateway) initiating ;;
        *) responding "$area" ;;
    esac
done
ok "the backbone goes down" kakehashi down --data "$DATA"
[ -z "${LOG:-}" ] || cp "$DATA/kakehashi.log" "$LOG/daemons.log"
