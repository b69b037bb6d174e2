#pragma once
/* Building the keys of an object (store.h reads them). Private to store_*.c. */

#include "registry/store.h"

struct buf;

void keys_of_document(struct buf *out, const struct document_entry *d);
void keys_of_set(struct buf *out, const struct submission_set *s);
void keys_of_folder(struct buf *out, const struct folder *f);
