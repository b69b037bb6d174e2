#pragma once
/*
 * Pages of the daemons behind the control API: asked by HTTP where status.json or the configuration says they are,
 * with the user's certificate, all at once. A handler asks for them the first time it runs, keeps what it got as
 * ask->state, and answers when all are over.
 */

#include "base/buf.h"
#include "base/rc.h"

#include <stdbool.h>

struct ask;
struct community;
struct daemon_pages;

struct daemon_page {
    const char *daemon; /* "registry" */
    const char *url;
    /* once it is over: */
    bool is_over;
    enum rc rc;      /* OK: it answered, whatever it said */
    const char *why; /* a sentence, when it did not */
    int status;
    const char *content_type;
    struct buf *body;
    struct daemon_page *next;
    /* its own */
    struct daemon_pages *pages;
    struct arena *arena;
    struct http_call *call;
};

/*
 * daemon NULL: all that there are. body is empty for a GET, and lives as long as ask. The first page; NULL when no such
 * daemon is known.
 */
struct daemon_page *daemons_ask(struct ask *ask, const char *daemon, const char *method, const char *path,
                                struct str body);
bool daemons_over(const struct daemon_page *first);

/* Passes on what the one daemon said; 502 when it said nothing. */
void daemon_page_reply(struct ask *ask, const struct daemon_page *page);

/* GET and PUT /reviews, PUT /links: identities.c */
bool review_list(struct ask *ask);
bool review_decide(struct ask *ask);
bool link_say(struct ask *ask);

/* The community that a text of the request names; NULL when it was refused, as what field says is wrong. */
const struct community *community_asked(struct ask *ask, const char *field, const char *name);
/* A handler that asks one daemon and passes on what it says. */
bool daemon_relay(struct ask *ask, const char *daemon, const char *method, const char *path);

/* /gateways: gateways.c */
bool gateways_list(struct ask *ask);
bool gateway_put(struct ask *ask);
bool gateway_delete(struct ask *ask);
/* GET /inbox, GET /inbox/document: inbox.c */
bool inbox_list(struct ask *ask);
bool inbox_document(struct ask *ask);
