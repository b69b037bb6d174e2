#include "actor/wsdl.h"

#include "actor/address.h"
#include "actor/daemon.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <string.h>
#include <strings.h>

#define NS_WSDL   "http://schemas.xmlsoap.org/wsdl/"
#define NS_SOAP   "http://schemas.xmlsoap.org/wsdl/soap12/"
#define NS_WSAW   "http://www.w3.org/2006/05/addressing/wsdl"
#define NS_XSD    "http://www.w3.org/2001/XMLSchema"
#define NS_OWN    "urn:ihe:iti:xds-b:2007"
#define TRANSPORT "http://schemas.xmlsoap.org/soap/http"

#define ELEMENTS_MAX 64 /* of one endpoint's messages */

/* Path word → the actor's name in the framework's own WSDLs. */
static const struct {
    const char *actor, *name;
} names[] = {
    { "registry", "DocumentRegistry" },     { "repository", "DocumentRepository" },
    { "recipient", "DocumentRecipient" },   { "pixmgr", "PIXManager" },
    { "initiating", "InitiatingGateway" },  { "responding", "RespondingGateway" },
    { "imaging", "ImagingDocumentSource" },
};

/* A message's element. */
struct element {
    const char *ns, *name;
};

struct wsdl {
    struct arena *arena;
    const struct daemon_spec *spec;
    const char *actor, *name, *url;
    struct element elements[ELEMENTS_MAX];
    size_t element_count;
    struct xml_writer w;
};

/* ---- going through an endpoint's transactions ---- */

/* One action of one transaction: an operation. */
struct operation {
    const struct transaction *transaction;
    size_t index;
    const char *name; /* "RegistryStoredQuery", "PRPA_IN201301UV02": what its action ends with */
};

/* No two of a port type have the same (WS-I Basic Profile 1.1: R2304). */
static const char *operation_name(struct arena *a, const char *action)
{
    const char *last = strrchr(action, ':') + 1;

    return strstr(action, ":Deferred:") != NULL ? arena_printf(a, "Deferred%s", last) : last;
}

static void each_operation(struct wsdl *d, void (*fn)(struct wsdl *d, const struct operation *o))
{
    for (size_t i = 0; i < d->spec->transaction_count; i++) {
        const struct transaction *t = &d->spec->transactions[i];
        if (t->door != DOOR_SOAP || strcmp(t->actor, d->actor) != 0)
            continue;
        for (size_t k = 0; k < TRANSACTION_ACTIONS && t->actions[k] != NULL; k++)
            fn(d, &(struct operation){ t, k, operation_name(d->arena, t->actions[k]) });
    }
}

static struct element request_of(const struct operation *o)
{
    return (struct element){ o->transaction->body_ns, o->transaction->bodies[o->index] };
}

static struct element reply_of(const struct operation *o)
{
    const struct transaction *t = o->transaction;

    return (struct element){ t->reply_ns != NULL ? t->reply_ns : t->body_ns, t->reply_body };
}

/* ---- types ---- */

static void element_note(struct wsdl *d, struct element e)
{
    for (size_t i = 0; i < d->element_count; i++) {
        if (text_equal(d->elements[i].ns, e.ns) && text_equal(d->elements[i].name, e.name))
            return;
    }
    if (d->element_count == ELEMENTS_MAX || e.name == NULL)
        die("wsdl: a row without its messages, or too many");
    d->elements[d->element_count++] = e;
}

static void elements_note(struct wsdl *d, const struct operation *o)
{
    element_note(d, request_of(o));
    element_note(d, reply_of(o));
}

/* Of any content: what it may be, the schema of its standard says. */
static void element_write(struct wsdl *d, const char *name)
{
    struct xml_writer *w = &d->w;

    xw_open(w, "xsd:element");
    xw_attr(w, "name", name);
    xw_open(w, "xsd:complexType");
    xw_open(w, "xsd:sequence");
    xw_open(w, "xsd:any");
    xw_attr(w, "processContents", "skip");
    xw_attr(w, "minOccurs", "0");
    xw_attr(w, "maxOccurs", "unbounded");
    xw_close(w);
    xw_close(w);
    xw_open(w, "xsd:anyAttribute");
    xw_attr(w, "processContents", "skip");
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

static bool is_first_of_its_namespace(const struct wsdl *d, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (text_equal(d->elements[i].ns, d->elements[at].ns))
            return false;
    }
    return true;
}

static void schema_write(struct wsdl *d, const char *ns)
{
    xw_open(&d->w, "xsd:schema");
    xw_attr(&d->w, "targetNamespace", ns);
    xw_attr(&d->w, "elementFormDefault", "qualified");
    for (size_t i = 0; i < d->element_count; i++) {
        if (text_equal(d->elements[i].ns, ns))
            element_write(d, d->elements[i].name);
    }
    xw_close(&d->w);
}

static void types_write(struct wsdl *d)
{
    xw_open(&d->w, "wsdl:types");
    for (size_t i = 0; i < d->element_count; i++) {
        if (is_first_of_its_namespace(d, i))
            schema_write(d, d->elements[i].ns);
    }
    xw_close(&d->w);
}

/* ---- messages, operations, bindings ---- */

static const char *joined(const struct wsdl *d, const char *one, const char *other)
{
    return arena_printf(d->arena, "%s%s", one, other);
}

static void message_write(struct wsdl *d, const char *name, struct element e)
{
    struct xml_writer *w = &d->w;

    xw_open(w, "wsdl:message");
    xw_attr(w, "name", name);
    xw_open(w, "wsdl:part");
    xw_attr(w, "name", "body");
    xw_attr(w, "xmlns:m", e.ns);
    xw_attr(w, "element", joined(d, "m:", e.name));
    xw_close(w);
    xw_close(w);
}

static void messages_write(struct wsdl *d, const struct operation *o)
{
    message_write(d, joined(d, o->name, "_Message"), request_of(o));
    message_write(d, joined(d, o->name, "Response_Message"), reply_of(o));
}

static void operation_open(struct wsdl *d, const struct operation *o)
{
    xw_open(&d->w, "wsdl:operation");
    xw_attr(&d->w, "name", arena_printf(d->arena, "%s_%s", d->name, o->name));
}

static void direction_write(struct wsdl *d, const char *element, const char *message, const char *action)
{
    xw_open(&d->w, element);
    xw_attr(&d->w, "message", joined(d, "tns:", message));
    xw_attr(&d->w, "wsaw:Action", action);
    xw_close(&d->w);
}

static void port_operation_write(struct wsdl *d, const struct operation *o)
{
    const struct transaction *t = o->transaction;

    operation_open(d, o);
    xw_element(&d->w, "wsdl:documentation",
               arena_printf(d->arena, "%s %s%s", t->id, t->name, t->mtom ? " (MTOM/XOP)" : ""));
    direction_write(d, "wsdl:input", joined(d, o->name, "_Message"), t->actions[o->index]);
    direction_write(d, "wsdl:output", joined(d, o->name, "Response_Message"), t->reply_action);
    xw_close(&d->w);
}

static void literal_write(struct wsdl *d, const char *element)
{
    xw_open(&d->w, element);
    xw_open(&d->w, "soap12:body");
    xw_attr(&d->w, "use", "literal");
    xw_close(&d->w);
    xw_close(&d->w);
}

static void bound_operation_write(struct wsdl *d, const struct operation *o)
{
    operation_open(d, o);
    xw_open(&d->w, "soap12:operation");
    xw_attr(&d->w, "soapAction", o->transaction->actions[o->index]);
    xw_attr(&d->w, "soapActionRequired", "false");
    xw_close(&d->w);
    literal_write(d, "wsdl:input");
    literal_write(d, "wsdl:output");
    xw_close(&d->w);
}

static void port_type_write(struct wsdl *d)
{
    xw_open(&d->w, "wsdl:portType");
    xw_attr(&d->w, "name", joined(d, d->name, "_PortType"));
    each_operation(d, port_operation_write);
    xw_close(&d->w);
}

static void binding_write(struct wsdl *d)
{
    struct xml_writer *w = &d->w;

    xw_open(w, "wsdl:binding");
    xw_attr(w, "name", joined(d, d->name, "_Binding_Soap12"));
    xw_attr(w, "type", arena_printf(d->arena, "tns:%s_PortType", d->name));
    xw_open(w, "soap12:binding");
    xw_attr(w, "style", "document");
    xw_attr(w, "transport", TRANSPORT);
    xw_close(w);
    xw_open(w, "wsaw:UsingAddressing");
    xw_attr(w, "wsdl:required", "true");
    xw_close(w);
    each_operation(d, bound_operation_write);
    xw_close(w);
}

static void service_write(struct wsdl *d)
{
    struct xml_writer *w = &d->w;

    xw_open(w, "wsdl:service");
    xw_attr(w, "name", joined(d, d->name, "_Service"));
    xw_open(w, "wsdl:port");
    xw_attr(w, "name", joined(d, d->name, "_Port_Soap12"));
    xw_attr(w, "binding", arena_printf(d->arena, "tns:%s_Binding_Soap12", d->name));
    xw_open(w, "soap12:address");
    xw_attr(w, "location", d->url);
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

static void definitions_write(struct wsdl *d, struct buf *out)
{
    static const struct {
        const char *prefix, *ns;
    } declared[] = { { "xmlns:wsdl", NS_WSDL },
                     { "xmlns:soap12", NS_SOAP },
                     { "xmlns:wsaw", NS_WSAW },
                     { "xmlns:xsd", NS_XSD },
                     { "xmlns:tns", NS_OWN } };
    struct xml_writer *w = &d->w;

    xw_init(w, out);
    buf_add_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xw_open(w, "wsdl:definitions");
    for (size_t i = 0; i < ARRAY_LEN(declared); i++)
        xw_attr(w, declared[i].prefix, declared[i].ns);
    xw_attr(w, "name", d->name);
    xw_attr(w, "targetNamespace", NS_OWN);
    each_operation(d, elements_note);
    types_write(d);
    each_operation(d, messages_write);
    port_type_write(d);
    binding_write(d);
    service_write(d);
    xw_close(w);
}

/* ---- the page ---- */

bool wsdl_serves(const struct http_request *http)
{
    bool reads = strcmp(http->head.method, "GET") == 0 || strcmp(http->head.method, "HEAD") == 0;

    return reads && http->head.query != NULL && strcasecmp(http->head.query, "wsdl") == 0;
}

static const char *name_of(const char *actor)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i].actor, actor) == 0)
            return names[i].name;
    }
    return actor;
}

/* As the client reached us: that is the address it can reach again. */
static const char *own_url(struct http_request *http)
{
    const char *host = http_header(&http->head, "host");

    return arena_printf(http->arena, "%s://%s%s", http->tls ? "https" : "http", host != NULL ? host : "localhost",
                        http->head.path);
}

void wsdl_reply(struct service *s, struct http_request *http)
{
    struct wsdl d = { .arena = http->arena, .spec = s->daemon->spec };
    struct buf *out = buf_new(http->arena, BUF_MAX_DEFAULT);
    struct endpoint_address address;
    const char *why;

    int status = address_parse(http->arena, s->daemon, http->head.path, &address, &why);
    if (status != 0) {
        http_reply_text(http, status, why);
        return;
    }
    d.actor = address.actor;
    d.name = name_of(address.actor);
    d.url = own_url(http);
    definitions_write(&d, out);
    struct http_piece piece = HTTP_PIECE_BYTES(buf_str(out));
    http_reply(http,
               &(struct http_reply){
                   .status = 200, .content_type = "text/xml; charset=utf-8", .pieces = &piece, .piece_count = 1 });
}
