#pragma once
/* Building the keys of an object (store.h reads them). Private to store_*.c. */

#include "registry/store.h"

struct buf;

/* object is the struct of its kind. */
void keys_add(struct buf *out, enum object_kind kind, const void *object);
