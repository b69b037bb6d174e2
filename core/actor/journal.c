/* What the hooks tell becomes records, and the records of all loops one file. */
#include "actor/journal.h"

#include "actor/call.h"
#include "actor/daemon.h"
#include "actor/journal_queue.h"
#include "actor/journal_record.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/hl7v2.h"

#include <stdio.h>
#include <string.h>

#define STAGES_MAX 16
#define STAGE_LINE 32
#define PARTS_KEPT ((uint64_t)64 * 1024) /* larger parts by hash and size */

struct journal {
    struct journal_queue *queue;
    size_t body_max;
};

/* What is kept of a request between its hooks; in its arena. */
struct trail {
    struct str *received; /* its body, until the transaction is known: a message is told once, and whole */
    struct journal_record head;
    struct {
        const char *name;
        uint32_t us;
    } stages[STAGES_MAX];
    int stage_count;
};

/* ---- pieces of a record ---- */

static void issues_pack(const struct issue_list *list, struct buf *out)
{
    for (const struct issue *i = list->first; i != NULL; i = i->next) {
        const struct issue_row *row = issue_row(i->code);
        const struct rule_row *rule = i->rule != 0 ? rule_row((enum rule)i->rule) : NULL;
        const char *code = i->ebrs != NULL ? i->ebrs : row->ebrs != NULL ? row->ebrs : row->hl7;
        journal_issue_pack(out, &(struct journal_issue){ .code = code,
                                                         .rule = rule != NULL ? rule->id : "",
                                                         .place = i->place,
                                                         .section = rule != NULL ? rule->section : "",
                                                         .text = i->text,
                                                         .is_warning = i->is_warning });
    }
}

/* What the peer is told, and what is remarked behind its back. */
static struct str findings_pack(struct request *rq)
{
    struct buf *out;

    if (rq->issues.first == NULL && rq->remarks.first == NULL)
        return (struct str){ 0 };
    out = buf_new(rq->arena, BUF_MAX_DEFAULT);
    issues_pack(&rq->issues, out);
    issues_pack(&rq->remarks, out);
    return buf_str(out);
}

static struct str stages_write(struct request *rq, const struct trail *t)
{
    char *out = arena_alloc(rq->arena, (size_t)t->stage_count * STAGE_LINE + 1), *end = out;

    for (int i = 0; i < t->stage_count; i++)
        end += snprintf(end, STAGE_LINE, "%.16s %u\n", t->stages[i].name, t->stages[i].us);
    return (struct str){ out, (size_t)(end - out) };
}

static struct str headers_write(struct arena *a, const struct http_header *h)
{
    size_t n = 0;

    for (const struct http_header *i = h; i != NULL; i = i->next)
        n += strlen(i->name) + strlen(i->value) + 3;
    char *out = arena_alloc(a, n + 1), *end = out;
    for (; h != NULL; h = h->next)
        end = stpcpy(stpcpy(stpcpy(stpcpy(end, h->name), ": "), h->value), "\n");
    return (struct str){ out, n };
}

static struct str fault_write(struct arena *a, const struct soap_fault *f)
{
    if (f == NULL)
        return (struct str){ 0 };
    return str_from(arena_printf(a, "%s%s%s", soap_code_text(f->code), f->subcode != NULL ? " " : "",
                                 f->subcode != NULL ? f->subcode : ""));
}

static void parts_write(struct arena *a, const struct part *parts, struct journal_record *r)
{
    if (parts == NULL)
        return;
    struct buf *list = buf_new(a, BUF_MAX_DEFAULT), *bytes = buf_new(a, BUF_MAX_DEFAULT);

    for (const struct part *p = parts; p != NULL; p = p->next) {
        bool is_in_memory = p->file == NULL && p->fd < 0;
        uint64_t size = is_in_memory ? p->bytes.len : p->size;
        bool is_kept = is_in_memory && size <= PARTS_KEPT;
        journal_part_pack(list, &(struct journal_part){ p->content_id, p->content_type, p->sha1, size, is_kept });
        if (is_kept)
            buf_add_str(bytes, p->bytes);
    }
    r->text[JOURNAL_PARTS] = buf_str(list);
    r->text[JOURNAL_PART_BYTES] = buf_str(bytes);
}

/* The runs, cut to what is kept of them. */
static void body_write(const struct journal *j, struct arena *a, const struct hook_message *m, struct journal_record *r)
{
    struct str *runs = ARENA_ARRAY(a, struct str, m->run_count);
    size_t left = j->body_max;

    for (size_t i = 0; i < m->run_count; i++) {
        runs[i] = (struct str){ m->runs[i].data, MIN(m->runs[i].len, left) };
        r->body_size += m->runs[i].len;
        left -= runs[i].len;
    }
    r->runs = runs;
    r->run_count = m->run_count;
}

/* What every record of a message has. */
static struct journal_record message_record(const struct journal *j, struct arena *a, const struct trace *trace,
                                            enum journal_direction direction, const struct hook_message *m)
{
    struct journal_record r = { .time_us = clock_wall_us(), .direction = direction, .rc = m->rc, .status = m->status };
    const struct {
        enum journal_text text;
        const char *value;
    } texts[] = {
        { JOURNAL_TRACE, trace->id },  { JOURNAL_SPAN, trace->span }, { JOURNAL_PARENT, trace->parent },
        { JOURNAL_METHOD, m->method }, { JOURNAL_URL, m->url },       { JOURNAL_CONTENT_TYPE, m->content_type },
        { JOURNAL_TO, m->to },         { JOURNAL_WHY, m->why },       { JOURNAL_INJECTED, m->injected },
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        r.text[texts[i].text] = str_from(texts[i].value);
    r.text[JOURNAL_HEADERS] = headers_write(a, m->headers);
    r.text[JOURNAL_FAULT] = fault_write(a, m->fault);
    parts_write(a, m->parts, &r);
    body_write(j, a, m, &r);
    return r;
}

static struct journal_record record_of(const struct journal *j, struct request *rq, const struct trace *trace,
                                       enum journal_direction direction, const struct hook_message *m)
{
    struct journal_record r = message_record(j, rq->arena, trace, direction, m);

    r.text[JOURNAL_COMMUNITY] = str_from(rq->community != NULL ? rq->community->key : NULL);
    r.text[JOURNAL_ACTOR] = str_from(rq->actor);
    return r;
}

/* What the envelope says of itself, once it has been read. */
static void name_message(const struct request *rq, struct journal_record *r)
{
    const struct hl7v2 *v2 = rq->hl7v2;
    const struct hl7v2_segment *msh = v2 != NULL ? v2->segments : NULL;

    if (rq->transaction != NULL)
        r->text[JOURNAL_TRANSACTION] = str_from(rq->transaction->id);
    r->text[JOURNAL_ACTION] = msh != NULL ? hl7v2_field(v2, msh, 9) : str_from(rq->soap.action);
    r->text[JOURNAL_MESSAGE_ID] = str_from(msh != NULL ? hl7v2_text(v2, msh, 10, 1) : rq->soap.message_id);
}

/* ---- the hooks ---- */

static struct trail *trail_of(struct request *rq)
{
    struct trail *t = rq->hook_state[HOOKS_JOURNAL];

    if (t == NULL)
        rq->hook_state[HOOKS_JOURNAL] = t = ARENA_NEW(rq->arena, struct trail);
    return t;
}

/* The request is told when its transaction is known, or will never be. */
static void tell_received(struct journal *j, struct request *rq, struct trail *t)
{
    if (t->received == NULL)
        return;
    struct journal_record r = t->head;
    r.runs = t->received;
    r.run_count = 1;
    r.text[JOURNAL_COMMUNITY] = str_from(rq->community != NULL ? rq->community->key : NULL);
    r.text[JOURNAL_ACTOR] = str_from(rq->actor);
    name_message(rq, &r);
    t->received = NULL;
    journal_queue_put(j->queue, &r);
}

static void on_received(void *user, struct request *rq, const struct hook_message *m)
{
    struct journal *j = user;
    struct trail *t = trail_of(rq);

    t->head = record_of(j, rq, &rq->trace, JOURNAL_RECEIVED, m);
    t->head.text[JOURNAL_PEER] = str_from(rq->peer);
    t->head.text[JOURNAL_SUBJECT] = str_from(rq->peer_subject);
    t->head.text[JOURNAL_METHOD] = str_from(arena_strdup(rq->arena, m->method)); /* of the connection's request, */
    t->head.text[JOURNAL_URL] = str_from(arena_strdup(rq->arena, m->url));       /* which may be gone before ours */
    t->head.text[JOURNAL_CONTENT_TYPE] = str_from(arena_strdup(rq->arena, m->content_type));
    t->received = ARENA_NEW(rq->arena, struct str);
    if (t->head.run_count == 1 && t->head.runs[0].len > 0)
        *t->received = (struct str){ arena_memdup(rq->arena, t->head.runs[0].data, t->head.runs[0].len),
                                     t->head.runs[0].len };
}

static void on_stage(void *user, struct request *rq, const char *stage)
{
    struct trail *t = trail_of(rq);

    if (t->stage_count < STAGES_MAX) {
        t->stages[t->stage_count].name = stage;
        t->stages[t->stage_count++].us = (uint32_t)((clock_ticks() - rq->started) / 1000);
    }
    if (strcmp(stage, "serve") == 0)
        tell_received(user, rq, t);
}

static void on_answered(void *user, struct request *rq, const struct hook_message *m)
{
    struct journal *j = user;
    struct trail *t = trail_of(rq);

    tell_received(j, rq, t);
    struct journal_record r = record_of(j, rq, &rq->trace, JOURNAL_ANSWERED, m);
    name_message(rq, &r);
    r.duration_us = (clock_ticks() - rq->started) / 1000;
    r.text[JOURNAL_PEER] = str_from(rq->peer);
    r.text[JOURNAL_SUBJECT] = str_from(rq->peer_subject);
    r.text[JOURNAL_ISSUES] = findings_pack(rq);
    r.text[JOURNAL_STAGES] = stages_write(rq, t);
    journal_queue_put(j->queue, &r);
}

static void on_left(void *user, struct request *rq)
{
    if (rq->hook_state[HOOKS_JOURNAL] != NULL)
        tell_received(user, rq, rq->hook_state[HOOKS_JOURNAL]);
}

static struct journal_record call_record(const struct journal *j, struct request *rq, const struct call *call,
                                         enum journal_direction direction, const struct hook_message *m)
{
    struct journal_record r = record_of(j, rq, &call->trace, direction, m);

    r.text[JOURNAL_TRANSACTION] = str_from(call->transaction);
    r.text[JOURNAL_ACTION] = str_from(call->action);
    r.text[JOURNAL_MESSAGE_ID] = str_from(call->message_id);
    r.text[JOURNAL_URL] = str_from(call->url);
    return r;
}

static void on_calling(void *user, struct request *rq, const struct call *call, const struct hook_message *m)
{
    struct journal *j = user;
    struct journal_record r = call_record(j, rq, call, JOURNAL_CALLING, m);

    journal_queue_put(j->queue, &r);
}

static void on_called(void *user, struct request *rq, const struct call *call, const struct hook_message *m)
{
    struct journal *j = user;
    struct journal_record r = call_record(j, rq, call, JOURNAL_CALLED, m);

    r.duration_us = call->ticks / 1000;
    journal_queue_put(j->queue, &r);
}

static void put_notice(struct journal *j, struct arena *a, enum journal_direction direction,
                       const struct hook_notice *n, const struct hook_message *m)
{
    struct journal_record r = message_record(j, a, n->trace, direction, m);

    r.duration_us = n->duration_us;
    r.text[JOURNAL_COMMUNITY] = str_from(n->community->key);
    r.text[JOURNAL_ACTOR] = str_from(n->actor);
    r.text[JOURNAL_TRANSACTION] = str_from(n->transaction);
    r.text[JOURNAL_URL] = str_from(n->url);
    r.text[JOURNAL_ACTION] = str_from(n->action);
    r.text[JOURNAL_MESSAGE_ID] = str_from(n->message_id);
    journal_queue_put(j->queue, &r);
}

static void on_telling(void *user, struct arena *a, const struct hook_notice *n, const struct hook_message *m)
{
    put_notice(user, a, JOURNAL_CALLING, n, m);
}

static void on_told(void *user, struct arena *a, const struct hook_notice *n, const struct hook_message *m)
{
    put_notice(user, a, JOURNAL_CALLED, n, m);
}

static void on_recorded(void *user, struct arena *a, const struct hook_record *n)
{
    struct journal *j = user;
    const struct hook_message m = { .content_type = "text/xml", .runs = &n->text, .run_count = 1 };
    struct journal_record r = message_record(j, a, n->trace, JOURNAL_AUDITED, &m);

    r.text[JOURNAL_COMMUNITY] = str_from(n->community->key);
    r.text[JOURNAL_ACTOR] = str_from(n->actor);
    r.text[JOURNAL_TRANSACTION] = STR("ITI-20");
    r.text[JOURNAL_ACTION] = str_from(n->event);
    journal_queue_put(j->queue, &r);
}

static void on_stranger(void *user, struct service *s UNUSED, const struct hook_stranger *stranger)
{
    struct journal *j = user;
    struct journal_record r = { .time_us = clock_wall_us(), .direction = JOURNAL_STRANGER, .rc = E_REFUSED };
    struct trace trace;

    trace_begin(&trace); /* it is a conversation of its own */
    r.text[JOURNAL_TRACE] = str_from(trace.id);
    r.text[JOURNAL_SPAN] = str_from(trace.span);
    r.text[JOURNAL_PEER] = str_from(stranger->peer);
    r.text[JOURNAL_ACTOR] = str_from(stranger->door);
    r.text[JOURNAL_WHY] = str_from(stranger->reason);
    journal_queue_put(j->queue, &r);
}

static const char *metrics(void *user, struct arena *a)
{
    struct journal *j = user;
    struct journal_counts c = journal_queue_counts(j->queue);

    return arena_printf(a,
                        "# TYPE kakehashi_journal_records_total counter\nkakehashi_journal_records_total %llu\n"
                        "# TYPE kakehashi_journal_lost_total counter\nkakehashi_journal_lost_total %llu\n"
                        "# TYPE kakehashi_journal_cut_total counter\nkakehashi_journal_cut_total %llu",
                        (unsigned long long)c.written, (unsigned long long)c.lost, (unsigned long long)c.cut);
}

static const struct hooks hooks = {
    .received = on_received,
    .answered = on_answered,
    .stage = on_stage,
    .calling = on_calling,
    .called = on_called,
    .telling = on_telling,
    .told = on_told,
    .recorded = on_recorded,
    .left = on_left,
    .stranger = on_stranger,
    .metrics = metrics,
};

/* ---- opening ---- */

enum rc journal_open(struct daemon *d, struct journal **out)
{
    const struct config *c = d->config;
    const char *folder = arena_printf(d->arena, "%s/%s/journal", config_text(c, CONFIG_DATA), d->spec->name);
    uint64_t bytes = (uint64_t)config_number(c, CONFIG_JOURNAL_SIZE) << 20;
    const struct journal_limits limits = {
        .segments = { .bytes = bytes,
                      .file = MAX(bytes / 8, (uint64_t)1 << 20),
                      .max_age = config_number(c, CONFIG_JOURNAL_AGE) * 3600 },
        .rate = (uint64_t)config_number(c, CONFIG_JOURNAL_RATE) << 20,
    };
    struct journal *j = ARENA_NEW(d->arena, struct journal);

    *out = NULL;
    if (!config_switch(c, CONFIG_JOURNAL))
        return OK;
    j->body_max = (size_t)config_number(c, CONFIG_JOURNAL_BODY) << 10;
    TRY(journal_queue_open(folder, &limits, &j->queue));
    hooks_set(d, HOOKS_JOURNAL, &hooks, j);
    *out = j;
    return OK;
}

void journal_close(struct journal *j)
{
    if (j != NULL)
        journal_queue_close(j->queue);
}
