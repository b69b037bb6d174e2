#pragma once
/*
 * How each rule of core/model/rule.c is broken: a row a rule and kind of message, with the edits that make a wrong
 * message of a good one (breaks_*.c). What does it is breaking.c.
 *
 * Edits may use these variables:
 *   $uuid, $uuid2, $uuid3   fresh urn:uuid:…        $oid, $oid2   fresh OIDs
 *   $patient                the patient id (CX) that --patient names
 *   $other                  the id (CX) of a patient that the ground feeds, in the same domain
 *   $m1, $m2, $m3           the messages of the ground: the root elements of their bodies
 */

#include "wire/xml_edit.h"

#include <stddef.h>

#define BREAK_EDITS  10
#define GROUND_STEPS 3

/* A parameter as `kakehashi send` takes it; its value may hold {XPATH} of the variables. */
struct break_param {
    const char *name, *value;
};

/* A good message that goes before. The parameters of the user stay, but for those named here. */
struct break_step {
    const char *transaction; /* NULL: no more steps */
    const char *at;          /* the actor; NULL: the transaction's first */
    struct break_param params[3];
    struct xml_edit edits[4];
};

/* What must be registered before the rule can be broken, and what the message itself then names. */
struct break_ground {
    struct break_step steps[GROUND_STEPS];
    struct break_param params[4];
};

struct break_row {
    const char *rule;                  /* its id */
    const char *transactions;          /* "ITI-42 ITI-41": whose good messages it can break */
    const char *why_en, *why_ja;       /* why no message breaks it; NULL where edits do */
    const struct break_ground *ground; /* NULL: nothing need be there before */
    int good;                          /* after so many edits the message is still a good one */
    struct xml_edit edits[BREAK_EDITS];
};

/* The tables, one a kind of message. */
struct break_table {
    const struct break_row *rows;
    size_t count;
};

extern const struct break_table breaks_attributes, breaks_request, breaks_links, breaks_state, breaks_update,
    breaks_query;

/* for (size_t i = 0; (row = break_at(i)) != NULL; i++) */
const struct break_row *break_at(size_t i);
/* The row of a rule for a transaction; NULL when there is none. transaction NULL: the first row of the rule. */
const struct break_row *break_find(const char *rule, const char *transaction);
