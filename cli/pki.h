#pragma once
/*
 * The backbone's keys and certificates under DATA/pki: one CA, one server certificate for all daemons, one certificate
 * per community and one for the user. What is missing is made; what is there is kept. Paths: actor/pki_files.h.
 */

#include "base/rc.h"

#include <stddef.h>

struct arena;
struct buf;
struct world;

#define PKI_P12_PASSWORD "kakehashi"

/*
 * Makes what is missing, complete or not at all; *made counts certificates (0: all was there). A server certificate
 * that does not name `bind` is made anew. E_IO is logged; E_CONFIG when DATA/pki is unusable. The caller has the lock.
 */
MUST_CHECK enum rc pki_make(struct arena *a, const char *data, const struct world *world, const char *bind,
                            size_t *made);

/* Where everything lies, for people. */
void pki_print(struct arena *a, const char *data, const struct world *world, struct buf *out);
