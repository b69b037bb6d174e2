#!/bin/sh
# Audit and time: outside clients (logger, openssl s_client, SNTP by hand, ntpdate or chronyd where they are) are served;
# wrong records are kept with what is wrong and cost no connection; every transaction of a scenario has its records, valid
# by the DICOM schema; what is taken away from the trail is found; a repository that was away gets what was told meanwhile.
. "$(dirname "$0")/lib.sh"

SCHEMAS=${SCHEMAS:-../shared/schemas}
port() { echo "${1##*:}"; }
python() { python3 -c "$@"; }

backbone_up --communities 0035,0026 --population 0 --log-level warn --clocks '0026=+2.5s,stratum=3'
PAGE=$(url 0035 audit ITI-81 plain)
TLS=$(port "$(url 0035 audit ITI-20)")
PLAIN=$(port "$(url 0035 audit ITI-20 plain)")
ALL=${PAGE%/0035/AuditEvent}/all
NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)
message() {
    cat <<EOF
<?xml version="1.0" encoding="UTF-8"?><AuditMessage><EventIdentification EventActionCode="E" EventDateTime="$NOW" EventOutcomeIndicator="0"><EventID csd-code="110112" codeSystemName="DCM" originalText="Query"/></EventIdentification><ActiveParticipant UserID="$1" UserIsRequestor="true"/><AuditSourceIdentification AuditSourceID="0035/outside"/><ParticipantObjectIdentification ParticipantObjectID="$1^^^&amp;1.2&amp;ISO" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"><ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" originalText="Patient Number"/></ParticipantObjectIdentification></AuditMessage>
EOF
}
syslog() { printf '<85>1 %s host app 1 IHE+RFC-3881 - %s' "$NOW" "$(message "$1")"; }
frame() { text=$(cat); printf '%s %s' "$(printf %s "$text" | wc -c)" "$text"; }
over_tls() { timeout 20 openssl s_client -quiet -no_ign_eof -connect "127.0.0.1:$TLS" -CAfile "$DATA/pki/ca.pem" -cert "$DATA/pki/user.pem" -key "$DATA/pki/user.key" "$@"; }
# found PATIENT: the repository answers ITI-81 with one AuditEvent of that patient, within some seconds
found() {
    for wait in $(seq 50); do
        curl -s "$PAGE?date=ge2026-01-01&patient.identifier=$1" | python 'import json,sys; sys.exit(json.load(sys.stdin).get("total") != 1)' && return 0
        sleep 0.1
    done
    return 1
}
# faulty TEXT: a record is there that has this among what is wrong with it
faulty() {
    for wait in $(seq 50); do
        curl -s "$ALL/records?faulty=1" | grep -q "$1" && return 0
        sleep 0.1
    done
    return 1
}

# ---- outside senders ----
message TLS1 > "$WORK/tcp.xml"
sed s/TLS1/TCP1/g "$WORK/tcp.xml" > "$WORK/tcp1.xml"
sed s/TLS1/UDP1/g "$WORK/tcp.xml" > "$WORK/udp1.xml"
to_tls() { (syslog TLS1 | frame; sleep 1) | over_tls; }
ok "openssl s_client sends a record over mutual TLS" to_tls
ok "it is found by its patient (ITI-81)" found TLS1
if logger --help 2>&1 | grep -q octet-count; then
    ok "logger sends one over TCP with octet counting" logger -n 127.0.0.1 -P "$PLAIN" -T --octet-count --rfc5424 -p authpriv.notice --msgid IHE+RFC-3881 -t emr --size 8192 -f "$WORK/tcp1.xml"
    ok "it is found" found TCP1
    ok "logger sends one over UDP" logger -n 127.0.0.1 -P "$PLAIN" -d --rfc5424 -p authpriv.notice --msgid IHE+RFC-3881 -t emr --size 8192 -f "$WORK/udp1.xml"
    ok "it is found, too" found UDP1
    ok "a search by another's patient finds nothing" sh -c "! curl -s '${PAGE%0035*}0026/AuditEvent?date=ge2026-01-01&patient.identifier=UDP1' | grep -q resourceType.*AuditEvent"
else
    echo "SKIP: no logger that counts octets"
fi
ok "a search without a date is refused" sh -c "curl -s '$PAGE?patient=X' | grep -q 'date is required'"

# ---- what is wrong costs its record, not the connection ----
wrong() {
    (
        printf '7 <85>1 x'                                             # too short: the rest is noise
        printf 'noise between '
        printf '<85>1 - h a p IHE+RFC-3881 - no length\n' # no length
        printf '<85>1 - h a p IHE+RFC-3881 - <AuditMessage>' | frame  # broken XML
        syslog X | sed 's/110112/110999/' | frame                     # no such event
        syslog X | sed "s/EventDateTime=\"$NOW\"/EventDateTime=\"2020-01-01T00:00:00Z\"/" | frame
        printf '400000 <85>1 - h a p m - '; head -c 399982 /dev/zero | tr '\0' x
        printf '<85>1 %s host app 1 IHE+RFC-3881 - \357\273\277%s' "$NOW" "$(message BOM1)" | frame
        syslog LAST1 | frame
        sleep 1
    ) | over_tls
}
ok "a connection brings one wrong record after the other" wrong
ok "what comes behind them is taken: with a byte order mark" found BOM1
ok "and without" found LAST1
for what in 'stand where a length' 'SYSLOG' 'ATNA-XML line' 'ATNA-EVENT' 'CT EventDateTime' 'only its beginning was kept'; do
    ok "kept and marked: $what" faulty "$what"
done
ok "a stranger without a certificate is refused" sh -c "! (sleep 1 | timeout 10 openssl s_client -tls1_2 -connect 127.0.0.1:$TLS -CAfile '$DATA/pki/ca.pem')"
alert() { for wait in $(seq 50); do curl -s "$ALL/AuditEvent?date=ge2026-01-01&type=110113" | grep -q '110126' && return 0; sleep 0.1; done; return 1; }
ok "and that is audited" alert

# ---- time ----
ask_time() { python 'import socket,struct,sys,time
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(3); t=time.time()
s.sendto(b"\x23"+bytes(47),(sys.argv[1],int(sys.argv[2]))); d=s.recv(100)
at=(int.from_bytes(d[40:44],"big")-2208988800)+int.from_bytes(d[44:48],"big")/2**32
sys.exit(abs(at-t-float(sys.argv[3]))>1 or d[1]!=int(sys.argv[4]))' "$@"; }
NTP=$(port "$(url 0035 time ITI-1)")
ok "the time server is right" ask_time 127.0.0.1 "$NTP" 0 1
ok "that of a community that --clocks names is wrong as told" ask_time 127.1.0.26 "$NTP" 2.5 3
ok "kakehashi time trusts the first" kakehashi time 0035 --data "$DATA"
ok "and not the second" sh -c '! "$0" time 0026 --data "$1"' "$BIN/kakehashi" "$DATA"
if command -v chronyd >/dev/null; then
    ok "chronyd -Q asks it" chronyd -Q "server 127.0.0.1 port $NTP iburst maxsamples 1" "cmdport 0"
else
    echo "SKIP: chronyd is not installed"
fi

# a message whose own time disagrees is taken, and the journal remarks it
say() { python 'import socket,sys,re
host,port=re.search(r"//([^:/]+):(\d+)",sys.argv[1]).groups()
s=socket.create_connection((host,int(port)),10)
m="MSH|^~\\&|S|H|PIXMGR|0035|%s||ADT^A04^ADT_A01|CT1|P|2.3.1\rEVN||20260101\rPID|||CT0001^^^&2.999.392.2.35&ISO||Toki^Dokei||19700101|M\rPV1||O\r" % sys.argv[2]
s.sendall(b"\x0b"+m.encode()+b"\x1c\r"); print(s.recv(4096).decode())' "$(url 0035 pix-manager ITI-8 plain)" "$1" > "$WORK/ack" && cat "$WORK/ack" && grep -q 'MSA|AA|CT1' "$WORK/ack"; }
ok "a message from another year is acknowledged" say 20240101120000+0900
ok "and the journal says that its clock is wrong" kakehashi journal verify --data "$DATA" --finding CT-001 --direction answered --at-least 1 --wait 10000

# ---- every transaction has its records ----
ok "a scenario is played" kakehashi scenario run oshidori-mame --data "$DATA"
ok "a retrieval that is refused is audited, too" sh -c '! "$0" send ITI-43 --data "$1" --to 0035 --document 1.2.3' "$BIN/kakehashi" "$DATA"
ok "journals and trail agree" kakehashi audit reconcile --data "$DATA"
said "in dozens of records" '^[3-9][0-9] records expected'
export_all() { python 'import json,sys,urllib.request
base,folder=sys.argv[1:]
n=0
for r in json.load(urllib.request.urlopen(base+"/records?limit=1000"))["records"]:
    if r["faults"] is None and r["type"].startswith("ITI"):
        raw=urllib.request.urlopen("%s/records/%d"%(base,r["id"])).read()
        open("%s/%d.xml"%(folder,r["id"]),"wb").write(raw[raw.index(b"<?xml"):]); n+=1
sys.exit(n<30)' "$ALL" "$WORK/records"; }
mkdir "$WORK/records"
ok "the records are read back" export_all
if [ -f "$SCHEMAS/audit/dicom2017c.xsd" ]; then
    ok "each is valid by the DICOM schema" sh -c "xmllint --noout --schema '$SCHEMAS/audit/dicom2017c.xsd' '$WORK'/records/*.xml"
else
    echo "SKIP: no DICOM schema at $SCHEMAS"
fi

# ---- what is dropped is found ----
tamper() { python 'import sqlite3,sys
d=sqlite3.connect(sys.argv[1],timeout=20)
ids=[r[0] for r in d.execute("select id from record where source like \"00%/%\" and type like \"ITI-%\" and type != \"ITI-81\" and source != \"0035/outside\" order by id")]
d.execute("delete from record where id in (?,?,?)",(ids[2],ids[9],ids[-3]))
columns="received,time,community,event,type,action,outcome,source,words,readable,faults,transport,peer,subject,raw"
d.execute("insert into record(%s) select %s from record where id=?"%(columns,columns),(ids[5],))
d.execute("update record set outcome=12 where id=?",(ids[7],))
d.commit()' "$DATA/audit/audit.db"; }
ok "three records are dropped, one is doubled, one changed behind the repository's back" tamper
ok "reconcile says that they do not agree" sh -c '! "$0" audit reconcile --data "$1"' "$BIN/kakehashi" "$DATA"
said "and finds each" '3 missing, 1 doubled, 1 wrong, 0 unexpected'

# ---- the repository is away ----
count() { curl -s "$ALL/records?limit=1000" | python 'import json,sys; print(sum(r["type"]=="ITI-44" for r in json.load(sys.stdin)["records"]))'; }
before=$(count)
kill -STOP "$(pid_of audit)"
stopped=$(pid_of audit)
kill -KILL "$stopped"
for i in 1 2 3 4 5; do
    kakehashi send ITI-44 --data "$DATA" --to 0035 --at registry --id "AWAY$i^^^&2.999.392.2.35&ISO" --family 模擬 --given 整 > /dev/null 2>&1
done
back() { for wait in $(seq 100); do [ "$(count 2>/dev/null || echo 0)" -ge $((before + 5)) ] && return 0; sleep 0.2; done; return 1; }
ok "a repository that was killed gets what was told meanwhile" back
