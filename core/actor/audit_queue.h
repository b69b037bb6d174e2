#pragma once
/*
 * Audit records on their way to the repository (ITI-20): one thread per daemon, one connection. While the repository is
 * away, records wait in a file (DATA/NAME/audit.backlog), and go first when it is back. What its system had not
 * confirmed when a connection broke is sent again: a record may arrive twice, and one that it took in and lost is lost
 * (RFC 5425 knows no acknowledgement).
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/tls.h"

#include <stdint.h>

struct audit_queue;

/* url as syslog_sender_new; identity lives on. E_CONFIG, E_IO, logged. */
MUST_CHECK enum rc audit_queue_start(const char *url, const struct tls_files *identity, const char *folder,
                                     struct audit_queue **out);
/* Any thread; copies. Never waits for the network or the disk. */
void audit_queue_add(struct audit_queue *q, struct str head, struct str text);
/* What is queued is sent, or kept in the file. NULL is ignored. */
void audit_queue_stop(struct audit_queue *q);

struct audit_queue_state {
    uint64_t added, dropped; /* records; dropped: there was no room to let them wait */
    uint64_t waiting;        /* bytes in the file */
};
struct audit_queue_state audit_queue_state(struct audit_queue *q);
