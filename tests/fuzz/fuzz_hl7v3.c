/* Any XML through every HL7 v3 decoder, and what was decoded through its encoder: what we write must parse. */
#include "base/arena.h"
#include "msg/patient_location.h"
#include "msg/prpa_feed.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "msg/quqi.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_parse(struct arena *a, const struct buf *xml)
{
    struct xml_node *root;
    struct xml_error error = { 0 };

    if (xml_parse(a, buf_str(xml), NULL, &root, &error) == E_SYNTAX)
        die("our own message does not parse: %s", error.text);
}

static void feed(struct arena *a, const struct xml_node *body)
{
    struct issue_list issues = { 0 };
    struct prpa_feed f;
    struct buf *ack = buf_new(a, BUF_MAX_DEFAULT), *again = buf_new(a, BUF_MAX_DEFAULT);

    enum rc rc = prpa_feed_decode(a, body, &f, &issues);
    mcci_ack_encode(a, &f.message, &issues, ack);
    must_parse(a, ack);
    if (rc != OK)
        return;
    prpa_feed_encode(a, &f, again);
    must_parse(a, again);
}

static void pix(struct arena *a, const struct xml_node *body)
{
    struct pix_query q;
    struct pix_answer answer = { .query = &q };
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (pix_query_decode(a, body, &q, &answer.issues) == OK)
        answer.found = &q.patient_id;
    pix_answer_encode(a, &answer, out);
    must_parse(a, out);
}

static void find(struct arena *a, const struct xml_node *body)
{
    struct find_query q;
    struct patient found = { 0 };
    struct find_answer answer = { .query = &q };
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (find_query_decode(a, body, &q, &answer.issues) == OK) {
        struct find_query again;
        if (find_query_reread(a, find_query_text(a, &q), &again) != OK)
            die("a query that is kept cannot be read again");
        found.ids = q.ids;
        found.names = q.names;
        answer.patients = &found;
    }
    answer.is_xcpd = q.message.sender.home != NULL;
    find_answer_encode(a, &answer, out);
    must_parse(a, out);
}

static void answers(struct arena *a, const struct xml_node *body)
{
    struct pix_result ids;
    struct find_result people;
    struct hl7_ack ack;
    struct issue_list issues = { 0 };
    struct quqi quqi;

    if (pix_result_decode(a, body, &ids) == OK && ids.response_code == NULL)
        die("a PIX answer without a response code");
    if (find_result_decode(a, body, &people) == OK && people.response_code == NULL)
        die("a find answer without a response code");
    if (quqi_decode(a, body, &quqi, &issues) == OK && quqi.status == NULL)
        die("a continuation without a status");
    if (hl7_ack_decode(a, body, &ack) == OK && ack.type_code == NULL)
        die("an acknowledgement without a type code");
}

static void location(struct arena *a, const struct xml_node *body)
{
    struct patient_place *places;
    struct patient_id patient;
    struct issue_list issues = { 0 };
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    if (location_query_decode(a, body, &patient, &issues) == OK && location_answer_decode(a, body, &places) == OK)
        die("a message is a question and an answer");
    if (location_answer_decode(a, body, &places) != OK)
        return;
    location_answer_encode(&(struct patient_id){ .root = "1.2", .extension = "3" }, places, out);
    must_parse(a, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct xml_node *body;

    if (xml_parse(a, (struct str){ (const char *)data, size }, NULL, &body, NULL) == OK) {
        feed(a, body);
        pix(a, body);
        find(a, body);
        answers(a, body);
        location(a, body);
    }
    arena_free(a);
    return 0;
}
