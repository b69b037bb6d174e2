#pragma once
/*
 * Audit messages (DICOM PS3.15 A.5; ITI TF-2: 3.20): what a secure node tells its Audit Record Repository of an event.
 * One struct for those who write and those who read. audit_message.c writes, audit_decode.c reads, audit_check.c
 * judges.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/rule.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct xml_node;

enum audit_outcome { AUDIT_SUCCESS = 0, AUDIT_MINOR = 4, AUDIT_SERIOUS = 8, AUDIT_MAJOR = 12 };

/* csd-code, codeSystemName, originalText. code NULL: absent. */
struct audit_code {
    const char *code, *system, *text;
    struct audit_code *next;
};

/* ActiveParticipant; what is absent is NULL or 0. */
struct audit_participant {
    const char *user_id, *alternative_id, *user_name;
    bool is_requestor;
    struct audit_code role;
    const char *access_point;
    int access_type; /* 1 name, 2 IP address, 3 telephone, 4 e-mail, 5 URI */
    struct audit_participant *next;
};

/* ParticipantObjectDetail; the value as it is, base64 on the wire. */
struct audit_detail {
    const char *type;
    struct str value;
    struct audit_detail *next;
};

/* ParticipantObjectIdentification. */
struct audit_object {
    const char *id;
    int type, role, life_cycle; /* 0: absent */
    const char *sensitivity, *name;
    struct audit_code id_type;
    struct str query; /* as it is, base64 on the wire; data NULL: absent */
    struct audit_detail *details;
    struct audit_object *next;
};

struct audit_message {
    struct audit_code event;
    struct audit_code *types; /* EventTypeCode, in their order */
    char action;              /* C R U D E; 0: absent */
    int64_t time_ms;          /* since the epoch */
    enum audit_outcome outcome;
    const char *outcome_text;
    struct audit_code *purposes;
    struct audit_participant *participants;
    const char *source_id, *site_id;
    int source_type; /* 1 … 9; 0: absent */
    struct audit_object *objects;
};

/* What ParticipantObjectTypeCode and its role say. */
enum { AUDIT_PERSON = 1, AUDIT_SYSTEM = 2, AUDIT_ORGANIZATION = 3, AUDIT_OTHER = 4 };
enum { AUDIT_ROLE_PATIENT = 1, AUDIT_ROLE_REPORT = 3, AUDIT_ROLE_JOB = 20, AUDIT_ROLE_QUERY = 24 };

/* ---- making one; everything goes behind what is there already ---- */

struct audit_participant *audit_add_participant(struct arena *a, struct audit_message *m,
                                                const struct audit_participant *p);
struct audit_object *audit_add_object(struct arena *a, struct audit_message *m, const struct audit_object *o);
void audit_add_detail(struct arena *a, struct audit_object *o, const char *type, struct str value);
/* The patient object of a CX text; nothing when it is absent or there already. */
void audit_add_patient(struct arena *a, struct audit_message *m, const char *cx);

/* XML in UTF-8 with its declaration, valid by the DICOM schema. */
void audit_message_encode(const struct audit_message *m, struct buf *out);

/* ---- reading ---- */

/*
 * As much as can be read, whatever is missing; an EventDateTime that is none becomes INT64_MIN. Queries and details,
 * which have to be decoded, only when asked for.
 */
void audit_message_decode(struct arena *a, const struct xml_node *root, bool with_values, struct audit_message *out);

/* ---- judging ---- */

struct audit_finding {
    enum rule rule;
    const char *place; /* XPath */
    const char *text;  /* what is wrong and what would satisfy it */
    struct audit_finding *next;
};

/* Everything that is wrong, at most 20 findings; NULL when nothing is. */
struct audit_finding *audit_message_check(struct arena *a, const struct xml_node *root);
