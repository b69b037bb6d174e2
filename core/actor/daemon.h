#pragma once
/*
 * What every daemon is: configuration, world, stores, N loops each with an HTTP server and client, and a table of
 * transactions. A daemon's main.c names its spec and calls daemon_main.
 */

#include "actor/hooks.h"
#include "actor/request.h"
#include "actor/seeding.h"
#include "actor/transaction.h"
#include "base/config.h"
#include "base/rc.h"
#include "model/community.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "net/mllp_server.h"
#include "store/db.h"
#include "store/spool.h"
#include "store/writer.h"

#include <pthread.h>
#include <stdatomic.h>

struct daemon;

/* What GET of this path, or of one below it, answers. */
struct own_page {
    const char *path;
    void (*serve)(struct service *s, struct http_request *http);
    bool changes; /* it takes PUT and DELETE, too */
};

#define OWN_PAGES 2

struct daemon_spec {
    const char *name; /* "registry": program kakehashi-registry, folder DATA/registry */
    const struct transaction *transactions;
    size_t transaction_count;
    const char *schema; /* of DATA/NAME/NAME.db; NULL: no database */
    bool knows_peers;   /* its world has those of other backbones, too (--peers) */
    bool has_spool;     /* attachments and documents under DATA/NAME */
    seed_people *seed;  /* what it must keep of people before it listens; NULL: nothing */
    bool makes_papers;  /* it makes what it knows of them when asked: keeps the generator at hand, daemon.seeding */
    bool makes_lists;   /* of medicines, made from prescriptions: daemon.list_form */
    /* SQL that finds a row when the blob of SHA-256 ?1 is referred to (store/vault.h); NULL: no documents are kept. */
    const char *blob_references;
    struct own_page pages[OWN_PAGES]; /* beside those of admin.h; those that there are come first */
    /*
     * A daemon that is no actor but looks after them (console): its own door instead of SOAP's, in the clear, on
     * --control-bind; one loop; no journal. user becomes the service; NULL: an actor.
     */
    const struct http_service *control;
    /* What it keeps beside its stores (daemon.own): made when those are open and no loop runs yet, unmade when no loop
     * runs any more and the writer still does. NULL: nothing. */
    enum rc (*open)(struct daemon *d);
    void (*close)(struct daemon *d);
    /* Its database is another from now on (state.h): what it keeps of it in memory goes. On any thread. NULL: nothing.
     */
    void (*forget)(struct daemon *d);
    /* After that, on a loop, before anybody is told: what configuration says goes into the database again. */
    enum rc (*settle)(struct daemon *d);
    /*
     * Doors of its own beside HTTP and HL7 v2, of one loop each (service.own); all NULL when there are none. open_doors
     * runs before the loop does; drain_doors on it: stop taking, then done(arg), after ms at the latest; close_doors
     * when the loop has stopped, and before the writer does.
     */
    enum rc (*open_doors)(struct service *s);
    void (*drain_doors)(struct service *s, int ms, void (*done)(void *), void *arg);
    void (*close_doors)(struct service *s);
};

/* One loop's share: touched only on that loop. */
struct service {
    struct daemon *daemon;
    struct loop *loop;
    struct http_client *client;
    struct http_server *tls_server, *plain_server; /* NULL when the port is 0 */
    struct http_service door;                      /* door_soap, with user = this service */
    struct mllp_server *mllp_tls, *mllp_plain;     /* the same, and of a daemon without transactions of that door */
    struct mllp_service mllp_door;                 /* door_mllp, with user = this service */
    struct db *db;                                 /* reading */
    void *own;                                     /* of spec->open_doors */
    pthread_t thread;
    struct later *laters;  /* misbehave.c's: what a fault delays */
    struct door *detached; /* requests whose answers go to another address, and are not there yet */
    int draining;          /* servers that have not drained yet */
    uint64_t next_id;
    int live;                           /* requests that are not freed */
    uint64_t requests, refused, failed; /* for /metrics */
};

/* The kinds of listeners, each of which may ask for client certificates or not. */
enum tls_door { TLS_HTTP, TLS_MLLP, TLS_SYSLOG, TLS_DOORS };

struct daemon {
    const struct daemon_spec *spec;
    const struct config *config;
    struct arena *arena;
    const struct world *world;
    const char *database;         /* path; NULL without one */
    struct paper_form *list_form; /* of medication lists; NULL: nobody here has any */
    struct seeding *seeding;      /* who has been seeded; NULL: nobody, or the spec does not ask for it */
    struct writer *writer;
    struct spool *spool;
    struct tls_server *tls[TLS_DOORS]; /* NULL when nothing listens there; several may be one */
    struct tls_files *identities;      /* by community */
    struct journal *journal;           /* NULL: none is kept */
    struct hook_list hooks;            /* who looks on: hooks_set */
    struct audit *audit;               /* NULL: it tells no audit record repository */
    struct xua *xua;                   /* NULL: no community looks at assertions */
    struct fault_set *faults;          /* misbehave.h */
    struct impostors *impostors;       /* the same */
    void *state;                       /* the control daemon's own */
    struct service *services;
    int service_count;
    int port, plain_port; /* as bound; -1: no listener */
    int mllp_port, mllp_plain_port;
    atomic_ullong worlds;  /* so often was its state put back (state.h) */
    struct db_mark seeded; /* where the database was the seeded one last, of the writer's thread; with is_marked */
    bool is_marked;
    void *own; /* the spec's */
};

int daemon_main(const struct daemon_spec *spec, int argc, char **argv);

/* The parts of daemon_main, for tests. --port and its kin: 0 is no listener, -1 any free port. */
MUST_CHECK enum rc daemon_start(struct arena *a, const struct daemon_spec *spec, const struct config *c,
                                struct daemon **out);
/* Runs loops on threads of their own and returns. */
void daemon_run(struct daemon *d);
void daemon_stop(struct daemon *d); /* drains, joins, frees */

/* "https://localhost:18101/0035/registry": where a peer's actor is reached; number > 1 adds "/N". Actor is a path word.
 */
const char *daemon_peer_url(struct arena *a, const struct daemon *d, const struct community *c, const char *actor,
                            int number);
/* Can a path word's endpoint be reached by daemon_peer_url? */
bool daemon_has_url(const char *actor);
/* A --port or its kin as a listener takes it: -1 for 0, no listener; 0 for -1, any free port. */
int daemon_listen_port(const struct config *c, enum config_key key);
/* Client certificate of a community under DATA/pki. */
const struct tls_files *daemon_identity(const struct daemon *d, const struct community *c);
