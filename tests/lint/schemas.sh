#!/bin/sh
# Every exact reply of the flow tests is valid by the published schemas, an outside judge. The schemas are not part of
# this project: SCHEMAS names their folder (…/schemas with toolkit2/ and hl7v3/ below); without it the check skips.
set -u
cd "$(dirname "$0")/../.." || exit 1
schemas=${SCHEMAS:-../shared/schemas}
[ -d "$schemas" ] || { echo "SKIP: no schemas at $schemas"; exit 77; }
command -v xmllint >/dev/null || { echo "SKIP: xmllint is not installed"; exit 77; }
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
hl7=$schemas/hl7v3/schema/HL7V3/NE2008/multicacheschemas

schema_of() {
    case $1 in
    AdhocQueryResponseFetched) echo "$schemas/xds/wsdl/schema/ebRS30/query.xsd" ;;
    AdhocQueryRe*) echo "$schemas/toolkit2/v3/query.xsd" ;;
    RegistryResponse) echo "$schemas/toolkit2/v3/rs.xsd" ;;
    SubmitObjectsRequest) echo "$schemas/toolkit2/v3/lcm.xsd" ;;
    ProvideAndRegisterDocumentSetRequest | RetrieveDocumentSetRe*) echo "$schemas/toolkit2/v3/XDS.b_DocumentRepository.xsd" ;;
    RetrieveImagingDocumentSetRequest) echo "$schemas/toolkit2/v3/XDSI.b_ImagingDocumentSource.xsd" ;;
    PatientLocationQuery*) echo "$schemas/hl7v3/schema/IHE/XCPD_PLQ.xsd" ;;
    AuditMessage) echo "$schemas/audit/dicom2017c.xsd" ;;
    MCCI_* | PRPA_*) echo "$hl7/$1.xsd" ;;
    esac
}

# The SOAP body's child of every reply and of every request to a peer, as a document of its own under its root's name.
# MTOM packages are included. Requests are the tests' own, and may be wrong on purpose.
python3 - "$work" <<'EOF'
import pathlib, re, sys
for file in sorted(pathlib.Path("tests/flow").rglob("*")):
    if not (re.fullmatch(r"\d+\.reply|peer-\d+\.request", file.name)):
        continue
    if "V3-QUERY-002" in str(file):  # echoes the question, which has no queryId
        continue
    found = re.search(rb"<env:Body>\s*(<(?:\w+:)?(\w+).*)</env:Body>", file.read_bytes(), re.S)
    if found and found.group(2) != b"Fault":
        fetched = b"Fetched" if b"<xds:Document" in found.group(1) and found.group(2) == b"AdhocQueryResponse" else b""
        folder = pathlib.Path(sys.argv[1], (found.group(2) + fetched).decode())
        folder.mkdir(exist_ok=True)
        (folder / str(file).replace("/", "%")).write_bytes(re.sub(rb"<xop:Include[^>]*/>", b"", found.group(1)))
for file in sorted(pathlib.Path("tests/flow").rglob("audit")):
    folder = pathlib.Path(sys.argv[1], "AuditMessage")
    folder.mkdir(exist_ok=True)
    for number, record in enumerate(re.findall(rb"<\?xml.*?</AuditMessage>", file.read_bytes(), re.S)):
        (folder / ("%s%%%d" % (str(file).replace("/", "%"), number))).write_bytes(record)
EOF

# A schema is read once for all of its messages.
checked=0 bad=0
for folder in "$work"/*/; do
    schema=$(schema_of "$(basename "$folder")")
    [ -n "$schema" ] || { echo "no schema for $(basename "$folder")"; bad=1; continue; }
    count=$(ls "$folder" | wc -l)
    xmllint --nonet --noout --schema "$schema" "$folder"/* 2> "$work/errors" || { grep -v ' validates$' "$work/errors" | sed "s#$work/[^/]*/*##; s#%#/#g" | head -20; bad=1; }
    checked=$((checked + count))
done
[ $checked -gt 0 ] || { echo "nothing was checked"; exit 1; }
[ $bad = 0 ] && echo "$checked messages are valid"
exit $bad
