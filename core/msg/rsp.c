#include "msg/rsp.h"

#include "base/arena.h"
#include "msg/hl7v2_ack.h"
#include "msg/hl7v2_person.h"

#define QPD_FIELDS 12 /* that are sent back; none has more */

/* MSH-9 of a query and of its answer. */
static const struct {
    const char *query, *event, *structure;
} answers[] = {
    { "Q23", "K23", "RSP_K23" },
    { "Q22", "K22", "RSP_K21" },
    { "ZV1", "ZV2", "RSP_ZV2" },
};

static size_t answer_index(const struct hl7v2 *request)
{
    const char *event = hl7v2_text(request, request->segments, 9, 2);
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(answers) && !text_equal(answers[i].query, event))
        i++;
    return i;
}

static void qak_write(struct arena *a, const struct rsp *r, struct hl7v2_writer *w)
{
    const struct hl7v2_segment *qpd = hl7v2_segment(r->request, "QPD");
    const char *ack = hl7v2_ack_code(r->issues);
    const int counts[] = { r->total, r->here, r->remaining };

    hl7v2_open(w, "QAK");
    hl7v2_put_field(w, 1, hl7v2_field(r->request, qpd, 2));
    hl7v2_put_text(w, 2, 1, strcmp(ack, "AA") != 0 ? ack : r->is_found ? "OK" : "NF");
    hl7v2_put_field(w, 3, hl7v2_field(r->request, qpd, 1));
    for (size_t i = 0; i < ARRAY_LEN(counts) && r->total >= 0 && r->issues->errors == 0; i++)
        hl7v2_put_text(w, 4 + (int)i, 1, arena_printf(a, "%d", counts[i]));
}

void rsp_open(struct arena *a, const struct rsp *r, struct hl7v2_writer *w, struct buf *out)
{
    const struct hl7v2_segment *qpd = hl7v2_segment(r->request, "QPD");

    size_t row = answer_index(r->request);

    hl7v2_answer_open(a, r->request, "RSP", answers[row].event, answers[row].structure, r->issues, w, out);
    qak_write(a, r, w);
    if (qpd == NULL)
        return;
    hl7v2_open(w, "QPD");
    for (int i = 1; i <= QPD_FIELDS; i++)
        hl7v2_put_field(w, i, hl7v2_field(r->request, qpd, i));
}

void rsp_pid_write(struct arena *a, struct hl7v2_writer *w, int n, const struct patient *p)
{
    hl7v2_open(w, "PID");
    hl7v2_put_text(w, 1, 1, arena_printf(a, "%d", n));
    hl7v2_ids_write(w, 3, p->ids);
    hl7v2_person_write(w, p);
}

void rsp_ids_write(struct hl7v2_writer *w, const struct patient_id *ids)
{
    hl7v2_open(w, "PID");
    hl7v2_ids_write(w, 3, ids);
    hl7v2_put(w, 5, 2, 7, 1, "S");
}

void rsp_close(struct hl7v2_writer *w, const char *pointer)
{
    if (pointer != NULL) {
        hl7v2_open(w, "DSC");
        hl7v2_put_text(w, 1, 1, pointer);
        hl7v2_put_text(w, 2, 1, "I");
    }
    hl7v2_close(w);
}

void rsp_refuse_encode(struct arena *a, const struct hl7v2 *request, const struct issue_list *issues, struct buf *out)
{
    struct rsp r = { .request = request, .issues = issues, .total = -1 };
    struct hl7v2_writer w;

    rsp_open(a, &r, &w, out);
    rsp_close(&w, NULL);
}
