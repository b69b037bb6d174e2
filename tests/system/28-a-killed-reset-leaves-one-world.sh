#!/bin/sh
# Daemons and the console are killed in the middle of a reset and of a restore: the world is what it was before or what
# it should be afterwards, in all daemons alike, and whoever was told that it is done finds it done.
. "$(dirname "$0")/lib.sh"

cat > "$WORK/kill.py" <<'PY'
import hashlib, http.client, json, os, signal, sqlite3, subprocess, sys, threading, time, urllib.parse
data, kakehashi = sys.argv[1:3]
at = urllib.parse.urlparse(json.load(open(data + "/endpoints.json"))["control"])
failed = 0

def ok(what, true, got=""):
    global failed
    print(("ok: " if true else "not ok: ") + what, "" if true else got, flush=True)
    failed += not true

def ask(method, path, timeout=60):
    c = http.client.HTTPConnection(at.hostname, at.port, timeout=timeout)
    try:
        c.request(method, path)
        answer = c.getresponse()
        return answer.status, answer.read()
    except OSError as e:
        return 0, str(e)
    finally:
        c.close()

def pids():
    return {d["name"]: d["pid"] for d in json.load(open(data + "/status.json"))["daemons"]}

def ready(**before):
    """Also whoever was killed, as another process."""
    for _ in range(600):
        now = pids()
        if all(now[name] not in (0, pid) for name, pid in before.items()) and ask("GET", "/readyz", 5)[0] == 200:
            return True
        time.sleep(0.05)
    return False

def world():
    state = {}
    for daemon in ("registry", "repository", "pixmgr"):
        digest = hashlib.sha256()
        db = sqlite3.connect("file:%s/%s/%s.db?mode=ro" % (data, daemon, daemon), uri=True)
        for line in db.iterdump():
            digest.update(line.encode())
        db.close()
        state[daemon] = digest.hexdigest()
    state["blobs"] = sorted(name for _, _, files in os.walk(data + "/repository/blobs") for name in files)
    return state

def settled(*wanted):
    """The world when it is one of these; what nobody refers to is swept away beside the first requests."""
    for _ in range(100):
        now = world()
        if now in wanted:
            break
        time.sleep(0.1)
    return now

def send(*words):
    subprocess.run([kakehashi, "send", *words, "--data", data], check=True, stdout=subprocess.DEVNULL)

def use(n):
    person = ["--id", "D%d^^^&2.999.392.2.35&ISO" % n, "--family", "試験", "--given", "太郎", "--birth", "19700101", "--gender", "M"]
    send("ITI-44", "--to", "0035", "--at", "pix-manager", *person)
    send("ITI-44", "--to", "0035", "--at", "registry", *person)
    send("ITI-41", "--to", "0035", "--patient", person[1], "--file", sys.argv[3], "--mime", "text/plain", "--document", "2.999.392.5.93.%d" % n)

def struck(method, path, victims, after_ms):
    """What the console says of it when somebody is killed so much later."""
    said = []
    asker = threading.Thread(target=lambda: said.append(ask(method, path)))
    there = pids()
    asker.start()
    time.sleep(after_ms / 1000)
    for name in victims:
        os.kill(there[name], signal.SIGKILL)
    asker.join()
    return said[0]

def parts(now, **worlds):
    return {part: next((name for name, w in worlds.items() if w[part] == now[part]), "neither") for part in now}

ok("everything answers", ready())
seeded = world()
moments = [("pixmgr", 0), ("pixmgr", 4), ("pixmgr", 12), ("repository", 2), ("registry", 1), ("console", 3), ("console", 8)]
for n, (victim, ms) in enumerate(moments):
    use(n)
    used, there = world(), pids()
    status, answer = struck("POST", "/reset", [victim], ms)
    what = "the %s is killed %d ms after a reset began" % (victim, ms)
    ok(what + ": everything answers again", ready(**{victim: there[victim]}))
    now = settled(seeded, used)
    ok(what + ": one world, " + parts(now, seeded=seeded, used=used)["pixmgr"], now in (seeded, used), parts(now, seeded=seeded, used=used))
    if victim != "console":
        ok("and it was done, as it was said", status == 200 and now == seeded, (status, answer))
    if now != seeded:
        ok("the next one is done", ask("POST", "/reset")[0] == 200 and settled(seeded) == seeded)

use(90)
ok("a snapshot is saved", ask("PUT", "/snapshots/kept")[0] == 200)
saved = world()
for victim, ms in (("pixmgr", 6), ("repository", 3), ("console", 5)):
    ok("everything is reset", ask("POST", "/reset")[0] == 200 and settled(seeded) == seeded)
    there = pids()
    status, answer = struck("POST", "/snapshots/kept/restore", [victim], ms)
    what = "the %s is killed %d ms after a restore began" % (victim, ms)
    ok(what + ": everything answers again", ready(**{victim: there[victim]}))
    now = settled(saved, seeded)
    ok(what + ": one world", now in (saved, seeded), parts(now, seeded=seeded, saved=saved))
    if victim != "console":
        ok("and it was done, as it was said", status == 200 and now == saved, (status, answer))

# all of it at once, as when the machine stops
use(91)
used = world()
supervisor = json.load(open(data + "/status.json"))["pid"]
there = pids()
threading.Thread(target=lambda: ask("POST", "/reset")).start()
time.sleep(0.006)
for pid in [supervisor, *there.values()]:
    os.kill(pid, signal.SIGKILL)
json.dump({"seeded": seeded, "used": used}, open(sys.argv[4], "w"))
sys.exit(failed > 0)
PY
cat > "$WORK/after.py" <<'PY'
import json, sys, re
worlds = json.load(open(sys.argv[3]))
source = open(sys.argv[4]).read()
sys.argv = ["", sys.argv[1], sys.argv[2]]
exec(source[:source.index('ok("everything answers"')])
now = settled(*worlds.values())
ok("all of it is killed in a reset, and starts again: one world", now in worlds.values(), parts(now, **worlds))
ok("a reset finds nothing in its way", ask("POST", "/reset")[0] == 200 and settled(worlds["seeded"]) == worlds["seeded"])
sys.exit(failed > 0)
PY
head -c 300000 /dev/zero | tr '\0' x > "$WORK/big"
backbone_up --communities 0035,0026 --population 1000 --seed 5 --log-level warn
python3 "$WORK/kill.py" "$DATA" "$BIN/kakehashi" "$WORK/big" "$WORK/worlds.json" || FAILED=1
sleep 0.2
backbone_up --communities 0035,0026 --population 1000 --seed 5 --log-level warn
python3 "$WORK/after.py" "$DATA" "$BIN/kakehashi" "$WORK/worlds.json" "$WORK/kill.py" || FAILED=1
