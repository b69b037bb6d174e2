#pragma once
/*
 * Misbehaviour on demand. A kind of fault is one row of fault_kinds.c; a fault is a kind with its parameters and what
 * it matches. A daemon keeps one set of them; whoever is about to send asks the set, and applies what was drawn to what
 * leaves (outgoing.h). Without faults a daemon pays one load per message.
 */

#include "base/rc.h"
#include "base/str.h"
#include "wire/json.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buf;
struct outgoing;

enum fault_family {
    FAULT_NETWORK,
    FAULT_TLS,
    FAULT_HTTP,
    FAULT_SOAP,
    FAULT_MTOM,
    FAULT_XDS,
    FAULT_HL7V3,
    FAULT_HL7V2,
    FAULT_SYSLOG,
    FAULT_TIME,
    FAULT_FAMILIES
};

/* Where a message leaves: bits, since a kind may fit several. */
enum fault_side {
    FAULT_SOAP_ANSWER = 1 << 0,
    FAULT_SOAP_REQUEST = 1 << 1, /* a daemon's own call to a peer */
    FAULT_MLLP_ANSWER = 1 << 2,
    FAULT_HANDSHAKE = 1 << 3,  /* TLS, of a connection that was accepted: what it will carry is not known yet */
    FAULT_RECORD = 1 << 4,     /* an audit record on its way to the repository */
    FAULT_TIME_ANSWER = 1 << 5 /* SNTP */
};

enum fault_value { FAULT_NUMBER, FAULT_TEXT, FAULT_CHOICE };

#define FAULT_PARAMETERS 4

struct fault_parameter {
    const char *name; /* NULL: there are no more */
    enum fault_value type;
    double min, max;       /* numbers */
    const char *choices;   /* "fixed|uniform" */
    const char *otherwise; /* when it is not given; NULL: it must be */
};

struct fault {
    const char *id; /* "f1" */
    const struct fault_kind *kind;
    const char *values[FAULT_PARAMETERS]; /* as given, in the kind's order; NULL past its last parameter */
    uint64_t dice;                        /* of this occasion: what is left to chance follows from it (random_of) */
};

struct fault_kind {
    const char *name;
    enum fault_family family;
    unsigned sides;
    const char *en, *ja; /* what happens, one sentence */
    struct fault_parameter parameters[FAULT_PARAMETERS];
    void (*apply)(struct outgoing *o, const struct fault *f);
};

/* ---- fault_kinds.c ---- */

size_t fault_kind_count(void);
const struct fault_kind *fault_kind_at(size_t i);
const struct fault_kind *fault_kind_find(const char *name); /* NULL */
const char *fault_family_name(enum fault_family family);
double fault_number(const struct fault *f, int parameter);
static inline const char *fault_text(const struct fault *f, int parameter)
{
    return f->values[parameter];
}

/* ---- fault_markdown.c: docs/faults.md ---- */
void fault_markdown(struct buf *out);

/* ---- fault_rule.c: a fault as written ---- */

struct fault_match {
    const char **communities;               /* keys or slugs, ends with NULL; NULL: any */
    const char *prefecture;                 /* of the community; NULL: any */
    const char **peers;                     /* communities a call goes to; NULL: any */
    const char *actor, *transaction, *text; /* text: stands somewhere in the message or in what it answers */
    unsigned sides;                         /* the kind's, narrowed by "direction" */
    int64_t nth, every, times;              /* of the messages that match otherwise; 0: not said */
    double probability;                     /* 1: always */
    double after_s, for_s;                  /* since it was set; for_s 0: without end */
};

struct fault_rule {
    struct fault fault;
    struct fault_match match;
};

/*
 * {"id": "f1", "kind": "latency", "match": {…}, "with": {"ms": 200}}. E_REFUSED with *why, a sentence with the member's
 * path and what would do: unknown members and kinds (the nearest names), values out of range.
 */
MUST_CHECK enum rc fault_rule_read(struct arena *a, const struct json *j, struct fault_rule *out, const char **why);
void fault_rule_write(struct json_writer *w, const struct fault_rule *r);

/* ---- fault_set.c ---- */

struct fault_set;

/* What is about to leave, and for whom. Texts may be NULL. */
struct fault_occasion {
    enum fault_side side;
    const char *community, *slug, *prefecture;
    const char *peer, *peer_slug;
    const char *actor, *transaction;
    struct str message, answered; /* what leaves, and what it answers; where match.text is looked for */
};

/* seed 0: probabilities are drawn at random. */
struct fault_set *fault_set_new(uint64_t seed);
void fault_set_free(struct fault_set *s);

/* Any thread. Replaces all by {"faults": [ … ]}; counts begin anew for those whose id is new. E_REFUSED as
 * fault_rule_read. */
MUST_CHECK enum rc fault_set_replace(struct fault_set *s, struct arena *a, const struct json *j, const char **why);
/* Any thread: one load. */
bool fault_set_is_empty(const struct fault_set *s);
/* Any thread. The faults that strike now, copied to the arena, in their order; *count 0 is the usual answer. */
struct fault *fault_set_draw(struct fault_set *s, struct arena *a, const struct fault_occasion *o, size_t *count);
/* {"faults": [{…, "matched": n, "injected": n}]}. */
void fault_set_write(struct fault_set *s, struct json_writer *w);
