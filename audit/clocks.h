#pragma once
/*
 * The Time Server (ITI-1, ITI TF-2: 3.1): SNTP for all communities at one port, right; and for each community that
 * --clocks names a clock of its own, wrong as told, at the same port of the community's loopback address (127.1.H.L for
 * community number H * 256 + L). With a fixed --clock, all show that.
 */

#include "base/rc.h"

struct clocks;
struct service;

/* Lives as long as the daemon of s. Faults (fault/fault.h) strike what clocks answer. */
MUST_CHECK enum rc clocks_open(struct service *s, int port, struct clocks **out);
int clocks_port(const struct clocks *c);
void clocks_close(struct clocks *c); /* NULL is ignored */
