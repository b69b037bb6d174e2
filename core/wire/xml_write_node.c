/* Writing a subtree again: which namespaces it uses, a prefix for each, all declared at its top. */
#include "wire/xml.h"

#include "wire/ns.h"

#include <stdint.h>
#include <stdio.h>

struct ns_entry {
    const char *uri;
    char prefix[16]; /* empty: the default namespace */
};

struct ns_map {
    struct buf entries; /* struct ns_entry, in order of appearance */
    int numbered;
    bool has_bare_element, has_hl7_attr; /* either keeps HL7 from being the default namespace */
};

static struct ns_entry *map_at(const struct ns_map *m, size_t i)
{
    return (i + 1) * sizeof(struct ns_entry) > m->entries.len ? NULL : (struct ns_entry *)m->entries.data + i;
}

/* Nearly all are found by their interned pointer. */
static struct ns_entry *map_find(const struct ns_map *m, const char *uri)
{
    struct ns_entry *e;

    for (size_t i = 0; (e = map_at(m, i)) != NULL; i++)
        if (e->uri == uri)
            return e;
    for (size_t i = 0; (e = map_at(m, i)) != NULL; i++)
        if (text_equal(e->uri, uri))
            return e;
    return NULL;
}

static void map_add(struct ns_map *m, const char *uri)
{
    if (uri == NULL || text_equal(uri, NS_XML) || map_find(m, uri) != NULL)
        return;
    struct ns_entry e = { .uri = uri };
    const char *known = ns_prefix(uri);
    if (known != NULL)
        snprintf(e.prefix, sizeof(e.prefix), "%s", known);
    else
        snprintf(e.prefix, sizeof(e.prefix), "ns%d", ++m->numbered);
    buf_add(&m->entries, &e, sizeof(e));
}

static void map_collect(struct ns_map *m, const struct xml_node *n)
{
    if (n->name == NULL)
        return;
    map_add(m, n->ns);
    m->has_bare_element = m->has_bare_element || n->ns == NULL;
    for (const struct xml_attr *attr = n->attrs; attr != NULL; attr = attr->next) {
        map_add(m, attr->ns);
        m->has_hl7_attr = m->has_hl7_attr || (attr->ns != NULL && text_equal(attr->ns, NS_HL7));
    }
    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        map_collect(m, c);
}

static void map_settle(struct ns_map *m)
{
    struct ns_entry *hl7 = map_find(m, NS_HL7);

    if (hl7 != NULL && !m->has_bare_element && !m->has_hl7_attr)
        hl7->prefix[0] = '\0';
}

static void declaration_write(struct buf *out, const char *prefix, const char *uri)
{
    buf_add_literal(out, " xmlns");
    if (prefix[0] != '\0')
        buf_add_char(out, ':');
    buf_add_text(out, prefix);
    buf_add_literal(out, "=\"");
    xml_escape(out, uri);
    buf_add_char(out, '"');
}

static void declarations_write(struct buf *out, const struct ns_map *m)
{
    const struct ns_entry *e;

    if (m->has_bare_element) /* it may come to stand where a default namespace is in force */
        declaration_write(out, "", "");
    for (size_t i = 0; (e = map_at(m, i)) != NULL; i++)
        declaration_write(out, e->prefix, e->uri);
}

static void name_write(struct buf *out, const struct ns_map *m, const char *ns, const char *name)
{
    const char *prefix = ns == NULL ? "" : text_equal(ns, NS_XML) ? "xml" : map_find(m, ns)->prefix;

    if (prefix[0] != '\0') {
        buf_add_text(out, prefix);
        buf_add_char(out, ':');
    }
    buf_add_text(out, name);
}

static void attr_write(struct buf *out, const struct ns_map *m, const struct xml_attr *attr)
{
    buf_add_char(out, ' ');
    name_write(out, m, attr->ns, attr->name);
    buf_add_literal(out, "=\"");
    xml_escape(out, attr->value);
    buf_add_char(out, '"');
}

static void node_write(struct buf *out, const struct ns_map *m, const struct xml_node *n, bool is_top)
{
    if (n->name == NULL) {
        xml_escape_text(out, n->text);
        return;
    }
    buf_add_char(out, '<');
    name_write(out, m, n->ns, n->name);
    if (is_top)
        declarations_write(out, m);
    for (const struct xml_attr *attr = n->attrs; attr != NULL; attr = attr->next)
        attr_write(out, m, attr);
    if (n->first == NULL) {
        buf_add_literal(out, "/>");
        return;
    }
    buf_add_char(out, '>');
    for (const struct xml_node *c = n->first; c != NULL; c = c->next)
        node_write(out, m, c, false);
    buf_add_literal(out, "</");
    name_write(out, m, n->ns, n->name);
    buf_add_char(out, '>');
}

void xml_write_node(struct buf *out, const struct xml_node *n)
{
    struct ns_map m = { 0 };

    buf_init(&m.entries, SIZE_MAX / 2);
    map_collect(&m, n);
    map_settle(&m);
    node_write(out, &m, n, true);
    buf_clear(&m.entries);
}
