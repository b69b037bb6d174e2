/* msg/ebrim: every attribute there and back, and what a careless peer sends. */
#include "model/rule.h"
#include "msg/ebrim.h"

#include "base/ids.h"
#include "messages.h"
#include "msg/ebrim_table.h"
#include "wire/ns.h"

#include <string.h>

#define LIST_OPEN  "<rim:RegistryObjectList xmlns:rim='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'>"
#define LIST_CLOSE "</rim:RegistryObjectList>"
#define SET_NODE   "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
#define CLASS_CODE "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"

static struct submission decode_node(struct arena *a, const struct xml_node *list, struct issue_list *issues)
{
    struct submission out;

    ebrim_decode(a, list, ISSUE_XDS_REGISTRY_METADATA_ERROR, &out, issues);
    return out;
}

static struct submission decode(struct arena *a, const char *objects, struct issue_list *issues)
{
    return decode_node(a, parse_text(a, arena_printf(a, LIST_OPEN "%s" LIST_CLOSE, objects)), issues);
}

static struct submission decode_well(struct arena *a, const char *objects)
{
    struct issue_list issues = { 0 };
    struct submission out = decode(a, objects, &issues);

    if (issues.first != NULL)
        fail_msg("%s at %s", issues.first->text, issues.first->place);
    return out;
}

static const char *encode(struct arena *a, const struct submission *s)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;

    ids_pin(7);
    xw_init(&w, out);
    ebrim_write_submission(&w, s);
    return buf_text(out);
}

/* ---- every row, filled with values of its own ---- */

static struct text_list *some_texts(struct arena *a, const char *stem)
{
    struct text_list *first = ARENA_NEW(a, struct text_list);

    first->text = arena_printf(a, "%s 一", stem);
    first->next = ARENA_NEW(a, struct text_list);
    first->next->text = arena_printf(a, "%s <二> & \"2\"", stem);
    return first;
}

static struct code *some_code(struct arena *a, const char *stem)
{
    struct code *code = ARENA_NEW(a, struct code);

    code->code = arena_printf(a, "code of %s", stem + strlen(stem) - 4);
    code->scheme = "2.999.392.7.1";
    code->display = "紹介状";
    return code;
}

static void fill(struct arena *a, const struct ebrim_class *c, void *object)
{
    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++) {
        void *field = (char *)object + row->offset;
        switch (row->kind) {
        case EBRIM_ATTRIBUTE:
        case EBRIM_SLOT:
        case EBRIM_SLOT_PARTS:
        case EBRIM_LOCALIZED:
        case EBRIM_VERSION:
        case EBRIM_EXTERNAL_ID:
            *(const char **)field = arena_printf(a, "値 of %s", row->key);
            break;
        case EBRIM_SLOT_LIST:
            *(struct text_list **)field = some_texts(a, row->key);
            break;
        case EBRIM_SLOT_OTHERS:
            *(struct slot **)field = ARENA_NEW(a, struct slot);
            (*(struct slot **)field)->name = "urn:example:extra";
            (*(struct slot **)field)->values = some_texts(a, "extra");
            break;
        case EBRIM_AUTHORS:
            *(struct author **)field = ARENA_NEW(a, struct author);
            fill(a, &ebrim_author, *(struct author **)field);
            break;
        case EBRIM_CODE_LIST:
            *(struct code **)field = some_code(a, row->key);
            (*(struct code **)field)->next = some_code(a, "next");
            break;
        case EBRIM_CODE:
            *(struct code **)field = some_code(a, row->key);
            break;
        case EBRIM_MARK:
            *(bool *)field = true;
            break;
        case EBRIM_CONSTANT:
        case EBRIM_NODE:
        case EBRIM_KIND_COUNT:
            break;
        }
    }
}

static void assert_texts_equal(const struct text_list *x, const struct text_list *y)
{
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        assert_string_equal(x->text, y->text);
    assert_null(x);
    assert_null(y);
}

static void assert_codes_equal(const struct code *x, const struct code *y)
{
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        assert_string_equal(x->code, y->code);
        assert_string_equal(x->scheme, y->scheme);
        assert_string_equal(x->display, y->display);
    }
    assert_null(x);
    assert_null(y);
}

static void assert_same(const struct ebrim_class *c, const void *one, const void *other)
{
    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++) {
        const void *x = (const char *)one + row->offset, *y = (const char *)other + row->offset;
        switch (row->kind) {
        case EBRIM_SLOT_LIST:
            assert_texts_equal(*(struct text_list *const *)x, *(struct text_list *const *)y);
            break;
        case EBRIM_SLOT_OTHERS:
            assert_string_equal((*(struct slot *const *)x)->name, (*(struct slot *const *)y)->name);
            assert_texts_equal((*(struct slot *const *)x)->values, (*(struct slot *const *)y)->values);
            break;
        case EBRIM_AUTHORS:
            assert_same(&ebrim_author, *(struct author *const *)x, *(struct author *const *)y);
            break;
        case EBRIM_CODE:
        case EBRIM_CODE_LIST:
            assert_codes_equal(*(struct code *const *)x, *(struct code *const *)y);
            break;
        case EBRIM_MARK:
            assert_int_equal(*(const bool *)x, *(const bool *)y);
            break;
        case EBRIM_CONSTANT:
        case EBRIM_NODE:
            break;
        default:
            assert_string_equal(*(const char *const *)x, *(const char *const *)y);
        }
    }
}

static void fill_submission(struct arena *a, struct submission *s)
{
    s->sets = ARENA_NEW(a, struct submission_set);
    s->documents = ARENA_NEW(a, struct document_entry);
    s->folders = ARENA_NEW(a, struct folder);
    s->associations = ARENA_NEW(a, struct association);
    fill(a, &ebrim_submission_set, s->sets);
    fill(a, &ebrim_document, s->documents);
    fill(a, &ebrim_folder, s->folders);
    fill(a, &ebrim_association, s->associations);
}

static void test_every_attribute_survives_encoding_and_decoding(void **state)
{
    struct arena *a = *state;
    struct submission sent = { 0 };

    fill_submission(a, &sent);
    struct submission got = decode_well(a, encode(a, &sent));
    assert_same(&ebrim_submission_set, sent.sets, got.sets);
    assert_same(&ebrim_document, sent.documents, got.documents);
    assert_same(&ebrim_folder, sent.folders, got.folders);
    assert_same(&ebrim_association, sent.associations, got.associations);
    assert_string_equal(encode(a, &sent), encode(a, &got));
}

/* The offsets in the table belong to the members they seem to: one attribute of each kind, by hand. */
static void test_attributes_land_in_their_members(void **state)
{
    struct arena *a = *state;
    struct submission sent = { 0 };

    fill_submission(a, &sent);
    const struct document_entry *d = decode_well(a, encode(a, &sent)).documents;
    assert_string_equal(d->mime_type, "値 of mimeType");
    assert_string_equal(d->service_stop_time, "値 of serviceStopTime");
    assert_string_equal(d->comments, "値 of rim:Description");
    assert_string_equal(d->unique_id, "値 of " SCHEME_DOCUMENT_UNIQUE_ID);
    assert_string_equal(d->class_code->code, "code of 143a");
    assert_string_equal(d->reference_ids->text, "urn:ihe:iti:xds:2013:referenceIdList 一");
    assert_string_equal(d->authors->institutions->next->text, "authorInstitution <二> & \"2\"");
}

static void test_rows_stand_in_the_schemas_order(void **state)
{
    const struct ebrim_class *classes[] = { &ebrim_document, &ebrim_submission_set, &ebrim_folder, &ebrim_association,
                                            &ebrim_author };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        for (size_t j = 1; j < classes[i]->count; j++) {
            enum ebrim_kind before = classes[i]->rows[j - 1].kind, kind = classes[i]->rows[j].kind;
            assert_true(kind >= before || kind == EBRIM_ATTRIBUTE);
            assert_true(kind != EBRIM_ATTRIBUTE || before <= EBRIM_CONSTANT);
        }
}

static void test_encoded_objects_are_valid(void **state)
{
    struct arena *a = *state;
    struct submission s = { 0 };
    struct buf *xml = buf_new(a, BUF_MAX_DEFAULT);

    fill_submission(a, &s);
    s.documents->version = s.sets->version = s.folders->version = s.associations->version = "1";
    buf_printf(xml, "<lcm:SubmitObjectsRequest xmlns:lcm='%s'>" LIST_OPEN "%s", NS_LCM, encode(a, &s));
    buf_add_literal(xml, "<rim:ObjectRef id='urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1' home='urn:oid:2.999'/>");
    buf_add_literal(xml, LIST_CLOSE "</lcm:SubmitObjectsRequest>");
    assert_valid(SCHEMAS "toolkit2/v3/lcm.xsd", xml);
}

static void test_inner_ids_repeat_when_pinned_and_are_unique(void **state)
{
    struct arena *a = *state;
    struct submission s = { 0 };

    fill_submission(a, &s);
    const char *once = encode(a, &s);
    assert_string_equal(once, encode(a, &s));
    const char *first = strstr(once, "<rim:Classification id=\"");
    const char *second = strstr(first + 1, "<rim:Classification id=\"");
    assert_true(strncmp(first, second, 70) != 0);
}

/* ---- long texts ---- */

static void test_a_long_uri_is_cut_and_joined_again(void **state)
{
    struct arena *a = *state;
    struct document_entry d = { .entry_uuid = "d" };
    struct submission s = { .documents = &d };
    char uri[400];

    for (size_t i = 0; i < sizeof(uri) - 1; i++)
        uri[i] = (char)('a' + i % 26);
    uri[sizeof(uri) - 1] = '\0';
    d.uri = uri;
    const char *xml = encode(a, &s);
    assert_non_null(strstr(xml, "<rim:Value>4|"));
    assert_string_equal(decode_well(a, xml).documents->uri, uri);
}

static void test_parts_of_a_uri_may_come_in_any_order(void **state)
{
    struct arena *a = *state;
    const char *xml = "<rim:ExtrinsicObject id='d'><rim:Slot name='URI'><rim:ValueList><rim:Value>2|world</rim:Value>"
                      "<rim:Value>1|hello </rim:Value></rim:ValueList></rim:Slot></rim:ExtrinsicObject>";

    assert_string_equal(decode_well(a, xml).documents->uri, "helloworld");
}

/* ---- what peers send ---- */

/* The objects break one rule, at one place. */
static void assert_breaks(enum rule rule, const char *objects, const char *place, const char *text)
{
    struct arena *a = arena_new();
    struct issue_list issues = { 0 };

    decode(a, objects, &issues);
    assert_int_equal(issues.errors + issues.warnings, 1);
    assert_int_equal(issues.first->rule, rule);
    assert_int_equal(issues.first->code, ISSUE_XDS_REGISTRY_METADATA_ERROR);
    assert_string_equal(issues.first->place, place);
    if (strstr(issues.first->text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", issues.first->text, text);
    arena_free(a);
}

#define MARKER "<rim:Classification id='m' classificationNode='" SET_NODE "' classifiedObject='s'/>"

static void test_the_marker_of_a_package_may_stand_beside_it(void **state)
{
    struct arena *a = *state;

    assert_non_null(decode_well(a, "<rim:RegistryPackage id='s'>" MARKER "</rim:RegistryPackage>").sets);
    assert_non_null(decode_well(a, "<rim:RegistryPackage id='s'/>" MARKER).sets);
    assert_non_null(decode_well(a, MARKER "<rim:RegistryPackage id='s'/>").sets);
}

static void test_a_package_without_a_marker_is_refused(void **state)
{
    (void)state;
    assert_breaks(RULE_REQ_PACKAGE, MARKER "<rim:RegistryPackage id='s'/><rim:RegistryPackage id='other'/>",
                  "/RegistryObjectList/RegistryPackage[2]", "neither submission set nor folder");
}

#define IN_DOCUMENT(inner) "<rim:ExtrinsicObject id='d'>" inner "</rim:ExtrinsicObject>"
#define CLASSIFICATION(rest)                                                                                           \
    "<rim:Classification id='c' classifiedObject='d' classificationScheme='" CLASS_CODE "'" rest
#define CODING_SCHEME                                                                                                  \
    "<rim:Slot name='codingScheme'><rim:ValueList><rim:Value>2.999</rim:Value></rim:ValueList></rim:Slot>"
#define DISPLAY_NAME "<rim:Name><rim:LocalizedString value='x'/></rim:Name>"
#define WHOLE_CODE   CLASSIFICATION(" nodeRepresentation='x'>" CODING_SCHEME DISPLAY_NAME "</rim:Classification>")
#define UNIQUE_ID(attributes)                                                                                          \
    "<rim:ExternalIdentifier value='1' identificationScheme='" SCHEME_DOCUMENT_UNIQUE_ID "'" attributes                \
    "><rim:Name><rim:LocalizedString value='XDSDocumentEntry.uniqueId'/></rim:Name></rim:ExternalIdentifier>"
#define DOCUMENT_PLACE "/RegistryObjectList/ExtrinsicObject"

static void test_a_code_has_three_parts(void **state UNUSED)
{
    assert_breaks(RULE_REQ_CODE, IN_DOCUMENT(CLASSIFICATION(">" CODING_SCHEME DISPLAY_NAME "</rim:Classification>")),
                  DOCUMENT_PLACE "/Classification", "nodeRepresentation");
    assert_breaks(RULE_REQ_CODING_SCHEME,
                  IN_DOCUMENT(CLASSIFICATION(" nodeRepresentation='x'>" DISPLAY_NAME "</rim:Classification>")),
                  DOCUMENT_PLACE "/Classification", "codingScheme");
    assert_breaks(RULE_REQ_DISPLAY_NAME,
                  IN_DOCUMENT(CLASSIFICATION(" nodeRepresentation='x'>" CODING_SCHEME "</rim:Classification>")),
                  DOCUMENT_PLACE "/Classification", "display name");
}

static void test_a_single_attribute_given_twice_is_refused(void **state UNUSED)
{
    assert_breaks(RULE_REQ_SLOT_SINGLE,
                  IN_DOCUMENT("<rim:Slot name='size'><rim:ValueList><rim:Value>1</rim:Value>"
                              "<rim:Value>2</rim:Value></rim:ValueList></rim:Slot>"),
                  DOCUMENT_PLACE, "several values");
    assert_breaks(RULE_REQ_SLOT_TWICE,
                  IN_DOCUMENT("<rim:Slot name='size'><rim:ValueList/></rim:Slot><rim:Slot name='size'>"
                              "<rim:ValueList/></rim:Slot>"),
                  DOCUMENT_PLACE "/Slot[1]", "stands twice");
    assert_breaks(RULE_REQ_CODE_ONCE, IN_DOCUMENT(WHOLE_CODE WHOLE_CODE), DOCUMENT_PLACE "/Classification[2]",
                  "this is another");
    assert_breaks(RULE_REQ_EXTERNAL_ONCE,
                  IN_DOCUMENT(UNIQUE_ID(" id='1' registryObject='d'") UNIQUE_ID(" id='2' registryObject='d'")),
                  DOCUMENT_PLACE "/ExternalIdentifier[2]", "this is another");
}

static void test_inner_objects_name_themselves_and_their_owner(void **state UNUSED)
{
    assert_breaks(RULE_REQ_EXTERNAL_OWNER, IN_DOCUMENT(UNIQUE_ID(" id='1' registryObject='e'")),
                  DOCUMENT_PLACE "/ExternalIdentifier", "\"e\" and must be");
    assert_breaks(RULE_REQ_INNER_ID, IN_DOCUMENT(UNIQUE_ID(" registryObject='d'")),
                  DOCUMENT_PLACE "/ExternalIdentifier", "needs an @id");
    assert_breaks(RULE_REQ_EXTERNAL_NAME,
                  IN_DOCUMENT("<rim:ExternalIdentifier id='1' registryObject='d' value='1' "
                              "identificationScheme='" SCHEME_DOCUMENT_UNIQUE_ID "'/>"),
                  DOCUMENT_PLACE "/ExternalIdentifier", "XDSDocumentEntry.uniqueId");
}

static void test_what_nobody_knows_is_refused_with_its_place(void **state UNUSED)
{
    assert_breaks(RULE_REQ_LIST_ELEMENT, "<rim:ExtrinsicObject id='d'/><rim:User id='u'/>", "/RegistryObjectList/User",
                  "User");
    assert_breaks(RULE_REQ_OBJECT_ELEMENT, "<rim:Association id='d'><rim:Odd/></rim:Association>",
                  "/RegistryObjectList/Association/Odd", "Odd");
    assert_breaks(RULE_REQ_CLASSIFICATION_SCHEME,
                  IN_DOCUMENT("<rim:Classification id='c' classifiedObject='d' classificationScheme='urn:x'/>"),
                  DOCUMENT_PLACE "/Classification", "urn:x");
    assert_breaks(RULE_REQ_SLOT_NAME, IN_DOCUMENT("<rim:Slot/>"), DOCUMENT_PLACE "/Slot", "no name");
    assert_breaks(RULE_REQ_SLOT_URN, IN_DOCUMENT("<rim:Slot name='ward'/>"), DOCUMENT_PLACE "/Slot", "ward");
    assert_breaks(RULE_REQ_SLOT_URN, IN_DOCUMENT("<rim:Slot name='urn:'/>"), DOCUMENT_PLACE "/Slot", "urn:");
    assert_breaks(RULE_REQ_SLOT_IHE, IN_DOCUMENT("<rim:Slot name='urn:ihe:iti:2099:x'/>"), DOCUMENT_PLACE "/Slot",
                  "is kept");
}

/* 256 characters of three bytes each are well; one more is not. */
static void test_lengths_count_characters(void **state)
{
    struct arena *a = *state;
    struct buf *value = buf_new(a, BUF_MAX_DEFAULT);

    for (int i = 0; i < 256; i++)
        buf_add_literal(value, "字");
    const char *form = "<rim:ExtrinsicObject id='d'><rim:Slot name='urn:a:b'><rim:ValueList><rim:Value>%s%s</rim:Value>"
                       "</rim:ValueList></rim:Slot></rim:ExtrinsicObject>";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    decode_well(a, arena_printf(a, form, buf_text(value), ""));
    assert_breaks(RULE_REQ_LENGTH, arena_printf(a, form, buf_text(value), "x"), DOCUMENT_PLACE "/Slot/ValueList/Value",
                  "257 characters");
#pragma GCC diagnostic pop
}

/* What the values do not say is returned as it came: UUIDs of inner objects, and languages. */
static void test_inner_ids_and_languages_come_back(void **state)
{
    static const char xml[] = IN_DOCUMENT(
        "<rim:Name><rim:LocalizedString xml:lang='ja' value='題'/><rim:LocalizedString xml:lang='en' value='title'/>"
        "</rim:Name>"
        "<rim:Classification id='urn:uuid:11111111-1111-4111-8111-111111111111' classifiedObject='d' "
        "classificationScheme='" CLASS_CODE "' nodeRepresentation='x'>" CODING_SCHEME
        "<rim:Name><rim:LocalizedString xml:lang='fr' value='y'/></rim:Name></rim:Classification>" UNIQUE_ID(
            " id='symbolic' registryObject='d'"));
    struct arena *a = *state;
    struct submission s = decode_well(a, xml);
    const char *once = encode(a, &s);

    assert_non_null(strstr(once, "<rim:LocalizedString xml:lang=\"ja\" value=\"題\"/><rim:LocalizedString "
                                 "xml:lang=\"en\" value=\"title\"/>"));
    assert_non_null(strstr(once, "<rim:Classification id=\"urn:uuid:11111111-1111-4111-8111-111111111111\""));
    assert_non_null(strstr(once, "<rim:LocalizedString xml:lang=\"fr\" value=\"y\"/>"));
    assert_non_null(strstr(once, "<rim:ExternalIdentifier id=\"urn:uuid:"));
    assert_null(strstr(once, "symbolic"));
    s = decode_well(a, once);
    assert_string_equal(encode(a, &s), once); /* and again */
    s.documents->title = "another";
    assert_null(strstr(encode(a, &s), "\"title\"")); /* a new title is not the old one's translation */
}

static void test_issues_are_bounded(void **state)
{
    struct arena *a = *state;
    struct buf *many = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };

    for (int i = 0; i < 500; i++)
        buf_add_literal(many, "<rim:User/>");
    decode(a, buf_text(many), &issues);
    assert_int_equal(issues.errors, 50);
}

static void test_values_are_trimmed_and_empty_ones_absent(void **state)
{
    struct arena *a = *state;
    const char *xml = "<rim:ExtrinsicObject id='d' home=''><rim:Slot name='size'><rim:ValueList><rim:Value>\n 12 \n"
                      "</rim:Value></rim:ValueList></rim:Slot><rim:Slot name='hash'><rim:ValueList><rim:Value/>"
                      "</rim:ValueList></rim:Slot></rim:ExtrinsicObject>";
    const struct document_entry *d;

    d = decode_well(a, xml).documents;
    assert_string_equal(d->size, "12");
    assert_null(d->hash);
    assert_null(d->home_community_id);
    assert_string_equal(d->place, "/RegistryObjectList/ExtrinsicObject");
}

/* ---- the tree ---- */

static void test_setting_a_slot_replaces_it_and_keeps_the_rest(void **state)
{
    struct arena *a = *state;
    struct issue_list issues = { 0 };
    struct xml_node *list = parse_text(
        a, LIST_OPEN "<rim:ExtrinsicObject id='d'><rim:Slot name='size'><rim:ValueList><rim:Value>1</rim:Value>"
                     "</rim:ValueList></rim:Slot><rim:Slot name='urn:x'><rim:ValueList><rim:Value>kept</rim:Value>"
                     "</rim:ValueList></rim:Slot><rim:Name><rim:LocalizedString value='題'/></rim:Name>"
                     "</rim:ExtrinsicObject>" LIST_CLOSE);
    struct xml_node *object = xml_first_element(list);

    ebrim_slot_set(a, object, "size", "2");
    ebrim_slot_set(a, object, "hash", "h");
    const struct document_entry *d = decode_node(a, list, &issues).documents;
    assert_int_equal(issues.errors, 0);
    assert_string_equal(d->size, "2");
    assert_string_equal(d->hash, "h");
    assert_string_equal(d->title, "題");
    assert_string_equal(d->extra->values->text, "kept");
    assert_int_equal(xml_count(object, NS_RIM, "Slot"), 3);
    assert_true(xml_is(object->last, NS_RIM, "Name"));
    assert_string_equal(ebrim_slot(a, object, "size"), "2");
    assert_null(ebrim_slot(a, object, "URI"));
    assert_null(ebrim_external_id(object, SCHEME_DOCUMENT_UNIQUE_ID));
}

/* ---- other people's messages ---- */

static void test_messages_of_others_survive_decoding_and_encoding(void **state)
{
    static const char *const samples[] = { "own/iti42-doc-folder.xml", "own/iti42-rplc.xml" };
    struct arena *a = *state;

    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct issue_list issues = { 0 };
        struct xml_node *body = parse_sample(a, arena_printf(a, SCHEMAS "samples/%s", samples[i]));
        struct submission got = decode_node(a, xml_child(body, NS_RIM, "RegistryObjectList"), &issues);
        if (issues.first != NULL)
            fail_msg("%s: %s at %s", samples[i], issues.first->text, issues.first->place);
        assert_non_null(got.sets);
        assert_non_null(got.documents);
        const char *xml = encode(a, &got);
        struct submission again = decode_well(a, xml);
        assert_string_equal(encode(a, &again), xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_every_attribute_survives_encoding_and_decoding),
        MESSAGE_TEST(test_attributes_land_in_their_members),
        MESSAGE_TEST(test_rows_stand_in_the_schemas_order),
        MESSAGE_TEST(test_encoded_objects_are_valid),
        MESSAGE_TEST(test_inner_ids_repeat_when_pinned_and_are_unique),
        MESSAGE_TEST(test_a_long_uri_is_cut_and_joined_again),
        MESSAGE_TEST(test_parts_of_a_uri_may_come_in_any_order),
        MESSAGE_TEST(test_the_marker_of_a_package_may_stand_beside_it),
        MESSAGE_TEST(test_a_package_without_a_marker_is_refused),
        MESSAGE_TEST(test_a_code_has_three_parts),
        MESSAGE_TEST(test_a_single_attribute_given_twice_is_refused),
        MESSAGE_TEST(test_inner_objects_name_themselves_and_their_owner),
        MESSAGE_TEST(test_what_nobody_knows_is_refused_with_its_place),
        MESSAGE_TEST(test_lengths_count_characters),
        MESSAGE_TEST(test_inner_ids_and_languages_come_back),
        MESSAGE_TEST(test_issues_are_bounded),
        MESSAGE_TEST(test_values_are_trimmed_and_empty_ones_absent),
        MESSAGE_TEST(test_setting_a_slot_replaces_it_and_keeps_the_rest),
        MESSAGE_TEST(test_messages_of_others_survive_decoding_and_encoding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
