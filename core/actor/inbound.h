#pragma once
/*
 * A SOAP message arriving in an HTTP body, simple or MTOM, on either side of a call: the root's XML gathers in memory
 * up to a limit, attachments above 64 KiB go to the spool while they arrive. Memory is bounded whatever a document's
 * size.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "net/loop.h"
#include "store/spool.h"
#include "wire/mime.h"
#include "wire/soap.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* An attachment, in memory or in the spool; also what a reply carries. */
struct part {
    const char *content_id, *content_type;
    struct str bytes;        /* when file == NULL and fd < 0 */
    struct spool_file *file; /* owned by the message's arena until taken (set to NULL) */
    int fd;                  /* replies: an open file of size bytes, closed with the arena; -1 otherwise */
    uint64_t size;
    const char *sha1; /* hex; received parts only */
    struct part *next;
};

struct inbound_spec {
    struct loop *loop;
    struct spool *spool; /* NULL: everything in memory */
    const char *content_type;
    bool durable;               /* spooled attachments are synced before inbound_end is done: for who keeps documents */
    size_t max_message;         /* bytes of the root, and of all parts when there is no spool */
    void (*resume)(void *user); /* after inbound_is_full was true: more may come; on the loop */
    void *user;
};

struct inbound;

/*
 * E_REFUSED, with *fault and *status (415, 400), when the content type is neither SOAP 1.2 nor MTOM. text/xml is let
 * through: it is SOAP 1.1 or a careless peer, and the envelope will tell.
 */
MUST_CHECK enum rc inbound_new(struct arena *a, const struct inbound_spec *spec, struct inbound **out,
                               struct soap_fault *fault, int *status);
/* E_REFUSED with inbound_fault telling (broken package; root over the limit: status 413). */
MUST_CHECK enum rc inbound_feed(struct inbound *in, struct str bytes);
bool inbound_is_full(const struct inbound *in);
/* The body is whole. done runs on the loop, later or now: OK, E_REFUSED (inbound_fault), E_IO (spool). */
void inbound_end(struct inbound *in, void (*done)(void *user, enum rc rc), void *user);
/* Nobody waits any more: done will not run; files are dropped. Safe at any time before the arena goes, also twice. */
void inbound_cancel(struct inbound *in);

const struct soap_fault *inbound_fault(const struct inbound *in, int *status);
bool inbound_is_mtom(const struct inbound *in);
struct str inbound_root(const struct inbound *in);
struct part *inbound_parts(const struct inbound *in);
/* The part a cid: names; NULL if there is none. */
static inline struct part *part_find(struct part *parts, const char *href)
{
    while (parts != NULL && (parts->content_id == NULL || !mime_cid_matches(href, parts->content_id)))
        parts = parts->next;
    return parts;
}
