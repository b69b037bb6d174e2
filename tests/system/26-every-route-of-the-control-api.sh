#!/bin/sh
# Every route that the OpenAPI file has is asked as it should be, and as it should not; every daemon has figures.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026 --population 2 --log-level warn
kakehashi send ITI-18 --to 0035 --patient R0001 --data "$DATA" > /dev/null 2>&1
kakehashi send ITI-41 --from 0026 --to 0035 --at document-recipient --patient 'R0001^^^&2.999.392.2.35&ISO' --content inbox --mime text/plain --document 2.999.392.5.92.1 --data "$DATA" > /dev/null 2>&1
# a potential duplicate, and two ids that nothing links
feed() {
    kakehashi send ITI-44 --data "$DATA" --to 0035 --at pix-manager --id "$1^^^&2.999.392.3.35.$2&ISO" --family "$3" --given 美保 --family-kana "$4" --given-kana ミホ --gender F --birth 19530412 > /dev/null
}
feed F1 1 境 サカイ
feed C7 2 米子 ヨナゴ
feed D9 3 倉吉 クラヨシ

cat > "$WORK/routes.py" <<'PY'
import http.client, json, sys, urllib.parse
endpoints = json.load(open(sys.argv[1] + "/endpoints.json"))
control = urllib.parse.urlparse(endpoints["control"])

def ask(method, path, body=None, at=control, **headers):
    c = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    c.request(method, path, body, headers)
    answer = c.getresponse()
    content = b"" if "follow" in path and answer.status == 200 else answer.read()
    c.close()
    return answer.status, answer.headers.get_content_type(), content

failed = 0
def ok(what, true, got=""):
    global failed
    print(("ok: " if true else "not ok: ") + what, "" if true else got)
    failed += not true

# ---- the file ----
api = json.loads(ask("GET", "/openapi.json")[2])
schemas = api["components"]["schemas"]
def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key == "$ref" else references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
ok("it is OpenAPI 3.1 with a title and a version", api["openapi"].startswith("3.1") and api["info"]["title"] and api["info"]["version"])
ok("every reference leads somewhere", all(r.rsplit("/", 1)[1] in schemas for r in references(api)))
ids = [o["operationId"] for p in api["paths"].values() for o in p.values()]
ok("no operation has another's id", len(ids) == len(set(ids)), ids)
for path, operations in api["paths"].items():
    names = {part[1:-1] for part in path.split("/") if part.startswith("{")}
    ok("parts of %s are described" % path, all({p["name"] for p in o["parameters"] if p["in"] == "path"} == names for o in operations.values()))

pairs = json.loads(ask("GET", "/reviews?community=0035")[2])["reviews"]
pair = [p["number"] for p in pairs if p["patients"][1]["ids"][0]["id"] == "C7"][0]
def cx(value, facility):
    return urllib.parse.quote("%s^^^&2.999.392.3.35.%s&ISO" % (value, facility))
link = "?community=0035&one=%s&other=%s&word=" % (cx("F1", 1), cx("D9", 3))
needed = {"PUT /reviews": "?number=%d&decision=accept" % pair, "PUT /links": link + "same"}
# ---- who is whom ----
for what, query, status in (("a pair that is none", "/reviews?number=12&decision=accept", 404),
                            ("a decision without a pair", "/reviews?decision=accept", 400), ("two ids that one of is nobody's", "/links?community=0035&one=F404&other=F405&word=same", 404),
                            ("an id and itself", "/links?community=0035&one=%s&other=%s&word=same" % (cx("F1", 1), cx("F1", 1)), 409),
                            ("a merge across domains", link.replace("?", "/links?", 1) + "merged", 409), ("what is no id", "/links?community=0035&one=%5E&other=F1&word=apart", 400)):
    got, kind, content = ask("PUT", query)
    ok("%s: %d" % (what, status), got == status and json.loads(content)["error"]["message"], (got, content[:200]))

# ---- every route ----
record = json.loads(ask("GET", "/journal/records")[2])["records"][0]["id"]
whose = "?community=0035&patient=0035-0000001-7"
needed.update({"GET /inbox": "?community=0035", "GET /inbox/document": "?community=0035&number=1", "PUT /gateways/{community}": "?strategy=plq@0026",
          "GET /consent": "?community=0035", "GET /consent/patient": whose, "POST /consent/give": whose,
          "POST /consent/withdraw": whose + "&facility=2.999.392.3.35.1", "POST /consent/add": whose + "&facility=2.999.392.3.35.1",
          "GET /xua/{variant}": "?to=0035"})
bodies = {"Verification": '{"assertions": [{"where": {}}]}', "Faults": '{"faults": []}'}
rank = {"put": 0, "get": 1, "post": 2, "delete": 3} # what takes away comes after what asks for it
for method, path in sorted(((m, p) for p, ms in api["paths"].items() for m in ms), key=lambda r: (rank[r[0]], r[1] == "/reset", r[1])):
    operation = api["paths"][path][method]
    url = path.replace("{id}", record).replace("{trace}", record).replace("{name}", "kept").replace("{community}", "0035").replace("{variant}", "good")
    name, body = method.upper() + " " + path, None
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        body = bodies[schema]
    status, kind, content = ask(method.upper(), url + "?nonsense=1", body)
    error = json.loads(content).get("error", {}) if status == 400 else {}
    ok(name + " refuses a parameter that it does not know", error.get("field") == "query.nonsense" and "allowed" in error, (status, content[:200]))
    for wrong in ("no JSON", "[]", '{"nonsense": 1}') if body is not None else ():
        status, kind, content = ask(method.upper(), url, wrong)
        ok(name + " refuses " + wrong, status == 400 and "field" in json.loads(content)["error"], (status, content[:200]))
    for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        status = ask(method.upper(), url, body, **header)[0]
        ok("%s is not for %s" % (name, header), status == 403, status)
    status, kind, content = ask(method.upper(), url + needed.get(name, ""), body)
    ok(name + " answers", status == 200, (status, content[:200]))
    ok("as it is described", kind in operation["responses"]["200"]["content"], kind)

# ---- communities and types ----
for path in ("/journal/records?community=9999", "/inbox?community=9999", "/gateways?community=9999", "/coverage?community=9999", "/consent?community=9999", "/reviews?community=9999"):
    status, kind, content = ask("GET", path)
    error = json.loads(content)["error"]
    ok("%s names who lives here" % path, status == 400 and error["field"] == "query.community" and "0035" in error["allowed"], content[:200])
status, kind, content = ask("POST", "/journal/verify", '{"assertions": [{"where": {"status": "many"}}]}')
ok("a wrong type is told by its path", status == 400 and json.loads(content)["error"]["field"] == "assertions[0].where.status", content[:200])

# ---- figures for Prometheus ----
seen = set()
for community in endpoints["communities"].values():
    for url in (u for actor in community["plain"].values() for u in actor.values() if u.startswith("http")):
        seen.add(urllib.parse.urlparse(url)._replace(path="", params="", query="", fragment=""))
for at in seen:
    status, kind, content = ask("GET", "/metrics", at=at)
    ok("%s counts requests" % at.netloc, status == 200 and b"kakehashi_requests_total{daemon=" in content, content[:200])
ok("those are several daemons", len(seen) >= 4, seen)
sys.exit(failed > 0)
PY
python3 "$WORK/routes.py" "$DATA" || FAILED=1
