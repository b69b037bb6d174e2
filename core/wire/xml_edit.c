/*
 * Edits of XML text by XPath: libxml2's tree, XPath and serializer. What is read here is our own text, so none of
 * xml.c's bounds stand around it; DTDs, entities and the network stay out all the same (PARSE_OPTIONS lets none in).
 */
#include "wire/xml_edit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdbool.h>
#include <string.h>

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)

#define DOCS_MAX 8 /* the text, and the documents that variables are */

struct editor {
    struct arena *arena;
    xmlDocPtr docs[DOCS_MAX]; /* the first is edited */
    int doc_count;
    xmlXPathContextPtr xpath;
    const char *why;
};

static enum rc fail(struct editor *e, enum rc rc, const char *what, const char *text)
{
    e->why = arena_printf(e->arena, "%s: %.300s", what, text);
    return rc;
}

/* ---- evaluating ---- */

static void keep_silent(void *user UNUSED, const xmlError *error UNUSED)
{
}

static enum rc doc_read(struct editor *e, struct str xml, xmlDocPtr *out)
{
    if (e->doc_count == DOCS_MAX)
        return fail(e, E_LIMIT, "too many documents", "");
    *out = xmlReadMemory(xml.data, (int)xml.len, NULL, "UTF-8", PARSE_OPTIONS);
    if (*out == NULL)
        return fail(e, E_SYNTAX, "this is no XML", xml.data);
    e->docs[e->doc_count++] = *out;
    return OK;
}

/* What may speak of variables. */
struct texts {
    const char *text;
    const struct xml_edit *edits;
    size_t count;
};

/* A document is parsed only for whom it is of use. */
static bool is_mentioned(const struct texts *t, const char *name)
{
    if (t->text != NULL && strstr(t->text, name) != NULL)
        return true;
    for (size_t i = 0; i < t->count && t->edits[i].kind != XML_EDIT_NONE; i++) {
        const struct xml_edit *e = &t->edits[i];
        if (strstr(e->place, name) != NULL || (e->value != NULL && strstr(e->value, name) != NULL))
            return true;
    }
    return false;
}

static enum rc variable_set(struct editor *e, const struct xml_variable *v)
{
    xmlXPathObjectPtr value;
    xmlDocPtr doc;

    if (v->document.data == NULL) {
        value = xmlXPathNewCString(v->text);
    } else {
        TRY(doc_read(e, v->document, &doc));
        value = xmlXPathNewNodeSet(xmlDocGetRootElement(doc));
    }
    xmlXPathRegisterVariable(e->xpath, BAD_CAST v->name, value);
    return OK;
}

static enum rc editor_open(struct editor *e, struct str xml, const struct xml_variable *variables, struct texts texts)
{
    static const char *const namespaces[] = { NS_SOAP12, NS_WSA, NS_XOP, NS_WSSE, NS_RIM,  NS_RS,  NS_LCM,
                                              NS_QUERY,  NS_XDS, NS_RMD, NS_HL7,  NS_XCPD, NS_XSI, NS_IHERAD };
    xmlDocPtr doc;

    TRY(doc_read(e, xml, &doc));
    e->xpath = xmlXPathNewContext(doc);
    e->xpath->error = (xmlStructuredErrorFunc)keep_silent;
    for (size_t i = 0; i < ARRAY_LEN(namespaces); i++)
        xmlXPathRegisterNs(e->xpath, BAD_CAST ns_prefix(namespaces[i]), BAD_CAST namespaces[i]);
    for (; variables != NULL && variables->name != NULL; variables++) {
        if (is_mentioned(&texts, variables->name))
            TRY(variable_set(e, variables));
    }
    return OK;
}

/* The context first: what its variables hold are nodes of the documents. */
static void editor_close(struct editor *e)
{
    if (e->xpath != NULL)
        xmlXPathFreeContext(e->xpath);
    while (e->doc_count > 0)
        xmlFreeDoc(e->docs[--e->doc_count]);
}

/* The caller frees what comes before it changes the tree. */
static enum rc evaluate(struct editor *e, const char *path, xmlXPathObjectPtr *out)
{
    *out = xmlXPathEvalExpression(BAD_CAST path, e->xpath);
    return *out != NULL ? OK : fail(e, E_SYNTAX, "no XPath", path);
}

static enum rc string_of(struct editor *e, const char *path, const char **out)
{
    xmlXPathObjectPtr object;

    TRY(evaluate(e, path, &object));
    xmlChar *string = xmlXPathCastToString(object);
    *out = arena_strdup(e->arena, (const char *)string);
    xmlFree(string);
    xmlXPathFreeObject(object);
    return OK;
}

struct nodes {
    xmlNodePtr *at;
    int count;
};

static enum rc nodes_of(struct editor *e, const char *path, struct nodes *out)
{
    xmlXPathObjectPtr object;

    TRY(evaluate(e, path, &object));
    *out = (struct nodes){ 0 };
    if (object->nodesetval != NULL && object->nodesetval->nodeNr > 0) {
        out->count = object->nodesetval->nodeNr;
        out->at = arena_memdup(e->arena, object->nodesetval->nodeTab, (size_t)out->count * sizeof(xmlNodePtr));
    }
    xmlXPathFreeObject(object);
    return OK;
}

/* value with each {XPATH} replaced; within a fragment escaped. */
static enum rc expand(struct editor *e, const char *value, bool is_fragment, const char **out)
{
    struct buf *text = buf_new(e->arena, BUF_MAX_DEFAULT);

    for (const char *open; (open = strchr(value, '{')) != NULL;) {
        const char *close = strchr(open, '}'), *string;
        if (close == NULL)
            return fail(e, E_SYNTAX, "a { without }", open);
        TRY(string_of(e, arena_strndup(e->arena, open + 1, (size_t)(close - open - 1)), &string));
        buf_add(text, value, (size_t)(open - value));
        if (is_fragment)
            xml_escape(text, string);
        else
            buf_add_text(text, string);
        value = close + 1;
    }
    buf_add_text(text, value);
    *out = buf_text(text);
    return OK;
}

/* ---- one node ---- */

static void node_set(xmlNodePtr n, const char *value)
{
    if (n->type == XML_ATTRIBUTE_NODE) {
        xmlSetNsProp(n->parent, n->ns, n->name, BAD_CAST value);
        return;
    }
    xmlChar *escaped = xmlEncodeSpecialChars(n->doc, BAD_CAST value);
    xmlNodeSetContent(n, escaped);
    xmlFree(escaped);
}

static void node_remove(xmlNodePtr n)
{
    if (n->type == XML_ATTRIBUTE_NODE) {
        xmlRemoveProp((xmlAttrPtr)n);
        return;
    }
    xmlUnlinkNode(n);
    xmlFreeNode(n);
}

static void node_last(xmlNodePtr n)
{
    xmlNodePtr parent = n->parent;

    xmlUnlinkNode(n);
    xmlAddChild(parent, n);
}

/* One node of a fragment, beside at; at NULL: as the last child of n. */
static void node_put(xmlNodePtr n, enum xml_edit_kind kind, xmlNodePtr at, xmlNodePtr child)
{
    if (at == NULL)
        xmlAddChild(n, child);
    else if (kind == XML_AFTER)
        xmlAddNextSibling(at, child);
    else
        xmlAddPrevSibling(at, child);
}

static enum rc fragment_put(struct editor *e, xmlNodePtr n, enum xml_edit_kind kind, const char *xml)
{
    bool is_inside = kind == XML_APPEND || kind == XML_PREPEND;
    xmlNodePtr at = kind == XML_APPEND ? NULL : kind == XML_PREPEND ? n->children : n, list = NULL;

    if (xmlParseInNodeContext(is_inside ? n : n->parent, xml, (int)strlen(xml), PARSE_OPTIONS, &list) != XML_ERR_OK ||
        list == NULL)
        return fail(e, E_SYNTAX, "no fragment of XML", xml);
    for (xmlNodePtr next; list != NULL; list = next) {
        next = list->next;
        xmlUnlinkNode(list);
        node_put(n, kind, at, list);
        at = kind == XML_AFTER ? list : at;
    }
    return OK;
}

static enum rc node_edit(struct editor *e, xmlNodePtr n, enum xml_edit_kind kind, const char *value)
{
    switch (kind) {
    case XML_REMOVE:
        node_remove(n);
        return OK;
    case XML_SET:
        node_set(n, value);
        return OK;
    case XML_RENAME:
        xmlNodeSetName(n, BAD_CAST value);
        return OK;
    case XML_TWICE:
        xmlAddNextSibling(n, xmlCopyNode(n, 1));
        return OK;
    case XML_LAST:
        node_last(n);
        return OK;
    default:
        return fragment_put(e, n, kind, value);
    }
}

/* ---- one edit ---- */

/* PARENT/@name with no such attribute: it comes into being at every parent. */
static enum rc attributes_add(struct editor *e, const char *place, const char *value, int *made)
{
    const char *at = strstr(place, "/@");
    struct nodes parents;

    for (const char *next = at; next != NULL; next = strstr(next + 1, "/@"))
        at = next;
    if (at == NULL || at[2 + strcspn(at + 2, "]:() ")] != '\0')
        return OK;
    TRY(nodes_of(e, arena_strndup(e->arena, place, (size_t)(at - place)), &parents));
    for (; *made < parents.count; ++*made)
        xmlNewProp(parents.at[*made], BAD_CAST at + 2, BAD_CAST value);
    return OK;
}

static enum rc edit_apply(struct editor *e, const struct xml_edit *edit)
{
    const char *value = NULL;
    struct nodes found;

    if (edit->value != NULL)
        TRY(expand(e, edit->value, edit->kind >= XML_APPEND && edit->kind <= XML_AFTER, &value));
    TRY(nodes_of(e, edit->place, &found));
    for (int i = 0; i < found.count; i++)
        TRY(node_edit(e, found.at[i], edit->kind, value));
    if (found.count == 0 && edit->kind == XML_SET)
        TRY(attributes_add(e, edit->place, value, &found.count));
    return found.count > 0 ? OK : fail(e, E_NOT_FOUND, "the message has no", edit->place);
}

static struct str written(struct editor *e)
{
    xmlBufferPtr buffer = xmlBufferCreate();

    xmlNodeDump(buffer, e->docs[0], xmlDocGetRootElement(e->docs[0]), 0, 0);
    struct str out = { NULL, (size_t)xmlBufferLength(buffer) };
    out.data = arena_strndup(e->arena, (const char *)xmlBufferContent(buffer), out.len);
    xmlBufferFree(buffer);
    return out;
}

enum rc xml_edit(struct arena *a, struct str xml, const struct xml_variable *variables, const struct xml_edit *edits,
                 size_t count, struct str *out, const char **why)
{
    struct editor e = { .arena = a };
    enum rc rc = editor_open(&e, xml, variables, (struct texts){ .edits = edits, .count = count });

    for (size_t i = 0; rc == OK && i < count && edits[i].kind != XML_EDIT_NONE; i++)
        rc = edit_apply(&e, &edits[i]);
    if (rc == OK)
        *out = written(&e);
    editor_close(&e);
    *why = e.why;
    return rc;
}

enum rc xml_expand(struct arena *a, const char *text, const struct xml_variable *variables, const char **out,
                   const char **why)
{
    struct editor e = { .arena = a };
    enum rc rc = editor_open(&e, STR("<none/>"), variables, (struct texts){ .text = text });

    if (rc == OK)
        rc = expand(&e, text, false, out);
    editor_close(&e);
    *why = e.why;
    return rc;
}
