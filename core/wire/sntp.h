#pragma once
/*
 * SNTP packets (RFC 4330; RFC 5905 7.3): a client's question, a server's answer, and what a client learns of it. Times
 * are nanoseconds since the Unix epoch.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SNTP_PACKET 48

struct sntp {
    int leap, version, mode, stratum;   /* mode 3: client, 4: server */
    int poll, precision;                /* powers of two, of seconds */
    double root_delay, root_dispersion; /* seconds */
    char reference[5];                  /* the four bytes of a stratum-1 source, printable; "" otherwise */
    int64_t reference_time, originate, receive, transmit; /* 0: not said */
    uint64_t originate_raw, transmit_raw;                 /* as in the packet: an answer repeats its question's */
};

/* E_SYNTAX: shorter than 48 bytes, or a version that is not 1 to 4. */
MUST_CHECK enum rc sntp_read(struct str bytes, struct sntp *out);
void sntp_write(char out[SNTP_PACKET], const struct sntp *p);

/* A clock as --clocks says: how far it is off, how fast it runs away, how near it is to the truth. */
struct sntp_clock {
    double offset;   /* seconds */
    double drift;    /* parts per million */
    int stratum;     /* 1 … 15; 16: unsynchronized */
    int64_t started; /* when drifting began */
};
/* What it shows when it is `now` in truth. */
int64_t sntp_clock_at(const struct sntp_clock *c, int64_t now);
/* The answer to a packet of a client that came at `arrived`; leaving is when it goes. False: not a client's question.
 */
bool sntp_answer(const struct sntp_clock *c, const struct sntp *question, int64_t arrived, int64_t leaving,
                 struct sntp *out);

/* RFC 4330 5: what the four times say, in seconds; destination is when the answer came. */
double sntp_offset(const struct sntp *answer, int64_t originate, int64_t destination);
double sntp_delay(const struct sntp *answer, int64_t originate, int64_t destination);
