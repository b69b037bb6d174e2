#pragma once
/* The control API of a running backbone, for commands: asked with the token, its refusals told to the user. */

#include "cli/backbone.h"

struct args;

struct control {
    struct arena *arena;
    const struct config *config;
    struct backbone backbone;
};

/* E_NOT_FOUND, with a sentence on standard error, when no backbone of --data has one. */
MUST_CHECK enum rc control_find(struct arena *a, const struct config *c, struct control *out);

/*
 * call->url is a path, "/journal/records?…". OK with the answer of status 200; otherwise what went wrong is on standard
 * error: E_REFUSED what the API says, or the rc of backbone_request.
 */
MUST_CHECK enum rc control_ask(const struct control *c, struct backbone_call call, struct str *body);
/*
 * The same without a word on standard error: what went wrong is *why, a sentence.
 */
MUST_CHECK enum rc control_try(const struct control *c, struct backbone_call call, struct str *body, const char **why);
/* The same as control_ask, as JSON. */
MUST_CHECK enum rc control_json(const struct control *c, const char *path, struct json **out);

/*
 * Every "--name value" and "--name=value" that is left of the command line as "name=value&…", for a route that knows
 * its parameters better than we do; "at-least" becomes "atLeast". "" when there is none.
 */
const char *control_query(struct args *args);
