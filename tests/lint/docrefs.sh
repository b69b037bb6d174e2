#!/bin/sh
# Every `path/file.c` and `path/file.c:function` that a document names exists.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0 count=0
for ref in $(grep -ohE '`[a-z_]+/[A-Za-z0-9_/.-]+\.[ch](:[a-z_0-9]+)?`' README.md README.ja.md docs/*.md docs/decisions/*.md 2>/dev/null | tr -d '`' | sort -u); do
    file=${ref%%:*}
    count=$((count + 1))
    [ -f "$file" ] || { echo "a document names $file, which is not there"; bad=1; continue; }
    case $ref in
    *:*) grep -qE "\b${ref#*:}\(" "$file" || { echo "a document names $ref, but $file has no ${ref#*:}()"; bad=1; } ;;
    esac
done
[ $count -gt 0 ] || { echo "no document names any file"; exit 1; }
[ $bad = 0 ] && echo "$count references resolve"
exit $bad
