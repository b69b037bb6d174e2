#pragma once
/*
 * A closed-loop load generator over HTTP/1.1: every connection sends the same request again as soon as its answer is
 * whole. It measures servers, so it does little itself: one thread, no parsing but the status and Content-Length, and
 * bodies are counted, not kept.
 */

#include "base/rc.h"
#include "base/str.h"
#include "net/tls.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define LOAD_SERIAL     "9081726354"
#define LOAD_SERIAL_LEN (sizeof(LOAD_SERIAL) - 1)

struct load_spec {
    const char *url;                  /* "https://localhost:18101/0035/registry"; http:// is plain */
    const struct tls_files *identity; /* for https */
    const char *content_type;         /* of the request's body */
    struct str body;                  /* POSTed; no data: GET */
    /*
     * For uploads: so many bytes of `fill` again and again behind the body, then `end`. Every LOAD_SERIAL in the body
     * becomes a number of as many digits, another one in each request of this process.
     */
    struct str fill, end;
    uint64_t fill_length;
    uint64_t serials;   /* of so many, from 1000000000 on, far from one another; 0: ever another one */
    const char *method; /* NULL: POST or GET */
    const char *expect; /* text that each answer's body has, in one piece; NULL: any answer is good */
    int connections;
    int duration_ms;                   /* from when all connections stand; answers after it are not counted */
    uint64_t count;                    /* of answers, after which it is over earlier; 0: no such bound */
    const volatile sig_atomic_t *stop; /* over early once this is set; NULL: nobody interrupts */
};

/* Sums over runs, so that two servers can be measured by turns. Zeroed it is ready; load_clear when done. */
struct load_result {
    uint64_t answers, bytes; /* bytes: of bodies */
    uint64_t ticks;          /* ns during which load ran */
    uint64_t cpu;            /* ns of processor time we spent ourselves; near ticks: we were the bottleneck */
    uint64_t *latencies;     /* ns of each answer, request's first byte out to body's last byte in */
    size_t latency_cap;
};

/*
 * Adds to *result what it saw. E_PEER: a connection failed, or an answer was not 200 or 201 with a Content-Length, or
 * 204, or not what is expected; E_TIMEOUT: no answer for 30 s; E_CANCELLED: stopped; E_CONFIG: files or URL. All but
 * E_CANCELLED are logged.
 */
MUST_CHECK enum rc load_run(struct arena *a, const struct load_spec *spec, struct load_result *result);
void load_clear(struct load_result *result);

/* Of n > 0 values, which get sorted, the smallest that so many of a thousand do not exceed (nearest rank). */
uint64_t load_percentile(uint64_t *values, size_t n, unsigned per_mille);

/*
 * The head of an answer. OK: it ends at *end, and so many bytes of body follow. LATER: it has no end yet. E_PEER: not
 * 200, 201 or 204, or no Content-Length that could be counted (204 has none).
 */
MUST_CHECK enum rc load_head_read(struct str bytes, size_t *end, uint64_t *length);
