#!/bin/sh
# A dozen kill -9 at random moments under load, of a fixed seed. tests/crash/kills.py does the same with as many as one likes.
cd "$(dirname "$0")/../.." || exit 1
export KK_BIN="${KK_BIN:-build/dev/bin}"
exec tests/crash/kills.py 12 20260401
