/* What is said of a person besides name, sex, birth and address, there and back (ITI TF-2: 3.44.4.1.2). */
#include "msg/hl7v3_facts.h"

#include "tests/unit/core/msg/hl7_check.h"

#include "base/buf.h"
#include "wire/ns.h"

static const struct patient_fact known[] = {
    { FACT_DECEASED_TIME, "20260310", NULL, NULL },
    { FACT_MULTIPLE_BIRTH, "true", NULL, NULL },
    { FACT_BIRTH_ORDER, "2", NULL, NULL },
    { FACT_MARITAL_STATUS, "M", "2.16.840.1.113883.5.2", NULL },
    { FACT_RACE, "2039-6", "2.16.840.1.113883.6.238", NULL },
    { FACT_RACE, "2040-4", "2.16.840.1.113883.6.238", NULL },
    { FACT_NATION, "JP", "1.0.3166.1.2.2", NULL },
    { FACT_LANGUAGE, "ja", NULL, NULL },
};

static struct patient_fact *facts_make(struct arena *a)
{
    struct patient_fact *facts = arena_memdup(a, known, sizeof(known));

    for (size_t i = 0; i + 1 < ARRAY_LEN(known); i++)
        facts[i].next = &facts[i + 1];
    return facts;
}

static struct xml_node *person_parse(struct arena *a, const char *children)
{
    return hl7_parse_text(a, "patientPerson", children);
}

static void test_everything_known_of_a_person_comes_back(void **state)
{
    struct arena *a = *state;
    struct address place = { .city = "倉吉市" };
    struct patient p = { .match = -1, .facts = facts_make(a), .birth_place = &place, .birth_place_name = "倉吉産院" };
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_writer w;
    struct xml_node *person;
    struct patient back = { .match = -1 };

    xw_init(&w, text);
    xw_open(&w, "person");
    xw_attr(&w, "xmlns", NS_HL7);
    hl7_person_write(&w, &p);
    xw_close(&w);
    assert_int_equal(xml_parse(a, buf_str(text), NULL, &person, NULL), OK);
    person = xml_child(person, NS_HL7, "patientPerson");
    hl7_facts_decode(a, person, &back.facts);
    hl7_birth_place_decode(a, person, &back);
    const struct patient_fact *fact = back.facts;
    for (size_t i = 0; i < ARRAY_LEN(known); i++, fact = fact->next) {
        assert_non_null(fact);
        assert_int_equal(fact->kind, known[i].kind);
        assert_string_equal(fact->value, known[i].value);
        assert_true(text_equal(fact->system, known[i].system));
    }
    assert_null(fact);
    assert_string_equal(back.birth_place->city, "倉吉市");
    assert_string_equal(back.birth_place_name, "倉吉産院");
}

static void test_what_is_none_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *child, *place;
    } cases[] = {
        { "<deceasedInd value=\"maybe\"/>", "/patientPerson/deceasedInd/@value" },
        { "<deceasedTime value=\"20261\"/>", "/patientPerson/deceasedTime/@value" },
        { "<multipleBirthOrderNumber value=\"-1\"/>", "/patientPerson/multipleBirthOrderNumber/@value" },
        { "<maritalStatusCode code=\"\"/>", "/patientPerson/maritalStatusCode/@code" },
        { "<maritalStatusCode code=\"M\"/><maritalStatusCode code=\"S\"/>", "/patientPerson/maritalStatusCode[2]" },
        { "<raceCode code=\"a\"/><raceCode code=\"b c\"/>", "/patientPerson/raceCode[2]/@code" },
        { "<asCitizen><politicalNation><code code=\"J P\"/></politicalNation></asCitizen>",
          "/patientPerson/asCitizen/politicalNation/code/@code" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct issue_list issues = { 0 };
        assert_int_equal(hl7_facts_check(*state, person_parse(*state, cases[i].child), &issues), E_REFUSED);
        assert_issue(&issues, ISSUE_HL7_BAD_VALUE, cases[i].place);
    }
}

static void test_what_is_null_is_not_known(void **state)
{
    struct issue_list issues = { 0 };
    struct patient_fact *facts = NULL;
    struct xml_node *person = person_parse(*state, "<deceasedTime nullFlavor=\"UNK\"/><raceCode nullFlavor=\"NI\"/>");

    assert_int_equal(hl7_facts_check(*state, person, &issues), OK);
    hl7_facts_decode(*state, person, &facts);
    assert_null(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HL7_TEST(test_everything_known_of_a_person_comes_back),
        HL7_TEST(test_what_is_none_is_refused_with_its_place),
        HL7_TEST(test_what_is_null_is_not_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
