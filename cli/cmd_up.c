/*
 * kakehashi up: makes what is missing (data folder, certificates), starts the daemons at once, says when all answer,
 * and stays until it is told to stop. Everything it decides is in this file's order of functions; the daemons' lives
 * are supervisor.c's.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/endpoints.h"
#include "cli/language.h"
#include "cli/lock.h"
#include "cli/pki.h"
#include "cli/ports.h"
#include "cli/supervisor.h"

#include "actor/clock_choice.h"
#include "actor/seeding.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "net/loop.h"
#include "world/people.h"
#include "world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct up {
    struct arena *arena;
    const struct config *config;
    const char *data, *show;
    bool json;
    int told_fd; /* --detach: a byte here lets the caller's shell go on; else -1 */

    uint64_t started;
    int ready_ms;
    struct world *world;
    struct ports ports;
    struct clock_choice *clocks;
    int lock_fd, log_fd; /* -1 until open */
    struct buf *endpoints;
    struct loop *loop;
    struct supervisor *supervisor;
    pid_t scenario; /* --show, while it runs */
    bool is_stopping, has_bar;
    int code;
};

/* ---- what must be there before a daemon can start ---- */

static enum rc take_data(struct up *up)
{
    pid_t holder;

    TRY(file_mkdirs(up->data, 0700));
    enum rc rc = lock_take(backbone_pid_file(up->arena, up->data), &up->lock_fd, &holder);
    if (rc == E_EXISTS)
        fprintf(stderr,
                language_pick("kakehashi: a backbone already runs at %s (process %ld); `kakehashi down` stops it, "
                              "--data starts another\n",
                              "kakehashi: %s では既に基盤が動いています (プロセス %ld)。`kakehashi down` "
                              "で停止、--data で別の場所に起動できます\n"),
                up->data, (long)holder);
    return rc;
}

/* Who is to live there, and whether others do already; said before anything is made. */
static enum rc check_people(struct up *up)
{
    struct population population;

    TRY(population_parse(config_text(up->config, CONFIG_POPULATION), &population));
    for (int i = 0; i < FLEET_COUNT; i++) {
        const char *name = fleet[i].name;
        if (fleet[i].has_people)
            TRY(seeding_check(up->config, arena_printf(up->arena, "%s/%s/%s.db", up->data, name, name)));
    }
    return OK;
}

static enum rc make_pki(struct up *up)
{
    size_t made;

    TRY(pki_make(up->arena, up->data, up->world, config_text(up->config, CONFIG_BIND), &made));
    if (made > 0)
        fprintf(stderr, language_pick("made %zu certificates in %s/pki\n", "証明書 %zu 枚を %s/pki に作りました\n"),
                made, up->data);
    return OK;
}

/* The log of the last run is kept beside. */
static enum rc open_log(struct up *up)
{
    const char *path = backbone_log_file(up->arena, up->data);

    if (rename(path, arena_printf(up->arena, "%s.1", path)) != 0 && errno != ENOENT)
        log_warn("cannot keep the last %s: %s", path, strerror(errno));
    up->log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (up->log_fd >= 0)
        return OK;
    log_error("cannot write %s: %s", path, strerror(errno));
    return E_IO;
}

static const char *base_or_null(struct arena *a, const char *scheme, const char *bind, int port)
{
    return port != 0 ? fleet_base(a, scheme, bind, port) : NULL;
}

static const char *control_url(struct up *up)
{
    const char *at = config_text(up->config, CONFIG_CONTROL_BIND);

    return strcmp(at, "127.0.0.1") == 0 ? arena_printf(up->arena, "http://127.0.0.1:%d", up->ports.control)
                                        : fleet_base(up->arena, "http", at, up->ports.control);
}

static void write_endpoints(struct up *up)
{
    const char *bind = config_text(up->config, CONFIG_BIND);
    struct endpoints_spec spec = {
        .world = up->world,
        .data = up->data,
        .control = control_url(up),
        .records_tls = fleet_base(up->arena, "syslog-tls", bind, up->ports.syslog_tls),
        .records_plain = base_or_null(up->arena, "syslog-udp", "127.0.0.1", up->ports.syslog_plain),
        .ntp_port = up->ports.ntp,
        .ntp = fleet_base(up->arena, "ntp", bind, up->ports.ntp),
        .clocks = up->clocks,
    };

    for (int i = 0; i < FLEET_COUNT; i++) {
        spec.tls[i] = base_or_null(up->arena, "https", bind, up->ports.tls[i]);
        spec.plain[i] = base_or_null(up->arena, "http", "127.0.0.1", up->ports.plain[i]);
        spec.mllp_tls[i] = base_or_null(up->arena, "mllps", bind, up->ports.mllp_tls[i]);
        spec.mllp_plain[i] = base_or_null(up->arena, "mllp", "127.0.0.1", up->ports.mllp_plain[i]);
    }
    up->endpoints = buf_new(up->arena, BUF_MAX_DEFAULT);
    endpoints_write(up->arena, &spec, up->endpoints);
}

static enum rc prepare(struct up *up)
{
    TRY(take_data(up));
    TRY(make_pki(up));
    TRY(ports_take(up->config, &up->ports));
    TRY(open_log(up));
    write_endpoints(up);
    return OK;
}

/* What the console says of the daemons: only we know. */
static void on_change(void *arg)
{
    struct up *up = arg;
    struct json_writer w;

    if (up->is_stopping)
        return;
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_integer(&w, "pid", getpid());
    jw_bool(&w, "ready", supervisor_is_ready(up->supervisor));
    supervisor_status(up->supervisor, &w, "daemons");
    jw_end_object(&w);
    buf_add_char(out, '\n');
    if (file_replace(backbone_status_file(a, up->data), buf_str(out), 0600) != OK)
        log_warn("the console will not know how the daemons are");
    arena_free(a);
}

/* ---- while people are seeded ---- */

#define BAR_WIDTH 40

/* One line of a terminal, drawn over and over; nobody else gets to see it. */
static void on_progress(void *arg, unsigned long long done, unsigned long long total)
{
    static const char full[] = "########################################";
    struct up *up = arg;

    if (up->json || up->is_stopping || !isatty(STDERR_FILENO))
        return;
    up->has_bar = true;
    fprintf(stderr, language_pick("\rseeding people [%-*.*s] %3llu%%", "\r住民データ作成 [%-*.*s] %3llu%%"), BAR_WIDTH,
            (int)(done * BAR_WIDTH / total), full, done * 100 / total);
    fflush(stderr);
}

static void bar_clear(struct up *up)
{
    if (up->has_bar)
        fputs("\r\033[K", stderr);
    up->has_bar = false;
}

/* ---- when it is ready ---- */

static void print_table(struct up *up)
{
    struct buf *out = buf_new(up->arena, BUF_MAX_DEFAULT);
    struct json *root;

    if (json_parse(up->arena, buf_str(up->endpoints), &root, NULL) != OK ||
        endpoints_print(up->arena, root, NULL, out) != OK)
        die("our own endpoints.json cannot be read");
    buf_printf(out,
               language_pick("\nready in %d ms; daemons log to %s\n", "\n%d ミリ秒で準備完了。デーモンのログは %s\n"),
               up->ready_ms, backbone_log_file(up->arena, up->data));
    fwrite(out->data, 1, out->len, stdout);
}

/* From here on nobody may watch our terminal. */
static void let_go(struct up *up)
{
    fflush(stdout);
    dup2(up->log_fd, STDOUT_FILENO);
    dup2(up->log_fd, STDERR_FILENO);
    if (write(up->told_fd, "R", 1) != 1)
        log_warn("whoever started us has left");
    close(up->told_fd);
}

static void announce(struct up *up)
{
    if (up->json)
        fwrite(up->endpoints->data, 1, up->endpoints->len, stdout);
    else
        print_table(up);
    fflush(stdout);
    if (up->told_fd >= 0)
        let_go(up);
}

/* `kakehashi scenario run NAME` as a child, so that it can do nothing to us that another user's could not. */
static void scenario_start(struct up *up)
{
    static const enum config_key same[] = { CONFIG_FIXTURES, CONFIG_SEED, CONFIG_CLOCK };
    const char *argv[6 + ARRAY_LEN(same) + 1] = { "kakehashi", "scenario", "run", up->show, "--data", up->data };
    pid_t parent = getpid();

    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        argv[6 + i] = arena_printf(up->arena, "--%s=%s", config_row(same[i])->key, config_text(up->config, same[i]));

    up->scenario = fork();
    if (up->scenario != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    if (up->json) /* standard output is for the JSON alone */
        dup2(STDERR_FILENO, STDOUT_FILENO);
    execv("/proc/self/exe", (char *const *)argv);
    _exit(127);
}

static void on_scenario_over(void *arg)
{
    struct up *up = arg;
    int status;

    if (up->scenario <= 0 || waitpid(up->scenario, &status, WNOHANG) != up->scenario)
        return;
    up->scenario = 0;
    if (up->is_stopping)
        return;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr,
                language_pick("kakehashi: the scenario %s did not succeed; the backbone stays up\n",
                              "kakehashi: シナリオ %s は成功しませんでした。基盤は動き続けます\n"),
                up->show);
    if (!up->json)
        puts(""); /* between the story and the table */
    announce(up);
}

static void stop(struct up *up)
{
    up->is_stopping = true;
    bar_clear(up);
    unlink(backbone_endpoints_file(up->arena, up->data));
    unlink(backbone_status_file(up->arena, up->data));
    if (up->scenario > 0)
        kill(up->scenario, SIGTERM);
    supervisor_stop(up->supervisor);
}

static void on_ready(void *arg)
{
    struct up *up = arg;

    bar_clear(up);
    up->ready_ms = (int)((clock_ticks() - up->started) / 1000000);
    if (file_write(backbone_endpoints_file(up->arena, up->data), buf_str(up->endpoints), 0600) != OK) {
        up->code = EXIT_FAILED;
        stop(up);
    } else if (up->show != NULL) {
        scenario_start(up);
    } else {
        announce(up);
    }
}

/* ---- when it ends ---- */

#define TAIL_LINES 12

/* What the daemon had to say is at the end of its log. */
static void print_log_tail(struct up *up)
{
    struct str text;
    int lines = 0;

    if (file_read(up->arena, backbone_log_file(up->arena, up->data), (size_t)1 << 30, &text) != OK)
        return;
    size_t from = text.len;
    while (from > 0 && (text.data[from - 1] != '\n' || lines++ <= TAIL_LINES))
        from--;
    fwrite(text.data + from, 1, text.len - from, stderr);
}

static void on_failed(void *arg, const char *why)
{
    struct up *up = arg;

    print_log_tail(up);
    fprintf(
        stderr,
        language_pick("kakehashi: %s; stopping everything (log: %s)\n", "kakehashi: %s。すべて停止します (ログ: %s)\n"),
        why, backbone_log_file(up->arena, up->data));
    up->code = EXIT_FAILED;
    stop(up);
}

static void on_signal(void *arg)
{
    struct up *up = arg;

    if (!up->is_stopping)
        fputs(language_pick("stopping\n", "停止します\n"), stderr);
    stop(up);
}

static void on_stopped(void *arg)
{
    struct up *up = arg;
    loop_stop(up->loop);
}

/* ---- the story ---- */

static void watch_signals(struct up *up)
{
    struct sigaction hangup;

    loop_on_signal(up->loop, SIGINT, on_signal, up);
    loop_on_signal(up->loop, SIGTERM, on_signal, up);
    loop_on_signal(up->loop, SIGCHLD, on_scenario_over, up);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) /* nohup keeps us up */
        loop_on_signal(up->loop, SIGHUP, on_signal, up);
}

static enum rc start(struct up *up)
{
    const char *fixtures = realpath(world_fixtures(up->arena, up->config), NULL);
    struct supervised *children = ARENA_ARRAY(up->arena, struct supervised, FLEET_COUNT);

    arena_defer(up->arena, free, (void *)fixtures);
    for (int i = 0; i < FLEET_COUNT; i++) {
        children[i] = (struct supervised){ fleet[i].name, NULL, up->ports.tls[i], up->ports.plain[i] };
        TRY(fleet_argv(up->arena, (enum fleet_member)i, up->config, &up->ports, up->data, fixtures, &children[i].argv));
    }
    up->supervisor = supervisor_new(up->arena, &(struct supervisor_spec){
                                                   .loop = up->loop,
                                                   .children = children,
                                                   .count = FLEET_COUNT,
                                                   .log_fd = up->log_fd,
                                                   .on_change = on_change,
                                                   .on_ready = on_ready,
                                                   .on_progress = on_progress,
                                                   .on_failed = on_failed,
                                                   .on_stopped = on_stopped,
                                                   .user = up,
                                               });
    watch_signals(up);
    /* libcurl brings GnuTLS along (for RTMP), which would set itself up in every daemon for nobody, 0.8 MB each. */
    setenv("GNUTLS_NO_IMPLICIT_INIT", "1", 1);
    supervisor_start(up->supervisor);
    return OK;
}

static int run(struct up *up)
{
    net_init();
    up->loop = loop_new();
    enum rc rc = start(up);
    if (rc == OK)
        loop_run(up->loop);
    loop_free(up->loop);
    return rc == OK ? up->code : EXIT_FAILED;
}

static int up_whole(struct up *up)
{
    up->lock_fd = up->log_fd = -1;
    /* nothing has been touched yet */
    if (world_load(up->arena, up->config, &up->world) != OK ||
        clock_choices_parse(up->arena, up->world, config_text(up->config, CONFIG_CLOCKS), &up->clocks) != OK ||
        check_people(up) != OK)
        return EXIT_USAGE;
    int code = prepare(up) == OK ? run(up) : EXIT_FAILED;

    if (up->log_fd >= 0)
        close(up->log_fd);
    ports_release(&up->ports);
    if (up->lock_fd >= 0)
        lock_drop(backbone_pid_file(up->arena, up->data), up->lock_fd);
    return code;
}

/* A child in a session of its own does it all; we wait until it is ready, or gone. */
static int up_detached(struct up *up)
{
    int ends[2], status;
    char byte;

    if (pipe2(ends, O_CLOEXEC) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %s", strerror(errno));
    if (child == 0) {
        close(ends[0]);
        setsid();
        up->told_fd = ends[1];
        return up_whole(up);
    }
    close(ends[1]);
    bool is_ready = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    if (is_ready)
        return EXIT_OK;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

int cmd_up(struct args *args)
{
    struct up up = { .arena = args->arena, .config = args->config, .told_fd = -1, .started = clock_ticks() };

    bool detach = args_flag(args, "--detach");
    up.json = args_flag(args, "--json");
    up.show = args_option(args, "--show");
    if (args_end(args) != OK)
        return EXIT_USAGE;
    up.data = backbone_data(args->arena, args->config);
    return detach ? up_detached(&up) : up_whole(&up);
}
