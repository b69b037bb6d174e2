#pragma once
/* A record as it is kept: the bytes as they came, and what of them is looked for. */

#include "base/str.h"
#include "model/community.h"
#include "msg/audit_message.h"
#include "net/syslog_server.h"

#include <stdint.h>

struct arena;
struct xml_node;

struct term {
    const char *text;
    struct term *next;
};

struct record {
    int64_t id;               /* in the order of coming; 0 before it is kept */
    int64_t received;         /* ms since the epoch */
    int64_t time;             /* of the event; when it came, if it does not say */
    const char *community;    /* key; "" for nobody's */
    const char *event, *type; /* codes of EventID and the first EventTypeCode; "" without */
    const char *action;
    int outcome;
    const char *source;
    const char *words;    /* what search.c looks for: a line "K=value" each */
    struct term *objects; /* ParticipantObjectID of each, once */
    const char *faults;   /* what is wrong with it, a line each; NULL: nothing */
    bool is_readable;     /* it is an audit message, whatever rules it breaks: ITI-81 can tell it */
    const char *transport, *peer, *subject;
    struct str raw;
    struct record *next;
};

/*
 * What a syslog record says, in the arena (the bytes are copied there). skew_ms: by how much its times may differ from
 * now, 0: by any.
 */
void record_read(struct arena *a, const struct world *w, const struct syslog_record *in, int64_t now, int64_t skew_ms,
                 struct record *out);

/* The AuditMessage in a record's bytes; E_SYNTAX when there is none. */
MUST_CHECK enum rc record_message(struct arena *a, struct str raw, struct audit_message *out);
