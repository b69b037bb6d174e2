#include "actor/daemon.h"

#include "actor/audit.h"
#include "actor/checking.h"
#include "actor/door_mllp.h"
#include "actor/door_soap.h"
#include "actor/journal.h"
#include "actor/misbehave.h"
#include "actor/state.h"
#include "actor/xua.h"
#include "actor/pki_files.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/vault.h"
#include "world/medication_list.h"
#include "world/world.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRAIN_MS 5000

/* ---- where peers are ---- */

/* Path word of an actor → the key that tells where its daemon listens. */
static const struct {
    const char *actor;
    enum config_key at;
} actor_places[] = {
    { "registry", CONFIG_REGISTRY_AT },  { "repository", CONFIG_REPOSITORY_AT }, { "pixmgr", CONFIG_PIXMGR_AT },
    { "initiating", CONFIG_GATEWAY_AT }, { "responding", CONFIG_GATEWAY_AT },    { "recipient", CONFIG_REPOSITORY_AT },
    { "imaging", CONFIG_REPOSITORY_AT },
};

bool daemon_has_url(const char *actor)
{
    for (size_t i = 0; i < ARRAY_LEN(actor_places); i++) {
        if (strcmp(actor_places[i].actor, actor) == 0)
            return true;
    }
    return false;
}

const char *daemon_peer_url(struct arena *a, const struct daemon *d, const struct community *c, const char *actor,
                            int number)
{
    for (size_t i = 0; i < ARRAY_LEN(actor_places); i++) {
        if (strcmp(actor_places[i].actor, actor) != 0)
            continue;
        const char *base = c->gateway_at != NULL ? c->gateway_at : config_text(d->config, actor_places[i].at);
        return number > 1 ? arena_printf(a, "%s/%s/%s/%d", base, c->key, actor, number)
                          : arena_printf(a, "%s/%s/%s", base, c->key, actor);
    }
    die("no daemon has the actor %s", actor);
}

const struct tls_files *daemon_identity(const struct daemon *d, const struct community *c)
{
    return &d->identities[c - d->world->communities];
}

/* ---- starting ---- */

static enum rc people_seed(struct daemon *d)
{
    const struct daemon_spec *spec = d->spec;

    if (spec->seed == NULL && !spec->makes_papers)
        return OK;
    TRY(seeding_run(d->config, d->world, d->database, spec->schema, spec->seed));
    const char *seeded = state_seeded(d);
    return seeded == NULL ? OK : seeding_run(d->config, d->world, seeded, spec->schema, spec->seed);
}

static enum rc lists_open(struct daemon *d)
{
    bool any = false;

    for (size_t i = 0; i < d->world->count; i++)
        any = any || d->world->communities[i].on_demand != ON_DEMAND_NONE;
    if (!any || !d->spec->makes_lists)
        return OK;
    return medication_list_form(d->arena, world_fixtures(d->arena, d->config), &d->list_form);
}

static enum rc stores_open(struct daemon *d)
{
    const char *folder = arena_printf(d->arena, "%s/%s", config_text(d->config, CONFIG_DATA), d->spec->name);

    TRY(file_mkdirs(folder, 0700));
    if (d->spec->schema != NULL) {
        d->database = arena_printf(d->arena, "%s/%s.db", folder, d->spec->name);
        TRY(people_seed(d));
        TRY(writer_start(d->database, d->spec->schema, &d->writer));
        TRY(state_seeded_keep(d));
        if (d->spec->makes_papers)
            TRY(seeding_load(d->arena, d->config, d->world, d->database, &d->seeding));
        TRY(lists_open(d));
    }
    if (d->spec->has_spool)
        TRY(spool_start(folder, &d->spool));
    return d->spec->blob_references != NULL ? vault_own(spool_vault(d->spool), d->database, d->spec->blob_references)
                                            : OK;
}

static bool certificate_needed(const struct daemon *d, enum tls_door door)
{
    static const enum config_key own[TLS_DOORS] = { CONFIG_CLIENT_CERT, CONFIG_MLLP_CLIENT_CERT,
                                                    CONFIG_SYSLOG_CLIENT_CERT };
    const char *word = config_text(d->config, own[door]);

    if (strcmp(word, "same") == 0)
        word = config_text(d->config, CONFIG_CLIENT_CERT);
    return strcmp(word, "require") == 0;
}

/* Doors that ask alike are one. */
static enum rc tls_doors_open(struct daemon *d, const struct tls_files *files)
{
    struct tls_server *by_need[2] = { NULL, NULL };

    for (int i = 0; i < TLS_DOORS; i++) {
        bool is_needed = certificate_needed(d, (enum tls_door)i);
        if (by_need[is_needed] == NULL)
            TRY(tls_server_new(files, is_needed, &by_need[is_needed]));
        d->tls[i] = by_need[is_needed];
    }
    return OK;
}

static void tls_doors_free(struct daemon *d)
{
    for (int i = 0; i < TLS_DOORS; i++) {
        struct tls_server *server = d->tls[i];
        for (int k = i; k < TLS_DOORS; k++)
            d->tls[k] = d->tls[k] == server ? NULL : d->tls[k];
        tls_server_free(server);
    }
}

static enum rc tls_open(struct daemon *d)
{
    const char *data = config_text(d->config, CONFIG_DATA), *crl = config_text(d->config, CONFIG_CRL);
    struct tls_files server = pki_server(d->arena, data);

    server.crl = crl[0] == '\0' ? NULL : crl;
    server.legacy = strcmp(config_text(d->config, CONFIG_TLS), "legacy") == 0;
    d->identities = ARENA_ARRAY(d->arena, struct tls_files, d->world->count);
    for (size_t i = 0; i < d->world->count; i++)
        d->identities[i] = pki_community(d->arena, data, d->world->communities[i].key);
    if (d->port < 0 && d->mllp_port < 0)
        return OK;
    return tls_doors_open(d, &server);
}

/* One listener of one loop. The first loop of an "any free port" daemon finds the port, the others share it. */
static enum rc listen_on(struct service *s, struct tls_server *tls, int *port, struct http_server **out)
{
    const struct daemon *d = s->daemon;
    struct http_server_config c = {
        .bind = tls != NULL                ? config_text(d->config, CONFIG_BIND)
                : d->spec->control != NULL ? config_text(d->config, CONFIG_CONTROL_BIND)
                                           : "127.0.0.1", /* plain never leaves the machine */
        .port = *port,
        .tls = tls,
        .service = &s->door,
        .max_body = (uint64_t)config_number(d->config, CONFIG_MAX_DOCUMENT),
    };

    TRY(http_server_new(s->loop, &c, out));
    *port = http_server_port(*out);
    return OK;
}

static enum rc listen_for_mllp(struct service *s, struct tls_server *tls, int *port, struct mllp_server **out)
{
    const struct daemon *d = s->daemon;
    struct mllp_server_config c = {
        .bind = tls != NULL ? config_text(d->config, CONFIG_BIND) : "127.0.0.1",
        .port = *port,
        .tls = tls,
        .service = &s->mllp_door,
        .max_message = (size_t)config_number(d->config, CONFIG_MAX_MESSAGE),
    };

    TRY(mllp_server_new(s->loop, &c, out));
    *port = mllp_server_port(*out);
    return OK;
}

static enum rc listen_everywhere(struct daemon *d, struct service *s)
{
    if (d->port >= 0)
        TRY(listen_on(s, d->tls[TLS_HTTP], &d->port, &s->tls_server));
    if (d->plain_port >= 0)
        TRY(listen_on(s, NULL, &d->plain_port, &s->plain_server));
    if (d->mllp_port >= 0)
        TRY(listen_for_mllp(s, d->tls[TLS_MLLP], &d->mllp_port, &s->mllp_tls));
    if (d->mllp_plain_port >= 0)
        TRY(listen_for_mllp(s, NULL, &d->mllp_plain_port, &s->mllp_plain));
    return OK;
}

static enum rc service_open(struct daemon *d, struct service *s)
{
    s->daemon = d;
    s->next_id = (uint64_t)(s - d->services) + 1;
    s->loop = loop_new();
    s->client = http_client_new(s->loop, 0);
    s->door = d->spec->control != NULL ? *d->spec->control : door_soap;
    s->door.user = s;
    s->mllp_door = door_mllp;
    s->mllp_door.user = s;
    if (d->database != NULL)
        TRY(db_open(d->database, DB_READ, NULL, &s->db));
    TRY(listen_everywhere(d, s));
    return d->spec->open_doors != NULL ? d->spec->open_doors(s) : OK;
}

int daemon_listen_port(const struct config *c, enum config_key key)
{
    long long port = config_number(c, key);

    return port == 0 ? -1 : port < 0 ? 0 : (int)port;
}

static bool spec_has_door(const struct daemon_spec *spec, enum door_kind door)
{
    for (size_t i = 0; i < spec->transaction_count; i++) {
        if (spec->transactions[i].door == door)
            return true;
    }
    return false;
}

static enum rc open_all(struct daemon *d)
{
    struct world *world;

    TRY(d->spec->knows_peers ? world_load_with_peers(d->arena, d->config, &world)
                             : world_load(d->arena, d->config, &world));
    d->world = world;
    TRY(stores_open(d));
    TRY(xua_open(d, &d->xua));
    if (d->spec->control == NULL)
        TRY(journal_open(d, &d->journal));
    TRY(tls_open(d));
    TRY(audit_start(d, &d->audit));
    TRY(misbehave_start(d));
    for (int i = 0; i < d->service_count; i++)
        TRY(service_open(d, &d->services[i]));
    return d->spec->open == NULL ? OK : d->spec->open(d);
}

/*
 * Nobody is connected any more; what is still alive waits for the writer or a disk thread, which come back soon. Both
 * must outlive it.
 */
static void service_settle(struct service *s)
{
    if (s->tls_server != NULL)
        http_server_free(s->tls_server);
    if (s->plain_server != NULL)
        http_server_free(s->plain_server);
    if (s->mllp_tls != NULL)
        mllp_server_free(s->mllp_tls);
    if (s->mllp_plain != NULL)
        mllp_server_free(s->mllp_plain);
    misbehave_hurry(s);
    door_soap_drop(s);
    if (s->own != NULL)
        s->daemon->spec->close_doors(s);
    while (s->live > 0)
        loop_turn(s->loop, 100);
}

static void service_close(struct service *s)
{
    http_client_free(s->client);
    db_close(s->db);
    loop_free(s->loop);
}

static void close_all(struct daemon *d)
{
    int opened = 0;

    while (opened < d->service_count && d->services[opened].loop != NULL)
        service_settle(&d->services[opened++]);
    audit_stop(d->audit);
    if (d->own != NULL && d->spec->close != NULL)
        d->spec->close(d);
    if (d->writer != NULL)
        writer_stop(d->writer);
    if (d->spool != NULL)
        spool_stop(d->spool);
    journal_close(d->journal);
    for (int i = 0; i < opened; i++)
        service_close(&d->services[i]);
    misbehave_stop(d);
    tls_doors_free(d);
}

static int loop_count(const struct config *c)
{
    long long n = config_number(c, CONFIG_LOOPS);

    return (int)(n > 0 ? MIN(n, 64) : MAX(sysconf(_SC_NPROCESSORS_ONLN), 1));
}

enum rc daemon_start(struct arena *a, const struct daemon_spec *spec, const struct config *c, struct daemon **out)
{
    struct daemon *d = ARENA_NEW(a, struct daemon);

    d->spec = spec;
    d->config = c;
    d->arena = a;
    d->port = spec->control != NULL ? -1 : daemon_listen_port(c, CONFIG_PORT);
    d->plain_port = daemon_listen_port(c, CONFIG_PLAIN_PORT);
    d->mllp_port = spec_has_door(spec, DOOR_MLLP) ? daemon_listen_port(c, CONFIG_MLLP_PORT) : -1;
    d->mllp_plain_port = spec_has_door(spec, DOOR_MLLP) ? daemon_listen_port(c, CONFIG_MLLP_PLAIN_PORT) : -1;
    d->service_count = spec->control != NULL ? 1 : loop_count(c);
    d->services = ARENA_ARRAY(a, struct service, (size_t)d->service_count);
    enum rc rc = open_all(d);
    if (rc != OK) {
        close_all(d);
        return rc;
    }
    *out = d;
    return OK;
}

/* ---- running and stopping ---- */

static void *run_loop(void *service)
{
    arena_blocks_keep(true);
    loop_run(((struct service *)service)->loop);
    arena_blocks_keep(false);
    return NULL;
}

void daemon_run(struct daemon *d)
{
    for (int i = 0; i < d->service_count; i++) {
        if (pthread_create(&d->services[i].thread, NULL, run_loop, &d->services[i]) != 0)
            die("cannot start a loop's thread");
    }
}

/* On the loop: a server has drained; the last one ends the loop. */
static void on_drained(void *service)
{
    struct service *s = service;

    if (--s->draining == 0)
        loop_stop(s->loop);
}

static void service_drain(void *service)
{
    struct service *s = service;

    s->draining = 1 + (s->tls_server != NULL) + (s->plain_server != NULL) + (s->mllp_tls != NULL) +
                  (s->mllp_plain != NULL) + (s->own != NULL);
    if (s->tls_server != NULL)
        http_server_drain(s->tls_server, DRAIN_MS, on_drained, s);
    if (s->plain_server != NULL)
        http_server_drain(s->plain_server, DRAIN_MS, on_drained, s);
    if (s->mllp_tls != NULL)
        mllp_server_drain(s->mllp_tls, DRAIN_MS, on_drained, s);
    if (s->mllp_plain != NULL)
        mllp_server_drain(s->mllp_plain, DRAIN_MS, on_drained, s);
    if (s->own != NULL)
        s->daemon->spec->drain_doors(s, DRAIN_MS, on_drained, s);
    on_drained(s);
}

void daemon_stop(struct daemon *d)
{
    for (int i = 0; i < d->service_count; i++)
        loop_post(d->services[i].loop, service_drain, &d->services[i]);
    for (int i = 0; i < d->service_count; i++)
        pthread_join(d->services[i].thread, NULL);
    close_all(d);
}

/* ---- the program ---- */

/* Every program draws from a sequence of its own (FNV-1a of its name), or two daemons would give out the same ids. */
static uint64_t seed_of(const struct config *c, const char *program)
{
    uint64_t seed = (uint64_t)config_number(c, CONFIG_SEED);

    if (seed == 0)
        return 0;
    for (; *program != '\0'; program++)
        seed = (seed ^ (uint8_t)*program) * 0x100000001b3u;
    return seed != 0 ? seed : 1;
}

#define CHECK_FLAG "--check-stdin"

/* Who only judges neither listens nor tells. */
static enum rc configure_checking(struct config *c)
{
    static const struct {
        enum config_key key;
        const char *value;
    } settings[] = {
        { CONFIG_PORT, "0" },  { CONFIG_PLAIN_PORT, "0" }, { CONFIG_MLLP_PORT, "0" },  { CONFIG_MLLP_PLAIN_PORT, "0" },
        { CONFIG_LOOPS, "1" }, { CONFIG_JOURNAL, "off" },  { CONFIG_POPULATION, "0" }, { CONFIG_LOG_LEVEL, "error" },
    };

    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        TRY(config_set(c, settings[i].key, settings[i].value));
    return OK;
}

/* checking: the words behind --check-stdin, in argv; NULL when it is not there. */
static enum rc configure(struct arena *a, const char *program, int argc, char **argv, struct config **out,
                         char ***checking)
{
    enum log_level level;
    const char *clock;

    TRY(config_load(a, &argc, argv, out));
    *checking = argc > 1 && strcmp(argv[1], CHECK_FLAG) == 0 ? argv + 2 : NULL;
    if (argc > 1 && *checking == NULL) {
        fprintf(stderr, "%s: there is no flag %s (kakehashi help)\n", program, argv[1]);
        return E_CONFIG;
    }
    if (*checking != NULL)
        TRY(configure_checking(*out));
    TRY(log_level_parse(config_text(*out, CONFIG_LOG_LEVEL), &level));
    log_open(program, level);
    ids_pin(seed_of(*out, program));
    clock = config_text(*out, CONFIG_CLOCK);
    if (clock[0] != '\0' && clock_pin(clock) != OK) {
        fprintf(stderr, "%s: --clock \"%s\" is not like 2026-04-01T09:00:00Z\n", program, clock);
        return E_CONFIG;
    }
    return OK;
}

static void tell_ready(const struct config *c)
{
    int fd = (int)config_number(c, CONFIG_READY_FD);

    if (fd < 0)
        return;
    if (write(fd, "R", 1) != 1)
        log_warn("nobody waits at --ready-fd %d", fd);
    close(fd);
}

/* SIGTERM and SIGINT are blocked everywhere and waited for here, so that no thread is interrupted. */
static int wait_for_signal(const sigset_t *signals)
{
    int signal = 0;

    while (sigwait(signals, &signal) != 0)
        continue;
    return signal;
}

int daemon_main(const struct daemon_spec *spec, int argc, char **argv)
{
    struct arena *a = arena_new();
    const char *program = arena_printf(a, "kakehashi-%s", spec->name);
    struct config *config;
    struct daemon *d;
    sigset_t signals;
    char **checking;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    net_init();
    enum rc rc = configure(a, program, argc, argv, &config, &checking);
    if (rc == OK)
        rc = daemon_start(a, spec, config, &d);
    if (rc != OK) {
        arena_free(a);
        return rc == E_CANCELLED ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (checking != NULL) {
        int code = checking_main(d, checking);
        close_all(d);
        arena_free(a);
        return code;
    }
    malloc_trim(0); /* what reading and seeding took: net_init keeps what is freed */
    daemon_run(d);
    log_info("%zu communities on ports %d (TLS) and %d (plain), %d loops", d->world->count, d->port, d->plain_port,
             d->service_count);
    if (d->mllp_port >= 0 || d->mllp_plain_port >= 0)
        log_info("HL7 v2 on ports %d (TLS) and %d (plain)", d->mllp_port, d->mllp_plain_port);
    tell_ready(config);
    int signal = wait_for_signal(&signals);
    log_info("%s: finishing what is under way", strsignal(signal));
    daemon_stop(d);
    arena_free(a);
    return EXIT_SUCCESS;
}
