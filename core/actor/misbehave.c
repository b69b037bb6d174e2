#include "actor/misbehave.h"

#include "actor/daemon.h"
#include "actor/pki_files.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "fault/fault.h"
#include "net/mllp_server.h"
#include "wire/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAULTS_MAX ((size_t)1 << 20) /* bytes of faults.json */

/* ---- messages ---- */

/* "https://localhost:18101/0035/registry" → the community 0035; NULL when the path names none of this world. */
static const struct community *community_of(struct request *rq, const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;

    if (path == NULL)
        return NULL;
    const char *key = arena_strndup(rq->arena, path + 1, strcspn(path + 1, "/"));
    return world_find(rq->service->daemon->world, key);
}

static void set_community(struct fault_occasion *o, const struct community *c)
{
    if (c == NULL)
        return;
    o->community = c->key;
    o->slug = c->slug;
    o->prefecture = c->prefecture;
}

static struct fault_occasion occasion_of(struct request *rq, const struct behaviour *b, struct str text)
{
    const struct community *peer = b->url != NULL ? community_of(rq, b->url) : NULL;
    struct fault_occasion o = { .actor = rq->actor, .message = text, .answered = b->answered };

    o.side = b->url != NULL ? FAULT_SOAP_REQUEST : rq->hl7v2 != NULL ? FAULT_MLLP_ANSWER : FAULT_SOAP_ANSWER;
    o.transaction = rq->transaction != NULL ? rq->transaction->id : NULL;
    set_community(&o, rq->community);
    if (peer != NULL) {
        o.peer = peer->key;
        o.peer_slug = peer->slug;
    }
    return o;
}

static const char *names_of(struct arena *a, const struct fault *faults, size_t count)
{
    const char *names = NULL;

    for (size_t i = 0; i < count; i++)
        names = names == NULL ? faults[i].kind->name : arena_printf(a, "%s, %s", names, faults[i].kind->name);
    return names;
}

/* What strikes now, done to what would leave. */
static struct outgoing *draw(struct fault_set *set, struct arena *a, const struct fault_occasion *occasion,
                             const struct outgoing *as_usual)
{
    size_t count;
    const struct fault *faults = fault_set_draw(set, a, occasion, &count);

    if (count == 0)
        return NULL;
    struct outgoing *o = ARENA_NEW(a, struct outgoing);
    *o = *as_usual;
    o->arena = a;
    o->text = occasion->message;
    o->injected = names_of(a, faults, count);
    outgoing_apply(o, faults, count);
    return o;
}

struct outgoing *misbehave(struct request *rq, const struct behaviour *b)
{
    struct fault_set *set = rq->service->daemon->faults;

    if (set == NULL || fault_set_is_empty(set))
        return NULL;
    struct fault_occasion occasion = occasion_of(rq, b, outgoing_join(rq->arena, b->runs, b->run_count));
    const struct outgoing as_usual = { .parts = b->parts, .is_mtom = b->is_mtom, .status = b->status };
    struct outgoing *o = draw(set, rq->arena, &occasion, &as_usual);
    if (o != NULL)
        rq_info(rq, "injected: %s", o->injected);
    return o;
}

struct outgoing *misbehave_bare(const struct daemon *d, struct arena *a, const struct fault_occasion *occasion)
{
    if (d->faults == NULL || fault_set_is_empty(d->faults))
        return NULL;
    struct outgoing *o = draw(d->faults, a, occasion,
                              &(struct outgoing){ .is_packet = occasion->side == FAULT_TIME_ANSWER });
    if (o != NULL)
        log_info("injected: %s", o->injected);
    return o;
}

struct str misbehave_time(const struct daemon *d, struct arena *a, const struct community *c, struct str packet)
{
    struct fault_occasion occasion = {
        .side = FAULT_TIME_ANSWER, .actor = d->spec->name, .transaction = "ITI-1", .message = packet
    };

    set_community(&occasion, c);
    const struct outgoing *o = misbehave_bare(d, a, &occasion);
    return o == NULL ? packet : o->text;
}

/* ---- later ---- */

struct later {
    struct request *rq;
    void (*then)(struct request *rq, void *user);
    void *user;
    struct loop_timer *timer;
    struct later *next, **link; /* in service->laters */
};

static void on_later(void *later)
{
    struct later *l = later;

    *l->link = l->next;
    if (l->next != NULL)
        l->next->link = l->link;
    if (rq_release(l->rq))
        l->then(l->rq, l->user);
}

void misbehave_later(struct request *rq, uint64_t ms, void (*then)(struct request *rq, void *user), void *user)
{
    struct later *l = ARENA_NEW(rq->arena, struct later), **first = &rq->service->laters;

    *l = (struct later){ .rq = rq, .then = then, .user = user, .next = *first, .link = first };
    if (l->next != NULL)
        l->next->link = &l->next;
    *first = l;
    rq_hold(rq);
    l->timer = loop_after(rq->service->loop, (int)MIN(ms, (uint64_t)INT_MAX), on_later, l);
}

void misbehave_hurry(struct service *s)
{
    while (s->laters != NULL) {
        loop_cancel(s->laters->timer);
        on_later(s->laters);
    }
}

/* ---- delivery ---- */

static uint64_t length_of(const struct delivery *d)
{
    return d->is_cut ? d->cut_after : UINT64_MAX;
}

const struct http_misdelivery *misbehave_http(struct arena *a, const struct delivery *d)
{
    struct http_misdelivery *bad = ARENA_NEW(a, struct http_misdelivery);

    if (!d->is_cut && d->drip_ms == 0 && d->length_lie == 0 && !d->has_no_length)
        return NULL;
    *bad = (struct http_misdelivery){ .length = length_of(d),
                                      .is_reset = d->is_reset,
                                      .drip_bytes = d->drip_bytes,
                                      .drip_ms = (int)MIN(d->drip_ms, (uint64_t)INT_MAX),
                                      .length_lie = d->length_lie,
                                      .has_no_length = d->has_no_length };
    return bad;
}

const struct mllp_misdelivery *misbehave_mllp(struct arena *a, const struct delivery *d)
{
    struct mllp_misdelivery *bad = ARENA_NEW(a, struct mllp_misdelivery);

    if (!d->is_cut && !d->has_no_start && !d->has_no_end && d->copies == 0)
        return NULL;
    *bad = (struct mllp_misdelivery){ .length = length_of(d),
                                      .is_reset = d->is_reset,
                                      .has_no_start = d->has_no_start,
                                      .has_no_end = d->has_no_end,
                                      .copies = d->copies };
    return bad;
}

/* ---- handshakes ---- */

enum { HANDSHAKE_EXPIRED, HANDSHAKE_WRONG_HOST, HANDSHAKE_UNTRUSTED, HANDSHAKE_OLD, HANDSHAKE_REFUSED, HANDSHAKES };

/* Servers that stand in for the daemon's own; made when first asked for. */
struct impostors {
    pthread_mutex_t lock;
    struct tls_server *servers[HANDSHAKES];
};

/* In the order of the enum. cert NULL: the daemon's own certificate. */
static const struct {
    const char *kind, *cert;
    int flaw; /* enum tls_flaw; -1: none */
} handshakes[HANDSHAKES] = {
    [HANDSHAKE_EXPIRED] = { "tls-expired", "fault-expired", -1 },
    [HANDSHAKE_WRONG_HOST] = { "tls-wrong-host", "fault-wrong-host", -1 },
    [HANDSHAKE_UNTRUSTED] = { "tls-untrusted", "fault-untrusted", -1 },
    [HANDSHAKE_OLD] = { "tls-old", NULL, TLS_FLAW_OLD },
    [HANDSHAKE_REFUSED] = { "tls-refuse", NULL, TLS_FLAW_REFUSES },
};

static struct tls_server *impostor_new(const struct daemon *d, int i)
{
    struct arena *a = arena_new();
    const char *data = config_text(d->config, CONFIG_DATA), *cert = handshakes[i].cert;
    struct tls_files files = pki_server(a, data);
    struct tls_server *server = NULL;

    if (cert != NULL) {
        files.cert = arena_printf(a, "%s/pki/%s.pem", data, cert);
        files.key = arena_printf(a, "%s/pki/%s.key", data, cert);
    }
    if (tls_server_new(&files, false, &server) != OK)
        log_error("%s cannot be played", handshakes[i].kind);
    else if (handshakes[i].flaw >= 0)
        tls_server_spoil(server, (enum tls_flaw)handshakes[i].flaw);
    arena_free(a);
    return server;
}

static struct tls_server *impostor(const struct daemon *d, const char *kind)
{
    struct impostors *all = d->impostors;
    struct tls_server *server = NULL;

    pthread_mutex_lock(&all->lock);
    for (int i = 0; i < HANDSHAKES; i++) {
        if (strcmp(handshakes[i].kind, kind) != 0)
            continue;
        if (all->servers[i] == NULL)
            all->servers[i] = impostor_new(d, i);
        server = all->servers[i];
    }
    pthread_mutex_unlock(&all->lock);
    return server;
}

static struct tls_server *pick_server(void *daemon)
{
    const struct daemon *d = daemon;
    struct fault_occasion occasion = { .side = FAULT_HANDSHAKE, .actor = d->spec->name };
    size_t count;

    if (fault_set_is_empty(d->faults))
        return NULL;
    struct arena *a = arena_new();
    const struct fault *faults = fault_set_draw(d->faults, a, &occasion, &count);
    struct tls_server *server = count > 0 ? impostor(d, faults[0].kind->name) : NULL;
    arena_free(a);
    return server;
}

/* ---- the set ---- */

static enum rc faults_replace(struct daemon *d, struct arena *a, struct str text, const char **why)
{
    struct json *j;

    if (json_parse(a, text, &j, why) != OK)
        return E_REFUSED;
    return fault_set_replace(d->faults, a, j, why);
}

static enum rc faults_load(struct daemon *d)
{
    struct arena *a = arena_new();
    const char *path = arena_printf(a, "%s/faults.json", config_text(d->config, CONFIG_DATA)), *why;
    struct str text;
    enum rc rc = OK;

    if (access(path, F_OK) == 0) {
        rc = file_read(a, path, FAULTS_MAX, &text);
        if (rc == OK && (rc = faults_replace(d, a, text, &why)) != OK) {
            log_error("%s: %s", path, why);
            rc = E_CONFIG;
        }
    }
    arena_free(a);
    return rc;
}

enum rc misbehave_start(struct daemon *d)
{
    d->faults = fault_set_new((uint64_t)config_number(d->config, CONFIG_SEED));
    d->impostors = calloc(1, sizeof(*d->impostors));
    if (d->impostors == NULL || pthread_mutex_init(&d->impostors->lock, NULL) != 0)
        die("out of memory (faults)");
    for (int i = 0; i < TLS_DOORS; i++) {
        if (d->tls[i] != NULL)
            tls_server_divert(d->tls[i], pick_server, d);
    }
    return faults_load(d);
}

void misbehave_stop(struct daemon *d)
{
    fault_set_free(d->faults);
    d->faults = NULL;
    if (d->impostors == NULL)
        return;
    for (int i = 0; i < HANDSHAKES; i++)
        tls_server_free(d->impostors->servers[i]);
    pthread_mutex_destroy(&d->impostors->lock);
    free(d->impostors);
    d->impostors = NULL;
}

void misbehave_show(struct service *s, struct http_request *http)
{
    struct buf *text = buf_new(http->arena, BUF_MAX_DEFAULT);
    struct json_writer w;
    struct http_piece piece;

    jw_init(&w, text, false);
    fault_set_write(s->daemon->faults, &w);
    piece = HTTP_PIECE_BYTES(buf_str(text));
    http_reply(http, &(struct http_reply){
                         .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

void misbehave_put(struct service *s, struct http_request *http, struct str body)
{
    const char *why = NULL;

    if (faults_replace(s->daemon, http->arena, body, &why) == OK)
        misbehave_show(s, http);
    else
        http_reply_text(http, 400, why);
}
