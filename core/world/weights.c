#include "world/weights.h"

#include "base/arena.h"
#include "world/random.h"

struct weights weights_new(struct arena *a, size_t room)
{
    return (struct weights){ .sums = ARENA_ARRAY(a, uint32_t, room) };
}

void weights_add(struct weights *w, uint32_t weight)
{
    uint32_t before = weights_total(w);

    w->sums[w->count++] = before + weight;
}

size_t weights_at(const struct weights *w, uint32_t point)
{
    size_t low = 0, high = w->count - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point < w->sums[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

size_t weights_pick(const struct weights *w, uint64_t random)
{
    return weights_at(w, random_below(random, weights_total(w)));
}
