#pragma once
/*
 * How each rule of core/model/rules is broken: a row a rule and kind of message, with the edits that make a wrong
 * message of a good one (breaks_*.c). What does it is breaking.c.
 *
 * Edits may use these variables:
 *   $uuid, $uuid2, $uuid3   fresh urn:uuid:…        $oid, $oid2   fresh OIDs
 *   $patient                the patient id (CX) that --patient names
 *   $other, $another, $third   ids (CX) of patients in the same domain, who are new: a ground may feed them
 *   $many                   so many ids, joined by ~, that no field of HL7 v2 takes them
 *   $facility               the domain of a facility of the community, which its PIX manager knows, too
 *   $home, $elsewhere       the homeCommunityId of whom it goes to, and of another community
 *   $m1 … $m4               the messages of the ground: the root elements of their bodies
 *   $r1.NAME … $r4.NAME     what their answers brought first, by the columns of `kakehashi send`
 */

#include "cli/amend.h"

#include <stddef.h>

#define BREAK_EDITS    10
#define BREAK_ENVELOPE 2
#define BREAK_SEGMENTS 6
#define GROUND_STEPS   4

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
    const char *at;                    /* the actor that knows the rule; NULL: the transaction's first */
    const char *why_en, *why_ja;       /* why no message breaks it; NULL where edits do */
    const struct break_ground *ground; /* NULL: the usual one of the transaction */
    int good;                          /* after so many edits (of segments) the message is still a good one */
    /* What makes it a wrong one: */
    struct xml_edit edits[BREAK_EDITS];
    struct xml_edit envelope[BREAK_ENVELOPE];
    struct hl7v2_edit segments[BREAK_SEGMENTS];
    struct amend_package package;
};

/* The tables, one a kind of message. */
struct break_table {
    const struct break_row *rows;
    size_t count;
};

extern const struct break_table breaks_attributes, breaks_request, breaks_links, breaks_state, breaks_update,
    breaks_query, breaks_document, breaks_community, breaks_soap, breaks_hl7v2, breaks_hl7v3, breaks_imaging;

/* for (size_t i = 0; (row = break_at(i)) != NULL; i++) */
const struct break_row *break_at(size_t i);
/* The row of a rule for a transaction; NULL when there is none. transaction NULL: the first row of the rule. */
const struct break_row *break_find(const char *rule, const char *transaction);
/* The usual ones, by what they are for. */
extern const struct break_ground break_ground_update, break_ground_removal, break_ground_provided, break_ground_feed,
    break_ground_pix, break_ground_find, break_ground_merge, break_ground_fetch, break_ground_images, break_ground_more;
/* What goes before a message of a transaction where the row says nothing else; NULL: nothing need. */
const struct break_ground *break_ground(const struct break_row *row, const char *transaction);
