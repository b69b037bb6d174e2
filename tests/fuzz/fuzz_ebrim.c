/* Every XDS message a peer may send, read by the reader of its root; what is read must write and read again. */
#include "base/arena.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "msg/remove_objects.h"
#include "msg/retrieve.h"
#include "msg/submit_objects.h"
#include "wire/ns.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What one writing made, read and written again, is the same set of objects. */
static void submission_again(struct arena *a, const struct submission *s)
{
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct submit_objects again;
    struct xml_node *root;

    submit_objects_encode(s, xml);
    if (xml_parse(a, buf_str(xml), NULL, &root, NULL) != OK)
        die("what was written is no XML: %s", buf_text(xml));
    if (submit_objects_decode(a, root, ISSUE_XDS_REGISTRY_METADATA_ERROR, &again, &issues) != OK)
        die("what was written is no SubmitObjectsRequest: %s", buf_text(xml));
    if ((s->documents == NULL) != (again.submission.documents == NULL) ||
        (s->sets == NULL) != (again.submission.sets == NULL))
        die("objects got lost: %s", buf_text(xml));
}

static void submissions(struct arena *a, struct xml_node *root)
{
    struct issue_list issues = { 0 };
    struct submit_objects submit;
    struct provide provide;

    if (submit_objects_decode(a, root, ISSUE_XDS_REGISTRY_METADATA_ERROR, &submit, &issues) == OK)
        submission_again(a, &submit.submission);
    if (provide_decode(a, root, &provide, &issues) == OK)
        submission_again(a, &provide.submit.submission);
}

static void queries(struct arena *a, struct xml_node *root)
{
    struct issue_list issues = { 0 };
    struct adhoc_query query;
    struct adhoc_answer answer;
    struct text_list *values;

    if (adhoc_query_decode(a, root, &query, &issues) == OK)
        for (const struct slot *param = query.params; param != NULL; param = param->next)
            if (query_values_parse(a, param, &values) == OK)
                query_quote_list(a, values);
    if (adhoc_answer_decode(a, root, &answer) == OK && answer.object_list != NULL) {
        struct submission found;
        ebrim_decode(a, answer.object_list, ISSUE_XDS_REGISTRY_METADATA_ERROR, &found, &issues);
    }
}

static void retrievals(struct arena *a, struct xml_node *root)
{
    struct issue_list issues = { 0 };
    struct document_request *requests;
    struct retrieve_response response;
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    if (retrieve_request_decode(a, root, &requests, &issues) == OK)
        retrieve_request_encode(requests, xml);
    if (remove_documents_decode(a, root, &requests, &issues) == OK)
        remove_documents_encode(requests, xml);
    if (retrieve_response_decode(a, root, &response) == OK)
        retrieve_response_encode(&response, xml);
}

static void removals(struct arena *a, struct xml_node *root)
{
    struct issue_list issues = { 0 };
    struct remove_objects remove, again;
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    if (remove_objects_decode(a, root, &remove, &issues) != OK)
        return;
    remove_objects_encode(&remove, xml);
    if (xml_parse(a, buf_str(xml), NULL, &root, NULL) != OK || remove_objects_decode(a, root, &again, &issues) != OK)
        die("what was written is no RemoveObjectsRequest: %s", buf_text(xml));
}

static void completing(struct arena *a, struct xml_node *root)
{
    struct xml_node *list = xml_child(root, NS_RIM, "RegistryObjectList");
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    for (struct xml_node *n = xml_child(list, NS_RIM, "ExtrinsicObject"); n != NULL; n = xml_next(n)) {
        ebrim_slot_set(a, n, "size", "12");
        if (!text_equal(ebrim_slot(a, n, "size"), "12"))
            die("a slot that was set is not there");
        ebrim_external_id(n, SCHEME_DOCUMENT_UNIQUE_ID);
    }
    xml_write_node(xml, root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct xml_node *root;

    if (xml_parse(a, (struct str){ (const char *)data, size }, NULL, &root, NULL) == OK) {
        submissions(a, root);
        queries(a, root);
        retrievals(a, root);
        removals(a, root);
        completing(a, root);
    }
    arena_free(a);
    return 0;
}
