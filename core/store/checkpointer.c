#include "store/checkpointer.h"

#include "store/db.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#define NUDGES_MAX 4 /* until the log begins anew */

struct checkpointer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_wanted, is_busy, is_ending;
    int nudges; /* since the log began */
};

/* A checkpoint that fails is made up for by the next, or by the close: nothing is lost. It was logged. */
static void checkpoint(struct checkpointer *c)
{
    c->is_wanted = false;
    c->is_busy = true;
    pthread_mutex_unlock(&c->lock);
    enum rc rc UNUSED = db_checkpoint(c->db);
    pthread_mutex_lock(&c->lock);
    c->is_busy = false;
    pthread_cond_broadcast(&c->changed);
}

static void *run(void *checkpointer)
{
    struct checkpointer *c = checkpointer;

    pthread_mutex_lock(&c->lock);
    while (!c->is_ending) {
        if (c->is_wanted)
            checkpoint(c);
        else
            pthread_cond_wait(&c->changed, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum rc checkpointer_start(const char *path, struct checkpointer **out)
{
    struct checkpointer *c = calloc(1, sizeof(*c));

    if (c == NULL)
        die("out of memory (checkpointer)");
    enum rc rc = db_open(path, DB_WRITE, NULL, &c->db);
    if (rc != OK) {
        free(c);
        return rc;
    }
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->thread, NULL, run, c) != 0)
        die("cannot start the thread of a checkpointer");
    *out = c;
    return OK;
}

void checkpointer_nudge(struct checkpointer *c)
{
    pthread_mutex_lock(&c->lock);
    c->is_wanted = true;
    pthread_cond_broadcast(&c->changed);
    if (++c->nudges >= NUDGES_MAX) {
        while (c->is_wanted || c->is_busy)
            pthread_cond_wait(&c->changed, &c->lock);
        c->nudges = 0;
    }
    pthread_mutex_unlock(&c->lock);
}

void checkpointer_stop(struct checkpointer *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->is_ending = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->changed);
    db_close(c->db);
    free(c);
}
