/* The audit daemon's doors on one loop: syslog over TLS, TCP and UDP; the first loop has the clocks, too. */
#include "audit/audit.h"
#include "audit/clocks.h"
#include "audit/intake.h"
#include "audit/store.h"
#include "net/udp_server.h"

#define RECORD_MAX ((size_t)256 * 1024)

struct doors {
    struct intake *intake;
    struct syslog_service service;
    struct syslog_server *tls, *tcp;
    struct udp_server *udp;
    struct clocks *clocks;
    struct audit_ports ports;
    int draining;
    void (*drained)(void *);
    void *drained_arg;
};

/* ---- records ---- */

/* Whoever sees the connection end may count on what it sent (core/actor/audit_queue.h:audit_queue_forget). */
static void on_left(void *user)
{
    struct service *s = user;
    struct doors *d = s->own;

    intake_flush(d->intake);
}

static void on_record(void *user, const struct syslog_record *r)
{
    struct service *s = user;
    struct doors *d = s->own;

    intake_add(d->intake, r);
}

static void on_datagram(void *user, const struct udp_datagram *datagram)
{
    struct service *s = user;
    struct doors *d = s->own;
    struct syslog_record r = { .bytes = { datagram->bytes.data, MIN(datagram->bytes.len, RECORD_MAX) },
                               .transport = "udp",
                               .peer = datagram->peer };

    if (intake_is_busy(d->intake))
        intake_lost(d->intake);
    else
        intake_add(d->intake, &r);
}

static void on_busy(void *user, bool is_busy)
{
    struct service *s = user;
    struct doors *d = s->own;
    struct syslog_server *const servers[] = { d->tls, d->tcp };

    for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
        if (servers[i] != NULL)
            (is_busy ? syslog_server_pause : syslog_server_resume)(servers[i]);
    }
}

/* A node that could not authenticate is the same event here as at any other door. */
static void on_stranger(void *user, const char *peer, const char *reason)
{
    hooks_stranger(user, &(struct hook_stranger){ "syslog-tls", peer, reason });
}

/* ---- listening ---- */

static const struct doors *first_doors(const struct service *s)
{
    return s->daemon->services[0].own;
}

static enum rc listen_for_records(struct service *s, struct tls_server *tls, int *port, struct syslog_server **out)
{
    const struct config *c = s->daemon->config;
    struct doors *d = s->own;
    const struct syslog_server_config config = { .bind = tls != NULL ? config_text(c, CONFIG_BIND) : "127.0.0.1",
                                                 .port = *port,
                                                 .tls = tls,
                                                 .service = &d->service,
                                                 .max_record = RECORD_MAX };

    TRY(syslog_server_new(s->loop, &config, out));
    *port = syslog_server_port(*out);
    return OK;
}

/* The first loop finds the ports, the others share them. */
static int wish(const struct service *s, enum config_key key, int shared)
{
    return s == s->daemon->services ? daemon_listen_port(s->daemon->config, key) : shared;
}

static enum rc listen_plain(struct service *s, struct audit_ports *ports)
{
    struct doors *d = s->own;

    TRY(listen_for_records(s, NULL, &ports->syslog_tcp, &d->tcp));
    if (s == s->daemon->services)
        ports->syslog_udp = ports->syslog_tcp;
    return udp_server_new(s->loop, "127.0.0.1", ports->syslog_udp, on_datagram, s, &d->udp);
}

static enum rc listen_everywhere(struct service *s)
{
    struct doors *d = s->own;
    struct daemon *daemon = s->daemon;
    const struct audit_ports bound = first_doors(s)->ports;
    struct audit_ports ports = { wish(s, CONFIG_SYSLOG_PORT, bound.syslog_tls),
                                 wish(s, CONFIG_SYSLOG_PLAIN_PORT, bound.syslog_tcp), bound.syslog_udp,
                                 wish(s, CONFIG_NTP_PORT, bound.ntp) };

    if (ports.syslog_tls >= 0 && daemon->tls[TLS_SYSLOG] != NULL)
        TRY(listen_for_records(s, daemon->tls[TLS_SYSLOG], &ports.syslog_tls, &d->tls));
    if (ports.syslog_tcp >= 0)
        TRY(listen_plain(s, &ports));
    if (ports.ntp >= 0 && s == daemon->services) {
        TRY(clocks_open(s, ports.ntp, &d->clocks));
        ports.ntp = clocks_port(d->clocks);
    }
    d->ports = ports;
    return OK;
}

enum rc audit_open(struct service *s)
{
    struct doors *d = ARENA_NEW(s->daemon->arena, struct doors);

    s->own = d;
    d->service =
        (struct syslog_service){ .on_record = on_record, .on_stranger = on_stranger, .on_left = on_left, .user = s };
    d->intake = intake_new(s, on_busy, s);
    return listen_everywhere(s);
}

struct audit_ports audit_ports(const struct service *s)
{
    return first_doors(s)->ports;
}

/* ---- ending ---- */

static void on_drained(void *arg)
{
    struct service *s = arg;
    struct doors *d = s->own;

    if (--d->draining > 0)
        return;
    intake_flush(d->intake);
    d->drained(d->drained_arg);
}

void audit_drain(struct service *s, int ms, void (*done)(void *), void *arg)
{
    struct doors *d = s->own;

    d->drained = done;
    d->drained_arg = arg;
    d->draining = 1 + (d->tls != NULL) + (d->tcp != NULL);
    if (d->tls != NULL)
        syslog_server_drain(d->tls, ms, on_drained, s);
    if (d->tcp != NULL)
        syslog_server_drain(d->tcp, ms, on_drained, s);
    on_drained(s);
}

void audit_close(struct service *s)
{
    struct doors *d = s->own;

    if (d->tls != NULL)
        syslog_server_free(d->tls);
    if (d->tcp != NULL)
        syslog_server_free(d->tcp);
    udp_server_free(d->udp);
    d->tls = d->tcp = NULL; /* the writer's last answers still come */
    d->udp = NULL;
    clocks_close(d->clocks);
    intake_flush(d->intake);
}

const struct daemon_spec audit_spec = {
    .name = "audit",
    .schema = store_schema,
    .pages = { { .path = AUDIT_PATH, .serve = audit_page } },
    .open_doors = audit_open,
    .drain_doors = audit_drain,
    .close_doors = audit_close,
};
