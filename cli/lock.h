#pragma once
/*
 * One `kakehashi up` per data folder: a file that its process keeps locked. The lock ends with the process, however it
 * ends, so a file that is left behind means nothing. Children do not inherit it.
 */

#include "base/rc.h"

#include <sys/types.h>

/* OK: ours until lock_drop, the file holds our pid. E_EXISTS: *holder has it. E_IO is logged. */
MUST_CHECK enum rc lock_take(const char *path, int *fd, pid_t *holder);
/* Removes the file. */
void lock_drop(const char *path, int fd);

/* The process that has it; 0 when nobody does. */
pid_t lock_holder(const char *path);
