/* What daemons do to their state (actor/state.h), done to all of them. */
#include "console/state.h"

#include "actor/state.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "console/ask.h"
#include "console/undertaking.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define META_MAX ((size_t)1 << 20)

static void failed_reply(struct ask *ask)
{
    ask_refuse(ask, 500, NULL, NULL, "it could not be done; the log of the console says why");
}

/* ---- reset ---- */

#define NO_FAULTS "{\"faults\": []}"

static bool wants(const char *what, const char *part)
{
    return strcmp(what, "all") == 0 || strcmp(what, part) == 0;
}

/* For daemons that start meanwhile. */
static enum rc faults_reset(struct console *c, struct arena *a, const char *what)
{
    const char *faults = arena_printf(a, "%s/faults.json", c->data);

    return wants(what, "faults") && access(faults, F_OK) == 0 ? file_replace(faults, STR(NO_FAULTS), 0600) : OK;
}

static enum rc journal_reset(struct console *c, struct arena *a UNUSED, const char *what)
{
    if (!wants(what, "journal"))
        return OK;
    index_refresh(c->index);
    return index_clear(c->index);
}

static struct undertaking *reset_make(struct console *c, struct ask *asker, const char *what)
{
    const struct str state = STR("{\"do\": \"reset\"}");
    const struct {
        const char *part;
        struct step step;
    } steps[] = {
        { "faults", { NULL, false, "PUT", "/faults", STR(NO_FAULTS) } },
        { "data", { NULL, true, "POST", "/state", state } },
        { "data",
          { "audit", false, "POST", "/state", state } }, /* what daemons told of just before may come only now */
    };
    struct undertaking *u = undertaking_new(c, asker);

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (wants(what, steps[i].part))
            undertaking_step(u, &steps[i].step);
    }
    undertaking_around(u, faults_reset, journal_reset, what);
    undertaking_insist(u, arena_printf(undertaking_arena(u), "{\"do\": \"reset\", \"what\": \"%s\"}\n", what));
    return u;
}

bool world_reset(struct ask *ask)
{
    const char *what = ask_param(ask, "what") != NULL ? ask_param(ask, "what") : "all";

    if (ask->state == NULL)
        undertaking_begin(reset_make(ask->console, ask, what));
    return undertaking_reply(ask, "reset", what);
}

/* ---- snapshots ---- */

static const char *folder_of_all(struct arena *a, const struct console *c)
{
    return arena_printf(a, "%s/snapshots", c->data);
}

static const char *folder_of(struct arena *a, const struct console *c, const char *name)
{
    return arena_printf(a, "%s/%s", folder_of_all(a, c), name);
}

static const char *meta_of(struct arena *a, const struct console *c, const char *name)
{
    return arena_printf(a, "%s/snapshot.json", folder_of(a, c, name));
}

/* True when it was refused: no name for a folder. */
static bool name_refused(struct ask *ask)
{
    if (state_is_name(ask->segment))
        return false;
    ask_refuse(ask, 400, "path.name", NULL,
               "a snapshot's name has up to 64 letters, digits, \"-\", \"_\" and \".\", and does not begin with \".\"");
    return true;
}

static struct json *meta_read(struct ask *ask, const char *name)
{
    struct json *meta;
    struct str text;

    if (file_read(ask->arena, meta_of(ask->arena, ask->console, name), META_MAX, &text) != OK ||
        json_parse(ask->arena, text, &meta, NULL) != OK)
        return NULL;
    return meta;
}

/* What must be alike where it is restored: people who were seeded follow from it. */
static const struct {
    const char *name;
    enum config_key key;
    bool is_number;
} origins[] = { { "seed", CONFIG_SEED, true },
                { "population", CONFIG_POPULATION, false },
                { "typingErrors", CONFIG_TYPING_ERRORS, true },
                { "communities", CONFIG_COMMUNITIES, false } };

static const char *origin_text(struct arena *a, const struct console *console, size_t i)
{
    const struct config *c = console->daemon->config;

    return origins[i].is_number ? arena_printf(a, "%lld", config_number(c, origins[i].key))
                                : config_text(c, origins[i].key);
}

/* The last of a snapshot's files: without it there is none. */
static enum rc meta_write(struct console *c, struct arena *a, const char *name)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    struct json_writer w;
    char now[CLOCK_ISO_LEN];

    clock_iso(time(NULL), now); /* the machine's, whatever --clock says */
    jw_init(&w, text, true);
    jw_object(&w, NULL);
    jw_text(&w, "name", name);
    jw_text(&w, "version", KK_VERSION);
    jw_text(&w, "saved", now);
    for (size_t i = 0; i < ARRAY_LEN(origins); i++)
        jw_text(&w, origins[i].name, origin_text(a, c, i));
    jw_end_object(&w);
    return file_write(meta_of(a, c, name), buf_str(text), 0600);
}

static enum rc folder_empty(struct console *c, struct arena *a, const char *name)
{
    TRY(file_remove_all(folder_of(a, c, name)));
    return file_mkdirs(folder_of(a, c, name), 0700);
}

/* The registry before the repository: its copy then never names a document that the repository's has not. */
static struct undertaking *save_make(struct ask *ask)
{
    static const char *const order[] = { "gateway", "registry", "pixmgr", "repository", "audit" };
    struct undertaking *u = undertaking_new(ask->console, ask);
    const char *body = arena_printf(undertaking_arena(u), "{\"do\": \"save\", \"snapshot\": \"%s\"}", ask->segment);

    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        undertaking_step(u, &(struct step){ order[i], false, "POST", "/state", str_from(body) });
    undertaking_around(u, folder_empty, meta_write, ask->segment);
    return u;
}

bool snapshot_save(struct ask *ask)
{
    if (name_refused(ask))
        return true;
    if (ask->state == NULL)
        undertaking_begin(save_make(ask));
    return undertaking_reply(ask, "saved", ask->segment);
}

/* True when it was refused: there is none, or it is of other people. */
static bool meta_refused(struct ask *ask)
{
    const struct json *meta = meta_read(ask, ask->segment);

    if (meta == NULL) {
        ask_refuse(ask, 404, "path.name", NULL, "there is no snapshot \"%.64s\"", ask->segment);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(origins); i++) {
        const char *there = json_text(meta, origins[i].name);
        const char *here = origin_text(ask->arena, ask->console, i);
        if (text_equal(there, here))
            continue;
        ask_refuse(ask, 409, NULL, NULL, "the snapshot is of a world with %s %s; this one has %s", origins[i].name,
                   there != NULL ? there : "unknown", here);
        return true;
    }
    return false;
}

static struct undertaking *restore_make(struct console *c, struct ask *asker, const char *name)
{
    struct undertaking *u = undertaking_new(c, asker);
    const char *body = arena_printf(undertaking_arena(u), "{\"do\": \"restore\", \"snapshot\": \"%s\"}", name);

    undertaking_step(u, &(struct step){ NULL, false, "POST", "/state", str_from(body) });
    undertaking_insist(u, body);
    return u;
}

bool snapshot_restore(struct ask *ask)
{
    if (name_refused(ask) || (ask->state == NULL && meta_refused(ask)))
        return true;
    if (ask->state == NULL)
        undertaking_begin(restore_make(ask->console, ask, ask->segment));
    return undertaking_reply(ask, "restored", ask->segment);
}

struct undertaking *world_again(struct console *c, const struct json *again)
{
    const char *verb = json_text(again, "do"), *what = json_text(again, "what"), *name = json_text(again, "snapshot");

    if (text_equal(verb, "reset") && what != NULL)
        return reset_make(c, NULL, what);
    if (text_equal(verb, "restore") && name != NULL && state_is_name(name))
        return restore_make(c, NULL, name);
    return NULL;
}

bool snapshot_remove(struct ask *ask)
{
    if (name_refused(ask))
        return true;
    if (meta_read(ask, ask->segment) == NULL)
        ask_refuse(ask, 404, "path.name", NULL, "there is no snapshot \"%.64s\"", ask->segment);
    else if (file_remove_all(folder_of(ask->arena, ask->console, ask->segment)) == OK)
        ask_done_reply(ask, "removed", ask->segment);
    else
        failed_reply(ask);
    return true;
}

/* A copy from elsewhere has the name of its folder. */
static void meta_show(struct json_writer *w, const char *name, const struct json *meta)
{
    jw_object(w, NULL);
    jw_text(w, "name", name);
    for (const struct json *m = meta->first; m != NULL; m = m->next) {
        if (m->type == JSON_T_TEXT && strcmp(m->key, "name") != 0)
            jw_text(w, m->key, m->text);
    }
    jw_end_object(w);
}

bool snapshot_list(struct ask *ask)
{
    struct json_writer *w = ask_json(ask);
    char **names;
    size_t count = 0;
    struct stat st;

    if (stat(folder_of_all(ask->arena, ask->console), &st) == 0 &&
        file_list(ask->arena, folder_of_all(ask->arena, ask->console), "", &names, &count) != OK) {
        failed_reply(ask);
        return true;
    }
    jw_object(w, NULL);
    jw_list(w, "snapshots");
    for (size_t i = 0; i < count; i++) {
        const struct json *meta = state_is_name(names[i]) ? meta_read(ask, names[i]) : NULL;
        if (meta != NULL)
            meta_show(w, names[i], meta);
    }
    jw_end_list(w);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}
