#pragma once
/*
 * For tests of HL7 v3 codecs: parsing, pinned clock and ids, and checks against the NE2008 schemas and sample messages,
 * which are not part of the project: where they are absent the test says so and is skipped.
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/issue.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define SCHEMAS "../shared/schemas"
#define NE2008  SCHEMAS "/hl7v3/schema/HL7V3/NE2008/multicacheschemas"

static inline int hl7_setup(void **state)
{
    ids_pin(35);
    *state = arena_new();
    return clock_pin("2026-04-01T09:00:00Z");
}

static inline int hl7_teardown(void **state)
{
    arena_free(*state);
    ids_pin(0);
    return clock_pin(NULL);
}

#define HL7_TEST(fn) cmocka_unit_test_setup_teardown(fn, hl7_setup, hl7_teardown)

static inline struct xml_node *hl7_parse(struct arena *a, struct str bytes)
{
    struct xml_node *root = NULL;
    struct xml_error error = { 0 };

    if (xml_parse(a, bytes, NULL, &root, &error) != OK)
        fail_msg("line %d: %s", error.line, error.text);
    return root;
}

/* An interaction written in a test without its namespace. */
static inline struct xml_node *hl7_parse_text(struct arena *a, const char *interaction, const char *children)
{
    const char *xml = arena_printf(a, "<%s xmlns=\"urn:hl7-org:v3\" ITSVersion=\"XML_1.0\">%s</%s>", interaction,
                                   children, interaction);
    return hl7_parse(a, str_from(xml));
}

/* "hl7v3/Ack.xml", "own/iti44-ack-ca.xml". */
static inline struct xml_node *hl7_sample(struct arena *a, const char *name)
{
    struct str bytes;

    if (access(SCHEMAS, R_OK) != 0) {
        print_message("no sample messages here (%s): skipped\n", SCHEMAS);
        skip();
    }
    if (file_read(a, arena_printf(a, SCHEMAS "/samples/%s", name), (size_t)1 << 20, &bytes) != OK)
        fail_msg("no sample %s", name);
    return hl7_parse(a, bytes);
}

static inline void assert_schema_valid(struct arena *a, struct buf *xml, const char *interaction)
{
    const char *schema = arena_printf(a, NE2008 "/%s.xsd", interaction);
    char path[] = "/tmp/kakehashi-hl7-XXXXXX";

    if (access(schema, R_OK) != 0 || system("xmllint --version >/dev/null 2>&1") != 0) {
        print_message("no schemas (%s) or no xmllint here: skipped\n", SCHEMAS);
        skip();
    }
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, xml->data, xml->len), (long)xml->len);
    close(fd);
    int status = system(arena_printf(a, "xmllint --nonet --noout --schema %s %s >%s.log 2>&1", schema, path, path));
    if (status != 0) {
        int ignored UNUSED = system(arena_printf(a, "cat %s.log >&2", path));
        print_message("%s\n", buf_text(xml));
    }
    unlink(path);
    unlink(arena_printf(a, "%s.log", path));
    assert_int_equal(status, 0);
}

static inline void assert_issue(const struct issue_list *list, enum issue_code code, const char *place)
{
    for (const struct issue *i = list->first; i != NULL; i = i->next) {
        if (i->code == code && text_equal(i->place, place))
            return;
    }
    for (const struct issue *i = list->first; i != NULL; i = i->next)
        print_message("issue %d at %s: %s\n", (int)i->code, i->place == NULL ? "-" : i->place, i->text);
    fail_msg("no issue %d at %s", (int)code, place == NULL ? "-" : place);
}
