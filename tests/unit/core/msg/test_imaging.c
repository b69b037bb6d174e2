/* msg/imaging: images are asked for by study, series and instance. */
#include "msg/imaging.h"

#include "messages.h"

#define REQUEST(inner)                                                                                                 \
    "<i:RetrieveImagingDocumentSetRequest xmlns:i='urn:ihe:rad:xdsi-b:2009' xmlns:x='urn:ihe:iti:xds-b:2007'>" inner   \
    "</i:RetrieveImagingDocumentSetRequest>"
#define STUDY(inner)  "<i:StudyRequest studyInstanceUID='1.1'>" inner "</i:StudyRequest>"
#define SERIES(inner) "<i:SeriesRequest seriesInstanceUID='1.1.1'>" inner "</i:SeriesRequest>"
#define IDS           "<x:RepositoryUniqueId>2.999.1</x:RepositoryUniqueId><x:DocumentUniqueId>1.1.1.1</x:DocumentUniqueId>"
#define INSTANCE      "<x:DocumentRequest>" IDS "</x:DocumentRequest>"
#define SYNTAXES                                                                                                       \
    "<i:TransferSyntaxUIDList><i:TransferSyntaxUID>1.2.840.10008.1.2.1</i:TransferSyntaxUID></"                        \
    "i:TransferSyntaxUIDList>"

static void test_a_request_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct document_request instances[] = {
        { .study = "1.1", .series = "1.1.1", .document_unique_id = "1.1.1.1", .home = "urn:oid:2.999.9" },
        { .study = "1.1", .series = "1.1.1", .document_unique_id = "1.1.1.2" },
        { .study = "1.1", .series = "1.1.2", .document_unique_id = "1.1.2.1" },
        { .study = "1.2", .series = "1.1.2", .document_unique_id = "1.2.1.1" },
    };
    struct text_list syntax = { .text = "1.2.840.10008.1.2.1" };
    struct imaging_request request = { instances, &syntax }, got;
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(instances); i++) {
        instances[i].repository_unique_id = "2.999.1";
        instances[i].next = i + 1 < ARRAY_LEN(instances) ? &instances[i + 1] : NULL;
    }
    imaging_request_encode(&request, xml);
    assert_int_equal(imaging_request_decode(a, parse_buf(a, xml), &got, &issues), OK);
    const struct document_request *d = got.instances;
    for (size_t i = 0; i < ARRAY_LEN(instances); i++, d = d->next) {
        assert_string_equal(d->study, instances[i].study);
        assert_string_equal(d->series, instances[i].series);
        assert_string_equal(d->document_unique_id, instances[i].document_unique_id);
        assert_true(text_equal(d->home, instances[i].home));
    }
    assert_null(d);
    assert_string_equal(got.transfer_syntaxes->text, syntax.text);
    assert_null(got.transfer_syntaxes->next);
    assert_valid(SCHEMAS "toolkit2/v3/XDSI.b_ImagingDocumentSource.xsd", xml);
}

static void test_a_document_request_may_be_in_either_namespace(void **state)
{
    struct issue_list issues = { 0 };
    struct imaging_request got;

    assert_int_equal(imaging_request_decode(*state,
                                            parse_text(*state, REQUEST(STUDY(SERIES("<i:DocumentRequest>" IDS
                                                                                    "</i:DocumentRequest>")) SYNTAXES)),
                                            &got, &issues),
                     OK);
    assert_string_equal(got.instances->document_unique_id, "1.1.1.1");
}

static void assert_refused(const char *xml, enum issue_code code, const char *place)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };
    struct imaging_request got;

    assert_int_equal(imaging_request_decode(a, parse_text(a, xml), &got, &issues), E_REFUSED);
    assert_int_equal(issues.first->code, code);
    assert_string_equal(issues.first->place, place);
    arena_free(a);
}

#define ROOT "/RetrieveImagingDocumentSetRequest"

static void test_what_is_missing_is_named(void **state)
{
    (void)state;
    assert_refused("<odd/>", ISSUE_SOAP_BODY, "/odd");
    assert_refused(REQUEST(SYNTAXES), ISSUE_XDS_REPOSITORY_ERROR, ROOT);
    assert_refused(REQUEST("<i:StudyRequest/>" SYNTAXES), ISSUE_XDS_REPOSITORY_ERROR, ROOT "/StudyRequest");
    assert_refused(REQUEST(STUDY("") SYNTAXES), ISSUE_XDS_REPOSITORY_ERROR, ROOT "/StudyRequest");
    assert_refused(REQUEST(STUDY(SERIES("")) SYNTAXES), ISSUE_XDS_REPOSITORY_ERROR, ROOT "/StudyRequest/SeriesRequest");
    assert_refused(REQUEST(STUDY("<i:SeriesRequest>" INSTANCE "</i:SeriesRequest>") SYNTAXES),
                   ISSUE_XDS_REPOSITORY_ERROR, ROOT "/StudyRequest/SeriesRequest");
    assert_refused(REQUEST(STUDY(SERIES("<x:DocumentRequest/>")) SYNTAXES), ISSUE_XDS_REPOSITORY_ERROR,
                   ROOT "/StudyRequest/SeriesRequest/DocumentRequest");
    assert_refused(REQUEST(STUDY(SERIES(INSTANCE))), ISSUE_XDS_REPOSITORY_ERROR, ROOT);
    assert_refused(REQUEST(STUDY(SERIES(INSTANCE)) "<i:TransferSyntaxUIDList/>"), ISSUE_XDS_REPOSITORY_ERROR,
                   ROOT "/TransferSyntaxUIDList");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_a_request_survives_encoding_and_decoding),
        MESSAGE_TEST(test_a_document_request_may_be_in_either_namespace),
        MESSAGE_TEST(test_what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
