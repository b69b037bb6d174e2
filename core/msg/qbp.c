#include "msg/qbp.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/hl7v2_person.h"

#include <stdlib.h>

#define QUANTITY_MAX 1000000

/* What each query asks by, and where it names domains. */
static const struct {
    const char *event;
    bool is_of_one; /* QPD-3 is the id of a patient, not parameters */
    int domains_field;
} queries[] = { { "Q23", true, 4 }, { "Q22", false, 8 }, { "ZV1", false, 8 } };

static size_t query_index(const char *event)
{
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(queries) && !text_equal(queries[i].event, event))
        i++;
    return i;
}

int qbp_domains_field(const char *event)
{
    return queries[query_index(event)].domains_field;
}

struct reading {
    struct arena *arena;
    const struct hl7v2 *m;
    const struct hl7v2_segment *qpd;
    struct qbp *out;
    struct issue_list *issues;
};

static enum rc refuse(const struct reading *r, enum rule rule, const char *place, const char *text)
{
    rule_break(r->arena, r->issues, rule, place, "%s", text);
    return E_REFUSED;
}

static enum rc segments_check(const struct reading *r)
{
    static const struct {
        const char *name, *text;
    } needed[] = {
        { "QPD", "a query needs the segment QPD" },
        { "RCP", "a query needs the segment RCP; RCP|I asks for an answer at once" },
    };

    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (hl7v2_segment(r->m, needed[i].name) == NULL)
            return refuse(r, RULE_V2_QUERY_SEGMENTS, arena_printf(r->arena, "%s^1", needed[i].name), needed[i].text);
    }
    return OK;
}

static enum rc name_and_tag_read(const struct reading *r)
{
    r->out->name = hl7v2_text(r->m, r->qpd, 1, 1);
    r->out->tag = hl7v2_text(r->m, r->qpd, 2, 1);
    if (text_absent(r->out->name))
        return refuse(r, RULE_V2_QUERY_NAME, "QPD^1^1", "QPD-1 must name the query, such as IHE PDQ Query");
    if (text_absent(r->out->tag))
        return refuse(r, RULE_V2_QUERY_TAG, "QPD^1^2", "QPD-2 must hold a query tag, which the answer repeats");
    return OK;
}

/* ---- QPD-3 ---- */

static enum rc patient_read(const struct reading *r)
{
    struct patient_id *id;

    TRY(hl7v2_ids_read(r->arena, r->m, r->qpd, 3, &id, r->issues));
    if (id->next != NULL)
        return refuse(r, RULE_V2_QUERY_ONE_ID, "QPD^1^3^2", "a query asks about one id: QPD-3 does not repeat");
    r->out->patient = id;
    return OK;
}

static enum rc parameter_read(const struct reading *r, int n, struct qbp_parameter **out)
{
    const char *name = hl7v2_part(r->m, r->qpd, 3, n, 1, 1), *value = hl7v2_part(r->m, r->qpd, 3, n, 2, 1);

    if (text_absent(name) || name[0] != '@' || name[1] == '\0')
        return refuse(r, RULE_V2_QUERY_PARAMETER, arena_printf(r->arena, "QPD^1^3^%d^1", n),
                      "a parameter is a field and a value: @PID.5.1^Smith");
    if (text_absent(value))
        return refuse(r, RULE_V2_QUERY_VALUE, arena_printf(r->arena, "QPD^1^3^%d^2", n),
                      arena_printf(r->arena, "the parameter %.40s has no value", name));
    *out = ARENA_NEW(r->arena, struct qbp_parameter);
    **out = (struct qbp_parameter){ .name = name + 1, .value = value, .repetition = n };
    return OK;
}

static enum rc parameters_read(const struct reading *r)
{
    struct qbp_parameter **end = &r->out->parameters;
    int count = hl7v2_repetitions(r->m, r->qpd, 3);

    if (count == 0)
        return refuse(r, RULE_V2_QUERY_PARAMETERS, "QPD^1^3",
                      "QPD-3 must say what to look for, such as @PID.5.1^Smith~@PID.7^19560101");
    if (count > HL7V2_REPETITIONS_MAX)
        return refuse(r, RULE_V2_REPEATS, "QPD^1^3",
                      arena_printf(r->arena, "%d parameters; at most %d are taken", count, HL7V2_REPETITIONS_MAX));
    for (int n = 1; n <= count; n++, end = &(*end)->next)
        TRY(parameter_read(r, n, end));
    return OK;
}

/* ---- domains: of each CX component 4 alone ---- */

static enum rc domains_read(const struct reading *r)
{
    int field = qbp_domains_field(r->out->event), count = hl7v2_repetitions(r->m, r->qpd, field);
    struct patient_id **end = &r->out->domains;

    if (count > HL7V2_REPETITIONS_MAX)
        return refuse(r, RULE_V2_REPEATS, arena_printf(r->arena, "QPD^1^%d", field),
                      arena_printf(r->arena, "%d domains; at most %d are taken", count, HL7V2_REPETITIONS_MAX));
    for (int n = 1; n <= count; n++, end = &(*end)->next) {
        *end = ARENA_NEW(r->arena, struct patient_id);
        TRY(hl7v2_authority_read(r->arena, r->m, r->qpd, field, n, *end, r->issues));
        if ((*end)->root == NULL && text_absent((*end)->authority))
            return refuse(r, RULE_V2_QUERY_DOMAIN, arena_printf(r->arena, "QPD^1^%d^%d^4", field, n),
                          "a domain is named in component 4: ^^^NAMESPACE&OID&ISO");
    }
    return OK;
}

/* ---- RCP and DSC ---- */

static enum rc quantity_read(const struct reading *r, const struct hl7v2_segment *rcp)
{
    const char *text = hl7v2_text(r->m, rcp, 2, 1), *unit = hl7v2_text(r->m, rcp, 2, 2);
    char *end;

    if (text_absent(text))
        return OK;
    long n = strtol(text, &end, 10);
    if (*end != '\0' || n < 1 || n > QUANTITY_MAX)
        return refuse(r, RULE_V2_QUERY_QUANTITY, "RCP^1^2^1^1", "RCP-2 is a number of records: 10^RD");
    if (!text_absent(unit) && !text_equal(unit, "RD"))
        return refuse(r, RULE_V2_QUERY_UNIT, "RCP^1^2^1^2", "quantities are of records (RD)");
    r->out->quantity = (int)n;
    return OK;
}

static enum rc control_read(const struct reading *r)
{
    const struct hl7v2_segment *rcp = hl7v2_segment(r->m, "RCP"), *dsc = hl7v2_segment(r->m, "DSC");
    const char *priority = hl7v2_text(r->m, rcp, 1, 1), *pointer = hl7v2_text(r->m, dsc, 1, 1);

    r->out->pointer = text_absent(pointer) ? NULL : pointer;
    if (!text_absent(priority) && !text_equal(priority, "I"))
        return refuse(r, RULE_V2_QUERY_PRIORITY, "RCP^1^1", "answers are immediate: RCP-1 must be I");
    return quantity_read(r, rcp);
}

enum rc qbp_decode(struct arena *a, const struct hl7v2 *m, struct qbp *out, struct issue_list *issues)
{
    struct reading r = { a, m, hl7v2_segment(m, "QPD"), out, issues };

    *out = (struct qbp){ .event = hl7v2_text(m, m->segments, 9, 2) };
    TRY(segments_check(&r));
    TRY(name_and_tag_read(&r));
    TRY(queries[query_index(out->event)].is_of_one ? patient_read(&r) : parameters_read(&r));
    TRY(domains_read(&r));
    return control_read(&r);
}
