#pragma once
/*
 * multipart/related for MTOM/XOP (RFC 2045, 2046, 2387; XOP 1.0; ITI TF-2: Appendix V.8), read as bytes arrive so that
 * a document of any size passes through in pieces, and written.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;

/* A value of Content-Type, parsed: "type/sub; a=b; c=\"d\"". Names lower-case, values unquoted; first wins. */
struct mime_param {
    const char *name, *value;
    struct mime_param *next;
};

struct mime_type {
    const char *type; /* lower-case "multipart/related" */
    struct mime_param *params;
};

/* E_SYNTAX when it is no media type. */
MUST_CHECK enum rc mime_type_parse(struct arena *a, struct str value, struct mime_type *out);
const char *mime_param(const struct mime_type *t, const char *name); /* NULL if absent */

enum mime_encoding { MIME_IDENTITY, MIME_BASE64, MIME_QUOTED_PRINTABLE };

struct mime_part {
    const char *content_id;      /* without <> and space; NULL when absent */
    const char *content_type;    /* as sent; NULL when absent */
    enum mime_encoding encoding; /* the reader hands out decoded bytes; this says what it was */
};

struct mime_events {
    /* Return anything but OK to stop; mime_feed returns it. */
    enum rc (*part_begin)(void *user, const struct mime_part *part);
    enum rc (*part_data)(void *user, struct str bytes);
    enum rc (*part_end)(void *user);
};

struct mime_limits {
    size_t header_bytes; /* of one part; default 64 KiB */
    int parts;           /* default 10 000 */
};

struct mime_reader;

/* boundary: 1 to 70 characters, else E_SYNTAX. The reader lives in the arena. limits may be NULL. */
MUST_CHECK enum rc mime_reader_new(struct arena *a, const char *boundary, const struct mime_limits *limits,
                                   const struct mime_events *events, void *user, struct mime_reader **out);
/* Any number of bytes, in order. E_SYNTAX (an unknown or broken encoding, broken header lines), E_LIMIT, or what an
 * event returned; any of these stays. */
MUST_CHECK enum rc mime_feed(struct mime_reader *r, struct str bytes);
/* The body is over: E_SYNTAX when the closing delimiter never came. */
MUST_CHECK enum rc mime_finish(struct mime_reader *r);
/* One sentence about the last E_SYNTAX or E_LIMIT. */
const char *mime_why(const struct mime_reader *r);

/* Does "cid:…" (percent-encoded, RFC 2392) name this Content-ID? Raw and decoded forms are both compared. */
bool mime_cid_matches(const char *href, const char *content_id);

/* ---- writing ---- */

/* Content-Type of a whole MTOM message; root_id without <>; action may be NULL. In the arena. */
const char *mime_mtom_type(struct arena *a, const char *boundary, const char *root_id, const char *action);
/* Delimiter and headers before the root part's bytes, before an attachment's bytes, and the closing delimiter. */
void mime_write_root(struct buf *out, const char *boundary, const char *root_id, const char *action);
void mime_write_part(struct buf *out, const char *boundary, const char *content_id, const char *content_type);
void mime_write_end(struct buf *out, const char *boundary);
