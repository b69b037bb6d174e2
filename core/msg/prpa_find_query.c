/*
 * PRPA_IN201305UV02: whom somebody looks for by demographics (ITI TF-2: 3.47.4.1 PDQV3; 3.55.4.1 XCPD). semanticsText
 * is informative: it is written, never judged.
 */
#include "msg/prpa_find.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define QUERY "PRPA_IN201305UV02"

#define PARAMETERS_PLACE "/" QUERY "/controlActProcess/queryByParameter/parameterList"

const char *find_parameter_place(struct arena *a, const char *parameter, int n)
{
    return arena_printf(a, PARAMETERS_PLACE "/%s[%d]/value", parameter, n);
}

const char *find_value_place(struct arena *a, const struct find_query *q, const char *parameter, int n)
{
    const struct xml_node *list = xml_child(q->query_by_parameter, NS_HL7, "parameterList");
    int before = 0;

    for (const struct xml_node *p = xml_child(list, NS_HL7, parameter); p != NULL; p = xml_next(p)) {
        for (const struct xml_node *v = xml_child(p, NS_HL7, "value"); v != NULL; v = xml_next(v)) {
            if (++before == n)
                return hl7_place(a, v, NULL);
        }
    }
    return find_parameter_place(a, parameter, n);
}

/* ---- the query, read ---- */

static enum rc value_refuse(struct arena *a, const struct xml_node *value, enum rule rule, struct issue_list *issues,
                            const char *why)
{
    rule_break(a, issues, rule, hl7_place(a, value, NULL), "%s", why);
    return E_REFUSED;
}

static enum rc ids_read(struct arena *a, const struct xml_node *parameter, struct patient_id **end,
                        struct issue_list *issues)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        const struct xml_node *value = xml_child(parameter, NS_HL7, "value");
        for (; value != NULL; value = xml_next(value)) {
            if (text_absent(xml_attr(value, "root")))
                return value_refuse(a, value, RULE_V3_QUERY_ROOT, issues, "an identifier or domain needs a root");
            *end = hl7_ii_decode(a, value);
            end = &(*end)->next;
        }
    }
    return OK;
}

static enum rc names_read(struct arena *a, const struct xml_node *parameter, struct person_name **end,
                          struct issue_list *issues)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        const struct xml_node *value = xml_child(parameter, NS_HL7, "value");
        for (; value != NULL; value = xml_next(value)) {
            *end = ARENA_NEW(a, struct person_name);
            hl7_name_decode(a, value, *end);
            if ((*end)->family == NULL && (*end)->given == NULL)
                return value_refuse(a, value, RULE_V3_QUERY_NAME, issues, "a name needs a family or given part");
            end = &(*end)->next;
        }
    }
    return OK;
}

static enum rc time_read(struct arena *a, const struct xml_node *n, const char **out, struct issue_list *issues)
{
    const char *text = xml_attr(n, "value");

    if (text != NULL && !hl7_is_time(text))
        return value_refuse(a, n, RULE_V3_QUERY_TIME, issues, "this is no time: it needs YYYY[MM[DD[hh[mm[ss]]]]]");
    *out = text;
    return OK;
}

/* A time as its value, or as two ends; the same twice when it is one. */
static enum rc range_read(struct arena *a, const struct xml_node *value, const char **low, const char **high,
                          struct issue_list *issues)
{
    const char *one = NULL;

    TRY(time_read(a, value, &one, issues));
    TRY(time_read(a, xml_child(value, NS_HL7, "low"), low, issues));
    TRY(time_read(a, xml_child(value, NS_HL7, "high"), high, issues));
    if (one != NULL) {
        *low = *high = one;
        return OK;
    }
    if (*low != NULL && *high != NULL && strncmp(*low, *high, MIN(strlen(*low), strlen(*high))) > 0)
        return value_refuse(a, value, RULE_V3_QUERY_RANGE, issues, "low is behind high: nobody is between them");
    return OK;
}

static enum rc birth_read(struct arena *a, const struct xml_node *parameters, struct find_query *out,
                          struct issue_list *issues)
{
    const struct xml_node *value = xml_at(parameters, NS_HL7, "livingSubjectBirthTime", "value", NULL);

    out->birth_time = xml_attr(value, "value");
    TRY(range_read(a, value, &out->birth_low, &out->birth_high, issues));
    if (out->birth_time != NULL)
        out->birth_low = out->birth_high = NULL;
    return range_read(a, xml_at(parameters, NS_HL7, "livingSubjectDeceasedTime", "value", NULL), &out->deceased_low,
                      &out->deceased_high, issues);
}

/* Whoever the values of one parameter, or several parameters of one value, mean: any of them. */
static void addresses_read(struct arena *a, const struct xml_node *parameter, struct address **end)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        for (const struct xml_node *v = xml_child(parameter, NS_HL7, "value"); v != NULL; v = xml_next(v)) {
            *end = ARENA_NEW(a, struct address);
            hl7_address_decode(a, v, *end);
            end = &(*end)->next;
        }
    }
}

/* Of these one value is all that can be asked for. */
static enum rc singles_check(struct arena *a, const struct xml_node *parameters, struct issue_list *issues)
{
    static const char *const singles[] = { "livingSubjectAdministrativeGender", "livingSubjectBirthTime",
                                           "livingSubjectDeceasedTime", "patientStatusCode", "patientTelecom" };

    for (size_t i = 0; i < ARRAY_LEN(singles); i++) {
        const struct xml_node *parameter = xml_child(parameters, NS_HL7, singles[i]);
        const struct xml_node *second = xml_next(xml_child(parameter, NS_HL7, "value"));
        if (second == NULL)
            second = xml_next(parameter);
        if (second != NULL)
            return value_refuse(a, second, RULE_V3_QUERY_ONCE, issues, "a query asks for one value of this");
    }
    return OK;
}

static enum rc gender_read(struct arena *a, const struct xml_node *parameters, struct find_query *out,
                           struct issue_list *issues)
{
    const struct xml_node *value = xml_at(parameters, NS_HL7, "livingSubjectAdministrativeGender", "value", NULL);

    out->gender = xml_attr(value, "code");
    if (out->gender == NULL || hl7_is_gender(out->gender))
        return OK;
    rule_break(a, issues, RULE_V3_QUERY_GENDER, hl7_place(a, value, "@code"),
               "\"%.40s\" is no administrative gender: it needs M, F or UN", out->gender);
    return E_REFUSED;
}

static enum rc ids_check(struct arena *a, const struct xml_node *parameter, struct issue_list *issues)
{
    for (; parameter != NULL; parameter = xml_next(parameter)) {
        for (const struct xml_node *v = xml_child(parameter, NS_HL7, "value"); v != NULL; v = xml_next(v)) {
            if (text_absent(xml_attr(v, "extension")))
                return value_refuse(a, v, RULE_V3_QUERY_EXTENSION, issues,
                                    "an id needs a value (extension) in its domain (root)");
        }
    }
    return OK;
}

static enum rc parameters_read(struct arena *a, const struct xml_node *parameters, struct find_query *out,
                               struct issue_list *issues)
{
    if (xml_first_element(parameters) == NULL) {
        rule_break(a, issues, RULE_V3_QUERY_LIST, hl7_place(a, parameters, NULL),
                   "the parameterList is empty: it needs at least one parameter");
        return E_REFUSED;
    }
    TRY(singles_check(a, parameters, issues));
    TRY(names_read(a, xml_child(parameters, NS_HL7, "livingSubjectName"), &out->names, issues));
    TRY(gender_read(a, parameters, out, issues));
    addresses_read(a, xml_child(parameters, NS_HL7, "patientAddress"), &out->address);
    addresses_read(a, xml_child(parameters, NS_HL7, "livingSubjectBirthPlaceAddress"), &out->birth_place);
    TRY(names_read(a, xml_child(parameters, NS_HL7, "livingSubjectBirthPlaceName"), &out->birth_place_names, issues));
    out->telecom = hl7_value(xml_child(parameters, NS_HL7, "patientTelecom"), "value");
    out->status = hl7_code(xml_child(parameters, NS_HL7, "patientStatusCode"), "value");
    TRY(names_read(a, xml_child(parameters, NS_HL7, "mothersMaidenName"), &out->mother, issues));
    TRY(ids_read(a, xml_child(parameters, NS_HL7, "principalCareProviderId"), &out->provider, issues));
    TRY(birth_read(a, parameters, out, issues));
    TRY(ids_check(a, xml_child(parameters, NS_HL7, "livingSubjectId"), issues));
    TRY(ids_read(a, xml_child(parameters, NS_HL7, "livingSubjectId"), &out->ids, issues));
    return ids_read(a, xml_child(parameters, NS_HL7, "otherIDsScopingOrganization"), &out->scoping, issues);
}

static enum rc priority_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                             struct issue_list *issues)
{
    const char *code = hl7_code(query, "responsePriorityCode");

    if (code == NULL)
        return OK;
    if (!text_equal(code, "I") && !text_equal(code, "D"))
        return value_refuse(a, xml_child(query, NS_HL7, "responsePriorityCode"), RULE_V3_QUERY_PRIORITY, issues,
                            "responsePriorityCode is I (immediate) or D (deferred)");
    out->priority = code;
    return OK;
}

static enum rc quantity_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                             struct issue_list *issues)
{
    const char *text = hl7_value(query, "initialQuantity");
    char *end;

    if (text == NULL)
        return OK;
    long n = strtol(text, &end, 10);
    if (end == text || *end != '\0' || n < 1 || n > INT_MAX)
        return value_refuse(a, xml_child(query, NS_HL7, "initialQuantity"), RULE_V3_QUERY_QUANTITY, issues,
                            "initialQuantity is a number of patients, 1 or more");
    out->initial_quantity = (int)n;
    return OK;
}

/* The algorithm and the weight are the supplier's own affair (3.47.4.1.2.3): only the degree asked for counts. */
static enum rc minimum_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                            struct issue_list *issues)
{
    const struct xml_node *value = xml_at(query, NS_HL7, "matchCriterionList", "minimumDegreeMatch", "value", NULL);
    const char *text = xml_attr(value, "value");
    char *end;

    if (value == NULL)
        return OK;
    long n = text == NULL ? -1 : strtol(text, &end, 10);
    if (text == NULL || end == text || *end != '\0' || n < 0 || n > 100)
        return value_refuse(a, value, RULE_V3_QUERY_MINIMUM, issues, "minimumDegreeMatch is a number from 0 to 100");
    out->minimum_match = (int)n;
    return OK;
}

static enum rc query_read(struct arena *a, const struct xml_node *query, struct find_query *out,
                          struct issue_list *issues)
{
    TRY(priority_read(a, query, out, issues));
    TRY(quantity_read(a, query, out, issues));
    TRY(minimum_read(a, query, out, issues));
    return parameters_read(a, xml_child(query, NS_HL7, "parameterList"), out, issues);
}

enum rc find_query_decode(struct arena *a, const struct xml_node *body, struct find_query *out,
                          struct issue_list *issues)
{
    *out = (struct find_query){ .priority = "I", .initial_quantity = -1 };
    enum rc wrapper = hl7_message_decode_as(a, body, QUERY, &out->message, issues);
    const struct xml_node *act = xml_child(body, NS_HL7, "controlActProcess");
    struct xml_node *query = xml_child(act, NS_HL7, "queryByParameter");
    out->query_by_parameter = query;
    out->assigning_authority = xml_attr(xml_at(act, NS_HL7, "authorOrPerformer", "assignedDevice", "id", NULL), "root");
    hl7_ii_read(xml_child(query, NS_HL7, "queryId"), &out->query_id);
    TRY(wrapper);
    TRY(hl7_query_check(a, body, QUERY, issues));
    return query_read(a, query, out, issues);
}

enum rc find_query_reread(struct arena *a, struct str query_by_parameter, struct find_query *out)
{
    struct issue_list known = { 0 };
    struct xml_node *query;

    *out = (struct find_query){ .priority = "I", .initial_quantity = -1 };
    TRY(xml_parse(a, query_by_parameter, NULL, &query, NULL));
    out->query_by_parameter = query;
    hl7_ii_read(xml_child(query, NS_HL7, "queryId"), &out->query_id);
    return query_read(a, query, out, &known);
}

struct str find_query_text(struct arena *a, const struct find_query *q)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);

    xml_write_node(text, q->query_by_parameter);
    return buf_str(text);
}

/* ---- the query, written ---- */

static void author_write(struct xml_writer *w, const char *root)
{
    struct patient_id id = { .root = root };

    if (root == NULL)
        return;
    xw_open(w, "authorOrPerformer");
    xw_attr(w, "typeCode", "AUT");
    xw_open(w, "assignedDevice");
    xw_attr(w, "classCode", "ASSIGNED");
    hl7_ii_write(w, "id", &id);
    xw_close(w);
    xw_close(w);
}

static void gender_write(struct xml_writer *w, const char *gender)
{
    if (gender == NULL)
        return;
    xw_open(w, "livingSubjectAdministrativeGender");
    hl7_code_write(w, "value", gender);
    xw_element(w, "semanticsText", "LivingSubject.administrativeGender");
    xw_close(w);
}

/* Both ends the same is one value. */
static void range_write(struct xml_writer *w, const char *element, const char *semantics, const char *low,
                        const char *high)
{
    bool is_one = low != NULL && text_equal(low, high);

    if (low == NULL && high == NULL)
        return;
    xw_open(w, element);
    xw_open(w, "value");
    xw_attr(w, "value", is_one ? low : NULL);
    if (!is_one) {
        hl7_value_write(w, "low", low);
        hl7_value_write(w, "high", high);
    }
    xw_close(w);
    xw_element(w, "semanticsText", semantics);
    xw_close(w);
}

static void times_write(struct xml_writer *w, const struct find_query *q)
{
    const char *low = q->birth_time != NULL ? q->birth_time : q->birth_low;
    const char *high = q->birth_time != NULL ? q->birth_time : q->birth_high;

    range_write(w, "livingSubjectBirthTime", "LivingSubject.birthTime", low, high);
    range_write(w, "livingSubjectDeceasedTime", "LivingSubject.deceasedTime", q->deceased_low, q->deceased_high);
}

/* Alternatives are values of one parameter in PDQV3, parameters of one value in XCPD (3.47.4.1.2, 3.55.4.1.2.2). */
static void names_write(struct xml_writer *w, const struct person_name *names, bool is_xcpd)
{
    for (const struct person_name *n = names; n != NULL; n = n->next) {
        if (n == names || is_xcpd)
            xw_open(w, "livingSubjectName");
        hl7_name_write(w, "value", n);
        if (n->next != NULL && !is_xcpd)
            continue;
        xw_element(w, "semanticsText", "LivingSubject.name");
        xw_close(w);
    }
}

static void addresses_write(struct xml_writer *w, const char *element, const char *semantics,
                            const struct address *addresses)
{
    if (addresses == NULL)
        return;
    xw_open(w, element);
    for (const struct address *address = addresses; address != NULL; address = address->next)
        hl7_address_write(w, "value", address);
    xw_element(w, "semanticsText", semantics);
    xw_close(w);
}

/* A place has a name without parts. */
static void places_write(struct xml_writer *w, const struct person_name *names)
{
    if (names == NULL)
        return;
    xw_open(w, "livingSubjectBirthPlaceName");
    for (const struct person_name *n = names; n != NULL; n = n->next)
        xw_element(w, "value", n->family);
    xw_element(w, "semanticsText", "LivingSubject.BirthPlace.Place.Name");
    xw_close(w);
}

static void telecom_write(struct xml_writer *w, const char *telecom)
{
    if (telecom == NULL)
        return;
    xw_open(w, "patientTelecom");
    hl7_value_write(w, "value", telecom);
    xw_element(w, "semanticsText", "Patient.telecom");
    xw_close(w);
}

static void mother_write(struct xml_writer *w, const struct person_name *names)
{
    if (names == NULL)
        return;
    xw_open(w, "mothersMaidenName");
    for (const struct person_name *n = names; n != NULL; n = n->next)
        hl7_name_write(w, "value", n);
    xw_element(w, "semanticsText", "Person.MothersMaidenName");
    xw_close(w);
}

static void status_write(struct xml_writer *w, const char *status)
{
    if (status == NULL)
        return;
    xw_open(w, "patientStatusCode");
    hl7_code_write(w, "value", status);
    xw_element(w, "semanticsText", "Patient.statusCode");
    xw_close(w);
}

static void parameters_write(struct xml_writer *w, const struct find_query *q)
{
    xw_open(w, "parameterList");
    gender_write(w, q->gender);
    addresses_write(w, "livingSubjectBirthPlaceAddress", "LivingSubject.BirthPlace.Addr", q->birth_place);
    places_write(w, q->birth_place_names);
    times_write(w, q);
    for (const struct patient_id *id = q->ids; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "livingSubjectId", id, "LivingSubject.id");
    names_write(w, q->names, q->message.sender.home != NULL);
    mother_write(w, q->mother);
    for (const struct patient_id *id = q->scoping; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "otherIDsScopingOrganization", id, "OtherIDs.scopingOrganization.id");
    addresses_write(w, "patientAddress", "Patient.addr", q->address);
    status_write(w, q->status);
    telecom_write(w, q->telecom);
    for (const struct patient_id *id = q->provider; id != NULL; id = id->next)
        hl7_ii_parameter_write(w, "principalCareProviderId", id, "AssignedProvider.id");
    xw_close(w);
}

static void minimum_write(struct xml_writer *w, int minimum)
{
    char digits[12];

    if (minimum <= 0)
        return;
    snprintf(digits, sizeof(digits), "%d", minimum);
    xw_open(w, "matchCriterionList");
    xw_open(w, "minimumDegreeMatch");
    xw_open(w, "value");
    xw_attr(w, "xsi:type", "INT");
    xw_attr(w, "value", digits);
    xw_close(w);
    xw_element(w, "semanticsText", "MatchCriterionList.minimumDegreeMatch");
    xw_close(w);
    xw_close(w);
}

void find_query_encode(struct arena *a, const struct find_query *q, struct buf *out)
{
    struct hl7_message m = q->message;
    struct xml_writer w;

    (void)a;
    m.interaction = QUERY;
    xw_init(&w, out);
    hl7_message_open(&w, &m);
    hl7_control_act_open(&w, QUERY);
    author_write(&w, q->assigning_authority);
    xw_open(&w, "queryByParameter");
    hl7_ii_write(&w, "queryId", &q->query_id);
    hl7_code_write(&w, "statusCode", "new");
    hl7_code_write(&w, "responseModalityCode", "R");
    hl7_code_write(&w, "responsePriorityCode", q->priority == NULL ? "I" : q->priority);
    if (q->initial_quantity > 0) {
        hl7_number_write(&w, "initialQuantity", q->initial_quantity);
        hl7_code_write(&w, "initialQuantityCode", "RD");
    }
    minimum_write(&w, q->minimum_match);
    parameters_write(&w, q);
    xw_close(&w);
    xw_close(&w);
    xw_close(&w);
}
