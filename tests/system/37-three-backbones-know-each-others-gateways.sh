#!/bin/sh
# Three backbones on three addresses, each with data, authority and ports of its own. Each knows of the others where
# their gateways are and whom to trust, and nothing else: patients are discovered, documents queried, retrieved and
# pushed across them. One that goes is missed by name.
. "$(dirname "$0")/lib.sh"

ALL="0035 0026 0236"
finish() {
    for c in $ALL; do
        "$BIN/kakehashi" down --data "$WORK/$c" > /dev/null 2>&1
        DATA=$WORK/$c
        sanitizer_check
    done
    rm -rf "$WORK"
    [ $FAILED = 0 ] || echo "FAILED"
    exit $FAILED
}

# Three runs of 20 free ports, each on all three addresses
ports() {
    python3 - <<'PY'
import random, socket
def free(port):
    held = []
    try:
        for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                s = socket.socket(socket.AF_INET, kind)
                held.append(s)
                s.bind((address, port))
        return True
    except OSError:
        return False
    finally:
        for s in held:
            s.close()
bases = []
while len(bases) < 3:
    base = random.randrange(20000, 32000, 20)
    if base not in bases and all(free(base + i) for i in range(20)):
        bases.append(base)
print(*bases)
PY
}
set -- $(ports)
P35=$1 P26=$2 P236=$3
# The gateway is the fourth daemon: BASE + 7
AT35=https://127.0.0.1:$((P35 + 7)) AT26=https://127.0.0.2:$((P26 + 7)) AT236=https://127.0.0.3:$((P236 + 7))

for c in "0035 127.0.0.1" "0026 127.0.0.2" "0236 127.0.0.3"; do
    set -- $c
    ok "$1 has an authority of its own" kakehashi pki --communities "$1" --bind "$2" --data "$WORK/$1"
    cp "$WORK/$1/pki/ca.pem" "$WORK/$1.ca"
done
for c in $ALL; do # its own first: with that it signs
    { cat "$WORK/$c.ca"; for other in $ALL; do [ "$other" = "$c" ] || cat "$WORK/$other.ca"; done; } > "$WORK/$c/pki/ca.pem"
done

# up COMMUNITY ADDRESS BASE PEERS
up() {
    kakehashi up --detach --communities "$1,backbone" --bind "$2" --ports "$3" --peers "$4" --population 0 --log-level warn --call-timeout 20000 \
        --locate xcpd --data "$WORK/$1"
}
ok "0035 comes up" up 0035 127.0.0.1 "$P35" "0026=$AT26 0236=$AT236"
ok "0026 comes up" up 0026 127.0.0.2 "$P26" "0035=$AT35 0236=$AT236"
ok "0236 comes up" up 0236 127.0.0.3 "$P236" "0035=$AT35 0026=$AT26"
ok "who lives here cannot live elsewhere" sh -c '! "$0" up --communities 0035,0026 --ports auto --peers 0026=https://127.0.0.2:1 --population 0 --data "$1/wrong"' "$BIN/kakehashi" "$WORK"
said "which is told" 'it lives here'

# at COMMUNITY TRANSACTION …: sent within that community's backbone
at() {
    backbone=$1 transaction=$2
    shift 2
    kakehashi send "$transaction" --to "$backbone" --from "$backbone" --data "$WORK/$backbone" "$@"
}
PERSON="--family 境 --given 美保 --gender F --birth 19530412"
for who in "0035 R1" "0026 M1" "0236 N1"; do
    set -- $who
    printf 'from %s\n' "$1" > "$WORK/$1.txt"
    ok "$1 knows the patient as $2" at "$1" ITI-44 --at registry --id "$2" $PERSON
    ok "so do its demographics" at "$1" ITI-44 --at pix-manager --id "$2" $PERSON
    ok "$1 has a document" at "$1" ITI-41 --at repository --patient "$2" --file "$WORK/$1.txt" --mime text/plain --title "of-$1"
done

ok "0035 asks all three" at 0035 ITI-18 --at initiating-gateway --patient R1
cp "$WORK/said" "$WORK/found"
for c in $ALL; do ok "it has the document of $c" grep -q "of-$c" "$WORK/found"; done
# retrieved COMMUNITY HOME REPOSITORY: through 0035's gateway
retrieved() {
    document=$(awk -v t="of-$1" '$1 ~ /^[0-9]+$/ && $2 == "document" { d = $3 } $0 ~ t { print d; exit }' "$WORK/found")
    at 0035 ITI-43 --at initiating-gateway --document "$document" --repository "$3" --home "urn:oid:$2" --save "$WORK/$1.got" && cmp "$WORK/$1.txt" "$WORK/$1.got"
}
ok "the document of 0026 is retrieved octet for octet" retrieved 0026 2.999.392.1.26 2.999.392.4.26.1
ok "and that of 0236" retrieved 0236 2.999.392.1.236 2.999.392.4.236.1
ok "0236 finds all three, too" at 0236 ITI-18 --at initiating-gateway --patient N1
said "0026's among them" 'of-0026'
ok "by 0026's directory 0035 finds them as well" at 0035 ITI-18 --at initiating-gateway --patient R1 --strategy plq@0026
said "0236's among them" 'of-0236'
ok "0026 was asked for locations" kakehashi journal verify --transaction ITI-56 --direction answered --exactly 1 --wait 10000 --data "$WORK/0026"
ok "a referral is pushed from one to the other" at 0035 ITI-41 --at initiating-gateway --patient R1 --home urn:oid:2.999.392.1.26 --file "$WORK/0035.txt" --mime text/plain --title 紹介
ok "it has arrived" kakehashi documents --inbox 0026 --data "$WORK/0026"
said "as it was sent" '紹介'

DATA=$WORK/0035
printf 'x' > "$WORK/x"
is404() { is "$(post "$1" "$WORK/x")" 404; }
ok "nobody serves what lives elsewhere" is404 "$AT35/0026/responding"
ok "which says where it is" reply_has "$AT26"
ok "only the gateway knows of others" is404 "https://localhost:$((P35 + 1))/0026/registry"
ok "no endpoint of theirs is listed" sh -c '! grep -q "\"0026\"" "$0"' "$WORK/0035/endpoints.json"

ok "0236 goes down" kakehashi down --data "$WORK/0236"
ok "the rest of the answer comes" sh -c '"$0" send ITI-18 --to 0035 --from 0035 --at initiating-gateway --patient R1 --raw --data "$1" | grep "PartialSuccess.*of-0026"' "$BIN/kakehashi" "$WORK/0035"
said "and who is missing is named" 'XDSUnavailableCommunity.*location="urn:oid:2.999.392.1.236"'
