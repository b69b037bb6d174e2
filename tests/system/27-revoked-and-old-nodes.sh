#!/bin/sh
# Who may not connect any more, and who is too old: a CA made by openssl signs everybody's certificates and revokes one
# of them while the backbone runs; openssl s_client sees which TLS each policy speaks.
. "$(dirname "$0")/lib.sh"

# ---- a CA, two nodes, an empty list ----
mkdir -p "$DATA/pki/community" "$WORK/ca"
: > "$WORK/ca/index.txt"
cat > "$WORK/ca.conf" <<END
[ca]
default_ca = d
[d]
database = $WORK/ca/index.txt
new_certs_dir = $WORK/ca
certificate = $DATA/pki/ca.pem
private_key = $DATA/pki/ca.key
rand_serial = yes
default_md = sha256
default_days = 2
default_crl_days = 2
policy = any
[any]
commonName = supplied
END
EC='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
quiet() { "$@" > "$WORK/openssl.txt" 2>&1 || { cat "$WORK/openssl.txt"; FAILED=1; exit 1; }; }
quiet openssl req -x509 $EC -days 2 -subj '/CN=Test CA' -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$DATA/pki/ca.key" -out "$DATA/pki/ca.pem"
node() {
    quiet openssl req -new $EC -subj "/CN=$1" -keyout "$WORK/$1.key" -out "$WORK/$1.csr"
    quiet openssl ca -batch -config "$WORK/ca.conf" -in "$WORK/$1.csr" -out "$WORK/$1.pem" -notext
}
list_made() {
    quiet openssl ca -config "$WORK/ca.conf" -gencrl -out "$WORK/crl.new"
    mv "$WORK/crl.new" "$WORK/crl.pem"
}
node good
node lost
list_made

backbone_up --communities 0035,0026 --population 0 --crl "$WORK/crl.pem"
REGISTRY=$(url 0035 registry ITI-18)
PAGE=$(url 0035 audit ITI-81 plain)
ALL=${PAGE%/0035/AuditEvent}/all
port_of() { echo "$1" | sed 's#.*://[^:]*:\([0-9]*\).*#\1#'; }
# door PORT NODE [openssl options]: the handshake is through, TLS 1.2 so that s_client knows of a refusal
door() { at=$1 who=$2; shift 2; openssl s_client -connect "127.0.0.1:$at" -CAfile "$DATA/pki/ca.pem" -cert "$WORK/$who.pem" -key "$WORK/$who.key" "$@" < /dev/null; }
HTTPS=$(port_of "$REGISTRY")
SYSLOG=$(port_of "$(url 0035 audit ITI-20)")
MLLP=$(port_of "$(url 0026 pix-manager ITI-8)")

# ---- revocation ----
for at in $HTTPS $SYSLOG $MLLP; do
    ok "before it is revoked a node is let in at $at" door "$at" lost -tls1_2
done
ok "a session of it is kept" door "$HTTPS" lost -tls1_2 -sess_out "$WORK/session"
quiet openssl ca -config "$WORK/ca.conf" -revoke "$WORK/lost.pem"
list_made
for at in $HTTPS $SYSLOG $MLLP; do
    ok "then it is refused at $at, without a restart" sh -c '! "$@"' x openssl s_client -connect "127.0.0.1:$at" -CAfile "$DATA/pki/ca.pem" -cert "$WORK/lost.pem" -key "$WORK/lost.key" -tls1_2
    said "with the alert that says why at $at" 'certificate revoked'
    ok "another is not at $at" door "$at" good -tls1_2
done
ok "its old session opens no door either" sh -c '! "$@"' x openssl s_client -connect "127.0.0.1:$HTTPS" -CAfile "$DATA/pki/ca.pem" -cert "$WORK/lost.pem" -key "$WORK/lost.key" -tls1_2 -sess_in "$WORK/session"
alert() { for wait in $(seq 50); do curl -s "$ALL/AuditEvent?date=ge2026-01-01&type=110113" | grep -q 'certificate revoked' && return 0; sleep 0.1; done; return 1; }
ok "that is audited, with the reason" alert
echo nonsense > "$WORK/crl.pem"
ok "an unreadable list changes nothing for the good" door "$HTTPS" good -tls1_2
ok "nor for the revoked" sh -c '! "$@"' x openssl s_client -connect "127.0.0.1:$HTTPS" -CAfile "$DATA/pki/ca.pem" -cert "$WORK/lost.pem" -key "$WORK/lost.key" -tls1_2

# ---- BCP 195 ----
refused() { ! door "$@"; }
ok "BCP 195: TLS 1.3" door "$HTTPS" good -tls1_3
ok "ECDHE with GCM" door "$HTTPS" good -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
ok "no CBC" refused "$HTTPS" good -tls1_2 -cipher ECDHE-ECDSA-AES128-SHA
ok "no TLS 1.1" refused "$HTTPS" good -tls1_1 -cipher 'DEFAULT:@SECLEVEL=0'
ok "it goes" kakehashi down --data "$DATA"

# ---- old nodes ----
backbone_up --communities 0035 --population 0 --tls legacy
HTTPS=$(port_of "$(url 0035 registry ITI-18)")
ok "legacy: TLS 1.0" door "$HTTPS" good -tls1 -cipher 'DEFAULT:@SECLEVEL=0'
ok "TLS 1.1" door "$HTTPS" good -tls1_1 -cipher 'DEFAULT:@SECLEVEL=0'
ok "CBC" door "$HTTPS" good -tls1_2 -cipher ECDHE-ECDSA-AES128-SHA
ok "TLS 1.3 as well" door "$HTTPS" good -tls1_3
ok "the log says so" grep -q 'TLS 1.0 and 1.1 are spoken too' "$DATA/kakehashi.log"
ok "it goes, too" kakehashi down --data "$DATA"

# ---- each listener for itself ----
backbone_up --communities 0035 --population 0 --client-cert optional --mllp-client-cert require --syslog-client-cert require
HTTPS=$(port_of "$(url 0035 registry ITI-18)")
MLLPS=$(port_of "$(url 0035 registry ITI-8)")
SYSLOG=$(port_of "$(url 0035 audit ITI-20)")
nameless() { openssl s_client -connect "127.0.0.1:$1" -CAfile "$DATA/pki/ca.pem" -tls1_2 < /dev/null; }
ok "HTTP is for whoever comes" nameless "$HTTPS"
for at in "$MLLPS" "$SYSLOG"; do
    ok "$at is not" sh -c '! "$@"' x openssl s_client -connect "127.0.0.1:$at" -CAfile "$DATA/pki/ca.pem" -tls1_2
    ok "but for who shows a certificate" door "$at" good -tls1_2
done
