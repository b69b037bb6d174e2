#pragma once
/*
 * The ports of a backbone. They stay reserved as long as `kakehashi up` lives: a socket of ours is bound to each but
 * never listens, so a daemon, also a restarted one, can always bind it with SO_REUSEPORT and nobody else gets it.
 */

#include "cli/fleet.h"

#include "base/rc.h"

struct config;

struct ports {
    int control;
    int tls[FLEET_COUNT];
    int plain[FLEET_COUNT];       /* 0 with --plain off */
    int mllp_tls[FLEET_COUNT];    /* 0 for a daemon without HL7 v2 */
    int mllp_plain[FLEET_COUNT];  /* the same; 0 with --plain off */
    int syslog_tls, syslog_plain; /* audit records; plain is TCP and UDP, 0 with --plain off */
    int ntp;                      /* time, UDP; the TCP port of this number is held so that nobody picks it */
    int held[4 + 4 * FLEET_COUNT];
    int held_count;
};

/*
 * --ports BASE: control BASE, then TLS and plain of each other daemon in the fleet's order, then TLS and plain for HL7
 * v2 of each that has it, then TLS and plain for audit records, then the time's. --ports auto: any free ones. E_CONFIG,
 * with a sentence on standard error, when one is taken or BASE is no port.
 */
MUST_CHECK enum rc ports_take(const struct config *c, struct ports *out);
void ports_release(struct ports *p);
