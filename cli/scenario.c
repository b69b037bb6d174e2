#include "cli/scenario.h"

#include "actor/world.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)
#define SUFFIX   ".json"

static const char *folder_of(struct arena *a, const struct config *c)
{
    return arena_printf(a, "%s/scenarios", world_fixtures(a, c));
}

static enum rc steps_check(const struct scenario *s)
{
    int n = 0;

    for (const struct json *step = s->steps->first; step != NULL; step = step->next) {
        n++;
        if (scenario_verb(step) != NULL)
            continue;
        fprintf(stderr, "kakehashi: %s: steps[%d]: none of its members is a verb (send, fill, identical)\n", s->path,
                n - 1);
        return E_CONFIG;
    }
    return OK;
}

enum rc scenario_parse(struct arena *a, const char *path, struct str bytes, struct scenario *out)
{
    struct scenario s = { .path = path };
    struct json *root;
    const char *why = "";

    if (json_parse(a, bytes, &root, &why) != OK) {
        fprintf(stderr, "kakehashi: %s: %s\n", path, why);
        return E_CONFIG;
    }
    s.root = root;
    s.name = json_text(root, "name");
    s.en = json_text(root, "en");
    s.ja = json_text(root, "ja");
    s.steps = json_get(root, "steps");
    if (s.name == NULL || s.en == NULL || s.ja == NULL || s.steps == NULL || s.steps->type != JSON_T_LIST) {
        fprintf(stderr, "kakehashi: %s: a scenario has a name, titles en and ja, and a list of steps\n", path);
        return E_CONFIG;
    }
    TRY(steps_check(&s));
    *out = s;
    return OK;
}

enum rc scenario_load(struct arena *a, const struct config *c, const char *name, struct scenario *out)
{
    const char *path = arena_printf(a, "%s/%s" SUFFIX, folder_of(a, c), name);
    struct str bytes;
    enum rc rc = strchr(name, '/') != NULL ? E_NOT_FOUND : file_read(a, path, FILE_MAX, &bytes);

    if (rc == E_NOT_FOUND) {
        fprintf(stderr, "kakehashi: there is no scenario \"%s\"; `kakehashi scenario list` shows them\n", name);
        return E_NOT_FOUND;
    }
    if (rc != OK) {
        fprintf(stderr, "kakehashi: %s cannot be read\n", path);
        return E_CONFIG;
    }
    return scenario_parse(a, path, bytes, out);
}

enum rc scenario_names(struct arena *a, const struct config *c, char ***names, size_t *count)
{
    const char *folder = folder_of(a, c);

    if (file_list(a, folder, SUFFIX, names, count) != OK) {
        fprintf(stderr, "kakehashi: no scenarios in %s\n", folder);
        return E_CONFIG;
    }
    for (size_t i = 0; i < *count; i++)
        (*names)[i][strlen((*names)[i]) - strlen(SUFFIX)] = '\0';
    return OK;
}
