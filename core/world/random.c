#include "world/random.h"

#define GOLDEN 0x9E3779B97F4A7C15u /* 2^64 over the golden ratio: neighbours land far apart */

uint64_t random_of(uint64_t key, uint64_t what)
{
    uint64_t z = key + (what + 1) * GOLDEN;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
