/* ITI TF-2: 3.56.4.1.2, 3.56.4.2.2. */
#include "msg/patient_location.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/rule.h"
#include "msg/hl7v3.h"
#include "wire/ns.h"

#define QUERY  "PatientLocationQueryRequest"
#define ANSWER "PatientLocationQueryResponse"

static bool is_whole(const struct patient_id *id)
{
    return !text_absent(id->root) && !text_absent(id->extension);
}

enum rc location_query_decode(struct arena *a, const struct xml_node *body, struct patient_id *out,
                              struct issue_list *issues)
{
    *out = (struct patient_id){ 0 };
    if (!xml_is(body, NS_XCPD, QUERY)) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body), "the body must be an xcpd:" QUERY " (%s)",
                   NS_XCPD);
        return E_REFUSED;
    }
    hl7_ii_read(xml_child(body, NS_XCPD, "RequestedPatientId"), out);
    if (is_whole(out))
        return OK;
    rule_break(a, issues, RULE_XCPD_LOCATION, xml_path(a, body),
               "it needs a RequestedPatientId with root and extension: the patient as this community calls them");
    return E_REFUSED;
}

void location_query_encode(const struct patient_id *patient, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "xcpd:" QUERY);
    xw_attr(&w, "xmlns:xcpd", NS_XCPD);
    hl7_ii_write(&w, "xcpd:RequestedPatientId", patient);
    xw_close(&w);
}

void location_answer_encode(const struct patient_id *requested, const struct patient_place *places, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "xcpd:" ANSWER);
    xw_attr(&w, "xmlns:xcpd", NS_XCPD);
    for (const struct patient_place *p = places; p != NULL; p = p->next) {
        xw_open(&w, "xcpd:PatientLocationResponse");
        xw_element(&w, "xcpd:HomeCommunityId", p->home);
        hl7_ii_write(&w, "xcpd:CorrespondingPatientId", &p->id);
        hl7_ii_write(&w, "xcpd:RequestedPatientId", requested);
        xw_close(&w);
    }
    xw_close(&w);
}

enum rc location_answer_decode(struct arena *a, const struct xml_node *body, struct patient_place **out)
{
    struct patient_place *places = NULL, **end = &places;

    if (!xml_is(body, NS_XCPD, ANSWER))
        return E_SYNTAX;
    for (const struct xml_node *n = xml_child(body, NS_XCPD, "PatientLocationResponse"); n != NULL; n = xml_next(n)) {
        const struct xml_node *home = xml_child(n, NS_XCPD, "HomeCommunityId");
        struct patient_place p = { .home = home == NULL ? NULL : xml_text_trimmed(a, home) };
        hl7_ii_read(xml_child(n, NS_XCPD, "CorrespondingPatientId"), &p.id);
        if (text_absent(p.home) || !is_whole(&p.id))
            continue;
        *end = arena_memdup(a, &p, sizeof(p));
        end = &(*end)->next;
    }
    *out = places;
    return OK;
}
