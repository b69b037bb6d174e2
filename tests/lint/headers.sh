#!/bin/sh
# Every header compiles alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
for header in $(find core registry repository pixmgr gateway console cli tests/support -name '*.h'); do
    echo "#include \"$header\"" | ${CC:-cc} -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -I. -Icore -Itests -fsyntax-only -x c - || { echo "$header does not compile alone"; bad=1; }
done
[ $bad = 0 ] && echo "headers stand alone"
exit $bad
