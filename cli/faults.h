#pragma once
/*
 * The faults of a backbone, as the command keeps them: DATA/faults.json, which daemons read when they start, and every
 * running daemon, which is told of each change.
 */

#include "base/rc.h"
#include "base/str.h"
#include "cli/backbone.h"

struct arena;
struct json;

/* {"faults": […]} as JSON text; what is not there yet is an empty list. E_CONFIG, told, when the file is broken. */
MUST_CHECK enum rc faults_read(struct arena *a, const struct backbone *b, struct str *out);
/* Keeps it and tells every daemon. E_REFUSED, told, when it is wrong; E_PEER, told, when a daemon does not answer. */
MUST_CHECK enum rc faults_set(struct arena *a, const struct backbone *b, struct str json);
/* The list as the daemons have it, counts added up over them. E_PEER, told, when none answers. */
MUST_CHECK enum rc faults_counted(struct arena *a, const struct backbone *b, struct json **out);
