/*
 * Reading XML 1.0: libxml2's SAX2 events become nodes in the caller's arena. libxml2 only ever sees UTF-8, never a
 * declaration inside a DOCTYPE, and never a tag with absurdly many attributes.
 */
#include "wire/xml.h"

#include "base/arena.h"
#include "wire/ns.h"
#include "wire/xml_input.h"

#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <threads.h>

#define DEPTH_DEFAULT      128
#define DEPTH_MAX          256 /* libxml2's own */
#define ELEMENTS_DEFAULT   2000000
#define ATTRIBUTES_DEFAULT 256
#define URIS_MAX           256 /* different namespaces of a document */
#define SCOPE_MAX          512 /* namespace declarations in force at one place: libxml2 searches them one by one */

#define NAME_SLOTS 64
#define WHY_BYTES  240

/* A text of libxml2's dictionary, which keeps one pointer per text, and its copy in the arena. */
struct copy {
    const xmlChar *from;
    const char *to;
};

struct reader {
    struct arena *arena;
    struct xml_limits limits;
    xmlParserCtxtPtr ctxt;

    struct xml_node *root, *open;
    struct buf text; /* since the last tag */
    int depth, elements, scope, uri_count;
    int declared[DEPTH_MAX]; /* namespace declarations of each open element */
    struct copy names[NAME_SLOTS], uris[URIS_MAX];

    enum rc rc;
    struct xml_error error;
};

/* ---- why it stopped ---- */

/* One line, not too long, for libxml2 quotes the message. */
static const char *sentence(struct arena *a, const char *why)
{
    size_t n = strlen(why);

    if (n > WHY_BYTES)
        for (n = WHY_BYTES; n > 0 && (why[n] & 0xC0) == 0x80; n--)
            continue;
    char *text = str_dup(a, str_trim((struct str){ why, n }));
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    return text;
}

/* Only the first reason counts: the others follow from it. */
static void note(struct reader *r, enum rc rc, int line, int column, const char *why)
{
    if (r->rc != OK)
        return;
    r->rc = rc;
    r->error.text = arena_printf(r->arena, "%s (line %d, column %d)", sentence(r->arena, why), line, column);
    r->error.line = line;
    r->error.column = column;
}

static void note_here(struct reader *r, enum rc rc, const char *why)
{
    note(r, rc, xmlSAX2GetLineNumber(r->ctxt), xmlSAX2GetColumnNumber(r->ctxt), why);
}

/* Does not stop the parser: libxml2 may still hold pointers into its input here. */
static void on_error(void *user, xmlErrorPtr e)
{
    if (e->level >= XML_ERR_ERROR)
        note(user, E_SYNTAX, e->line, e->int2, e->message == NULL ? "not well-formed" : e->message);
}

/* ---- copies ---- */

static const char *name_copy(struct reader *r, const xmlChar *name)
{
    uintptr_t p = (uintptr_t)name;
    struct copy *c = &r->names[(p ^ p >> 6) % NAME_SLOTS];

    if (c->from != name)
        *c = (struct copy){ name, arena_strdup(r->arena, (const char *)name) };
    return c->to;
}

static const char *uri_copy(struct reader *r, const xmlChar *uri)
{
    if (uri == NULL)
        return NULL;
    for (int i = 0; i < r->uri_count; i++)
        if (r->uris[i].from == uri)
            return r->uris[i].to;
    if (r->uri_count == URIS_MAX) {
        note_here(r, E_LIMIT, "too many different namespaces");
        return NULL;
    }
    const char *known = ns_known((const char *)uri);
    const char *to = known != NULL ? known : arena_strdup(r->arena, (const char *)uri);
    r->uris[r->uri_count++] = (struct copy){ uri, to };
    return to;
}

/* libxml2 hands over name, prefix, namespace, and where the value begins and ends. */
static struct xml_attr *attr_new(struct reader *r, const xmlChar **at)
{
    struct xml_attr *attr = ARENA_NEW(r->arena, struct xml_attr);

    attr->name = name_copy(r, at[0]);
    attr->ns = uri_copy(r, at[2]);
    attr->value = arena_strndup(r->arena, (const char *)at[3], (size_t)(at[4] - at[3]));
    return attr;
}

/* ---- building ---- */

static void node_add(struct reader *r, struct xml_node *n)
{
    struct xml_node *parent = r->open;

    n->line = xmlSAX2GetLineNumber(r->ctxt);
    n->parent = parent;
    if (parent == NULL) {
        r->root = n;
        return;
    }
    if (parent->last == NULL)
        parent->first = n;
    else
        parent->last->next = n;
    parent->last = n;
}

static bool all_space(const struct buf *text)
{
    return str_trim(buf_str(text)).len == 0;
}

/* The text before a tag becomes a node, unless it is white space beside an element. */
static void text_flush(struct reader *r, bool beside_element)
{
    if (r->text.len == 0)
        return;
    if (!beside_element || !all_space(&r->text)) {
        struct xml_node *n = ARENA_NEW(r->arena, struct xml_node);
        n->text = str_dup(r->arena, buf_str(&r->text));
        node_add(r, n);
    }
    buf_reset(&r->text);
}

/* What is too much about an element that begins, or NULL. */
static const char *element_excess(const struct reader *r, int declarations, int attributes)
{
    if (r->depth >= r->limits.depth)
        return "elements nested too deeply";
    if (r->elements >= r->limits.elements)
        return "too many elements";
    if (attributes > r->limits.attributes)
        return "too many attributes in one element";
    if (declarations > SCOPE_MAX - r->scope)
        return "too many namespace declarations";
    return NULL;
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix UNUSED, const xmlChar *uri,
                     int declarations, const xmlChar **declared UNUSED, int attributes, int defaulted UNUSED,
                     const xmlChar **at)
{
    struct reader *r = user;
    const char *excess = element_excess(r, declarations, attributes);

    if (excess != NULL)
        note_here(r, E_LIMIT, excess);
    if (r->rc != OK) {
        xmlStopParser(r->ctxt);
        return;
    }
    text_flush(r, true);
    struct xml_node *n = ARENA_NEW(r->arena, struct xml_node);
    n->name = name_copy(r, name);
    n->ns = uri_copy(r, uri);
    struct xml_attr **end = &n->attrs;
    for (int i = 0; i < attributes; i++, at += 5, end = &(*end)->next)
        *end = attr_new(r, at);
    node_add(r, n);

    r->open = n;
    r->elements++;
    r->declared[r->depth++] = declarations;
    r->scope += declarations;
}

static void on_end(void *user, const xmlChar *name UNUSED, const xmlChar *prefix UNUSED, const xmlChar *uri UNUSED)
{
    struct reader *r = user;

    text_flush(r, r->open->first != NULL);
    r->open = r->open->parent;
    r->scope -= r->declared[--r->depth];
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct reader *r = user;

    buf_add(&r->text, text, (size_t)len);
}

/* Called before anything within the DOCTYPE is read, so no entity is ever declared. */
static void on_doctype(void *user, const xmlChar *name UNUSED, const xmlChar *public_id UNUSED,
                       const xmlChar *system_id UNUSED)
{
    struct reader *r = user;

    note_here(r, E_SYNTAX, "a DOCTYPE is not accepted");
    xmlStopParser(r->ctxt);
}

static const xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .internalSubset = on_doctype,
    .serror = on_error,
};

/* ---- a reading ---- */

/* A context for each message: keeping one per thread saves 0.4 us of 8, and would keep every name a peer ever sent. */
static xmlParserCtxtPtr ctxt_new(struct reader *r)
{
    static once_flag once = ONCE_FLAG_INIT;
    call_once(&once, xmlInitParser);

    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    if (ctxt == NULL)
        die("out of memory (XML parser)");
    *ctxt->sax = handler;
    ctxt->userData = r;
    return ctxt;
}

static int limit_or(int limit, int otherwise, int max)
{
    return limit <= 0 ? otherwise : MIN(limit, max);
}

static struct xml_limits limits_settle(const struct xml_limits *wanted)
{
    const struct xml_limits l = wanted == NULL ? (struct xml_limits){ 0 } : *wanted;

    return (struct xml_limits){ .depth = limit_or(l.depth, DEPTH_DEFAULT, DEPTH_MAX),
                                .elements = limit_or(l.elements, ELEMENTS_DEFAULT, INT_MAX),
                                .attributes = limit_or(l.attributes, ATTRIBUTES_DEFAULT, XML_ATTRIBUTES_MAX) };
}

/* NOENT: without it libxml2 hands over "&#38;" for an ampersand in an attribute. No entity can be declared. */
#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC)

static void reader_run(struct reader *r, struct str s)
{
    r->ctxt = ctxt_new(r);
    buf_init(&r->text, SIZE_MAX / 2); /* what is in a message fits the message's limit */
    xmlCtxtReadMemory(r->ctxt, s.data, (int)s.len, NULL, NULL, OPTIONS);
    if (!r->ctxt->wellFormed || !r->ctxt->nsWellFormed || r->root == NULL)
        note(r, E_SYNTAX, 1, 1, "not well-formed");
    buf_clear(&r->text);
    xmlFreeParserCtxt(r->ctxt);
}

enum rc xml_parse(struct arena *a, struct str bytes, const struct xml_limits *limits, struct xml_node **root,
                  struct xml_error *error)
{
    struct reader r = { .arena = a, .limits = limits_settle(limits) };
    const char *why = NULL;
    enum rc rc = xml_input_check(a, &bytes, &why);

    if (rc != OK)
        note(&r, rc, 1, 1, why);
    else
        reader_run(&r, bytes);
    if (r.rc == OK)
        *root = r.root;
    else if (error != NULL)
        *error = r.error;
    return r.rc;
}
