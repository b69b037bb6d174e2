#pragma once
/*
 * Secure node (ITI TF-1: 9.1.1.3): every daemon tells its audit record repository of each transaction it answers or
 * asks for, of handshakes that failed, and of its own start and stop (ITI-20, ITI TF-2: 3.20). What the event of a
 * transaction is stands in msg/audit_event.c, where its objects are in msg/audit_objects.c.
 */

#include "base/rc.h"
#include "base/str.h"
#include "msg/audit_message.h"

#include <stdbool.h>

struct daemon;
struct audit;

/* To --records-to, unless --audit is off or nowhere is told. E_CONFIG, E_IO, logged. *out NULL: nothing is told. */
MUST_CHECK enum rc audit_start(struct daemon *d, struct audit **out);
/* The same to a function (any loop's thread), for tests: head is the syslog header. */
struct audit *audit_start_with(struct daemon *d, void (*emit)(void *user, struct str head, struct str text),
                               void *user);
/* An event that no row of transactions stands for. NULL: nobody is told. */
void audit_tell(struct audit *a, const struct audit_message *m);
/*
 * What was told and is not with the repository yet never comes there: the state it is about is no more. waits: until
 * then, but not of a daemon whose own doors records come in at. NULL is ignored.
 */
void audit_forget(struct audit *a, bool waits);
/* Tells of the daemon's end, and sends what waits. NULL is ignored. */
void audit_stop(struct audit *a);
