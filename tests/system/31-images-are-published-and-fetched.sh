#!/bin/sh
# Imaging documents (XDS-I.b, XCA-I): a study is published, its manifest found, its images fetched, from the source and
# through gateways; those of seeded people as well. dcmtk, where it is installed, reads what comes.
. "$(dirname "$0")/lib.sh"
not() { ! "$@"; }
sent() { kakehashi send "$@" --data "$DATA"; }

backbone_up --communities 0035,0026 --population 40 --seed 7 --log-level error
home=urn:oid:2.999.392.1.35
patient=$(kakehashi patients 0035 --population 40 --seed 7 --json | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["id"])')

# ---- published by a vendor ----
ok "a study is published" sent RAD-68 --to 0035 --patient "$patient" --save "$WORK/manifest.dcm"
image=$(sed -n 's/.* image *//p' "$WORK/said")
sha1=$(sed -n 's/.* sha1 *//p' "$WORK/said")
ok "its images come from the source" sent RAD-69 --to 0035 --file "$WORK/manifest.dcm" --save "$WORK/image.dcm"
said "as they were sent" "$sha1"
ok "to the byte" is "$(sha1sum < "$WORK/image.dcm" | cut -d' ' -f1)" "$sha1"
ok "another community's gateway brings them" sent RAD-69 --to 0026 --at initiating-gateway --home $home --file "$WORK/manifest.dcm"
said "the same" "$sha1"
said "and says from where" $home
ok "from gateway to gateway" sent RAD-75 --from 0026 --to 0035 --file "$WORK/manifest.dcm"
said "the same" "$sha1"
ok "in no other transfer syntax" not sent RAD-69 --to 0035 --file "$WORK/manifest.dcm" --syntax 1.2.840.10008.1.2.4.50
said "and the answer says in which" 'encoded in 1.2.840.10008.1.2.1,'
ok "of no other study" not sent RAD-69 --to 0035 --study 1.2.3 --series 1.2.3.4 --document "$image"
said "and the answer says so" "XDSDocumentUniqueIdError.*not in series 1.2.3.4 of study 1.2.3"
ok "without a manifest or an instance there is nothing to send" not sent RAD-69 --to 0035
said "and the command says what is missing" 'needs --file with a manifest'

# ---- of seeded people ----
mkdir "$WORK/saved"
for id in $(kakehashi patients 0035 --population 40 --seed 7 --json | python3 -c 'import json,sys; print(*[p["id"] for p in json.load(sys.stdin)])'); do
    kakehashi documents 0035 "$id" --population 40 --seed 7 --save "$WORK/saved" > "$WORK/listed" 2>&1
done
# 0008,0016 is the SOP class: a manifest is a Key Object Selection
manifests=$(grep -l '1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\.59' "$WORK"/saved/*.dcm)
ok "some of the seeded people have manifests" test -n "$manifests"
fetched() {
    for m in $manifests; do
        sent RAD-69 --to 0035 --file "$m" --save "$WORK/one.dcm" > "$WORK/fetched" || { cat "$WORK/fetched"; return 1; }
        cmp "$WORK/one.dcm" "$WORK/saved/$(sed -n 's/.*  document  *//p' "$WORK/fetched").dcm" || return 1
    done
}
ok "the image of each comes from the source, as the generator makes it" fetched

# ---- judges ----
if command -v dcmdump > /dev/null && command -v dsrdump > /dev/null; then
    ok "dcmdump reads the image" dcmdump "$WORK/image.dcm"
    said "which is the one" "$image"
    ok "dsrdump reads the manifest" dsrdump "$WORK/manifest.dcm"
    said "as one" 'CONTAINER:(,,"Manifest")'
else
    echo "left out: dcmtk is not installed"
fi
