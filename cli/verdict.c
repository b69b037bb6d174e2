#include "cli/verdict.h"

#include "base/arena.h"

void verdict_add(struct arena *a, struct verdict *v, const struct finding *f)
{
    struct finding *own = arena_memdup(a, f, sizeof(*f));

    own->next = NULL;
    if (v->last != NULL)
        v->last->next = own;
    else
        v->first = own;
    v->last = own;
    if (f->is_warning)
        v->warnings++;
    else
        v->errors++;
}

void verdict_clear(struct verdict *v)
{
    v->first = v->last = NULL;
    v->errors = v->warnings = 0;
}

void verdict_break(struct arena *a, struct verdict *v, const struct weighings *w, enum rule rule, const char *place,
                   const char *text)
{
    const struct rule_row *row = rule_row(rule);
    enum rule_weight weight = w->weight[rule] != 0 ? (enum rule_weight)w->weight[rule] : row->strict;

    if (weight == RULE_OFF)
        return;
    verdict_add(a, v,
                &(struct finding){ .rule = row->id,
                                   .section = row->section,
                                   .is_warning = weight == RULE_WARN,
                                   .place = place,
                                   .text = text,
                                   .en = row->en,
                                   .ja = row->ja });
}
