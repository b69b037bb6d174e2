#!/bin/sh
# kill -9 in the middle of submissions: every submission that was acknowledged is found and retrieved afterwards, whole.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035 --log-level error
PATIENT='K1^^^&2.999.392.2.35&ISO'
ok "a patient is fed" kakehashi send ITI-44 --data "$DATA" --to 0035 --at registry --id "$PATIENT" --family 模擬 --given 太郎

# submit N: prints the uniqueIds that were acknowledged
submit() {
    for i in $(seq "$1" "$2"); do
        kakehashi send ITI-41 --data "$DATA" --to 0035 --patient "$PATIENT" --content "document number $i" --mime text/plain --title "$i" \
            --document "2.999.392.5.77.$i" > "$WORK/send.$i" 2>&1 && echo "$i" >> "$WORK/acknowledged"
    done
}

# kill_during NAME FROM TO: kill -9 while submissions are under way, wait until the daemon is back
kill_during() {
    submit "$2" "$3" &
    submitting=$!
    before=$(pid_of "$1")
    for wait in 1 2 3 4 5 6 7 8 9 10; do
        [ "$(wc -l < "$WORK/acknowledged" 2>/dev/null || echo 0)" -ge $(($2 + 2)) ] && break
        sleep 0.2
    done
    kill -9 "$before"
    wait $submitting
    for wait in $(seq 100); do
        kakehashi readyz --data "$DATA" > /dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

: > "$WORK/acknowledged"
ok "the registry comes back after kill -9" kill_during registry 1 20
ok "the repository comes back after kill -9" kill_during repository 21 40
ok "a last submission succeeds" submit 41 41
count=$(wc -l < "$WORK/acknowledged")
echo "$count of 41 submissions were acknowledged"
ok "some were" [ "$count" -ge 5 ]

ok "the registry lists its documents" kakehashi send ITI-18 --data "$DATA" --to 0035 --patient "$PATIENT"
cp "$WORK/said" "$WORK/list"
lost=0
while read -r i; do
    grep -q "2\.999\.392\.5\.77\.$i\$" "$WORK/list" || { echo "document $i was acknowledged and is not registered"; lost=1; }
    rm -f "$WORK/saved"
    kakehashi send ITI-43 --data "$DATA" --to 0035 --document "2.999.392.5.77.$i" --save "$WORK/saved" > "$WORK/get" 2>&1
    [ "$(cat "$WORK/saved" 2>/dev/null)" = "document number $i" ] || { echo "document $i was acknowledged and cannot be retrieved"; cat "$WORK/get"; lost=1; }
done < "$WORK/acknowledged"
ok "every acknowledged submission is registered and retrieved whole" [ $lost = 0 ]

# What is registered can be retrieved: nothing half stored.
half=0
for i in $(grep -o '2\.999\.392\.5\.77\.[0-9]*' "$WORK/list" | sed 's/.*\.//' | sort -un); do
    kakehashi send ITI-43 --data "$DATA" --to 0035 --document "2.999.392.5.77.$i" --save "$WORK/saved" > "$WORK/get" 2>&1 || { echo "document $i is registered and cannot be retrieved"; cat "$WORK/get"; half=1; }
done
ok "every registered document can be retrieved" [ $half = 0 ]
