#include "store/segment_file.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

#include <stdlib.h>
#include <sys/stat.h>

#define SUFFIX ".segment"

const char *segment_path(struct arena *a, const char *folder, uint64_t first)
{
    return arena_printf(a, "%s/%020llu" SUFFIX, folder, (unsigned long long)first); /* sorted by name is by number */
}

enum rc segment_names(struct arena *a, const char *folder, struct segment_name **names, size_t *count)
{
    char **files;
    size_t found;
    struct stat st;

    *count = 0;
    *names = NULL;
    enum rc rc = file_list(a, folder, SUFFIX, &files, &found);
    if (rc != OK)
        return rc == E_NOT_FOUND ? OK : rc;
    *names = ARENA_ARRAY(a, struct segment_name, found + 1);
    for (size_t i = 0; i < found; i++) {
        if (stat(arena_printf(a, "%s/%s", folder, files[i]), &st) != 0) /* it has just gone */
            continue;
        (*names)[(*count)++] = (struct segment_name){ strtoull(files[i], NULL, 10), (uint64_t)st.st_size, st.st_mtime };
    }
    return OK;
}
