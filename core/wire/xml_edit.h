#pragma once
/*
 * Changes to XML text at places that an XPath names (XPath 1.0, libxml2's): one good message becomes another, or a
 * wrong one. A place may use the prefixes of ns.h and the variables given. Not for what a peer sent: whoever edits
 * knows both the text and the edits.
 */

#include "base/rc.h"
#include "base/str.h"

struct arena;

enum xml_edit_kind {
    XML_EDIT_NONE, /* ends a list */
    XML_REMOVE,    /* what is there: elements or attributes */
    XML_SET,       /* the text of elements or attributes; an attribute that is missing comes into being */
    XML_RENAME,    /* elements or attributes: their local name */
    XML_APPEND,    /* a fragment as the last children */
    XML_PREPEND,   /* … as the first children */
    XML_BEFORE,    /* … as the siblings before */
    XML_AFTER,     /* … as the siblings behind */
    XML_TWICE,     /* a copy behind what is there */
    XML_LAST,      /* what is there goes behind its siblings */
};

/*
 * place: every node it selects is changed. value: a text, or of the four with a fragment XML, in the scope of the
 * place's namespaces; in either {XPATH} stands for the string that it evaluates to (before this edit).
 */
struct xml_edit {
    enum xml_edit_kind kind;
    const char *place, *value;
};

/* $name in places and values: a text, or the root of another document. A NULL name ends a list. */
struct xml_variable {
    const char *name;
    const char *text;
    struct str document; /* data NULL: it is a text */
};

/*
 * Edits in their order, up to count or XML_EDIT_NONE. variables may be NULL. E_NOT_FOUND: a place is not in the text.
 * E_SYNTAX: text, fragment or XPath cannot be read. *why is then a sentence.
 */
MUST_CHECK enum rc xml_edit(struct arena *a, struct str xml, const struct xml_variable *variables,
                            const struct xml_edit *edits, size_t count, struct str *out, const char **why);

/* text with each {XPATH} replaced by its string, which can only be of the variables. E_SYNTAX as above. */
MUST_CHECK enum rc xml_expand(struct arena *a, const char *text, const struct xml_variable *variables, const char **out,
                              const char **why);
