#pragma once
/*
 * A client of HL7 v2 over MLLP on a loop, TLS or plain: one connection, kept open from message to message and made anew
 * when the peer has ended it; one message at a time. For those who wait on a loop; many clients make a load.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/loop.h"
#include "net/tls.h"

#include <stddef.h>

struct mllp_client;

struct mllp_client_spec {
    const char *url;                  /* "mllps://host:port", "mllp://host:port" */
    const struct tls_files *identity; /* of mllps: whom we trust, and who we are */
    int timeout_ms;                   /* from sending to the answer; 0: 30 s */
    size_t max_answer;                /* bytes; 0: 1 MiB */
};

/* Is it an address of that kind? */
bool mllp_url_is_valid(const char *url);

/*
 * Does not connect yet. The spec is copied but for identity's files, which are read now. E_CONFIG: no such url, or
 * files that cannot be used (logged).
 */
MUST_CHECK enum rc mllp_client_new(struct loop *l, const struct mllp_client_spec *spec, struct mllp_client **out);
/* done of a message under way does not run. NULL is ignored. */
void mllp_client_free(struct mllp_client *c);

/*
 * Sends a message (copied, framed). done runs once, on the loop, never before this returns: OK with the answer, which
 * lives until done returns; E_PEER (no connection, or it ended before an answer) or E_TIMEOUT with a sentence in why.
 * From within done another message may be sent. Not while one is under way.
 */
void mllp_client_send(struct mllp_client *c, struct str message,
                      void (*done)(void *user, enum rc rc, struct str answer, const char *why), void *user);
