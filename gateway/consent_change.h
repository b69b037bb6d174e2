#pragma once
/*
 * A patient gives, withdraws or widens consent: the consent document (msg/bppc.h) is registered by ITI-41 in the place
 * of the earlier one, then what it says is kept, then it is answered. So nothing holds that no document says, and a
 * patient whom nobody knows is refused by the registry. A community without XDS.b keeps no document.
 */

#include "model/community.h"
#include "model/consent.h"

struct http_request;
struct service;

struct consent_wish {
    const struct community *community;
    const char *patient; /* extension of the regional id */
    enum consent_act act;
    const struct text_list *parts; /* NULL: the whole */
};

/* Replies once, later: 200 with the consent; 404 nobody has that id; 409 it cannot be; 502 the document was refused. */
void consent_change_begin(struct service *s, struct http_request *http, const struct consent_wish *wish);
