#pragma once
/*
 * Random numbers without a state: a number is a function of a key and of what it is for, so that any of them is
 * computed at once, on any thread, in any order. The mixing is that of splitmix64 (Steele, Lea, Flood 2014). Not for
 * secrets.
 */

#include <stdint.h>

/* The number of a thing under a key; it is a key in turn: random_of(random_of(seed, community), person). */
uint64_t random_of(uint64_t key, uint64_t what);

/* A random number as one of 0 … n - 1; n is not 0. Uses the upper half. */
static inline uint32_t random_below(uint64_t random, uint32_t n)
{
    return (uint32_t)(((random >> 32) * n) >> 32);
}

/* True for so many random numbers of a hundred. */
static inline int random_percent(uint64_t random, uint32_t percent)
{
    return random_below(random, 100) < percent;
}
