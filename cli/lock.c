#include "cli/lock.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct flock whole_file(void)
{
    return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

static pid_t holder_of(int fd)
{
    struct flock lock = whole_file();

    return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

pid_t lock_holder(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return 0;
    pid_t holder = holder_of(fd);
    close(fd);
    return holder;
}

/* A former holder may have removed the file between our open and our lock: then we hold what nobody will find. */
static bool is_at(int fd, const char *path)
{
    struct stat ours, there;

    return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

static enum rc lock_error(const char *path, int fd)
{
    log_error("cannot lock %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return E_IO;
}

enum rc lock_take(const char *path, int *out, pid_t *holder)
{
    struct flock lock = whole_file();
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return lock_error(path, fd);
    if (fcntl(fd, F_SETLK, &lock) != 0) {
        if (errno != EACCES && errno != EAGAIN)
            return lock_error(path, fd);
        *holder = holder_of(fd);
        close(fd);
        return E_EXISTS;
    }
    if (!is_at(fd, path)) {
        close(fd);
        return lock_take(path, out, holder);
    }
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0)
        return lock_error(path, fd);
    *out = fd;
    return OK;
}

void lock_drop(const char *path, int fd)
{
    unlink(path);
    close(fd);
}
