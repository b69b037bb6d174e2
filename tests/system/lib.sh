# For the system tests: a backbone of the test's own, on free ports, in a folder of its own, gone at the end.
# KK_BIN names the folder of the programs. Tests use only what an outsider has: the command, curl, openssl, xmllint.
set -u
cd "$(dirname "$0")/../.." || exit 1
BIN=${KK_BIN:-build/dev/bin}
export LC_ALL=C.UTF-8 KAKEHASHI_FIXTURES="$PWD/fixtures"
unset KAKEHASHI_DATA LANG
WORK=$(mktemp -d)
DATA=$WORK/data
FAILED=0

# In the daemons' log of $DATA
sanitizer_check() {
    grep -q 'ERROR: .*Sanitizer\|runtime error:' "$DATA/kakehashi.log" 2>/dev/null || return 0
    echo "not ok: a sanitizer complained"
    grep -A15 'ERROR: .*Sanitizer\|runtime error:' "$DATA/kakehashi.log" | head -60
    FAILED=1
}

finish() {
    [ -f "$DATA/endpoints.json" ] && "$BIN/kakehashi" down --data "$DATA" >/dev/null 2>&1
    sanitizer_check
    rm -rf "$WORK"
    [ $FAILED = 0 ] || echo "FAILED"
    exit $FAILED
}
trap finish EXIT
trap 'exit 1' INT TERM

kakehashi() { "$BIN/kakehashi" "$@"; }

backbone_up() {
    kakehashi up --detach --ports auto --data "$DATA" "$@" > "$WORK/up.txt" 2>&1 || { cat "$WORK/up.txt"; FAILED=1; exit 1; }
}

# ok "what must hold" COMMAND …; what it said is then in $WORK/said
ok() {
    what=$1
    shift
    if "$@" > "$WORK/saying" 2>&1; then echo "ok: $what"; else echo "not ok: $what"; head -40 "$WORK/saying"; FAILED=1; fi
    mv "$WORK/saying" "$WORK/said"
}

# is A B: they are the same.
is() { test "$1" = "$2" || { echo "$1 is not $2"; return 1; }; }

# said "what must hold" PATTERN: what the last ok's command said has it
said() {
    if grep -q "$2" "$WORK/said"; then echo "ok: $1"; else echo "not ok: $1"; head -40 "$WORK/said"; FAILED=1; fi
}

# url COMMUNITY ACTOR TRANSACTION [plain]: from endpoints.json
url() {
    python3 - "$DATA/endpoints.json" "$@" <<'EOF'
import json, sys
file, community, actor, transaction, *plain = sys.argv[1:]
c = json.load(open(file))["communities"][community]
print((c["plain"] if plain else c["endpoints"])[actor][transaction])
EOF
}

pid_of() { kakehashi status --data "$DATA" --json | python3 -c 'import json,sys; print([d["pid"] for d in json.load(sys.stdin)["daemons"] if d["name"]==sys.argv[1]][0])' "$1"; }

SOAP='Content-Type: application/soap+xml; charset=UTF-8'
# post URL FILE [curl options]: prints "STATUS", leaves the body in $WORK/reply
post() {
    to=$1 file=$2
    shift 2
    curl -sS --max-time 30 -o "$WORK/reply" -w '%{http_code}' --cacert "$DATA/pki/ca.pem" --cert "$DATA/pki/user.pem" --key "$DATA/pki/user.key" \
        -H "$SOAP" --data-binary "@$file" "$@" "$to"
}

reply_has() { grep -q "$1" "$WORK/reply"; }
