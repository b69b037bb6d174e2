#pragma once
/*
 * One request of the control API, from its head to its answer. A handler answers at once, or says that it has to be
 * asked again: then it is, a few hundred times a second, with the journal read anew.
 */

#include "base/buf.h"
#include "console/console.h"
#include "console/fields.h"
#include "net/http_server.h"
#include "wire/json.h"
#include "wire/query_string.h"

enum param_kind { PARAM_WORD, PARAM_NUMBER, PARAM_CHOICE };

struct param {
    const char *name;
    enum param_kind kind;
    const char *const *choices; /* ends with NULL */
    const char *en;
};

#define ROUTE_PARAMS 6

struct route {
    const char *method, *path; /* "/journal/records/{id}": at most one part in braces, the last or last but one */
    /* False: ask again. */
    bool (*run)(struct ask *ask);
    const char *en;                    /* what it does */
    bool reads_journal;                /* what daemons have answered by now is in it before run is asked */
    bool takes_filters;                /* fields.h */
    bool takes_body;                   /* JSON */
    const char *body_schema;           /* of openapi.c; NULL: Verification */
    bool is_open;                      /* without a token, too: health checks */
    struct param params[ROUTE_PARAMS]; /* ends with a NULL name */
    const char *answer;                /* media type of its good answer */
};

extern const struct route routes[];
extern const size_t route_count;

struct ask {
    struct console *console;
    struct http_request *http;
    struct arena *arena; /* of the request */
    const struct route *route;
    const char *segment; /* what stands for {id}; NULL */
    struct query_pair *params;
    struct filters filters;
    struct buf *body;
    struct json *json;

    struct index_mark mark;
    uint64_t begun;   /* ticks */
    bool is_marked;   /* what the mark stands for is in the index */
    bool is_answered; /* nothing more but its end; or it follows */
    void *state;      /* the handler's, between two askings */
    uint64_t follows; /* arrival of the last record that was sent; with is_following */
    bool is_following;
    struct ask *next, **link;
};

/* The value of a parameter of the route's own; NULL when it was not given. */
const char *ask_param(const struct ask *ask, const char *name);
/* Of a number, within bounds that were checked. */
long long ask_number(const struct ask *ask, const char *name, long long otherwise);

/* ---- answering, once ---- */

void ask_reply(struct ask *ask, int status, const char *type, struct str body);
void ask_reply_named(struct ask *ask, const char *type, const char *file_name, struct str body);
/* A writer of the answer's JSON, and the answer with it. */
struct json_writer *ask_json(struct ask *ask);
void ask_json_reply(struct ask *ask, int status, struct json_writer *w);
/* {did: name, "tookMs"}: of what changes something. */
void ask_done_reply(struct ask *ask, const char *did, const char *name);
/* {"error": {"status", "field", "message", "allowed"}}. field: "query.community", "assertions[0].where.status"; NULL.
 */
void ask_refuse(struct ask *ask, int status, const char *field, const char *const *allowed, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/* ---- door.c ---- */

extern const struct http_service console_door;
/* What somebody waits for may be there: they are asked again now, not at the next tick. */
void door_hurry(struct console *console);
/* There is something to wait for. */
void door_schedule(struct console *console);
/* Nobody waits any more. */
void door_close(struct console *console);
