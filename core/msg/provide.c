/* xds:ProvideAndRegisterDocumentSetRequest: a submission with its documents (ITI TF-2: 3.41.4.1.2). */
#include "base/arena.h"
#include "model/rule.h"
#include "msg/document_content.h"
#include "msg/submit_objects.h"
#include "wire/ns.h"

static enum rc document_decode(struct arena *a, const struct xml_node *n, struct provided_document *out,
                               struct issue_list *issues)
{
    struct document_content content;
    const char *why;

    out->place = xml_path(a, n);
    out->id = xml_attr(n, "id");
    if (text_absent(out->id)) {
        rule_break(a, issues, RULE_PNR_DOCUMENT_ID, out->place,
                   "a Document needs @id with the id of its ExtrinsicObject");
        return E_REFUSED;
    }
    if (document_content_decode(a, n, &content, &why) != OK) {
        rule_break(a, issues, RULE_MTOM_CONTENT, out->place, "%s", why);
        return E_REFUSED;
    }
    out->href = content.href;
    out->inline_bytes = content.inline_bytes;
    return OK;
}

enum rc provide_decode(struct arena *a, struct xml_node *body, struct provide *out, struct issue_list *issues)
{
    if (!xml_is(body, NS_XDS, "ProvideAndRegisterDocumentSetRequest")) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body),
                   "the body must be an xds:ProvideAndRegisterDocumentSetRequest (%s)", NS_XDS);
        return E_REFUSED;
    }
    struct xml_node *submit = xml_child(body, NS_LCM, "SubmitObjectsRequest");
    if (submit == NULL) {
        rule_break(a, issues, RULE_PNR_BODY, xml_path(a, body), "the request needs an lcm:SubmitObjectsRequest");
        return E_REFUSED;
    }
    *out = (struct provide){ 0 };
    TRY(submit_objects_decode(a, submit, ISSUE_XDS_REPOSITORY_METADATA_ERROR, &out->submit, issues));

    struct provided_document **tail = &out->documents;
    for (const struct xml_node *n = xml_child(body, NS_XDS, "Document"); n != NULL; n = xml_next(n)) {
        *tail = ARENA_NEW(a, struct provided_document);
        TRY(document_decode(a, n, *tail, issues));
        tail = &(*tail)->next;
    }
    return OK;
}

void provide_encode(const struct submission *s, const struct provided_document *documents, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "xds:ProvideAndRegisterDocumentSetRequest");
    xw_attr(&w, "xmlns:xds", NS_XDS);
    submit_objects_write(&w, s);
    for (const struct provided_document *d = documents; d != NULL; d = d->next) {
        xw_open(&w, "xds:Document");
        xw_attr(&w, "id", d->id);
        document_content_write(&w, &(struct document_content){ d->href, d->inline_bytes });
        xw_close(&w);
    }
    xw_close(&w);
}
