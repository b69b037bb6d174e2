#pragma once
/*
 * A running backbone, as the other commands find it: by --data alone. `kakehashi up` holds DATA/kakehashi.pid locked
 * and writes DATA/endpoints.json when everything answers; daemons started by hand (one container each) have the file
 * only
 * (`kakehashi endpoints --save`).
 */

#include "actor/pki_files.h"
#include "base/config.h"
#include "base/rc.h"
#include "base/str.h"
#include "wire/json.h"

#include <sys/types.h>

struct arena;

struct backbone {
    const char *data;             /* absolute */
    pid_t pid;                    /* of its `kakehashi up`; 0: started by hand */
    const char *control;          /* "http://127.0.0.1:18100"; NULL: nobody serves it */
    const struct json *endpoints; /* endpoints.json */
};

/* Files of a data folder. */
const char *backbone_pid_file(struct arena *a, const char *data);
const char *backbone_endpoints_file(struct arena *a, const char *data);
const char *backbone_status_file(struct arena *a, const char *data); /* of the daemons, for the console */
const char *backbone_log_file(struct arena *a, const char *data);

/* --data as an absolute path, so that what we print works anywhere. */
const char *backbone_data(struct arena *a, const struct config *c);

/* E_NOT_FOUND, with a sentence on standard error that says how to start one, when none runs there. */
MUST_CHECK enum rc backbone_find(struct arena *a, const struct config *c, struct backbone *out);

/* The object of a community in endpoints.json, by key or slug; NULL if it does not live there. */
const struct json *backbone_community(const struct backbone *b, const char *key_or_slug);

/* "https://localhost:18101/0035/registry"; NULL if there is no such endpoint. tree: "endpoints" or "plain". */
const char *backbone_url(const struct backbone *b, const char *tree, const char *key_or_slug, const char *actor,
                         const char *transaction);

/* One request to a page of a backbone. */
struct backbone_call {
    const char *method; /* NULL: GET */
    const char *url;
    const char *content_type; /* of the body; NULL: none */
    struct str body;
    const char *token; /* of the control API; "" or NULL: none */
    int timeout_ms;    /* 0: 5 s */
    size_t max;        /* bytes of the answer; 0: 16 MiB */
    /* Takes the answer as it comes, instead of *body; anything but OK ends the call. NULL: it is gathered. */
    enum rc (*on_bytes)(void *user, struct str bytes);
    void *user;
};

/*
 * https with the user's certificate of the data folder. E_PEER, E_TIMEOUT or E_CONFIG without an answer (nothing is
 * printed), E_LIMIT when it is too long.
 */
MUST_CHECK enum rc backbone_request(struct arena *a, const char *data, const struct backbone_call *call, int *status,
                                    struct str *body);
/* GET of a small page, e.g. control + "/status". */
MUST_CHECK enum rc backbone_ask(struct arena *a, const char *data, const char *url, int *status, struct str *body);
/* The same with a PUT of JSON. */
MUST_CHECK enum rc backbone_put(struct arena *a, const char *data, const char *url, struct str json, int *status,
                                struct str *body);
/*
 * "http://localhost:18102" of every daemon that endpoints.json knows by HTTP, each once; ends with NULL. Plain where
 * there is a plain listener: whatever happens to TLS, it can be undone.
 */
const char **backbone_daemons(struct arena *a, const struct backbone *b);
