#!/bin/sh
# Who is whom: `kakehashi pix score` of a world with typing errors, and potential duplicates that a reviewer decides about
# while the manager runs.
. "$(dirname "$0")/lib.sh"

not() { ! "$@"; }
WORLD="--communities 0035,0236,0360 --population 200 --seed 7 --typing-errors 10"
backbone_up $WORLD

# figures PYTHON: what must hold of the score s
figures() {
    python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); assert eval(sys.argv[2]), s' "$WORK/said" "$1"
}

ok "the links at the backbone are scored" kakehashi pix score --kept --data "$DATA" $WORLD --json
ok "two communities met there, hardly anybody mistaken" figures 's["records"] == 400 and s["truePairs"] > 10 and s["precision"] >= 0.99 and s["recall"] >= 0.9'
ok "a world is scored without a backbone" kakehashi pix score --data "$WORK/none" --communities 0236,0360 --population 100 --json
ok "and nobody of it is mistaken" figures 's["precision"] == 1 and s["recall"] >= 0.98'
ok "people print it" kakehashi pix score --data "$WORK/none" --communities 0236,0360 --show 2
said "with both figures" 'precision  *1.00000'
ok "a folder without a manager has nothing to score" not kakehashi pix score --kept --data "$WORK/none"
kakehashi down --data "$DATA" > /dev/null
ok "other typing errors are other people" not kakehashi up --detach --ports auto --data "$DATA" --communities 0035,0236,0360 --population 200 --seed 7
said "and the complaint says so" 'typing-errors 10'
backbone_up $WORLD

# feed ID FACILITY FAMILY KANA: 美保 of one birthday
feed() {
    kakehashi send ITI-44 --data "$DATA" --to 0035 --at pix-manager --id "$1^^^&2.999.392.3.35.$2&ISO" --family "$3" --given 美保 \
        --family-kana "$4" --given-kana ミホ --gender F --birth 19530412
}
# knows ID FACILITY OTHER
knows() {
    kakehashi send ITI-45 --data "$DATA" --to 0035 --patient "$1^^^&2.999.392.3.35.$2&ISO" | grep -qw "$3"
}

ok "a patient is fed" feed F1 1 境 サカイ
ok "and maybe the same after a wedding" feed C7 2 米子 ヨナゴ
ok "who is not linked" not knows F1 1 C7
ok "but waits for a reviewer" kakehashi pix review list 0035 --data "$DATA" --json
number=$(python3 -c 'import json, sys; print([d["number"] for d in json.load(open(sys.argv[1])) if d["patients"][0]["ids"][0]["id"] == "F1"][0])' "$WORK/said")
ok "who sees both" kakehashi pix review list 0035 --data "$DATA"
said "as each was written" '境 美保  サカイ ミホ'
ok "and accepts" kakehashi pix review accept "$number" --data "$DATA"
ok "they are one person then" knows F1 1 C7
ok "nobody decides twice" not kakehashi pix review accept "$number" --data "$DATA"
ok "another one is fed" feed D9 3 倉吉 クラヨシ
number=$(kakehashi pix review list 0035 --data "$DATA" --json | python3 -c 'import json, sys; print([d["number"] for d in json.load(sys.stdin) if d["patients"][1]["ids"][0]["id"] == "D9"][0])')
ok "and rejected" kakehashi pix review reject "$number" --data "$DATA"
ok "whatever is fed later" feed D9 3 境 サカイ
ok "does not link them" not knows D9 3 F1
ok "a community that is none is refused" not kakehashi pix review list nowhere --data "$DATA"
ok "a pair that is none is refused" not kakehashi pix review accept 12 --data "$DATA"
