#pragma once
/*
 * What somebody says of two patients: that a potential duplicate is one person or two, that two ids are or are not one
 * person's, that one id takes the place of another. By `kakehashi pix`, or by the control API.
 */

#include "base/rc.h"
#include "model/patient.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct db;

enum decision_kind {
    DECISION_ACCEPT, /* a pair, by number */
    DECISION_REJECT,
    DECISION_SAME, /* two ids of a community */
    DECISION_APART,
    DECISION_MERGED, /* the first one survives */
};

struct decision {
    enum decision_kind kind;
    int64_t number;
    int community;
    struct patient_id one, other;
};

/* "accept", "same" …; false when there is no such word. */
bool decision_kind_find(const char *word, enum decision_kind *out);
/* Is it about a pair that waits for a reviewer, rather than about two ids? */
bool decision_is_of_pair(enum decision_kind kind);

/*
 * Within a transaction of the writer's; queues what subscribers are to be told. E_NOT_FOUND or E_REFUSED with *why, a
 * sentence: then the transaction is to be undone.
 */
MUST_CHECK enum rc decision_make(struct arena *a, struct db *db, const struct decision *d, const char **why);
/* What has become of it, as a sentence. */
const char *decision_told(const struct decision *d);

/* "F1^^^&2.999.392.3.35.1&ISO", or a value of the domain alone. E_SYNTAX. */
MUST_CHECK enum rc decision_id_parse(struct arena *a, const char *text, const char *domain, struct patient_id *out);
