/* The documents of hand-made people: which there are, what is registered of them, what they hold. */
#include "world/papers.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/xml.h"

#include "paper_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIXTURES "fixtures"
#define PEOPLE   150

struct state {
    struct arena *arena;
    struct papers *papers, *others; /* of two seeds */
};

static const char *const births[] = { "19480405", "19801112", "20150203", "20260330" };

static int setup(void **out)
{
    struct state *s = calloc(1, sizeof(*s));

    s->arena = arena_new();
    assert_int_equal(papers_new(s->arena, FIXTURES, 7, &s->papers), OK);
    assert_int_equal(papers_new(s->arena, FIXTURES, 8, &s->others), OK);
    *out = s;
    return 0;
}

static int teardown(void **in)
{
    struct state *s = *in;

    arena_free(s->arena);
    free(s);
    return 0;
}

static struct buf *bytes_of(struct arena *a, const struct papers *p, const struct community *c,
                            const struct person *person, unsigned k)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    papers_bytes(a, p, c, person, k, out);
    assert_false(out->overflowed);
    return out;
}

static bool has(const struct buf *b, const void *what, size_t length)
{
    return memmem(b->data, b->len, what, length) != NULL;
}

/* check(…) for every document of a crowd. */
static void for_each(struct state *s, unsigned items,
                     void (*check)(struct arena *a, const struct papers *p, const struct community *c,
                                   const struct person *person, unsigned k, const struct document_entry *d))
{
    struct community c = paper_community(items);

    for (unsigned n = 0; n < PEOPLE; n++) {
        struct arena *a = arena_new();
        struct paper_person person;
        struct document_entry d;
        paper_person_make(&person, n, births[n % ARRAY_LEN(births)]);
        unsigned count = papers_count(s->papers, &c, &person.person);
        assert_true(count < PAPERS_MAX);
        for (unsigned k = 0; k < count; k++) {
            papers_entry(a, s->papers, &c, &person.person, k, &d);
            check(a, s->papers, &c, &person.person, k, &d);
        }
        arena_free(a);
    }
}

/* ---- which ---- */

static const struct {
    enum shared_item item;
    const char *type;
} types[] = {
    { SHARED_BASIC, "basic-data" },
    { SHARED_DISEASE, "11450-4" },
    { SHARED_REFERRAL, "57133-1" },
    { SHARED_PROGRESS_NOTE, "11506-3" },
    { SHARED_SUMMARY, "18842-5" },
    { SHARED_OPERATION, "11504-8" },
    { SHARED_NURSING, "34746-8" },
    { SHARED_OTHER_DOCUMENT, "34109-9" },
    { SHARED_PRESCRIPTION, "57833-6" },
    { SHARED_INJECTION, "injection-order" },
    { SHARED_LAB_ORDER, "11502-2" },
    { SHARED_RADIOLOGY_ORDER, "18748-4" },
    { SHARED_ENDOSCOPY_ORDER, "18751-8" },
    { SHARED_PHYSIOLOGY_ORDER, "11524-6" },
    { SHARED_DIET, "diet-order" },
    { SHARED_LAB_RESULT, "11502-2" },
    { SHARED_PHYSIOLOGY_RESULT, "11524-6" },
    { SHARED_DISPENSE, "60593-1" },
    { SHARED_OTHER, "34109-9" },
};

static void test_what_a_community_shares_says_which_kinds_there_are(void **state)
{
    struct state *s = *state;
    struct document_entry d;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        struct community c = paper_community(1u << types[i].item);
        unsigned seen = 0;
        for (unsigned n = 0; n < 30; n++) {
            struct paper_person p;
            paper_person_make(&p, n, births[n % ARRAY_LEN(births)]);
            for (unsigned k = 0; k < papers_count(s->papers, &c, &p.person); k++, seen++) {
                papers_entry(s->arena, s->papers, &c, &p.person, k, &d);
                assert_string_equal(d.type_code->code, types[i].type);
            }
        }
        assert_true(seen > 10);
    }
}

static void test_every_shared_item_brings_documents(void **state)
{
    struct state *s = *state;

    for (unsigned item = 0; item < SHARED_COUNT; item++) {
        struct community c = paper_community(1u << item);
        unsigned seen = 0;
        for (unsigned n = 0; n < 10; n++) {
            struct paper_person p;
            paper_person_make(&p, n, births[0]);
            seen += papers_count(s->papers, &c, &p.person);
        }
        assert_true(seen > 0);
    }
}

static void test_a_person_has_about_three_documents(void **state)
{
    struct state *s = *state;
    struct community c = paper_community(EVERY_ITEM);
    unsigned seen = 0, without = 0;

    for (unsigned n = 0; n < 1000; n++) {
        struct paper_person p;
        paper_person_make(&p, n, births[n % 3]);
        unsigned count = papers_count(s->papers, &c, &p.person);
        seen += count;
        without += count == 0;
    }
    assert_in_range(seen, 2700, 3800);
    assert_in_range(without, 15, 80);
}

static void test_where_no_facility_writes_there_are_no_documents(void **state)
{
    struct state *s = *state;
    struct community nobody = paper_community(EVERY_ITEM), viewers = paper_community(EVERY_ITEM);

    nobody.facilities = NULL;
    viewers.facilities = &paper_facilities[2];
    for (unsigned n = 0; n < 10; n++) {
        struct paper_person p;
        paper_person_make(&p, n, births[0]);
        assert_int_equal(papers_count(s->papers, &nobody, &p.person), 0);
        assert_int_equal(papers_count(s->papers, &viewers, &p.person), 0);
    }
}

/* Known at no facility that writes: the first that does treats them, under their regional id. */
static void test_a_stranger_is_treated_under_the_regional_id(void **state)
{
    struct state *s = *state;
    struct community c = paper_community(1u << SHARED_BASIC);
    struct document_entry d;

    for (unsigned n = 0; n < 20; n++) {
        struct paper_person p;
        paper_person_make(&p, n, births[0]);
        p.person.home_facility = NULL;
        p.person.patient.ids->next = NULL;
        if (papers_count(s->papers, &c, &p.person) == 0)
            continue;
        papers_entry(s->arena, s->papers, &c, &p.person, 0, &d);
        assert_string_equal(d.source_patient_id, d.patient_id);
        assert_non_null(strstr(d.authors->institutions->text, "架橋総合病院"));
    }
}

/* An image stands behind the manifest that names it, in the same study. */
static void check_image(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                        unsigned k, const struct document_entry *d)
{
    struct document_entry manifest;

    if (!text_equal(d->format_code->code, "1.2.840.10008.5.1.4.1.1.7"))
        return;
    papers_entry(a, p, c, person, k - 1, &manifest);
    assert_string_equal(manifest.format_code->code, "1.2.840.10008.5.1.4.1.1.88.59");
    struct buf *bytes = bytes_of(a, p, c, person, k - 1);
    assert_true(has(bytes, d->unique_id, strlen(d->unique_id)));
    assert_string_equal(manifest.reference_ids->next->text, d->reference_ids->next->text);
    assert_string_equal(manifest.event_codes->code, d->event_codes->code);
}

static void test_an_image_belongs_to_the_manifest_before_it(void **state)
{
    for_each(*state, 1u << SHARED_IMAGE, check_image);
}

/* ---- the same again ---- */

static void check_again(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                        unsigned k, const struct document_entry *d)
{
    struct buf *first = bytes_of(a, p, c, person, k), *second = bytes_of(a, p, c, person, k);
    struct document_entry again;

    papers_entry(a, p, c, person, k, &again);
    assert_string_equal(again.unique_id, d->unique_id);
    assert_string_equal(again.creation_time, d->creation_time);
    assert_int_equal(first->len, second->len);
    assert_memory_equal(first->data, second->data, first->len);
}

static void test_what_was_made_once_is_made_again_identically(void **state)
{
    for_each(*state, EVERY_ITEM, check_again);
}

static void test_another_seed_is_another_world_with_the_same_names(void **state)
{
    struct state *s = *state;
    struct community c = paper_community(1u << SHARED_REFERRAL);
    struct paper_person p;
    struct document_entry one, other;
    unsigned differ = 0;

    for (unsigned n = 0; n < 20; n++) {
        paper_person_make(&p, n, births[0]);
        if (papers_count(s->papers, &c, &p.person) == 0 || papers_count(s->others, &c, &p.person) == 0)
            continue;
        papers_entry(s->arena, s->papers, &c, &p.person, 0, &one);
        papers_entry(s->arena, s->others, &c, &p.person, 0, &other);
        assert_string_equal(one.unique_id, other.unique_id);
        differ += !text_equal(one.creation_time, other.creation_time);
    }
    assert_true(differ > 10);
}

/* ---- metadata ---- */

static void check_entry(struct arena *a UNUSED, const struct papers *p UNUSED, const struct community *c,
                        const struct person *person, unsigned k UNUSED, const struct document_entry *d)
{
    assert_true(is_oid(d->unique_id));
    assert_true(is_media_type(d->mime_type));
    assert_true(is_language_tag(d->language_code));
    assert_true(is_dtm(d->creation_time) && is_dtm(d->service_start_time) && is_dtm(d->service_stop_time));
    assert_true(strcmp(d->service_start_time, d->service_stop_time) < 0);
    assert_true(strcmp(d->service_stop_time, d->creation_time) < 0);
    assert_true(strcmp(d->creation_time, "20260401") < 0);
    assert_true(strncmp(d->service_start_time, "2023", 4) >= 0);
    assert_non_null(strstr(d->title, "【模擬データ】"));
    const struct code *codes[] = { d->class_code,
                                   d->type_code,
                                   d->format_code,
                                   d->healthcare_facility_type_code,
                                   d->practice_setting_code,
                                   d->confidentiality_codes };
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        assert_non_null(codes[i]);
        assert_true(is_oid(codes[i]->scheme));
        assert_false(text_absent(codes[i]->display));
    }
    assert_string_equal(d->object_type, TYPE_STABLE_DOCUMENT);
    const char *id = person->patient.ids->extension;
    assert_memory_equal(d->patient_id, id, strlen(id));
    assert_string_equal(d->patient_id + strlen(id), "^^^&2.999.392.2.7&ISO");
    assert_true(text_starts(strstr(d->source_patient_id, "^^^&"), "^^^&2.999.392.3.7."));
    assert_string_equal(c->key, "0007");
}

static void test_metadata_are_complete_and_in_their_forms(void **state)
{
    for_each(*state, EVERY_ITEM, check_entry);
}

static void test_patient_and_author_are_written_as_japan_does(void **state)
{
    struct state *s = *state;
    struct community c = paper_community(1u << SHARED_REFERRAL);
    struct paper_person p;
    struct document_entry d;
    unsigned n = 1;

    for (paper_person_make(&p, n, births[1]); papers_count(s->papers, &c, &p.person) == 0;)
        paper_person_make(&p, ++n, births[1]);
    papers_entry(s->arena, s->papers, &c, &p.person, 0, &d);
    const struct text_list *info = d.source_patient_info;
    assert_true(text_starts(info->text, "PID-3|"));
    assert_string_equal(info->next->text, "PID-5|髙橋^花\\T\\子^^^^^L^I~タカハシ^ハナコ^^^^^L^P");
    assert_string_equal(info->next->next->text, "PID-7|19801112");
    assert_non_null(strstr(d.authors->institutions->text, "^^^^^^^^^2.999.392.3.7."));
    assert_non_null(strstr(d.authors->person, "^^^^^^&2.999.392.3.7."));
    assert_string_equal(d.legal_authenticator, d.authors->person);
    assert_non_null(strstr(d.reference_ids->text, "&ISO^urn:ihe:iti:xds:2013:referral"));
}

static void check_place(struct arena *a UNUSED, const struct papers *p UNUSED, const struct community *c UNUSED,
                        const struct person *person UNUSED, unsigned k UNUSED, const struct document_entry *d)
{
    assert_null(strstr(d->authors->institutions->text, "閲覧薬局"));
}

static void test_who_only_views_writes_nothing(void **state)
{
    for_each(*state, EVERY_ITEM, check_place);
}

static void check_birth(struct arena *a UNUSED, const struct papers *p UNUSED, const struct community *c UNUSED,
                        const struct person *person, unsigned k UNUSED, const struct document_entry *d)
{
    /* UTC: the day before in the evening is still the day of birth in Japan */
    assert_true(atol(person->patient.birth_time) - atol(strndupa(d->service_start_time, 8)) <= 1);
}

static void test_nobody_is_treated_before_birth(void **state)
{
    for_each(*state, EVERY_ITEM, check_birth);
}

/* ---- uniqueId ---- */

static void check_found(struct arena *a, const struct papers *p UNUSED, const struct community *c,
                        const struct person *person, unsigned k, const struct document_entry *d)
{
    const char *id;
    unsigned found;

    assert_int_equal(papers_find(a, c, d->unique_id, &id, &found), OK);
    assert_string_equal(id, person->patient.ids->extension);
    assert_int_equal(found, k);
}

static void test_a_unique_id_says_whose_it_is(void **state)
{
    for_each(*state, EVERY_ITEM, check_found);
}

static void test_other_unique_ids_are_nobodys(void **state)
{
    struct state *s = *state;
    struct community c = paper_community(EVERY_ITEM);
    const char *const strangers[] = { "",
                                      "2.25.4",
                                      "2.999.392.5.7",
                                      "2.999.392.5.7.",
                                      "2.999.392.5.7.1",
                                      "2.999.392.5.7.11.0",
                                      "2.999.392.5.7.11.16",
                                      "2.999.392.5.7.11.999999999999",
                                      "2.999.392.5.7.2.1",
                                      "2.999.392.5.7.1.2.1",
                                      "2.999.392.5.7.91.1",
                                      "2.999.392.5.7.9.1",
                                      "2.999.392.5.7.911.1.1",
                                      "2.999.392.5.70.11.1",
                                      "2.999.392.5.7.1x.1" };
    const char *id;
    unsigned k;

    for (size_t i = 0; i < ARRAY_LEN(strangers); i++)
        assert_int_equal(papers_find(s->arena, &c, strangers[i], &id, &k), E_NOT_FOUND);
    assert_int_equal(papers_find(s->arena, &c, "2.999.392.5.7.10035.10000017.13.2", &id, &k), OK);
    assert_string_equal(id, "0035-0000017-3");
    assert_int_equal(k, 1);
}

/* ---- bytes ---- */

#define MARK_UTF8  "模擬データ"
#define MARK_JIS   "\x1B$B!ZLO5<%G!<%?![" /* 【模擬データ】 */
#define MARK_CP932 "817996CD8B5B8366815B835E817A"

static const struct {
    const char *mime, *mark, *begin;
    size_t at; /* of begin */
} marks[] = {
    { "text/xml", MARK_UTF8, "<?xml", 0 },
    { "text/plain", MARK_UTF8, "【模擬データ】", 0 },
    { "application/hl7-v2", MARK_JIS, "MSH|^~\\&|", 0 },
    { "application/pdf", MARK_CP932, "%PDF-", 0 },
    { "application/dicom", MARK_UTF8, "DICM", 128 },
};

static void check_mark(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                       unsigned k, const struct document_entry *d)
{
    struct buf *b = bytes_of(a, p, c, person, k);
    size_t i = 0;

    while (!text_equal(marks[i].mime, d->mime_type))
        assert_true(++i < ARRAY_LEN(marks));
    assert_true(has(b, marks[i].mark, strlen(marks[i].mark)));
    assert_memory_equal(b->data + marks[i].at, marks[i].begin, strlen(marks[i].begin));
    if (text_starts(d->mime_type, "text/")) /* elsewhere kanji or pixels may look like that */
        assert_false(has(b, "{{", 2));
}

static void test_every_document_says_that_it_is_simulated(void **state)
{
    for_each(*state, EVERY_ITEM, check_mark);
}

static void check_xml(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                      unsigned k, const struct document_entry *d)
{
    struct xml_node *root;

    if (!text_equal(d->mime_type, "text/xml"))
        return;
    assert_int_equal(xml_parse(a, buf_str(bytes_of(a, p, c, person, k)), NULL, &root, NULL), OK);
    assert_string_equal(root->name, "ClinicalDocument");
    assert_string_equal(xml_attr(xml_child(root, root->ns, "id"), "root"), d->unique_id);
    assert_string_equal(xml_attr(xml_child(root, root->ns, "code"), "code"), d->type_code->code);
}

static void test_clinical_documents_are_well_formed_and_bear_their_ids(void **state)
{
    for_each(*state, 1u << SHARED_REFERRAL | 1u << SHARED_SUMMARY, check_xml);
}

/* Between the escapes everything is ASCII, so delimiters can be looked for byte by byte. */
static void check_hl7(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                      unsigned k, const struct document_entry *d UNUSED)
{
    struct buf *b = bytes_of(a, p, c, person, k);
    bool is_kanji = false;

    assert_false(has(b, "\n", 1));
    assert_true(b->data[b->len - 1] == '\r');
    for (size_t i = 0; i < b->len; i++) {
        if (b->data[i] == '\x1B') {
            is_kanji = b->data[i + 1] == '$';
            assert_memory_equal(b->data + i, is_kanji ? "\x1B$B" : "\x1B(B", 3);
            i += 2;
        } else if (is_kanji) {
            assert_in_range(b->data[i], 0x21, 0x7E);
            assert_in_range(b->data[++i], 0x21, 0x7E);
        } else {
            assert_true(b->data[i] == '\r' || (b->data[i] >= ' ' && b->data[i] <= '~'));
        }
    }
    assert_false(is_kanji);
    assert_true(has(b, "||||||~ISO IR87||ISO 2022-1994|", 31));
    assert_true(has(b, "\\T\\", 3)); /* the & of the given name */
}

static void test_messages_are_in_japans_character_set(void **state)
{
    for_each(*state,
             1u << SHARED_BASIC | 1u << SHARED_DISEASE | 1u << SHARED_PRESCRIPTION | 1u << SHARED_INJECTION |
                 1u << SHARED_LAB_RESULT,
             check_hl7);
}

static void test_a_folder_without_its_files_is_refused(void **state)
{
    struct state *s = *state;
    struct papers *p;

    assert_int_equal(papers_new(s->arena, "tests", 1, &p), E_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_community_shares_says_which_kinds_there_are),
        cmocka_unit_test(test_every_shared_item_brings_documents),
        cmocka_unit_test(test_a_person_has_about_three_documents),
        cmocka_unit_test(test_where_no_facility_writes_there_are_no_documents),
        cmocka_unit_test(test_a_stranger_is_treated_under_the_regional_id),
        cmocka_unit_test(test_an_image_belongs_to_the_manifest_before_it),
        cmocka_unit_test(test_what_was_made_once_is_made_again_identically),
        cmocka_unit_test(test_another_seed_is_another_world_with_the_same_names),
        cmocka_unit_test(test_metadata_are_complete_and_in_their_forms),
        cmocka_unit_test(test_patient_and_author_are_written_as_japan_does),
        cmocka_unit_test(test_who_only_views_writes_nothing),
        cmocka_unit_test(test_nobody_is_treated_before_birth),
        cmocka_unit_test(test_a_unique_id_says_whose_it_is),
        cmocka_unit_test(test_other_unique_ids_are_nobodys),
        cmocka_unit_test(test_every_document_says_that_it_is_simulated),
        cmocka_unit_test(test_clinical_documents_are_well_formed_and_bear_their_ids),
        cmocka_unit_test(test_messages_are_in_japans_character_set),
        cmocka_unit_test(test_a_folder_without_its_files_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
