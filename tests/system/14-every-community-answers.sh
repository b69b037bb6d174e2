#!/bin/sh
# A patient of every one of the 279 networks is asked for in all the ways there are, and documents come as the generator
# makes them. Seeding is the same whether it was interrupted or not, and whoever lives there is not mixed with others.
. "$(dirname "$0")/lib.sh"

refused() { # refused COMMAND …: exit code 2 and one line
    "$@" > "$WORK/out" 2> "$WORK/err"
    [ $? = 2 ] && [ "$(wc -l < "$WORK/err")" = 1 ] && [ ! -s "$WORK/out" ] && cat "$WORK/err"
}

ok "more than everybody is refused" refused "$BIN/kakehashi" up --population 200% --data "$WORK/never" --ports auto
said "in words" '200%.*0% to 100%'
ok "and nothing was started" test ! -e "$WORK/never"

ok "all of them live" backbone_up --communities all --log-level info
ok "every community answers ITI-45, 18, 43, 55, 38 and 39" "$BIN/walk" --data "$DATA"
said "all 279" '^279 communities, 1674 transactions, 0 faults$'
said "and whoever lives in several is one person where they meet" '^[1-9][0-9]* people of several communities, 0 faults$'
ok "the four daemons stay below 200 MB" sh -c '"$0" status --data "$1" --json | python3 -c "
import json,sys
kib = sum(d[\"memoryKiB\"] for d in json.load(sys.stdin)[\"daemons\"])
print(kib // 1024, \"MB\")
sys.exit(kib > 200 * 1024 and not \"$2\")"' "$BIN/kakehashi" "$DATA" "$(grep -q __asan_init "$BIN/kakehashi-registry" && echo sanitized)"
ok "they go down" kakehashi down --data "$DATA"

ok "other people are refused where these live" refused "$BIN/kakehashi" up --seed 3 --data "$DATA" --ports auto
said "by the number of their seed" 'the people in .* are those of --seed 0'
ok "the next start seeds nobody" backbone_up --communities all --log-level info
ok "as its log shows" sh -c '! grep -q " seeded " "$0"' "$DATA/kakehashi.log"
ok "and all is still there" "$BIN/walk" --data "$DATA"
ok "they go down again" kakehashi down --data "$DATA"

# what a database holds, whatever the order of its pages
dump() { python3 - "$1" <<'PY'
import hashlib, sqlite3, sys
for name in ("pixmgr", "registry", "repository"):
    db = sqlite3.connect(f"{sys.argv[1]}/{name}/{name}.db")
    print(name, hashlib.sha1("\n".join(db.iterdump()).encode()).hexdigest())
PY
}
some="0026,0035,0236,0360"
rm -rf "$DATA"
ok "a first world comes up" backbone_up --communities $some --population 300 --seed 7
ok "and goes down" kakehashi down --data "$DATA"
dump "$DATA" > "$WORK/first"
rm -rf "$DATA"
ok "a second one, with fewer people" backbone_up --communities $some --population 20 --seed 7
ok "and goes down, too" kakehashi down --data "$DATA"
ok "its population grows" backbone_up --communities $some --population 300 --seed 7
ok "and it answers like one that was seeded at once" "$BIN/walk" --data "$DATA" --communities $some --population 300 --seed 7
ok "then it goes down" kakehashi down --data "$DATA"
rm -rf "$DATA"

# Ctrl-C in the middle: a signal to the command as it seeds.
"$BIN/kakehashi" up --communities $some --population 300 --seed 7 --ports auto --data "$DATA" > "$WORK/interrupted" 2>&1 &
up=$!
for _ in $(seq 300); do
    grep -q 'seeded' "$DATA/kakehashi.log" 2>/dev/null && break
    sleep 0.02
done
kill -INT $up
wait $up
ok "an interrupted seeding goes on" backbone_up --communities $some --population 300 --seed 7
ok "and the world goes down" kakehashi down --data "$DATA"
dump "$DATA" > "$WORK/second"
ok "the world is the same to the last byte" cmp "$WORK/first" "$WORK/second"
cat "$WORK/first"
