#include "msg/hl7v3_facts.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <ctype.h>

/* ---- what a value may be ---- */

static bool is_truth(const char *text)
{
    return text_equal(text, "true") || text_equal(text, "false");
}

static bool is_number(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n > 0 && n < 10 && text[n] == '\0';
}

static bool is_code(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (isspace((unsigned char)*p))
            return false;
    }
    return text[0] != '\0';
}

/* What an element stands in, when it does not stand in patientPerson itself. */
struct frame {
    const char *element, *class_code, *determiner;
};

static const struct fact_row {
    enum patient_fact_kind kind;
    struct frame frames[2];
    const char *element, *attr;
    bool (*fits)(const char *text);
    const char *needs;
    bool is_repeated;
} rows[] = {
    { FACT_DECEASED, { { NULL } }, "deceasedInd", "value", is_truth, "true or false", false },
    { FACT_DECEASED_TIME, { { NULL } }, "deceasedTime", "value", hl7_is_time, "YYYY[MM[DD[hh[mm[ss]]]]]", false },
    { FACT_MULTIPLE_BIRTH, { { NULL } }, "multipleBirthInd", "value", is_truth, "true or false", false },
    { FACT_BIRTH_ORDER, { { NULL } }, "multipleBirthOrderNumber", "value", is_number, "a number", false },
    { FACT_MARITAL_STATUS, { { NULL } }, "maritalStatusCode", "code", is_code, "a code", false },
    { FACT_RELIGION, { { NULL } }, "religiousAffiliationCode", "code", is_code, "a code", false },
    { FACT_RACE, { { NULL } }, "raceCode", "code", is_code, "a code", true },
    { FACT_ETHNIC_GROUP, { { NULL } }, "ethnicGroupCode", "code", is_code, "a code", true },
    { FACT_NATION,
      { { "asCitizen", "CIT", NULL }, { "politicalNation", "NAT", "INSTANCE" } },
      "code",
      "code",
      is_code,
      "a code",
      true },
    { FACT_LANGUAGE, { { "languageCommunication", NULL, NULL } }, "languageCode", "code", is_code, "a code", true },
};

/* The child of patientPerson that a fact is, or stands in. */
static const char *outermost(const struct fact_row *row)
{
    return row->frames[0].element != NULL ? row->frames[0].element : row->element;
}

static const struct xml_node *innermost(const struct fact_row *row, const struct xml_node *n)
{
    for (size_t i = 1; i < ARRAY_LEN(row->frames) && row->frames[i].element != NULL; i++)
        n = xml_child(n, NS_HL7, row->frames[i].element);
    return row->frames[0].element != NULL ? xml_child(n, NS_HL7, row->element) : n;
}

/* ---- writing ---- */

static void fact_write(struct xml_writer *w, const struct fact_row *row, const struct patient_fact *fact)
{
    int open = 0;

    for (size_t i = 0; i < ARRAY_LEN(row->frames) && row->frames[i].element != NULL; i++, open++) {
        xw_open(w, row->frames[i].element);
        xw_attr(w, "classCode", row->frames[i].class_code);
        xw_attr(w, "determinerCode", row->frames[i].determiner);
    }
    xw_open(w, row->element);
    xw_attr(w, row->attr, fact->value);
    xw_attr(w, "codeSystem", fact->system);
    xw_close(w);
    while (open-- > 0)
        xw_close(w);
}

void hl7_facts_write(struct xml_writer *w, const struct patient_fact *facts, enum patient_fact_kind first,
                     enum patient_fact_kind last)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].kind < first || rows[i].kind > last)
            continue;
        for (const struct patient_fact *fact = facts; fact != NULL; fact = fact->next) {
            if (fact->kind == rows[i].kind)
                fact_write(w, &rows[i], fact);
        }
    }
}

/* A place without a name has no place of its own: the address says it. */
void hl7_birth_place_write(struct xml_writer *w, const struct address *address, const char *name)
{
    if (address == NULL && name == NULL)
        return;
    xw_open(w, "birthPlace");
    xw_attr(w, "classCode", "BIRTHPL");
    if (address != NULL)
        hl7_address_write(w, "addr", address);
    if (name != NULL) {
        xw_open(w, "birthplace");
        xw_attr(w, "classCode", "PLC");
        xw_attr(w, "determinerCode", "INSTANCE");
        xw_element(w, "name", name);
        xw_close(w);
    }
    xw_close(w);
}

/* ---- reading ---- */

void hl7_facts_decode(struct arena *a, const struct xml_node *person, struct patient_fact **out)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (const struct xml_node *n = xml_child(person, NS_HL7, outermost(&rows[i])); n != NULL; n = xml_next(n)) {
            const struct xml_node *inner = innermost(&rows[i], n);
            const char *value = xml_attr(inner, rows[i].attr);
            if (value == NULL)
                continue;
            *out = ARENA_NEW(a, struct patient_fact);
            **out =
                (struct patient_fact){ .kind = rows[i].kind, .value = value, .system = xml_attr(inner, "codeSystem") };
            out = &(*out)->next;
        }
    }
}

void hl7_birth_place_decode(struct arena *a, const struct xml_node *person, struct patient *out)
{
    const struct xml_node *place = xml_child(person, NS_HL7, "birthPlace"), *addr = xml_child(place, NS_HL7, "addr");
    const char *name = xml_text_trimmed(a, xml_at(place, NS_HL7, "birthplace", "name", NULL));

    out->birth_place_name = text_absent(name) ? NULL : name;
    if (addr == NULL)
        return;
    out->birth_place = ARENA_NEW(a, struct address);
    hl7_address_decode(a, addr, out->birth_place);
}

static enum rc fact_check(struct arena *a, const struct fact_row *row, const struct xml_node *first,
                          struct issue_list *issues)
{
    for (const struct xml_node *n = first; n != NULL; n = xml_next(n)) {
        const struct xml_node *inner = innermost(row, n);
        const char *value = xml_attr(inner, row->attr);
        if (n != first && !row->is_repeated) {
            rule_break(a, issues, RULE_V3_FEED_ONCE, hl7_place(a, n, NULL), "a person has one %s", row->element);
            return E_REFUSED;
        }
        if (value == NULL || row->fits(value))
            continue;
        rule_break(a, issues, RULE_V3_FEED_FACT, hl7_place(a, inner, arena_printf(a, "@%s", row->attr)),
                   "\"%.40s\" is none: %s needs %s", value, row->element, row->needs);
        return E_REFUSED;
    }
    return OK;
}

enum rc hl7_facts_check(struct arena *a, const struct xml_node *person, struct issue_list *issues)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        TRY(fact_check(a, &rows[i], xml_child(person, NS_HL7, outermost(&rows[i])), issues));
    return OK;
}
