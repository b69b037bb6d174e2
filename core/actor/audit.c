#include "actor/audit.h"

#include "actor/audit_faults.h"
#include "actor/audit_queue.h"
#include "actor/call.h"
#include "actor/daemon.h"
#include "actor/hooks.h"
#include "actor/pki_files.h"
#include "actor/xua.h"
#include "base/arena.h"
#include "base/clock.h"
#include "msg/audit_event.h"
#include "msg/audit_objects.h"
#include "msg/hl7v3.h"
#include "wire/hl7v2.h"
#include "wire/syslog.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_MAX ((size_t)200 * 1024) /* what a repository takes of one record */

struct audit {
    struct daemon *daemon;
    struct audit_queue *queue; /* NULL: emit is the tests' */
    void (*emit)(void *user, struct str head, struct str text);
    void *user;
    char host[256], process[16];
    const struct audit_event **events; /* of the daemon's rows; NULL for one without */
};

/* What a request keeps of the calls it makes until they are over. */
struct kept_call {
    const struct call *call;
    struct str envelope;
    struct kept_call *next;
};

/* ---- out ---- */

/* of: the message that it is about; NULL: none. Its event and text are filled in here. */
static void emit(struct audit *au, struct arena *a, const struct audit_message *m, const struct hook_record *of)
{
    struct buf *head = buf_new(a, 1024), *text = buf_new(a, MESSAGE_MAX);

    (void)!buf_reserve(text, 4096); /* most fit */
    audit_message_encode(m, text);
    if (text->overflowed) { /* an event without its objects is better than none */
        struct audit_message bare = *m;
        bare.objects = NULL;
        buf_reset(text);
        text->overflowed = false;
        audit_message_encode(&bare, text);
    }
    syslog_write_head(head, &(struct syslog){ .facility = SYSLOG_SECURITY,
                                              .severity = m->outcome == AUDIT_SUCCESS ? SYSLOG_NOTICE : SYSLOG_WARNING,
                                              .time_ms = m->time_ms,
                                              .host = str_from(au->host),
                                              .app = STR("kakehashi"),
                                              .process = str_from(au->process),
                                              .message_id = STR(SYSLOG_MSGID) });
    au->emit(au->user, buf_str(head), buf_str(text));
    if (of == NULL)
        return;
    struct hook_record record = *of;
    record.event = m->event.code;
    record.text = buf_str(text);
    hooks_recorded(au->daemon, a, &record);
}

static void emit_to_queue(void *queue, struct str head, struct str text)
{
    audit_queue_add(queue, head, text);
}

/* ---- who takes part ---- */

/* "127.0.0.1:40312" → "127.0.0.1", "[::1]:40312" → "::1". */
static const char *address_of(struct arena *a, const char *peer)
{
    const char *colon = peer != NULL ? strrchr(peer, ':') : NULL;

    if (colon == NULL)
        return peer;
    return peer[0] == '[' ? arena_strndup(a, peer + 1, (size_t)(colon - peer) - 2)
                          : arena_strndup(a, peer, (size_t)(colon - peer));
}

/* "https://localhost:18101/0035/registry" → "localhost". */
static const char *host_of(struct arena *a, const char *url)
{
    const char *at = url != NULL ? strstr(url, "://") : NULL;

    if (at == NULL)
        return url;
    at += 3;
    return at[0] == '[' ? arena_strndup(a, at + 1, strcspn(at + 1, "]")) : arena_strndup(a, at, strcspn(at, ":/"));
}

/* 2 for an IP address, 1 for a name. */
static int kind_of_address(const char *address)
{
    return address != NULL && (strchr(address, ':') != NULL || strspn(address, "0123456789.") == strlen(address)) ? 2
                                                                                                                  : 1;
}

static void add_participant(struct arena *a, struct audit_message *m, struct audit_participant p, bool is_source)
{
    static const struct audit_code roles[] = { { "110152", "DCM", "Destination Role ID" },
                                               { "110153", "DCM", "Source Role ID" } };

    p.role = roles[is_source];
    p.access_type = p.access_point != NULL ? kind_of_address(p.access_point) : 0;
    audit_add_participant(a, m, &p);
}

/* The Source comes first, whoever it is. */
static void add_both(struct arena *a, struct audit_message *m, const struct audit_event *event,
                     const struct audit_participant *asks, const struct audit_participant *answers)
{
    add_participant(a, m, event->is_reversed ? *answers : *asks, true);
    add_participant(a, m, event->is_reversed ? *asks : *answers, false);
}

/* The human whose assertion came with the message (ITI TF-2: 3.40.4.2), and why it was sent. */
static void add_user(struct arena *a, struct audit_message *m, const struct xua_user *user)
{
    struct audit_code **end = &m->purposes;

    if (user == NULL)
        return;
    const struct saml_code *role = user->saml.roles;
    struct audit_participant p = { .user_id = user->saml.name_id, .user_name = user->name, .is_requestor = true };
    if (role != NULL)
        p.role = (struct audit_code){ role->code, role->system, role->text };
    audit_add_participant(a, m, &p);
    for (const struct saml_code *c = user->saml.purposes; c != NULL; c = c->next, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct audit_code);
        **end = (struct audit_code){ c->code, c->system, c->text, NULL };
    }
}

/* ---- one event ---- */

struct occasion {
    struct audit *audit;
    struct arena *arena;
    const struct audit_event *event;
    struct audit_participant asks, answers;
    const char *community_home, *source_id;
    enum audit_outcome outcome;
    const char *why;
    struct audit_exchange exchange;
    struct hook_record of;
    const struct xua_user *user; /* NULL: nobody's */
};

static void emit_parts(const struct occasion *o)
{
    struct arena *a = o->arena;
    struct audit_code type = { o->event->id, AUDIT_TRANSACTIONS, o->event->text };
    const struct audit_side *side = audit_event_side(o->event, o->exchange.is_initiating);
    struct audit_message m = { .event = { side->event, "DCM", audit_dcm_text(side->event) },
                               .types = &type,
                               .time_ms = clock_now_ms(),
                               .outcome = o->outcome,
                               .outcome_text = o->why,
                               .source_id = o->source_id,
                               .site_id = o->community_home,
                               .source_type = 4 };

    add_both(a, &m, o->event, &o->asks, &o->answers);
    add_user(a, &m, o->user);
    for (const struct audit_part *p = audit_parts(a, o->event, &o->exchange); p != NULL; p = p->next) {
        m.action = p->action;
        m.objects = p->objects;
        emit(o->audit, a, &m, &o->of);
    }
}

static const char *source_id_of(struct arena *a, const struct request *rq)
{
    return arena_printf(a, "%s/%s", rq->community->key,
                        rq->actor != NULL ? rq->actor : rq->service->daemon->spec->name);
}

/* ---- what we answered ---- */

static enum audit_outcome outcome_of(const struct request *rq, enum rc rc)
{
    return rc == OK          ? (rq->issues.errors > 0 ? AUDIT_MINOR : AUDIT_SUCCESS)
           : rc == E_REFUSED ? AUDIT_SERIOUS
                             : AUDIT_MAJOR;
}

static const char *joined(struct arena *a, const char *facility, const char *application)
{
    return arena_printf(a, "%s|%s", facility != NULL ? facility : "", application != NULL ? application : "");
}

/* ITI TF-2: 3.10.5.1.1: facility and application, joined. */
static void name_ends_v2(struct occasion *o, const struct hl7v2 *m)
{
    const struct hl7v2_segment *msh = m != NULL ? m->segments : NULL;

    if (msh == NULL)
        return;
    o->asks.user_id = joined(o->arena, hl7v2_text(m, msh, 4, 1), hl7v2_text(m, msh, 3, 1));
    o->answers.user_id = joined(o->arena, hl7v2_text(m, msh, 6, 1), hl7v2_text(m, msh, 5, 1));
}

static const char *endpoint_of(struct arena *a, const struct request *rq)
{
    const struct daemon *d = rq->service->daemon;

    return rq->transaction->door == DOOR_SOAP && daemon_has_url(rq->actor)
               ? daemon_peer_url(a, d, rq->community, rq->actor, rq->number)
               : rq->actor;
}

/* Answers that name patients are read; others tell nothing that the request does not. */
static const struct xml_node *reply_tree(struct arena *a, const struct request *rq)
{
    struct xml_node *root;

    return rq->reply->len > 0 && xml_parse(a, buf_str(rq->reply), NULL, &root, NULL) == OK ? root : NULL;
}

static const struct hl7v2 *reply_v2(struct arena *a, const struct hook_message *m)
{
    struct hl7v2 *parsed = ARENA_NEW(a, struct hl7v2);
    struct hl7v2_fault fault;

    return m->run_count == 1 && hl7v2_parse(a, m->runs[0], parsed, &fault) == OK ? parsed : NULL;
}

static void answered_emit(struct audit *au, struct request *rq, const struct hook_message *m)
{
    const struct audit_event *event = rq->transaction != NULL
                                          ? au->events[rq->transaction - au->daemon->spec->transactions]
                                          : NULL;

    if (event == NULL || rq->community == NULL)
        return;
    struct arena *a = arena_new();
    const char *endpoint = endpoint_of(a, rq);
    struct occasion o = {
        .audit = au,
        .arena = a,
        .event = event,
        .asks = { .user_id = rq->soap.reply_to != NULL ? rq->soap.reply_to : rq->peer,
                  .user_name = rq->peer_subject,
                  .is_requestor = true,
                  .access_point = address_of(a, rq->peer) },
        .answers = { .user_id = endpoint,
                     .alternative_id = au->process,
                     .access_point = rq->hl7v2 != NULL ? au->host : host_of(a, endpoint) },
        .community_home = rq->community->home_community_id,
        .source_id = source_id_of(a, rq),
        .outcome = outcome_of(rq, m->rc),
        .why = m->why,
        .exchange = { .request = rq->body, .request_v2 = rq->hl7v2 },
        .of = { .trace = &rq->trace, .community = rq->community, .actor = rq->actor },
        .user = rq->user,
    };
    if (rq->hl7v2 != NULL)
        name_ends_v2(&o, rq->hl7v2);
    if (event->subject == AUDIT_OF_QUERY_V3 && m->rc == OK)
        o.exchange.response = reply_tree(a, rq);
    if (event->subject == AUDIT_OF_QUERY_V2 && m->rc == OK)
        o.exchange.response_v2 = reply_v2(a, m);
    emit_parts(&o);
    arena_free(a);
}

/* An assertion, or its absence, did not do: nobody logged in (DICOM PS3.15: A.5.3.11). */
static void emit_user_refused(struct audit *au, const struct request *rq, const char *why)
{
    struct arena *a = arena_new();
    struct audit_code type = { DCM_LOGIN, "DCM", audit_dcm_text(DCM_LOGIN) };
    struct audit_message m = { .event = { DCM_USER_AUTHENTICATION, "DCM", audit_dcm_text(DCM_USER_AUTHENTICATION) },
                               .types = &type,
                               .action = 'E',
                               .time_ms = clock_now_ms(),
                               .outcome = AUDIT_SERIOUS,
                               .outcome_text = why,
                               .source_id = source_id_of(a, rq),
                               .site_id = rq->community->home_community_id,
                               .source_type = 4 };

    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = address_of(a, rq->peer),
                                                       .user_name = rq->peer_subject,
                                                       .is_requestor = true,
                                                       .access_point = address_of(a, rq->peer),
                                                       .access_type = 2 });
    emit(au, a, &m, &(struct hook_record){ .trace = &rq->trace, .community = rq->community, .actor = rq->actor });
    arena_free(a);
}

static bool is_user_refused(const struct hook_message *m)
{
    const char *subcode = m->fault != NULL ? m->fault->subcode : NULL;

    return subcode != NULL && (text_starts(subcode, "wsse:") || text_starts(subcode, "wsu:"));
}

static void on_answered(void *user, struct request *rq, const struct hook_message *m)
{
    struct audit *au = user;

    if (rq->community != NULL && is_user_refused(m))
        emit_user_refused(au, rq, m->why);
    answered_emit(au, rq, m);
}

/* ---- what we asked for ---- */

static struct str join_runs(struct arena *a, const struct hook_message *m)
{
    struct buf *all = buf_new(a, BUF_MAX_DEFAULT);

    for (size_t i = 0; i < m->run_count; i++)
        buf_add_str(all, m->runs[i]);
    return buf_str(all);
}

static void on_calling(void *user UNUSED, struct request *rq, const struct call *call, const struct hook_message *m)
{
    struct kept_call *k = ARENA_NEW(rq->arena, struct kept_call);

    *k = (struct kept_call){ call, join_runs(rq->arena, m), rq->hook_state[HOOKS_AUDIT] };
    rq->hook_state[HOOKS_AUDIT] = k;
}

static const struct xml_node *body_sent(struct arena *a, const struct request *rq, const struct call *call)
{
    const struct kept_call *k = rq->hook_state[HOOKS_AUDIT];
    struct soap_fault fault;
    struct soap soap;

    while (k != NULL && k->call != call)
        k = k->next;
    return k != NULL && soap_parse_response(a, k->envelope, &soap, &fault) == OK ? soap.body : NULL;
}

static void on_called(void *user, struct request *rq, const struct call *call, const struct hook_message *m)
{
    struct audit *au = user;
    const struct audit_event *event = call->transaction != NULL ? audit_event_find(call->transaction) : NULL;

    if (event == NULL || rq->community == NULL)
        return;
    struct arena *a = arena_new();
    struct occasion o = {
        .audit = au,
        .arena = a,
        .event = event,
        .asks = { .user_id = WSA_ANONYMOUS,
                  .alternative_id = au->process,
                  .is_requestor = true,
                  .access_point = au->host },
        .answers = { .user_id = call->url, .access_point = host_of(a, call->url) },
        .community_home = rq->community->home_community_id,
        .source_id = source_id_of(a, rq),
        .outcome = call->rc == OK          ? AUDIT_SUCCESS
                   : call->rc == E_REFUSED ? AUDIT_SERIOUS
                                           : AUDIT_MAJOR,
        .why = m->why,
        .exchange = { .request = body_sent(a, rq, call), .response = call->body, .is_initiating = true },
        .of = { .trace = &call->trace, .community = rq->community, .actor = rq->actor },
        .user = rq->user,
    };
    emit_parts(&o);
    arena_free(a);
}

/* ---- whom we told ---- */

/* What came back says no. */
static bool is_refused(struct arena *a, const struct hook_message *m, bool is_v2)
{
    const struct str text = join_runs(a, m);
    struct soap_fault fault;
    struct hl7_ack ack;
    struct soap soap;

    if (is_v2) {
        const struct hl7v2 *answer = reply_v2(a, m);
        const char *code = answer != NULL ? hl7v2_text(answer, hl7v2_segment(answer, "MSA"), 1, 1) : NULL;
        return code == NULL || code[0] == '\0' || code[1] != 'A';
    }
    return soap_parse_response(a, text, &soap, &fault) != OK || hl7_ack_decode(a, soap.body, &ack) != OK ||
           ack.type_code == NULL || ack.type_code[1] != 'A';
}

static void exchange_of_notice(struct arena *a, struct str text, bool is_v2, struct audit_exchange *out)
{
    struct hl7v2 *v2 = ARENA_NEW(a, struct hl7v2);
    struct hl7v2_fault fault;
    struct xml_node *root;

    *out = (struct audit_exchange){ .is_initiating = true };
    if (is_v2 && hl7v2_parse(a, text, v2, &fault) == OK)
        out->request_v2 = v2;
    if (!is_v2 && xml_parse(a, text, NULL, &root, NULL) == OK)
        out->request = root;
}

/* A notification that has no request behind it. */
static void on_told(void *user, struct arena *with UNUSED, const struct hook_notice *n, const struct hook_message *m)
{
    struct audit *au = user;
    const struct audit_event *event = audit_event_find(n->transaction);

    if (event == NULL || n->community == NULL)
        return;
    struct arena *a = arena_new();
    bool is_v2 = n->text.len > 3 && memcmp(n->text.data, "MSH", 3) == 0;
    struct occasion o = {
        .audit = au,
        .arena = a,
        .event = event,
        .asks = { .user_id = WSA_ANONYMOUS,
                  .alternative_id = au->process,
                  .is_requestor = true,
                  .access_point = au->host },
        .answers = { .user_id = n->url, .access_point = host_of(a, n->url) },
        .community_home = n->community->home_community_id,
        .source_id = arena_printf(a, "%s/%s", n->community->key, n->actor),
        .outcome = m->rc != OK               ? AUDIT_MAJOR
                   : is_refused(a, m, is_v2) ? AUDIT_SERIOUS
                                             : AUDIT_SUCCESS,
        .why = m->why,
        .of = { .trace = n->trace, .community = n->community, .actor = n->actor },
    };
    exchange_of_notice(a, n->text, is_v2, &o.exchange);
    if (o.exchange.request_v2 != NULL)
        name_ends_v2(&o, o.exchange.request_v2);
    emit_parts(&o);
    arena_free(a);
}

/* ---- the node itself ---- */

static void emit_security_alert(struct audit *au, const char *peer, const char *door, const char *why)
{
    struct arena *a = arena_new();
    struct audit_code type = { DCM_NODE_AUTHENTICATION, "DCM", audit_dcm_text(DCM_NODE_AUTHENTICATION) };
    struct audit_message m = { .event = { DCM_SECURITY_ALERT, "DCM", audit_dcm_text(DCM_SECURITY_ALERT) },
                               .types = &type,
                               .action = 'E',
                               .time_ms = clock_now_ms(),
                               .outcome = AUDIT_SERIOUS,
                               .outcome_text = arena_printf(a, "%s: %s", door, why),
                               .source_id = au->daemon->spec->name,
                               .source_type = 4 };

    add_participant(
        a, &m, (struct audit_participant){ .user_id = peer, .is_requestor = true, .access_point = address_of(a, peer) },
        true);
    add_participant(a, &m,
                    (struct audit_participant){
                        .user_id = au->daemon->spec->name, .alternative_id = au->process, .access_point = au->host },
                    false);
    audit_add_object(a, &m,
                     &(struct audit_object){ .id = address_of(a, peer),
                                             .type = AUDIT_SYSTEM,
                                             .role = 13, /* security resource */
                                             .id_type = { "110182", "DCM", "Node ID" } });
    emit(au, a, &m, NULL);
    arena_free(a);
}

static void on_stranger(void *user, struct service *s UNUSED, const struct hook_stranger *stranger)
{
    emit_security_alert(user, stranger->peer, stranger->door, stranger->reason);
}

static void emit_activity(struct audit *au, const char *type_code)
{
    struct arena *a = arena_new();
    struct audit_code type = { type_code, "DCM", audit_dcm_text(type_code) };
    struct audit_message m = { .event = { DCM_APPLICATION_ACTIVITY, "DCM", audit_dcm_text(DCM_APPLICATION_ACTIVITY) },
                               .types = &type,
                               .action = 'E',
                               .time_ms = clock_now_ms(),
                               .source_id = au->daemon->spec->name,
                               .source_type = 4 };

    audit_add_participant(
        a, &m,
        &(struct audit_participant){ .user_id = arena_printf(a, "kakehashi-%s", au->daemon->spec->name),
                                     .alternative_id = au->process,
                                     .role = { "110150", "DCM", "Application" },
                                     .access_point = au->host,
                                     .access_type = kind_of_address(au->host) });
    audit_add_participant(a, &m,
                          &(struct audit_participant){ .user_id = "kakehashi",
                                                       .is_requestor = true,
                                                       .role = { "110151", "DCM", "Application Launcher" } });
    emit(au, a, &m, NULL);
    arena_free(a);
}

static const char *metrics(void *user, struct arena *a)
{
    struct audit *au = user;

    if (au->queue == NULL)
        return NULL;
    struct audit_queue_state s = audit_queue_state(au->queue);
    return arena_printf(a,
                        "# TYPE kakehashi_audit_records_total counter\nkakehashi_audit_records_total %llu\n"
                        "# TYPE kakehashi_audit_dropped_total counter\nkakehashi_audit_dropped_total %llu\n"
                        "# TYPE kakehashi_audit_backlog_bytes gauge\nkakehashi_audit_backlog_bytes %llu",
                        (unsigned long long)s.added, (unsigned long long)s.dropped, (unsigned long long)s.waiting);
}

static const struct hooks hooks = {
    .answered = on_answered,
    .calling = on_calling,
    .called = on_called,
    .told = on_told,
    .stranger = on_stranger,
    .metrics = metrics,
};

void audit_tell(struct audit *au, const struct audit_message *m)
{
    struct arena *a = arena_new();

    if (au != NULL)
        emit(au, a, m, NULL);
    arena_free(a);
}

static struct audit *audit_new(struct daemon *d)
{
    struct audit *au = ARENA_NEW(d->arena, struct audit);

    au->daemon = d;
    if (gethostname(au->host, sizeof(au->host) - 1) != 0 || au->host[0] == '\0')
        snprintf(au->host, sizeof(au->host), "localhost");
    snprintf(au->process, sizeof(au->process), "%ld", (long)getpid());
    au->events = ARENA_ARRAY(d->arena, const struct audit_event *, d->spec->transaction_count + 1);
    for (size_t i = 0; i < d->spec->transaction_count; i++)
        au->events[i] = audit_event_find(d->spec->transactions[i].id);
    hooks_set(d, HOOKS_AUDIT, &hooks, au);
    return au;
}

struct audit *audit_start_with(struct daemon *d, void (*emit_to)(void *user, struct str head, struct str text),
                               void *user)
{
    struct audit *au = audit_new(d);

    snprintf(au->host, sizeof(au->host), "localhost");
    snprintf(au->process, sizeof(au->process), "1");
    au->emit = emit_to;
    au->user = user;
    return au;
}

enum rc audit_start(struct daemon *d, struct audit **out)
{
    const char *url = config_text(d->config, CONFIG_RECORDS_TO), *data = config_text(d->config, CONFIG_DATA);
    struct tls_files *identity = ARENA_NEW(d->arena, struct tls_files);
    struct audit_queue *queue;

    *out = NULL;
    if (!config_switch(d->config, CONFIG_AUDIT) || url[0] == '\0')
        return OK;
    *identity = pki_node(d->arena, data);
    TRY(audit_queue_start(&(struct audit_queue_spec){ .url = url,
                                                      .identity = identity,
                                                      .folder = arena_printf(d->arena, "%s/%s", data, d->spec->name),
                                                      .misbehave = audit_faults,
                                                      .user = d },
                          &queue));
    struct audit *au = audit_new(d);
    au->queue = queue;
    au->emit = emit_to_queue;
    au->user = queue;
    emit_activity(au, DCM_APPLICATION_START);
    *out = au;
    return OK;
}

void audit_stop(struct audit *au)
{
    if (au == NULL || au->queue == NULL)
        return;
    emit_activity(au, DCM_APPLICATION_STOP);
    audit_queue_stop(au->queue);
}

void audit_forget(struct audit *au, bool waits)
{
    if (au != NULL && au->queue != NULL)
        audit_queue_forget(au->queue, waits && au->daemon->spec->open_doors == NULL);
}
