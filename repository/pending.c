/*
 * A turn every so often, twice as long as a call may take: what was pending a turn ago is not under way. Documents of
 * one repository at a time, a request each, which belongs to nobody's message.
 */
#include "repository/pending.h"

#include "actor/daemon.h"
#include "repository/confirm.h"
#include "repository/store.h"
#include "store/vault.h"

#define TURN_CALLS 2
#define BATCH_MAX  100

struct settling {
    struct service *service;
    struct loop_timer *timer;         /* of the next turn; NULL: a turn is under way */
    struct request *rq;               /* a batch's; NULL between them */
    struct store_pending_place place; /* behind the last batch */
    int64_t newest;                   /* row of this turn */
    int64_t seen;                     /* newest row when the last turn ended: the next one's newest */
};

struct batch {
    struct settling *settling;
    struct store_pending_row *rows;
};

static void turn_begin(void *settling);
static void batch_next(struct settling *st);

static void turn_end(struct settling *st)
{
    const struct config *c = st->service->daemon->config;
    int wait = (int)config_number(c, CONFIG_CALL_TIMEOUT) * TURN_CALLS;

    if (store_pending_newest(st->service->db, &st->seen) != OK)
        st->seen = 0;
    st->timer = loop_after(st->service->loop, wait, turn_begin, st);
}

static void turn_begin(void *settling)
{
    struct settling *st = settling;

    st->timer = NULL;
    st->newest = st->seen;
    st->place = (struct store_pending_place){ 0 };
    batch_next(st);
}

/* ---- a batch ---- */

static void batch_end(struct request *rq, bool goes_on)
{
    struct settling *st = ((struct batch *)rq->state)->settling;

    st->rq = NULL;
    rq_leave(rq);
    if (goes_on)
        batch_next(st);
    else
        turn_end(st);
}

static enum rc batch_forget(struct db *db, struct request *rq)
{
    const struct batch *b = rq->state;

    for (const struct store_pending_row *r = b->rows; r != NULL; r = r->next)
        TRY(store_pending_forget(db, r->id));
    return OK;
}

/* Whoever became a document is still referred to: the vault looks by itself. */
static void on_forgotten(struct request *rq, enum rc rc)
{
    const struct batch *b = rq->state;

    for (const struct store_pending_row *r = b->rows; rc == OK && r != NULL; r = r->next)
        vault_release(spool_vault(rq_spool(rq)), r->sha256);
    batch_end(rq, rc == OK);
}

static void on_confirmed(struct request *rq, enum rc rc)
{
    if (rc == OK)
        rq_write(rq, batch_forget, on_forgotten);
    else
        batch_end(rq, true); /* this registry is away; others may not be */
}

static void no_answer(struct request *rq UNUSED, enum rc rc UNUSED)
{
}

static const struct community *community_of(const struct world *w, const char *repository)
{
    for (size_t i = 0; i < w->count; i++) {
        for (const struct repository *r = w->communities[i].repositories; r != NULL; r = r->next)
            if (text_equal(r->unique_id, repository))
                return &w->communities[i];
    }
    return NULL;
}

static struct text_list *names_of(struct arena *a, const struct store_pending_row *rows)
{
    struct text_list *first = NULL, **end = &first;

    for (; rows != NULL; rows = rows->next, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct text_list);
        (*end)->text = rows->unique_id;
    }
    return first;
}

static void batch_next(struct settling *st)
{
    struct request *rq = rq_new(st->service, no_answer, NULL);
    struct batch *b = ARENA_NEW(rq->arena, struct batch);

    b->settling = st;
    rq->actor = "repository";
    rq->state = b;
    st->rq = rq;
    enum rc rc = store_pending_next(rq->arena, rq_db(rq), st->newest, BATCH_MAX, &st->place, &b->rows);
    if (rc != OK || b->rows == NULL) {
        batch_end(rq, false);
        return;
    }
    rq->community = community_of(st->service->daemon->world, st->place.repository);
    if (rq->community == NULL) { /* not of those that run */
        batch_end(rq, true);
        return;
    }
    rq_info(rq, "asks the registry about documents whose registration has no known end");
    enum rc asked = confirm_documents(rq, st->place.repository, names_of(rq->arena, b->rows), on_confirmed);
    (void)asked; /* LATER */
}

/* ---- the daemon's ---- */

enum rc pending_open(struct service *s)
{
    if (s != s->daemon->services)
        return OK;
    struct settling *st = ARENA_NEW(s->daemon->arena, struct settling);

    st->service = s;
    s->own = st;
    turn_end(st);
    return OK;
}

void pending_drain(struct service *s, int ms UNUSED, void (*done)(void *), void *arg)
{
    struct settling *st = s->own;

    if (st->timer != NULL)
        loop_cancel(st->timer);
    if (st->rq != NULL)
        rq_leave(st->rq);
    *st = (struct settling){ .service = s };
    done(arg);
}

void pending_close(struct service *s UNUSED)
{
}
