#pragma once
/*
 * For core/store only: which blobs were read whole and found sound or damaged. A verdict holds for the very file that
 * was read: its inode, size and times. There is room for some thousand; what falls out is read again.
 */

#include <sys/stat.h>

enum verdict { VERDICT_UNKNOWN, VERDICT_SOUND, VERDICT_DAMAGED };

struct verdicts;

struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *v);

/* Any thread. sha256 is the name of a blob. */
enum verdict verdicts_find(struct verdicts *v, const char *sha256, const struct stat *st);
void verdicts_set(struct verdicts *v, const char *sha256, const struct stat *st, enum verdict verdict);
