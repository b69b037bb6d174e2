#pragma once
/* The daemons that make a backbone: who they are, and the command lines `kakehashi up` starts them with. */

#include "base/config.h"
#include "base/rc.h"

#include <stdbool.h>

struct args;
struct arena;
struct ports;

enum fleet_member {
    FLEET_REGISTRY, /* the four whose transactions are about patients and documents, first */
    FLEET_REPOSITORY,
    FLEET_PIXMGR,
    FLEET_GATEWAY,
    FLEET_CLINICAL_COUNT,
    FLEET_AUDIT = FLEET_CLINICAL_COUNT,
    FLEET_CONSOLE,
    FLEET_COUNT
};

struct fleet_row {
    const char *name;   /* program kakehashi-NAME */
    enum config_key at; /* where peers reach it */
    bool mllp;          /* it has a door for HL7 v2, too */
    bool is_control;    /* it listens on the control port alone */
    bool has_people;    /* seeded, and others than --seed says may live there already */
};

extern const struct fleet_row fleet[FLEET_COUNT];

/* "https://localhost:18101": how a client on this machine reaches a listener at address `bind`. In the arena. */
const char *fleet_base(struct arena *a, const char *scheme, const char *bind, int port);

/*
 * argv of one daemon, whose program lies beside our own: the whole configuration as flags (so that a daemon needs
 * neither our environment nor our --config FILE), and the ports. data and fixtures: absolute paths.
 */
MUST_CHECK enum rc fleet_argv(struct arena *a, enum fleet_member m, const struct config *c, const struct ports *ports,
                              const char *data, const char *fixtures, char *const **out);

/* The path of a program beside ours. */
MUST_CHECK enum rc fleet_program(struct arena *a, const char *name, const char **out);

/*
 * Becomes a program beside ours, with the words of args and the whole configuration as flags: for what a daemon's own
 * program knows best. Returns, with an exit code after a sentence, only when it cannot.
 */
int fleet_become(const struct args *args, const char *name);
