#!/bin/sh
# --profiles plays the networks as surveyed: 0026 has PIX/PDQ, XDS.b and CT in operation, 0360 only plans.
. "$(dirname "$0")/lib.sh"

has() { url "$@" > "$WORK/url" 2>&1; }
lacks() { ! url "$@" > "$WORK/url" 2>&1; }
# at KEY PATH: the registry's address of 0026, made another's
at() { url 0026 registry ITI-18 | sed "s#/0026/registry#/$1/$2#"; }
status() { [ "$(post "$2" docs/examples/iti18-find-documents.xml)" = "$1" ]; }

backbone_up --communities 0026,0035,0360 --profiles surveyed --log-level error
ok "endpoints.json has what 0026 has in operation" has 0026 registry ITI-18
ok "PIX, too" has 0026 pix-manager ITI-45
ok "and not what its sheet leaves open" lacks 0026 responding-gateway ITI-38
ok "XCA of 0035 is in operation" has 0035 responding-gateway ITI-38
ok "its XCPD is planned" lacks 0035 responding-gateway ITI-55
ok "0360 plans all that it has" lacks 0360 registry ITI-18
ok "the backbone, which nobody surveyed, has all" has backbone pix-manager ITI-45
ok "a query to 0026 is answered" status 200 "$(at 0026 registry)"
ok "a query to 0360 is a fault of the sender" status 400 "$(at 0360 registry)"
ok "that names the transaction, the profile and the mark" reply_has 'ITI-18 belongs to the profile XDS.b, which the survey of 0360 marks △ (planned)'
ok "and the lens" reply_has 'under --profiles surveyed only ○ (in operation) answers'
sed 's#iti:2007:RegistryStoredQuery<#iti:2007:CrossGatewayQuery<#' docs/examples/iti18-find-documents.xml > "$WORK/iti38.xml"
gateway() { url 0035 responding-gateway ITI-38 | sed "s#/0035/#/$1/#"; }
ok "a gateway that is not listed does not answer" [ "$(post "$(gateway 0026)" "$WORK/iti38.xml")" = 400 ]
ok "and says that the sheet does not mark XCA at all" reply_has 'XCA, which the survey of 0026 marks not at all'
ok "one that is listed does" [ "$(post "$(gateway 0035)" "$WORK/iti38.xml")" = 200 ]
ok "kakehashi communities says the same" kakehashi communities 0035 --profiles surveyed
said "without ITI-55" 'answers (surveyed) *ITI-18 .* ITI-38 ITI-39 ITI-63$'
ok "it goes down" kakehashi down --data "$DATA"

backbone_up --communities 0026,0035,0360 --profiles planned --log-level error
ok "under planned, 0360 answers" status 200 "$(at 0360 registry)"
ok "XCPD of 0035 does" has 0035 responding-gateway ITI-55
ok "XCA of 0026, which nobody states, does not" lacks 0026 responding-gateway ITI-38
ok "it goes down, too" kakehashi down --data "$DATA"
