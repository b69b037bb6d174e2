#pragma once
/* The SOAP door: HTTP requests of all communities and actors of a daemon, in and out. /COMMUNITY/ACTOR[/N]. */

#include "net/http_server.h"

extern const struct http_service door_soap; /* copied per loop, with user = struct service */
