#!/bin/sh
# kakehashi send is a good client of every transaction that docs/transactions.md names: each is sent to a running
# backbone, and answered as it should be; what came back stands in a table, or is the bytes.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026 --population 5 --seed 7 --log-level warn
SENT=
s() { # s "what must hold" ID [words]: of 0035, by its neighbour
    what=$1 id=$2
    shift 2
    SENT="$SENT $id"
    ok "$id: $what" kakehashi send "$id" --to 0035 --data "$DATA" "$@"
}
field() { awk -v name="$1" '$1 == name { print $2 } $2 == name { print $3 }' "$WORK/said" | head -1; } # of the first row
PERSON="--family 試験 --given 花子 --birth 19800102 --gender F"
D='^^^&2.999.392.2.35&ISO'

# people: HL7 v2
s "a person is fed" ITI-8 --id V1 $PERSON --at pix-manager
s "another one" ITI-8 --id V2 $PERSON --at pix-manager --event A01
s "one has another id" ITI-8 --id V1 --subsumes V2 $PERSON --at pix-manager
s "a person is managed" ITI-30 --id V3 $PERSON
s "changed" ITI-30 --id V3 $PERSON --event A31
s "and given another id" ITI-30 --id V4 --was V3 $PERSON
s "ids of two domains are one person's" ITI-30 --id 'X1^^^&2.999.392.3.35.1&ISO' $PERSON
s "linked" ITI-30 --id V4 --with 'X1^^^&2.999.392.3.35.1&ISO' $PERSON
s "the other id is found" ITI-9 --patient V4
said "and named" X1
s "and parted" ITI-30 --event A37 --id V4 --with 'X1^^^&2.999.392.3.35.1&ISO' $PERSON
s "people are found" ITI-21 --family 試験 --quantity 1 --tag T7
said "by name, with a place to go on from" pointer
s "the rest is not wanted" ITI-21-cancel --tag T7
s "people with visits are looked for" ITI-22 --family 試験

# people: HL7 v3
for actor in pix-manager registry; do
    s "a person is fed to the $actor" ITI-44 --at $actor --id "W1$D" $PERSON
    s "and revised" ITI-44-revise --at $actor --id "W1$D" $PERSON
done
s "another one" ITI-44 --at pix-manager --id "W2$D" $PERSON
s "two are one" ITI-44-merge --at pix-manager --id "W1$D" --subsumes "W2$D" $PERSON
s "ids are found" ITI-45 --patient V1
s "people are found" ITI-47 --family 試験 --quantity 1 --query Q1
s "and more of them" ITI-47-continue --query Q1 --quantity 1
s "the rest is not wanted" ITI-47-cancel --query Q1

# documents
DOCUMENT=2.999.392.5.94.1
s "a document is provided" ITI-41 --patient "W1$D" --content one --mime text/plain --document $DOCUMENT --title 一枚
s "to a recipient" ITI-41 --at document-recipient --from 0026 --patient "W1$D" --content two --mime text/plain
s "images are provided" RAD-68 --patient "W1$D" --save "$WORK/manifest.dcm"
s "and fetched" RAD-69 --file "$WORK/manifest.dcm"
s "documents are found" ITI-18 --patient "W1$D" --document $DOCUMENT --query GetDocuments
# id KIND ATTRIBUTE [words]: of the first such object that a query finds
id() {
    kind=$1 attribute=$2
    shift 2
    kakehashi send ITI-18 --to 0035 --raw --data "$DATA" "$@" | grep -o "<[a-z0-9:]*$kind [^>]*" | head -1 | grep -o " $attribute=\"[^\"]*\"" | cut -d'"' -f2
}
LOGICAL=$(id ExtrinsicObject lid --document $DOCUMENT)
ok "with their ids" [ -n "$LOGICAL" ]
s "of several patients" ITI-51 --patient "W1$D" --query FindDocumentsForMultiplePatients
s "a document is retrieved" ITI-43 --document $DOCUMENT --save "$WORK/back"
ok "as it was" is "$(cat "$WORK/back")" one
s "its entry has a new title" ITI-57 --patient "W1$D" --logical "$LOGICAL" --version 1 --document $DOCUMENT --content one --mime text/plain --title 二枚
s "and another one" ITI-92 --patient "W1$D" --logical "$LOGICAL" --version 2 --document $DOCUMENT --content one --mime text/plain --title 三枚

# other communities
s "patients are discovered" ITI-55 --from 0026 $PERSON --id 'N1^^^&2.999.392.2.26&ISO'
s "later" ITI-55-deferred --from 0026 $PERSON --id 'N1^^^&2.999.392.2.26&ISO'
s "where they are known" ITI-56 --from 0026 --patient "W1$D"
s "documents are found" ITI-38 --from 0026 --patient "W1$D"
s "retrieved" ITI-39 --from 0026 --document $DOCUMENT
s "fetched in one go" ITI-63 --from 0026 --patient "W1$D"
s "provided" ITI-80 --from 0026 --patient "W1$D" --content four --mime text/plain
s "images fetched" RAD-75 --from 0026 --file "$WORK/manifest.dcm"

# entries without documents
s "an entry alone is registered" ITI-42 --patient "W1$D" --content three --mime text/plain --document 2.999.392.5.94.2
s "one that is made when asked for" ITI-61 --patient "W1$D" --mime text/plain

# what goes
s "a document is removed" ITI-86 --document $DOCUMENT
ENTRY=$(id ExtrinsicObject id --document 2.999.392.5.94.2)
MEMBER=$(id Association id --query GetAssociations --entry "$ENTRY") SET=$(id Association sourceObject --query GetAssociations --entry "$ENTRY")
s "an entry is removed, with its set and what made it a member" ITI-62 --entry "$ENTRY" --entry "$MEMBER" --entry "$SET"

# secure nodes
s "the time is asked" ITI-1
s "an audit event is told" ITI-20 --from 0035
said "which was read" yes
s "and is there" ITI-81 --event 110120
said "told by the command" "kakehashi send"

# ---- none is missing ----
for id in $(grep -o '^| [A-Z]*-[0-9]* ' docs/transactions.md | tr -d '| ' | sort -u); do
    case " $SENT " in *" $id "*) ;; *) ok "$id was sent" false ;; esac
done
for id in $(kakehashi send 2>&1 | awk '/^  [A-Z]+-[0-9]/ { print $1 }'); do
    case " $SENT " in *" $id "*) ;; *) ok "$id, which can be sent, was sent" false ;; esac
done
ok "those were many" [ "$(echo "$SENT" | wc -w)" -ge 45 ]
