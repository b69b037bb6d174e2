#pragma once
/* What `kakehashi validate` found in one message, and the reports of all. */

#include "model/issue.h"
#include "model/rule.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

struct finding {
    const char *rule, *section; /* NULL: no rule of the table */
    const char *code;           /* what an answer would say; NULL when none does */
    bool is_warning;
    const char *place;   /* XPath, segment^field…, parameter; NULL: all of it */
    const char *text;    /* what is wrong, and what would satisfy it */
    const char *en, *ja; /* what the rule asks */
    struct finding *next;
};

struct verdict {
    const char *name; /* of the file */
    const char *what; /* "ITI-18 Registry Stored Query", "audit record" …; NULL: nobody knows */
    bool needs_store; /* judged as far as that is possible without a store of patients and documents */
    struct finding *first, *last;
    int errors, warnings;
};

/* --rule words, each read: what every rule weighs, where one was given. */
struct weighings {
    unsigned char weight[RULE_COUNT]; /* enum rule_weight; 0: as it is */
};

void verdict_add(struct arena *a, struct verdict *v, const struct finding *f);
/* Forgets its findings. */
void verdict_clear(struct verdict *v);
/* A broken rule, as the table and the command line weigh it. */
void verdict_break(struct arena *a, struct verdict *v, const struct weighings *w, enum rule rule, const char *place,
                   const char *text);

struct verdicts {
    const struct verdict *list;
    size_t count;
};

void verdicts_text(const struct verdicts *all, struct buf *out);
void verdicts_json(const struct verdicts *all, struct buf *out);
void verdicts_junit(struct arena *a, const struct verdicts *all, struct buf *out);
void verdicts_sarif(const struct verdicts *all, struct buf *out); /* SARIF 2.1.0 */
