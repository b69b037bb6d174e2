#!/bin/sh
# Each kind of fault is set on a running backbone, and its symptom seen by clients that nobody here wrote: Python's
# sockets, its TLS and its XML parser. A kind without a symptom here fails the test.
. "$(dirname "$0")/lib.sh"
PYTHON=${PYTHON:-/usr/bin/python3}

ok "a backbone comes up on free ports" backbone_up --communities 0035,0026 --seed 4 --call-timeout 1500
cat > "$WORK/faults.py" <<'PY'
import atexit, base64, hashlib, http.server, json, re, shutil, socket, ssl, subprocess, sys, threading, time
import xml.etree.ElementTree as ET
binaries, data = sys.argv[1:]
endpoints = json.load(open(data + '/endpoints.json'))['communities']['0035']
failed = 0

def command(*words):
    return subprocess.run([binaries + '/kakehashi', *words, '--data', data], capture_output=True, text=True)

def fault(*words):
    r = command('fault', *words)
    assert r.returncode == 0, r.stderr
    return r.stdout.strip()

def address(url):
    scheme, host, port = re.match(r'(\w+)://([^:/]+):(\d+)', url).groups()
    return host, int(port)

class Answer:
    def __init__(self, raw, ended, seconds, reset, chunks):
        self.raw, self.ended, self.seconds, self.reset, self.chunks = raw, ended, seconds, reset, chunks
        head, _, self.body = raw.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        self.status = int(lines[0].split()[1]) if lines[0].startswith('HTTP/') else 0
        self.headers = {k.lower(): v for k, v in (l.split(': ', 1) for l in lines[1:] if ': ' in l)}
    def text(self):
        return self.body.decode('utf-8', 'replace')
    def envelope(self):
        match = re.search(rb'<env:Envelope.*</env:Envelope>|<ns1:Envelope.*</ns1:Envelope>', self.body, re.S)
        return ET.fromstring(match.group(0))
    def has(self, pattern):
        return re.search(pattern, self.text(), re.S) is not None

def is_whole(raw):
    head, found, body = raw.partition(b'\r\n\r\n')
    length = re.search(rb'\r\nContent-Length: (\d+)', head)
    return found and length is not None and len(body) >= int(length.group(1))

def post(url, body, content_type, patience=8.0):
    s = socket.create_connection(address(url), timeout=patience)
    path = '/' + url.split('/', 3)[3]
    s.sendall(('POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n' % (path, content_type, len(body))).encode() + body)
    raw, ended, reset, chunks, began = b'', False, False, 0, time.time()
    try:
        while not is_whole(raw):
            piece = s.recv(65536)
            chunks += 1
            if not piece:
                ended = True
                break
            raw += piece
    except ConnectionResetError:
        reset = True
    except socket.timeout:
        pass
    s.close()
    return Answer(raw, ended, time.time() - began, reset, chunks)

def soap(action, body):
    return ('<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"><env:Header>'
            '<wsa:Action env:mustUnderstand="1">%s</wsa:Action><wsa:MessageID>urn:uuid:11111111-2222-4333-8444-555555555555</wsa:MessageID>'
            '<wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo></env:Header><env:Body>%s</env:Body></env:Envelope>'
            % (action, body)).encode()

def call(url, action, body, patience=8.0):
    return post(url, soap(action, body), 'application/soap+xml; charset=UTF-8', patience)

people = json.loads(command('patients', '0035', '--json').stdout)
people = people['patients'] if isinstance(people, dict) else people
patient = next(v for v in re.findall(r'0035-\d{7}-\d', json.dumps(people)))
domain = endpoints['patientIdDomain']
cx = '%s^^^&amp;%s&amp;ISO' % (patient, domain)

QUERY = ('<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
         '<q:ResponseOption returnComposedObjects="true" returnType="LeafClass"/><r:AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"%s>'
         '<r:Slot name="$XDSDocumentEntryPatientId"><r:ValueList><r:Value>\'' + cx + '\'</r:Value></r:ValueList></r:Slot>'
         '<r:Slot name="$XDSDocumentEntryStatus"><r:ValueList><r:Value>(\'urn:oasis:names:tc:ebxml-regrep:StatusType:Approved\')</r:Value></r:ValueList></r:Slot>'
         '</r:AdhocQuery></q:AdhocQueryRequest>')

def query(patience=8.0):
    return call(endpoints['plain']['registry']['ITI-18'], 'urn:ihe:iti:2007:RegistryStoredQuery', QUERY % '', patience)

def cross_query(patience=8.0):
    return call(endpoints['plain']['responding-gateway']['ITI-38'], 'urn:ihe:iti:2007:CrossGatewayQuery',
                QUERY % (' home="%s"' % endpoints['homeCommunityId']), patience)

first = query()
assert first.status == 200 and first.has('ResponseStatusType:Success'), first.text()[:500]
document = re.search(r'name="repositoryUniqueId"><rim:ValueList><rim:Value>([^<]+).*?XDSDocumentEntry.uniqueId', first.text(), re.S).group(1)
unique = re.search(r'value="([^"]+)"[^>]*><rim:Name><rim:LocalizedString[^>]*value="XDSDocumentEntry.uniqueId"', first.text()).group(1)
hashes = dict(zip(re.findall(r'value="([^"]+)"[^>]*><rim:Name><rim:LocalizedString[^>]*value="XDSDocumentEntry.uniqueId"', first.text()),
                  re.findall(r'name="hash"><rim:ValueList><rim:Value>([^<]+)', first.text())))

def retrieve(patience=8.0):
    body = ('<x:RetrieveDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"><x:DocumentRequest><x:RepositoryUniqueId>%s</x:RepositoryUniqueId>'
            '<x:DocumentUniqueId>%s</x:DocumentUniqueId></x:DocumentRequest></x:RetrieveDocumentSetRequest>' % (document, unique))
    package = (b'--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-ID: <r>\r\n\r\n'
               + soap('urn:ihe:iti:2007:RetrieveDocumentSet', body) + b'\r\n--b--\r\n')
    return post(endpoints['plain']['repository']['ITI-43'], package,
                'multipart/related; boundary=b; type="application/xop+xml"; start="<r>"; start-info="application/soap+xml"', patience)

def parts(answer):
    boundary = re.search(r'boundary="?([^";]+)', answer.headers.get('content-type', ''))
    if not boundary or boundary.group(1).encode() not in answer.body:
        return None
    found = answer.body.split(b'--' + boundary.group(1).encode())[1:-1]
    return [p.partition(b'\r\n\r\n') for p in found]

def is_retrieved(answer):
    p = parts(answer)
    return p is not None and len(p) == 2 and hashlib.sha1(p[1][2][:-2]).hexdigest() == hashes[unique]

assert is_retrieved(retrieve()), retrieve().text()[:600]

def v3(root, action, control, patience=8.0):
    body = ('<%s xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"><id root="2.999.9" extension="Q"/><creationTime value="20260401000000"/>'
            '<interactionId root="2.16.840.1.113883.1.6" extension="%s"/><processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="AL"/>'
            '<receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE"><id root="2.999.3"/></device></receiver>'
            '<sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="2.999.2"/></device></sender>'
            '<controlActProcess classCode="CACT" moodCode="EVN"><code code="%s" codeSystem="2.16.840.1.113883.1.6"/><queryByParameter>'
            '<queryId root="2.999.4" extension="7"/><statusCode code="new"/><responseModalityCode code="R"/><responsePriorityCode code="I"/>%s'
            '</queryByParameter></controlActProcess></%s>' % (root, root, action, control, root))
    url = endpoints['plain']['pix-manager']['ITI-45'] if '1309' in root else endpoints['plain']['demographics-supplier']['ITI-47']
    return call(url, 'urn:hl7-org:v3:' + root, body, patience)

def pix():
    return v3('PRPA_IN201309UV02', 'PRPA_TE201309UV02', '<parameterList><patientIdentifier><value root="%s" extension="%s"/><semanticsText>Patient.id</semanticsText>'
              '</patientIdentifier></parameterList>' % (domain, patient))

def pdq():
    return v3('PRPA_IN201305UV02', 'PRPA_TE201305UV02', '<parameterList><livingSubjectId><value root="%s" extension="%s"/><semanticsText>LivingSubject.id</semanticsText>'
              '</livingSubjectId></parameterList>' % (domain, patient))

assert pdq().has(patient) and pix().has('code="AA"'), pdq().text()[:900]

class Frame:
    pass

def mllp(patience=3.0):
    s = socket.create_connection(address(endpoints['plain']['registry']['ITI-8']), timeout=patience)
    s.sendall(b'\x0b' + ('MSH|^~\\&|T|H|REGISTRY|0035|20260401||ADT^A04|M1|P|2.5\rEVN||20260401\rPID|||F1^^^&%s&ISO||Sakai^Miho\rPV1||O\r' % domain).encode() + b'\x1c\r')
    f, began = Frame(), time.time()
    f.raw, f.ended, f.reset = b'', False, False
    s.settimeout(patience)
    try:
        while f.raw.count(b'\x1c\r') < 2:
            piece = s.recv(4096)
            if not piece:
                f.ended = True
                break
            f.raw += piece
            s.settimeout(0.4)
    except ConnectionResetError:
        f.reset = True
    except socket.timeout:
        pass
    f.seconds = time.time() - began
    s.close()
    return f

assert mllp().raw.startswith(b'\x0bMSH') and b'MSA|AA|M1' in mllp().raw, mllp().raw

def handshake(maximum=None):
    context = ssl.create_default_context(cafile=data + '/pki/ca.pem')
    context.load_cert_chain(data + '/pki/user.pem', data + '/pki/user.key')
    if maximum:
        context.set_ciphers('DEFAULT@SECLEVEL=0')
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = maximum
    host, port = address(endpoints['endpoints']['registry']['ITI-18'])
    try:
        with socket.create_connection((host, port), timeout=5) as raw, context.wrap_socket(raw, server_hostname='localhost') as s:
            return s.version()
    except (ssl.SSLError, OSError) as e:
        return str(e)

# A gateway whose registry is this stand-in: what daemons send as clients.
heard = []

class StandIn(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        heard.append((self.headers, self.rfile.read(int(self.headers['Content-Length']))))
        self.send_response(500)
        self.end_headers()
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), StandIn)
threading.Thread(target=server.serve_forever, daemon=True).start()
# … and whose audit records come here, as bytes.
records = bytearray()

def take_records(listener):
    while True:
        connection, _ = listener.accept()
        while piece := connection.recv(65536):
            records.extend(piece)

sink = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=take_records, args=(sink,), daemon=True).start()
free = socket.socket(); free.bind(('127.0.0.1', 0)); gateway_port = free.getsockname()[1]; free.close()
shutil.copytree(data + '/pki', data + '/alone/pki')
gateway = subprocess.Popen([binaries + '/kakehashi-gateway', '--data', data + '/alone', '--communities', '0035,0026', '--plain-port', str(gateway_port),
                            '--registry-at', 'http://127.0.0.1:%d' % server.server_port,
                            '--records-to', 'syslog-tcp://127.0.0.1:%d' % sink.getsockname()[1]], stderr=open(data + '/gateway-alone.log', 'w'))
atexit.register(gateway.terminate)
for _ in range(200):
    try:
        socket.create_connection(('127.0.0.1', gateway_port)).close()
        break
    except OSError:
        time.sleep(0.05)

def tell_gateway():
    body = open(data + '/faults.json', 'rb').read()
    s = socket.create_connection(('127.0.0.1', gateway_port), timeout=5)
    s.sendall(b'PUT /faults HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
    while s.recv(4096):
        pass

def request_sent():
    tell_gateway()
    del heard[:]
    call('http://127.0.0.1:%d/0035/responding' % gateway_port, 'urn:ihe:iti:2007:CrossGatewayQuery', QUERY % (' home="%s"' % endpoints['homeCommunityId']))
    return heard[-1] if heard else None

def records_sent():
    """What the sink hears of one request: a record of the answer (ITI-38), one of the call (ITI-18)."""
    del records[:]
    request_sent()
    seen, until = -1, time.time() + 3
    while time.time() < until and (seen != len(records) or seen == 0):
        seen = len(records)
        time.sleep(0.3)
    return bytes(records)

def frames(stream):
    """The records of a stream by their lengths (RFC 5425 4.3), and whether that came out even."""
    found = []
    while m := re.match(rb'([1-9][0-9]*) ', stream):
        length = int(m.group(1))
        found.append(stream[m.end():m.end() + length])
        stream = stream[m.end() + length:]
        if len(found[-1]) < length:
            return found, False
    return found, stream == b''

def is_audit_message(record):
    try:
        return ET.fromstring(record[record.index(b'<Audit'):]).tag == 'AuditMessage'
    except (ValueError, ET.ParseError):
        return False

def ask_time():
    host, port = address(endpoints['endpoints']['time']['ITI-1'])
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(3)
    s.sendto(bytes([0x23]) + bytes(39) + b'12345678', (host, port))
    return s.recv(100)

def seconds_off(packet):
    return int.from_bytes(packet[40:44], 'big') - 2208988800 - time.time()

fault('clear')
sent = records_sent()
assert all(map(is_audit_message, frames(sent)[0])) and len(frames(sent)[0]) == 2, sent
assert abs(seconds_off(ask_time())) < 5, ask_time()

def xml_fails(a):
    try:
        ET.fromstring(a.body)
        return False
    except ET.ParseError:
        return True

def all_values(slot, a):
    return set(re.findall(r'name="%s"><rim:ValueList><rim:Value>([^<]*)' % slot, a.text()))

def count(pattern, a):
    return len(re.findall(pattern, a.text()))

objects = count('<rim:ExtrinsicObject ', first)
sizes = sorted(map(int, re.findall(r'name="size"><rim:ValueList><rim:Value>(\d+)', first.text())))

def second_fault(kind, *with_):
    """The same fault, as it shows in what a daemon sends."""
    fault('clear')
    fault('add', kind, '--direction', 'request', *with_)
    return request_sent()

# kind: (words of fault add, what is done, what must be seen)
symptoms = {
    'latency': (['ms=700'], query, lambda a: a.status == 200 and a.seconds >= 0.65),
    'hang': (['--transaction', 'ITI-18'], lambda: query(1.0), lambda a: a.raw == b'' and not a.ended),
    'reset': (['after=20'], query, lambda a: a.reset and len(a.raw) <= 20),
    'truncate': (['after=300'], query, lambda a: a.ended and len(a.raw) == 300),
    'drip': (['bytes=800', 'ms=5'], query, lambda a: a.status == 200 and a.chunks > 5 and is_whole(a.raw)),
    'tls-expired': ([], handshake, lambda a: 'expired' in a),
    'tls-wrong-host': ([], handshake, lambda a: 'ostname' in a),
    'tls-untrusted': ([], handshake, lambda a: 'unable to get local issuer' in a or 'self' in a),
    'tls-old': ([], lambda: (handshake(), handshake(ssl.TLSVersion.TLSv1_1)), lambda a: 'TLSv1.1' not in a[0] and a[1] == 'TLSv1.1'),
    'tls-refuse': ([], handshake, lambda a: 'alert' in a),
    'http-status': (['status=503'], query, lambda a: a.status == 503 and a.has('AdhocQueryResponse')),
    'http-length': (['delta=50'], query, lambda a: a.ended and int(a.headers['content-length']) == len(a.body) + 50),
    'http-no-length': ([], query, lambda a: a.ended and 'content-length' not in a.headers and a.has('</env:Envelope>')),
    'http-type': (['type=text/plain'], query, lambda a: a.headers['content-type'] == 'text/plain'),
    'http-page': ([], query, lambda a: a.status == 502 and a.has('<!DOCTYPE html>')),
    'http-empty': ([], query, lambda a: a.status == 200 and a.body == b''),
    'soap-fault': (['code=Sender', 'reason=not today'], query, lambda a: a.status == 400 and a.has('env:Sender.*not today')),
    'soap-relates-to': (['id=urn:uuid:x'], query, lambda a: a.has('RelatesTo>urn:uuid:x<')),
    'soap-no-relates-to': ([], query, lambda a: a.has('Action') and not a.has('RelatesTo')),
    'soap-action': (['action=urn:x'], query, lambda a: a.has('Action[^>]*>urn:x<')),
    'soap-no-action': ([], query, lambda a: a.has('RelatesTo') and not a.has('<wsa:Action')),
    'soap-message-id': (['id=urn:uuid:same'], request_sent, lambda r: b'MessageID>urn:uuid:same<' in r[1]),
    'soap-malformed': ([], query, xml_fails),
    'soap-version11': ([], query, lambda a: a.has('schemas.xmlsoap.org/soap/envelope')),
    'soap-no-body': ([], query, lambda a: a.status == 200 and len(a.envelope()[1]) == 0),
    'soap-doctype': ([], query, lambda a: a.text().startswith('<!DOCTYPE')),
    'soap-wrong-body': (['name=Nothing'], query, lambda a: a.has('<query:Nothing')),
    'soap-must-understand': ([], query, lambda a: a.has('NobodyKnows[^>]*mustUnderstand="true"')),
    'soap-namespace': (['namespace=urn:x'], query, lambda a: a.envelope()[1][0].tag == '{urn:x}AdhocQueryResponse'),
    'mtom-missing-part': ([], retrieve, lambda a: len(parts(a)) == 1 and a.has('xop:Include')),
    'mtom-content-id': ([], retrieve, lambda a: len(parts(a)) == 2 and b'no-such-part' in parts(a)[1][0]),
    'mtom-inline': ([], retrieve, lambda a: len(parts(a)) == 1 and hashlib.sha1(base64.b64decode(re.search(r'Document>([^<]+)<', a.text()).group(1))).hexdigest() == hashes[unique]),
    'mtom-boundary': ([], retrieve, lambda a: 'no-such-boundary' in a.headers['content-type'] and b'no-such-boundary' not in a.body),
    'mtom-extra-part': ([], retrieve, lambda a: len(parts(a)) == 3),
    'mtom-plain': ([], retrieve, lambda a: a.headers['content-type'].startswith('application/soap+xml') and a.body.startswith(b'<')),
    'mtom-start': ([], retrieve, lambda a: 'no-such-part' in a.headers['content-type'] and b'no-such-part' not in a.body),
    'mtom-document': ([], retrieve, lambda a: len(parts(a)) == 2 and not is_retrieved(a)),
    'mtom-short': (['bytes=3'], retrieve, lambda a: len(parts(a)[1][2]) == 5),
    'xds-error': (['code=XDSTooManyResults'], query, lambda a: a.has('Type:Failure') and a.has('errorCode="XDSTooManyResults"') and not a.has('ExtrinsicObject')),
    'xds-partial': (['location=urn:oid:1.2'], query, lambda a: a.has('PartialSuccess') and a.has('location="urn:oid:1.2"') and a.has('ExtrinsicObject')),
    'xds-status': (['status=urn:x'], query, lambda a: a.has('status="urn:x"')),
    'xds-hash': (['hash=' + '1' * 40], query, lambda a: all_values('hash', a) == {'1' * 40}),
    'xds-size': (['delta=7'], query, lambda a: sorted(map(int, all_values('size', a))) == sorted({s + 7 for s in sizes})),
    'xds-repository': (['oid=2.999.1'], query, lambda a: all_values('repositoryUniqueId', a) == {'2.999.1'}),
    'xds-home': (['home=urn:oid:2.999.2'], cross_query, lambda a: set(re.findall(r'home="([^"]*)"', a.text())) == {'urn:oid:2.999.2'}),
    'xds-no-home': ([], cross_query, lambda a: a.has('ExtrinsicObject') and not a.has(' home=')),
    'xds-duplicates': ([], query, lambda a: count('<rim:ExtrinsicObject ', a) == 2 * objects),
    'xds-patient': (['patient=X^^^&1.2&ISO'], query, lambda a: a.has(r'X\^\^\^&amp;1.2&amp;ISO') and not a.has(patient)),
    'xds-empty': ([], query, lambda a: a.has('Type:Success') and not a.has('ExtrinsicObject')),
    'xds-unique-id': (['oid=2.999.7'], query, lambda a: count('value="2.999.7"', a) == objects and not a.has(unique)),
    'hl7v3-ack': (['code=AR'], pix, lambda a: a.has('acknowledgement.*typeCode code="AR"')),
    'hl7v3-query': (['code=QE'], pdq, lambda a: a.has('queryResponseCode code="QE"')),
    'hl7v3-patient': (['extension=Z9'], pdq, lambda a: a.has('extension="Z9"')),
    'hl7v3-target': ([], pdq, lambda a: a.has('targetMessage><id root="00000000-0000')),
    'hl7v3-twice': ([], pdq, lambda a: count('<subject ', a) == 2),
    'hl7v3-nobody': ([], pdq, lambda a: a.has('queryAck') and not a.has('<subject ')),
    'hl7v2-id': (['id=OTHER'], mllp, lambda f: b'MSA|AA|OTHER' in f.raw),
    'hl7v2-ack': (['code=AR'], mllp, lambda f: b'MSA|AR|M1' in f.raw),
    'hl7v2-charset': ([], mllp, lambda f: b'ISO IR87' in f.raw.split(b'\r')[0]),
    'hl7v2-no-start': ([], mllp, lambda f: f.raw.startswith(b'MSH') and f.raw.endswith(b'\x1c\r')),
    'hl7v2-no-end': ([], mllp, lambda f: f.raw.startswith(b'\x0bMSH') and b'\x1c' not in f.raw),
    'hl7v2-twice': ([], mllp, lambda f: f.raw.count(b'\x0bMSH') == 2),
    'hl7v2-no-msh': ([], mllp, lambda f: f.raw.startswith(b'\x0bMSA')),
    'hl7v2-delimiters': ([], mllp, lambda f: f.raw.startswith(b'\x0bMSH|$%!*|')),
    'hl7v2-type': (['type=ORU^R01'], mllp, lambda f: b'|ORU^R01|' in f.raw),
    'syslog-length': (['delta=5'], records_sent, lambda r: not frames(r)[1]),
    'syslog-drop': (['--transaction', 'ITI-38'], records_sent, lambda r: len(frames(r)[0]) == 1 and b'"ITI-18"' in r),
    'syslog-twice': (['--transaction', 'ITI-18', '--community', '0035'], records_sent, lambda r: len(frames(r)[0]) == 3 and r.count(b'EventTypeCode csd-code="ITI-18"') == 2),
    'syslog-cut': ([], records_sent, lambda r: frames(r)[1] and not any(is_audit_message(x) for x in frames(r)[0])),
    'syslog-garbage': ([], records_sent, lambda r: r.count(b'this is no audit message') == 2 and b'<Audit' not in r),
    'sntp-unsynchronized': ([], ask_time, lambda p: p[0] >> 6 == 3 and p[1] == 16),
    'sntp-kiss': (['code=DENY'], ask_time, lambda p: p[1] == 0 and p[12:16] == b'DENY'),
    'clock-skew': (['seconds=-315360000'], lambda: (pdq(), mllp()),
                   lambda a: a[0].has('creationTime value="20%02d' % (time.gmtime().tm_year - 2010)) and ('|20%02d' % (time.gmtime().tm_year - 2010)).encode() in a[1].raw),
}
# The same kinds over MLLP, and in what daemons send as clients.
more = [
    ('clock-skew', ['seconds=7200'], ask_time, lambda p: 7190 < seconds_off(p) < 7210),
    ('clock-skew', ['seconds=7200', '--community', '0026'], ask_time, lambda p: abs(seconds_off(p)) < 5),
    ('syslog-drop', ['--community', '0026'], records_sent, lambda r: len(frames(r)[0]) == 2),
    ('latency', ['ms=600', '--transaction', 'ITI-8'], mllp, lambda f: f.seconds >= 0.55 and b'MSA|AA' in f.raw),
    ('hang', ['--transaction', 'ITI-8'], lambda: mllp(1.0), lambda f: f.raw == b''),
    ('truncate', ['after=9', '--transaction', 'ITI-8'], mllp, lambda f: len(f.raw) == 9 and f.ended),
    ('reset', ['after=9', '--transaction', 'ITI-8'], mllp, lambda f: f.reset),
    ('hang', ['--direction', 'request'], cross_query, lambda a: a.has('RegistryError ') and a.seconds >= 1.0),
    ('latency', ['--direction', 'request', 'ms=500'], cross_query, lambda a: a.has('ExtrinsicObject') and a.seconds >= 0.45),
    ('soap-malformed', ['--direction', 'request'], request_sent, lambda r: not r[1].rstrip().endswith(b'Envelope>')),
    ('soap-action', ['--direction', 'request', 'action=urn:y'], request_sent, lambda r: b'>urn:y<' in r[1]),
    ('http-type', ['--direction', 'request', 'type=text/plain'], request_sent, lambda r: r[0]['Content-Type'] == 'text/plain'),
    ('hang', ['--direction', 'request', '--peer', '0026'], cross_query, lambda a: a.has('ExtrinsicObject')),
    ('http-status', ['--community', 'shimane-other'], query, lambda a: a.status == 200),
    ('http-status', ['--community', '0035', '--patient', patient], query, lambda a: a.status == 503),
    ('http-status', ['--patient', 'NOBODY'], query, lambda a: a.status == 200),
    ('http-status', ['--nth', '2'], lambda: [query().status for _ in range(3)], lambda s: s == [200, 503, 200]),
    ('http-status', ['--every', '2', '--times', '1'], lambda: [query().status for _ in range(4)], lambda s: s == [200, 503, 200, 200]),
    ('http-status', ['--probability', '0'], query, lambda a: a.status == 200),
    ('http-status', ['--after', '3600'], query, lambda a: a.status == 200),
]

kinds = [line.split()[0] for line in command('fault', 'kinds').stdout.splitlines()[1:]]
for kind in kinds:
    if kind not in symptoms:
        print('not ok: no symptom is known of', kind)
        failed = 1
tests = [(k, *symptoms[k]) for k in kinds if k in symptoms] + more
for kind, words, do, see in tests:
    fault('clear')
    fault('add', kind, *words)
    seen = do()
    try:
        right = bool(see(seen))
    except Exception as e:
        right, kind = False, kind + ' (%r)' % e
    listed = json.loads(fault('list', '--json'))['faults'][0]
    if not right:
        failed = 1
        print('not ok:', kind, words, getattr(seen, 'raw', seen)[:1500] if not isinstance(seen, (tuple, list)) else seen, listed)
fault('clear')
assert is_retrieved(retrieve()) and query().body == first.body, 'after the faults, everything is as before'
print('%d faults seen' % len(tests))
sys.exit(failed)
PY
ok "every kind shows its symptom" "$PYTHON" -W ignore "$WORK/faults.py" "$BIN" "$DATA"
[ $FAILED = 0 ] || cat "$DATA/gateway-alone.log"
ok "what is injected is said in the log" grep -q 'injected: soap-fault' "$DATA/kakehashi.log"
ok "an unknown kind is refused" sh -c '! "$0" fault add latenci --data "$1"' "$BIN/kakehashi" "$DATA"
said "with the nearest" "near it: latency"
ok "every set of the fixtures can be used" sh -c 'for f in fixtures/faults/*.json; do "$0" fault use "$(basename "$f" .json)" --data "$1" || exit 1; "$0" fault clear --data "$1" || exit 1; done' "$BIN/kakehashi" "$DATA"
ok "a daemon that is killed comes back with its faults" sh -c '"$0" fault add http-status --data "$1"; kill -9 "$2"; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; "$0" readyz --data "$1" && break; done; "$0" fault list --data "$1" | grep http-status' "$BIN/kakehashi" "$DATA" "$(pid_of registry)"
