#!/bin/sh
# The PIX manager's other door as an interface engine sees it: feeds and queries over mllp and mllps, many on a connection,
# in the character sets of Japan; frames that are none; update notifications that wait for a consumer. Every reply is
# parsed by python3-hl7; without it, its checks are left out, and said so.
. "$(dirname "$0")/lib.sh"
PYTHON=${PYTHON:-/usr/bin/python3}

ok "a backbone comes up on free ports" backbone_up --communities 0035

cat > "$WORK/engine.py" <<'PY'
import re, socket, ssl, sys
try:
    import hl7
except ImportError:
    hl7 = None

def connect(url, pki):
    scheme, host, port = re.match(r'(mllps?)://([^:/]+):(\d+)', url).groups()
    s = socket.create_connection((host, int(port)), timeout=30)
    if scheme == 'mllps':
        context = ssl.create_default_context(cafile=pki + '/ca.pem')
        context.load_cert_chain(pki + '/user.pem', pki + '/user.key')
        s = context.wrap_socket(s, server_hostname=host)
    return s

class Engine:
    def __init__(self, url, pki):
        self.socket, self.rest, self.count = connect(url, pki), b'', 0
    def send(self, raw):
        self.socket.sendall(raw)
    def receive(self, charset='utf-8'):
        while b'\x1c\r' not in self.rest:
            piece = self.socket.recv(65536)
            if not piece:
                return None
            self.rest += piece
        frame, self.rest = self.rest.split(b'\x1c\r', 1)
        assert frame[:1] == b'\x0b', frame
        return Reply(frame[1:].decode(charset))
    def ask(self, text, charset='utf-8'):
        self.send(b'\x0b' + text.encode(charset) + b'\x1c\r')
        return self.receive(charset)
    def message(self, event, *segments, to='0035', charset='UNICODE UTF-8', version='2.5'):
        self.count += 1
        return '\r'.join(['MSH|^~\\&|ENGINE|HOSPITAL|PIX|%s|20260401||%s|E%d|P|%s||||||%s' % (to, event, self.count, version, charset)] + list(segments)) + '\r'
    def feed(self, pid, event='A04', **more):
        return self.ask(self.message('ADT^' + event, 'EVN||20260401', 'PID|||' + pid, 'PV1||O', **more))

class Reply:
    def __init__(self, text):
        assert text.endswith('\r'), text
        self.text, self.segments = text, [s.split('|') for s in text.split('\r')[:-1]]
        if hl7 is not None:  # an outside reader sees the same
            parsed = hl7.parse(text)
            assert [str(s[0]) for s in parsed] == [s[0] for s in self.segments], text
            assert str(parsed.segment('MSA')[1]) == self.get('MSA', 1)
            assert str(parsed.segment('MSA')[2]) == self.get('MSA', 2)
            for segment in parsed:
                assert str(segment) in text, segment
    def get(self, name, field):
        for s in self.segments:
            if s[0] == name:
                return s[field] if field < len(s) else ''
    def all(self, name):
        return [s for s in self.segments if s[0] == name]
    def code(self):
        return self.get('MSA', 1)

HOSPITAL, REGION = '^^^&2.999.392.3.35.1&ISO', '^^^&2.999.392.2.35&ISO'
PY
cat > "$WORK/flow.py" <<'PY'
import sys
sys.path.insert(0, sys.argv[3])
from engine import *
e = Engine(sys.argv[1], sys.argv[2])
n = sys.argv[4]  # ids of this run
assert e.feed('A%s%s~RA%s%s||境^美保^^^^^L^I~サカイ^ミホ^^^^^L^P||19530412|F' % (n, HOSPITAL, n, REGION)).code() == 'AA'
assert e.feed('B%s%s~RB%s%s||坂井^未歩^^^^^L^I~サカイ^ミホ^^^^^L^P||19660101|F' % (n, HOSPITAL, n, REGION), event='A28').code() == 'AA'
r = e.ask(e.message('QBP^Q23^QBP_Q21', 'QPD|IHE PIX Query|T%s|A%s%s' % (n, n, HOSPITAL), 'RCP|I'))
assert (r.code(), r.get('QAK', 2)) == ('AA', 'OK') and 'RA%s^^^0035&2.999.392.2.35&ISO' % n in r.get('PID', 3), r.text
r = e.ask(e.message('QBP^Q22^QBP_Q21', 'QPD|IHE PDQ Query|T%s|@PID.5.1^サカイ~@PID.3.1^A%s~@PID.3.4.2^2.999.392.3.35.1' % (n, n), 'RCP|I'))
assert r.get('PID', 5).startswith('境^美保^^^^^L^I~サカイ^ミホ^^^^^L^P'), r.text
# the same in the kanji of ISO 2022
r = e.ask(e.message('QBP^Q22^QBP_Q21', 'QPD|IHE PDQ Query|T%s|@PID.5.1^境~@PID.5.2^美*' % n, 'RCP|I', charset='~ISO IR87'), 'iso2022_jp')
assert r.get('PID', 5).startswith('境^美保') and r.get('MSH', 17) == '~ISO IR87', r.text
# a page at a time, and the end of it
first = e.ask(e.message('QBP^Q22^QBP_Q21', 'QPD|IHE PDQ Query|P%s|@PID.5.1^さか*' % n, 'RCP|I|1^RD'))
assert len(first.all('PID')) == 1 and first.get('QAK', 4) != '1', first.text
second = e.ask(e.message('QBP^Q22^QBP_Q21', 'QPD|IHE PDQ Query|P%s|@PID.5.1^さか*' % n, 'RCP|I|1^RD', 'DSC|%s|I' % first.get('DSC', 1)))
assert second.code() == 'AA' and second.get('PID', 3) != first.get('PID', 3), second.text
assert e.ask(e.message('QCN^J01^QCN_J01', 'QID|P%s|IHE PDQ Query' % n)).code() == 'AA'
# refusals name places, and leave the connection as it is
r = e.ask(e.message('ADT^A40', 'EVN||20260401', 'PID|||A%s%s' % (n, HOSPITAL), 'MRG|A%s%s' % (n, HOSPITAL)))
assert (r.code(), r.get('ERR', 2)) == ('AE', 'MRG^1^1^1^1'), r.text
r = e.ask(e.message('QBP^Q23^QBP_Q21', 'QPD|IHE PIX Query|T|NOBODY%s' % HOSPITAL, 'RCP|I'))
assert (r.code(), r.get('QAK', 2), r.get('ERR', 2)) == ('AE', 'AE', 'QPD^1^3^1^1'), r.text
# many at once, answered in order
many = [e.message('ADT^A08', 'EVN||20260401', 'PID|||A%s%s||境^美保^^^^^L^I' % (n, HOSPITAL), 'PV1||O') for _ in range(50)]
e.send(b''.join(b'\x0b' + m.encode() + b'\x1c\r' for m in many))
answers = [e.receive() for _ in many]
assert [a.get('MSA', 2) for a in answers] == [m.split('|')[9] for m in many] and {a.code() for a in answers} == {'AA'}
PY
TLS=$(url 0035 pix-manager ITI-8) PLAIN=$(url 0035 pix-manager ITI-8 plain)
$PYTHON -c 'import hl7' 2>/dev/null || echo "left out: python3-hl7 is not installed, so no outside reader sees the replies"
ok "one door has them all" [ "$(url 0035 pix-manager ITI-9)$(url 0035 demographics-supplier ITI-21)" = "$TLS$TLS" ]
ok "feeds, queries, pages and refusals on one plain connection" "$PYTHON" "$WORK/flow.py" "$PLAIN" "$DATA/pki" "$WORK" 1
ok "the same over TLS" "$PYTHON" "$WORK/flow.py" "$TLS" "$DATA/pki" "$WORK" 2

cat > "$WORK/frames.py" <<'PY'
import sys
sys.path.insert(0, sys.argv[3])
from engine import *
url, pki = sys.argv[1], sys.argv[2]
good = lambda e: e.feed('F1%s||FRAME^GOOD' % HOSPITAL, event='A08')
e = Engine(url, pki)
e.send(b'\r\nnoise before a frame\x0b\x1c\r')  # an empty frame is none
assert good(e).code() == 'AA'
e.send(b'\x0bMSH|^~\\&|given up')  # a frame begins within another
assert good(e).code() == 'AA'
assert e.ask('PID|||X').code() == 'AR'
assert good(e).code() == 'AA'
r = e.ask(e.message('ADT^A04', 'EVN||', 'PID|||X')[:60])  # truncated
assert r.code() in ('AE', 'AR') and r.all('ERR'), r.text
assert good(e).code() == 'AA'
slow = Engine(url, pki)  # a byte at a time
for b in b'\x0b' + slow.message('ADT^A04', 'EVN||20260401', 'PID|||F2%s||SLOW^ONE' % HOSPITAL, 'PV1||O').encode() + b'\x1c\r':
    slow.send(bytes([b]))
assert slow.receive().code() == 'AA'
long = Engine(url, pki)
text = long.message('ADT^A04', 'EVN||20260401', 'NTE|1||' + 'x' * 70000000)
long.send(b'\x0b' + text.encode() + b'\x1c\r')
r = long.receive()
assert r.code() == 'AE' and 'longer than' in r.get('MSA', 3), r.text
assert good(long).code() == 'AA'  # the rest was passed over
assert good(e).code() == 'AA'
PY
ok "frames that are none, cut, slow or too long" "$PYTHON" "$WORK/frames.py" "$PLAIN" "$DATA/pki" "$WORK"

# ---- update notifications ----
cat > "$WORK/consumer.py" <<'PY'
import socket, sys
sys.path.insert(0, sys.argv[2])
from engine import hl7
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', int(sys.argv[1])))
listener.listen(8)
if sys.argv[1] == '0':
    print(listener.getsockname()[1])  # a port that is free
    sys.exit()
s, _ = listener.accept()
s.settimeout(60)
got = b''
while not got.endswith(b'\x1c\r'):
    got += s.recv(65536)
text = got[1:-2].decode()
if hl7 is not None:
    parsed = hl7.parse(text)
    assert str(parsed.segment('MSH')[9]) == 'ADT^A31^ADT_A05', text
fields = text.split('\r')[0].split('|')
assert fields[8] == 'ADT^A31^ADT_A05', text
pid = [x for x in text.split('\r') if x.startswith('PID')][0].split('|')
assert pid[5] == ' ' and 'N1^^^' in pid[3] and 'RN1^^^' in pid[3], text
s.sendall(b'\x0b' + ('MSH|^~\\&|C|C|K|K|20260401||ACK^A31^ACK|1|P|2.5\rMSA|AA|%s\r' % fields[9]).encode() + b'\x1c\r')
s.settimeout(1)
try:
    s.recv(1)
except OSError:
    pass
PY
PORT=$("$PYTHON" "$WORK/consumer.py" 0 "$WORK")
PAGE="$(url 0035 pix-manager ITI-44 plain | sed 's|/0035/.*||')/pixmgr/subscribers"
ok "a consumer subscribes" curl -sSf -X PUT "$PAGE/0035?url=mllp://127.0.0.1:$PORT&application=CONSUMER"
cat > "$WORK/change.py" <<'PY'
import sys
sys.path.insert(0, sys.argv[3])
from engine import *
assert Engine(sys.argv[1], sys.argv[2]).feed('N1%s~RN1%s||NEWS^ONE' % (HOSPITAL, REGION)).code() == 'AA'
PY
ok "a cross-reference changes while it is away" "$PYTHON" "$WORK/change.py" "$PLAIN" "$DATA/pki" "$WORK"
waiting() { for _ in $(seq 300); do curl -sS "$PAGE/0035" | tee "$WORK/page" | grep -q "$1" && return 0; sleep 0.1; done; cat "$WORK/page"; return 1; }
ok "the notification waits" waiting '"waiting": 1'
kill -9 "$(pid_of pixmgr)"
ok "and the consumer, when it is there, is told it, though the manager was killed meanwhile" timeout 100 "$PYTHON" "$WORK/consumer.py" "$PORT" "$WORK"
ok "once" waiting '"waiting": 0'
ok "and both are in the journal" kakehashi journal verify --data "$DATA" --transaction ITI-10 --direction called --outcome ok --wait 3000
audited() { for _ in $(seq 100); do kakehashi audit list 0035 --data "$DATA" | grep -q "$1" && return 0; sleep 0.1; done; return 1; }
ok "and in the audit trail" audited ITI-10

# ---- the command ----
ok "kakehashi send feeds by ITI-8" kakehashi send ITI-8 --data "$DATA" --to 0035 --id S1 --id 'S2^^^&2.999.392.3.35.1&ISO' --family 坂井 --given 未歩 --birth 19660101 --gender F
ok "asks by ITI-9" kakehashi send ITI-9 --data "$DATA" --to 0035 --patient S1
said "the other id" "S2"
ok "and by ITI-21, in kanji of ISO 2022" kakehashi send ITI-21 --data "$DATA" --to oshidori --no-tls --family '坂*' --birth 1966 --id S1 --charset '~ISO IR87'
said "the patient" "坂井 未歩"
cat > "$WORK/visit.py" <<'PY'
import sys
sys.path.insert(0, sys.argv[3])
from engine import *
e = Engine(sys.argv[1], sys.argv[2])
assert e.ask(e.message('ADT^A01', 'EVN||20260401', 'PID|||W1%s||VISITOR^ONE' % REGION, 'PV1||I|WARD9||||||||||||||||VISIT9')).code() == 'AA'
r = e.ask(e.message('QBP^ZV1^QBP_Q21', 'QPD|IHE PDVQ Query|T|@PV1.3.1^WARD9', 'RCP|I'))
assert (r.get('MSH', 8), r.get('PV1', 19)) == ('RSP^ZV2^RSP_ZV2', 'VISIT9'), r.text
PY
ok "a visit is fed and found" "$PYTHON" "$WORK/visit.py" "$PLAIN" "$DATA/pki" "$WORK"
ok "and by ITI-22 of the command" kakehashi send ITI-22 --data "$DATA" --to 0035 --ward WARD9
said "the visit" "VISIT9"
ok "what nobody knows is refused with its place" sh -c '! "$@"' sh "$BIN/kakehashi" send ITI-9 --data "$DATA" --to 0035 --patient NOBODY
said "as ERR-2 has it" "QPD^1^3^1^1"
