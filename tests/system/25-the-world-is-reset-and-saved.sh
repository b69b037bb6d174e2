#!/bin/sh
# A running backbone is put back to what it was when it had been seeded: whole databases and blob folders are compared,
# by Python's SQLite. Snapshots are saved, restored, carried elsewhere as one file; what is no snapshot is refused.
. "$(dirname "$0")/lib.sh"

cat > "$WORK/world.py" <<'PY'
import hashlib, os, sqlite3, sys
data = sys.argv[1]
for daemon in ('registry', 'repository', 'pixmgr', 'gateway'):
    db = sqlite3.connect('file:%s/%s/%s.db?mode=ro' % (data, daemon, daemon), uri=True)
    for line in db.iterdump():
        print(daemon, line)
for folder, _, files in sorted(os.walk(data + '/repository/blobs')):
    for name in sorted(files):
        print('blob', name, hashlib.sha256(open(folder + '/' + name, 'rb').read()).hexdigest())
PY
world() { python3 "$WORK/world.py" "$DATA" > "$1"; }
same() { cmp "$1" "$2"; }
not() { ! "$@"; }
kk() { kakehashi "$@" --data "$DATA"; }
PATIENT='R0001^^^&2.999.392.2.35&ISO'
OWN='D1^^^&2.999.392.2.35&ISO'
big() { head -c 300000 /dev/zero | tr '\0' "$1" > "$WORK/big.$1"; }
traffic() { # of every kind that leaves something behind
    kk scenario run oshidori-mame &&
    kk send ITI-44 --to 0035 --at registry --id "$OWN" --family 試験 --given 太郎 --birth 19700101 --gender M &&
    kk consent withdraw 0035 D1 &&
    kk send ITI-41 --to 0035 --patient "$OWN" --content "small" --mime text/plain --document 2.999.392.5.90.1 &&
    kk send ITI-41 --to 0035 --patient "$OWN" --file "$WORK/big.x" --mime text/plain --document 2.999.392.5.90.2 &&
    kk send ITI-41 --from 0026 --to 0035 --at document-recipient --patient "$PATIENT" --content inbox --mime text/plain --document 2.999.392.5.90.3
}
big x
big y
backbone_up --communities 0035,0026 --seed 5
CONTROL=$(jq -r .control "$DATA/endpoints.json")
world "$WORK/seeded"

# ---- reset ----
ok "there is traffic" traffic
ok "and a fault" kk fault add latency ms=1 --transaction ITI-9
world "$WORK/used"
ok "which leaves something behind" not same "$WORK/seeded" "$WORK/used"
ok "everything is reset" kk reset
world "$WORK/again"
ok "every database and every blob is as it was" same "$WORK/seeded" "$WORK/again"
ok "no fault is left" is "$(kk fault list --json | jq '.faults | length')" 0
ok "no message" is "$(curl -s "$CONTROL/journal/records" | jq .count)" 0
ok "nothing is in the inbox" is "$(kk documents --inbox 0035 --json | jq '.submissions | length')" 0
ok "the same traffic goes through again" traffic
ok "the journal alone is reset" kk reset journal
ok "and the documents stay" kk send ITI-43 --to 0035 --document 2.999.392.5.90.2

# ---- audit records ----
AUDIT=$(pid_of audit)
records() { python3 -c 'import sqlite3,sys; print(sqlite3.connect("file:%s/audit/audit.db?mode=ro" % sys.argv[1], uri=True).execute("select count(*) from record").fetchone()[0])' "$DATA"; }
query() { kk send ITI-18 --to 0035 --patient "$PATIENT"; }
comes() { for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do [ "$(records)" -gt 0 ] && return; sleep 0.1; done; return 1; }
ok "records come of a query" query
ok "to the repository" comes
ok "with a reset they go" kk reset
ok "all of them" is "$(records)" 0
query > /dev/null; kk reset > /dev/null
ok "none comes late that were on their way" is "$(sleep 0.3; records)" 0
kill -STOP "$AUDIT"
query > /dev/null; query > /dev/null
kill -CONT "$AUDIT"
kk reset > /dev/null
ok "nor that the repository had not read" is "$(sleep 0.3; records)" 0
kill -KILL "$AUDIT"
query > /dev/null; query > /dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ "$(pid_of audit)" != "$AUDIT" ] && break; sleep 0.1; done
ok "the repository that was killed is there again" kk readyz --wait 20000
kk reset > /dev/null
# That the repository itself began anew, it may say later.
told() { python3 -c 'import sqlite3,sys; print(sqlite3.connect("file:%s/audit/audit.db?mode=ro" % sys.argv[1], uri=True).execute("select count(*) from record where instr(raw, ?) > 0", (b"ITI-18",)).fetchone()[0])' "$DATA"; }
ok "nor that waited for it in a file" is "$(sleep 1; told)" 0
ok "the next ones come" sh -c '"$@"' - "$BIN/kakehashi" send ITI-18 --to 0035 --patient "$PATIENT" --data "$DATA"
ok "as ever" comes
traffic > /dev/null 2>&1

# ---- snapshots ----
ok "a snapshot is saved" kk snapshot save before-the-change
world "$WORK/saved"
ok "something changes" kk send ITI-41 --to 0035 --patient "$OWN" --file "$WORK/big.y" --mime text/plain --document 2.999.392.5.90.4
ok "something goes" kk send ITI-86 --to 0035 --document 2.999.392.5.90.2
ok "all data is reset" kk reset data
ok "the snapshot is restored" kk snapshot restore before-the-change
world "$WORK/restored"
ok "and everything is as it was saved" same "$WORK/saved" "$WORK/restored"
ok "what had gone can be retrieved" kk send ITI-43 --to 0035 --document 2.999.392.5.90.2 --save "$WORK/back"
ok "as it was" cmp "$WORK/big.x" "$WORK/back"
ok "it is listed" kk snapshot list
said "by its name" before-the-change
ok "it becomes one file" kk snapshot export before-the-change "$WORK/world.sqlar"
ok "which SQLite's own archiver reads" sh -c '[ "$(python3 -c "import sqlite3,sys; print(sorted(r[0] for r in sqlite3.connect(sys.argv[1]).execute(\"select name from sqlar\"))[-1])" "$1")" = snapshot.json ]' - "$WORK/world.sqlar"
ok "it is removed" kk snapshot remove before-the-change
ok "and cannot be restored any more" not kk snapshot restore before-the-change
said "for there is none" "there is no snapshot"
ok "the file is taken in under another name" kk snapshot import elsewhere "$WORK/world.sqlar"
ok "the data is reset" kk reset data
ok "and restored from it" kk snapshot restore elsewhere
world "$WORK/imported"
ok "everything is as it was saved" same "$WORK/saved" "$WORK/imported"

# ---- what is refused ----
ok "a name that leads elsewhere" not kk snapshot save ../elsewhere
ok "also by the API" is "$(curl -s -o /dev/null -w '%{http_code}' -X PUT --path-as-is "$CONTROL/snapshots/..%2Fx")" 400
ok "a part that there is not" not kk reset everything
said "and those that there are" "data faults journal\|there is no what"
python3 -c "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute(\"update sqlar set name='../../evil' where name='snapshot.json'\"); d.commit()" "$WORK/world.sqlar"
ok "an archive with a name that leads elsewhere" not kk snapshot import evil "$WORK/world.sqlar"
ok "leaves nothing" [ ! -e "$DATA/evil" ] 
ok "a daemon takes it from its user alone" is "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$DATA/pki/ca.pem" --cert "$DATA/pki/community/0026.pem" --key "$DATA/pki/community/0026.key" --data '{"do": "reset"}' "$(url 0035 registry ITI-18 | sed 's#/0035/.*#/state#')")" 403

# ---- a reset world survives a restart ----
ok "the backbone goes down" kk down
backbone_up --communities 0035,0026 --seed 5
ok "and is reset once more" kk reset
world "$WORK/once-more"
ok "to what had been seeded" same "$WORK/seeded" "$WORK/once-more"
