#!/bin/sh
# python3-hl7 reads every reply of HL7 v2 that the flow cases hold, and what a running backbone answers to all of their
# requests on one connection: the same segments and fields as we wrote, an answer to what was asked.
. "$(dirname "$0")/lib.sh"
PYTHON=${PYTHON:-/usr/bin/python3}
"$PYTHON" -c 'import hl7' 2>/dev/null || { echo "left out: python3-hl7 is not installed"; exit 77; }

cat > "$WORK/replies.py" <<'PY'
import glob, re, socket, string, sys
import hl7

JAPANESE = 'iso2022_jp_ext'
CODECS = {'': 'ascii', 'ASCII': 'ascii', 'UNICODE UTF-8': 'utf-8', '8859/1': 'latin-1', 'ISO IR6': 'ascii', 'ISO IR14': 'ascii'}

def fields(text):
    """Of the first line, by the delimiters that it declares; field n of MSH is [n - 1]. None when they are none."""
    line = re.split('[\r\n]', text)[0]
    usable = line.startswith('MSH') and len(set(line[3:8])) == 5 and all(c in string.punctuation for c in line[3:8])
    return line.split(line[3]) if usable else []

def codec(raw):
    declared = fields(raw.decode('latin-1'))[17:18]
    sets = declared[0].split('~') if declared else ['']
    return CODECS.get(sets[0], JAPANESE) if len(sets) == 1 else JAPANESE

def check(raw, asked):
    """Everything that an outside reader must see in a reply, raw bytes with CR."""
    text = raw.decode(codec(raw))
    assert text.endswith('\r'), 'the last segment has no end'
    message = hl7.parse(text)
    lines = text.split('\r')[:-1]
    assert str(message) == text, 'what was read is not what was written'
    assert [str(s[0][0]) for s in message] == [line[:3] for line in lines]
    for segment, line in zip(message, lines):
        # MSH-1 is the delimiter itself, which counts as a field
        assert len(segment) == len(line.split(line[3])) + (line[:3] == 'MSH') if len(line) > 3 else True, line
    msh, msa = message.segment('MSH'), message.segment('MSA')
    kind, code = str(msh[9]).split(str(msh[2])[0]), str(msa[1])
    assert kind[0] in ('ACK', 'RSP') and code in ('AA', 'AE', 'AR'), text
    assert 0 < len(str(msh[10])) <= 20 and str(msh[11]) in ('P', 'T', 'D') or code != 'AA', text
    errors = [s for s in message if str(s[0][0]) == 'ERR']
    assert (code == 'AA') == (not [e for e in errors if len(e) < 5 or str(e[4]) == 'E']), text
    if str(msh[12]) >= '2.4':
        for e in errors:
            assert re.fullmatch(r'\d{3}', str(e[3](1)(1))) and str(e[3](1)(3)) == 'HL70357' and str(e[4]) in 'EWI' and str(e[8]), text
    else:
        for e in errors:
            assert re.fullmatch(r'\d{3}', str(e[1](1)(4)(1))), text
    if kind[0] == 'RSP':
        status, people = str(message.segment('QAK')[2]), [s for s in message if str(s[0][0]) == 'PID']
        assert status in ('OK', 'NF', 'AE', 'AR') and (status == 'OK') == bool(people), text
        for pid in people:
            for i in range(len(pid[3])):
                cx = pid[3](i + 1)
                assert str(cx(1)) and str(cx(4)(1)) and str(cx(4)(2)) and str(cx(4)(3)) == 'ISO', text
    want = fields(asked)
    if len(want) > 9:
        assert str(msa[2]) == want[9], 'the answer is to another message'
        assert [str(msh[i]) for i in (3, 4, 5, 6)] == [want[i] for i in (4, 5, 2, 3)], 'sender and receiver did not change places'

def cases(actor):
    for name in sorted(glob.glob('tests/flow/%s/*/*/*.request' % actor)):
        head, _, body = open(name, 'rb').read().partition(b'\n\n')
        if head.startswith(b'MLLP'):
            body = body.replace(b'\n', b'\r')
            yield name, body, body if head == b'MLLP bytes' else b'\x0b' + body + b'\x1c\r'

def asked_of(body):
    """The last frame's text, as far as ASCII goes."""
    return body.split(b'\x0b')[-1].split(b'\x1c')[0].decode('latin-1')

def kept():
    count = 0
    for actor in ('pixmgr', 'registry'):
        for name, body, _ in cases(actor):
            head, _, reply = open(name.replace('.request', '.reply'), 'rb').read().partition(b'\n\n')
            assert head == b'MLLP', name
            try:
                check(reply.replace(b'\n', b'\r'), asked_of(body))
            except Exception:
                print(name)
                raise
            count += 1
    return count

def live(actor, url):
    host, port = re.match(r'mllp://([^:/]+):(\d+)', url).groups()
    s = socket.create_connection((host, int(port)), timeout=30)
    rest, count = b'', 0
    for name, body, wire in cases(actor):
        s.sendall(wire)
        while b'\x1c\r' not in rest:
            piece = s.recv(65536)
            assert piece, 'the connection ended at ' + name
            rest += piece
        frame, rest = rest.split(b'\x1c\r', 1)
        assert frame[:1] == b'\x0b', frame
        try:
            check(frame[1:], asked_of(body))
        except Exception:
            print(name, frame)
            raise
        count += 1
    return count

count = kept() if sys.argv[1] == 'kept' else live(*sys.argv[2:])
print(count, 'replies')
assert count > int(sys.argv[1] == 'kept') * 200, count
PY
ok "every reply of the flow cases is what an outside parser expects" "$PYTHON" "$WORK/replies.py" kept
ok "a backbone comes up on free ports" backbone_up --communities 0026,0035,0360
ok "so is whatever a PIX manager answers to all of these on one connection" "$PYTHON" "$WORK/replies.py" live pixmgr "$(url 0035 pix-manager ITI-8 plain)"
ok "and a registry" "$PYTHON" "$WORK/replies.py" live registry "$(url 0035 registry ITI-8 plain)"
