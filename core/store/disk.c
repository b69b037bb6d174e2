#include "store/disk.h"

#include "base/rc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct work_list {
    struct disk_work *first, **end;
};

struct disk {
    pthread_t thread;
    struct work_list later[DISK_PHASES]; /* the thread's own */
    pthread_mutex_t lock;                /* of what follows */
    pthread_cond_t wake;
    struct disk_work *first, **end;
    bool stopping;
};

/* Everything that waits; NULL when the disk stops and all is done. */
static struct disk_work *queue_take(struct disk *d)
{
    pthread_mutex_lock(&d->lock);
    while (d->first == NULL && !d->stopping)
        pthread_cond_wait(&d->wake, &d->lock);
    struct disk_work *all = d->first;
    d->first = NULL;
    d->end = &d->first;
    pthread_mutex_unlock(&d->lock);
    return all;
}

static void list_run(struct disk_work *w)
{
    for (struct disk_work *next; w != NULL; w = next) {
        next = w->next;
        w->run(w);
    }
}

static void later_clear(struct work_list *l)
{
    l->first = NULL;
    l->end = &l->first;
}

static void *disk_main(void *arg)
{
    struct disk *d = arg;

    for (struct disk_work *w; (w = queue_take(d)) != NULL;) {
        list_run(w);
        for (int phase = 0; phase < DISK_PHASES; phase++) {
            struct disk_work *deferred = d->later[phase].first;
            later_clear(&d->later[phase]);
            list_run(deferred);
        }
    }
    return NULL;
}

void disk_defer(struct disk *d, struct disk_work *w, int phase)
{
    struct work_list *l = &d->later[phase];

    w->next = NULL;
    *l->end = w;
    l->end = &w->next;
}

struct disk *disk_start(void)
{
    struct disk *d = calloc(1, sizeof(*d));

    if (d == NULL)
        die("out of memory (disk)");
    d->end = &d->first;
    for (int phase = 0; phase < DISK_PHASES; phase++)
        later_clear(&d->later[phase]);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->wake, NULL);
    int failed = pthread_create(&d->thread, NULL, disk_main, d);
    if (failed != 0)
        die("no thread for the disk: %s", strerror(failed));
    return d;
}

void disk_stop(struct disk *d)
{
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_cond_destroy(&d->wake);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

void disk_queue(struct disk *d, struct disk_work *w)
{
    w->next = NULL;
    pthread_mutex_lock(&d->lock);
    *d->end = w;
    d->end = &w->next;
    pthread_cond_signal(&d->wake);
    pthread_mutex_unlock(&d->lock);
}

bool disk_is_current(const struct disk *d)
{
    return pthread_equal(pthread_self(), d->thread) != 0;
}
