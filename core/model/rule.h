#pragma once
/*
 * What is asked of messages, one row a rule (rules/; docs/rules.md is printed from it): the daemons judge by them, and
 * `kakehashi validate`. A community may weigh each rule otherwise; some cannot be let pass, because what breaks them
 * cannot be used.
 */

#include "model/issue.h"

#include <stdarg.h>
#include <stdbool.h>

struct arena;
struct buf;

enum rule_weight { RULE_OFF = 1, RULE_WARN, RULE_ERROR };

/* Every row of rules/ is one, in their order; RULE_NONE is no rule. */
#define RULE(name, id, weight, section, code, en, ja) RULE_##name,
enum rule {
    RULE_NONE,
#include "model/rules.inc"
    RULE_COUNT
};
#undef RULE

struct rule_row {
    const char *id;          /* "XDS-DE-017": stays, whatever comes before it */
    enum rule_weight strict; /* with --checks strict, and unless a community says otherwise */
    bool is_firm;            /* always an error: what breaks it cannot be registered */
    const char *section;     /* "ITI TF-3: 4.2.3.2.3" */
    enum issue_code code;
    const char *en, *ja;
};

const struct rule_row *rule_row(enum rule rule);
/* By id; RULE_NONE if there is none. */
enum rule rule_find(const char *id);

/* "off", "warn", "error"; false for another word. */
bool rule_weight_parse(const char *word, enum rule_weight *out);
const char *rule_weight_word(enum rule_weight weight);

/* "XDS-DE-002=warn"; false when it is none. */
bool rule_weighing_parse(const char *text, enum rule *rule, enum rule_weight *weight);

/* What every rule weighs for one community. */
struct rule_weights {
    unsigned char weight[RULE_COUNT]; /* enum rule_weight */
};

/* strict: the table's; lenient: a warning where the rule is not firm. */
void rule_weights_init(struct rule_weights *out, bool is_lenient);
/* NULL weights are the strict ones. */
enum rule_weight rule_weight(const struct rule_weights *weights, enum rule rule);

/* What breaks a firm rule, as its row has it; always an error. */
struct issue *rule_break(struct arena *a, struct issue_list *list, enum rule rule, const char *place, const char *fmt,
                         ...) PRINTF_LIKE(5, 6);

/*
 * Adds the issue that a rule is broken, weighed as the table does when strict; rule and section stand behind the text.
 * metadata_error names the codec's user where the rule has no more specific code.
 */
struct issue *rule_issue_add(struct arena *a, struct issue_list *list, enum rule rule, enum issue_code metadata_error,
                             const char *place, const char *fmt, va_list ap) PRINTF_LIKE(6, 0);
/* Weighs what was added so: drops it, or makes it a warning or an error. Issues of no rule stay. */
void rule_issues_weigh(struct issue_list *list, const struct rule_weights *weights);

/* The table as Markdown: docs/rules.md. examples: by rule, how its refusal reads; NULL where there is none. */
void rule_markdown(const char *const examples[RULE_COUNT], struct buf *out);
