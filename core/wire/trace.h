#pragma once
/*
 * Whose conversation a message belongs to: W3C Trace Context, section 3.2 (traceparent, version 00). A trace is one
 * conversation across daemons, a span one message and its answer, its parent the span that caused it.
 */

#include <stdbool.h>

#define TRACE_ID_LEN     33 /* 32 digits of lower-case hexadecimal, and the end */
#define TRACE_SPAN_LEN   17
#define TRACE_PARENT_LEN 56 /* "00-…32…-…16…-01" */

struct trace {
    char id[TRACE_ID_LEN], span[TRACE_SPAN_LEN];
    char parent[TRACE_SPAN_LEN]; /* "" for the first span of a trace */
};

/* A conversation begins. Always random, also under --seed: ids of traces are never part of what a run must repeat. */
void trace_begin(struct trace *out);
/* A span of its own below another. */
void trace_child(const struct trace *of, struct trace *out);
/* A peer's header as the parent of a new span. NULL, or what is no traceparent, begins a conversation. */
void trace_continue(const char *traceparent, struct trace *out);
/* The header that makes its reader a child of this span; flag 01: it is recorded. */
void trace_write(const struct trace *t, char out[TRACE_PARENT_LEN]);
