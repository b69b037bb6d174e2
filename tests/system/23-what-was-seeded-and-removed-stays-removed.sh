#!/bin/sh
# A document of the seeded people is removed from repository and registry: it stays so after kill -9, the next start and
# a larger population, while everybody else's is there; and whatever was asked first, the same world answers.
. "$(dirname "$0")/lib.sh"

PATIENT=0035-0000004-1 OTHER=0035-0000002-5
OID=2.999.392.5.35.10035.10000004.11
urn() { printf 'urn:uuid:00000035-0000-8%03d-8%03d-%012d' "$1" "$2" 4; } # DOCUMENT PART: set, document, association

refused() { ! "$@"; }
asked() { kakehashi send ITI-18 --data "$DATA" --to 0035 --patient "$1" --return ObjectRef --raw | grep -o 'ObjectRef id="[^"]*"' | sort; }
retrieved() { kakehashi send ITI-43 --data "$DATA" --to 0035 --document "$1" --save "$WORK/saved"; }
back() {
    for _ in $(seq 100); do
        kakehashi readyz --data "$DATA" > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}
all_as_it_should_be() {
    [ "$(asked $PATIENT | wc -l)" = 2 ] && ! asked $PATIENT | grep -q "$(urn 2 2)" && [ "$(asked $OTHER | wc -l)" = 2 ] &&
        retrieved $OID.1 && retrieved $OID.3 && refused retrieved $OID.2
}

backbone_up --communities 0035,0026 --population 5
ok "a seeded document can be retrieved" retrieved $OID.2
REPOSITORY=$(kakehashi send ITI-18 --data "$DATA" --to 0035 --document $OID.2 | sed -n 's/.*repository  *//p')
ok "it is removed from its repository" kakehashi send ITI-86 --data "$DATA" --to 0035 --document $OID.2 --repository "$REPOSITORY"
ok "and with its submission from the registry, where nobody had asked for it" kakehashi send ITI-62 --data "$DATA" --to 0035 \
    --entry "$(urn 2 1)" --entry "$(urn 2 2)" --entry "$(urn 2 3)"
ok "so it is gone, and the rest is there" all_as_it_should_be
for daemon in registry repository; do
    before=$(pid_of $daemon)
    ok "the $daemon is killed" kill -9 "$before"
    ok "and comes back" back
done
ok "it is still gone" all_as_it_should_be
ok "the backbone goes down" kakehashi down --data "$DATA"
backbone_up --communities 0035,0026 --population 5
ok "after the next start it is gone" all_as_it_should_be
ok "the backbone goes down again" kakehashi down --data "$DATA"
backbone_up --communities 0035,0026 --population 12
ok "it is gone when more people live there" all_as_it_should_be
ok "and they are there" sh -c "[ $(asked 0035-0000008-2 | wc -l) -gt 0 ]"
ok "that backbone goes down" kakehashi down --data "$DATA"

# across CODE …: who has what, in a community that nobody was asked about, and in one where everybody was
across() {
    kakehashi send ITI-51 --data "$DATA" --to 0026 --query FindDocumentsForMultiplePatients \
        --param "\$XDSDocumentEntryStatus=('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')" \
        --param "\$XDSDocumentEntryClassCode=('$1')" --return ObjectRef --raw |
        grep -o 'ObjectRef id="[^"]*"' | sort
}
all_across() { for code in '57133-1^^2.16.840.1.113883.6.1' '57833-6^^2.16.840.1.113883.6.1' 'basic-data^^2.999.392.9.1'; do across "$code"; done; }
rm -rf "$DATA"
backbone_up --communities 0026 --population 40
all_across > "$WORK/first"
ok "documents are found across people who were never asked about" [ "$(wc -l < "$WORK/first")" -gt 30 ]
for n in $(kakehashi patients 0026 --population 40 | awk '/0026-/ {print $1}'); do
    kakehashi send ITI-18 --data "$DATA" --to 0026 --patient "$n" --return ObjectRef --raw | grep -o 'ObjectRef id="[^"]*"'
done | sort > "$WORK/each"
ok "each of them belongs to somebody" [ -z "$(sort -u "$WORK/first" | comm -23 - "$WORK/each")" ]
ok "this backbone goes down" kakehashi down --data "$DATA"
rm -rf "$DATA"
backbone_up --communities 0026 --population 40
for n in $(kakehashi patients 0026 --population 40 | awk '/0026-/ {print $1}'); do
    kakehashi send ITI-18 --data "$DATA" --to 0026 --patient "$n" --return ObjectRef --raw | grep -o 'ObjectRef id="[^"]*"'
done | sort > "$WORK/each-first"
all_across > "$WORK/second"
ok "the same documents are found when everybody was asked about before" cmp "$WORK/first" "$WORK/second"
ok "and everybody has the same" cmp "$WORK/each" "$WORK/each-first"
