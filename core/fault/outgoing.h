#pragma once
/*
 * A message that is about to leave, as faults may change it: its text (an envelope, or HL7 v2 in UTF-8), its
 * attachments, and how its bytes reach the wire. Changes of the text happen on a tree that is parsed at the first of
 * them.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct fault;
struct part;
struct xml_node;

/* How bytes leave. All zero: as they should. */
struct delivery {
    uint64_t delay_ms;
    bool is_hanging;               /* nothing ever leaves */
    bool is_cut;                   /* only the first cut_after bytes leave, then the connection ends */
    uint64_t cut_after;            /* bytes of the whole answer, head included */
    bool is_reset;                 /* it ends by a TCP reset */
    uint64_t drip_bytes;           /* so many at once, 0: all … */
    uint64_t drip_ms;              /* … then a pause */
    int64_t length_lie;            /* added to Content-Length */
    bool has_no_length;            /* neither Content-Length nor chunks: the end of the connection ends the body */
    bool has_no_start, has_no_end; /* MLLP's frame */
    int copies;                    /* MLLP: times the frame is sent beyond the first */
};

struct outgoing {
    struct arena *arena;
    struct str text;    /* as outgoing_apply leaves it */
    struct part *parts; /* attachments */
    bool is_mtom;
    bool is_packet;           /* of SNTP (wire/sntp.h): the text is its bytes */
    int status;               /* HTTP */
    const char *content_type; /* NULL: as it should be */
    const char *boundary;     /* announced in the content type, instead of the true one; NULL: the true one */
    const char *start;        /* the same of the start parameter */
    int64_t shift_s;          /* the clock it is written by is off by so much */
    struct delivery delivery;
    const char *injected; /* names of the faults, "latency, soap-fault", for the journal */
    /* a fault's own */
    struct xml_node *root; /* of the tree; NULL: not parsed, or no XML */
    bool is_raw;           /* the text was replaced by what is no XML: the tree is not looked at any more */
};

/* The runs of a message as one text. */
struct str outgoing_join(struct arena *a, const struct str *runs, size_t count);
/* Applies all, in their order. */
void outgoing_apply(struct outgoing *o, const struct fault *faults, size_t count);
/* The envelope as a tree to be changed; NULL when the text is no XML (any more). */
struct xml_node *outgoing_tree(struct outgoing *o);
/* The text as it is by now, what was changed in the tree included. */
struct str outgoing_text(struct outgoing *o);
/* The text is this from now on, whatever it was. */
void outgoing_replace(struct outgoing *o, struct str text);
