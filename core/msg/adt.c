#include "msg/adt.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"
#include "msg/hl7v3.h"

#define REPETITIONS_MAX 64 /* of a field: nobody has more ids or names */

#define SEGMENTS_OF_EVENT 3

static const struct {
    const char *event;
    const char *segments[SEGMENTS_OF_EVENT];
} events[] = {
    { "A01", { "EVN", "PID", "PV1" } }, { "A04", { "EVN", "PID", "PV1" } }, { "A05", { "EVN", "PID", "PV1" } },
    { "A08", { "EVN", "PID", "PV1" } }, { "A40", { "EVN", "PID", "MRG" } },
};

static enum rc missing(struct arena *a, struct issue_list *issues, const char *place, const char *what)
{
    issue_add(a, issues, ISSUE_HL7_REQUIRED_MISSING, place, "%s", what);
    return E_REFUSED;
}

static const char *const *segments_of(const char *event)
{
    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        if (text_equal(events[i].event, event))
            return events[i].segments;
    }
    return NULL;
}

static enum rc segments_check(struct arena *a, const struct hl7v2 *m, const char *event, struct issue_list *issues)
{
    const char *const *names = segments_of(event);

    if (names == NULL) {
        issue_add(a, issues, ISSUE_HL7_EVENT, "MSH^1^9^1^2",
                  "a patient identity feed is ADT^A01, A04, A05, A08 or A40");
        return E_REFUSED;
    }
    for (size_t i = 0; i < SEGMENTS_OF_EVENT; i++) {
        if (hl7v2_segment(m, names[i]) != NULL)
            continue;
        issue_add(a, issues, ISSUE_HL7_SEQUENCE, arena_printf(a, "%s^1", names[i]), "ADT^%s needs the segment %s",
                  event, names[i]);
        return E_REFUSED;
    }
    return OK;
}

/* ---- identifiers ---- */

/* Component 4 of a CX: namespace & universal id & its type. Without a type, an OID is one. */
static enum rc authority_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s, int field, int n,
                              struct patient_id *out, struct issue_list *issues)
{
    const char *universal = hl7v2_part(m, s, field, n, 4, 2), *type = hl7v2_part(m, s, field, n, 4, 3);

    out->authority = hl7v2_part(m, s, field, n, 4, 1);
    if (text_absent(universal))
        return OK;
    if (text_equal(type, "ISO") && !is_oid(universal)) {
        issue_add(a, issues, ISSUE_HL7_BAD_VALUE, arena_printf(a, "%s^%d^%d^%d^4^2", s->name, s->ordinal, field, n),
                  "the universal id \"%.80s\" has the type ISO but is no OID", universal);
        return E_REFUSED;
    }
    if (is_oid(universal) && (text_absent(type) || text_equal(type, "ISO")))
        out->root = universal;
    else if (out->authority == NULL)
        out->authority = universal;
    return OK;
}

/* A field of CXs as a list in its order. */
static enum rc ids_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s, int field,
                        struct patient_id **out, struct issue_list *issues)
{
    int count = hl7v2_repetitions(m, s, field);
    const char *place = arena_printf(a, "%s^%d^%d", s->name, s->ordinal, field);

    if (count == 0)
        return missing(a, issues, place, arena_printf(a, "%s-%d has no identifier of the patient", s->name, field));
    if (count > REPETITIONS_MAX) {
        issue_add(a, issues, ISSUE_HL7_BAD_VALUE, place, "%d repetitions; at most %d are taken", count,
                  REPETITIONS_MAX);
        return E_REFUSED;
    }
    for (int n = 1; n <= count; n++, out = &(*out)->next) {
        const char *value = hl7v2_part(m, s, field, n, 1, 1);
        if (text_absent(value))
            return missing(a, issues, arena_printf(a, "%s^%d^1", place, n), "this identifier has no value (CX.1)");
        *out = ARENA_NEW(a, struct patient_id);
        (*out)->extension = value;
        TRY(authority_read(a, m, s, field, n, *out, issues));
    }
    return OK;
}

/* ---- the person ---- */

/* Code of v2 → of v3; what is in no row has none. */
struct code_row {
    const char *v2, *v3;
};

/* XPN-8, and XPN-7 where there is none (tables 4000 and 0200). */
static const struct code_row representations[] = { { "I", "IDE" }, { "P", "SYL" }, { "A", "ABC" } };
static const struct code_row name_types[] = { { "L", "L" }, { "A", "P" }, { "P", "P" } };
static const struct code_row genders[] = { { "M", "M" }, { "F", "F" }, { "O", "UN" }, { "A", "UN" } };
/* XAD-7 (table 0190) */
static const struct code_row address_types[] = { { "H", "H" }, { "P", "HP" }, { "O", "WP" }, { "B", "WP" } };

static const char *code_find(const struct code_row *rows, size_t count, const char *v2)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(rows[i].v2, v2))
            return rows[i].v3;
    }
    return NULL;
}

#define CODE_FIND(rows, v2) code_find((rows), ARRAY_LEN(rows), (v2))

static const char *joined(struct arena *a, const char *one, const char *other)
{
    if (text_absent(one) || text_absent(other))
        return text_absent(one) ? other : one;
    return arena_printf(a, "%s %s", one, other);
}

static int few(int repetitions)
{
    return MIN(repetitions, REPETITIONS_MAX);
}

static void names_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                       struct person_name **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, 5)); n++) {
        const char *use = CODE_FIND(representations, hl7v2_part(m, pid, 5, n, 8, 1));
        struct person_name name = {
            .use = use != NULL ? use : CODE_FIND(name_types, hl7v2_part(m, pid, 5, n, 7, 1)),
            .family = hl7v2_part(m, pid, 5, n, 1, 1),
            .given = joined(a, hl7v2_part(m, pid, 5, n, 2, 1), hl7v2_part(m, pid, 5, n, 3, 1)),
            .suffix = hl7v2_part(m, pid, 5, n, 4, 1),
            .prefix = hl7v2_part(m, pid, 5, n, 5, 1),
        };
        if (text_absent(name.family) && text_absent(name.given))
            continue;
        *out = arena_memdup(a, &name, sizeof(name));
        out = &(*out)->next;
    }
}

static void addresses_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                           struct address **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, 11)); n++) {
        struct address address = {
            .use = CODE_FIND(address_types, hl7v2_part(m, pid, 11, n, 7, 1)),
            .street = joined(a, hl7v2_part(m, pid, 11, n, 1, 1), hl7v2_part(m, pid, 11, n, 2, 1)),
            .city = hl7v2_part(m, pid, 11, n, 3, 1),
            .state = hl7v2_part(m, pid, 11, n, 4, 1),
            .postal_code = hl7v2_part(m, pid, 11, n, 5, 1),
            .country = hl7v2_part(m, pid, 11, n, 6, 1),
        };
        *out = arena_memdup(a, &address, sizeof(address));
        out = &(*out)->next;
    }
}

/* Returns where the list goes on. */
static struct telecom **telecoms_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                                      int field, const char *use, struct telecom **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, field)); n++) {
        const char *number = hl7v2_part(m, pid, field, n, 1, 1), *mail = hl7v2_part(m, pid, field, n, 4, 1);
        if (text_absent(number) && text_absent(mail))
            continue;
        *out = ARENA_NEW(a, struct telecom);
        **out = (struct telecom){
            .value = text_absent(number) ? arena_printf(a, "mailto:%s", mail) : arena_printf(a, "tel:%s", number),
            .use = use,
        };
        out = &(*out)->next;
    }
    return out;
}

static enum rc person_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid, struct patient *out,
                           struct issue_list *issues)
{
    const char *birth = hl7v2_text(m, pid, 7, 1);

    names_read(a, m, pid, &out->names);
    addresses_read(a, m, pid, &out->addresses);
    telecoms_read(a, m, pid, 14, "WP", telecoms_read(a, m, pid, 13, "HP", &out->telecoms));
    out->gender = CODE_FIND(genders, hl7v2_text(m, pid, 8, 1));
    out->birth_time = text_absent(birth) ? NULL : birth;
    if (out->birth_time == NULL || hl7_is_time(birth))
        return OK;
    issue_add(a, issues, ISSUE_HL7_BAD_VALUE, "PID^1^7", "\"%.40s\" is no time: it needs YYYY[MM[DD[hh[mm[ss]]]]]",
              birth);
    return E_REFUSED;
}

/* ---- the message ---- */

/* One pair of patients, and one id of each side in a message (3.8.4.2.2). */
static enum rc merge_read(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct hl7v2_segment *mrg = hl7v2_segment(m, "MRG");
    const char *twice = hl7v2_next(mrg) != NULL                       ? "MRG^2"
                        : hl7v2_next(hl7v2_segment(m, "PID")) != NULL ? "PID^2"
                                                                      : NULL;

    if (twice != NULL) {
        issue_add(a, issues, ISSUE_HL7_SEQUENCE, twice, "a message merges one pair of patients: one PID, one MRG");
        return E_REFUSED;
    }
    return ids_read(a, m, mrg, 1, &out->subsumed, issues);
}

enum rc adt_decode(struct arena *a, const struct hl7v2 *m, struct adt *out, struct issue_list *issues)
{
    const struct hl7v2_segment *pid = hl7v2_segment(m, "PID");

    *out = (struct adt){ .event = hl7v2_text(m, m->segments, 9, 2), .patient.match = -1 };
    bool is_merge = text_equal(out->event, "A40");
    TRY(segments_check(a, m, out->event, issues));
    TRY(ids_read(a, m, pid, 3, &out->patient.ids, issues));
    if (!is_merge && hl7v2_repetitions(m, pid, 5) == 0)
        return missing(a, issues, "PID^1^5", "PID-5 has no name of the patient");
    TRY(person_read(a, m, pid, &out->patient, issues));
    return is_merge ? merge_read(a, m, out, issues) : OK;
}
