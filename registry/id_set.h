#pragma once
/* Which row ids were met already. Lives in an arena; it grows, nothing leaves it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct id_set {
    int64_t *slots; /* 0: free */
    size_t count, size;
};

/* False: it was there. id > 0. */
bool id_set_add(struct arena *a, struct id_set *set, int64_t id);
bool id_set_has(const struct id_set *set, int64_t id);
