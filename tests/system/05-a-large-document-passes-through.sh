#!/bin/sh
# A document larger than any buffer goes up, is kept once, and comes back identical, through repository and gateway, while
# the daemons stay small.
. "$(dirname "$0")/lib.sh"

backbone_up --communities 0035,0026 --log-level error
PATIENT='L1^^^&2.999.392.2.35&ISO'
HOME_ID=urn:oid:2.999.392.1.35
SIZE=300000000
SLACK=20000 # KiB
# A sanitizer keeps what was freed; there, memory is for `kakehashi bench` to judge.
ldd "$BIN/kakehashi-repository" | grep -q libasan && SLACK=4000000
python3 - "$WORK/large" $SIZE <<'EOF'
import sys
block = bytes(range(256)) * 4096
left = int(sys.argv[2])
with open(sys.argv[1], "wb") as f:
    for i in range(left // len(block) + 1):
        piece = (i.to_bytes(8, "big") + block)[:min(len(block), left)]
        f.write(piece)
        left -= len(piece)
EOF
sum=$(sha1sum < "$WORK/large" | cut -c1-40)
peak() { awk '/VmHWM/ { print $2 }' "/proc/$(pid_of "$1")/status"; }

ok "a patient is fed" kakehashi send ITI-44 --data "$DATA" --to 0035 --at registry --id "$PATIENT" --family 模擬 --given 大
before=$(peak repository)
ok "300 MB are provided" kakehashi send ITI-41 --data "$DATA" --to 0035 --patient "$PATIENT" --file "$WORK/large" --mime application/octet-stream --document 2.999.392.5.79.1
ok "and registered with their hash" kakehashi send ITI-18 --data "$DATA" --to 0035 --patient "$PATIENT"
said "which is that of the file" "$sum"
ok "they are retrieved" kakehashi send ITI-43 --data "$DATA" --to 0035 --document 2.999.392.5.79.1 --save "$WORK/back"
ok "identical" cmp "$WORK/large" "$WORK/back"
rm -f "$WORK/back"
after=$(peak repository)
echo "peak of the repository: $before KiB before, $after KiB after"
ok "the repository held no large part of it" [ $((after - before)) -lt $SLACK ]
before=$(peak gateway)
ok "they pass the responding gateway" kakehashi send ITI-39 --data "$DATA" --from 0026 --to 0035 --document 2.999.392.5.79.1 --home $HOME_ID --save "$WORK/back"
ok "identical, too" cmp "$WORK/large" "$WORK/back"
ok "which held no large part of it either" [ $(($(peak gateway) - before)) -lt $SLACK ]
