/*
 * What daemons do to their state (actor/state.h), done to all of them. A registry is saved before the repository: its
 * copy then never names a document that the repository's has not.
 */
#include "console/state.h"

#include "actor/state.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "console/ask.h"
#include "console/daemons.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define META_MAX  ((size_t)1 << 20)
#define STEPS_MAX 8

/* ---- one step after the other ---- */

struct step {
    const char *daemon; /* NULL: all at once */
    bool is_beside;     /* it begins together with the one before */
    const char *method, *path;
    struct str body;
};

struct plan {
    struct step steps[STEPS_MAX];
    size_t count, at;
    struct daemon_page *page; /* of the steps under way */
};

static void step_add(struct plan *p, const char *daemon, const char *method, const char *path, const char *body)
{
    p->steps[p->count++] = (struct step){ daemon, false, method, path, str_from(body) };
}

/* Of the pages of a step, the first that did not go well; NULL: all did. */
static const struct daemon_page *failure_of(const struct daemon_page *page)
{
    while (page != NULL && page->rc == OK && page->status == 200)
        page = page->next;
    return page;
}

static void step_begin(struct ask *ask, struct plan *p)
{
    struct daemon_page **end = &p->page;

    do {
        const struct step *s = &p->steps[p->at++];
        *end = daemons_ask(ask, s->daemon, s->method, s->path, s->body);
        while (*end != NULL)
            end = &(*end)->next;
    } while (p->at < p->count && p->steps[p->at].is_beside);
}

/* LATER: not over yet. E_REFUSED: a daemon did not do it, and the asker was told. */
static enum rc plan_go_on(struct ask *ask, struct plan *p)
{
    while (p->page != NULL || p->at < p->count) {
        if (p->page == NULL)
            step_begin(ask, p);
        if (!daemons_over(p->page))
            return LATER;
        if (failure_of(p->page) != NULL) {
            daemon_page_reply(ask, failure_of(p->page));
            return E_REFUSED;
        }
        p->page = NULL;
    }
    return OK;
}

static void done_reply(struct ask *ask, const char *did, const char *name)
{
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_text(w, did, name);
    jw_number(w, "tookMs", (double)((clock_ticks() - ask->begun) / 1000) / 1000);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
}

static void failed_reply(struct ask *ask)
{
    ask_refuse(ask, 500, NULL, NULL, "it could not be done; the log of the console says why");
}

/* ---- reset ---- */

#define NO_FAULTS "{\"faults\": []}"

static bool wants(const struct ask *ask, const char *part)
{
    const char *what = ask_param(ask, "what");

    return what == NULL || strcmp(what, "all") == 0 || strcmp(what, part) == 0;
}

static struct plan *reset_plan(struct ask *ask)
{
    struct plan *p = ARENA_NEW(ask->arena, struct plan);

    if (wants(ask, "faults"))
        step_add(p, NULL, "PUT", "/faults", NO_FAULTS);
    if (wants(ask, "data")) {
        step_add(p, NULL, "POST", "/state", "{\"do\": \"reset\"}");
        p->steps[p->count - 1].is_beside = p->count > 1;
    }
    if (wants(ask, "data")) /* what daemons had told of just before may have come only now */
        step_add(p, "audit", "POST", "/state", "{\"do\": \"reset\"}");
    return p;
}

/* What the console keeps itself: the file that daemons read when they start, and which records are to be seen. */
static enum rc own_reset(struct ask *ask)
{
    const char *faults = arena_printf(ask->arena, "%s/faults.json", ask->console->data);

    if (wants(ask, "faults") && access(faults, F_OK) == 0)
        TRY(file_replace(faults, STR(NO_FAULTS), 0600));
    if (!wants(ask, "journal"))
        return OK;
    index_refresh(ask->console->index);
    return index_clear(ask->console->index);
}

bool world_reset(struct ask *ask)
{
    if (ask->state == NULL)
        ask->state = reset_plan(ask);
    enum rc rc = plan_go_on(ask, ask->state);
    if (rc != OK)
        return rc != LATER;
    if (own_reset(ask) == OK)
        done_reply(ask, "reset", ask_param(ask, "what") != NULL ? ask_param(ask, "what") : "all");
    else
        failed_reply(ask);
    return true;
}

/* ---- snapshots ---- */

static const char *folder_of_all(struct ask *ask)
{
    return arena_printf(ask->arena, "%s/snapshots", ask->console->data);
}

static const char *folder_of(struct ask *ask, const char *name)
{
    return arena_printf(ask->arena, "%s/%s", folder_of_all(ask), name);
}

static const char *meta_of(struct ask *ask, const char *name)
{
    return arena_printf(ask->arena, "%s/snapshot.json", folder_of(ask, name));
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

    if (file_read(ask->arena, meta_of(ask, name), META_MAX, &text) != OK ||
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

static const char *origin_text(struct ask *ask, size_t i)
{
    const struct config *c = ask->console->daemon->config;

    return origins[i].is_number ? arena_printf(ask->arena, "%lld", config_number(c, origins[i].key))
                                : config_text(c, origins[i].key);
}

static enum rc meta_write(struct ask *ask)
{
    struct json_writer *w = ask_json(ask);
    char now[CLOCK_ISO_LEN];

    clock_iso(time(NULL), now); /* the machine's, whatever --clock says */
    jw_object(w, NULL);
    jw_text(w, "name", ask->segment);
    jw_text(w, "version", KK_VERSION);
    jw_text(w, "saved", now);
    for (size_t i = 0; i < ARRAY_LEN(origins); i++)
        jw_text(w, origins[i].name, origin_text(ask, i));
    jw_end_object(w);
    return file_write(meta_of(ask, ask->segment), buf_str(w->out), 0600);
}

bool snapshot_save(struct ask *ask)
{
    static const char *const order[] = { "gateway", "registry", "pixmgr", "repository", "audit" };

    if (name_refused(ask))
        return true;
    if (ask->state == NULL) {
        const char *body = arena_printf(ask->arena, "{\"do\": \"save\", \"snapshot\": \"%s\"}", ask->segment);
        struct plan *p = ask->state = ARENA_NEW(ask->arena, struct plan);
        if (file_remove_all(folder_of(ask, ask->segment)) != OK ||
            file_mkdirs(folder_of(ask, ask->segment), 0700) != OK) {
            failed_reply(ask);
            return true;
        }
        for (size_t i = 0; i < ARRAY_LEN(order); i++)
            step_add(p, order[i], "POST", "/state", body);
    }
    enum rc rc = plan_go_on(ask, ask->state);
    if (rc != OK)
        return rc != LATER;
    if (meta_write(ask) == OK) /* the last: without it there is no snapshot */
        done_reply(ask, "saved", ask->segment);
    else
        failed_reply(ask);
    return true;
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
        const char *here = origin_text(ask, i);
        if (text_equal(there, here))
            continue;
        ask_refuse(ask, 409, NULL, NULL, "the snapshot is of a world with %s %s; this one has %s", origins[i].name,
                   there != NULL ? there : "unknown", here);
        return true;
    }
    return false;
}

bool snapshot_restore(struct ask *ask)
{
    if (name_refused(ask) || (ask->state == NULL && meta_refused(ask)))
        return true;
    if (ask->state == NULL) {
        struct plan *p = ask->state = ARENA_NEW(ask->arena, struct plan);
        step_add(p, NULL, "POST", "/state",
                 arena_printf(ask->arena, "{\"do\": \"restore\", \"snapshot\": \"%s\"}", ask->segment));
    }
    enum rc rc = plan_go_on(ask, ask->state);
    if (rc == OK)
        done_reply(ask, "restored", ask->segment);
    return rc != LATER;
}

bool snapshot_remove(struct ask *ask)
{
    if (name_refused(ask))
        return true;
    if (meta_read(ask, ask->segment) == NULL)
        ask_refuse(ask, 404, "path.name", NULL, "there is no snapshot \"%.64s\"", ask->segment);
    else if (file_remove_all(folder_of(ask, ask->segment)) == OK)
        done_reply(ask, "removed", ask->segment);
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

    if (stat(folder_of_all(ask), &st) == 0 && file_list(ask->arena, folder_of_all(ask), "", &names, &count) != OK) {
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
