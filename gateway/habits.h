#pragma once
/*
 * What the gateways of a daemon know of each community beside messages: how its Initiating Gateway finds patients, how
 * long its Responding Gateway is waited for, and whether it fails just now. Configured at the start, changed by the
 * control API meanwhile; what was changed is gone with the daemon, and with a reset. Any thread may ask.
 */

#include "actor/request.h"
#include "base/rc.h"
#include "gateway/breaker.h"
#include "gateway/strategy.h"
#include "model/community.h"

struct daemon;
struct http_request;
struct service;

#define HABITS_PAGE "/gateways"

/* The gateway's .open, .close and .forget; E_CONFIG after a complaint about --locate or --deadlines. */
MUST_CHECK enum rc habits_open(struct daemon *d);
void habits_close(struct daemon *d);
void habits_forget(struct daemon *d);
/* Its page: GET of all, or of /gateways/KEY; PUT of one with ?strategy=…; DELETE takes back what was changed of one. */
void habits_page(struct service *s, struct http_request *http);

/* For this request: as its header Kakehashi-Strategy says, else as its community does it. E_REFUSED. */
MUST_CHECK enum rc habits_strategy(struct request *rq, struct strategy *out);
/* Begins a search when it is its turn (gateway/turn.h). */
enum rc habits_turn(struct request *rq, enum rc (*begin)(struct request *rq));
/* Milliseconds that c's Responding Gateway is waited for. */
int habits_deadline(const struct daemon *d, const struct community *c);
/* May c be asked? If not, *why is a sentence in the arena. */
bool habits_ask(struct arena *a, const struct daemon *d, const struct community *c, const char **why);
void habits_tell(const struct daemon *d, const struct community *c, bool has_answered, const char *why);
