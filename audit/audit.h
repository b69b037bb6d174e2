#pragma once
/*
 * What secure nodes lean on: the Audit Record Repository (ATNA: ITI-20, ITI-81; ITI TF-1: 9) and the Time Server
 * (CT: ITI-1; ITI TF-1: 7) of every community. docs/audit.md.
 *
 * Records come in by intake.c, become rows in record.c, rest in store.c; search.c and fhir_event.c answer ITI-81,
 * page.c people and the command; clocks.c tells the time.
 */

#include "actor/daemon.h"
#include "base/str.h"
#include "model/community.h"

#define AUDIT_PATH "/audit"
#define AUDIT_ALL  "all" /* in place of a community: everybody's records, also those that name nobody */

extern const struct daemon_spec audit_spec;

/* ---- service.c: a loop's doors ---- */
enum rc audit_open(struct service *s);
void audit_drain(struct service *s, int ms, void (*done)(void *), void *arg);
void audit_close(struct service *s);
/* As bound; 0: no listener. For tests. */
struct audit_ports {
    int syslog_tls, syslog_tcp, syslog_udp, ntp;
};
struct audit_ports audit_ports(const struct service *s);

/* ---- page.c ---- */
void audit_page(struct service *s, struct http_request *http);
