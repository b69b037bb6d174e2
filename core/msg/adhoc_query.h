#pragma once
/* query:AdhocQueryRequest and AdhocQueryResponse: ITI-18, ITI-38, ITI-51 (ITI TF-2: 3.18.4.1.2). */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/document.h"
#include "model/issue.h"
#include "msg/registry_response.h"
#include "msg/stored_query.h"
#include "wire/xml.h"

struct arena;

enum return_type { RETURN_LEAF_CLASS, RETURN_OBJECT_REF };

struct adhoc_query {
    const char *id;   /* urn:uuid:… of the stored query */
    const char *home; /* NULL when absent */
    enum return_type return_type;
    struct slot *params; /* "$XDSDocumentEntryPatientId": values as sent, quotes and parentheses included */
};

/* E_REFUSED with an issue: not an AdhocQueryRequest (SOAP body), an unknown returnType (XDSRegistryError), no id. */
MUST_CHECK enum rc adhoc_query_decode(struct arena *a, const struct xml_node *body, struct adhoc_query *out,
                                      struct issue_list *issues);
/* The same of an ITI-63, whose returnType is LeafClassWithRepositoryItem; out->return_type is LeafClass. */
MUST_CHECK enum rc adhoc_fetch_decode(struct arena *a, const struct xml_node *body, struct adhoc_query *out,
                                      struct issue_list *issues);
/* For clients of ITI-63. */
void adhoc_fetch_encode(const struct adhoc_query *q, struct buf *out);
void adhoc_query_encode(const struct adhoc_query *q, struct buf *out);

/*
 * One parameter's values, unquoted, "''" undone (3.18.4.1.2.3.3 to .5): 'x', 123, ('x','y'); several rim:Value are
 * joined. E_SYNTAX when the grammar is broken.
 */
MUST_CHECK enum rc query_values_parse(struct arena *a, const struct slot *param, struct text_list **out);
/* 'text' with quotes doubled, and ('a','b'). For clients. */
char *query_quote(struct arena *a, const char *text);
char *query_quote_list(struct arena *a, const struct text_list *values);
/* The first parameter of that name; NULL if none. */
const struct slot *query_param(const struct adhoc_query *q, const char *name);
/* For clients: appends a parameter with one raw value. */
void query_param_add(struct arena *a, struct adhoc_query *q, const char *name, const char *raw);

struct adhoc_response {
    enum registry_status status;
    struct issue_list issues;
    const struct str *objects; /* ready-made children of RegistryObjectList (prefix rim), from a store or a peer */
    size_t count;
};

/* The same without the objects: they belong into out behind the byte that is returned. */
size_t adhoc_response_frame(const struct adhoc_response *r, struct buf *out);
void adhoc_response_encode(const struct adhoc_response *r, struct buf *out);

/* What a client or gateway gets: object_list is the tree (NULL when the peer sent none). */
struct adhoc_answer {
    enum registry_status status;
    struct issue_list issues;
    struct xml_node *object_list;
};

MUST_CHECK enum rc adhoc_answer_decode(struct arena *a, const struct xml_node *body, struct adhoc_answer *out);
