#include "support/scratch.h"

#include "base/arena.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *scratch_make(struct arena *a)
{
    const char *tmp = getenv("TMPDIR");
    char *path = arena_printf(a, "%s/kakehashi-test-XXXXXX", tmp != NULL ? tmp : "/tmp");

    if (mkdtemp(path) == NULL)
        die("cannot make %s", path);
    return path;
}

static int remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED, struct FTW *ftw UNUSED)
{
    return remove(path);
}

void scratch_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
