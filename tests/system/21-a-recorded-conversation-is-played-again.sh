#!/bin/sh
# What was recorded is sent again with ids of its own: to those who got it, and to a community that never did.
. "$(dirname "$0")/lib.sh"

ok "three communities come up" backbone_up --communities 0035,0026,0236 --population 0 --log-level warn
ok "a scenario is played" kakehashi scenario run oshidori-mame --data "$DATA"
said "to its end" 'document identical'
ok "all of it is exported" kakehashi journal export "$WORK/all.har" --data "$DATA"
ok "it is played again" kakehashi replay "$WORK/all.har" --data "$DATA"
said "as a submission of new documents, which succeeds" 'ITI-41 .* 200 Success *200 Success *✓'
count() { kakehashi journal --data "$DATA" --json "$@" | python3 -c 'import json,sys; print(json.load(sys.stdin)["count"])'; }
ok "the registry now took two submissions" test "$(count --transaction ITI-42 --direction answered --outcome ok --daemon registry)" = 2
ids=$(kakehashi journal --data "$DATA" --json --transaction ITI-42 --direction received | python3 -c 'import json,sys; print(len({d for r in json.load(sys.stdin)["records"] for d in r["documents"]}))')
ok "of two documents" test "$ids" = 2

ok "the journal is cleared" kakehashi journal clear --data "$DATA"
ok "and the first half is played to another community" kakehashi replay "$WORK/all.har" --to 0236 --no-tls --data "$DATA"
said "where it meets the same answers" 'ITI-41 *0236 .* 200 Success *200 Success *✓'
ok "whose own ids stand in it" test "$(count --transaction ITI-42 --direction received --community 0236 --text 2.999.392.2.236)" -ge 1
ok "an unknown community is refused" sh -c '! "$@"' - "$BIN/kakehashi" replay "$WORK/all.har" --to 9999 --data "$DATA"
ok "what is no recording is refused" sh -c '! "$@"' - "$BIN/kakehashi" replay docs/examples/iti18-find-documents.xml --data "$DATA"
said "in words" 'iti18-find-documents.xml: '
ok "the backbone goes down" kakehashi down --data "$DATA"
