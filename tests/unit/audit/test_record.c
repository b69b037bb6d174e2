/* audit/record, audit/place: what a record says, whose it is, and what is wrong with it. */
#include "audit/place.h"
#include "audit/record.h"
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOW 1775001600000LL /* 2026-04-01T00:00:00Z */

static struct facility facility = { .name = "f", .oid = "2.999.392.3.35.1" };
static struct community communities[] = {
    { .number = 26,
      .key = "0026",
      .slug = "mame",
      .home_community_id = "urn:oid:2.999.392.1.26",
      .patient_id_domain = "2.999.392.2.26" },
    { .number = 35,
      .key = "0035",
      .slug = "oshidori",
      .home_community_id = "urn:oid:2.999.392.1.35",
      .patient_id_domain = "2.999.392.2.35",
      .facilities = &facility },
};
static const struct world world = { communities, 2 };

#define MESSAGE(source)                                                                                                \
    "<AuditMessage><EventIdentification EventActionCode=\"E\" EventDateTime=\"2026-04-01T09:00:00+09:00\" "            \
    "EventOutcomeIndicator=\"0\"><EventID csd-code=\"110112\" codeSystemName=\"DCM\" originalText=\"Query\"/>"         \
    "<EventTypeCode csd-code=\"ITI-18\" codeSystemName=\"IHE Transactions\" originalText=\"x\"/>"                      \
    "</EventIdentification><ActiveParticipant UserID=\"u\" UserIsRequestor=\"true\"/>" source                          \
    "<ParticipantObjectIdentification ParticipantObjectID=\"P1^^^&amp;1.2&amp;ISO\" "                                  \
    "ParticipantObjectTypeCode=\"1\" ParticipantObjectTypeCodeRole=\"1\"><ParticipantObjectIDTypeCode csd-code=\"2\" " \
    "codeSystemName=\"RFC-3881\" originalText=\"x\"/></ParticipantObjectIdentification></AuditMessage>"
#define SOURCE(id) "<AuditSourceIdentification AuditSourceID=\"" id "\"/>"
#define HEAD       "<85>1 2026-04-01T00:00:01Z h a p IHE+RFC-3881 - "

static struct record read_it(struct arena *a, const char *text, const char *subject)
{
    struct record r;

    record_read(a, &world,
                &(struct syslog_record){
                    .bytes = str_from(text), .transport = "tls", .peer = "127.0.0.1:1", .peer_subject = subject },
                NOW, 60000, &r);
    return r;
}

static void test_a_good_record_has_no_faults(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct record r = read_it(a, HEAD MESSAGE(SOURCE("0035/registry")), NULL);
    struct audit_message m;

    assert_null(r.faults);
    assert_true(r.is_readable);
    assert_string_equal(r.community, "0035");
    assert_string_equal(r.event, "110112");
    assert_string_equal(r.type, "ITI-18");
    assert_string_equal(r.action, "E");
    assert_int_equal(r.time, NOW);
    assert_string_equal(r.objects->text, "P1^^^&1.2&ISO");
    assert_non_null(strstr(r.words, "\np=P1^^^&1.2&ISO\n"));
    assert_non_null(strstr(r.words, "\nu=u\n"));
    assert_int_equal(record_message(a, r.raw, &m), OK);
    assert_string_equal(m.source_id, "0035/registry");
    assert_null(read_it(a, HEAD "\xef\xbb\xbf" MESSAGE(SOURCE("0035")), NULL).faults); /* with a BOM */
    arena_free(a);
}

static void test_whose_a_record_is(void **state UNUSED)
{
    static const struct {
        const char *source, *subject, *community;
    } cases[] = {
        { SOURCE("0026/gateway"), NULL, "0026" },
        { SOURCE("mame"), NULL, "0026" },
        { SOURCE("urn:oid:2.999.392.1.35"), NULL, "0035" },
        { SOURCE("2.999.392.1.35"), NULL, "0035" },
        { SOURCE("2.999.392.2.35"), NULL, "0035" },
        { SOURCE("2.999.392.3.35.1"), NULL, "0035" },
        { "<AuditSourceIdentification AuditEnterpriseSiteID=\"0026\" AuditSourceID=\"0035\"/>", NULL, "0026" },
        { "<AuditSourceIdentification AuditEnterpriseSiteID=\"elsewhere\" AuditSourceID=\"0035\"/>", NULL, "0035" },
        { SOURCE("emr"), "O=x,CN=0026", "0026" },
        { SOURCE("emr"), "CN=user,O=x", "" },
        { SOURCE("emr"), NULL, "" },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text = arena_printf(a, "%s%s", HEAD, MESSAGE("%s"));
        const char *at = strstr(text, "%s");
        const char *whole = arena_printf(a, "%.*s%s%s", (int)(at - text), text, cases[i].source, at + 2);
        assert_string_equal(read_it(a, whole, cases[i].subject).community, cases[i].community);
    }
    arena_free(a);
}

static void test_what_is_wrong_is_told_and_the_bytes_are_kept(void **state UNUSED)
{
    static const struct {
        const char *text, *fault;
        bool is_readable;
    } cases[] = {
        { "", "SYSLOG", false },
        { "hello", "SYSLOG", false },
        { HEAD, "ATNA-XML", false },
        { HEAD "<AuditMessage>", "ATNA-XML", false },
        { HEAD "<Other/>", "ATNA-ROOT", false },
        { HEAD "<AuditMessage/>", "ATNA-ELEMENT", true },
        { "<85>1 2026-04-01T01:00:00Z h a p m - " MESSAGE(SOURCE("0035")), "CT the syslog TIMESTAMP is 3600.0 s ahead",
          true },
    };
    struct arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct record r = read_it(a, cases[i].text, NULL);
        assert_non_null(r.faults);
        assert_non_null(strstr(r.faults, cases[i].fault));
        assert_int_equal(r.is_readable, cases[i].is_readable);
        assert_true(str_is(r.raw, cases[i].text));
        assert_int_equal(r.received, NOW);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_record_has_no_faults),
        cmocka_unit_test(test_whose_a_record_is),
        cmocka_unit_test(test_what_is_wrong_is_told_and_the_bytes_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
