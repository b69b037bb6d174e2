/* --population: how many people live in a community. */
#include "world/people.h"

#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_COUNT 20 /* where the survey's sheet has no figure */

static enum rc complain(const char *text, const char *what)
{
    fprintf(stderr, "kakehashi: --population: \"%s\" %s\n", text, what);
    return E_CONFIG;
}

static enum rc count_parse(const char *text, struct population *out)
{
    if (out->number > (double)PEOPLE_MAX)
        return complain(text, "is more than 9999999 people a community");
    if (out->number != (double)(uint64_t)out->number)
        return complain(text, "is not a whole number of people");
    out->kind = POPULATION_COUNT;
    return OK;
}

static enum rc percent_parse(const char *text, struct population *out)
{
    if (out->number > 100)
        return complain(text, "is more than everybody: a percentage of the registered patients is 0% to 100%");
    out->kind = POPULATION_PERCENT;
    return OK;
}

/* Digits, perhaps a point and digits: what strtod takes beside that (signs, exponents, words) is no population. */
static bool number_parse(const char *text, double *number, const char **rest)
{
    char *end;

    if (!isdigit((unsigned char)text[0]) || text[strspn(text, "0123456789.%")] != '\0')
        return false;
    *number = strtod(text, &end);
    *rest = end;
    return true;
}

enum rc population_parse(const char *text, struct population *out)
{
    struct population parsed = { .kind = POPULATION_FULL };
    const char *rest = "";

    if (strcmp(text, "full") != 0) {
        if (!number_parse(text, &parsed.number, &rest) || !(rest[0] == '\0' || strcmp(rest, "%") == 0))
            return complain(text, "is neither a number (20), nor a percentage (5%), nor full");
        TRY(rest[0] == '\0' ? count_parse(text, &parsed) : percent_parse(text, &parsed));
    }
    *out = parsed;
    return OK;
}

uint64_t population_of(const struct population *p, const struct community *c)
{
    double registered = c->registered < 0 ? DEFAULT_COUNT : (double)c->registered;

    if (c->is_backbone)
        return 0;
    if (p->kind == POPULATION_COUNT)
        return (uint64_t)p->number;
    if (p->kind == POPULATION_PERCENT)
        registered = registered * p->number / 100 + 0.999999; /* a part of a person is a person */
    return (uint64_t)(registered > (double)PEOPLE_MAX ? (double)PEOPLE_MAX : registered);
}
