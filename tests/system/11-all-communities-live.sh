#!/bin/sh
# 279 surveyed networks and the backbone on one machine; a patient is asked for in all of them. And: what cannot work is
# said in one line, before anything is started.
. "$(dirname "$0")/lib.sh"

refused() { # refused COMMAND …: exit code 2 and one line
    "$@" > "$WORK/out" 2> "$WORK/err"
    [ $? = 2 ] && [ "$(wc -l < "$WORK/err")" = 1 ] && [ ! -s "$WORK/out" ] && cat "$WORK/err"
}

ok "the files that ship have no fault" kakehashi communities check
said "all 280 of them" '^280 file'
ok "an unknown community is refused" refused "$BIN/kakehashi" up --communities 0035,9999 --data "$WORK/never" --ports auto
said "by name" 'no community "9999"'
ok "and nothing was started" test ! -e "$WORK/never"
ok "an unknown community cannot be shown" refused "$BIN/kakehashi" communities 9999

python3 - "$WORK" <<'EOF'
import json, shutil, sys
work = sys.argv[1]
c = json.load(open("fixtures/networks/0035.json"))
def write(key, **change):
    d = json.loads(json.dumps(c)) | {"key": key} | change
    json.dump(d, open(f"{work}/{key}.json", "w"), ensure_ascii=False)
s = json.loads(json.dumps(c["simulation"]))
s["registered"] = 2.5
write("bad-count", slug="bad-count", simulation={**s, "homeCommunityId": "urn:oid:2.999.1", "patientIdDomain": "2.999.2", "facilities": [], "repositories": []})
write("no-name", slug="no-name", name=None, simulation={"number": 1, "homeCommunityId": "urn:oid:2.999.1", "patientIdDomain": "2.999.2", "facilities": [], "repositories": []})
write("same-slug", slug="mame", simulation={"number": 1, "homeCommunityId": "urn:oid:2.999.1", "patientIdDomain": "2.999.2", "facilities": [], "repositories": []})
write("same-oid", slug="same-oid", simulation={"number": 1, "homeCommunityId": "urn:oid:2.999.392.1.26", "patientIdDomain": "2.999.2", "facilities": [], "repositories": []})
shutil.copytree("fixtures", work + "/broken")
shutil.copy(work + "/same-slug.json", work + "/broken/networks")
EOF
for fault in bad-count:simulation.registered no-name:name same-slug:slug same-oid:simulation.homeCommunityId; do
    file=${fault%%:*}
    ok "$file is refused in one line" refused "$BIN/kakehashi" communities check "$WORK/$file.json"
    said "that names file and place" "$file.json: ${fault#*:}: "
done
ok "a folder with a fault does not start" refused "$BIN/kakehashi" up --fixtures "$WORK/broken" --data "$WORK/never" --ports auto
ok "and nothing was started then, either" test ! -e "$WORK/never"

ok "all of them live" backbone_up --communities all --log-level warn
ok "endpoints.json has them" sh -c 'python3 -c "import json,sys; sys.exit(len(json.load(open(sys.argv[1]))[\"communities\"]) != 280)" "$0"' "$DATA/endpoints.json"
ok "a patient is seen between two that are linked" kakehashi scenario run nagaoka-uonuma --data "$DATA"
said "after all 278 others were asked" 'asked everywhere, 1 document(s)'
ok "daemons stay small" kakehashi status --data "$DATA"
ok "they go down" kakehashi down --data "$DATA"
