#pragma once
/*
 * A child process of a command that waits for it: started from an argument vector without a shell, stopped by its id,
 * and what the kernel knows of its memory. It dies with us.
 */

#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_spec {
    const char *program; /* path */
    const char *const *argv;
    int in_fd;       /* its standard input; 0: nothing */
    int out_fd;      /* its standard output; -1: the log */
    const char *log; /* file that gets its standard error */
};

/* Its environment is empty but for the locale, so that nobody's settings get in. E_IO, logged. */
MUST_CHECK enum rc process_start(const struct process_spec *spec, pid_t *out);
/* Waits for its end: its exit code, -1 when a signal ended it. */
int process_wait(pid_t pid);
/* Has it ended? Then it is waited for, and its id means nothing any more. */
bool process_is_over(pid_t pid);
/* SIGTERM, and SIGKILL if it takes longer than 15 s; returns when it has ended. */
void process_stop(pid_t pid);

enum process_memory {
    MEMORY_RESIDENT,     /* now */
    MEMORY_PEAK,         /* the most that was ever resident, or since process_forget_peak */
    MEMORY_PROPORTIONAL, /* now, where a page that n processes share counts 1/n */
};

/* KiB; 0 when there is no such process or the kernel does not tell. */
long process_memory_kib(pid_t pid, enum process_memory kind);
/* False when the kernel does not let us: the peak is that of its whole life. */
bool process_forget_peak(pid_t pid);

/* ns of all processors that it has taken so far, in user and kernel mode; 0 when there is no such process. */
uint64_t process_cpu(pid_t pid);

/* The number behind "NAME:" at the beginning of a line of /proc/PID/status or smaps_rollup; 0 when there is none. */
long process_field_kib(struct str text, const char *name);
