/* kakehashi down: asks the `kakehashi up` of --data to stop, and waits until it has. */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/lock.h"
#include "cli/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* A little longer than its daemons may take. */
#define WAIT_MS (SUPERVISOR_GRACE_MS + 5000)

/* Through a descriptor of the process: a number could belong to another one by the time we signal it. */
static int stop(const char *pid_file, pid_t pid)
{
    int fd = pidfd_open(pid, 0);
    struct pollfd gone = { .fd = fd, .events = POLLIN };

    if (fd < 0 || lock_holder(pid_file) != pid || pidfd_send_signal(fd, SIGTERM, NULL, 0) != 0) {
        fprintf(stderr, "kakehashi: cannot stop process %ld: %s\n", (long)pid, strerror(errno));
        return EXIT_FAILED;
    }
    if (poll(&gone, 1, WAIT_MS) != 1) {
        fprintf(stderr,
                language_pick("kakehashi: process %ld has not stopped after %d s\n",
                              "kakehashi: プロセス %ld は %d 秒待っても停止しません\n"),
                (long)pid, WAIT_MS / 1000);
        return EXIT_FAILED;
    }
    close(fd);
    return EXIT_OK;
}

int cmd_down(struct args *args)
{
    if (args_end(args) != OK)
        return EXIT_USAGE;
    const char *data = backbone_data(args->arena, args->config);
    const char *pid_file = backbone_pid_file(args->arena, data);
    pid_t pid = lock_holder(pid_file);
    if (pid == 0) {
        printf(language_pick("no backbone runs at %s\n", "%s で動いている基盤はありません\n"), data);
        return EXIT_OK;
    }
    int code = stop(pid_file, pid);
    if (code == EXIT_OK)
        printf(language_pick("the backbone at %s has stopped\n", "%s の基盤を停止しました\n"), data);
    return code;
}
