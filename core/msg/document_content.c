#include "msg/document_content.h"

#include "base/arena.h"
#include "base/digest.h"
#include "wire/ns.h"

static enum rc include_decode(struct arena *a, const struct xml_node *document, const struct xml_node *include,
                              struct document_content *out, const char **why)
{
    const char *href = xml_attr(include, "href");

    if (href == NULL || !text_starts(href, "cid:")) {
        *why = "xop:Include/@href must be \"cid:\" and a Content-ID of this package";
        return E_SYNTAX;
    }
    if (xml_next_element(include) != NULL || !text_absent(xml_text_trimmed(a, document))) {
        *why = "xop:Include must be all that its element holds";
        return E_SYNTAX;
    }
    *out = (struct document_content){ .href = href };
    return OK;
}

enum rc document_content_decode(struct arena *a, const struct xml_node *document, struct document_content *out,
                                const char **why)
{
    const struct xml_node *child = xml_first_element(document);
    struct str bytes;

    if (xml_is(child, NS_XOP, "Include"))
        return include_decode(a, document, child, out, why);
    if (child != NULL) {
        *why = "a document is an xop:Include or base64 text, no other element";
        return E_SYNTAX;
    }
    if (base64_decode(a, str_from(xml_text(a, document)), &bytes) != OK) {
        *why = "the text is not base64 (RFC 4648, with padding)";
        return E_SYNTAX;
    }
    *out = (struct document_content){ .inline_bytes = bytes };
    return OK;
}

void document_content_write(struct xml_writer *w, const struct document_content *content)
{
    if (content->href == NULL) {
        xw_raw(w, STR("")); /* ends the start tag, so that base64 goes where it belongs without a copy */
        base64_encode(content->inline_bytes, w->out);
        return;
    }
    xw_open(w, "xop:Include");
    xw_attr(w, "xmlns:xop", NS_XOP);
    xw_attr(w, "href", content->href);
    xw_close(w);
}
