#include "console/undertaking.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "console/ask.h"
#include "console/daemons.h"

#include <unistd.h>

#define STEPS_MAX 8
#define PATIENCE  (30 * (uint64_t)1000000000) /* ns; a daemon that was killed is there again much sooner */
#define RETRY     (50 * (uint64_t)1000000)
#define SETTLE    (20 * (uint64_t)1000000000)
#define AGAIN_MAX ((size_t)64 << 10)
#define NEVER     UINT64_MAX
#define TURN_MS   20

struct outcome {
    bool is_over;
    int status; /* 200: all went well */
    const char *why;
};

struct undertaking {
    struct console *console;
    struct arena *arena;
    struct ask ask; /* as whom daemons are asked: arena and console alone */
    struct ask *asker;
    struct outcome *outcome; /* of the asker */
    const char *again;
    struct step steps[STEPS_MAX];
    size_t count, at, began; /* began: the first of the steps under way */
    struct daemon_page *page;
    uint64_t next_try, gives_up; /* ticks; while a daemon does not answer */
    uint64_t patience;
    undertaking_own *first, *last;
    const char *arg; /* theirs */
    bool has_begun;
    struct undertaking *next;
};

/* ---- making ---- */

struct undertaking *undertaking_new(struct console *c, struct ask *asker)
{
    struct arena *a = arena_new();
    struct undertaking *u = ARENA_NEW(a, struct undertaking);

    u->console = c;
    u->arena = a;
    u->ask = (struct ask){ .console = c, .arena = a };
    u->asker = asker;
    u->patience = PATIENCE;
    return u;
}

struct arena *undertaking_arena(struct undertaking *u)
{
    return u->arena;
}

void undertaking_step(struct undertaking *u, const struct step *step)
{
    if (u->count == STEPS_MAX)
        die("an undertaking of more than %d steps", STEPS_MAX);
    u->steps[u->count++] = *step;
}

void undertaking_around(struct undertaking *u, undertaking_own *first, undertaking_own *last, const char *arg)
{
    u->first = first;
    u->last = last;
    u->arg = arena_strdup(u->arena, arg);
}

void undertaking_insist(struct undertaking *u, const char *again)
{
    u->again = again;
}

/* ---- the file ---- */

static const char *file_of(struct arena *a, const struct console *c)
{
    return arena_printf(a, "%s/console/undertaking.json", c->data);
}

static enum rc file_keep(struct undertaking *u)
{
    TRY(file_mkdirs(arena_printf(u->arena, "%s/console", u->console->data), 0700));
    return file_replace(file_of(u->arena, u->console), str_from(u->again), 0600);
}

static void file_forget(struct undertaking *u)
{
    const char *file = file_of(u->arena, u->console);

    if (u->again != NULL && unlink(file) != 0)
        log_warn("%s cannot be removed: what it names will be done again at the next start", file);
}

/* ---- one step after the other ---- */

/* Of the pages of a step, the first that did not go well; NULL: all did. */
static const struct daemon_page *failure_of(const struct daemon_page *page)
{
    while (page != NULL && page->rc == OK && page->status == 200)
        page = page->next;
    return page;
}

static void step_begin(struct undertaking *u)
{
    struct daemon_page **end = &u->page;

    u->began = u->at;
    do {
        const struct step *s = &u->steps[u->at++];
        *end = daemons_ask(&u->ask, s->daemon, s->method, s->path, s->body);
        while (*end != NULL)
            end = &(*end)->next;
    } while (u->at < u->count && u->steps[u->at].is_beside);
}

/* A daemon that said nothing may be starting again, and is asked once more; one that said no is not. */
static bool tries_again(struct undertaking *u, const struct daemon_page *failure)
{
    uint64_t now = clock_ticks();

    if (failure->rc == OK)
        return false;
    if (u->gives_up == 0)
        u->gives_up = u->patience == NEVER ? NEVER : now + u->patience;
    if (now >= u->gives_up)
        return false;
    u->next_try = now + RETRY;
    u->at = u->began;
    return true;
}

/* LATER; or *failure is what stopped it, NULL: nothing. */
static enum rc steps_go_on(struct undertaking *u, const struct daemon_page **failure)
{
    while (u->page != NULL || u->at < u->count) {
        if (u->page == NULL && clock_ticks() < u->next_try)
            return LATER;
        if (u->page == NULL)
            step_begin(u);
        if (!daemons_over(u->page))
            return LATER;
        const struct daemon_page *failed = failure_of(u->page);
        u->page = NULL;
        if (failed != NULL && !tries_again(u, failed)) {
            *failure = failed;
            return OK;
        }
    }
    return OK;
}

/* ---- its end ---- */

static void tell(struct undertaking *u, int status, const char *why)
{
    if (u->asker == NULL) {
        if (status != 200)
            log_error("what had been interrupted could not be finished: %s", why);
        return;
    }
    *u->outcome = (struct outcome){ .is_over = true, .status = status, .why = arena_strdup(u->asker->arena, why) };
}

static void end(struct undertaking *u, enum rc rc, const struct daemon_page *failure)
{
    if (failure != NULL)
        tell(u, failure->rc != OK ? 502 : failure->status,
             arena_printf(u->arena, "%s: %s", failure->daemon,
                          failure->rc != OK ? failure->why : buf_text(failure->body)));
    else if (rc != OK)
        tell(u, 500, "it could not be done; the log of the console says why");
    else
        tell(u, 200, NULL);
    file_forget(u); /* whoever was told that it failed asks again */
}

static enum rc own_run(struct undertaking *u, undertaking_own *run)
{
    return run == NULL ? OK : run(u->console, u->arena, u->arg);
}

/* LATER; otherwise it is over, and *failure says which daemon's fault that is, if one's. */
static enum rc go_on(struct undertaking *u, const struct daemon_page **failure)
{
    *failure = NULL;
    if (!u->has_begun)
        TRY(own_run(u, u->first));
    u->has_begun = true;
    TRY(steps_go_on(u, failure));
    return *failure != NULL ? OK : own_run(u, u->last);
}

bool undertakings_go_on(struct console *c)
{
    const struct daemon_page *failure;

    for (struct undertaking *u; (u = c->undertakings) != NULL;) {
        enum rc rc = go_on(u, &failure);
        if (rc == LATER)
            return true;
        end(u, rc, failure);
        c->undertakings = u->next;
        arena_free(u->arena);
    }
    return false;
}

/* ---- who waits ---- */

static void asker_left(void *arg)
{
    const struct ask *asker = arg;

    for (struct undertaking *u = asker->console->undertakings; u != NULL; u = u->next) {
        if (u->asker == asker)
            u->asker = NULL;
    }
}

void undertaking_begin(struct undertaking *u)
{
    struct undertaking **place = &u->console->undertakings;

    if (u->asker != NULL) {
        u->asker->state = u->outcome = ARENA_NEW(u->asker->arena, struct outcome);
        arena_defer(u->asker->arena, asker_left, u->asker);
    }
    if (u->again != NULL && file_keep(u) != OK)
        log_warn("what is under way will not be finished if the console is killed now");
    while (*place != NULL)
        place = &(*place)->next;
    *place = u;
    if (undertakings_go_on(u->console))
        door_schedule(u->console);
}

bool undertaking_reply(struct ask *asker, const char *did, const char *name)
{
    const struct outcome *o = asker->state;

    if (!o->is_over)
        return false;
    if (o->status == 200)
        ask_done_reply(asker, did, name);
    else
        ask_refuse(asker, o->status, NULL, NULL, "%s", o->why);
    return true;
}

/* ---- the console starts and stops ---- */

void undertakings_settle(struct console *c, struct undertaking *(*make)(struct console *c, const struct json *again))
{
    struct arena *a = arena_new();
    struct json *again = NULL;
    struct str text;

    if (file_read(a, file_of(a, c), AGAIN_MAX, &text) == OK) {
        struct undertaking *u = json_parse(a, text, &again, NULL) == OK ? make(c, again) : NULL;
        if (u == NULL) {
            log_warn("%s cannot be read, and is forgotten", file_of(a, c));
            (void)unlink(file_of(a, c));
        } else {
            log_info("what was interrupted is finished first");
            u->patience = NEVER;
            undertaking_begin(u);
        }
    }
    arena_free(a);
    for (uint64_t until = clock_ticks() + SETTLE; c->undertakings != NULL && clock_ticks() < until;)
        loop_turn(c->service->loop, TURN_MS);
}

void undertakings_close(struct console *c)
{
    for (struct undertaking *u = c->undertakings, *next; u != NULL; u = next) {
        next = u->next;
        arena_free(u->arena);
    }
    c->undertakings = NULL;
}
