#!/bin/sh
# What was removed is gone, what was sent to the Document Recipient is in its inbox, fsck finds and repairs what is lost,
# damaged or nobody's, and a full disk is named while the service goes on.
. "$(dirname "$0")/lib.sh"

PATIENT='S1^^^&2.999.392.2.35&ISO'
BLOBS=$DATA/repository/blobs
not() { ! "$@"; }
# Documents 1 to 5 are a file each, "small …" are rows of the database.
content() { case $1 in small*) printf %s "$1" ;; *) printf '%s%40000s' "$1" . ;; esac; }
provide() { content "$2" > "$WORK/content"; kakehashi send ITI-41 --data "$DATA" --to 0035 --patient "$PATIENT" --file "$WORK/content" --mime text/plain --document "2.999.392.5.80.$1"; }
retrieve() { kakehashi send ITI-43 --data "$DATA" --to 0035 --document "2.999.392.5.80.$1"; }
fsck() { kakehashi repository fsck --data "$DATA" "$@"; }
blob() { sum=$(content "$1" | sha256sum | cut -c1-64); echo "$BLOBS/$(echo "$sum" | cut -c1-2)/$(echo "$sum" | cut -c3-)"; }

backbone_up --communities 0035,0026 --log-level warn
ok "a patient is fed" kakehashi send ITI-44 --data "$DATA" --to 0035 --at registry --id "$PATIENT" --family 模擬 --given 整
for i in 1 2 3 4; do
    ok "document $i is provided" provide $i "octets of $i"
done
ok "one more has the octets of the first" provide 5 "octets of 1"
ok "a small one is provided" provide 6 "small octets"
ok "and another" provide 7 "small, too"

# ---- ITI-86 ----
ok "a document is removed" kakehashi send ITI-86 --data "$DATA" --to 0035 --document 2.999.392.5.80.4
ok "and cannot be retrieved any more" not retrieve 4
said "for it is not there" XDSDocumentUniqueIdError
for wait in $(seq 50); do [ -e "$(blob 'octets of 4')" ] || break; sleep 0.1; done
ok "its octets are gone" [ ! -e "$(blob 'octets of 4')" ]

# ---- a damaged document ----
ok "one more document is provided" provide 8 "octets of 8"
ok "it comes back" retrieve 8
printf X | dd of="$(blob 'octets of 8')" conv=notrunc 2> "$WORK/dd"
ok "it is damaged" not retrieve 8
said "and the answer says which" 'XDSRepositoryError.*2\.999\.392\.5\.80\.8\|2\.999\.392\.5\.80\.8.*XDSRepositoryError'
ok "the others come back" retrieve 1
ok "the journal has the refusal" kakehashi journal list --data "$DATA" --community 0035 --transaction ITI-43 --json
said "by its code" XDSRepositoryError
ok "submitting it once more repairs it" provide 8 "octets of 8"
ok "so that it comes back" retrieve 8
ok "and can be removed" kakehashi send ITI-86 --data "$DATA" --to 0035 --document 2.999.392.5.80.8
for wait in $(seq 50); do [ -e "$(blob 'octets of 8')" ] || break; sleep 0.1; done
ok "with its octets" [ ! -e "$(blob 'octets of 8')" ]

# ---- the Document Recipient ----
ok "a document is sent to the recipient" kakehashi send ITI-41 --data "$DATA" --from 0026 --to 0035 --at document-recipient --patient "$PATIENT" --content "to whom it may concern" --title 紹介 --mime text/plain --document 2.999.392.5.81.1
ok "the inbox has it" kakehashi documents --inbox 0035 --data "$DATA"
said "by its uniqueId" '2\.999\.392\.5\.81\.1'
ok "also as JSON" sh -c '"$0" documents --inbox oshidori --json --data "$1" | python3 -c "import json,sys; assert json.load(sys.stdin)[\"submissions\"][0][\"documents\"][0][\"title\"] == \"紹介\""' "$BIN/kakehashi" "$DATA"
ok "the other community's is empty" sh -c '"$0" documents --inbox 0026 --json --data "$1" | python3 -c "import json,sys; assert json.load(sys.stdin)[\"submissions\"] == []"' "$BIN/kakehashi" "$DATA"
ok "its bytes are saved" kakehashi documents --inbox 0035 --save "$WORK/inbox" --data "$DATA"
ok "as they were sent" is "$(cat "$WORK/inbox/1-1.txt")" "to whom it may concern"
CONTROL=$(jq -r .control "$DATA/endpoints.json")
ok "the control API lists it, too" is "$(curl -s "$CONTROL/inbox?community=oshidori" | jq -r '.submissions[0].documents[0].uniqueId')" 2.999.392.5.81.1
ok "and has its bytes" is "$(curl -s "$CONTROL/inbox/document?community=0035&number=1")" "to whom it may concern"
ok "not those of another community" is "$(curl -s -o /dev/null -w '%{http_code}' "$CONTROL/inbox/document?community=0026&number=1")" 404
ok "a community that is not there is refused by name" is "$(curl -s "$CONTROL/inbox?community=9999" | jq -r .error.field)" query.community
ok "there is none of a stranger" not kakehashi documents --inbox 9999 --data "$DATA"

# ---- a full disk: a limit on the size of files stands in for it ----
ALONE=$WORK/alone
mkdir -m 700 "$ALONE" && cp -r "$DATA/pki" "$ALONE/pki"
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
registry=$(url 0035 registry ITI-42 | sed 's#/0035/.*##')
head -c 9000000 /dev/zero > "$WORK/large"
(ulimit -f 4096; exec "$BIN/kakehashi-repository" --data "$ALONE" --communities 0035 --port "$port" --registry-at "$registry" --log-level error) 2> "$WORK/alone.log" &
alone=$!
kakehashi endpoints --save --data "$ALONE" --communities 0035 --repository-at "https://localhost:$port" > "$WORK/save.txt" 2>&1 || cat "$WORK/save.txt"
for wait in $(seq 100); do kakehashi readyz "https://localhost:$port" --data "$ALONE" > /dev/null 2>&1 && break; sleep 0.1; done
small() { kakehashi send ITI-41 --data "$ALONE" --to 0035 --patient "$PATIENT" --content "small $1" --mime text/plain --document "2.999.392.5.82.$1"; }
large() { kakehashi send ITI-41 --data "$ALONE" --to 0035 --patient "$PATIENT" --file "$WORK/large" --document 2.999.392.5.82.9; }
ok "a small document fits" small 1
ok "a large one does not" not large
said "and the error says so" XDSRepositoryOutOfResources
ok "it is not registered" kakehashi send ITI-18 --data "$DATA" --to 0035 --document 2.999.392.5.82.9
said "at all" 'nothing found'
ok "the next small one fits" small 2
ok "and comes back" kakehashi send ITI-43 --data "$ALONE" --to 0035 --document 2.999.392.5.82.2
kill "$alone"
wait "$alone"
ok "the repository ends cleanly" [ $? = 0 ]
ok "without a word from the sanitizers" not grep -q 'Sanitizer\|runtime error' "$WORK/alone.log"
ok "its store is in order" kakehashi repository fsck --data "$ALONE"

# ---- fsck ----
ok "fsck refuses a running repository" not fsck
said "and says what to do" 'kakehashi down'
ok "the backbone goes down" kakehashi down --data "$DATA"
ok "fsck finds all well" fsck
said "and says how much there is" '^7 documents in 6 blobs, .* 0 lost, 0 blobs of nobody$'
printf X | dd of="$(blob 'octets of 2')" conv=notrunc 2> "$WORK/dd"
rm "$(blob 'octets of 3')"
orphan=$(blob orphan)
mkdir -p "$(dirname "$orphan")" && printf orphan > "$orphan"
python3 - "$DATA/repository/repository.db" <<'EOF'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("UPDATE octets SET bytes = CAST('SMALL OCTETS' AS BLOB) WHERE bytes = CAST('small octets' AS BLOB)").rowcount == 1
db.execute("INSERT INTO octets VALUES (?, ?)", ("ab" * 32, b"nobody's"))
db.commit()
EOF
ok "fsck finds what was damaged" not fsck
said "a changed one" '2\.999\.392\.5\.80\.2 .*SHA-256 is another'
said "a lost one" '2\.999\.392\.5\.80\.3 .*are gone'
said "a changed small one" '2\.999\.392\.5\.80\.6 .*SHA-256 is another'
said "and one of nobody" 'no document refers to it'
said "a small one as well" "blob $(printf 'ab%.0s' $(seq 32)): no document refers to it"
ok "it changed nothing" [ -e "$orphan" ]
ok "fsck repairs it" fsck --repair
ok "and finds all well then" fsck
ok "the orphan is gone" [ ! -e "$orphan" ]
backbone_up --communities 0035,0026 --log-level warn
ok "what was whole is there" retrieve 1
ok "small or not" retrieve 7
ok "what was lost is known to be lost" not retrieve 6
ok "large or not" not retrieve 2
said "for it is not there" XDSDocumentUniqueIdError
ok "and may be provided again" provide 2 "octets of 2"
ok "to be retrieved" retrieve 2

# ---- orphans of before a start go by themselves ----
ok "the backbone goes down again" kakehashi down --data "$DATA"
mkdir -p "$(dirname "$orphan")" && printf orphan > "$orphan"
printf half > "$DATA/repository/spool/77.tmp"
sleep 1.1 # what is as young as the start stays
backbone_up --communities 0035,0026 --log-level warn
for wait in $(seq 100); do [ -e "$orphan" ] || break; sleep 0.1; done
ok "an orphan is swept at start" [ ! -e "$orphan" ]
ok "and so is half a document" [ ! -e "$DATA/repository/spool/77.tmp" ]
ok "but no document" retrieve 1
