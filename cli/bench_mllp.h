#pragma once
/*
 * A closed-loop load over MLLP: every connection sends its next message as soon as the answer to the one before has
 * come. And a server that does nothing but answer, to be measured beside.
 */

#include "base/rc.h"
#include "net/load.h"
#include "net/tls.h"

struct arena;

struct mllp_load {
    const char *url;
    const struct tls_files *identity;
    int connections, duration_ms;
    /* The n-th message into text, from 1; n is another one each time. */
    size_t (*message)(void *user, uint64_t n, char text[512]);
    void *user;
    const char *expect; /* that each answer has */
    uint64_t *n;        /* of the last message; goes on from run to run */
};

/* Adds to *result as load_run does. E_PEER: a connection failed, or an answer was another; logged. */
MUST_CHECK enum rc mllp_load_run(const struct mllp_load *spec, struct load_result *result);

struct mllp_echo;
/* Answers "MSH|…MSA|AA|…" to whatever comes, on a thread of its own, over TLS as server's files say. */
MUST_CHECK enum rc mllp_echo_start(const struct tls_files *files, struct mllp_echo **out);
const char *mllp_echo_url(struct arena *a, const struct mllp_echo *e);
void mllp_echo_stop(struct mllp_echo *e);
