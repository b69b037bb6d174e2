#include "actor/request.h"

#include "actor/call.h"
#include "actor/daemon.h"
#include "base/clock.h"
#include "base/ids.h"
#include "net/http.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define RULE_ISSUES_MAX 50
#define REPLY_MAX       ((size_t)256 * 1024 * 1024)

struct request *rq_new(struct service *service, void (*answer)(struct request *rq, enum rc rc), void *door)
{
    struct arena *a = arena_new();
    struct request *rq = ARENA_NEW(a, struct request);

    rq->arena = a;
    rq->id = service->next_id;
    rq->world = atomic_load(&service->daemon->worlds);
    service->next_id += (uint64_t)service->daemon->service_count; /* no two loops give the same */
    rq->service = service;
    rq->number = 1;
    rq->reply = buf_new(a, REPLY_MAX);
    rq->started = clock_ticks();
    trace_begin(&rq->trace);
    rq->answer = answer;
    rq->door = door;
    rq->stage = "recv";
    service->requests++;
    service->live++;
    return rq;
}

static void rq_free(struct request *rq)
{
    hooks_left(rq);
    rq->service->live--;
    arena_free(rq->arena);
}

void rq_leave(struct request *rq)
{
    rq->is_gone = true;
    while (rq->calls != NULL)
        call_cancel(rq->calls);
    if (rq->waiting == 0)
        rq_free(rq);
}

void rq_stage(struct request *rq, const char *stage)
{
    rq->stage = stage;
    hooks_stage(rq, stage);
}

void rq_hold(struct request *rq)
{
    rq->waiting++;
}

bool rq_release(struct request *rq)
{
    rq->waiting--;
    if (!rq->is_gone)
        return true;
    if (rq->waiting == 0)
        rq_free(rq);
    return false;
}

void rq_done(struct request *rq, enum rc rc)
{
    if (rc == LATER || rq->is_gone)
        return;
    rq->answer(rq, rc);
}

/* ---- issues ---- */

static bool is_hearsay(const struct request *rq)
{
    return rq->is_rehearsed && strcmp(rq->stage, "store") == 0;
}

static void add(struct request *rq, enum issue_code code, const char *place, const char *fmt, va_list ap)
{
    if (is_hearsay(rq))
        return;
    const char *text = arena_vprintf(rq->arena, fmt, ap);

    issue_add(rq->arena, &rq->issues, code, place, "%s", text);
}

enum rc rq_refuse(struct request *rq, enum issue_code code, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(rq, code, place, fmt, ap);
    va_end(ap);
    return E_REFUSED;
}

void rq_warn_peer(struct request *rq, enum issue_code code, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(rq, code, place, fmt, ap);
    va_end(ap);
    struct issue *last = rq->issues.last;
    if (!is_hearsay(rq) && !last->is_warning) { /* the row calls it an error, this place a warning */
        last->is_warning = true;
        rq->issues.errors--;
        rq->issues.warnings++;
    }
}

static enum rc rule_add(struct request *rq, struct issue_list *list, enum rule rule, const char *place, const char *fmt,
                        va_list ap)
{
    const struct rule_weights *weights = rq->community != NULL ? rq->community->weights : NULL;
    enum rule_weight weight = rule_weight(weights, rule);
    struct issue_list one = { 0 };

    if (weight == RULE_OFF || is_hearsay(rq))
        return weight == RULE_ERROR ? E_REFUSED : OK;
    if (weight == RULE_ERROR)
        list = &rq->issues;
    if ((weight == RULE_ERROR ? list->errors : list->warnings) < RULE_ISSUES_MAX) {
        rule_issue_add(rq->arena, &one, rule, ISSUE_XDS_REGISTRY_METADATA_ERROR, place, fmt, ap);
        rule_issues_weigh(&one, weights);
        issue_list_join(list, &one);
    }
    return weight == RULE_ERROR ? E_REFUSED : OK;
}

enum rc rq_rule(struct request *rq, enum rule rule, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    enum rc rc = rule_add(rq, &rq->issues, rule, place, fmt, ap);
    va_end(ap);
    return rc;
}

enum rc rq_remark(struct request *rq, enum rule rule, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    enum rc rc = rule_add(rq, &rq->remarks, rule, place, fmt, ap);
    va_end(ap);
    return rc;
}

bool rq_is_strict(const struct request *rq)
{
    const char *own = rq->community != NULL ? rq->community->checks : NULL;

    return strcmp(own != NULL ? own : config_text(rq->service->daemon->config, CONFIG_CHECKS), "strict") == 0;
}

void rq_rules_weigh(struct request *rq)
{
    rule_issues_weigh(&rq->issues, rq->community->weights);
}

/* ---- the database ---- */

struct db *rq_db(struct request *rq)
{
    return rq->service->db;
}

struct spool *rq_spool(struct request *rq)
{
    return rq->service->daemon->spool;
}

struct request_write {
    struct write_job job;
    struct request *rq;
    enum rc (*run)(struct db *db, struct request *rq);
    void (*then)(struct request *rq, enum rc rc);
    enum rc rc;
};

static void write_back(void *arg)
{
    struct request_write *w = arg;

    if (rq_release(w->rq))
        w->then(w->rq, w->rc);
}

static enum rc write_run(struct db *db, struct write_job *job)
{
    struct request_write *w = job->user;

    /* What it has read is no more (state.h): nothing that follows from it may get into what there is now. */
    if (w->rq->world != atomic_load(&w->rq->service->daemon->worlds))
        return E_BUSY;
    return w->run(db, w->rq);
}

static void write_done(struct write_job *job, enum rc rc)
{
    struct request_write *w = job->user;

    w->rc = rc;
    loop_post(w->rq->service->loop, write_back, w);
}

enum rc rq_write(struct request *rq, enum rc (*run)(struct db *db, struct request *rq),
                 void (*then)(struct request *rq, enum rc rc))
{
    struct request_write *w = ARENA_NEW(rq->arena, struct request_write);

    if (rq->is_rehearsed) {
        rq_stage(rq, "store");
        return LATER;
    }
    *w = (struct request_write){
        .job = { .run = write_run, .done = write_done, .user = w }, .rq = rq, .run = run, .then = then
    };
    rq_stage(rq, "store");
    rq_hold(rq);
    enum rc rc = writer_submit(rq->service->daemon->writer, &w->job);
    if (rc != OK) { /* then must not run before we return */
        w->rc = rc;
        loop_post(rq->service->loop, write_back, w);
    }
    return LATER;
}

const char *rq_wish(const struct request *rq, const char *name)
{
    for (const struct http_header *h = rq->wishes; h != NULL; h = h->next) {
        if (strcasecmp(h->name, name) == 0)
            return h->value;
    }
    return NULL;
}

/* ---- the reply ---- */

struct part *rq_reply_part(struct request *rq, const char *content_type)
{
    struct part *part = ARENA_NEW(rq->arena, struct part), **end = &rq->reply_parts;
    char uuid[IDS_UUID_LEN];

    ids_uuid(uuid);
    part->content_id = arena_printf(rq->arena, "%s@kakehashi", uuid);
    part->content_type = content_type;
    part->fd = -1;
    while (*end != NULL)
        end = &(*end)->next;
    *end = part;
    return part;
}

/* ---- logs ---- */

void rq_log(const struct request *rq, enum log_level level, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    if (!log_wants(level))
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    log_write(level, "rq=%llx iti=%s at=%s/%s stage=%s %s", (unsigned long long)rq->id,
              rq->transaction != NULL ? rq->transaction->id : "-", rq->community != NULL ? rq->community->key : "-",
              rq->actor != NULL ? rq->actor : "-", rq->stage, text);
}
