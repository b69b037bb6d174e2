#include "fault/tree.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/xml.h"

void tree_walk(struct xml_node *n, void (*what)(struct xml_node *n, void *user), void *user)
{
    if (n == NULL || n->name == NULL)
        return;
    struct xml_node *parent = n->parent;
    what(n, user);
    if (n->parent != parent) /* it was removed */
        return;
    for (struct xml_node *c = xml_first_element(n), *next; c != NULL; c = next) {
        next = xml_next_element(c);
        tree_walk(c, what, user);
    }
}

struct xml_node *tree_find(struct xml_node *n, const char *name)
{
    if (n == NULL || text_equal(n->name, name))
        return n;
    for (struct xml_node *c = xml_first_element(n); c != NULL; c = xml_next_element(c)) {
        struct xml_node *found = tree_find(c, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void tree_remove_children(struct xml_node *n)
{
    n->first = n->last = NULL;
}

void tree_set_text(struct arena *a, struct xml_node *n, const char *text)
{
    tree_remove_children(n);
    xml_append_text(a, n, text);
}

void tree_remove_attr(struct xml_node *n, const char *name)
{
    for (struct xml_attr **at = n != NULL ? &n->attrs : NULL; at != NULL && *at != NULL; at = &(*at)->next) {
        if (text_equal((*at)->name, name)) {
            *at = (*at)->next;
            return;
        }
    }
}

static struct xml_node *copy(struct arena *a, const struct xml_node *n, struct xml_node *parent)
{
    struct xml_node *to = arena_memdup(a, n, sizeof(*n));

    to->parent = parent;
    to->first = to->last = to->next = NULL;
    for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
        struct xml_node *child = copy(a, c, to);
        if (to->last == NULL)
            to->first = child;
        else
            to->last->next = child;
        to->last = child;
    }
    return to;
}

void tree_double(struct arena *a, struct xml_node *n)
{
    struct xml_node *twin = copy(a, n, n->parent);

    twin->next = n->next;
    n->next = twin;
    if (n->parent->last == n)
        n->parent->last = twin;
}
