#pragma once
/* An envelope, with its attachments when it is an MTOM package, as the body of an HTTP message (ITI TF-2: V.3.6, V.8).
 */

#include "base/str.h"
#include "net/http_server.h" /* struct http_piece */

#include <stdbool.h>

struct arena;
struct outgoing;
struct part;

struct package_spec {
    const struct str *runs; /* of the envelope; they live as long as the package */
    size_t run_count;
    const struct part *parts;
    const char *boundary;       /* of an MTOM package; NULL: the envelope goes alone */
    const char *action;         /* in the media type; NULL: not said, as in answers */
    const struct outgoing *bad; /* what faults want it to announce; NULL: what it is */
};

struct package {
    const char *content_type;
    const struct http_piece *pieces;
    size_t piece_count;
};

struct package package_make(struct arena *a, const struct package_spec *spec);
