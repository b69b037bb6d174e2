#pragma once
/*
 * A record of the journal: one message that came in, was answered, or went out to a peer and came back. Daemons write
 * them (journal.c), the console reads them where they lie. What can be worked out from the bytes (patients, documents,
 * the query) is not in it: its reader does that, when somebody asks.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum journal_direction {
    JOURNAL_RECEIVED, /* a request */
    JOURNAL_ANSWERED, /* what it got */
    JOURNAL_CALLING,  /* a request of ours to a peer */
    JOURNAL_CALLED,   /* what we got */
    JOURNAL_STRANGER, /* a connection whose TLS handshake failed */
    JOURNAL_LOST,     /* records before this one could not be kept: count says how many */
    JOURNAL_AUDITED,  /* an audit record of a message: its span is the message's */
    JOURNAL_DIRECTIONS
};

/* Texts of a record, in their order on disk. Absent is empty. */
enum journal_text {
    JOURNAL_COMMUNITY, /* key */
    JOURNAL_ACTOR,     /* path word */
    JOURNAL_TRANSACTION,
    JOURNAL_TRACE,
    JOURNAL_SPAN,
    JOURNAL_PARENT,
    JOURNAL_PEER, /* "127.0.0.1:40312"; of a call its URL's */
    JOURNAL_SUBJECT,
    JOURNAL_METHOD,
    JOURNAL_URL,
    JOURNAL_CONTENT_TYPE,
    JOURNAL_HEADERS,    /* lines "name: value\n" */
    JOURNAL_ACTION,     /* wsa:Action, or MSH-9 */
    JOURNAL_MESSAGE_ID, /* wsa:MessageID, or MSH-10 */
    JOURNAL_TO,         /* of an answer that goes elsewhere than back */
    JOURNAL_WHY,        /* a sentence: what is wrong with it */
    JOURNAL_FAULT,      /* "env:Sender wsa:ActionNotSupported" */
    JOURNAL_INJECTED,   /* names of the faults that made it what it is */
    JOURNAL_ISSUES,     /* struct journal_issue, packed */
    JOURNAL_STAGES,     /* lines "serve 120\n": microseconds from the beginning to when the stage began */
    JOURNAL_PARTS,      /* struct journal_part, packed */
    JOURNAL_BODY,       /* the envelope, as it crossed the wire */
    JOURNAL_PART_BYTES, /* of the parts that are kept, one behind the other */
    JOURNAL_TEXTS
};

struct journal_record {
    uint64_t time_us; /* clock_wall_us */
    enum journal_direction direction;
    enum rc rc;
    int status;           /* HTTP; 0: none */
    uint64_t duration_us; /* of an answer, since the request began; of what we got, since the call did */
    uint64_t body_size;   /* of the whole, when body is only its beginning */
    uint64_t count;       /* JOURNAL_LOST */
    struct str text[JOURNAL_TEXTS];
    const struct str *runs; /* to encode a body in pieces, instead of text[JOURNAL_BODY]; NULL: none */
    size_t run_count;
};

/* Words of the API: "received", … */
const char *journal_direction_word(enum journal_direction direction);
/* "ok", "refused" (by the message's own fault), "failed". */
const char *journal_outcome_word(enum rc rc);

void journal_record_encode(struct buf *out, const struct journal_record *r);
/* At most so many bytes. */
size_t journal_record_size(const struct journal_record *r);
/* Texts point into bytes. E_SYNTAX: not one of this version's. */
MUST_CHECK enum rc journal_record_decode(struct str bytes, struct journal_record *out);

/* ---- what is packed into texts ---- */

struct journal_issue {
    const char *code; /* as the peer sees it */
    const char *rule; /* "XDS-DE-017"; "" without one */
    const char *place, *section, *text;
    bool is_warning;
};

struct journal_part {
    const char *content_id, *content_type, *sha1;
    uint64_t size;
    bool is_kept; /* its bytes are in JOURNAL_PART_BYTES */
};

void journal_issue_pack(struct buf *out, const struct journal_issue *issue);
void journal_part_pack(struct buf *out, const struct journal_part *part);
/* The next of what was packed; false at the end. Texts are in the arena. */
bool journal_issue_next(struct arena *a, struct str *packed, struct journal_issue *out);
bool journal_part_next(struct arena *a, struct str *packed, struct journal_part *out);
/* The next line of headers or stages, without its end; false at the end. */
bool journal_line_next(struct str *lines, struct str *line);
