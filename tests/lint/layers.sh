#!/bin/sh
# Who may include whom, and which outside library each folder may touch (docs/conventions.md has the same table).
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

# folder | allowed include prefixes (ours)
rules='
core/base|base/
core/wire|base/ wire/
core/model|base/ model/
core/msg|base/ wire/ model/ msg/
core/net|base/ wire/ net/
core/store|base/ store/
core/world|base/ wire/ model/ msg/ world/
core/fault|base/ wire/ store/ world/ fault/ actor/inbound.h
core/actor|base/ wire/ model/ msg/ net/ store/ world/ fault/ actor/
registry|base/ wire/ model/ msg/ net/ store/ world/ actor/ registry/
repository|base/ wire/ model/ msg/ net/ store/ world/ actor/ repository/
pixmgr|base/ wire/ model/ msg/ net/ store/ world/ actor/ pixmgr/
gateway|base/ wire/ model/ msg/ net/ store/ world/ actor/ gateway/
console|base/ wire/ model/ msg/ net/ store/ world/ fault/ actor/ console/
audit|base/ wire/ model/ msg/ net/ store/ world/ actor/ audit/
cli|base/ wire/ model/ msg/ net/ store/ world/ fault/ actor/ cli/
'
# outside header | where it may stand
outside='
libxml/|core/wire/xml.c core/wire/xml_edit.c core/wire/saml_signature.c
xmlsec/|core/wire/saml_signature.c
jansson.h|core/wire/json.c
hpdf.h|core/wire/pdf.c
iconv.h|core/wire/jis.c
event2/|core/net/
curl/|core/net/
openssl/|core/net/ core/base/digest.c core/wire/saml_signature.c cli/certificate.c cli/pki
sqlite3.h|core/store/
uuid/|core/base/ids.c
iconv.h|core/wire/hl7v2_charset.c
'

complain() {
    echo "$1"
    bad=1
}

for rule in $(echo "$rules" | tr ' ' ','); do
    folder=${rule%%|*} allowed=$(echo "${rule#*|}" | tr ',' ' ')
    [ -d "$folder" ] || continue
    for file in "$folder"/*.[ch]; do
        [ -f "$file" ] || continue
        for header in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
            ok=no
            for prefix in $allowed; do
                case $header in "$prefix"*) ok=yes ;; esac
            done
            [ $ok = yes ] || complain "$file includes \"$header\": $folder may include only $allowed"
        done
    done
done

for rule in $outside; do
    header=${rule%%|*} places=${rule#*|}
    places=$(echo "$outside" | sed -n "s#^$header|##p")
    case $rule in *"|"*) ;; *) continue ;; esac
    for file in $(grep -lE "^#include <$header" -r core registry repository pixmgr gateway audit console cli --include='*.[ch]' 2>/dev/null); do
        ok=no
        for place in $places; do
            case $file in "$place"*) ok=yes ;; esac
        done
        [ $ok = yes ] || complain "$file includes <$header…>: only $places may"
    done
done

[ $bad = 0 ] && echo "layers hold"
exit $bad
