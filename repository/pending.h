#pragma once
/*
 * Registrations whose end nobody saw and for whose documents nobody asks (confirm.h): the registries are asked once it
 * is certain that none of them is at work on such a registration any more. What they have becomes retrievable, the rest
 * goes. The registry that does not answer is asked again later.
 */

#include "base/rc.h"

struct service;

/* As daemon_spec wants them. On the first loop alone. */
MUST_CHECK enum rc pending_open(struct service *s);
void pending_drain(struct service *s, int ms, void (*done)(void *), void *arg);
void pending_close(struct service *s);
