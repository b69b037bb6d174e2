#pragma once
/* Identifiers: random UUIDs, or a repeatable sequence when pinned (--seed with --clock, and every flow test). */

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* From here on UUIDs are a function of the seed and of their order. 0 makes them random again. */
void ids_pin(uint64_t seed);
/* A pinned sequence starts anew with the program, so it may meet ids of its own that are at rest. */
bool ids_are_pinned(void);

/*
 * From here on this thread's identifiers follow from a name and their order, whatever is pinned and whatever others
 * draw, until the name is NULL: for what must be the same wherever and whenever it is made.
 */
void ids_follow(const char *name);

/* 16 random bytes, whatever is pinned: for what no run repeats. */
void ids_random(uint8_t out[16]);

#define IDS_UUID_LEN 37
/* RFC 4122 version 4, lower case: "f47ac10b-…". */
void ids_uuid(char out[IDS_UUID_LEN]);

/* "urn:uuid:…" in the arena: entryUUIDs and wsa:MessageIDs. */
char *ids_urn(struct arena *a);

/* A fresh OID under 2.25 (ITU-T X.667: a UUID as an integer arc), for uniqueIds that must be OIDs. */
char *ids_oid(struct arena *a);
