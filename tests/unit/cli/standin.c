/*
 * A stand-in for a daemon: standin [--exit N | --kill-after-ready | --deaf] --ready-fd=N. Without a wish it says that
 * it is ready and waits for SIGTERM. --once FILE: the wish is granted only while FILE does not exist, and makes it.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *value_of(int argc, char **argv, const char *flag)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], flag) == 0)
            return argv[i + 1];
    }
    return NULL;
}

static bool has(int argc, char **argv, const char *flag)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], flag) == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    int ready_fd = atoi(argv[argc - 1] + strlen("--ready-fd="));
    const char *once = value_of(argc, argv, "--once"), *code = value_of(argc, argv, "--exit");
    bool misbehaves = once == NULL || close(open(once, O_CREAT | O_EXCL | O_WRONLY, 0600)) == 0;

    if (code != NULL && misbehaves)
        return atoi(code);
    if (has(argc, argv, "--deaf"))
        signal(SIGTERM, SIG_IGN);
    if (write(ready_fd, "R", 1) != 1)
        return 1;
    if (has(argc, argv, "--kill-after-ready") && misbehaves)
        raise(SIGKILL);
    for (;;)
        pause();
}
