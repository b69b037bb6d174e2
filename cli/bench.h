#pragma once
/*
 * What `kakehashi bench` measures: a bench is a row in cmd_bench.c and a function that starts what it needs, measures,
 * adds lines, and stops it all. Processes are its own, sockets are on loopback, files are in a temporary folder.
 */

#include "base/buf.h"
#include "base/rc.h"

#include <signal.h>
#include <stdbool.h>

struct arena;
struct config;
struct json_writer;

enum bench_target { TARGET_NONE, TARGET_RATIO_MIN, TARGET_FIGURE_BELOW, TARGET_FIGURE_MIN };
enum bench_verdict { VERDICT_NONE, VERDICT_MET, VERDICT_MISSED, VERDICT_UNKNOWN };

struct bench_line {
    const char *key;   /* "throughput", for JSON */
    const char *what;  /* the same for people */
    const char *unit;  /* "requests/s" */
    double figure;     /* ours */
    const char *other; /* what we are compared with; NULL: nothing */
    double comparator; /* its figure; 0: it could not be had */
    enum bench_target kind;
    double target;
    const char *bench; /* bench_add fills it in */
    struct bench_line *next;
};

struct bench {
    struct arena *arena;
    const struct config *config; /* the user's, of which --fixtures and --loops count */
    const char *name;
    const char *folder; /* temporary, this bench's own */
    struct bench_line *first, **end;
    bool failed; /* one could not be measured */
};

/* Set by Ctrl-C. */
extern volatile sig_atomic_t bench_stop;

void bench_add(struct bench *b, const struct bench_line *line);

/* Ours to theirs; 0 when there is no comparator. */
double bench_ratio(const struct bench_line *line);
enum bench_verdict bench_verdict(const struct bench_line *line);

/* False when a line misses its target or could not be compared. */
bool bench_is_met(const struct bench_line *lines);
void bench_print(struct arena *a, const struct bench_line *lines, struct buf *out);
void bench_write(const struct bench_line *lines, struct json_writer *w);

enum rc bench_query(struct bench *b);            /* iti18 */
enum rc bench_query_references(struct bench *b); /* iti18-references */
enum rc bench_query_thousand(struct bench *b);   /* iti18-1000 */
enum rc bench_journal(struct bench *b);          /* journal */
enum rc bench_register(struct bench *b);         /* iti42 */
enum rc bench_large(struct bench *b);            /* registry-large */
enum rc bench_provide(struct bench *b);          /* iti41-1gb */
enum rc bench_retrieve(struct bench *b);         /* iti43-1gb */
enum rc bench_sizes(struct bench *b);            /* repository-sizes */
enum rc bench_eight(struct bench *b);            /* repository-eight */
enum rc bench_submit(struct bench *b);           /* iti41-1kb */
enum rc bench_pix_feed(struct bench *b);         /* pix-feed */
enum rc bench_pix_query(struct bench *b);        /* iti45 */
enum rc bench_pdq_query(struct bench *b);        /* iti47 */
enum rc bench_up(struct bench *b);
enum rc bench_idle(struct bench *b);
enum rc bench_up_all(struct bench *b);
enum rc bench_gateway(struct bench *b);
enum rc bench_gateway_hanging(struct bench *b); /* gateway-hanging */
enum rc bench_audit(struct bench *b);
enum rc bench_audit_cost(struct bench *b); /* audit-cost */
enum rc bench_seed(struct bench *b);
enum rc bench_reset(struct bench *b);
enum rc bench_hl7v2_feed(struct bench *b);  /* iti8-pix */
enum rc bench_hl7v2_query(struct bench *b); /* iti9 */
