#pragma once
/* Taking a message apart; private to update_plan.c and update_requests.c. */

#include "registry/update.h"

/* An association of the message, found by one of its ids. */
struct plan_entry {
    const char *key;
    struct association *association;
};

struct plan_table {
    struct plan_entry *entries; /* sorted by key once all are in */
    size_t count;
};

struct plan {
    struct update *u;
    const struct submission *s;         /* with its set */
    struct plan_table by_id, by_target; /* by_target: what the submission set says HasMember of */
    struct plan_table submitted;        /* what a SubmitAssociation names, by id */
    struct association **kept_end;
    struct update_status **statuses_end;
    struct update_link **links_end;
};

void plan_table_add(struct plan_table *t, const char *key, struct association *as);
void plan_table_sort(struct plan_table *t);
struct association *plan_table_find(const struct plan_table *t, const char *key); /* NULL if there is none */

bool plan_is_of_set(const struct plan *p, const struct association *as);

/* Associations: those that ask for something, and those that shall be registered (update_requests.c). */
void plan_requests(struct plan *p);

/* NULL when there is none, or not one value in it: update_slot. */
const struct slot *plan_slot(const struct association *as, const char *name);
