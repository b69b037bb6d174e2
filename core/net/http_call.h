#pragma once
/* For http_client.c only: one outbound call as libcurl sees it, from its options to the sentence about its failure. */

#include "net/http_client.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/queue.h>

enum http_call_state { CALL_QUEUED, CALL_RUNNING, CALL_CANCELLED, CALL_DONE };

struct http_call {
    TAILQ_ENTRY(http_call) link; /* in the client's list for its state */
    struct http_client *client;
    struct arena *arena;        /* the call itself is in it */
    struct http_call_spec spec; /* its strings are copies */
    const char *host;           /* with the port, for sentences */
    enum http_call_state state;
    struct loop_timer *deadline;
    uint64_t started; /* clock_ticks, when running */
    bool is_parked;   /* it has given up its place in the lane */

    CURL *easy; /* while libcurl has it */
    struct curl_slist *headers;
    size_t piece; /* where the request's next byte is */
    uint64_t offset;
    bool has_head, has_sent, is_paused;
    bool is_stalled; /* libcurl holds bytes back because we were paused */
    enum rc rc;      /* why a callback of ours ended it */
    char error[CURL_ERROR_SIZE];
};

/* Queued, without an easy handle; spec's strings are copied. */
struct http_call *http_call_new(struct http_client *c, const struct http_call_spec *spec);
void http_call_free(struct http_call *call);

/* Tells a fresh easy handle everything about the call, which must be CALL_RUNNING while libcurl calls back. */
void http_call_prepare(struct http_call *call, CURL *easy);

/* Keeps what is known of the call's bytes before its easy handle goes: http_call_has_sent. */
void http_call_settle(struct http_call *call);

/* Why libcurl ended the call, as an rc and a sentence in the call's arena; OK and NULL when it ended well. */
enum rc http_call_outcome(struct http_call *call, CURLcode code, const char **why);
/* The sentence for a deadline, by how far the call has come. */
const char *http_call_timeout_why(struct http_call *call);
