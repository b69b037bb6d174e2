#pragma once
/*
 * Syslog: records (RFC 5424), and where one ends and the next begins on a stream (RFC 5425 4.3: octet counting). What a
 * sender gets wrong costs no connection: whatever lies between two records, a record without its length, and one that
 * is too long are handed out as they came, with what is wrong. Bytes only: no sockets here.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* ---- frames ---- */

enum syslog_frame_state { SYSLOG_BEGIN, SYSLOG_LENGTH, SYSLOG_RECORD, SYSLOG_LINE, SYSLOG_NOISE };

struct syslog_frames {
    struct buf record; /* what has come of it; the caller's from whole on until the next feed */
    const char *fault; /* of a whole record: what is wrong with its frame, as a sentence; NULL */
    size_t max;
    enum syslog_frame_state state;
    uint64_t number; /* a length, while it is read */
    int digits;
    bool after_space;
    uint64_t left;
    bool is_over; /* the record was handed out */
    bool resumes; /* the next record's first byte was read with the noise before it */
};

/* max: bytes that are kept of one record. buf_clear(&f->record) ends it. */
void syslog_frames_init(struct syslog_frames *f, size_t max);
/* Takes from *in, at most to the end of a record; true when that was reached: it is f->record, and maybe f->fault. */
bool syslog_feed(struct syslog_frames *f, struct str *in);
/* The stream has ended: true when it ended within a record. */
bool syslog_end(struct syslog_frames *f);

/* ---- records ---- */

#define SYSLOG_SECURITY 10 /* facility of security messages (ITI TF-2: 3.20.4.1.2) */
#define SYSLOG_NOTICE   5
#define SYSLOG_WARNING  4
#define SYSLOG_MSGID    "IHE+RFC-3881"

struct syslog {
    int facility, severity;
    int64_t time_ms;                           /* since the epoch; INT64_MIN for "-" */
    struct str host, app, process, message_id; /* empty for "-" */
    struct str data;                           /* STRUCTURED-DATA; empty for "-" */
    struct str text;                           /* MSG, without its BOM */
    bool has_bom;
};

/*
 * Slices of the bytes. E_SYNTAX: *why is a sentence that says which part of RFC 5424 is broken; out->text is whatever
 * follows the last part that could be read.
 */
MUST_CHECK enum rc syslog_parse(struct arena *a, struct str bytes, struct syslog *out, const char **why);

/* Without the text; no BOM. */
void syslog_write_head(struct buf *out, const struct syslog *head);
/* The whole record behind its length, as it goes over a stream. */
void syslog_write_frame(struct buf *out, struct str head, struct str text);
