#pragma once
/*
 * Hardened XML 1.0 reading (libxml2's SAX2, in xml.c alone) into a light tree in the caller's arena, and writing.
 * No network, no DOCTYPE, no entity but the five and character references; depth, elements and attributes are bounded.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct xml_attr {
    const char *ns; /* NULL without a prefix */
    const char *name;
    const char *value;
    struct xml_attr *next;
};

/* An element, or a run of text (name == NULL). A run of nothing but white space beside an element is not kept. */
struct xml_node {
    const char *ns;   /* interned (ns.h) when known; NULL in no namespace */
    const char *name; /* local name; NULL for text */
    const char *text; /* text nodes: UTF-8 */
    struct xml_attr *attrs;
    struct xml_node *parent, *first, *last, *next;
    int line;
};

struct xml_limits {
    int depth;      /* default 128; 256 at most */
    int elements;   /* default 2 000 000 */
    int attributes; /* of one element; default 256; 1024 at most */
};

/* Where and why parsing stopped; text is in the arena, fit to be sent to the peer. */
struct xml_error {
    const char *text;
    int line, column;
};

/*
 * E_SYNTAX: not well-formed, a DOCTYPE, an undeclared prefix, or bytes that are not UTF-8/UTF-16 as declared. E_LIMIT:
 * past a limit, or namespaces without end. limits may be NULL for the defaults, and so may each of them be 0. error may
 * be NULL. UTF-16 with a BOM is understood.
 */
MUST_CHECK enum rc xml_parse(struct arena *a, struct str bytes, const struct xml_limits *limits, struct xml_node **root,
                             struct xml_error *error);

/*
 * ---- reading the tree ---- ns is one of ns.h (or any URI text); names are local names; every function takes NULL
 * nodes; like strchr, they hand back a changeable node from a constant one.
 */

bool xml_is(const struct xml_node *n, const char *ns, const char *name);
/* The first child element with this name; NULL if none. */
struct xml_node *xml_child(const struct xml_node *n, const char *ns, const char *name);
/* The next sibling element of the same name as n. for (c = xml_child(n, …); c; c = xml_next(c)) */
struct xml_node *xml_next(const struct xml_node *n);
/* The first child element of any name, and the next sibling element of any name. */
struct xml_node *xml_first_element(const struct xml_node *n);
struct xml_node *xml_next_element(const struct xml_node *n);
size_t xml_count(const struct xml_node *n, const char *ns, const char *name);

/* Child of a child of …, all in one namespace: xml_at(n, NS_HL7, "controlActProcess", "queryAck", NULL). */
struct xml_node *xml_at(const struct xml_node *n, const char *ns, ...) __attribute__((sentinel));

/* Attribute without a namespace; NULL if absent. */
const char *xml_attr(const struct xml_node *n, const char *name);
const char *xml_attr_ns(const struct xml_node *n, const char *ns, const char *name);

/* All text directly in the element, joined; "" when there is none, NULL when n is NULL. Not trimmed. */
const char *xml_text(struct arena *a, const struct xml_node *n);
/* The same without leading and trailing white space. */
const char *xml_text_trimmed(struct arena *a, const struct xml_node *n);

/* The place of a node as an XPath with local names, and positions where siblings share one: "/Envelope/Body/A/B[2]". */
const char *xml_path(struct arena *a, const struct xml_node *n);

/* ---- making and changing a tree before it is written again ---- */

/*
 * A new element as the first child (before every sibling), or as the last; parent NULL: the root of a new tree. ns is
 * one of ns.h or NULL; name is not copied.
 */
struct xml_node *xml_insert_first(struct arena *a, struct xml_node *parent, const char *ns, const char *name);
struct xml_node *xml_append(struct arena *a, struct xml_node *parent, const char *ns, const char *name);
void xml_append_text(struct arena *a, struct xml_node *parent, const char *text);
/* Takes n, which has a parent, out of the tree. */
void xml_remove(struct xml_node *n);

/* No namespace; replaces. The name is not copied, the value is. */
void xml_set_attr(struct arena *a, struct xml_node *n, const char *name, const char *value);

/* ---- writing ---- */

/*
 * Characters XML 1.0 cannot carry, and bytes that are not UTF-8, become U+FFFD. xml_escape fits attributes and text
 * alike; xml_escape_text fits text alone, where quotes, tabs and line feeds stay as they are.
 */
void xml_escape(struct buf *out, const char *text);
void xml_escape_n(struct buf *out, const char *text, size_t n);
void xml_escape_text(struct buf *out, const char *text);

/*
 * The subtree as XML with its own namespace declarations, so that it can stand anywhere. Known namespaces get the
 * prefixes of ns.h (hl7 as the default namespace), unknown ones ns1, ns2 … in order of appearance.
 */
void xml_write_node(struct buf *out, const struct xml_node *n);

/*
 * A writer that remembers open elements. Names are written as given, so they carry the prefixes of ns.h; the outermost
 * element declares them with xw_attr(w, "xmlns:rim", NS_RIM). All strings but values must outlive the writer
 * (literals).
 */
#define XML_WRITER_DEPTH 64
struct xml_writer {
    struct buf *out;
    const char *open[XML_WRITER_DEPTH];
    int depth;
    bool in_tag; /* "<name" is written, ">" not yet */
};

void xw_init(struct xml_writer *w, struct buf *out);
void xw_open(struct xml_writer *w, const char *name);
void xw_attr(struct xml_writer *w, const char *name, const char *value); /* NULL value: nothing is written */
void xw_text(struct xml_writer *w, const char *text);
void xw_close(struct xml_writer *w); /* the innermost; "/>" when empty */
/* <name>text</name>; nothing when text is NULL. */
void xw_element(struct xml_writer *w, const char *name, const char *text);
/* Ready-made XML (from xml_write_node or a store) as a child. */
void xw_raw(struct xml_writer *w, struct str xml);
