#include "cli/bench_patients.h"

#include "cli/bench.h"
#include "cli/fleet.h"
#include "cli/process.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/json.h"
#include "world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIGURES_MAX 4096
#define LOG_MAX     ((size_t)1 << 20)

static const char *kept_folder(struct arena *a)
{
    const char *parent = getenv("TMPDIR");

    return arena_printf(a, "%s/kakehashi-bench-patients", text_absent(parent) ? "/var/tmp" : parent);
}

/* ---- filling ---- */

static enum rc fill_start(struct bench *b, int out_fd, const char *log, pid_t *pid)
{
    const char *program;

    TRY(fleet_program(b->arena, "kakehashi-pixmgr", &program));
    const char *const argv[] = { "kakehashi-pixmgr",
                                 "fill",
                                 PATIENTS_COMMUNITY,
                                 arena_printf(b->arena, "%u", PATIENTS_COUNT),
                                 "--data",
                                 kept_folder(b->arena),
                                 "--fixtures",
                                 world_fixtures(b->arena, b->config),
                                 NULL };
    return process_start(&(struct process_spec){ .program = program, .argv = argv, .out_fd = out_fd, .log = log }, pid);
}

/* All it prints, which ends when it does. */
static struct str figures_read(struct bench *b, int fd)
{
    char *text = arena_alloc(b->arena, FIGURES_MAX);
    size_t len = 0;

    for (ssize_t n; len < FIGURES_MAX && (n = read(fd, text + len, FIGURES_MAX - len)) != 0;) {
        if (n < 0 && (errno != EINTR || bench_stop))
            break;
        len += n > 0 ? (size_t)n : 0;
    }
    return (struct str){ text, len };
}

static enum rc figures_parse(struct bench *b, struct str text, const char *log, struct patients_filled *out)
{
    struct json *figures;
    struct str why;

    if (json_parse(b->arena, text, &figures, NULL) == OK) {
        out->seconds = json_number(figures, "milliseconds", 0) / 1000;
        out->peak_mb = json_number(figures, "peakKiB", 0) / 1024;
        return OK;
    }
    if (file_read(b->arena, log, LOG_MAX, &why) == OK)
        fwrite(why.data, 1, why.len, stderr);
    log_error("the patients could not be fed");
    return E_PEER;
}

enum rc bench_patients_fill(struct bench *b, struct patients_filled *out)
{
    const char *log = arena_printf(b->arena, "%s/fill.log", b->folder);
    pid_t pid;
    int ends[2];

    TRY(file_mkdirs(kept_folder(b->arena), 0700));
    if (pipe2(ends, O_CLOEXEC) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    enum rc rc = fill_start(b, ends[1], log, &pid);
    close(ends[1]);
    if (rc == OK) {
        struct str text = figures_read(b, ends[0]);
        process_stop(pid);
        rc = bench_stop ? E_CANCELLED : figures_parse(b, text, log, out);
    }
    close(ends[0]);
    return rc;
}

/* ---- a backbone that has them ---- */

enum rc bench_patients_start(struct bench *b, int loops, struct bench_backbone *out)
{
    const char *data = arena_printf(b->arena, "%s/data", b->folder);
    struct patients_filled filled;

    TRY(bench_patients_fill(b, &filled));
    TRY(file_mkdirs(data, 0700));
    if (symlink(arena_printf(b->arena, "%s/pixmgr", kept_folder(b->arena)),
                arena_printf(b->arena, "%s/pixmgr", data)) != 0)
        return file_error("link", data);
    return bench_world_start(b, &(struct bench_world){ PATIENTS_COMMUNITY, "0", loops }, out);
}
