#include "pixmgr/notifier.h"

#include "actor/call.h"
#include "actor/xua.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/oid.h"
#include "msg/adt.h"
#include "msg/prpa_feed.h"
#include "net/mllp_client.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/subscribers.h"
#include "wire/hl7v2.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define RETRY_FIRST_MS 1000
#define RETRY_MAX_MS   (5 * 60 * 1000)
#define LOOK_MS        1000 /* `kakehashi pix` decides in another process */
#define CONTROL_LEN    20   /* of MSH-10 */
#define V2_TYPE        "application/hl7-v2"
#define SOAP_ACTION    "urn:hl7-org:v3:PRPA_IN201302UV02"

/* What became of a notification. */
enum outcome { TAKEN, NOT_TAKEN, REFUSED };

/* The way to one subscriber. */
struct channel {
    struct notifier *notifier;
    struct channel *next;
    struct arena *arena; /* of the notification under way; NULL between them */
    struct subscriber to;
    struct notification what;
    const struct community *from;
    struct trace trace; /* of the notification under way, its text, and when it left */
    struct str told;
    uint64_t begun;
    char *url;                  /* that client is for */
    struct mllp_client *client; /* NULL: none needed yet */
    struct call_handle *call;
    struct loop_timer *again; /* while it waits to try again */
    int failures;             /* in a row */
    bool is_subscribed;
};

/* A change of the database that is under way; it owns itself. */
struct verdict {
    struct write_job job;
    struct channel *channel;
    int64_t number;
    enum outcome outcome;
    char why[400];
    enum rc rc;
};

struct notifier {
    struct daemon *daemon;
    struct loop *loop;
    struct http_client *http; /* NULL until somebody is told by SOAP */
    struct db *db;
    pthread_t thread;
    pthread_mutex_t begin; /* of is_running */
    bool is_running;       /* thread, loop and db are there */
    struct channel *channels;
    struct loop_timer *look_again;
    int writes; /* under way */
    bool stopping;
};

static void channel_next(struct channel *c);

/* ---- the verdict is kept ---- */

static void on_again(void *channel)
{
    struct channel *c = channel;

    c->again = NULL;
    channel_next(c);
}

static int pause_ms(int failures)
{
    int ms = RETRY_FIRST_MS;

    for (int i = 1; i < failures && ms < RETRY_MAX_MS; i++)
        ms *= 2;
    return MIN(ms, RETRY_MAX_MS);
}

static void channel_settle(struct channel *c, enum outcome outcome)
{
    arena_free(c->arena);
    c->arena = NULL;
    c->failures = outcome == NOT_TAKEN ? c->failures + 1 : 0;
    if (outcome == NOT_TAKEN)
        c->again = loop_after(c->notifier->loop, pause_ms(c->failures), on_again, c);
    else
        channel_next(c);
}

/* On the loop again. What could not be kept is as if it had not been taken. */
static void verdict_back(void *arg)
{
    struct verdict *v = arg;
    struct channel *c = v->channel;
    enum outcome outcome = v->rc == OK ? v->outcome : NOT_TAKEN;

    c->notifier->writes--;
    free(v);
    channel_settle(c, outcome);
}

static enum rc verdict_write(struct db *db, struct write_job *job)
{
    const struct verdict *v = job->user;

    return v->outcome == TAKEN ? notifications_done(db, v->number)
                               : notifications_fail(db, v->number, v->outcome == REFUSED, v->why);
}

static void verdict_done(struct write_job *job, enum rc rc)
{
    struct verdict *v = job->user;

    v->rc = rc;
    loop_post(v->channel->notifier->loop, verdict_back, v);
}

static void channel_judge(struct channel *c, enum outcome outcome, const char *why)
{
    struct verdict *v = calloc(1, sizeof(*v));

    if (v == NULL)
        die("out of memory (notification)");
    if (outcome != TAKEN)
        log_warn("notification %lld to %s was not taken%s: %s", (long long)c->what.number, c->to.url,
                 outcome == REFUSED ? ", and is kept aside" : "", why);
    *v = (struct verdict){
        .job = { .run = verdict_write, .done = verdict_done, .user = v },
        .channel = c,
        .number = c->what.number,
        .outcome = outcome,
    };
    snprintf(v->why, sizeof(v->why), "%s", why);
    c->notifier->writes++;
    enum rc rc = writer_submit(c->notifier->daemon->writer, &v->job);
    if (rc != OK)
        verdict_done(&v->job, rc);
}

/* ---- for whoever looks on ---- */

/* At most 20 characters of the UUID, which has no dashes then. */
static const char *control_id(const struct channel *c)
{
    char *id = arena_strdup(c->arena, c->what.control), *end = id;

    for (const char *p = c->what.control; *p != '\0' && end - id < CONTROL_LEN; p++) {
        if (*p != '-')
            *end++ = *p;
    }
    *end = '\0';
    return id;
}

static struct hook_notice notice_of(const struct channel *c)
{
    bool is_mllp = mllp_url_is_valid(c->to.url);

    return (struct hook_notice){ .trace = &c->trace,
                                 .community = c->from,
                                 .actor = "pixmgr",
                                 .transaction = is_mllp ? "ITI-10" : "ITI-46",
                                 .url = c->to.url,
                                 .action = is_mllp ? "ADT^A31" : SOAP_ACTION,
                                 .message_id = is_mllp ? control_id(c) : c->what.control,
                                 .text = c->told,
                                 .duration_us = c->begun != 0 ? (clock_ticks() - c->begun) / 1000 : 0 };
}

static void tell_leaves(struct channel *c, const struct buf *text, const char *method, const char *type)
{
    const struct str run = buf_str(text);

    c->begun = 0;
    c->told = run;
    trace_begin(&c->trace);
    const struct hook_notice notice = notice_of(c);
    hooks_telling(c->notifier->daemon, c->arena, &notice,
                  &(struct hook_message){ .method = method, .content_type = type, .runs = &run, .run_count = 1 });
    c->begun = clock_ticks();
}

static void tell_answer(struct channel *c, enum rc rc, int status, struct str answer, const char *type, const char *why)
{
    const struct hook_notice notice = notice_of(c);

    hooks_told(c->notifier->daemon, c->arena, &notice,
               &(struct hook_message){
                   .status = status, .content_type = type, .runs = &answer, .run_count = 1, .rc = rc, .why = why });
}

/* ---- ITI-10 ---- */

/* MSA-1 in either mode: who refuses may be asked again, who errs has read it and will not take it. */
static enum outcome ack_outcome(const char *code)
{
    if (text_equal(code, "AA") || text_equal(code, "CA"))
        return TAKEN;
    return text_equal(code, "AE") || text_equal(code, "CE") ? REFUSED : NOT_TAKEN;
}

static void on_ack(void *channel, enum rc rc, struct str answer, const char *why)
{
    struct channel *c = channel;
    struct hl7v2_fault fault;
    struct hl7v2 m;

    tell_answer(c, rc, 0, answer, V2_TYPE, why);
    if (rc != OK) {
        channel_judge(c, NOT_TAKEN, why);
        return;
    }
    if (hl7v2_parse(c->arena, answer, &m, &fault) != OK) {
        channel_judge(c, NOT_TAKEN, arena_printf(c->arena, "the answer cannot be read: %s", fault.text));
        return;
    }
    const struct hl7v2_segment *msa = hl7v2_segment(&m, "MSA");
    const char *code = hl7v2_text(&m, msa, 1, 1), *about = hl7v2_text(&m, msa, 2, 1), *text = hl7v2_text(&m, msa, 3, 1);
    if (!text_equal(about, control_id(c)))
        channel_judge(c, NOT_TAKEN, "the answer is about another message (MSA-2)");
    else
        channel_judge(c, ack_outcome(code),
                      arena_printf(c->arena, "%s %s", code == NULL ? "no MSA-1" : code, text == NULL ? "" : text));
}

static bool client_ready(struct channel *c, const struct community *from)
{
    struct mllp_client_spec spec = { .url = c->to.url, .identity = daemon_identity(c->notifier->daemon, from) };

    if (c->client != NULL && strcmp(c->url, c->to.url) == 0)
        return true;
    mllp_client_free(c->client);
    free(c->url);
    c->client = NULL;
    c->url = strdup(c->to.url);
    return mllp_client_new(c->notifier->loop, &spec, &c->client) == OK;
}

static void tell_by_mllp(struct channel *c, const struct community *from)
{
    struct adt_ends ends = { .application = "KAKEHASHI",
                             .facility = from->key,
                             .receiving_application = c->to.application,
                             .receiving_facility = c->to.facility };
    struct buf *text = buf_new(c->arena, BUF_MAX_DEFAULT);

    if (!client_ready(c, from)) {
        channel_judge(c, NOT_TAKEN, "the address or our certificate cannot be used; the log has the details");
        return;
    }
    adt_notification_encode(c->arena, &ends, control_id(c), c->what.ids, text);
    tell_leaves(c, text, NULL, V2_TYPE);
    mllp_client_send(c->client, buf_str(text), on_ack, c);
}

/* ---- ITI-46 ---- */

static const char *details_text(struct arena *a, const struct hl7_ack *ack)
{
    return arena_printf(a, "%s %s", ack->type_code,
                        ack->details.first == NULL || ack->details.first->text == NULL ? "" : ack->details.first->text);
}

static void on_mcci(void *channel, struct call *call)
{
    struct channel *c = channel;
    struct hl7_ack ack;

    c->call = NULL;
    tell_answer(c, call->rc, call->http_status, call->response_xml, call->response_type, call->why);
    if (call->rc != OK)
        channel_judge(c, NOT_TAKEN, call->why);
    else if (hl7_ack_decode(c->arena, call->body, &ack) != OK)
        channel_judge(c, NOT_TAKEN, "the answer is no acknowledgement");
    else
        channel_judge(c, ack_outcome(ack.type_code), details_text(c->arena, &ack));
}

static void tell_by_soap(struct channel *c, const struct community *from)
{
    struct prpa_feed feed = { .message = hl7_message_new(c->arena, NULL, NULL), .event = FEED_REVISED };
    struct buf *body = buf_new(c->arena, BUF_MAX_DEFAULT);

    feed.message.id = (struct patient_id){ .root = c->what.control };
    feed.message.sender.root = oid_of_urn(from->home_community_id);
    feed.message.receiver.root = text_absent(c->to.application) ? feed.message.sender.root : c->to.application;
    feed.patient.ids = c->what.ids;
    prpa_feed_encode(c->arena, &feed, body);
    tell_leaves(c, body, "POST", SOAP_MEDIA_TYPE);
    struct call_spec spec = { .self = &c->trace,
                              .url = c->to.url,
                              .action = SOAP_ACTION,
                              .body = body,
                              .headers = xua_own_header(c->arena, c->notifier->daemon, from),
                              .identity = daemon_identity(c->notifier->daemon, from) };
    if (c->notifier->http == NULL)
        c->notifier->http = http_client_new(c->notifier->loop, 0);
    if (call_start(c->arena, c->notifier->loop, c->notifier->http, NULL, &spec, on_mcci, c, &c->call) != OK)
        channel_judge(c, NOT_TAKEN, "too many calls are waiting already");
}

/* ---- channels ---- */

static const struct community *community_of(const struct notifier *n, int number)
{
    const struct world *w = n->daemon->world;

    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].number == number)
            return &w->communities[i];
    }
    return NULL;
}

static void tell(struct channel *c)
{
    const struct community *from = community_of(c->notifier, c->to.community);

    c->from = from;
    if (from == NULL) /* it does not live here today */
        channel_judge(c, NOT_TAKEN, "its community does not live here");
    else if (mllp_url_is_valid(c->to.url))
        tell_by_mllp(c, from);
    else
        tell_by_soap(c, from);
}

static bool is_idle(const struct channel *c)
{
    return c->arena == NULL && c->again == NULL;
}

static void channel_next(struct channel *c)
{
    if (!is_idle(c) || !c->is_subscribed || c->notifier->stopping)
        return;
    c->arena = arena_new();
    enum rc rc = notifications_next(c->arena, c->notifier->db, c->to.number, &c->what);
    if (rc == OK) {
        for (struct patient_id *id = c->what.ids; id != NULL; id = id->next)
            id->authority = domain_namespace(c->arena, c->notifier->daemon->world, id->root);
        tell(c);
        return;
    }
    arena_free(c->arena);
    c->arena = NULL;
    if (rc != E_NOT_FOUND)
        c->again = loop_after(c->notifier->loop, RETRY_FIRST_MS, on_again, c);
}

static struct channel *channel_of(struct notifier *n, int64_t number)
{
    struct channel *c = n->channels;

    while (c != NULL && c->to.number != number)
        c = c->next;
    if (c != NULL)
        return c;
    c = calloc(1, sizeof(*c));
    if (c == NULL)
        die("out of memory (subscriber)");
    c->notifier = n;
    c->next = n->channels;
    n->channels = c;
    return c;
}

static char *kept(const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);

    if (text != NULL && copy == NULL)
        die("out of memory (subscriber)");
    return copy;
}

static void subscriber_clear(struct subscriber *s)
{
    free((char *)s->url);
    free((char *)s->application);
    free((char *)s->facility);
    *s = (struct subscriber){ .number = s->number };
}

/* Not while a notification is under way, which refers to it. */
static void channel_update(struct channel *c, const struct subscriber *s)
{
    c->is_subscribed = true;
    if (c->arena != NULL)
        return;
    subscriber_clear(&c->to);
    c->to = (struct subscriber){ .number = s->number,
                                 .community = s->community,
                                 .url = kept(s->url),
                                 .application = kept(s->application),
                                 .facility = kept(s->facility) };
}

static void look(void *notifier);

static void on_look_again(void *notifier)
{
    struct notifier *n = notifier;

    n->look_again = NULL;
    look(n);
}

/* Who subscribes now, and what waits for whom. */
static void look(void *notifier)
{
    struct notifier *n = notifier;
    struct arena *a = arena_new();
    struct subscriber *list = NULL;

    if (subscribers_list(a, n->db, 0, &list) == OK) {
        for (struct channel *c = n->channels; c != NULL; c = c->next)
            c->is_subscribed = false;
        for (const struct subscriber *s = list; s != NULL; s = s->next)
            channel_update(channel_of(n, s->number), s);
    }
    arena_free(a);
    for (struct channel *c = n->channels; c != NULL; c = c->next)
        channel_next(c);
    if (n->look_again == NULL)
        n->look_again = loop_after(n->loop, LOOK_MS, on_look_again, n);
}

static void channel_free(struct channel *c)
{
    loop_cancel(c->again);
    mllp_client_free(c->client);
    if (c->call != NULL)
        call_cancel(c->call);
    if (c->arena != NULL)
        arena_free(c->arena);
    subscriber_clear(&c->to);
    free(c->url);
    free(c);
}

/* ---- the thread ---- */

static void *run(void *notifier)
{
    struct notifier *n = notifier;

    loop_run(n->loop);
    return NULL;
}

/* Once. A store that cannot be read is tried again with the next change. */
static bool running(struct notifier *n)
{
    pthread_mutex_lock(&n->begin);
    if (!n->is_running && db_open(n->daemon->database, DB_READ, NULL, &n->db) == OK) {
        n->loop = loop_new();
        if (pthread_create(&n->thread, NULL, run, n) != 0)
            die("cannot start the notifier's thread");
        n->is_running = true;
    }
    bool is_running = n->is_running;
    pthread_mutex_unlock(&n->begin);
    return is_running;
}

void notifier_subscribed(struct notifier *n)
{
    if (running(n))
        loop_post(n->loop, look, n);
}

void notifier_wake(struct notifier *n)
{
    pthread_mutex_lock(&n->begin);
    bool is_running = n->is_running;
    pthread_mutex_unlock(&n->begin);
    if (is_running)
        loop_post(n->loop, look, n);
}

enum rc notifier_start(struct daemon *d, struct notifier **out)
{
    struct subscriber *known = NULL;

    TRY(subscribers_list(d->arena, d->services[0].db, 0, &known));
    struct notifier *n = calloc(1, sizeof(*n));
    if (n == NULL)
        die("out of memory (notifier)");
    n->daemon = d;
    pthread_mutex_init(&n->begin, NULL);
    if (known != NULL)
        notifier_subscribed(n);
    *out = n;
    return OK;
}

static void run_end(struct notifier *n)
{
    loop_stop(n->loop);
    pthread_join(n->thread, NULL);
    n->stopping = true;
    loop_cancel(n->look_again);
    while (n->writes > 0) /* they come back soon */
        loop_turn(n->loop, 100);
    while (n->channels != NULL) {
        struct channel *c = n->channels;
        n->channels = c->next;
        channel_free(c);
    }
    if (n->http != NULL)
        http_client_free(n->http);
    db_close(n->db);
    loop_free(n->loop);
}

void notifier_stop(struct notifier *n)
{
    if (n == NULL)
        return;
    if (n->is_running)
        run_end(n);
    pthread_mutex_destroy(&n->begin);
    free(n);
}
