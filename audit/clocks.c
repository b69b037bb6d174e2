#include "audit/clocks.h"

#include "actor/clock_choice.h"
#include "actor/daemon.h"
#include "actor/misbehave.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "net/udp_server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct clock_server {
    struct sntp_clock clock;
    const struct daemon *daemon;
    const struct community *community; /* whose clock it is; NULL: everybody's */
    struct udp_server *udp;
    struct clock_server *next;
};

struct clocks {
    struct clock_server *first; /* the right one, then those of --clocks */
};

/* ---- answering ---- */

/* What --clock pins stands still for clients of time, too. */
static int64_t world_time(int64_t system)
{
    int64_t ms = clock_now_ms(), now = (int64_t)time(NULL) * 1000;

    return llabs(ms - now) > 2000 ? ms * 1000000 : system;
}

static int64_t system_time(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void on_datagram(void *user, const struct udp_datagram *d)
{
    const struct clock_server *s = user;
    struct sntp question, answer;
    char packet[SNTP_PACKET];

    if (sntp_read(d->bytes, &question) != OK ||
        !sntp_answer(&s->clock, &question, world_time(d->arrived), world_time(system_time()), &answer)) {
        log_warn("%s: %zu bytes at the time port are no SNTP question (RFC 4330)", d->peer, d->bytes.len);
        return;
    }
    struct arena *a = arena_new();
    sntp_write(packet, &answer);
    udp_reply(d, misbehave_time(s->daemon, a, s->community, (struct str){ packet, sizeof(packet) }));
    arena_free(a);
}

static enum rc server_add(struct clocks *c, struct service *s, int port, const struct clock_choice *choice)
{
    struct daemon *d = s->daemon;
    struct clock_server *server = ARENA_NEW(d->arena, struct clock_server), **end = &c->first;
    const char *address = choice->community != NULL ? clock_choice_address(d->arena, choice->community)
                                                    : config_text(d->config, CONFIG_BIND);

    *server = (struct clock_server){ .clock = choice->clock, .daemon = d, .community = choice->community };
    server->clock.started = system_time();
    TRY(udp_server_new(s->loop, address, port, on_datagram, server, &server->udp));
    while (*end != NULL)
        end = &(*end)->next;
    *end = server;
    return OK;
}

enum rc clocks_open(struct service *s, int port, struct clocks **out)
{
    struct daemon *d = s->daemon;
    struct clock_choice *choices;
    struct clocks *c = ARENA_NEW(d->arena, struct clocks);

    *out = c;
    TRY(clock_choices_parse(d->arena, d->world, config_text(d->config, CONFIG_CLOCKS), &choices));
    TRY(server_add(c, s, port, &(struct clock_choice){ .clock = { .stratum = 1 } }));
    for (const struct clock_choice *choice = choices; choice != NULL; choice = choice->next)
        TRY(server_add(c, s, clocks_port(c), choice));
    return OK;
}

int clocks_port(const struct clocks *c)
{
    return udp_server_port(c->first->udp);
}

void clocks_close(struct clocks *c)
{
    for (struct clock_server *s = c != NULL ? c->first : NULL; s != NULL; s = s->next)
        udp_server_free(s->udp);
}
