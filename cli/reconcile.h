#pragma once
/*
 * Audit completeness: what the journals say that the audit trail must hold, against what it holds (ITI TF-2: 3.20.7).
 * Every message that a daemon answered or asked is one expected record, or two for a merge; records are told apart by
 * community, source, transaction, event, action, outcome and the ids of their objects.
 */

#include "base/rc.h"
#include "wire/json.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum difference { RECORD_MISSING, RECORD_DOUBLED, RECORD_WRONG, RECORD_UNEXPECTED, DIFFERENCES };

/* One audit record, expected or there; texts never NULL. */
struct audit_entry {
    int64_t time;     /* ms */
    int64_t received; /* of a record: when the repository took it */
    const char *community, *source, *transaction, *event, *action;
    int outcome;
    const char *objects; /* ids, sorted, a line each; NULL: not known (the journal has but the beginning) */
    int64_t id;          /* of a record that is there; 0 */
    bool is_outside;     /* of who asked us from outside: any source will do */
    struct audit_entry *next;
};

struct finding {
    enum difference kind;
    const struct audit_entry *expected, *actual; /* one of them may be NULL */
    struct finding *next;
};

struct reconciled {
    struct arena *arena;
    size_t expected, matched;
    size_t counts[DIFFERENCES];
    struct finding *first; /* in the order of time */
};

/* "missing" … */
const char *difference_word(enum difference kind);

/*
 * Expected records of DATA's journals; *from: the time of the oldest message. outside: also of the peers that are none
 * of ours, which send their records here.
 */
MUST_CHECK enum rc expected_read(struct arena *a, const char *data, bool outside, struct audit_entry **out,
                                 int64_t *from);
/* Of a page of records (/audit/all/records); adds those of transactions to the list, newest first. */
void actual_read(struct arena *a, const struct json *page, struct audit_entry **list, int64_t *last_id);

/* Records before `from`, and what is newer than until, count for nothing. */
void reconcile(struct arena *a, struct audit_entry *expected, struct audit_entry *actual, int64_t from, int64_t until,
               struct reconciled *out);
