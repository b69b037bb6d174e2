#pragma once
/*
 * Audit records on their way to the repository (ITI-20): one thread per daemon, one connection. While the repository is
 * away, records wait in a file (DATA/NAME/audit.backlog), and go first when it is back. What its system had not
 * confirmed when a connection broke is sent again: a record may arrive twice, and one that it took in and lost is lost
 * (RFC 5425 knows no acknowledgement).
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "net/tls.h"

#include <stdbool.h>
#include <stdint.h>

struct audit_queue;

struct audit_queue_spec {
    const char *url;                  /* as syslog_sender_new */
    const struct tls_files *identity; /* lives on */
    const char *folder;               /* of the file */
    /*
     * What leaves instead of whole frames, into out; false, as nearly always: they leave as they are. On the queue's
     * thread; NULL: they always do. What waits in the file is right in any case.
     */
    bool (*misbehave)(void *user, struct str frames, struct buf *out);
    void *user;
};

/* E_CONFIG, E_IO, logged. */
MUST_CHECK enum rc audit_queue_start(const struct audit_queue_spec *spec, struct audit_queue **out);
/* Any thread; copies. Never waits for the network or the disk. */
void audit_queue_add(struct audit_queue *q, struct str head, struct str text);
/*
 * Any thread: what was added before is never sent, also of what waits in the file; what had been sent already has been
 * read by the repository when this returns, if it reads at all: it waits for three seconds at most. waits false: it
 * returns at once.
 */
void audit_queue_forget(struct audit_queue *q, bool waits);
/* What is queued is sent, or kept in the file. NULL is ignored. */
void audit_queue_stop(struct audit_queue *q);

struct audit_queue_state {
    uint64_t added, dropped; /* records; dropped: there was no room to let them wait */
    uint64_t waiting;        /* bytes in the file */
};
struct audit_queue_state audit_queue_state(struct audit_queue *q);
