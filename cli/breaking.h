#pragma once
/*
 * One rule broken at a peer on purpose: what the row of the rule (breaks.h) wants to be there before is sent, then the
 * good message of the transaction with the row's edits; the answer is judged by the rules it names.
 */

#include "cli/breaks.h"
#include "cli/exchange.h"

enum break_verdict {
    BREAK_UNSENT,    /* something that goes before was refused, or no usable answer came */
    BREAK_ACCEPTED,  /* nothing was said */
    BREAK_OTHERWISE, /* another rule was named, alone or beside */
    BREAK_UNNAMED,   /* refused, by a peer that does not name our rules */
    BREAK_WARNED,    /* accepted with a warning of this rule and no other */
    BREAK_REFUSED,   /* by this rule and no other */
    BREAK_VERDICTS
};

struct breaking {
    struct exchange x; /* as it was sent, with its answer; items and why as of exchange_run */
    enum rc rc;        /* of exchange_run */
    enum break_verdict verdict;
    const char *named; /* the rules that the answer names, "A, B"; "" when none */
};

/* base: the message as the user said it; stays as it is. Afterwards out->x.why tells what there is to tell. */
void break_run(const struct exchange *base, const struct break_row *row, struct breaking *out);
/* The good message that row->good describes, after the same ground: E_REFUSED and so on with out->x.why. */
MUST_CHECK enum rc break_run_good(const struct exchange *base, const struct break_row *row, struct breaking *out);

/* ---- for a person (breaking_print.c); all return an exit code ---- */

/* What `kakehashi send … --break RULE` and `--break all` do; is_raw: the answer as it came, and nothing else. */
int break_command(const struct exchange *base, const char *rule, bool is_raw);
/* `kakehashi send --breaks`: every rule, by which transactions it is broken, or why not. */
int break_list(struct arena *a);
