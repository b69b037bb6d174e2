#pragma once
/*
 * What a prescription orders, read from its octets: HL7 v2.5 RDE^O11 as an SS-MIX2 storage keeps it (OMP-01), whoever
 * wrote it. Nothing is assumed of a prescription but that it may be wrong.
 */

#include "base/rc.h"
#include "base/str.h"

struct arena;
struct document_entry;

#define PRESCRIPTION_ORDERS_MAX 200

/* One medicine as it was ordered; what is not said is NULL. */
struct medicine_order {
    const char *code, *system, *name; /* RXE-2; one of code and name is there */
    const char *dose, *unit;          /* RXE-3, RXE-5 */
    const char *usage;                /* TQ1-3 */
    unsigned days;                    /* TQ1-6; 0: not said */
    const char *from;                 /* YYYYMMDD: TQ1-7, else ORC-9 */
    const char *place;                /* ORC-21 */
    struct medicine_order *next;
};

/* A prescription that was found, and its octets: data NULL when they could not be had. */
struct prescription {
    const struct document_entry *entry;
    struct str bytes;
    struct prescription *next;
};

/* In the order of the message. E_SYNTAX when it is none that can be read, or orders more than there is room for. */
MUST_CHECK enum rc prescription_read(struct arena *a, const struct prescription *p, struct medicine_order **out);
