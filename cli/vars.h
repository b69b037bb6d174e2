#pragma once
/* Named texts in order: the parameters of a message, the variables of a scenario. A name may carry several values. */

#include <stddef.h>

struct arena;

struct var {
    const char *name, *value;
    struct var *next;
};

struct vars {
    struct arena *arena;
    struct var *first;
};

/* Names and values are copied. vars_set replaces all of a name by one value, vars_add adds another behind them. */
void vars_set(struct vars *v, const char *name, const char *value);
void vars_add(struct vars *v, const char *name, const char *value);

/* The first value; NULL when there is none. */
const char *vars_get(const struct vars *v, const char *name);

/* for (const struct var *p = vars_first(v, name); p != NULL; p = vars_next(p)): every value of a name. */
const struct var *vars_first(const struct vars *v, const char *name);
const struct var *vars_next(const struct var *p);
