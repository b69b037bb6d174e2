#pragma once
/* Hashes (OpenSSL EVP) and base64. */

#include "base/rc.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

#define SHA1_HEX_LEN   41
#define SHA256_HEX_LEN 65

enum digest_kind { DIGEST_SHA1, DIGEST_SHA256 };

struct digest;

struct digest *digest_new(enum digest_kind kind);
void digest_free(struct digest *d); /* NULL is ignored */
void digest_add(struct digest *d, const void *data, size_t len);
/* Lower-case hex, NUL-terminated: SHA1_HEX_LEN or SHA256_HEX_LEN bytes. Ends the digest. */
void digest_hex(struct digest *d, char *out);

void sha1_hex(struct str data, char out[SHA1_HEX_LEN]);
void sha256_hex(struct str data, char out[SHA256_HEX_LEN]);

/* RFC 4648 with padding. */
void base64_encode(struct str data, struct buf *out);
/* White space is skipped (xs:base64Binary); anything else out of place is E_SYNTAX. The result is in the arena. */
MUST_CHECK enum rc base64_decode(struct arena *a, struct str text, struct str *out);
