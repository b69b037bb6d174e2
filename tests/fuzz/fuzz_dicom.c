/* Any bytes as a DICOM file: no crash, and every element lies within the file. */
#include "base/arena.h"
#include "wire/dicom_read.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str bytes = { (const char *)data, size };
    struct dicom_element *elements;
    const char *why;

    if (dicom_read(a, bytes, &elements, &why) != OK && why == NULL)
        die("a refusal says why");
    for (const struct dicom_element *e = elements; e != NULL; e = e->next) {
        if (e->value.len > 0 && (e->value.data < bytes.data || e->value.data + e->value.len > bytes.data + size))
            die("an element outside the file");
    }
    arena_free(a);
    return 0;
}
