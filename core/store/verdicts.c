#include "store/verdicts.h"

#include "base/digest.h"
#include "base/rc.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 4096 /* a power of two */

struct slot {
    char sha256[SHA256_HEX_LEN];
    enum verdict verdict;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

struct verdicts {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
};

struct verdicts *verdicts_new(void)
{
    struct verdicts *v = calloc(1, sizeof(*v));

    if (v == NULL)
        die("out of memory (verdicts)");
    pthread_mutex_init(&v->lock, NULL);
    return v;
}

void verdicts_free(struct verdicts *v)
{
    pthread_mutex_destroy(&v->lock);
    free(v);
}

/* A digest's own digits are as good as any hash of it. */
static struct slot *slot_of(struct verdicts *v, const char *sha256)
{
    char digits[5] = { sha256[2], sha256[3], sha256[4], sha256[5], '\0' };

    return &v->slots[strtoul(digits, NULL, 16) % SLOTS];
}

static bool is_same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_about(const struct slot *s, const char *sha256, const struct stat *st)
{
    return s->device == st->st_dev && s->inode == st->st_ino && s->size == st->st_size &&
           is_same_time(s->modified, st->st_mtim) && is_same_time(s->changed, st->st_ctim) &&
           strcmp(s->sha256, sha256) == 0;
}

enum verdict verdicts_find(struct verdicts *v, const char *sha256, const struct stat *st)
{
    pthread_mutex_lock(&v->lock);
    const struct slot *s = slot_of(v, sha256);
    enum verdict found = is_about(s, sha256, st) ? s->verdict : VERDICT_UNKNOWN;
    pthread_mutex_unlock(&v->lock);
    return found;
}

void verdicts_set(struct verdicts *v, const char *sha256, const struct stat *st, enum verdict verdict)
{
    pthread_mutex_lock(&v->lock);
    struct slot *s = slot_of(v, sha256);
    *s = (struct slot){ .verdict = verdict,
                        .device = st->st_dev,
                        .inode = st->st_ino,
                        .size = st->st_size,
                        .modified = st->st_mtim,
                        .changed = st->st_ctim };
    memcpy(s->sha256, sha256, SHA256_HEX_LEN);
    pthread_mutex_unlock(&v->lock);
}
