#pragma once
/*
 * HTTP/1.1 request heads (RFC 9112), strict: duplicate Content-Length, Content-Length beside Transfer-Encoding,
 * obs-fold, bare LF, control characters and unknown transfer codings are refused. Bytes only: no sockets here.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct http_header {
    const char *name, *value;
    struct http_header *next;
};

#define HTTP_LENGTH_NONE UINT64_MAX /* no body announced */

struct http_head {
    const char *method;
    const char *path;  /* percent-decoded, without the query; never contains control characters or ".." segments */
    const char *query; /* as sent; NULL when there is none */
    struct http_header *headers;
    uint64_t content_length; /* HTTP_LENGTH_NONE when absent */
    bool chunked, keep_alive, expect_continue;
};

/* How many bytes the head has, its empty line included (strict or not: the parser judges); 0 when it has no end yet. */
size_t http_head_end(struct str bytes);
/* The bytes up to and with the empty line. On E_SYNTAX *status is the status to answer with (400, 417, 431, 501, 505)
 * and *why says it. */
MUST_CHECK enum rc http_head_parse(struct arena *a, struct str bytes, struct http_head *out, int *status,
                                   const char **why);
/* Case-insensitive; the first; NULL if absent. */
const char *http_header(const struct http_head *h, const char *name);
const char *http_status_text(int status);
/* -1 for what is no hexadecimal digit. */
int http_hex_value(char c);

/* Chunked bodies, as bytes arrive. Zeroed is a valid beginning. */
struct http_chunks {
    int state;
    uint64_t left;       /* of the chunk's data */
    unsigned line_bytes; /* of the chunk line, or of all trailers */
};

/*
 * Consumes from *in; a piece of body is handed out in *piece (maybe empty). OK while more may come, with *done when the
 * last chunk and its trailers are over. E_SYNTAX, E_LIMIT (chunk line, chunk or trailers too long).
 */
MUST_CHECK enum rc http_chunks_feed(struct http_chunks *c, struct str *in, struct str *piece, bool *done);
