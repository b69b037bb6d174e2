#include "base/ids.h"

#include "base/arena.h"
#include "base/rc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

static atomic_uint_fast64_t pinned_seed;
static atomic_uint_fast64_t pinned_count;
static _Thread_local uint64_t followed_seed, followed_count;

void ids_pin(uint64_t seed)
{
    atomic_store(&pinned_seed, seed);
    atomic_store(&pinned_count, 0);
}

bool ids_are_pinned(void)
{
    return atomic_load(&pinned_seed) != 0;
}

/* splitmix64 (Steele, Lea, Flood): equal seeds give equal sequences on every machine. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* FNV-1a; 0 is nobody's. */
void ids_follow(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (const char *c = name; c != NULL && *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
    followed_seed = name == NULL ? 0 : hash != 0 ? hash : 1;
    followed_count = 0;
}

static uint64_t number_next(void)
{
    return followed_seed != 0 ? followed_count++ : atomic_fetch_add(&pinned_count, 1);
}

/* From the kernel, many at a time: a submission needs a dozen, and a system call each would be most of its cost. */
void ids_random(uint8_t out[16])
{
    static _Thread_local uint8_t pool[16 * 16];
    static _Thread_local size_t left;

    if (left == 0) {
        if (getrandom(pool, sizeof(pool), 0) != (ssize_t)sizeof(pool))
            die("no random bytes: %s", strerror(errno));
        left = sizeof(pool);
    }
    left -= 16;
    memcpy(out, pool + left, 16);
}

static void pinned_bytes(uint64_t seed, uint8_t out[16])
{
    uint64_t n = number_next();
    uint64_t hi = mix(seed ^ mix(n)), lo = mix(hi ^ seed);
    for (int i = 0; i < 8; i++) {
        out[i] = (uint8_t)(hi >> (56 - 8 * i));
        out[8 + i] = (uint8_t)(lo >> (56 - 8 * i));
    }
}

/* RFC 4122: version 4. */
static void uuid_bytes(uint8_t out[16])
{
    uint64_t seed = followed_seed != 0 ? followed_seed : atomic_load(&pinned_seed);

    if (seed == 0)
        ids_random(out);
    else
        pinned_bytes(seed, out);
    out[6] = (uint8_t)((out[6] & 0x0f) | 0x40);
    out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
}

void ids_uuid(char out[IDS_UUID_LEN])
{
    uint8_t bytes[16];

    uuid_bytes(bytes);
    uuid_unparse_lower(bytes, out);
}

char *ids_urn(struct arena *a)
{
    char uuid[IDS_UUID_LEN];

    ids_uuid(uuid);
    return arena_printf(a, "urn:uuid:%s", uuid);
}

char *ids_oid(struct arena *a)
{
    uint8_t b[16];
    char digits[48];
    size_t n = sizeof(digits);

    uuid_bytes(b);
    digits[--n] = '\0';
    for (int left = 1; left != 0;) { /* long division of 128 bits by ten */
        unsigned rest = 0;
        left = 0;
        for (int i = 0; i < 16; i++) {
            unsigned v = rest * 256 + b[i];
            b[i] = (uint8_t)(v / 10);
            rest = v % 10;
            left |= b[i];
        }
        digits[--n] = (char)('0' + rest);
    }
    return arena_printf(a, "2.25.%s", digits + n);
}
