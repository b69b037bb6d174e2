#include "cli/run_number.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bool number_read(int fd, long *out)
{
    char text[24] = "";

    if (pread(fd, text, sizeof(text) - 1, 0) < 0)
        return false;
    *out = MAX(strtol(text, NULL, 10), 0L);
    return true;
}

static bool number_write(int fd, long number)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%ld\n", number);

    return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
}

enum rc run_number_next(struct arena *a, const char *data, const char *name, long *out)
{
    const char *path = arena_printf(a, "%s/runs/%s", data, name);
    long number = 0;

    TRY(file_mkdirs(arena_printf(a, "%s/runs", data), 0700));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && flock(fd, LOCK_EX) == 0 && number_read(fd, &number) && number_write(fd, number + 1);
    if (!ok)
        log_error("cannot count in %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (!ok)
        return E_IO;
    *out = number + 1;
    return OK;
}
