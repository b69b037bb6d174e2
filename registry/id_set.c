#include "registry/id_set.h"

#include "base/arena.h"

#define FIRST_SIZE 64 /* a power of two, as every size is */

/* Where the id is, or would be. Row ids are consecutive: spread by Fibonacci hashing. */
static size_t slot_of(const struct id_set *set, int64_t id)
{
    size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15U) >> 20) & (set->size - 1);

    while (set->slots[i] != 0 && set->slots[i] != id)
        i = (i + 1) & (set->size - 1);
    return i;
}

static void grow(struct arena *a, struct id_set *set)
{
    struct id_set larger = { .count = set->count, .size = set->size == 0 ? FIRST_SIZE : set->size * 4 };

    larger.slots = ARENA_ARRAY(a, int64_t, larger.size);
    for (size_t i = 0; i < set->size; i++) {
        if (set->slots[i] != 0)
            larger.slots[slot_of(&larger, set->slots[i])] = set->slots[i];
    }
    *set = larger;
}

bool id_set_add(struct arena *a, struct id_set *set, int64_t id)
{
    if (set->count * 2 >= set->size)
        grow(a, set);
    size_t i = slot_of(set, id);
    if (set->slots[i] == id)
        return false;
    set->slots[i] = id;
    set->count++;
    return true;
}

bool id_set_has(const struct id_set *set, int64_t id)
{
    return set->count > 0 && set->slots[slot_of(set, id)] == id;
}
