#!/usr/bin/env python3
"""kill -9 at random moments under load: what was acknowledged is there, whole; what was not is whole or not there.

    tests/crash/kills.py [KILLS [SEED]]        default: 200 kills, a seed of the clock (it is printed)

KK_BIN names the folder of the programs. A backbone of its own, on free ports, in a folder of its own, gone at the end.
Eight clients submit documents of 100 bytes to 2 MB (ITI-41) while the repository, and now and then the registry, is
killed. At the end every document that was acknowledged must be registered and come back as it was sent, every document
that is registered must come back, and fsck must find nothing lost and nothing of nobody.
"""
import hashlib, http.client, json, os, random, re, shutil, signal, subprocess, sys, tempfile, threading, time, uuid

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BIN = os.path.abspath(os.environ.get("KK_BIN", os.path.join(ROOT, "build/dev/bin")))
WORK = tempfile.mkdtemp(prefix="kakehashi-crash-")
DATA = os.path.join(WORK, "data")
PATIENT = "C1^^^&2.999.392.2.35&ISO"
CLIENTS = 8
ENV = {**os.environ, "KAKEHASHI_FIXTURES": os.path.join(ROOT, "fixtures"), "LC_ALL": "C.UTF-8"}


def kakehashi(*words, check=True):
    done = subprocess.run([os.path.join(BIN, "kakehashi"), *words, "--data", DATA], env=ENV, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"kakehashi {' '.join(words)}: {done.stdout}{done.stderr}")
    return done


def endpoint(actor, transaction):
    with open(os.path.join(DATA, "endpoints.json")) as f:
        url = json.load(f)["communities"]["0035"]["plain"][actor][transaction]
    host, path = re.fullmatch(r"http://([^/]*)(/.*)", url).groups()
    return host, path


def slot(name, value):
    return f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'


def code(owner, scheme, value):
    return (f'<rim:Classification id="urn:uuid:{uuid.uuid4()}" classificationScheme="urn:uuid:{scheme}" classifiedObject="{owner}"'
            f' nodeRepresentation="{value}">{slot("codingScheme", "2.999.392.7")}<rim:Name><rim:LocalizedString value="{value}"/></rim:Name></rim:Classification>')


def external(owner, scheme, name, value):
    return (f'<rim:ExternalIdentifier id="urn:uuid:{uuid.uuid4()}" registryObject="{owner}" identificationScheme="urn:uuid:{scheme}"'
            f' value="{value}"><rim:Name><rim:LocalizedString value="{name}"/></rim:Name></rim:ExternalIdentifier>')


def submission(unique_id):
    cx = PATIENT.replace("&", "&amp;")
    entry, package = f"urn:uuid:{uuid.uuid4()}", f"urn:uuid:{uuid.uuid4()}"
    codes = ("41a5887f-8865-4c09-adf7-e362475b143a", "f0306f51-975f-434e-a61c-c59651d33983", "a09d5840-386c-46f2-b5ad-9c3699a4309d",
             "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "cccf5598-8b07-4b77-a05e-ae952c785ead", "f4f85eac-e6cb-4883-b524-f2705394840f")
    return (f'<xds:ProvideAndRegisterDocumentSetRequest xmlns:xds="urn:ihe:iti:xds-b:2007" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
            f'<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><rim:RegistryObjectList>'
            f'<rim:ExtrinsicObject id="{entry}" mimeType="application/octet-stream" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
            f'{slot("creationTime", "20260401000000")}{slot("languageCode", "ja-JP")}{slot("sourcePatientId", cx)}'
            f'{"".join(code(entry, c, "X") for c in codes)}'
            f'{external(entry, "58a6f841-87b3-4a3e-92fd-a8ffeff98427", "XDSDocumentEntry.patientId", cx)}'
            f'{external(entry, "2e82c1f6-a085-4c72-9da3-8640a32e42ab", "XDSDocumentEntry.uniqueId", unique_id)}</rim:ExtrinsicObject>'
            f'<rim:RegistryPackage id="{package}">{slot("submissionTime", "20260401000000")}'
            f'<rim:Classification id="urn:uuid:{uuid.uuid4()}" classifiedObject="{package}" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
            f'{code(package, "aa543740-bdda-424e-8c96-df4873be8500", "X")}'
            f'{external(package, "6b5aea1a-874d-4603-a4bc-96a0a7b38446", "XDSSubmissionSet.patientId", cx)}'
            f'{external(package, "96fdda7c-d067-4183-912e-bf5ee74998a8", "XDSSubmissionSet.uniqueId", f"2.25.{uuid.uuid4().int}")}'
            f'{external(package, "554ac39e-e3fe-47fe-b233-965d2a147832", "XDSSubmissionSet.sourceId", "2.999.392.3.35.1")}</rim:RegistryPackage>'
            f'<rim:Association id="urn:uuid:{uuid.uuid4()}" associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"'
            f' sourceObject="{package}" targetObject="{entry}">{slot("SubmissionSetStatus", "Original")}</rim:Association>'
            f'</rim:RegistryObjectList></lcm:SubmitObjectsRequest><xds:Document id="{entry}">'
            f'<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document"/></xds:Document></xds:ProvideAndRegisterDocumentSetRequest>')


def envelope(action, body):
    return (f'<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"><env:Header>'
            f'<wsa:Action env:mustUnderstand="1">{action}</wsa:Action><wsa:MessageID>urn:uuid:{uuid.uuid4()}</wsa:MessageID><wsa:ReplyTo>'
            f'<wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo></env:Header><env:Body>{body}</env:Body></env:Envelope>').encode()


def mtom(action, body, octets=None):
    part = b'--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-ID: <root>\r\n\r\n' + envelope(action, body)
    if octets is not None:
        part += b"\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-ID: <document>\r\n\r\n" + octets
    return 'multipart/related; type="application/xop+xml"; start="<root>"; start-info="application/soap+xml"; boundary="b"', part + b"\r\n--b--\r\n"


def post(where, content_type, body, timeout=60):
    connection = http.client.HTTPConnection(where[0], timeout=timeout)
    try:
        connection.request("POST", where[1], body, {"Content-Type": content_type})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def retrieve(where, repository, unique_id):
    """The octets, or None with the answer."""
    body = (f'<xds:RetrieveDocumentSetRequest xmlns:xds="urn:ihe:iti:xds-b:2007"><xds:DocumentRequest><xds:RepositoryUniqueId>{repository}'
            f'</xds:RepositoryUniqueId><xds:DocumentUniqueId>{unique_id}</xds:DocumentUniqueId></xds:DocumentRequest></xds:RetrieveDocumentSetRequest>')
    status, reply = post(where, *mtom("urn:ihe:iti:2007:RetrieveDocumentSet", body))
    if b"ResponseStatusType:Success" not in reply:
        return None, reply
    parts = reply.split(b"\r\n--" + re.match(rb"--([^\r]*)\r\n", reply).group(1))
    return parts[1].split(b"\r\n\r\n", 1)[1], reply


def registered(where, unique_ids):
    """Those that the registry has, asked for by a hundred (GetDocuments)."""
    known, unique_ids = set(), sorted(unique_ids)
    for at in range(0, len(unique_ids), 100):
        wanted = ",".join(f"'{u}'" for u in unique_ids[at:at + 100])
        body = ('<query:AdhocQueryRequest xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
                '<query:ResponseOption returnComposedObjects="true" returnType="LeafClass"/><rim:AdhocQuery id="urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4">'
                + slot("$XDSDocumentEntryUniqueId", f"({wanted})") + "</rim:AdhocQuery></query:AdhocQueryRequest>")
        status, reply = post(where, "application/soap+xml; charset=UTF-8", envelope("urn:ihe:iti:2007:RegistryStoredQuery", body))
        if b"ResponseStatusType:Success" not in reply:
            raise SystemExit(f"the registry does not answer: {reply[:2000]!r}")
        known |= set(re.findall(r'2e82c1f6-a085-4c72-9da3-8640a32e42ab"[^>]* value="([^"]*)"', reply.decode()))
    return known


class Client(threading.Thread):
    def __init__(self, number, where, acknowledged):
        super().__init__(daemon=True)
        self.number, self.where, self.acknowledged = number, where, acknowledged
        self.random = random.Random(SEED * 1000 + number)
        self.sent, self.is_over = {}, False

    def run(self):
        while not self.is_over:
            unique_id = f"2.999.392.5.90.{self.number}.{len(self.sent) + 1}"
            octets = self.random.randbytes(int(100 * 20000 ** self.random.random()))
            self.sent[unique_id] = hashlib.sha1(octets).hexdigest()
            try:
                _, reply = post(self.where, *mtom("urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b", submission(unique_id), octets))
                if b"ResponseStatusType:Success" in reply:
                    self.acknowledged[unique_id] = self.sent[unique_id]
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # its server was killed


def pid_of(daemon):
    """Never 0, which is nobody: a daemon that is just being started again."""
    while True:
        status = json.loads(kakehashi("status", "--json").stdout)
        pid = [d["pid"] for d in status["daemons"] if d["name"] == daemon][0]
        if pid > 0:
            return pid
        time.sleep(0.05)


def ready_wait():
    for _ in range(600):
        if kakehashi("readyz", check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise SystemExit("the backbone did not come back: " + open(os.path.join(DATA, "kakehashi.log")).read()[-2000:])


def kill_many(chance):
    deaths = {"registry": [], "repository": []}
    for n in range(KILLS):
        time.sleep(chance.uniform(0.05, 0.6))
        victim = "registry" if chance.random() < 0.2 else "repository"
        while sum(time.monotonic() - d < 10.5 for d in deaths[victim]) >= 4:  # five in 10 s would end the backbone
            time.sleep(chance.uniform(0.01, 0.2))
        deaths[victim].append(time.monotonic())
        try:
            os.kill(pid_of(victim), signal.SIGKILL)
        except ProcessLookupError:
            pass
        ready_wait()
        if (n + 1) % 20 == 0:
            print(f"{n + 1} kills", flush=True)


def verify(acknowledged, sent):
    where, repository = endpoint("repository", "ITI-43"), "2.999.392.4.35.1"
    known, failures = registered(endpoint("registry", "ITI-18"), sent), 0
    for unique_id in acknowledged:
        if unique_id not in known:
            print(f"LOST: {unique_id} was acknowledged and is not registered")
            failures += 1
    for unique_id in known:
        octets, reply = retrieve(where, repository, unique_id)
        if octets is None or hashlib.sha1(octets).hexdigest() != sent[unique_id]:
            print(f"LOST: {unique_id} is registered and does not come back: {reply[:600] if octets is None else 'other octets'}")
            failures += 1
    for unique_id in set(sent) - known:
        octets, _ = retrieve(where, repository, unique_id)
        if octets is not None:
            print(f"HALF: {unique_id} is not registered and can be retrieved")
            failures += 1
    print(f"{len(sent)} submissions begun, {len(acknowledged)} acknowledged, {len(known)} registered, {failures} wrong")
    return failures == 0 and len(acknowledged) >= KILLS


def up():
    kakehashi("up", "--detach", "--ports", "auto", "--communities", "0035", "--log-level", "error")


def main():
    print(f"{KILLS} kills, seed {SEED}, in {WORK}", flush=True)
    up()
    kakehashi("send", "ITI-44", "--to", "0035", "--at", "registry", "--id", PATIENT, "--family", "模擬")
    acknowledged = {}
    clients = [Client(n, endpoint("repository", "ITI-41"), acknowledged) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    kill_many(random.Random(SEED))
    for client in clients:
        client.is_over = True
    for client in clients:
        client.join()
    sent = {k: v for client in clients for k, v in client.sent.items()}
    kakehashi("down")
    time.sleep(1.1)  # what is as young as a start is not swept
    up()
    good = verify(acknowledged, sent)
    kakehashi("down")
    fsck = kakehashi("repository", "fsck", check=False)
    print(fsck.stdout + fsck.stderr, end="")
    log = open(os.path.join(DATA, "kakehashi.log"), errors="replace").read()
    if "Sanitizer" in log or "runtime error:" in log:
        print(log[-4000:])
        good = False
    return good and fsck.returncode == 0


if __name__ == "__main__":
    ok = False
    try:
        ok = main()
    finally:
        kakehashi("down", check=False)
        if ok or not os.environ.get("KEEP"):
            shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0 if ok else 1)
