#pragma once
/* The documents of one submission, from the message to their place at rest. */

#include "actor/request.h"
#include "msg/submit_objects.h"
#include "repository/store.h"

#include <stdint.h>

/* A DocumentEntry with its octets. */
struct deposit {
    const struct document_entry *entry;
    struct xml_node *object; /* the entry's ExtrinsicObject in the message */
    struct part *part;       /* the attachment that holds it; NULL when inline */
    struct str bytes;        /* the octets, unless they are in the spool */
    const char *sha1;        /* hex, lower case */
    uint64_t size;
    const char *sha256; /* known once at rest */
    bool is_small;      /* its octets are kept with its row */
    int64_t pending;    /* its row (repository/store.h); 0: the same document is here already */
    bool is_settled;    /* a row refers to the octets */
    struct deposit *next;
};

/*
 * Matches entries and documents one to one and judges what can be judged without the store (ITI TF-2: 3.41.4.1.3).
 * E_REFUSED with issues.
 */
MUST_CHECK enum rc deposits_check(struct request *rq, const struct provide *provide, struct deposit **out);

/*
 * Puts all octets to rest, durably, but for those that the row about them keeps (STORE_SMALL_MAX); then(rq, rc) on the
 * loop, never before this returns: OK with every sha256 set, or E_IO, E_FULL. Returns LATER, or OK when there is
 * nothing to keep and then will not run. They stay pinned as long as rq lives; what is not settled by then, and what no
 * row refers to, goes with it.
 */
enum rc deposits_keep(struct request *rq, struct deposit *deposits, void (*then)(struct request *rq, enum rc rc));
/* Rows refer to all of them. */
void deposits_settle(struct deposit *deposits);
/* As the store knows it; once at rest. */
struct stored_document deposit_document(const struct deposit *d);
