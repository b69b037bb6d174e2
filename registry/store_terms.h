#pragma once
/*
 * Terms: the few keys by which objects are found across patients (ITI TF-2: 3.51.4.1.2), as postings "this value of
 * this key occurs in that object". store_objects.c keeps them in step with the keys.
 */

#include "registry/store.h"

/* o->id is known. */
MUST_CHECK enum rc terms_add(struct db *db, int community, const struct stored_object *o);
/* Takes away what terms_add had made of an object as it is in the database: call before it changes or goes. */
MUST_CHECK enum rc terms_drop(struct db *db, int64_t object);
/* The same as terms_add, of an object as it is in the database. */
MUST_CHECK enum rc terms_restore(struct db *db, int64_t object);
