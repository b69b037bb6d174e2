#include "cli/vars.h"

#include "base/arena.h"
#include "base/str.h"

void vars_add(struct vars *v, const char *name, const char *value)
{
    struct var **end = &v->first;
    struct var *p = ARENA_NEW(v->arena, struct var);

    while (*end != NULL)
        end = &(*end)->next;
    p->name = arena_strdup(v->arena, name);
    p->value = arena_strdup(v->arena, value);
    *end = p;
}

void vars_set(struct vars *v, const char *name, const char *value)
{
    for (struct var **at = &v->first; *at != NULL;) {
        if (text_equal((*at)->name, name))
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
    vars_add(v, name, value);
}

static const struct var *find_from(const struct var *p, const char *name)
{
    while (p != NULL && !text_equal(p->name, name))
        p = p->next;
    return p;
}

const struct var *vars_first(const struct vars *v, const char *name)
{
    return find_from(v->first, name);
}

const struct var *vars_next(const struct var *p)
{
    return find_from(p->next, p->name);
}

const char *vars_get(const struct vars *v, const char *name)
{
    const struct var *p = vars_first(v, name);

    return p == NULL ? NULL : p->value;
}
