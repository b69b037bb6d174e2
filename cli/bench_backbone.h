#pragma once
/* The backbone a bench measures: `kakehashi up` of this very program, on free ports, with data of its own. */

#include "base/rc.h"

#include <sys/types.h>

struct bench;
struct config;

struct bench_backbone {
    struct config *config; /* for the client: its --data */
    pid_t pid;             /* of its `up`; 0: none runs */
    int out_fd;
    double ready_ms; /* from before the start until it said that everything answers */
};

#define BENCH_COMMUNITIES "0035,0026,0360,0236"

struct bench_world {
    const char *communities, *population; /* as the flags */
    int loops;
    const char *data;       /* its folder's name; NULL: "data" */
    const char *journal;    /* NULL: "on" */
    const char *audit;      /* "on"; NULL: off, so that figures are of the transaction alone */
    const char *records_to; /* NULL: the backbone's own repository */
    int call_timeout;       /* ms; 0: as it is */
};

MUST_CHECK enum rc bench_world_start(struct bench *b, const struct bench_world *world, struct bench_backbone *out);
/*
 * The four communities of the shipped scenarios, without people, in FOLDER/data; keys and certificates stay there
 * between starts. loops: as --loops. E_PEER, after the backbone's own complaint, when it does not come up.
 */
MUST_CHECK enum rc bench_backbone_start(struct bench *b, int loops, struct bench_backbone *out);
/* Returns when all of it has ended. */
void bench_backbone_stop(struct bench_backbone *bb);

/* "repository" → its process. */
MUST_CHECK enum rc bench_backbone_daemon(struct bench *b, const struct bench_backbone *bb, const char *name,
                                         pid_t *out);
