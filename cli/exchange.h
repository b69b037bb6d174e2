#pragma once
/*
 * One transaction as its client: parameters in, a message out, an answer back as rows of named texts. A transaction is
 * a row in exchange.c; `kakehashi send` and the scenarios speak whatever has one.
 */

#include "base/rc.h"
#include "cli/client.h"
#include "cli/vars.h"
#include "model/issue.h"
#include "model/patient.h"

#include <stdbool.h>
#include <stddef.h>

#define EXCHANGE_COLUMNS 8
#define EXCHANGE_ACTORS  3

struct association;
struct document_entry;
struct exchange_row;
struct hl7v2;
struct submission;
struct submission_set;

/* One thing of an answer (an id, a person, a document); cells in the order of the row's columns, NULL when absent. */
struct exchange_item {
    const char *cells[EXCHANGE_COLUMNS];
    struct exchange_item *next;
};

struct exchange {
    struct arena *arena;
    struct client *client;
    const struct exchange_row *row;
    const struct peer *from; /* NULL: the user, who belongs to no community */
    const struct peer *to;
    const char *actor; /* where at `to`, as endpoints.json calls it */
    struct vars params;
    struct str content; /* of a document to be submitted; the parameter "content" when it has no bytes */

    struct buf *body;   /* encode writes it */
    struct part *parts; /* and this, for MTOM */
    struct str headers; /* and this, where the SOAP header says more than where to; may be empty */

    struct call *call;   /* NULL when nothing could be sent; of HL7 v2: response_xml is the answer as it came */
    struct hl7v2 *hl7v2; /* the answer, of HL7 v2; NULL otherwise */
    const char *why;     /* a sentence when the result is not OK */
    struct exchange_item *items;
    size_t item_count;
    struct str document; /* bytes of the first document that came */
    const void *own;     /* the row's, from encode to decode */
};

struct exchange_row {
    const char *id, *name;
    const char *endpoint;                /* its transaction in endpoints.json; NULL: id */
    const char *actors[EXCHANGE_ACTORS]; /* who serves it; the first unless the user says otherwise */
    const char *action;
    bool mtom;
    bool is_hl7v2;                         /* by MLLP: body is its text in UTF-8, the answer is in exchange.hl7v2 */
    const char *needs, *takes;             /* names of parameters with spaces between: must be there, may be there */
    const char *columns[EXCHANGE_COLUMNS]; /* of the answer's items */
    /* Neither SOAP nor HL7 v2: asks the URL and adds items itself, x->call with its time, too. Instead of both below.
     */
    enum rc (*speak)(struct exchange *x, const char *url);
    enum rc (*encode)(struct exchange *x); /* E_CONFIG with x->why */
    enum rc (*decode)(
        struct exchange *x); /* E_REFUSED with x->why; E_SYNTAX when the answer is not what it should be */
};

const struct exchange_row *exchange_rows(size_t *count);
const struct exchange_row *exchange_find(const char *id); /* NULL when there is none */

/* x->actor NULL: the row's first actor that `to` has. OK: a positive answer, maybe without items. Otherwise x->why
 * tells: E_CONFIG (parameters, no such actor), E_REFUSED (the peer said no), E_PEER, E_TIMEOUT (no usable answer). */
MUST_CHECK enum rc exchange_run(struct exchange *x);

/* The cell of a column; NULL when the item has none, or the row no such column. */
const char *exchange_cell(const struct exchange *x, const struct exchange_item *item, const char *column);

/* "responding-gateway" → "responding gateway" or 「応答側ゲートウェイ」; itself when it is none of ours. */
const char *exchange_actor_name(const char *actor);

/* ---- for the rows ---- */

struct exchange_item *exchange_item_add(struct exchange *x);
/* Sets x->why and returns rc. */
enum rc exchange_fail(struct exchange *x, enum rc rc, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The issues of an answer as one sentence. */
const char *exchange_issues(struct arena *a, const struct issue_list *issues);
/* A parameter that is an id: "R0001" gets the domain given, "R0001^^^&2.999…&ISO" says its own. E_CONFIG with x->why.
 */
MUST_CHECK enum rc exchange_id(struct exchange *x, const char *text, const char *domain, struct patient_id *out);

enum rc exchange_feed_encode(struct exchange *x);
enum rc exchange_feed_decode(struct exchange *x);
enum rc exchange_pix_encode(struct exchange *x);
enum rc exchange_pix_decode(struct exchange *x);
enum rc exchange_person_query_encode(struct exchange *x); /* ITI-47 */
enum rc exchange_discovery_encode(struct exchange *x);    /* ITI-55 */
enum rc exchange_deferred_encode(struct exchange *x);
enum rc exchange_continuation_encode(struct exchange *x); /* ITI-47: QUQI */
enum rc exchange_person_query_decode(struct exchange *x);

enum rc exchange_location_encode(struct exchange *x); /* ITI-56 */
enum rc exchange_location_decode(struct exchange *x);

enum rc exchange_adt_encode(struct exchange *x);      /* ITI-8 */
enum rc exchange_identity_encode(struct exchange *x); /* ITI-30 */
enum rc exchange_ack_decode(struct exchange *x);
enum rc exchange_qbp_pix_encode(struct exchange *x); /* ITI-9 */
enum rc exchange_rsp_pix_decode(struct exchange *x);
enum rc exchange_qbp_find_encode(struct exchange *x); /* ITI-21 */
enum rc exchange_rsp_find_decode(struct exchange *x);
enum rc exchange_qcn_encode(struct exchange *x);
/* The body in the character sets asked for. E_CONFIG with x->why. */
MUST_CHECK enum rc exchange_hl7v2_bytes(struct exchange *x, struct str *out);

enum rc exchange_time_speak(struct exchange *x, const char *url);   /* ITI-1 */
enum rc exchange_audit_speak(struct exchange *x, const char *url);  /* ITI-81 */
enum rc exchange_record_speak(struct exchange *x, const char *url); /* ITI-20 */

enum rc exchange_study_encode(struct exchange *x); /* RAD-68 */
enum rc exchange_study_decode(struct exchange *x);
enum rc exchange_images_encode(struct exchange *x); /* RAD-69, RAD-75 */

/* What is always said of a document, with the parameters that say more; E_CONFIG with x->why. */
MUST_CHECK enum rc exchange_entry_fill(struct exchange *x, struct document_entry *d);
/* The set of a submission whose first document is d. */
struct submission_set *exchange_set_of(struct exchange *x, const struct document_entry *d);
/* What makes an object a member of a set. */
struct association *exchange_member_of(struct exchange *x, const struct submission_set *set, const char *uuid);

enum rc exchange_provide_encode(struct exchange *x);
enum rc exchange_register_encode(struct exchange *x);
enum rc exchange_on_demand_encode(struct exchange *x);
enum rc exchange_submission_decode(struct exchange *x);
/* The parts of a submission, for the messages that extend one. E_CONFIG with x->why. */
MUST_CHECK enum rc exchange_submission_set(struct exchange *x, struct submission *s);
MUST_CHECK enum rc exchange_register_fill(struct exchange *x, struct submission *s);

enum rc exchange_update_encode(struct exchange *x);     /* ITI-57 */
enum rc exchange_restricted_encode(struct exchange *x); /* ITI-92 */
enum rc exchange_remove_encode(struct exchange *x);     /* ITI-62 */

enum rc exchange_query_encode(struct exchange *x);
enum rc exchange_multi_patient_encode(struct exchange *x); /* ITI-51 */
enum rc exchange_query_decode(struct exchange *x);
enum rc exchange_fetch_encode(struct exchange *x); /* ITI-63 */
enum rc exchange_fetch_decode(struct exchange *x);
enum rc exchange_retrieve_encode(struct exchange *x);
enum rc exchange_retrieve_decode(struct exchange *x);
enum rc exchange_remove_documents_encode(struct exchange *x);
