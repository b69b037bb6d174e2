#pragma once
/* What the tests of messages share: bytes to tree, and the standard's schemas where they are at hand. */

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "wire/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* Beside the source tree; not part of it, because the schemas are OASIS's and IHE's. */
#define SCHEMAS "../shared/schemas/"

static inline int message_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int message_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* A test whose state is an arena; so a skipped one leaks nothing. */
#define MESSAGE_TEST(fn) cmocka_unit_test_setup_teardown(fn, message_setup, message_teardown)

static inline struct xml_node *parse_text(struct arena *a, const char *text)
{
    struct xml_node *root = NULL;
    struct xml_error error = { 0 };

    if (xml_parse(a, str_from(text), NULL, &root, &error) != OK)
        fail_msg("%s (line %d): %s", error.text, error.line, text);
    return root;
}

static inline struct xml_node *parse_buf(struct arena *a, struct buf *b)
{
    return parse_text(a, buf_text(b));
}

static inline void skip_without(const char *path)
{
    if (access(path, R_OK) != 0) {
        print_message("skipped: no %s here\n", path);
        skip();
    }
}

/* The file's root element; skips the test when there is no such file. */
static inline struct xml_node *parse_sample(struct arena *a, const char *path)
{
    struct str bytes;

    skip_without(path);
    assert_int_equal(file_read(a, path, 1 << 22, &bytes), OK);
    return parse_text(a, bytes.data);
}

/* xmllint's verdict; skips the test when schema or program are not here. */
static inline void assert_valid(const char *schema, struct buf *xml)
{
    char path[] = "/tmp/kakehashi-schema-XXXXXX", command[512];

    skip_without(schema);
    skip_without("/usr/bin/xmllint");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, xml->data, xml->len), (ssize_t)xml->len);
    close(fd);
    snprintf(command, sizeof(command), "xmllint --nonet --noout --schema %s %s 2>&1 | grep -v validates", schema, path);
    int is_said = system(command);
    unlink(path);
    if (is_said == 0)
        fail_msg("not valid: %s", buf_text(xml));
}
