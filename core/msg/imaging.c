/*
 * Instances by study and series (RAD TF-2: 4.69.4.1.2). The schema puts DocumentRequest into its own namespace, most
 * clients into that of XDS: both are read, the second is written.
 */
#include "msg/imaging.h"

#include "base/arena.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <string.h>

struct reading {
    struct arena *arena;
    struct issue_list *issues;
    struct document_request **end;
    const char *study, *series; /* in which it is */
};

static enum rc refuse(struct reading *r, enum rule rule, const struct xml_node *at, const char *what)
{
    rule_break(r->arena, r->issues, rule, xml_path(r->arena, at), "%s", what);
    return E_REFUSED;
}

static bool is_document_request(const struct xml_node *n)
{
    return xml_is(n, NS_XDS, "DocumentRequest") || xml_is(n, NS_IHERAD, "DocumentRequest");
}

static enum rc instance_read(struct reading *r, const struct xml_node *n)
{
    struct document_request *d = ARENA_NEW(r->arena, struct document_request);

    document_request_read(r->arena, n, d);
    d->place = xml_path(r->arena, n);
    d->study = r->study;
    d->series = r->series;
    if (d->repository_unique_id == NULL)
        return refuse(r, RULE_RET_IDS, n,
                      "a DocumentRequest needs RepositoryUniqueId, the RetrieveLocationUID of the manifest");
    if (d->document_unique_id == NULL)
        return refuse(r, RULE_RET_IDS, n, "a DocumentRequest needs DocumentUniqueId, the SOP Instance UID");
    *r->end = d;
    r->end = &d->next;
    return OK;
}

static enum rc series_read(struct reading *r, const struct xml_node *series)
{
    struct document_request **begin = r->end;

    r->series = xml_attr(series, "seriesInstanceUID");
    if (text_absent(r->series))
        return refuse(r, RULE_IMG_SERIES, series, "a SeriesRequest needs @seriesInstanceUID");
    for (const struct xml_node *n = xml_first_element(series); n != NULL; n = xml_next_element(n)) {
        if (is_document_request(n))
            TRY(instance_read(r, n));
    }
    return r->end == begin
               ? refuse(r, RULE_IMG_SERIES, series, "a SeriesRequest needs a DocumentRequest for each instance")
               : OK;
}

static enum rc study_read(struct reading *r, const struct xml_node *study)
{
    const struct xml_node *n = xml_child(study, NS_IHERAD, "SeriesRequest");

    r->study = xml_attr(study, "studyInstanceUID");
    if (text_absent(r->study))
        return refuse(r, RULE_IMG_STUDY, study, "a StudyRequest needs @studyInstanceUID");
    if (n == NULL)
        return refuse(r, RULE_IMG_STUDY, study, "a StudyRequest needs a SeriesRequest");
    for (; n != NULL; n = xml_next(n))
        TRY(series_read(r, n));
    return OK;
}

static enum rc syntaxes_read(struct reading *r, const struct xml_node *body, struct text_list **out)
{
    struct text_list **end = out;
    const struct xml_node *list = xml_child(body, NS_IHERAD, "TransferSyntaxUIDList");
    const struct xml_node *n = list != NULL ? xml_child(list, NS_IHERAD, "TransferSyntaxUID") : NULL;

    for (; n != NULL; n = xml_next(n)) {
        const char *text = xml_text_trimmed(r->arena, n);
        if (text_absent(text))
            continue;
        *end = ARENA_NEW(r->arena, struct text_list);
        (*end)->text = text;
        end = &(*end)->next;
    }
    return *out == NULL ? refuse(r, RULE_IMG_SYNTAXES, list != NULL ? list : body,
                                 "the request needs a TransferSyntaxUIDList with the encodings that will do")
                        : OK;
}

enum rc imaging_request_decode(struct arena *a, const struct xml_node *body, struct imaging_request *out,
                               struct issue_list *issues)
{
    struct reading r = { .arena = a, .issues = issues, .end = &out->instances };

    *out = (struct imaging_request){ 0 };
    if (!xml_is(body, NS_IHERAD, "RetrieveImagingDocumentSetRequest")) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body),
                   "the body must be an iherad:RetrieveImagingDocumentSetRequest (%s)", NS_IHERAD);
        return E_REFUSED;
    }
    const struct xml_node *study = xml_child(body, NS_IHERAD, "StudyRequest");
    if (study == NULL)
        return refuse(&r, RULE_IMG_STUDY, body, "the request needs a StudyRequest");
    for (; study != NULL; study = xml_next(study))
        TRY(study_read(&r, study));
    return syntaxes_read(&r, body, &out->transfer_syntaxes);
}

/* ---- writing ---- */

static void instance_write(struct xml_writer *w, const struct document_request *before,
                           const struct document_request *d)
{
    bool is_new_study = before == NULL || !text_equal(before->study, d->study);
    bool is_new_series = is_new_study || !text_equal(before->series, d->series);

    if (before != NULL && is_new_series)
        xw_close(w);
    if (before != NULL && is_new_study)
        xw_close(w);
    if (is_new_study) {
        xw_open(w, "iherad:StudyRequest");
        xw_attr(w, "studyInstanceUID", d->study);
    }
    if (is_new_series) {
        xw_open(w, "iherad:SeriesRequest");
        xw_attr(w, "seriesInstanceUID", d->series);
    }
    document_request_write(w, d);
}

void imaging_request_encode(const struct imaging_request *r, struct buf *out)
{
    const struct document_request *before = NULL;
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "iherad:RetrieveImagingDocumentSetRequest");
    xw_attr(&w, "xmlns:iherad", NS_IHERAD);
    xw_attr(&w, "xmlns:xds", NS_XDS);
    for (const struct document_request *d = r->instances; d != NULL; before = d, d = d->next)
        instance_write(&w, before, d);
    if (before != NULL) {
        xw_close(&w);
        xw_close(&w);
    }
    xw_open(&w, "iherad:TransferSyntaxUIDList");
    for (const struct text_list *t = r->transfer_syntaxes; t != NULL; t = t->next)
        xw_element(&w, "iherad:TransferSyntaxUID", t->text);
    xw_close(&w);
    xw_close(&w);
}
