#!/bin/sh
# curl and openssl as clients that know nothing of this code: mutual TLS, the README's example, wrong input of every kind.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026
kakehashi scenario run oshidori-mame --data "$DATA" > "$WORK/scenario.txt" || { cat "$WORK/scenario.txt"; FAILED=1; }
REGISTRY=$(url 0035 registry ITI-18)
PLAIN=$(url 0035 registry ITI-18 plain)
EXAMPLE=docs/examples/iti18-find-documents.xml
HOSTPORT=$(echo "$REGISTRY" | sed 's#https://\([^/]*\)/.*#\1#')

# ---- who may speak ----
ok "curl with the user's certificate gets 200" [ "$(post "$REGISTRY" $EXAMPLE)" = 200 ]
ok "and the entry that the scenario registered" reply_has '<rim:ExtrinsicObject '
ok "in a well-formed answer" xmllint --noout "$WORK/reply"
ok "with its Japanese title" reply_has '診療情報提供書'
ok "the PKCS#12 file opens with its password" openssl pkcs12 -in "$DATA/pki/user.p12" -passin pass:kakehashi -nodes -out "$WORK/p12.pem"
ok "no client certificate, no answer" sh -c '! curl -sS --max-time 20 --cacert "$0/pki/ca.pem" -H "$1" --data-binary @"$2" "$3"' "$DATA" "$SOAP" $EXAMPLE "$REGISTRY"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=stranger -keyout "$WORK/stranger.key" -out "$WORK/stranger.pem" 2>/dev/null
ok "a certificate of another CA is refused" sh -c '! curl -sS --max-time 20 --cacert "$0/pki/ca.pem" --cert "$4/stranger.pem" --key "$4/stranger.key" -H "$1" --data-binary @"$2" "$3"' "$DATA" "$SOAP" $EXAMPLE "$REGISTRY" "$WORK"
ok "TLS 1.1 is refused" sh -c '! openssl s_client -connect "$1" -tls1_1 -CAfile "$0/pki/ca.pem" -cert "$0/pki/user.pem" -key "$0/pki/user.key" </dev/null' "$DATA" "$HOSTPORT"
ok "TLS 1.2 and the server's name are good" sh -c 'openssl s_client -connect "$1" -tls1_2 -verify_return_error -verify_hostname localhost -CAfile "$0/pki/ca.pem" -cert "$0/pki/user.pem" -key "$0/pki/user.key" </dev/null | grep "Verify return code: 0"' "$DATA" "$HOSTPORT"
ok "the plain door answers on loopback" [ "$(post "$PLAIN" $EXAMPLE)" = 200 ]

# ---- what may be said ----
printf '<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>' > "$WORK/broken.xml"
ok "broken XML is a Sender fault with 400" [ "$(post "$REGISTRY" "$WORK/broken.xml")" = 400 ]
ok "that says where" reply_has 'line 1'
sed 's#<env:Envelope#<!DOCTYPE env [<!ENTITY a SYSTEM "file:///etc/passwd">]><env:Envelope#' $EXAMPLE > "$WORK/doctype.xml"
ok "a DOCTYPE is a Sender fault" [ "$(post "$REGISTRY" "$WORK/doctype.xml")" = 400 ]
ok "and is named" reply_has 'DOCTYPE'
sed 's#RegistryStoredQuery<#RegistryStoredQuerry<#' $EXAMPLE > "$WORK/action.xml"
ok "an unknown action is a fault" [ "$(post "$REGISTRY" "$WORK/action.xml")" = 400 ]
ok "ActionNotSupported, with what is supported" reply_has 'wsa:ActionNotSupported.*this endpoint has ITI-18'
sed 's#<env:Header>#<env:Header><x:Y xmlns:x="urn:x" env:mustUnderstand="1"/>#' $EXAMPLE > "$WORK/must.xml"
ok "a header nobody understands is a fault" [ "$(post "$REGISTRY" "$WORK/must.xml")" = 500 ]
ok "MustUnderstand, with its name" reply_has 'NotUnderstood xmlns:nu="urn:x" qname="nu:Y"'
ok "an unknown community is 404" [ "$(post "$(echo "$REGISTRY" | sed s/0035/9999/)" $EXAMPLE)" = 404 ]
ok "that names it" reply_has '9999'
ok "another media type is 415" [ "$(curl -sS -o "$WORK/reply" -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @$EXAMPLE "$PLAIN")" = 415 ]
ok "GET is 405" [ "$(curl -sS -o "$WORK/reply" -w '%{http_code}' "$PLAIN")" = 405 ]

# ---- how much ----
head -c 6000000 /dev/zero | tr '\0' 'x' > "$WORK/large.xml"
ok "more XML than the limit is 413" [ "$(post "$REGISTRY" "$WORK/large.xml" -H 'Expect:')" = 413 ]
ok "with a readable reason" reply_has 'larger than'
truncate -s 5G "$WORK/huge.xml"
ok "a body over the limit is refused before it is read, where Expect is used" sh -c '
    sent=$(curl -sS --max-time 20 -o /dev/null -w "%{http_code} %{size_upload}" -H "Expect: 100-continue" -H "'"$SOAP"'" -X POST -T "$0" "$1") && [ "$sent" = "413 0" ]' "$WORK/huge.xml" "$PLAIN"
ok "and readably where it is not" sh -c '
    [ "$(curl -s --max-time 60 -o /dev/null -w "%{http_code}" -H "Expect:" -H "'"$SOAP"'" -X POST -T "$0" "$1")" = 413 ]' "$WORK/huge.xml" "$PLAIN"

# ---- half a request ----
port=$(echo "$PLAIN" | sed 's#http://[^:]*:\([0-9]*\)/.*#\1#')
ok "half a request gets no answer and does no harm" python3 - "$port" <<'EOF'
import socket, sys
for text in (b"POST /0035/registry HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\nContent-Length: 5000\r\n\r\n<env:Envel", b"POST /0035/reg"):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(text)
    s.close()
EOF
ok "the registry still answers" [ "$(post "$REGISTRY" $EXAMPLE)" = 200 ]
ok "its readyz too" sh -c 'curl -sS --max-time 20 "$(echo "$0" | sed "s#/0035.*#/readyz#")" | grep -q ready' "$PLAIN"

# ---- MTOM ----
REPOSITORY=$(url 0035 repository ITI-41)
python3 - "$WORK" <<'EOF'
import sys
root = open("docs/examples/iti18-find-documents.xml", "rb").read()
head = b'--b\r\nContent-Type: application/xop+xml; type="application/soap+xml"\r\nContent-ID: <r@x>\r\n\r\n'
open(sys.argv[1] + "/no-end.mime", "wb").write(head + root)
open(sys.argv[1] + "/wrong.mime", "wb").write(head + root + b"\r\n--b--\r\n")
EOF
MTOM='Content-Type: multipart/related; type="application/xop+xml"; start="<r@x>"; start-info="application/soap+xml"; boundary="b"'
ok "a package without its end is a fault" sh -c '[ "$(curl -sS -o "$1/reply" -w "%{http_code}" --cacert "$2/pki/ca.pem" --cert "$2/pki/user.pem" --key "$2/pki/user.key" -H "$3" --data-binary "@$1/no-end.mime" "$4")" = 400 ]' x "$WORK" "$DATA" "$MTOM" "$REPOSITORY"
ok "that says so" reply_has 'MTOM package is broken'
ok "simple SOAP where MTOM is due is a fault" [ "$(post "$REPOSITORY" $EXAMPLE)" = 400 ]
