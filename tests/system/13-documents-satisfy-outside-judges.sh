#!/bin/sh
# The documents of a community's people, read by tools that nobody here wrote: xmllint, python3-hl7, pdftotext, dcmtk. A
# judge that is not installed is named and left out (cmake/install-packages.sh test installs all of them).
. "$(dirname "$0")/lib.sh"
PEOPLE=40
SAVED=$WORK/saved

# patients of おしどりネット, which shares nearly every item of the survey
kakehashi patients 0035 --population $PEOPLE --seed 7 --json > "$WORK/patients.json"
ids=$(python3 -c 'import json,sys
def walk(x):
    if isinstance(x, dict):
        if isinstance(x.get("id"), str): print(x["id"])
        else: [walk(v) for v in x.values()]
    elif isinstance(x, list): [walk(v) for v in x]
walk(json.load(open(sys.argv[1])))' "$WORK/patients.json")
ok "there are $PEOPLE patients" [ "$(echo "$ids" | wc -l)" -eq $PEOPLE ]

save() { # FOLDER SEED
    for id in $ids; do
        kakehashi documents 0035 "$id" --population $PEOPLE --seed "$2" --save "$1" --json > "$WORK/listed.json" || return 1
        python3 - "$WORK/listed.json" <<'EOF' || return 1
import hashlib, json, sys
for d in json.load(open(sys.argv[1])):
    data = open(d["file"], "rb").read()
    assert len(data) == int(d["size"]) and hashlib.sha1(data).hexdigest() == d["hash"], d["file"]
EOF
    done
}
ok "every document is saved as large, and with the hash, as it was listed" save "$SAVED" 7
ok "a second run saves the same bytes" save "$WORK/again" 7
ok "  in the same files" diff -r "$SAVED" "$WORK/again"
ok "another seed makes other documents" save "$WORK/other" 8
if diff -rq "$SAVED" "$WORK/other" > /dev/null; then echo "not ok: the seed changes nothing"; FAILED=1; fi

for extension in xml hl7 txt pdf dcm; do
    ok "there are .$extension documents" ls "$SAVED"/*.$extension
done

# judge TOOL: is it here?
judge() {
    command -v "$1" > /dev/null && return 0
    echo "left out: $1 is not installed"
    return 1
}

each() { # PATTERN COMMAND …: every file of the pattern, named last
    pattern=$1
    shift
    for file in "$SAVED"/$pattern; do
        "$@" "$file" > "$WORK/one" 2>&1 || { echo "$file"; cat "$WORK/one"; return 1; }
    done
}

if judge xmllint; then
    ok "xmllint reads every clinical document" each '*.xml' xmllint --noout --nonet
    marked() { xmllint --xpath 'boolean(//*[local-name()="title" and contains(., "【模擬データ】")])' "$1" | grep -q true; }
    ok "and finds its mark" each '*.xml' marked
fi

plain_marked() { iconv -f UTF-8 -t UTF-8 "$1" | grep -q '【模擬データ】'; }
ok "plain texts are UTF-8 and marked" each '*.txt' plain_marked

# Debian's package serves Debian's python3, which another python3 in the path may hide.
python=''
for candidate in python3 /usr/bin/python3; do
    $candidate -c 'import hl7' 2> /dev/null && { python=$candidate; break; }
done
if [ -n "$python" ]; then
    cat > "$WORK/judge.py" <<'EOF'
import hl7, sys
wanted = {
    "ADT^A08^ADT_A01": ["MSH", "EVN", "PID", "NK1", "PV1", "OBX", "IN1"],
    "PPR^ZD1^PPR_ZD1": ["MSH", "PID", "PV1", "PRB", "ORC"],
    "RDE^O11^RDE_O11": ["MSH", "PID", "PV1", "ORC", "RXE", "TQ1", "RXR"],
    "OUL^R22^OUL_R22": ["MSH", "PID", "PV1", "SPM", "OBR", "ORC", "OBX"],
}
seen = set()
for name in sys.argv[1:]:
    m = hl7.parse(open(name, "rb").read().decode("iso2022_jp"))
    msh = m.segment("MSH")
    assert str(msh[12]) == "2.5" and str(msh[18]) == "~ISO IR87" and str(msh[20]) == "ISO 2022-1994", name
    kind = str(msh[9])
    assert kind in wanted, (name, kind)
    seen.add(kind)
    there = [str(s[0]) for s in m]
    assert [s for s in wanted[kind] if s not in there] == [], (name, there)
    assert all(len(str(s[0])) == 3 for s in m), name
    assert len(str(msh[10])) <= 20, name
    assert str(m["PID.F3.R1.C1"]).isdigit() and m["PID.F5.R1.C8"] == "I" and m["PID.F5.R2.C8"] == "P", name
    assert "【模擬データ】" in str(m), name
    for s in m:
        if str(s[0]) == "OBX" and str(s[2]) == "NM":
            float(str(s[5]))
print(len(sys.argv) - 1, "messages:", *sorted(seen))
assert len(seen) == 4, seen
EOF
    ok "python3-hl7 reads every message" "$python" "$WORK/judge.py" "$SAVED"/*.hl7
    cat "$WORK/said"
else
    echo "left out: python3-hl7 is not installed"
fi

if judge pdftotext; then
    if [ -d /usr/share/poppler ]; then
        pdf_marked() { pdftotext "$1" - | grep -q '【模擬データ】' && pdftotext "$1" - | grep -q '医療機関'; }
        ok "pdftotext shows the Japanese of every report" each '*.pdf' pdf_marked
    else
        echo "left out: pdftotext has no Japanese (poppler-data is not installed)"
    fi
fi

if judge dcmdump; then
    dumped() { dcmdump -q "$1" && dcmdump "$1" | grep -q '【模擬データ】'; }
    ok "dcmdump reads every DICOM file" each '*.dcm' dumped
fi
if judge dsrdump; then
    reported() { # manifests alone are reports
        dcmdump "$1" | grep -q KeyObjectSelection || return 0
        dsrdump "$1" | grep -q 'CONTAINER:(,,"Manifest")'
    }
    ok "dsrdump reads every manifest" each '*.dcm' reported
    # what a manifest refers to is there
    referred() {
        dcmdump "$1" | grep -q KeyObjectSelection || return 0
        for uid in $(dcmdump +P 0008,1155 -s "$1" | sed -n 's/.*\[\(.*\)\].*/\1/p'); do [ -f "$SAVED/$uid.dcm" ] || return 1; done
    }
    ok "every image a manifest refers to is among the documents" each '*.dcm' referred
fi

ok "an unknown patient is refused" sh -c "'$BIN/kakehashi' documents 0035 nobody; [ \$? -eq 2 ]"
said "and who there is, is said" 'kakehashi patients 0035'
ok "an unknown community is refused" sh -c "'$BIN/kakehashi' documents nowhere 1; [ \$? -eq 2 ]"
ok "a folder that cannot be made is said" sh -c "'$BIN/kakehashi' documents 0035 $(echo "$ids" | head -n 1) --population $PEOPLE --seed 7 --save /proc/nowhere; [ \$? -eq 1 ]"
