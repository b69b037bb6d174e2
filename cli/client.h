#pragma once
/*
 * A client that waits: one loop, one HTTP client, and the certificate of the user or of a community. For commands and
 * scenarios, which do one thing after another.
 */

#include "actor/call.h"
#include "base/rc.h"
#include "cli/directory.h"

struct client;

/* Knows the backbone under --data; E_CONFIG as directory_load. It lives in the arena. plain: without TLS. */
MUST_CHECK enum rc client_new(struct arena *a, const struct config *c, bool plain, struct client **out);

struct directory *client_directory(struct client *c);

/* The data folder of the backbone. */
const char *client_data(const struct client *c);

/* As whom it speaks: from NULL: the user. Lives as long as the client. */
const struct tls_files *client_identity(struct client *c, const struct peer *from);

/* Where an actor of a peer is, over the transport this client uses; NULL as directory_url. */
const char *client_url(const struct client *c, const struct peer *to, const char *actor, const char *transaction);

/*
 * Sends spec, whose identity is filled in here (from NULL: the user's certificate), and waits. OK with an answer in
 * *out; otherwise the call's rc, with *out filled too unless the call could not start (E_BUSY, E_CONFIG).
 */
MUST_CHECK enum rc client_call(struct client *c, const struct peer *from, struct call_spec *spec, struct call **out);

/*
 * A message of HL7 v2, and its answer as (*out)->response_xml, in the bytes that came. OK; otherwise E_PEER, E_TIMEOUT,
 * E_CONFIG with (*out)->why.
 */
MUST_CHECK enum rc client_mllp(struct client *c, const struct peer *from, const char *url, struct str message,
                               struct call **out);
