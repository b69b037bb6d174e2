/* Any bytes as a DICOM file: no crash, no end that never comes. */
#include "base/arena.h"
#include "wire/dicom_read.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str file = { (const char *)data, size };
    struct arena *a = arena_new();
    struct dicom_reference *references;
    struct dicom_identity identity;

    if (dicom_identify(a, file, &identity) == OK && identity.transfer_syntax == NULL)
        die("a file without a transfer syntax was identified");
    if (dicom_references(a, file, &references) != OK)
        references = NULL;
    for (const struct dicom_reference *r = references; r != NULL; r = r->next)
        if (r->sop_instance == NULL)
            die("a reference to nothing");
    arena_free(a);
    return 0;
}
