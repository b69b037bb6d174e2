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
    AdhocQueryRe*) echo "$schemas/toolkit2/v3/query.xsd" ;;
    RegistryResponse) echo "$schemas/toolkit2/v3/rs.xsd" ;;
    SubmitObjectsRequest) echo "$schemas/toolkit2/v3/lcm.xsd" ;;
    ProvideAndRegisterDocumentSetRequest | RetrieveDocumentSetRe*) echo "$schemas/toolkit2/v3/XDS.b_DocumentRepository.xsd" ;;
    MCCI_* | PRPA_*) echo "$hl7/$1.xsd" ;;
    *Fault) echo fault ;;
    esac
}

# The SOAP body's child as a document of its own: what stands between <env:Body> and </env:Body>, MTOM packages included.
body_of() {
    python3 - "$1" <<'EOF'
import re, sys
text = open(sys.argv[1], 'rb').read()
found = re.search(rb'<env:Body>(.*)</env:Body>', text, re.S)
sys.stdout.buffer.write(re.sub(rb'<xop:Include[^>]*/>', b'', found.group(1)) if found else b'')
EOF
}

checked=0 bad=0
# Requests to peers and replies are ours; requests are the tests' own and may be wrong on purpose.
for file in $(find tests/flow \( -name '[0-9]*.reply' -o -name 'peer-*.request' \) | sort); do
    grep -q '<env:Body>' "$file" || continue
    body_of "$file" > "$work/body.xml"
    root=$(xmllint --xpath 'local-name(/*)' "$work/body.xml" 2>/dev/null)
    schema=$(schema_of "$root")
    [ "$schema" = fault ] && continue
    [ -n "$schema" ] || { echo "$file: no schema for $root"; bad=1; continue; }
    xmllint --nonet --noout --schema "$schema" "$work/body.xml" 2> "$work/errors" || { echo "$file:"; head -3 "$work/errors"; bad=1; }
    checked=$((checked + 1))
done
[ $checked -gt 0 ] || { echo "nothing was checked"; exit 1; }
[ $bad = 0 ] && echo "$checked messages are valid"
exit $bad
