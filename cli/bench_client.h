#pragma once
/* A bench as a client of its backbone: a community with one patient, and transactions that must succeed. */

#include "base/rc.h"
#include "cli/exchange.h"
#include "net/tls.h"

struct bench;
struct bench_backbone;

#define BENCH_COMMUNITY "0035"
#define BENCH_PATIENT   "B0001"

struct bench_client {
    struct bench *bench;
    struct client *client;
    const struct peer *community;
    struct tls_files identity; /* the user's */
};

/* Feeds the patient to the community's registry (ITI-44). */
MUST_CHECK enum rc bench_client_start(struct bench *b, const struct bench_backbone *bb, struct bench_client *out);

/* From the community to itself, with the patient's demographics and, as "patient", its id among the parameters. */
struct exchange bench_exchange(const struct bench_client *c, const char *transaction, const char *actor);
/* exchange_run, with a sentence on standard error when it does not succeed. */
MUST_CHECK enum rc bench_exchange_run(struct exchange *x);

struct load_spec;
/* The request of iti18 to a backbone, where the documents that it finds are registered now. client outlives *out. */
MUST_CHECK enum rc bench_query_spec(struct bench *b, const struct bench_backbone *bb, struct bench_client *client,
                                    struct load_spec *out);

/* What exchange_run would POST, attachments aside: of an exchange whose body is encoded. */
struct str bench_exchange_bytes(const struct exchange *x, const char *url, const char **content_type);
