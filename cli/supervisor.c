#include "cli/supervisor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "net/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum state { STATE_DOWN, STATE_STARTING, STATE_READY };

static const char *const state_words[] = { "down", "starting", "ready" };

struct child {
    struct supervisor *supervisor;
    const struct supervised *what;
    char **argv;
    char ready_flag[32]; /* the last of argv */
    enum state state;
    pid_t pid;    /* 0: none */
    int ready_fd; /* -1: nothing to hear */
    bool was_ready;
    unsigned long long seeded, to_seed;          /* what it tells before it is ready */
    uint64_t started_us;                         /* by the wall's clock, for others */
    uint64_t started, deaths[SUPERVISOR_DEATHS]; /* ticks; deaths is a ring */
    int death_count;
    struct loop_timer *again;
};

struct supervisor {
    struct supervisor_spec spec;
    struct child *children;
    bool stopping, all_were_ready, gave_up;
    struct loop_timer *kill;
};

static uint64_t ms_since(uint64_t ticks)
{
    return (clock_ticks() - ticks) / 1000000;
}

/* Runs in the child: only what is safe between fork and exec. */
static _Noreturn void child_exec(const struct child *c, pid_t parent, int ready_fd)
{
    int null_fd = open("/dev/null", O_RDONLY);
    int log_fd = c->supervisor->spec.log_fd;

    setpgid(0, 0); /* a terminal's Ctrl-C is for us; we tell the children */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    dup2(null_fd, STDIN_FILENO);
    if (log_fd >= 0) {
        dup2(log_fd, STDOUT_FILENO);
        dup2(log_fd, STDERR_FILENO);
    }
    fcntl(ready_fd, F_SETFD, 0);
    execv(c->argv[0], c->argv);
    _exit(127);
}

/* The loop hears signals, not descriptors: the kernel sends SIGIO when the pipe has something to read. */
static int ready_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    fcntl(ends[0], F_SETOWN, getpid());
    fcntl(ends[0], F_SETFL, O_NONBLOCK | O_ASYNC);
    return 0;
}

static void child_again(struct child *c, const char *how, bool by_itself);

static void ready_close(struct child *c)
{
    if (c->ready_fd >= 0)
        close(c->ready_fd);
    c->ready_fd = -1;
}

static enum rc child_fork(struct child *c)
{
    pid_t parent = getpid();
    int ends[2];

    if (ready_pipe(ends) != 0)
        return E_IO;
    c->ready_fd = ends[0];
    snprintf(c->ready_flag, sizeof(c->ready_flag), "--ready-fd=%d", ends[1]);
    pid_t pid = fork();
    if (pid == 0)
        child_exec(c, parent, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        ready_close(c);
        return E_IO;
    }
    c->pid = pid;
    return OK;
}

static void tell_change(struct supervisor *s)
{
    if (s->spec.on_change != NULL)
        s->spec.on_change(s->spec.user);
}

static void child_start(struct child *c)
{
    c->started = clock_ticks();
    c->started_us = clock_wall_us();
    c->state = STATE_STARTING;
    if (child_fork(c) == OK) {
        tell_change(c->supervisor);
        return;
    }
    c->state = STATE_DOWN;
    child_again(c, strerror(errno), false);
}

static void on_again(void *arg)
{
    struct child *c = arg;

    c->again = NULL;
    child_start(c);
}

static void tell_ready(struct supervisor *s)
{
    if (s->all_were_ready || s->stopping || !supervisor_is_ready(s))
        return;
    s->all_were_ready = true;
    s->spec.on_ready(s->spec.user);
}

/* All wait for the one that has most of its way before it. */
static void tell_progress(struct supervisor *s)
{
    const struct child *last = NULL;

    for (size_t i = 0; i < s->spec.count; i++) {
        const struct child *c = &s->children[i];
        if (c->to_seed > 0 && (last == NULL || c->seeded * last->to_seed < last->seeded * c->to_seed))
            last = c;
    }
    if (s->spec.on_progress != NULL && last != NULL)
        s->spec.on_progress(s->spec.user, last->seeded, last->to_seed);
}

/* "P DONE TOTAL\n", any number of times; the last whole line counts. Lines are short: a pipe does not cut them. */
static void child_progress(struct child *c, char *text)
{
    unsigned long long done, total;

    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL && rest != NULL;) {
        if (sscanf(line, "P %llu %llu", &done, &total) == 2) {
            c->seeded = done;
            c->to_seed = total;
        }
    }
    tell_progress(c->supervisor);
}

static void child_listen(struct child *c)
{
    char text[4096];
    ssize_t n = read(c->ready_fd, text, sizeof(text) - 1);

    if (n < 0) /* EAGAIN: another child's signal */
        return;
    text[n] = '\0';
    bool is_ready = strchr(text, 'R') != NULL;
    if (n > 0)
        child_progress(c, text);
    if (n > 0 && !is_ready)
        return;
    ready_close(c);
    if (n == 0) /* it is dying: SIGCHLD follows */
        return;
    c->state = STATE_READY;
    c->was_ready = true;
    tell_change(c->supervisor);
    log_debug("%s answers after %llu ms", c->what->name, (unsigned long long)ms_since(c->started));
}

static void on_sigio(void *arg)
{
    struct supervisor *s = arg;

    for (size_t i = 0; i < s->spec.count; i++) {
        if (s->children[i].ready_fd >= 0)
            child_listen(&s->children[i]);
    }
    tell_ready(s);
}

static void give_up(struct child *c, const char *how, const char *what)
{
    struct supervisor *s = c->supervisor;
    char why[256];

    if (s->gave_up)
        return;
    s->gave_up = true;
    snprintf(why, sizeof(why), "%s %s (%s)", c->what->name, what, how);
    s->spec.on_failed(s->spec.user, why);
}

/* Deaths within the window, this one included. */
static int deaths_count(struct child *c)
{
    int recent = 0;

    c->deaths[c->death_count++ % SUPERVISOR_DEATHS] = clock_ticks();
    for (int i = 0; i < MIN(c->death_count, SUPERVISOR_DEATHS); i++) {
        if (ms_since(c->deaths[i]) < SUPERVISOR_WINDOW_MS)
            recent++;
    }
    return recent;
}

/* At once the first time; then after 100, 200, 400 ms. */
static void child_again(struct child *c, const char *how, bool by_itself)
{
    int deaths = deaths_count(c);

    if (!c->was_ready && by_itself) { /* it would say the same again */
        give_up(c, how, "does not start");
        return;
    }
    if (deaths >= SUPERVISOR_DEATHS) {
        give_up(c, how, "dies again and again");
        return;
    }
    int delay = deaths == 1 ? 0 : 50 << (deaths - 1);
    log_warn("%s died (%s): starts again%s", c->what->name, how, delay ? " after a pause" : "");
    c->again = loop_after(c->supervisor->spec.loop, delay, on_again, c);
}

static bool is_alone(const struct supervisor *s)
{
    for (size_t i = 0; i < s->spec.count; i++) {
        if (s->children[i].pid != 0)
            return false;
    }
    return true;
}

static void tell_stopped(void *arg)
{
    struct supervisor *s = arg;

    loop_cancel(s->kill);
    s->kill = NULL;
    s->spec.on_stopped(s->spec.user);
}

static void child_died(struct child *c, int status)
{
    char how[64];

    if (WIFSIGNALED(status))
        snprintf(how, sizeof(how), "signal %d, %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(how, sizeof(how), "exit code %d", WEXITSTATUS(status));
    ready_close(c);
    c->pid = 0;
    c->state = STATE_DOWN;
    tell_change(c->supervisor);
    if (!c->supervisor->stopping)
        child_again(c, how, WIFEXITED(status));
    else if (is_alone(c->supervisor))
        tell_stopped(c->supervisor);
}

static void on_sigchld(void *arg)
{
    struct supervisor *s = arg;
    int status;

    for (size_t i = 0; i < s->spec.count; i++) {
        struct child *c = &s->children[i];
        if (c->pid != 0 && waitpid(c->pid, &status, WNOHANG) == c->pid)
            child_died(c, status);
    }
}

static void child_init(struct arena *a, struct child *c, struct supervisor *s, const struct supervised *what)
{
    size_t n = 0;

    while (what->argv[n] != NULL)
        n++;
    *c = (struct child){ .supervisor = s, .what = what, .ready_fd = -1 };
    c->argv = ARENA_ARRAY(a, char *, n + 2);
    memcpy(c->argv, what->argv, n * sizeof(*c->argv));
    c->argv[n] = c->ready_flag;
}

struct supervisor *supervisor_new(struct arena *a, const struct supervisor_spec *spec)
{
    struct supervisor *s = ARENA_NEW(a, struct supervisor);

    s->spec = *spec;
    s->children = ARENA_ARRAY(a, struct child, spec->count);
    for (size_t i = 0; i < spec->count; i++)
        child_init(a, &s->children[i], s, &spec->children[i]);
    loop_on_signal(spec->loop, SIGCHLD, on_sigchld, s);
    loop_on_signal(spec->loop, SIGIO, on_sigio, s);
    return s;
}

void supervisor_start(struct supervisor *s)
{
    for (size_t i = 0; i < s->spec.count; i++)
        child_start(&s->children[i]);
}

static void signal_all(const struct supervisor *s, int number)
{
    for (size_t i = 0; i < s->spec.count; i++) {
        if (s->children[i].pid != 0)
            kill(s->children[i].pid, number);
    }
}

static void on_grace_over(void *arg)
{
    struct supervisor *s = arg;

    s->kill = NULL;
    log_warn("not every daemon stopped when asked: killing them");
    signal_all(s, SIGKILL);
}

void supervisor_stop(struct supervisor *s)
{
    if (s->stopping) {
        signal_all(s, SIGKILL);
        return;
    }
    s->stopping = true;
    for (size_t i = 0; i < s->spec.count; i++) {
        loop_cancel(s->children[i].again);
        s->children[i].again = NULL;
    }
    signal_all(s, SIGTERM);
    if (is_alone(s))
        loop_post(s->spec.loop, tell_stopped, s);
    else
        s->kill = loop_after(s->spec.loop, SUPERVISOR_GRACE_MS, on_grace_over, s);
}

bool supervisor_is_ready(const struct supervisor *s)
{
    for (size_t i = 0; i < s->spec.count; i++) {
        if (s->children[i].state != STATE_READY)
            return false;
    }
    return true;
}

static void child_status(const struct child *c, struct json_writer *w)
{
    jw_object(w, NULL);
    jw_text(w, "name", c->what->name);
    jw_text(w, "state", state_words[c->state]);
    jw_integer(w, "pid", c->pid);
    jw_integer(w, "port", c->what->port);
    jw_integer(w, "plainPort", c->what->plain_port);
    jw_integer(w, "startedUs", (long long)c->started_us);
    jw_integer(w, "restarts", c->death_count);
    jw_end_object(w);
}

void supervisor_status(const struct supervisor *s, struct json_writer *w, const char *key)
{
    jw_list(w, key);
    for (size_t i = 0; i < s->spec.count; i++)
        child_status(&s->children[i], w);
    jw_end_list(w);
}
