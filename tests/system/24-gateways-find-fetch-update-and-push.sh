#!/bin/sh
# Two communities that know each other by their gateways alone: a patient is discovered, at once and later, located, the
# documents fetched and updated, and a referral is pushed to the other's recipient. The command is the other side.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026 --population 0 --log-level warn
send() { kakehashi send "$@" --data "$DATA"; }

printf 'hello\n' > "$WORK/paper.txt"
FROM="--from 0026 --family 境 --given 美保 --birth 19530412"
for at in registry pix-manager; do
    ok "0035 knows the patient at its $at" send ITI-44 --to 0035 --at $at --id R1 --family 境 --given 美保 --gender F --birth 19530412
done
ok "a document is registered" send ITI-41 --to 0035 --at repository --patient R1 --file "$WORK/paper.txt" --mime text/plain --title 紹介状 --document 2.999.392.5.77

ok "0026 discovers the patient, with an id of its own" send ITI-55 --to 0035 $FROM --id M1 --ttl P1D
said "it is R1 there" 'R1'
ok "0026 asks to be answered later" send ITI-55-deferred --to 0035 $FROM --id M2
said "which is acknowledged" 'CA'
ok "the answer comes" kakehashi journal verify --transaction ITI-55 --community 0026 --actor initiating --direction received --exactly 1 --wait 10000 --data "$DATA"
ok "0035 tells who holds the patient" send ITI-56 --to 0035 --from 0026 --patient R1
said "itself" 'urn:oid:2.999.392.1.35'
said "and who asked" 'urn:oid:2.999.392.1.26'

ok "metadata and document come in one answer" send ITI-63 --to 0035 --from 0026 --patient R1 --save "$WORK/fetched.txt"
ok "octet for octet" cmp "$WORK/paper.txt" "$WORK/fetched.txt"
send ITI-18 --to 0035 --at registry --patient R1 > "$WORK/found" 2>&1
ENTRY=$(grep -o 'urn:uuid:[0-9a-f-]*' "$WORK/found" | head -1)
ok "a restricted update goes through the gateway" send ITI-92 --to 0035 --at responding-gateway --patient R1 --logical "$ENTRY" --document 2.999.392.5.77 \
    --file "$WORK/paper.txt" --mime text/plain --title 紹介状２
ok "the title is the new one" send ITI-38 --to 0035 --from 0026 --patient R1
said "紹介状２" '紹介状２'

ok "a referral goes from gateway to gateway" send ITI-41 --to 0026 --at initiating-gateway --from 0026 --home urn:oid:2.999.392.1.35 --patient R1 --file "$WORK/paper.txt" \
    --mime text/plain --title 他地域への紹介 --recipient 'おしどり病院^^^^^^^^^2.999.392.3.35.1|9999^松江^次郎|'
ok "and straight to the other's gateway" send ITI-80 --to 0035 --from 0026 --patient R1 --file "$WORK/paper.txt" --mime text/plain --title 直送
ok "the recipient has them" kakehashi documents --inbox 0035 --data "$DATA"
said "the first" '他地域への紹介'
said "the second" '直送'
ok "a stranger is nobody's recipient" sh -c '"$0" send ITI-80 --to 0035 --from 0026 --patient R1 --file "$1" --mime text/plain --recipient "X^^^^^^^^^1.2.3|" --data "$2" 2>&1 | grep UnknownRecipient' \
    "$BIN/kakehashi" "$WORK/paper.txt" "$DATA"
ok "the backbone goes down" kakehashi down --data "$DATA"
