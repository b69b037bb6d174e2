/*
 * People: patient, patientPerson, asOtherIDs, providerOrganization (ITI TF-2: 3.44.4.1.2, 3.47.4.2.2; element order of
 * NE2008's PRPA_MT201301UV02 and PRPA_MT201310UV02, which agree in all that is written here).
 */
#include "msg/hl7v3.h"

#include "base/arena.h"
#include "base/str.h"
#include "msg/hl7v3_facts.h"
#include "wire/ns.h"

#include <stdio.h>
#include <stdlib.h>

#define OID_GENDER "2.16.840.1.113883.5.1"
#define OID_ROLES  "2.16.840.1.113883.5.111"
#define MOTHER     "MTH"

/* ---- writing ---- */

void hl7_other_id_write(struct xml_writer *w, const struct patient_id *id)
{
    struct patient_id scope = { .root = id->root };

    xw_open(w, "asOtherIDs");
    xw_attr(w, "classCode", "PAT");
    hl7_ii_write(w, "id", id->extension == NULL ? &(struct patient_id){ 0 } : id);
    xw_open(w, "scopingOrganization");
    xw_attr(w, "classCode", "ORG");
    xw_attr(w, "determinerCode", "INSTANCE");
    hl7_ii_write(w, "id", &scope);
    xw_close(w);
    xw_close(w);
}

static void names_write(struct xml_writer *w, const struct person_name *names)
{
    if (names == NULL) { /* the schema wants one */
        xw_open(w, "name");
        xw_attr(w, "nullFlavor", "NA");
        xw_close(w);
    }
    for (const struct person_name *n = names; n != NULL; n = n->next)
        hl7_name_write(w, "name", n);
}

static void telecoms_write(struct xml_writer *w, const struct telecom *telecoms)
{
    for (const struct telecom *t = telecoms; t != NULL; t = t->next) {
        xw_open(w, "telecom");
        xw_attr(w, "value", t->value);
        xw_attr(w, "use", t->use);
        xw_close(w);
    }
}

static void gender_write(struct xml_writer *w, const char *gender)
{
    if (gender == NULL)
        return;
    xw_open(w, "administrativeGenderCode");
    xw_attr(w, "code", gender);
    xw_attr(w, "codeSystem", OID_GENDER);
    xw_close(w);
}

static void mother_write(struct xml_writer *w, const struct person_name *mother)
{
    if (mother == NULL)
        return;
    xw_open(w, "personalRelationship");
    xw_attr(w, "classCode", "PRS");
    xw_open(w, "code");
    xw_attr(w, "code", MOTHER);
    xw_attr(w, "codeSystem", OID_ROLES);
    xw_close(w);
    xw_open(w, "relationshipHolder1");
    xw_attr(w, "classCode", "PSN");
    xw_attr(w, "determinerCode", "INSTANCE");
    for (const struct person_name *n = mother; n != NULL; n = n->next)
        hl7_name_write(w, "name", n);
    xw_close(w);
    xw_close(w);
}

void hl7_person_write(struct xml_writer *w, const struct patient *p)
{
    xw_open(w, "patientPerson");
    xw_attr(w, "classCode", "PSN");
    xw_attr(w, "determinerCode", "INSTANCE");
    names_write(w, p->names);
    telecoms_write(w, p->telecoms);
    gender_write(w, p->gender);
    hl7_value_write(w, "birthTime", p->birth_time);
    hl7_facts_write(w, p->facts, FACT_DECEASED, FACT_BIRTH_ORDER);
    for (const struct address *address = p->addresses; address != NULL; address = address->next)
        hl7_address_write(w, "addr", address);
    hl7_facts_write(w, p->facts, FACT_MARITAL_STATUS, FACT_NATION);
    for (const struct patient_id *id = p->other_ids; id != NULL; id = id->next)
        hl7_other_id_write(w, id);
    mother_write(w, p->mother);
    hl7_birth_place_write(w, p->birth_place, p->birth_place_name);
    hl7_facts_write(w, p->facts, FACT_LANGUAGE, FACT_LANGUAGE);
    xw_close(w);
}

void hl7_provider_write(struct xml_writer *w, const char *root, const char *name)
{
    struct patient_id id = { .root = root };

    if (root == NULL)
        return;
    xw_open(w, "providerOrganization");
    xw_attr(w, "classCode", "ORG");
    xw_attr(w, "determinerCode", "INSTANCE");
    hl7_ii_write(w, "id", &id);
    xw_element(w, "name", name);
    xw_open(w, "contactParty"); /* required by COCT_MT150003UV03, with nothing required in it */
    xw_attr(w, "classCode", "CON");
    xw_close(w);
    xw_close(w);
}

static void match_write(struct xml_writer *w, int match)
{
    char percent[12];

    if (match < 0)
        return;
    snprintf(percent, sizeof(percent), "%d", match);
    xw_open(w, "subjectOf1");
    xw_attr(w, "typeCode", "SBJ");
    xw_open(w, "queryMatchObservation");
    xw_attr(w, "classCode", "COND");
    xw_attr(w, "moodCode", "EVN");
    hl7_code_write(w, "code", "IHE_PDQ");
    xw_open(w, "value");
    xw_attr(w, "xsi:type", "INT");
    xw_attr(w, "value", percent);
    xw_close(w);
    xw_close(w);
    xw_close(w);
}

void hl7_patient_write(struct xml_writer *w, const struct patient *p)
{
    xw_open(w, "patient");
    xw_attr(w, "classCode", "PAT");
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next)
        hl7_ii_write(w, "id", id);
    hl7_code_write(w, "statusCode", p->status == NULL ? "active" : p->status);
    hl7_person_write(w, p);
    hl7_provider_write(w, p->provider_root, p->provider_name);
    match_write(w, p->match);
    xw_close(w);
}

/* ---- reading ---- */

static void ids_decode(struct arena *a, const struct xml_node *patient, struct patient_id **end)
{
    for (const struct xml_node *id = xml_child(patient, NS_HL7, "id"); id != NULL; id = xml_next(id)) {
        if (xml_attr(id, "nullFlavor") != NULL) /* it says that there is none */
            continue;
        *end = hl7_ii_decode(a, id);
        end = &(*end)->next;
    }
}

static void other_ids_decode(struct arena *a, const struct xml_node *person, struct patient_id **end)
{
    for (const struct xml_node *o = xml_child(person, NS_HL7, "asOtherIDs"); o != NULL; o = xml_next(o)) {
        const struct xml_node *id = xml_child(o, NS_HL7, "id");
        if (id == NULL || xml_attr(id, "root") == NULL) /* "no id in this domain" names the domain alone */
            id = xml_at(o, NS_HL7, "scopingOrganization", "id", NULL);
        for (; id != NULL; id = xml_next(id)) {
            *end = hl7_ii_decode(a, id);
            end = &(*end)->next;
        }
    }
}

static void names_decode(struct arena *a, const struct xml_node *person, struct person_name **end)
{
    for (const struct xml_node *n = xml_child(person, NS_HL7, "name"); n != NULL; n = xml_next(n)) {
        struct person_name *name = ARENA_NEW(a, struct person_name);
        hl7_name_decode(a, n, name);
        if (name->family == NULL && name->given == NULL)
            continue;
        *end = name;
        end = &name->next;
    }
}

static void addresses_decode(struct arena *a, const struct xml_node *person, struct address **end)
{
    for (const struct xml_node *n = xml_child(person, NS_HL7, "addr"); n != NULL; n = xml_next(n)) {
        *end = ARENA_NEW(a, struct address);
        hl7_address_decode(a, n, *end);
        end = &(*end)->next;
    }
}

static void telecoms_decode(struct arena *a, const struct xml_node *person, struct telecom **end)
{
    for (const struct xml_node *n = xml_child(person, NS_HL7, "telecom"); n != NULL; n = xml_next(n)) {
        *end = ARENA_NEW(a, struct telecom);
        **end = (struct telecom){ .value = xml_attr(n, "value"), .use = xml_attr(n, "use") };
        end = &(*end)->next;
    }
}

static void mother_decode(struct arena *a, const struct xml_node *person, struct person_name **out)
{
    for (const struct xml_node *r = xml_child(person, NS_HL7, "personalRelationship"); r != NULL; r = xml_next(r)) {
        if (text_equal(hl7_code(r, "code"), MOTHER))
            names_decode(a, xml_child(r, NS_HL7, "relationshipHolder1"), out);
        while (*out != NULL)
            out = &(*out)->next;
    }
}

static int match_decode(const struct xml_node *patient)
{
    const struct xml_node *observation = xml_at(patient, NS_HL7, "subjectOf1", "queryMatchObservation", NULL);
    const char *value = hl7_value(observation, "value");

    return value == NULL ? -1 : (int)MAX(0, MIN(100, strtol(value, NULL, 10)));
}

void hl7_patient_decode(struct arena *a, const struct xml_node *patient, struct patient *out)
{
    const struct xml_node *person = xml_child(patient, NS_HL7, "patientPerson");
    const struct xml_node *provider = xml_child(patient, NS_HL7, "providerOrganization");
    const char *provider_name = xml_text_trimmed(a, xml_child(provider, NS_HL7, "name"));

    *out = (struct patient){
        .gender = hl7_code(person, "administrativeGenderCode"),
        .birth_time = hl7_value(person, "birthTime"),
        .status = hl7_code(patient, "statusCode"),
        .provider_root = xml_attr(xml_child(provider, NS_HL7, "id"), "root"),
        .provider_name = text_absent(provider_name) ? NULL : provider_name,
        .match = match_decode(patient),
    };
    ids_decode(a, patient, &out->ids);
    other_ids_decode(a, person, &out->other_ids);
    names_decode(a, person, &out->names);
    addresses_decode(a, person, &out->addresses);
    telecoms_decode(a, person, &out->telecoms);
    mother_decode(a, person, &out->mother);
    hl7_facts_decode(a, person, &out->facts);
    hl7_birth_place_decode(a, person, out);
}
