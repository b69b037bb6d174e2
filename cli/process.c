#include "cli/process.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_NS ((uint64_t)15 * 1000000000)

/* Runs in the child: only what is safe between fork and exec. */
static _Noreturn void child_exec(const struct process_spec *spec, int log_fd, pid_t parent)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    char *const environment[] = { locale, NULL };
    int null_fd = open("/dev/null", O_RDONLY);

    setpgid(0, 0); /* a terminal's Ctrl-C is for us; we tell the child */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    dup2(spec->in_fd > 0 ? spec->in_fd : null_fd, STDIN_FILENO);
    dup2(spec->out_fd >= 0 ? spec->out_fd : log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    execve(spec->program, (char *const *)spec->argv, environment);
    _exit(127);
}

enum rc process_start(const struct process_spec *spec, pid_t *out)
{
    int log_fd = open(spec->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t parent = getpid();

    if (log_fd < 0) {
        log_error("cannot write %s: %s", spec->log, strerror(errno));
        return E_IO;
    }
    pid_t pid = fork();
    if (pid == 0)
        child_exec(spec, log_fd, parent);
    close(log_fd);
    if (pid < 0) {
        log_error("cannot start %s: %s", spec->program, strerror(errno));
        return E_IO;
    }
    *out = pid;
    return OK;
}

int process_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool process_is_over(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) != 0;
}

void process_stop(pid_t pid)
{
    const struct timespec pause = { .tv_nsec = 2000000 };
    uint64_t end = clock_ticks() + GRACE_NS;

    kill(pid, SIGTERM);
    while (!process_is_over(pid)) {
        if (clock_ticks() >= end) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
            return;
        }
        nanosleep(&pause, NULL);
    }
}

/* ---- memory ---- */

static const struct {
    const char *file, *field;
} memory[] = {
    [MEMORY_RESIDENT] = { "status", "VmRSS" },
    [MEMORY_PEAK] = { "status", "VmHWM" },
    [MEMORY_PROPORTIONAL] = { "smaps_rollup", "Pss" },
};

long process_field_kib(struct str text, const char *name)
{
    size_t n = strlen(name);
    const char *eol;

    for (const char *at = text.data, *end = at + text.len; at < end; at = eol + 1) {
        eol = memchr(at, '\n', (size_t)(end - at));
        if (eol == NULL)
            return 0;
        if ((size_t)(eol - at) > n && memcmp(at, name, n) == 0 && at[n] == ':')
            return strtol(at + n + 1, NULL, 10);
    }
    return 0;
}

/* A file of /proc/PID; no bytes when there is none. */
static struct str proc_read(pid_t pid, const char *file, char *text, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return (struct str){ text, 0 };
    ssize_t n = read(fd, text, size);
    close(fd);
    return (struct str){ text, (size_t)MAX(n, 0) };
}

long process_memory_kib(pid_t pid, enum process_memory kind)
{
    char text[8192];

    return process_field_kib(proc_read(pid, memory[kind].file, text, sizeof(text)), memory[kind].field);
}

/* ---- time ---- */

/* proc(5): utime and stime are the 14th and 15th fields of stat, the 12th and 13th behind the name's ")". */
bool process_forget_peak(pid_t pid)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%ld/clear_refs", (long)pid);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = write(fd, "5", 1) == 1; /* proc(5): "5" resets the peak */
    close(fd);
    return done;
}

uint64_t process_cpu(pid_t pid)
{
    struct timespec t;
    clockid_t clock;

    if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}
