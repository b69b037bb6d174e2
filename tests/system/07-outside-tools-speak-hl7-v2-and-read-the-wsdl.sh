#!/bin/sh
# Tools that nobody here wrote, by the doors they use: python3-hl7 over MLLP, plain and TLS; python3-zeep on the WSDL; a
# web server of Python's that waits for an answer to ReplyTo. What is not installed is left out, and said so.
. "$(dirname "$0")/lib.sh"
PYTHON=${PYTHON:-/usr/bin/python3}

ok "a backbone comes up on free ports" backbone_up --communities 0035

# ---- HL7 v2 ----
cat > "$WORK/mllp.py" <<'PY'
import re, socket, ssl, sys
url, pki, *message = sys.argv[1:]
scheme, host, port = re.match(r'(mllps?)://([^:/]+):(\d+)', url).groups()
s = socket.create_connection((host, int(port)), timeout=30)
if scheme == 'mllps':
    context = ssl.create_default_context(cafile=pki + '/ca.pem')
    if 'anonymous' not in message:
        context.load_cert_chain(pki + '/user.pem', pki + '/user.key')
    s = context.wrap_socket(s, server_hostname=host)
charset = 'iso2022_jp' if 'kanji' in message else 'ascii'
name = '枝野^日出^^^^^L^I' if 'kanji' in message else 'Sakai^Miho'
for n in range(3):  # on one connection
    text = '\r'.join(['MSH|^~\\&|TEST|H|REGISTRY|0035|20260401||ADT^A04|M%d|P|2.5%s' % (n, '||||||~ISO IR87' if 'kanji' in message else ''),
                      'EVN||20260401', 'PID|||T%d^^^&2.999.392.2.35&ISO||%s' % (n, name), 'PV1||O', ''])
    s.sendall(b'\x0b' + text.encode(charset) + b'\x1c\r')
    answer = b''
    while not answer.endswith(b'\x1c\r'):
        piece = s.recv(4096)
        if not piece:
            sys.exit('the connection ended')
        answer += piece
    ack = answer[1:-2].decode(charset)
    if 'hl7' in message:
        import hl7
        parsed = hl7.parse(ack)
        code, control = str(parsed.segment('MSA')[1]), str(parsed.segment('MSA')[2])
    else:
        msa = re.search(r'\rMSA\|([A-Z]+)\|([^|\r]*)', ack)
        code, control = msa.groups()
    if (code, control) != ('AA', 'M%d' % n):
        sys.exit('unexpected: ' + ack)
PY
mllp() { "$PYTHON" "$WORK/mllp.py" "$@"; }
TLS=$(url 0035 registry ITI-8) PLAIN=$(url 0035 registry ITI-8 plain)
ok "three patients on one plain connection" mllp "$PLAIN" "$DATA/pki"
ok "the same over TLS with a certificate" mllp "$TLS" "$DATA/pki"
ok "names in ISO-2022-JP" mllp "$TLS" "$DATA/pki" kanji
ok "no certificate, no connection" sh -c '! "$0" "$1" "$2" "$3" anonymous' "$PYTHON" "$WORK/mllp.py" "$TLS" "$DATA/pki"
if "$PYTHON" -c 'import hl7' 2>/dev/null; then
    ok "python3-hl7 reads the acknowledgements" mllp "$TLS" "$DATA/pki" hl7
    cat > "$WORK/client.py" <<'PY'
import re, sys
import hl7
from hl7.client import MLLPClient
host, port = re.match(r'mllp://([^:/]+):(\d+)', sys.argv[1]).groups()
with MLLPClient(host, int(port)) as client:
    for event in ('A01', 'A08'):
        m = hl7.parse('MSH|^~\\&|TEST|H|REGISTRY|oshidori|20260401||ADT^%s|C%s|P|2.3.1\rEVN||20260401\rPID|||C1||Sakai^Miho\rPV1||O\r' % (event, event))
        ack = hl7.parse(client.send_message(m).decode().strip('\x0b\x1c\r') + '\r')
        assert str(ack.segment('MSA')[1]) == 'AA', str(ack)
PY
    ok "and its own client feeds patients" "$PYTHON" "$WORK/client.py" "$PLAIN"
else
    echo "left out: python3-hl7 is not installed"
fi

# ---- WSDL ----
URL=$(url 0035 registry ITI-18 plain)
ok "the endpoint describes itself" curl -sSf -o "$WORK/registry.wsdl" "$URL?wsdl"
ok "in well-formed XML" xmllint --noout "$WORK/registry.wsdl"
ok "with its own address" grep -q "<soap12:address location=\"$URL\"/>" "$WORK/registry.wsdl"
ok "over TLS, too" sh -c 'curl -sSf --cacert "$1/ca.pem" --cert "$1/user.pem" --key "$1/user.key" "$0?wsdl" | grep -q "location=\"$0\""' \
    "$(url 0035 responding-gateway ITI-38)" "$DATA/pki"
if "$PYTHON" -c 'import zeep' 2>/dev/null; then
    cat > "$WORK/by_zeep.py" <<'PY'
import sys
import zeep
from lxml import etree
client = zeep.Client(sys.argv[1] + '?wsdl')
QUERY, RIM = 'urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0', 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'
option = etree.fromstring('<q:ResponseOption xmlns:q="%s" returnComposedObjects="true" returnType="LeafClass"/>' % QUERY)
query = etree.fromstring('''<r:AdhocQuery xmlns:r="%s" id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">
<r:Slot name="$XDSDocumentEntryPatientId"><r:ValueList><r:Value>'T0^^^&amp;2.999.392.2.35&amp;ISO'</r:Value></r:ValueList></r:Slot>
<r:Slot name="$XDSDocumentEntryStatus"><r:ValueList><r:Value>('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')</r:Value></r:ValueList></r:Slot>
</r:AdhocQuery>''' % RIM)
operations = client.service._binding._operations
assert 'DocumentRegistry_RegisterDocumentSet-b' in operations and 'DocumentRegistry_PRPA_IN201304UV02' in operations
replyto = etree.fromstring('<w:ReplyTo xmlns:w="http://www.w3.org/2005/08/addressing"><w:Address>http://www.w3.org/2005/08/addressing/anonymous</w:Address></w:ReplyTo>')
class Addressed(zeep.Plugin):  # zeep finds the action in the WSDL; IHE also asks for ReplyTo, and for Action's mustUnderstand
    def egress(self, envelope, headers, operation, options):
        header = envelope[0]
        header.find('{*}Action').set('{http://www.w3.org/2003/05/soap-envelope}mustUnderstand', '1')
        header.append(replyto)
        return envelope, headers
client.plugins = [Addressed()]
with client.settings(raw_response=True):
    reply = client.service['DocumentRegistry_RegistryStoredQuery'](_value_1=[option, query])
assert reply.status_code == 200 and b'ResponseStatusType:Success' in reply.content, reply.content
PY
    ok "python3-zeep reads it, and asks a stored query by it" "$PYTHON" "$WORK/by_zeep.py" "$URL"
else
    echo "left out: python3-zeep is not installed"
fi

# ---- answers that go elsewhere ----
cat > "$WORK/elsewhere.py" <<'PY'
import http.server, sys, threading, urllib.request
url, file = sys.argv[1:]
answers = []
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        answers.append(self.rfile.read(int(self.headers['Content-Length'])))
        self.send_response(202)
        self.send_header('Content-Length', '0')
        self.end_headers()
        done.set()
    def log_message(self, *args): pass
done = threading.Event()
server = http.server.HTTPServer(('127.0.0.1', 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
there = 'http://127.0.0.1:%d/answers' % server.server_port
text = open(file, encoding='utf-8').read().replace('http://www.w3.org/2005/08/addressing/anonymous', there)
request = urllib.request.Request(url, text.encode(), {'Content-Type': 'application/soap+xml; charset=UTF-8'})
with urllib.request.urlopen(request, timeout=30) as reply:
    assert (reply.status, reply.read()) == (202, b''), reply.status
assert done.wait(30), 'no answer came'
for part in ('AdhocQueryResponse', 'wsa:RelatesTo', '<wsa:To>%s</wsa:To>' % there):
    assert part.encode() in answers[0], answers[0]
PY
ok "an answer is POSTed to ReplyTo, after 202" "$PYTHON" "$WORK/elsewhere.py" "$URL" docs/examples/iti18-find-documents.xml

# Somebody who asks for an answer and then never takes it.
cat > "$WORK/never.py" <<'PY'
import os, socket, sys, time, urllib.request
url, file, sent, stop = sys.argv[1:]
listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(8)
there = 'http://127.0.0.1:%d/never' % listener.getsockname()[1]
text = open(file, encoding='utf-8').read().replace('http://www.w3.org/2005/08/addressing/anonymous', there)
for _ in range(3):
    request = urllib.request.Request(url, text.encode(), {'Content-Type': 'application/soap+xml; charset=UTF-8'})
    assert urllib.request.urlopen(request, timeout=30).status == 202
open(sent, 'w').close()
while not os.path.exists(stop):
    time.sleep(0.05)
PY
"$PYTHON" "$WORK/never.py" "$URL" docs/examples/iti18-find-documents.xml "$WORK/sent" "$WORK/stop" &
NEVER=$!
while [ ! -e "$WORK/sent" ] && kill -0 $NEVER 2>/dev/null; do sleep 0.05; done
ok "three answers are on their way to one who does not take them" test -e "$WORK/sent"
ok "the backbone goes down all the same" kakehashi down --data "$DATA"
touch "$WORK/stop"
ok "until then their sender waited" wait $NEVER
ok "and the log says that they were dropped" sh -c '[ "$(grep -c "was dropped: this daemon stops" "$0")" = 3 ]' "$DATA/kakehashi.log"
