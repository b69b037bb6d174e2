#include "world/world.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "model/oid.h"
#include "world/code_file.h"
#include "world/community_file.h"
#include "world/linkage.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what must differ between communities ---- */

struct identifier {
    const char *text, *place;
    const struct community *owner;
};

/* Equal ones in the order of their communities, so that the later one is complained of. */
static int by_text(const void *a, const void *b)
{
    const struct identifier *left = a, *right = b;
    int texts = strcmp(left->text, right->text);

    return texts != 0 ? texts : (left->owner > right->owner) - (left->owner < right->owner);
}

static size_t identifiers_of(const struct community *c, struct identifier *out)
{
    size_t n = 0;

    out[n++] = (struct identifier){ c->key, "key", c };
    if (!text_equal(c->key, c->slug))
        out[n++] = (struct identifier){ c->slug, "slug", c };
    out[n++] = (struct identifier){ oid_of_urn(c->home_community_id), "simulation.homeCommunityId", c };
    out[n++] = (struct identifier){ c->patient_id_domain, "simulation.patientIdDomain", c };
    for (const struct facility *f = c->facilities; f != NULL; f = f->next)
        out[n++] = (struct identifier){ f->oid, "simulation.facilities", c };
    for (const struct repository *p = c->repositories; p != NULL; p = p->next)
        out[n++] = (struct identifier){ p->unique_id, "simulation.repositories", c };
    return n;
}

static size_t identifier_count(const struct community *c)
{
    size_t n = 4;

    for (const struct facility *f = c->facilities; f != NULL; f = f->next)
        n++;
    for (const struct repository *p = c->repositories; p != NULL; p = p->next)
        n++;
    return n;
}

/* Keys, slugs and OIDs lead to one community each: a doubled one would make messages arrive somewhere else. */
static enum rc identifiers_check(struct arena *a, const struct world *w, const char *const *paths)
{
    size_t room = 0, n = 0;
    enum rc rc = OK;

    for (size_t i = 0; i < w->count; i++)
        room += identifier_count(&w->communities[i]);
    struct identifier *all = ARENA_ARRAY(a, struct identifier, room);
    for (size_t i = 0; i < w->count; i++)
        n += identifiers_of(&w->communities[i], all + n);
    qsort(all, n, sizeof(*all), by_text);
    for (size_t i = 1; i < n; i++) {
        if (text_equal(all[i - 1].text, all[i].text))
            rc = community_file_complain(paths[all[i].owner - w->communities], all[i].place, "\"%s\" is also %s of %s",
                                         all[i].text, all[i - 1].place, all[i - 1].owner->key);
    }
    return rc;
}

static enum rc locate_at_check(struct arena *a, const struct world *w, const char *const *paths)
{
    enum rc rc = OK;

    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = &w->communities[i];
        if (c->locate_at != NULL && world_find(w, c->locate_at) == NULL)
            rc = community_file_complain(paths[i], arena_printf(a, "simulation.%s", locate_member(c->locate)),
                                         "there is no community %s", c->locate_at);
    }
    return rc;
}

enum rc world_check(struct arena *a, const struct world *w, const char *const *paths)
{
    enum rc identifiers = identifiers_check(a, w, paths), asked = locate_at_check(a, w, paths);
    return identifiers != OK ? identifiers : asked;
}

/* ---- which live ---- */

static enum rc name_keep(const struct world *all, const char *name, bool *kept)
{
    const struct community *c = world_find(all, name);

    if (c == NULL) {
        fprintf(stderr, "kakehashi: --communities: there is no community \"%s\"\n", name);
        return E_CONFIG;
    }
    kept[c - all->communities] = true;
    return OK;
}

static enum rc names_keep(struct arena *a, const struct world *all, const char *names, bool *kept)
{
    char *rest = arena_strdup(a, names);

    for (char *name; (name = strsep(&rest, ",")) != NULL;) {
        struct str trimmed = str_trim(str_from(name));
        if (trimmed.len > 0)
            TRY(name_keep(all, str_dup(a, trimmed), kept));
    }
    for (size_t i = 0; i < all->count; i++) {
        const char *asked = all->communities[i].locate_at;
        if (kept[i] && asked != NULL)
            TRY(name_keep(all, asked, kept));
    }
    return OK;
}

static enum rc world_choose(struct arena *a, const struct world *all, const char *names, struct world *out)
{
    bool *kept = ARENA_ARRAY(a, bool, all->count);

    if (strcmp(names, "all") == 0)
        memset(kept, true, all->count * sizeof(*kept));
    else
        TRY(names_keep(a, all, names, kept));

    out->communities = ARENA_ARRAY(a, struct community, all->count);
    for (size_t i = 0; i < all->count; i++) {
        if (kept[i])
            out->communities[out->count++] = all->communities[i];
    }
    if (out->count == 0) {
        fprintf(stderr, "kakehashi: --communities: \"%s\" names no community\n", names);
        return E_CONFIG;
    }
    return OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct community *)a)->key, ((const struct community *)b)->key);
}

enum rc world_read(struct arena *a, const char *folder, struct world *all)
{
    enum rc rc = OK;
    char **names;
    size_t count;

    if (file_list(a, folder, ".json", &names, &count) != OK || count == 0) {
        fprintf(stderr, "kakehashi: no communities in %s (--fixtures names the folder above it)\n", folder);
        return E_CONFIG;
    }
    *all = (struct world){ .communities = ARENA_ARRAY(a, struct community, count) };
    for (; all->count < count; all->count++) {
        if (community_file_read(a, folder, names[all->count], &all->communities[all->count]) != OK)
            rc = E_CONFIG; /* the other files' faults are told, too */
    }
    TRY(rc);
    qsort(all->communities, all->count, sizeof(*all->communities), by_key);
    const char **paths = ARENA_ARRAY(a, const char *, count);
    for (size_t i = 0; i < count; i++)
        paths[i] = arena_printf(a, "%s/%s.json", folder, all->communities[i].key);
    return world_check(a, all, paths);
}

static enum lens lens_of(const struct config *c)
{
    const char *word = config_text(c, CONFIG_PROFILES);

    for (int lens = LENS_ALL; lens <= LENS_SURVEYED; lens++) {
        if (text_equal(lens_name((enum lens)lens), word))
            return (enum lens)lens;
    }
    die("config: --profiles %s is no lens", word);
}

enum rc world_everyone(struct arena *a, const char *fixtures, struct world **out)
{
    struct world *all = ARENA_NEW(a, struct world);

    TRY(world_read(a, arena_printf(a, "%s/networks", fixtures), all));
    *out = all;
    return OK;
}

/* ---- who lives elsewhere ---- */

static enum rc peer_complain(const char *entry, const char *what)
{
    fprintf(stderr, "kakehashi: --peers: \"%s\": %s; an entry is like 0026=https://host:18107\n", entry, what);
    return E_CONFIG;
}

/* "0026=https://host:18107" of the communities that the files describe, in *out as another one that is picked. */
static enum rc peer_pick(struct arena *a, const struct world *all, const char *entry, struct world *out)
{
    const char *equals = strchr(entry, '=');

    if (equals == NULL || (!text_starts(equals + 1, "https://") && !text_starts(equals + 1, "http://")))
        return peer_complain(entry, "no address of a gateway");
    const struct community *c = world_find(all, arena_strndup(a, entry, (size_t)(equals - entry)));
    if (c == NULL)
        return peer_complain(entry, "there is no such community");
    for (size_t i = 0; i < out->count; i++) {
        if (text_equal(out->communities[i].key, c->key))
            return peer_complain(entry, "it lives here, or was named before; --communities says who lives here");
    }
    out->communities[out->count] = *c;
    out->communities[out->count++].gateway_at = equals + 1;
    return OK;
}

static enum rc peers_pick(struct arena *a, const struct world *all, const char *peers, struct world *out)
{
    char *copy = arena_strdup(a, peers), *saved;

    for (char *entry = strtok_r(copy, " ", &saved); entry != NULL; entry = strtok_r(NULL, " ", &saved))
        TRY(peer_pick(a, all, entry, out));
    qsort(out->communities, out->count, sizeof(*out->communities), by_key);
    return OK;
}

/* The chosen ones once more, for as long as the daemon lives; all the others go with the scratch. */
static enum rc chosen_read(struct arena *a, const char *folder, const struct world *picked, struct world *out)
{
    out->communities = ARENA_ARRAY(a, struct community, picked->count);
    for (; out->count < picked->count; out->count++) {
        const char *name = arena_printf(a, "%s.json", picked->communities[out->count].key);
        TRY(community_file_read(a, folder, name, &out->communities[out->count]));
        out->communities[out->count].gateway_at = arena_strdup(a, picked->communities[out->count].gateway_at);
    }
    return OK;
}

static enum rc world_pick(struct arena *a, struct arena *scratch, const char *fixtures, const char *names,
                          const char *peers, struct world *out)
{
    const char *folder = arena_printf(scratch, "%s/networks", fixtures);
    struct world all = { 0 }, picked = { 0 };

    TRY(world_read(scratch, folder, &all));
    TRY(world_choose(scratch, &all, names, &picked));
    TRY(peers_pick(scratch, &all, peers, &picked));
    return chosen_read(a, folder, &picked, out);
}

static enum rc load(struct arena *a, const struct config *c, const char *peers, struct world **out)
{
    const char *fixtures = world_fixtures(a, c);
    struct world *chosen = ARENA_NEW(a, struct world);
    struct arena *scratch = arena_new();
    struct linkage *linkages;

    enum rc rc = world_pick(a, scratch, fixtures, config_text(c, CONFIG_COMMUNITIES), peers, chosen);
    arena_free(scratch);
    TRY(rc);
    TRY(linkages_read(a, fixtures, &linkages));
    linkages_apply(a, linkages, chosen);
    chosen->lens = lens_of(c);
    TRY(community_checks_settle(a, c, fixtures, chosen));
    *out = chosen;
    return OK;
}

enum rc world_load(struct arena *a, const struct config *c, struct world **out)
{
    return load(a, c, "", out);
}

enum rc world_load_with_peers(struct arena *a, const struct config *c, struct world **out)
{
    return load(a, c, config_text(c, CONFIG_PEERS), out);
}

/* ---- where the fixtures are ---- */

static const char *fixtures_above(struct arena *a, const char *program)
{
    static const char *const places[] = { "share/kakehashi", "fixtures" }; /* installed; built in the source tree */
    char *folder = arena_strdup(a, program);

    for (char *slash; (slash = strrchr(folder, '/')) != NULL;) {
        *slash = '\0';
        for (size_t i = 0; i < ARRAY_LEN(places); i++) {
            char *found = arena_printf(a, "%s/%s", folder, places[i]);
            if (access(arena_printf(a, "%s/networks", found), R_OK) == 0)
                return found;
        }
    }
    return NULL;
}

const char *world_fixtures(struct arena *a, const struct config *c)
{
    char program[PATH_MAX];
    const char *named = config_text(c, CONFIG_FIXTURES);

    if (named[0] != '\0')
        return named;
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (n <= 0)
        return "fixtures";
    program[n] = '\0';
    const char *found = fixtures_above(a, program);
    return found == NULL ? "fixtures" : found; /* beside the working folder, or the complaint names it */
}
