/*
 * Any bytes as an HL7 v2 message, as a feed and as a query: no crash. What was read is written and read again with the
 * same parts; every refusal can be answered in the sender's character sets.
 */
#include "base/arena.h"
#include "msg/adt.h"
#include "msg/hl7v2_ack.h"
#include "msg/qbp.h"
#include "msg/rsp.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELDS 12

/* The first components of the first fields of every segment. */
static void write_again(struct arena *a, const struct hl7v2 *m, struct buf *out)
{
    struct hl7v2_writer w;

    hl7v2_writer_init(&w, out, &m->delimiters);
    for (const struct hl7v2_segment *s = m->segments; s != NULL; s = s->next) {
        bool is_msh = strcmp(s->name, "MSH") == 0;
        hl7v2_open(&w, s->name);
        for (int field = is_msh ? 3 : 1; field <= FIELDS; field++)
            hl7v2_put_text(&w, field, 1, hl7v2_text(m, s, field, 1));
        if (is_msh)
            hl7v2_put_field(&w, 18, hl7v2_field(m, s, 18));
    }
    hl7v2_close(&w);
    (void)a;
}

static bool same(const char *one, const char *other)
{
    return text_equal(one, other) && (one == hl7v2_null) == (other == hl7v2_null);
}

static void compare(const struct hl7v2 *m, const struct hl7v2 *again)
{
    const struct hl7v2_segment *t = again->segments;

    for (const struct hl7v2_segment *s = m->segments; s != NULL; s = s->next, t = t->next) {
        if (t == NULL || strcmp(s->name, t->name) != 0)
            die("%s is not there again", s->name);
        for (int field = strcmp(s->name, "MSH") == 0 ? 3 : 1; field <= FIELDS; field++) {
            if (!same(hl7v2_text(m, s, field, 1), hl7v2_text(again, t, field, 1)))
                die("%s-%d is not the same again", s->name, field);
        }
    }
}

static void there_and_back(struct arena *a, const struct hl7v2 *m)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT), *bytes = buf_new(a, BUF_MAX_DEFAULT);
    struct hl7v2_fault fault;
    struct hl7v2 again;

    write_again(a, m, text);
    if (hl7v2_encode(a, m->charsets, &m->delimiters, buf_str(text), bytes, &fault) != OK)
        die("what was read cannot be written: %s", fault.text);
    if (hl7v2_parse(a, buf_str(bytes), &again, &fault) != OK)
        die("what was written cannot be read: %s", fault.text);
    compare(m, &again);
}

/* Whatever was read of a query, its refusal repeats the query's own text: it must be writable in its sets. */
static void query(struct arena *a, const struct hl7v2 *m)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT), *bytes = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct hl7v2_fault fault;
    struct qbp qbp;

    if (qbp_decode(a, m, &qbp, &issues) == OK && qbp.patient == NULL && qbp.parameters == NULL)
        die("a query that asks nothing");
    rsp_refuse_encode(a, m, &issues, text);
    if (hl7v2_encode(a, m->charsets, &m->delimiters, buf_str(text), bytes, &fault) != OK)
        die("a refusal cannot be written: %s at %s", fault.text, fault.place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct buf *ack = buf_new(a, BUF_MAX_DEFAULT), *bytes = buf_new(a, BUF_MAX_DEFAULT);
    struct issue_list issues = { 0 };
    struct hl7v2_fault fault;
    struct hl7v2 m;
    struct adt adt;

    if (hl7v2_parse(a, (struct str){ (const char *)data, size }, &m, &fault) == OK) {
        there_and_back(a, &m);
        query(a, &m);
        if (adt_decode(a, &m, &adt, &issues) == OK && adt.patient.ids == NULL)
            die("a patient without an id");
    } else {
        issue_add(a, &issues, hl7v2_issue_code(fault.code), fault.place, "%s", fault.text);
    }
    hl7v2_ack_encode(a, &m, &issues, ack);
    if (hl7v2_encode(a, m.charsets, &m.delimiters, buf_str(ack), bytes, &fault) != OK)
        die("an answer cannot be written: %s at %s", fault.text, fault.place);
    arena_free(a);
    return 0;
}
