#pragma once
/* What the XML of an object says beside its values. Private to ebrim_*.c. */

#include "model/document.h"
#include "msg/ebrim_table.h"

struct arena;
struct xml_node;

struct xml_detail {
    const struct ebrim_row *row;
    int ordinal;             /* among the inner objects of the row, from 0 */
    const char *id;          /* of the inner object, a UUID; NULL: a fresh one */
    struct localized *names; /* NULL: one text in no language */
    struct xml_detail *next;
};

/* In the order of rows and ordinals; NULL when there is nothing to say. */
struct xml_detail *ebrim_details(struct arena *a, const struct ebrim_class *c, const struct xml_node *n);
/* The detail of an inner object; passes over those before it, which writing has left behind. NULL if there is none. */
const struct xml_detail *ebrim_detail_next(const struct xml_detail **list, const struct ebrim_row *row, int ordinal);
