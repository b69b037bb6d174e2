#pragma once
/* The SOAP door: HTTP requests of all communities and actors of a daemon, in and out. /COMMUNITY/ACTOR[/N]. */

#include "net/http_server.h"

extern const struct http_service door_soap; /* copied per loop, with user = struct service */

struct service;

/* Forgets answers that are still on their way to another address, when a service ends; before its client does. */
void door_soap_drop(struct service *s);
