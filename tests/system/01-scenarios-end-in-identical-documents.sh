#!/bin/sh
# Both scenarios, twice each (a second run must not meet the first one's ids), in both languages, with JSON and JUnit.
. "$(dirname "$0")/lib.sh"

ok "a backbone of four communities comes up on free ports" backbone_up --communities 0035,0026,0360,0236
ok "readyz says so" kakehashi readyz --data "$DATA"
for name in oshidori-mame kanae-mmwin; do
    for run in first second; do
        ok "$name, $run run, succeeds" kakehashi scenario run $name --data "$DATA"
        said "$name, $run run, ends in the same document" 'document identical: SHA-1 [0-9a-f]\{40\}'
    done
done
LC_ALL=ja_JP.UTF-8 ok "it speaks Japanese" kakehashi scenario run oshidori-mame --data "$DATA"
said "and says so at the end" '文書は同一です'
ok "JSON is JSON" sh -c '"$0" scenario run oshidori-mame --json --data "$1" | python3 -m json.tool' "$BIN/kakehashi" "$DATA"
ok "a JUnit file is written" kakehashi scenario run kanae-mmwin --junit "$WORK/junit.xml" --data "$DATA"
ok "and is well-formed" xmllint --noout "$WORK/junit.xml"
ok "an unknown scenario is a usage error" sh -c '"$0" scenario run nothing --data "$1"; [ $? = 2 ]' "$BIN/kakehashi" "$DATA"

DATA2=$WORK/second
ok "a second backbone runs beside it" kakehashi up --detach --ports auto --data "$DATA2" --communities 0035
ok "and answers" kakehashi readyz --data "$DATA2"
ok "a second one on the same data is refused" sh -c '! "$0" up --detach --ports auto --data "$1"' "$BIN/kakehashi" "$DATA2"
ok "the second goes down alone" kakehashi down --data "$DATA2"
ok "the first still answers" kakehashi readyz --data "$DATA"
ok "the first goes down" kakehashi down --data "$DATA"
ok "and nothing answers any more" sh -c '! "$0" readyz --data "$1"' "$BIN/kakehashi" "$DATA"
