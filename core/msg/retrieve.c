/*
 * RetrieveDocumentSet: what is wanted by its two ids, and what was found (ITI TF-2: 3.43.4.1.2, 3.43.4.2.2).
 * RemoveDocuments names documents in the same way.
 */
#include "msg/retrieve.h"

#include "base/arena.h"
#include "model/rule.h"
#include "msg/document_content.h"
#include "wire/ns.h"

/* Trimmed text of a child; NULL when absent or empty. */
static const char *child_text(struct arena *a, const struct xml_node *n, const char *name)
{
    const char *text = xml_text_trimmed(a, xml_child(n, NS_XDS, name));

    return text_absent(text) ? NULL : text;
}

/* ---- request ---- */

/* The two messages that name documents alike. */
struct kind {
    const char *ns, *name, *element;
};

static const struct kind retrieval = { NS_XDS, "RetrieveDocumentSetRequest", "xds:RetrieveDocumentSetRequest" };
static const struct kind removal = { NS_RMD, "RemoveDocumentsRequest", "rmd:RemoveDocumentsRequest" };

static enum rc request_check(struct arena *a, const struct document_request *r, struct issue_list *issues)
{
    const char *missing = r->repository_unique_id == NULL ? "RepositoryUniqueId"
                          : r->document_unique_id == NULL ? "DocumentUniqueId"
                                                          : NULL;

    if (missing == NULL)
        return OK;
    rule_break(a, issues, RULE_RET_IDS, r->place, "a DocumentRequest needs %s as its DocumentEntry has it", missing);
    return E_REFUSED;
}

void document_request_read(struct arena *a, const struct xml_node *n, struct document_request *out)
{
    *out = (struct document_request){ .home = child_text(a, n, "HomeCommunityId"),
                                      .repository_unique_id = child_text(a, n, "RepositoryUniqueId"),
                                      .document_unique_id = child_text(a, n, "DocumentUniqueId") };
}

void document_request_write(struct xml_writer *w, const struct document_request *r)
{
    xw_open(w, "xds:DocumentRequest");
    xw_element(w, "xds:HomeCommunityId", r->home);
    xw_element(w, "xds:RepositoryUniqueId", r->repository_unique_id);
    xw_element(w, "xds:DocumentUniqueId", r->document_unique_id);
    xw_close(w);
}

/* All requests, with places as xml_path has them, at the price of one walk. */
static struct document_request *requests_read(struct arena *a, const struct xml_node *body)
{
    struct document_request *first = NULL, **tail = &first;
    const char *path = xml_path(a, body);
    size_t total = xml_count(body, NS_XDS, "DocumentRequest"), number = 1;

    for (const struct xml_node *n = xml_child(body, NS_XDS, "DocumentRequest"); n != NULL; n = xml_next(n), number++) {
        struct document_request *r = *tail = ARENA_NEW(a, struct document_request);
        document_request_read(a, n, r);
        r->place = total > 1 ? arena_printf(a, "%s/DocumentRequest[%zu]", path, number)
                             : arena_printf(a, "%s/DocumentRequest", path);
        tail = &r->next;
    }
    return first;
}

static enum rc decode(struct arena *a, const struct kind *kind, const struct xml_node *body,
                      struct document_request **out, struct issue_list *issues)
{
    if (!xml_is(body, kind->ns, kind->name)) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body), "the body must be an %s (%s)", kind->element,
                   kind->ns);
        return E_REFUSED;
    }
    struct document_request *requests = requests_read(a, body);
    if (requests == NULL) {
        rule_break(a, issues, RULE_RET_ANY, xml_path(a, body), "the request needs at least one DocumentRequest");
        return E_REFUSED;
    }
    for (const struct document_request *r = requests; r != NULL; r = r->next)
        TRY(request_check(a, r, issues));
    *out = requests;
    return OK;
}

static void encode(const struct kind *kind, const struct document_request *requests, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, kind->element);
    if (kind->ns != NS_XDS)
        xw_attr(&w, "xmlns:rmd", kind->ns);
    xw_attr(&w, "xmlns:xds", NS_XDS);
    for (const struct document_request *r = requests; r != NULL; r = r->next)
        document_request_write(&w, r);
    xw_close(&w);
}

enum rc retrieve_request_decode(struct arena *a, const struct xml_node *body, struct document_request **out,
                                struct issue_list *issues)
{
    return decode(a, &retrieval, body, out, issues);
}

void retrieve_request_encode(const struct document_request *requests, struct buf *out)
{
    encode(&retrieval, requests, out);
}

enum rc remove_documents_decode(struct arena *a, const struct xml_node *body, struct document_request **out,
                                struct issue_list *issues)
{
    return decode(a, &removal, body, out, issues);
}

void remove_documents_encode(const struct document_request *requests, struct buf *out)
{
    encode(&removal, requests, out);
}

/* ---- response ---- */

enum registry_status retrieve_status(const struct document_response *documents, const struct issue_list *issues)
{
    if (issues->errors == 0)
        return REGISTRY_SUCCESS;
    return documents != NULL ? REGISTRY_PARTIAL_SUCCESS : REGISTRY_FAILURE;
}

static void document_write(struct xml_writer *w, const struct document_response *d)
{
    xw_open(w, "xds:DocumentResponse");
    xw_element(w, "xds:HomeCommunityId", d->home);
    xw_element(w, "xds:RepositoryUniqueId", d->repository_unique_id);
    xw_element(w, "xds:DocumentUniqueId", d->document_unique_id);
    xw_element(w, "xds:NewRepositoryUniqueId", d->new_repository_unique_id);
    xw_element(w, "xds:NewDocumentUniqueId", d->new_document_unique_id);
    xw_element(w, "xds:mimeType", d->mime_type);
    xw_open(w, "xds:Document");
    document_content_write(w, &(struct document_content){ d->href, d->inline_bytes });
    xw_close(w);
    xw_close(w);
}

void retrieve_response_encode(const struct retrieve_response *r, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "xds:RetrieveDocumentSetResponse");
    xw_attr(&w, "xmlns:xds", NS_XDS);
    xw_attr(&w, "xmlns:rs", NS_RS);
    xw_open(&w, "rs:RegistryResponse");
    xw_attr(&w, "status", registry_status_urn(r->status));
    registry_errors_write(&w, &r->issues);
    xw_close(&w);
    for (const struct document_response *d = r->documents; d != NULL; d = d->next)
        document_write(&w, d);
    xw_close(&w);
}

static enum rc document_decode(struct arena *a, const struct xml_node *n, struct document_response *out)
{
    const struct xml_node *document = xml_child(n, NS_XDS, "Document");
    struct document_content content;
    const char *why;

    if (document == NULL)
        return E_SYNTAX;
    TRY(document_content_decode(a, document, &content, &why));
    *out = (struct document_response){
        .home = child_text(a, n, "HomeCommunityId"),
        .repository_unique_id = child_text(a, n, "RepositoryUniqueId"),
        .document_unique_id = child_text(a, n, "DocumentUniqueId"),
        .new_repository_unique_id = child_text(a, n, "NewRepositoryUniqueId"),
        .new_document_unique_id = child_text(a, n, "NewDocumentUniqueId"),
        .mime_type = child_text(a, n, "mimeType"),
        .href = content.href,
        .inline_bytes = content.inline_bytes,
    };
    return OK;
}

enum rc retrieve_response_decode(struct arena *a, const struct xml_node *body, struct retrieve_response *out)
{
    struct registry_response head;
    struct retrieve_response r = { 0 };
    struct document_response **tail = &r.documents;

    if (!xml_is(body, NS_XDS, "RetrieveDocumentSetResponse"))
        return E_SYNTAX;
    TRY(registry_response_decode(a, xml_child(body, NS_RS, "RegistryResponse"), &head));
    r.status = head.status;
    r.issues = head.issues;
    for (const struct xml_node *n = xml_child(body, NS_XDS, "DocumentResponse"); n != NULL; n = xml_next(n)) {
        struct document_response *d = ARENA_NEW(a, struct document_response);
        TRY(document_decode(a, n, d));
        *tail = d;
        tail = &d->next;
    }
    *out = r;
    return OK;
}
