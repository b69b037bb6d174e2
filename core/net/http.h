#pragma once
/*
 * HTTP/1.1 heads (RFC 9112), strict: duplicate Content-Length, Content-Length beside Transfer-Encoding, obs-fold, bare
 * LF, control characters and unknown transfer codings are refused. Bytes only: no sockets here.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct http_header {
    const char *name, *value;
    struct http_header *next;
};

#define HTTP_LENGTH_NONE UINT64_MAX /* no body announced */

struct http_head {
    const char *method;          /* requests */
    const char *path;            /* percent-decoded, without the query; never contains NUL or ".." segments */
    const char *query;           /* as sent; NULL when there is none */
    int status;                  /* responses */
    struct http_header *headers;
    uint64_t content_length;     /* HTTP_LENGTH_NONE when absent */
    bool chunked, keep_alive, expect_continue;
};

/* The bytes up to and with the empty line. On E_SYNTAX *status is the status to answer with (400, 501, 505) and *why says it. */
MUST_CHECK enum rc http_head_parse(struct arena *a, struct str bytes, struct http_head *out, int *status, const char **why);
/* Case-insensitive; the first; NULL if absent. */
const char *http_header(const struct http_head *h, const char *name);
const char *http_status_text(int status);

/* Chunked bodies, as bytes arrive. */
struct http_chunks {
    int state;
    uint64_t left;
    unsigned trailer_bytes;
};

/*
 * Consumes from *in; a piece of body is handed out in *piece (maybe empty). OK while more may come, with *done when the
 * last chunk and its trailers are over. E_SYNTAX, E_LIMIT (chunk line or trailers too long).
 */
MUST_CHECK enum rc http_chunks_feed(struct http_chunks *c, struct str *in, struct str *piece, bool *done);
