/* Reading and changing the tree that xml_parse made. */
#include "wire/xml.h"

#include "base/arena.h"

#include <stdarg.h>
#include <string.h>

bool xml_is(const struct xml_node *n, const char *ns, const char *name)
{
    return n != NULL && n->name != NULL && strcmp(n->name, name) == 0 && text_equal(n->ns, ns);
}

/* The first of n and its younger siblings with this name. */
static struct xml_node *sibling_named(const struct xml_node *n, const char *ns, const char *name)
{
    while (n != NULL && !xml_is(n, ns, name))
        n = n->next;
    return (struct xml_node *)n;
}

static struct xml_node *sibling_element(const struct xml_node *n)
{
    while (n != NULL && n->name == NULL)
        n = n->next;
    return (struct xml_node *)n;
}

struct xml_node *xml_child(const struct xml_node *n, const char *ns, const char *name)
{
    return n == NULL ? NULL : sibling_named(n->first, ns, name);
}

struct xml_node *xml_next(const struct xml_node *n)
{
    return n == NULL || n->name == NULL ? NULL : sibling_named(n->next, n->ns, n->name);
}

struct xml_node *xml_first_element(const struct xml_node *n)
{
    return n == NULL ? NULL : sibling_element(n->first);
}

struct xml_node *xml_next_element(const struct xml_node *n)
{
    return n == NULL ? NULL : sibling_element(n->next);
}

size_t xml_count(const struct xml_node *n, const char *ns, const char *name)
{
    size_t count = 0;

    for (const struct xml_node *c = xml_child(n, ns, name); c != NULL; c = xml_next(c))
        count++;
    return count;
}

struct xml_node *xml_at(const struct xml_node *n, const char *ns, ...)
{
    va_list names;
    const char *name;

    va_start(names, ns);
    while (n != NULL && (name = va_arg(names, const char *)) != NULL)
        n = xml_child(n, ns, name);
    va_end(names);
    return (struct xml_node *)n;
}

static struct xml_attr *attr_find(const struct xml_node *n, const char *ns, const char *name)
{
    struct xml_attr *attr = n == NULL ? NULL : n->attrs;

    while (attr != NULL && !(strcmp(attr->name, name) == 0 && text_equal(attr->ns, ns)))
        attr = attr->next;
    return attr;
}

const char *xml_attr_ns(const struct xml_node *n, const char *ns, const char *name)
{
    const struct xml_attr *attr = attr_find(n, ns, name);

    return attr == NULL ? NULL : attr->value;
}

const char *xml_attr(const struct xml_node *n, const char *name)
{
    return xml_attr_ns(n, NULL, name);
}

/* ---- text ---- */

static const struct xml_node *text_next(const struct xml_node *n)
{
    while (n != NULL && n->text == NULL)
        n = n->next;
    return n;
}

static const char *texts_join(struct arena *a, const struct xml_node *first)
{
    size_t len = 0;

    for (const struct xml_node *t = first; t != NULL; t = text_next(t->next))
        len += strlen(t->text);
    char *all = arena_alloc(a, len + 1);
    char *to = all;
    for (const struct xml_node *t = first; t != NULL; t = text_next(t->next))
        to = stpcpy(to, t->text);
    return all;
}

const char *xml_text(struct arena *a, const struct xml_node *n)
{
    if (n == NULL)
        return NULL;
    const struct xml_node *first = text_next(n->first);
    if (first == NULL)
        return "";
    return text_next(first->next) == NULL ? first->text : texts_join(a, first);
}

const char *xml_text_trimmed(struct arena *a, const struct xml_node *n)
{
    const char *text = xml_text(a, n);
    struct str all = str_from(text), trimmed = str_trim(all);

    return trimmed.len == all.len ? text : str_dup(a, trimmed);
}

/* ---- place ---- */

/* "[2]" when elder siblings share the name, "[1]" when only younger ones do, else "". */
static const char *position(struct arena *a, const struct xml_node *n)
{
    int at = 1;

    if (n->parent == NULL)
        return "";
    for (const struct xml_node *c = xml_child(n->parent, n->ns, n->name); c != n; c = xml_next(c))
        at++;
    return at == 1 && xml_next(n) == NULL ? "" : arena_printf(a, "[%d]", at);
}

const char *xml_path(struct arena *a, const struct xml_node *n)
{
    const char *path = "";

    if (n != NULL && n->name == NULL)
        n = n->parent;
    for (; n != NULL; n = n->parent)
        path = arena_printf(a, "/%s%s%s", n->name, position(a, n), path);
    return path;
}

/* ---- changing ---- */

static struct xml_node *element_new(struct arena *a, struct xml_node *parent, const char *ns, const char *name)
{
    struct xml_node *n = ARENA_NEW(a, struct xml_node);

    *n = (struct xml_node){ .ns = ns, .name = name, .parent = parent, .line = parent == NULL ? 0 : parent->line };
    return n;
}

static void node_append(struct xml_node *parent, struct xml_node *n)
{
    if (parent->last == NULL)
        parent->first = n;
    else
        parent->last->next = n;
    parent->last = n;
}

struct xml_node *xml_insert_first(struct arena *a, struct xml_node *parent, const char *ns, const char *name)
{
    struct xml_node *n = element_new(a, parent, ns, name);

    if (parent == NULL)
        return n;
    n->next = parent->first;
    parent->first = n;
    if (parent->last == NULL)
        parent->last = n;
    return n;
}

struct xml_node *xml_append(struct arena *a, struct xml_node *parent, const char *ns, const char *name)
{
    struct xml_node *n = element_new(a, parent, ns, name);

    if (parent != NULL)
        node_append(parent, n);
    return n;
}

void xml_append_text(struct arena *a, struct xml_node *parent, const char *text)
{
    struct xml_node *n = ARENA_NEW(a, struct xml_node);

    *n = (struct xml_node){ .text = arena_strdup(a, text), .parent = parent, .line = parent->line };
    node_append(parent, n);
}

void xml_remove(struct xml_node *n)
{
    struct xml_node *elder = NULL, *parent = n->parent;

    for (struct xml_node *c = parent->first; c != n; c = c->next)
        elder = c;
    if (elder == NULL)
        parent->first = n->next;
    else
        elder->next = n->next;
    if (parent->last == n)
        parent->last = elder;
    n->parent = n->next = NULL;
}

void xml_set_attr(struct arena *a, struct xml_node *n, const char *name, const char *value)
{
    struct xml_attr *attr = attr_find(n, NULL, name);
    struct xml_attr **end = &n->attrs;

    if (attr == NULL) {
        while (*end != NULL)
            end = &(*end)->next;
        *end = attr = ARENA_NEW(a, struct xml_attr);
        attr->name = name;
    }
    attr->value = arena_strdup(a, value);
}
