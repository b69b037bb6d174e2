/* Any bytes as a file that is to be validated: no crash, and what is left of it lies within. */
#include "base/arena.h"
#include "cli/specimen.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str bytes = { (const char *)data, size };
    struct specimen s;

    specimen_read(a, "-", bytes, &s);
    if (s.bytes.len > size ||
        (s.bytes.len > 0 && (s.bytes.data < bytes.data || s.bytes.data + s.bytes.len > bytes.data + size)))
        die("more than came");
    arena_free(a);
    return 0;
}
