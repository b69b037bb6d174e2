#include "cli/scenario.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "world/world.h"

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
        fprintf(stderr, "kakehashi: %s: steps[%d]: none of its members is a verb (send, fill, identical, consent)\n",
                s->path, n - 1);
        return E_CONFIG;
    }
    return OK;
}

const char *scenario_player(const struct scenario *s, const char *key)
{
    const struct json *role = s->roles ? s->roles->first : NULL,
                      *player = s->communities ? s->communities->first : NULL;

    for (; role != NULL && player != NULL; role = role->next, player = player->next) {
        if (text_equal(role->text, key))
            return player->text;
    }
    return key;
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
    s.linkage = json_text(root, "linkage");
    s.like = json_text(root, "like");
    s.communities = s.roles = json_get(root, "communities");
    s.steps = json_get(root, "steps");
    if (s.name == NULL || s.en == NULL || s.ja == NULL ||
        (s.like == NULL && (s.steps == NULL || s.steps->type != JSON_T_LIST))) {
        fprintf(stderr, "kakehashi: %s: a scenario has a name, titles en and ja, and a list of steps (or \"like\")\n",
                path);
        return E_CONFIG;
    }
    if (s.like == NULL)
        TRY(steps_check(&s));
    *out = s;
    return OK;
}

/* The steps, groups and variables of another scenario, played by its own communities. */
static enum rc like_take(struct arena *a, const struct config *c, struct scenario *s)
{
    struct scenario base;

    TRY(scenario_load(a, c, s->like, &base));
    size_t roles = base.roles ? base.roles->count : 0, players = s->communities ? s->communities->count : 0;
    if (base.like != NULL || roles != players) {
        fprintf(stderr, "kakehashi: %s: like: %s must have steps of its own and %zu communities\n", s->path, s->like,
                players);
        return E_CONFIG;
    }
    s->overrides = json_get(s->root, "variables");
    s->root = base.root;
    s->steps = base.steps;
    s->roles = base.roles;
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
    TRY(scenario_parse(a, path, bytes, out));
    return out->like == NULL ? OK : like_take(a, c, out);
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
