#include "pixmgr/decision.h"

#include "base/arena.h"
#include "base/str.h"
#include "pixmgr/merge.h"
#include "pixmgr/store.h"
#include "pixmgr/subscribers.h"

#include <string.h>

static const struct {
    const char *word, *told;
} rows[] = {
    [DECISION_ACCEPT] = { "accept", "one person from now on" },
    [DECISION_REJECT] = { "reject", "two persons, whatever is fed" },
    [DECISION_SAME] = { "same", "one person from now on" },
    [DECISION_APART] = { "apart", "two persons, whatever is fed" },
    [DECISION_MERGED] = { "merged", "the first one stands for both from now on" },
};

bool decision_kind_find(const char *word, enum decision_kind *out)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (!text_equal(word, rows[i].word))
            continue;
        *out = (enum decision_kind)i;
        return true;
    }
    return false;
}

bool decision_is_of_pair(enum decision_kind kind)
{
    return kind == DECISION_ACCEPT || kind == DECISION_REJECT;
}

const char *decision_told(const struct decision *d)
{
    return rows[d->kind].told;
}

enum rc decision_id_parse(struct arena *a, const char *text, const char *domain, struct patient_id *out)
{
    if (text_absent(text))
        return E_SYNTAX;
    if (strchr(text, '^') != NULL)
        return patient_id_parse(a, text, out);
    *out = (struct patient_id){ .root = domain, .extension = text };
    return OK;
}

/* ---- each kind ---- */

static const char *apart_text(enum rc rc)
{
    return rc == E_NOT_FOUND ? "nobody has one of these ids"
                             : "they cannot become one person: ids of theirs were told apart";
}

static enum rc pair_find(struct arena *a, struct db *db, const struct decision *d, int *community, const char **why)
{
    *why = arena_printf(a, "no pair %lld waits for a reviewer", (long long)d->number);
    return store_review_community(db, d->number, community);
}

static enum rc pair_decide(struct arena *a, struct db *db, const struct decision *d, struct persons *changed,
                           const char **why)
{
    enum rc rc = store_review_decide(a, db, d->number, d->kind == DECISION_ACCEPT, changed);

    *why = arena_printf(a, "pair %lld: %s", (long long)d->number, apart_text(rc));
    return rc;
}

static enum rc ids_decide(struct arena *a, struct db *db, const struct decision *d, struct persons *changed,
                          const char **why)
{
    enum rc rc = d->kind == DECISION_SAME ? store_patient_link(a, db, d->community, &d->one, &d->other, changed)
                                          : store_patient_unlink(a, db, d->community, &d->one, &d->other, changed);

    *why = patient_id_equal(&d->one, &d->other) ? "these are one and the same id" : apart_text(rc);
    return rc;
}

static enum rc ids_merge(struct arena *a, struct db *db, const struct decision *d, struct persons *changed,
                         const char **why)
{
    struct merge_refusal refusal = { 0 };

    if (!text_equal(d->one.root, d->other.root)) {
        *why = "an id merges into one of its own domain";
        return E_REFUSED;
    }
    enum rc rc = store_patient_merge(a, db, d->community, &d->one, &d->other, &refusal, changed);
    *why = rc == E_REFUSED ? merge_sentence(a, &refusal, &d->one, &d->other) : NULL;
    return rc;
}

/* ---- any ---- */

enum rc decision_make(struct arena *a, struct db *db, const struct decision *d, const char **why)
{
    struct persons changed = { 0 };
    int community = d->community;

    if (decision_is_of_pair(d->kind)) {
        TRY(pair_find(a, db, d, &community, why));
        TRY(pair_decide(a, db, d, &changed, why));
    } else {
        TRY((d->kind == DECISION_MERGED ? ids_merge : ids_decide)(a, db, d, &changed, why));
    }
    return notifications_queue(a, db, community, &changed);
}
