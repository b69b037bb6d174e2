/* ebRS responses and their error lists (ITI TF-3: 4.2.4). */
#include "msg/registry_response.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/ns.h"

#define SEVERITY_ERROR   "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
#define SEVERITY_WARNING "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning"

static const char *const statuses[] = {
    [REGISTRY_SUCCESS] = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success",
    [REGISTRY_PARTIAL_SUCCESS] = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess",
    [REGISTRY_FAILURE] = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure",
};

const char *registry_status_urn(enum registry_status s)
{
    return statuses[s];
}

enum rc registry_status_parse(const char *urn, enum registry_status *out)
{
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        if (text_equal(urn, statuses[i])) {
            *out = (enum registry_status)i;
            return OK;
        }
    return E_SYNTAX;
}

enum registry_status registry_status_of(const struct issue_list *issues)
{
    return issues->errors > 0 ? REGISTRY_FAILURE : REGISTRY_SUCCESS;
}

/* codeContext: what is wrong, and where when that is known (Table 4.2.4.1-1). */
static void context_write(struct xml_writer *w, const struct issue *issue)
{
    struct buf context;

    if (issue->place == NULL) {
        xw_attr(w, "codeContext", issue->text == NULL ? "" : issue->text);
        return;
    }
    buf_init(&context, BUF_MAX_DEFAULT);
    buf_printf(&context, "%s (at %s)", issue->text, issue->place);
    xw_attr(w, "codeContext", buf_text(&context));
    buf_clear(&context);
}

static void error_write(struct xml_writer *w, const struct issue *issue)
{
    const char *code = issue->ebrs == NULL ? issue_row(ISSUE_XDS_REGISTRY_ERROR)->ebrs : issue->ebrs;

    xw_open(w, "rs:RegistryError");
    xw_attr(w, "errorCode", code);
    context_write(w, issue);
    xw_attr(w, "severity", issue->is_warning ? SEVERITY_WARNING : SEVERITY_ERROR);
    xw_attr(w, "location", issue->location);
    xw_close(w);
}

void registry_errors_write(struct xml_writer *w, const struct issue_list *issues)
{
    if (issues->first == NULL)
        return;
    xw_open(w, "rs:RegistryErrorList");
    xw_attr(w, "highestSeverity", issues->errors > 0 ? SEVERITY_ERROR : SEVERITY_WARNING);
    for (const struct issue *issue = issues->first; issue != NULL; issue = issue->next)
        error_write(w, issue);
    xw_close(w);
}

void registry_errors_decode(struct arena *a, const struct xml_node *response, struct issue_list *out)
{
    const struct xml_node *list = xml_child(response, NS_RS, "RegistryErrorList");

    for (const struct xml_node *n = xml_child(list, NS_RS, "RegistryError"); n != NULL; n = xml_next(n)) {
        const char *context = xml_attr(n, "codeContext");
        issue_pass_on(a, out, xml_attr(n, "errorCode"), text_equal(xml_attr(n, "severity"), SEVERITY_WARNING),
                      context == NULL ? "" : context, xml_attr(n, "location"));
    }
}

void registry_response_encode(const struct registry_response *r, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "rs:RegistryResponse");
    xw_attr(&w, "xmlns:rs", NS_RS);
    xw_attr(&w, "status", registry_status_urn(r->status));
    registry_errors_write(&w, &r->issues);
    xw_close(&w);
}

enum rc registry_response_decode(struct arena *a, const struct xml_node *body, struct registry_response *out)
{
    struct registry_response r = { 0 };

    if (!xml_is(body, NS_RS, "RegistryResponse"))
        return E_SYNTAX;
    TRY(registry_status_parse(xml_attr(body, "status"), &r.status));
    registry_errors_decode(a, body, &r.issues);
    *out = r;
    return OK;
}
