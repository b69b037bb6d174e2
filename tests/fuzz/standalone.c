/* Replays every file of a corpus folder through a fuzz target: what once crashed stays a test, without libFuzzer. */
#include "base/arena.h"
#include "base/file.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    char **names;
    size_t count;

    if (argc != 2 || file_list(a, argv[1], "", &names, &count) != OK || count == 0) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER (with at least one file)\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        struct str bytes;
        if (file_read(a, arena_printf(a, "%s/%s", argv[1], names[i]), (size_t)1 << 24, &bytes) != OK)
            return 2;
        LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.len);
    }
    printf("%zu inputs replayed\n", count);
    arena_free(a);
    return 0;
}
