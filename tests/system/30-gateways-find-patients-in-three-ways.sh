#!/bin/sh
# Who holds a patient: by asking everybody (and remembering), by the PIX manager where communities meet, by a directory.
# Switched for one request, and for a community. Who keeps failing is not asked for a while, and every answer says so.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026,backbone --population 0 --log-level warn --breaker-failures 2 --locate 0035=broadcast
send() { kakehashi send "$@" --data "$DATA"; }
PERSON="--family 境 --given 美保 --gender F --birth 19530412"
fed() { send ITI-44 --to "$1" --at registry --id "$2" $PERSON && send ITI-44 --to "$1" --at pix-manager --id "$2" $PERSON; }
# Of the journal: so many discoveries (or locations) were sent by now
asked() { kakehashi journal verify --transaction "$1" --direction called --exactly "$2" --wait 10000 --data "$DATA"; }
everywhere() { send ITI-18 --to 0026 --from 0026 --at initiating-gateway --patient M1 "$@"; }
# Documents of both communities
both() { everywhere "$@" > "$WORK/both" 2>&1; cat "$WORK/both"; grep -q 'oid:2.999.392.1.26' "$WORK/both" && grep -q 'oid:2.999.392.1.35' "$WORK/both"; }

ok "0026 knows the patient" fed 0026 M1
ok "0035 knows the patient" fed 0035 R1
printf 'hello\n' > "$WORK/paper.txt"
ok "0026 has a document" send ITI-41 --to 0026 --at repository --patient M1 --file "$WORK/paper.txt" --mime text/plain --title 松江
ok "0035 has a document" send ITI-41 --to 0035 --at repository --patient R1 --file "$WORK/paper.txt" --mime text/plain --title 鳥取

ok "by XCPD both are found" both
ok "0035 was discovered" asked ITI-55 1
ok "and again" both
ok "without another discovery" asked ITI-55 1
ok "0026 remembers one" kakehashi gateway list 0026 --json --data "$DATA"
said "place" '"remembered": *1'
ok "all are asked anew when one request wants it" both --strategy broadcast
ok "so 0035 was discovered again" asked ITI-55 2

ok "a directory finds both" both --strategy plq@0035
ok "it was asked" asked ITI-56 1
ok "no discovery was needed to ask it" asked ITI-55 2
ok "the PIX manager at the backbone does not know the patient" everywhere --strategy pix
said "so the own document is all" 'oid:2.999.392.1.26'
for id in "0026 M1 2.999.392.2.26" "0035 R1 2.999.392.2.35"; do
    set -- $id
    ok "it is told of $2" send ITI-44 --to backbone --at pix-manager --id "$2^^^&$3&ISO" $PERSON
done
ok "then both are found" both --strategy pix
ok "without any discovery" asked ITI-55 2

ok "a strategy that there is not is refused" sh -c '! "$0" send ITI-18 --to 0026 --at initiating-gateway --patient M1 --strategy guess --data "$1"' "$BIN/kakehashi" "$DATA"
said "and told which there are" 'xcpd, broadcast, pix'
ok "a community gets another strategy" kakehashi gateway use plq@0035 0026 --data "$DATA"
said "which is shown" 'plq@0035'
ok "it is followed" both
ok "the directory was asked again" asked ITI-56 2
ok "everything is taken back" kakehashi gateway forget 0026 --json --data "$DATA"
said "the strategy" '"strategy": *"xcpd"'
said "and what was remembered" '"remembered": *0'
ok "a strategy of the configuration is shown" kakehashi gateway list 0035 --data "$DATA"
said "as it is" 'broadcast'

ok "0035's gateway breaks" kakehashi fault add http-page --community 0035 --actor responding --direction answer --data "$DATA"
ok "its part is missing once" sh -c '"$0" send ITI-18 --to 0026 --from 0026 --at initiating-gateway --patient M1 --raw --data "$1" | grep -q "PartialSuccess.*XDSUnavailableCommunity"' "$BIN/kakehashi" "$DATA"
ok "and twice" sh -c '"$0" send ITI-18 --to 0026 --from 0026 --at initiating-gateway --patient M1 --raw --data "$1" | grep -q PartialSuccess' "$BIN/kakehashi" "$DATA"
ok "a third time it is" sh -c '"$0" send ITI-18 --to 0026 --from 0026 --at initiating-gateway --patient M1 --raw --data "$1" | grep "PartialSuccess"' "$BIN/kakehashi" "$DATA"
said "not asked any more, which the answer says" 'it was not asked: it failed 2 time(s)'
said "naming the community" 'location="urn:oid:2.999.392.1.35"'
ok "and so does the list" kakehashi gateway list 0035 --data "$DATA"
said "with the cause" 'not asked:'
ok "the fault goes" kakehashi fault clear --data "$DATA"
ok "the community is let in again" kakehashi gateway forget 0035 --data "$DATA"
ok "both are found" both
ok "a reset forgets, too" kakehashi reset --data "$DATA"
ok "nobody is remembered" sh -c '! "$0" gateway list --json --data "$1" | grep -q "\"remembered\": *[1-9]"' "$BIN/kakehashi" "$DATA"
ok "the backbone goes down" kakehashi down --data "$DATA"
