#!/bin/sh
# The repository without its registry: the error says so, and nothing of the submission can be retrieved. A registry that
# hangs leaves open what it did; what it registered is retrieved, and nothing else.
. "$(dirname "$0")/lib.sh"

PATIENT='R0001^^^&2.999.392.2.35&ISO'
provide() { kakehashi send ITI-41 --data "$1" --to 0035 --patient "$PATIENT" --content lost --mime text/plain --document "$2"; }
retrieve() { kakehashi send ITI-43 --data "$1" --to 0035 --document "$2"; }
not() { ! "$@"; }

backbone_up --communities 0035,0026 --log-level error --call-timeout 2000
kakehashi scenario run oshidori-mame --data "$DATA" > "$WORK/scenario.txt" || { cat "$WORK/scenario.txt"; FAILED=1; }

# ---- a registry that hangs ----
registry=$(pid_of registry)
kill -STOP "$registry" # alive, so that nobody starts another
ok "a submission to a hanging registry fails" not provide "$DATA" 2.999.392.5.78.1
said "with XDSRegistryNotAvailable" XDSRegistryNotAvailable
kill -CONT "$registry"
for wait in $(seq 50); do # it may still register what was sent to it
    kakehashi send ITI-18 --data "$DATA" --to 0035 --patient "$PATIENT" > "$WORK/list" 2>&1 && break
    sleep 0.1
done
if grep -q '2\.999\.392\.5\.78\.1$' "$WORK/list"; then
    ok "what it registered after all is retrieved" retrieve "$DATA" 2.999.392.5.78.1
else
    ok "what it did not register is not retrieved" not retrieve "$DATA" 2.999.392.5.78.1
fi

# ---- whose end nobody saw: one that the registry has after all, one that a killed registry never got ----
sql() { python3 -c 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1], timeout=20).execute(sys.argv[2]).fetchone()[0])' "$DATA/repository/repository.db" "$1"; }
blobs() { find "$DATA/repository/blobs" -type f | wc -l; }
settled() { # nobody asks for the documents meanwhile
    for wait in $(seq 150); do
        [ "$(sql 'SELECT COUNT(*) FROM pending')" = 0 ] && return
        sleep 0.1
    done
    return 1
}
head -c 100000 /dev/zero | tr '\0' x > "$WORK/large.txt"
provide_large() { kakehashi send ITI-41 --data "$DATA" --to 0035 --patient "$PATIENT" --file "$WORK/large.txt" --mime text/plain --document "$1"; }
kept=$(blobs)
registry=$(pid_of registry)
kill -STOP "$registry"
ok "a second one fails" not provide "$DATA" 2.999.392.5.78.3
kill -CONT "$registry"
ok "in time it is settled" settled
kakehashi send ITI-18 --data "$DATA" --to 0035 --patient "$PATIENT" > "$WORK/list" 2>&1
ok "as the registry has it" is "$(sql "SELECT COUNT(*) FROM document WHERE unique_id = '2.999.392.5.78.3'")" "$(grep -c '2\.999\.392\.5\.78\.3$' "$WORK/list")"
registry=$(pid_of registry)
kill -STOP "$registry"
ok "a third one fails, and is large" not provide_large 2.999.392.5.78.4
[ "$(blobs)" = "$kept" ] && echo "(no connection was open: what a registry cannot have got is not waited for)"
kill -KILL "$registry" # another is started
ok "that is settled, too" settled
ok "it is not there" [ "$(sql "SELECT COUNT(*) FROM document WHERE unique_id = '2.999.392.5.78.4'")" = 0 ]
for wait in $(seq 50); do
    [ "$(blobs)" = "$kept" ] && break
    sleep 0.1
done
ok "nor are its octets" [ "$(blobs)" = "$kept" ]

# ---- no registry at all: a repository of its own, whose registry's address answers nobody ----
ALONE=$WORK/alone
mkdir -m 700 "$ALONE" && cp -r "$DATA/pki" "$ALONE/pki"
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
"$BIN/kakehashi-repository" --data "$ALONE" --communities 0035 --port "$port" --registry-at https://localhost:1 --log-level error 2> "$WORK/alone.log" &
alone=$!
kakehashi endpoints --save --data "$ALONE" --communities 0035 --repository-at "https://localhost:$port" > "$WORK/save.txt" 2>&1 || cat "$WORK/save.txt"
for wait in $(seq 100); do
    kakehashi readyz "https://localhost:$port" --data "$ALONE" > /dev/null 2>&1 && break
    sleep 0.1
done
ok "a submission without a registry fails" not provide "$ALONE" 2.999.392.5.78.2
said "with XDSRegistryNotAvailable" XDSRegistryNotAvailable
said "that says why" '[Rr]efused'
ok "its document cannot be retrieved" not retrieve "$ALONE" 2.999.392.5.78.2
said "it is not kept here, and nobody can tell whether it is made on demand" "is not kept here"
kill "$alone"
wait "$alone"
ok "the repository ends cleanly" [ $? = 0 ]
ok "without a word from the sanitizers" not grep -q 'Sanitizer\|runtime error' "$WORK/alone.log"
