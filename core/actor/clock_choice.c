#include "actor/clock_choice.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static bool read_part(const char *part, struct sntp_clock *out)
{
    char *end;

    if (text_starts(part, "stratum=")) {
        out->stratum = (int)strtol(part + 8, &end, 10);
        return end != part + 8 && *end == '\0' && out->stratum >= 1 && out->stratum <= 16;
    }
    double value = strtod(part, &end);
    if (end != part && strcmp(end, "s") == 0)
        out->offset = value;
    else if (end != part && strcmp(end, "ppm") == 0)
        out->drift = value;
    else
        return false;
    return value > -1e8 && value < 1e8;
}

static enum rc refuse(const char *entry, const char *why)
{
    log_error("--clocks: \"%s\": %s; an entry is like 0035=+2.5s,50ppm,stratum=3", entry, why);
    return E_CONFIG;
}

static enum rc read_entry(struct arena *a, const struct world *w, const char *entry, struct clock_choice **out)
{
    char *key = arena_strdup(a, entry), *parts = strchr(key, '='), *saved;
    struct clock_choice *choice = ARENA_NEW(a, struct clock_choice);

    if (parts == NULL)
        return refuse(entry, "there is no =");
    *parts++ = '\0';
    choice->community = world_find(w, key);
    choice->clock = (struct sntp_clock){ .stratum = 1 };
    if (choice->community == NULL)
        return refuse(entry, "no such community lives here");
    for (char *part = strtok_r(parts, ",", &saved); part != NULL; part = strtok_r(NULL, ",", &saved)) {
        if (!read_part(part, &choice->clock))
            return refuse(entry, "a part is neither seconds (s), nor parts per million (ppm), nor stratum=1 to 16");
    }
    *out = choice;
    return OK;
}

enum rc clock_choices_parse(struct arena *a, const struct world *w, const char *text, struct clock_choice **out)
{
    char *copy = arena_strdup(a, text), *saved;
    struct clock_choice **end = out;

    *out = NULL;
    for (char *entry = strtok_r(copy, " ", &saved); entry != NULL; entry = strtok_r(NULL, " ", &saved)) {
        TRY(read_entry(a, w, entry, end));
        end = &(*end)->next;
    }
    return OK;
}

const char *clock_choice_address(struct arena *a, const struct community *c)
{
    return arena_printf(a, "127.1.%d.%d", c->number / 256 % 256, c->number % 256);
}
