#pragma once
/* What the tests of the command share: a folder of their own, and another process that has a lock. */

#include "cli/lock.h"

#include "base/arena.h"

#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static inline int folder_remove_entry(const char *path, const struct stat *st UNUSED, int type UNUSED,
                                      struct FTW *at UNUSED)
{
    return remove(path);
}

static inline void folder_remove(void *path)
{
    nftw(path, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *folder_new(struct arena *a)
{
    char *path = arena_strdup(a, "/tmp/kakehashi-test-XXXXXX");

    assert_non_null(mkdtemp(path));
    arena_defer(a, folder_remove, path);
    return path;
}

/* A process that takes the lock, as `kakehashi up` does, and keeps it until it is killed. */
static inline pid_t locker_start(const char *path)
{
    int ends[2], fd;
    pid_t holder;
    char byte;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        if (lock_take(path, &fd, &holder) == OK && write(ends[1], "L", 1) == 1)
            pause();
        _exit(1);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    return child;
}

static inline void locker_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}
