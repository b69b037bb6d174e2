#pragma once
/*
 * Keeps child processes running: starts them all at once, hears from each through a pipe when it answers, starts again
 * what dies, and stops all. Children die with us. One supervisor per process (it owns SIGCHLD and SIGIO).
 */

#include "base/rc.h"
#include "wire/json.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct loop;
struct supervisor;

struct supervised {
    const char *name;
    char *const *argv;    /* argv[0] is the program's path; "--ready-fd=N" is added at the end */
    int port, plain_port; /* for the status */
};

struct supervisor_spec {
    struct loop *loop;
    const struct supervised *children;
    size_t count;
    int log_fd;                    /* their standard output and error; -1: ours */
    void (*on_change)(void *user); /* a child starts, answers or dies: supervisor_status says something else; NULL */
    void (*on_ready)(void *user);  /* once: all answer */
    /* Persons seeded, of those to seed, by the daemon that is least far; may be NULL. */
    void (*on_progress)(void *user, unsigned long long done, unsigned long long total);
    void (*on_failed)(void *user, const char *why); /* once: gave up; the caller stops the rest */
    void (*on_stopped)(void *user);                 /* after supervisor_stop: none is left */
    void *user;
};

#define SUPERVISOR_DEATHS    5     /* so many deaths … */
#define SUPERVISOR_WINDOW_MS 10000 /* … within this: hopeless */
#define SUPERVISOR_GRACE_MS  10000 /* from SIGTERM to SIGKILL */

/* The spec's array and texts live as long as the arena. Nothing runs yet. Not freed before on_stopped. */
struct supervisor *supervisor_new(struct arena *a, const struct supervisor_spec *spec);

void supervisor_start(struct supervisor *s);
/* SIGTERM to all, SIGKILL after the grace; a second call kills at once. */
void supervisor_stop(struct supervisor *s);

bool supervisor_is_ready(const struct supervisor *s);
/* A list of objects under key: name, pid, state, port, plainPort, startedUs (since the epoch), restarts. */
void supervisor_status(const struct supervisor *s, struct json_writer *w, const char *key);
