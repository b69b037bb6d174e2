/*
 * RAD-69 Retrieve Imaging Document Set (Imaging Document Consumer -> Imaging Document Source): the images that a
 * manifest refers to, kept like any document, under their SOP Instance UID. RAD TF-2: 4.69.
 */
#include "msg/imaging.h"
#include "repository/repository.h"
#include "repository/retrieval.h"
#include "wire/dicom_read.h"

static bool is_acceptable(const struct text_list *syntaxes, const char *syntax)
{
    for (; syntaxes != NULL; syntaxes = syntaxes->next) {
        if (text_equal(syntaxes->text, syntax))
            return true;
    }
    return false;
}

/* What the object does not say (of a data set in an encoding that is not read) is not held against it. */
static bool is_elsewhere(const char *wanted, const char *is)
{
    return is != NULL && !text_equal(wanted, is);
}

static enum rc instance_judge(struct request *rq, const struct document_request *r, struct str head, void *user)
{
    const struct imaging_request *request = user;
    struct dicom_identity is;

    if (dicom_identify(rq->arena, head, &is) != OK)
        return rq_rule(rq, RULE_IMG_DICOM, r->place,
                       "%s is a document here, but no DICOM instance; ITI-43 retrieves it", r->document_unique_id);
    if (is_elsewhere(r->study, is.study) || is_elsewhere(r->series, is.series))
        return rq_rule(rq, RULE_IMG_IN_SERIES, r->place, "instance %s is not in series %s of study %s",
                       r->document_unique_id, r->series, r->study);
    if (!is_acceptable(request->transfer_syntaxes, is.transfer_syntax))
        return rq_rule(rq, RULE_IMG_SYNTAX, r->place,
                       "instance %s is encoded in %s, which is not in the TransferSyntaxUIDList; this source sends "
                       "images as they are kept",
                       r->document_unique_id, is.transfer_syntax);
    return OK;
}

enum rc rad69_retrieve_imaging_document_set(struct request *rq)
{
    struct imaging_request *request = ARENA_NEW(rq->arena, struct imaging_request);

    TRY(imaging_request_decode(rq->arena, rq->body, request, &rq->issues));
    return retrieval_serve(rq, request->instances, instance_judge, request);
}
