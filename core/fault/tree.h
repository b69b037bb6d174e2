#pragma once
/* Changing trees in bulk. For core/fault only. */

#include <stdbool.h>

struct arena;
struct xml_node;

/* what(n, user) for every element below and including n, parents first; what may change or remove n itself. */
void tree_walk(struct xml_node *n, void (*what)(struct xml_node *n, void *user), void *user);
/* The first element with this local name, in whatever namespace; NULL. */
struct xml_node *tree_find(struct xml_node *n, const char *name);
void tree_set_text(struct arena *a, struct xml_node *n, const char *text);
void tree_remove_children(struct xml_node *n);
/* NULL-safe. */
void tree_remove_attr(struct xml_node *n, const char *name);
/* A copy of n right behind it. */
void tree_double(struct arena *a, struct xml_node *n);
