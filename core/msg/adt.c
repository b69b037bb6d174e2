#include "msg/adt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/hl7v2_person.h"

#define SEGMENTS_OF_EVENT 3

static const struct event {
    const char *name;
    enum adt_kind kind;
    const char *segments[SEGMENTS_OF_EVENT];
} events[] = {
    { "A01", ADT_FEED, { "EVN", "PID", "PV1" } },  { "A04", ADT_FEED, { "EVN", "PID", "PV1" } },
    { "A05", ADT_FEED, { "EVN", "PID", "PV1" } },  { "A08", ADT_UPDATE, { "EVN", "PID", "PV1" } },
    { "A28", ADT_FEED, { "EVN", "PID", "PV1" } },  { "A31", ADT_UPDATE, { "EVN", "PID", "PV1" } },
    { "A40", ADT_MERGE, { "EVN", "PID", "MRG" } }, { "A47", ADT_RENAME, { "EVN", "PID", "MRG" } },
    { "A24", ADT_LINK, { "EVN", "PID", "EVN" } },  { "A37", ADT_UNLINK, { "EVN", "PID", "EVN" } },
};

static enum rc broken(struct arena *a, struct issue_list *issues, enum rule rule, const char *place, const char *what)
{
    rule_break(a, issues, rule, place, "%s", what);
    return E_REFUSED;
}

static const struct event *event_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        if (text_equal(events[i].name, name))
            return &events[i];
    }
    return NULL;
}

static enum rc event_read(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct event *e = event_find(out->event);

    if (e == NULL) {
        issue_add(a, issues, ISSUE_HL7_EVENT, "MSH^1^9^1^2",
                  "a patient identity feed is ADT^A01, A04, A05, A08, A24, A28, A31, A37, A40 or A47");
        return E_REFUSED;
    }
    out->kind = e->kind;
    for (size_t i = 0; i < SEGMENTS_OF_EVENT; i++) {
        if (hl7v2_segment(m, e->segments[i]) == NULL)
            return broken(a, issues, RULE_V2_ADT_SEGMENTS, arena_printf(a, "%s^1", e->segments[i]),
                          arena_printf(a, "ADT^%s needs the segment %s", e->name, e->segments[i]));
    }
    return OK;
}

/* One pair of patients, and one id of each side in a message (3.8.4.2.2). */
static enum rc merge_read(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct hl7v2_segment *mrg = hl7v2_segment(m, "MRG");
    const char *twice = hl7v2_next(mrg) != NULL                       ? "MRG^2"
                        : hl7v2_next(hl7v2_segment(m, "PID")) != NULL ? "PID^2"
                                                                      : NULL;

    if (twice != NULL)
        return broken(a, issues, RULE_V2_ADT_ONE_PAIR, twice,
                      "a message merges one pair of patients: one PID, one MRG");
    return hl7v2_ids_read(a, m, mrg, 1, &out->subsumed, issues);
}

/* Two PIDs, each of one side (3.30.4.5). */
static enum rc pair_read(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct hl7v2_segment *second = hl7v2_next(hl7v2_segment(m, "PID"));

    if (second == NULL || hl7v2_next(second) != NULL)
        return broken(a, issues, RULE_V2_ADT_TWO, second == NULL ? "PID^2" : "PID^3",
                      arena_printf(a, "ADT^%s is about a pair of patients: two PID", out->event));
    return hl7v2_ids_read(a, m, second, 3, &out->other, issues);
}

static enum rc other_side_read(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    switch (out->kind) {
    case ADT_MERGE:
    case ADT_RENAME:
        return merge_read(a, m, out, issues);
    case ADT_LINK:
    case ADT_UNLINK:
        return pair_read(a, m, out, issues);
    default:
        return OK;
    }
}

enum rc adt_decode(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct hl7v2_segment *pid = hl7v2_segment(m, "PID");

    *out = (struct adt){ .event = hl7v2_text(m, m->segments, 9, 2), .patient.match = -1 };
    TRY(event_read(a, m, out, issues));
    TRY(hl7v2_ids_read(a, m, pid, 3, &out->patient.ids, issues));
    if (out->kind <= ADT_UPDATE && hl7v2_repetitions(m, pid, 5) == 0)
        return broken(a, issues, RULE_V2_ADT_NAME, "PID^1^5", "PID-5 has no name of the patient");
    TRY(hl7v2_person_read(a, m, pid, &out->patient, issues));
    return other_side_read(a, m, out, issues);
}

/* ---- the notification ---- */

void adt_notification_encode(struct arena *a, const struct adt_ends *ends, const char *control_id,
                             const struct patient_id *ids, struct buf *out)
{
    char now[CLOCK_DTM_LEN];
    struct hl7v2_writer w;

    clock_dtm(clock_now(), now);
    const char *time = arena_printf(a, "%s+0000", now);
    const struct {
        int field, component;
        const char *text;
    } msh[] = {
        { 3, 1, ends->application },
        { 4, 1, ends->facility },
        { 5, 1, ends->receiving_application },
        { 6, 1, ends->receiving_facility },
        { 7, 1, time },
        { 9, 1, "ADT" },
        { 9, 2, "A31" },
        { 9, 3, "ADT_A05" },
        { 10, 1, control_id },
        { 11, 1, "P" },
        { 12, 1, "2.5" },
        { 18, 1, "UNICODE UTF-8" },
    };
    hl7v2_writer_init(&w, out, &hl7v2_usual_delimiters);
    hl7v2_open(&w, "MSH");
    for (size_t i = 0; i < ARRAY_LEN(msh); i++)
        hl7v2_put_text(&w, msh[i].field, msh[i].component, msh[i].text);
    hl7v2_open(&w, "EVN");
    hl7v2_put_text(&w, 2, 1, time);
    hl7v2_open(&w, "PID");
    hl7v2_ids_write(&w, 3, ids);
    hl7v2_put_text(&w, 5, 1, " ");
    hl7v2_open(&w, "PV1");
    hl7v2_put_text(&w, 2, 1, "N");
    hl7v2_close(&w);
}
