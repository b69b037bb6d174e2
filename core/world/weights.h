#pragma once
/* A choice among things of different weight. Constant once all are added. */

#include <stddef.h>
#include <stdint.h>

struct arena;

struct weights {
    uint32_t *sums; /* sums[i]: the weights of 0 … i */
    size_t count;
};

struct weights weights_new(struct arena *a, size_t room);
void weights_add(struct weights *w, uint32_t weight); /* at most `room` of them */

/* 0 when there are none. */
static inline uint32_t weights_total(const struct weights *w)
{
    return w->count == 0 ? 0 : w->sums[w->count - 1];
}

/* The index whose share the point (below the total) falls into. */
size_t weights_at(const struct weights *w, uint32_t point);
/* The same with a random number. */
size_t weights_pick(const struct weights *w, uint64_t random);
