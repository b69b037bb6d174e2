#include "msg/audit_objects.h"

#include "base/arena.h"
#include "model/patient.h"
#include "wire/ns.h"

#include <string.h>

#define SET_CLASS      "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
#define SET_PATIENT    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
#define SET_UNIQUE     "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"
#define QUERY_TEXT_MAX ((size_t)64 * 1024) /* of a message that is quoted whole */
#define PATIENTS_MAX   100

struct gather {
    struct arena *arena;
    const struct audit_event *event;
    const struct audit_exchange *x;
    struct audit_message m; /* of which only the objects count */
    char action;
    struct audit_object *gone; /* of a merge: whose event of its own it is */
};

/* ---- pieces ---- */

static struct str text_of(struct gather *g, const struct xml_node *n)
{
    struct buf *out = buf_new(g->arena, QUERY_TEXT_MAX);

    if (n != NULL)
        xml_write_node(out, n);
    return (struct str){ out->data != NULL ? out->data : "", out->len };
}

static struct audit_object *add_query(struct gather *g, const char *id, struct str query)
{
    return audit_add_object(g->arena, &g->m,
                            &(struct audit_object){ .id = id,
                                                    .type = AUDIT_SYSTEM,
                                                    .role = AUDIT_ROLE_QUERY,
                                                    .id_type = { g->event->id, AUDIT_TRANSACTIONS, g->event->text },
                                                    .query = query });
}

static void add_report(struct gather *g, const char *id, const char *repository, const char *home)
{
    struct audit_object *o = audit_add_object(
        g->arena, &g->m,
        &(struct audit_object){ .id = id,
                                .type = AUDIT_SYSTEM,
                                .role = AUDIT_ROLE_REPORT,
                                .id_type = { "9", "RFC-3881", "Report Number" } });

    if (!text_absent(repository))
        audit_add_detail(g->arena, o, "Repository Unique Id", str_from(repository));
    if (!text_absent(home))
        audit_add_detail(g->arena, o, "ihe:homeCommunityID", str_from(home));
}

static const char *cx_of(struct arena *a, const char *root, const char *extension)
{
    return text_absent(extension) ? NULL
           : text_absent(root)    ? extension
                                  : arena_printf(a, "%s^^^&%s&ISO", extension, root);
}

static const char *cx_of_ii(struct arena *a, const struct xml_node *ii)
{
    return cx_of(a, xml_attr(ii, "root"), xml_attr(ii, "extension"));
}

/* ---- XDS: queries ---- */

/* 'id^^^&oid&ISO', maybe several in parentheses: each is a patient. */
static void add_quoted_patients(struct gather *g, const char *value)
{
    while (value != NULL && (value = strchr(value, '\'')) != NULL) {
        const char *end = strchr(value + 1, '\'');
        if (end == NULL)
            return;
        audit_add_patient(g->arena, &g->m, arena_strndup(g->arena, value + 1, (size_t)(end - value - 1)));
        value = end + 1;
    }
}

static bool names_patient(const char *slot)
{
    return slot != NULL && slot[0] == '$' && strstr(slot, "PatientId") != NULL;
}

static void of_stored_query(struct gather *g)
{
    const struct xml_node *query = xml_child(g->x->request, NS_RIM, "AdhocQuery");
    const char *home = xml_attr(query, "home");

    for (const struct xml_node *s = xml_child(query, NS_RIM, "Slot"); s != NULL; s = xml_next(s)) {
        const struct xml_node *v = names_patient(xml_attr(s, "name")) ? xml_at(s, NS_RIM, "ValueList", "Value", NULL)
                                                                      : NULL;
        for (; v != NULL; v = xml_next(v))
            add_quoted_patients(g, xml_text(g->arena, v));
    }
    struct audit_object *o = add_query(g, xml_attr(query, "id"), text_of(g, g->x->request));
    audit_add_detail(g->arena, o, "QueryEncoding", STR("UTF-8"));
    if (!text_absent(home))
        audit_add_detail(g->arena, o, "urn:ihe:iti:xca:2010:homeCommunityId", str_from(home));
}

/* ---- XDS: submissions ---- */

static bool is_submission_set(const struct xml_node *package)
{
    for (const struct xml_node *e = xml_child(package, NS_RIM, "ExternalIdentifier"); e != NULL; e = xml_next(e)) {
        if (text_equal(xml_attr(e, "identificationScheme"), SET_UNIQUE))
            return true;
    }
    return false;
}

static const char *external_id(const struct xml_node *package, const char *scheme)
{
    for (const struct xml_node *e = xml_child(package, NS_RIM, "ExternalIdentifier"); e != NULL; e = xml_next(e)) {
        if (text_equal(xml_attr(e, "identificationScheme"), scheme))
            return xml_attr(e, "value");
    }
    return NULL;
}

static void of_submission(struct gather *g)
{
    const struct xml_node *submit = g->x->request;

    if (!xml_is(submit, NS_LCM, "SubmitObjectsRequest"))
        submit = xml_child(submit, NS_LCM, "SubmitObjectsRequest");
    const struct xml_node *p = xml_at(submit, NS_RIM, "RegistryObjectList", "RegistryPackage", NULL);
    while (p != NULL && !is_submission_set(p))
        p = xml_next(p);
    if (p == NULL)
        return;
    audit_add_patient(g->arena, &g->m, external_id(p, SET_PATIENT));
    audit_add_object(
        g->arena, &g->m,
        &(struct audit_object){ .id = external_id(p, SET_UNIQUE),
                                .type = AUDIT_SYSTEM,
                                .role = AUDIT_ROLE_JOB,
                                .id_type = { SET_CLASS, "IHE XDS Metadata", "submission set classificationNode" } });
}

/* ---- XDS: documents and objects by id ---- */

static const char *child_text(struct gather *g, const struct xml_node *n, const char *name)
{
    const struct xml_node *child = xml_child(n, NS_XDS, name);

    return child != NULL ? xml_text_trimmed(g->arena, child) : NULL;
}

static void of_documents(struct gather *g)
{
    for (const struct xml_node *d = xml_child(g->x->request, NS_XDS, "DocumentRequest"); d != NULL; d = xml_next(d))
        add_report(g, child_text(g, d, "DocumentUniqueId"), child_text(g, d, "RepositoryUniqueId"),
                   child_text(g, d, "HomeCommunityId"));
}

static void of_registry_objects(struct gather *g)
{
    const struct xml_node *ref = xml_at(g->x->request, NS_RIM, "ObjectRefList", "ObjectRef", NULL);

    for (; ref != NULL; ref = xml_next(ref))
        audit_add_object(g->arena, &g->m,
                         &(struct audit_object){
                             .id = xml_attr(ref, "id"),
                             .type = AUDIT_SYSTEM,
                             .role = AUDIT_ROLE_REPORT,
                             .id_type = { "urn:ihe:iti:2017:ObjectRef", g->event->id, "registry object reference" } });
}

/* ---- HL7 v3 ---- */

static const char *message_id_v3(struct gather *g)
{
    const struct xml_node *id = xml_child(g->x->request, NS_HL7, "id");
    const char *root = xml_attr(id, "root"), *extension = xml_attr(id, "extension");

    return text_absent(extension) ? root
           : text_absent(root)    ? extension
                                  : arena_printf(g->arena, "%s^%s", root, extension);
}

static void add_message_id(struct gather *g, struct audit_object *o, const char *type, const char *id)
{
    if (!text_absent(id))
        audit_add_detail(g->arena, o, type, str_from(id));
}

/* The last interaction of each is as unambiguous as its trigger. */
static char feed_action_v3(const struct xml_node *body)
{
    static const struct {
        const char *interaction;
        char action;
    } rows[] = { { "PRPA_IN201301UV02", 'C' }, { "PRPA_IN201302UV02", 'U' }, { "PRPA_IN201304UV02", 'U' } };

    for (size_t i = 0; body != NULL && i < ARRAY_LEN(rows); i++) {
        if (text_equal(body->name, rows[i].interaction))
            return rows[i].action;
    }
    return 'U';
}

/* The object of an id that a merge did away with stands in an event of its own. */
static void set_gone(struct gather *g, const char *cx, const char *type, const char *message_id)
{
    struct audit_message own = { 0 };

    audit_add_patient(g->arena, &own, cx);
    if (own.objects != NULL)
        add_message_id(g, own.objects, type, message_id);
    g->gone = own.objects;
}

static void details_on_patients(struct gather *g, const char *type, const char *message_id)
{
    for (struct audit_object *o = g->m.objects; o != NULL; o = o->next) {
        if (o->role == AUDIT_ROLE_PATIENT)
            add_message_id(g, o, type, message_id);
    }
}

static void of_feed_v3(struct gather *g)
{
    const struct xml_node *registration = xml_at(g->x->request, NS_HL7, "controlActProcess", "subject",
                                                 "registrationEvent", NULL);
    const struct xml_node *id = xml_at(registration, NS_HL7, "subject1", "patient", "id", NULL);
    const struct xml_node *gone = xml_at(registration, NS_HL7, "replacementOf", "priorRegistration", "subject1",
                                         "priorRegisteredRole", "id", NULL);

    g->action = feed_action_v3(g->x->request);
    for (int n = 0; id != NULL && n < PATIENTS_MAX; id = xml_next(id), n++)
        audit_add_patient(g->arena, &g->m, cx_of_ii(g->arena, id));
    details_on_patients(g, "II", message_id_v3(g));
    if (gone != NULL)
        set_gone(g, cx_of_ii(g->arena, gone), "II", message_id_v3(g));
}

/* Whom the answer is about. */
static void add_found_patients(struct gather *g)
{
    const struct xml_node *subject = xml_at(g->x->response, NS_HL7, "controlActProcess", "subject", NULL);
    int n = 0;

    for (; subject != NULL; subject = xml_next(subject)) {
        const struct xml_node *id = xml_at(subject, NS_HL7, "registrationEvent", "subject1", "patient", "id", NULL);
        for (; id != NULL && n < PATIENTS_MAX; id = xml_next(id), n++)
            audit_add_patient(g->arena, &g->m, cx_of_ii(g->arena, id));
    }
}

static void add_asked_patients(struct gather *g, const struct xml_node *by_parameter)
{
    const struct xml_node *p = xml_at(by_parameter, NS_HL7, "parameterList", "patientIdentifier", NULL);

    for (; p != NULL; p = xml_next(p))
        audit_add_patient(g->arena, &g->m, cx_of_ii(g->arena, xml_child(p, NS_HL7, "value")));
}

/* Who asks in another community learns of patients there, and records none of them (ITI TF-2: 3.55.5.1). */
static bool records_found(const struct gather *g)
{
    return strcmp(g->event->id, "ITI-55") != 0 || !g->x->is_initiating;
}

static const char *receiver_home(const struct gather *g)
{
    return xml_attr(
        xml_at(g->x->request, NS_HL7, "receiver", "device", "asAgent", "representedOrganization", "id", NULL), "root");
}

static void of_query_v3(struct gather *g)
{
    const struct xml_node *by_parameter = xml_at(g->x->request, NS_HL7, "controlActProcess", "queryByParameter", NULL);
    const struct xml_node *id = xml_child(by_parameter, NS_HL7, "queryId");
    const char *home = receiver_home(g);

    add_asked_patients(g, by_parameter);
    if (records_found(g))
        add_found_patients(g);
    struct audit_object *o = add_query(g, cx_of_ii(g->arena, id), text_of(g, by_parameter));
    if (!text_absent(home))
        audit_add_detail(g->arena, o, "ihe:homeCommunityID", str_from(arena_printf(g->arena, "urn:oid:%s", home)));
    add_message_id(g, o, "MSH-10", message_id_v3(g));
}

/* ---- HL7 v2 ---- */

static const char *cx_of_field(struct gather *g, const struct hl7v2 *m, const struct hl7v2_segment *s, int field,
                               int repetition)
{
    const char *id = hl7v2_part(m, s, field, repetition, 1, 1), *oid = hl7v2_part(m, s, field, repetition, 4, 2);
    const char *name = hl7v2_part(m, s, field, repetition, 4, 1);

    return text_absent(id)    ? NULL
           : text_absent(oid) ? (text_absent(name) ? id : arena_printf(g->arena, "%s^^^%s", id, name))
                              : arena_printf(g->arena, "%s^^^%s&%s&ISO", id, name != NULL ? name : "", oid);
}

static const char *message_id_v2(const struct hl7v2 *m)
{
    return hl7v2_text(m, hl7v2_segment(m, "MSH"), 10, 1);
}

static void add_patients_v2(struct gather *g, const struct hl7v2 *m)
{
    int n = 0;

    for (const struct hl7v2_segment *s = hl7v2_segment(m, "PID"); s != NULL; s = hl7v2_next(s)) {
        int count = MIN(hl7v2_repetitions(m, s, 3), PATIENTS_MAX);
        for (int i = 1; i <= count && n < PATIENTS_MAX; i++, n++)
            audit_add_patient(g->arena, &g->m, cx_of_field(g, m, s, 3, i));
    }
}

static char feed_action_v2(const char *trigger)
{
    static const char *const added[] = { "A01", "A04", "A05", "A28" };

    for (size_t i = 0; i < ARRAY_LEN(added); i++) {
        if (text_equal(trigger, added[i]))
            return 'C';
    }
    return 'U';
}

static void of_feed_v2(struct gather *g)
{
    const struct hl7v2 *m = g->x->request_v2;
    const struct hl7v2_segment *gone;

    if (m == NULL || m->segments == NULL)
        return;
    g->action = feed_action_v2(hl7v2_text(m, hl7v2_segment(m, "MSH"), 9, 2));
    add_patients_v2(g, m);
    details_on_patients(g, "MSH-10", message_id_v2(m));
    if ((gone = hl7v2_segment(m, "MRG")) != NULL)
        set_gone(g, cx_of_field(g, m, gone, 1, 1), "MSH-10", message_id_v2(m));
}

static void of_query_v2(struct gather *g)
{
    const struct hl7v2 *m = g->x->request_v2;
    const struct hl7v2_segment *qpd;

    if (m == NULL || m->segments == NULL)
        return;
    qpd = hl7v2_segment(m, "QPD");
    audit_add_patient(g->arena, &g->m, qpd != NULL ? cx_of_field(g, m, qpd, 3, 1) : NULL);
    if (g->x->response_v2 != NULL && g->x->response_v2->segments != NULL)
        add_patients_v2(g, g->x->response_v2);
    struct audit_object *o = add_query(g, qpd != NULL ? hl7v2_text(m, qpd, 2, 1) : NULL,
                                       qpd != NULL ? qpd->text : STR(""));
    add_message_id(g, o, "MSH-10", message_id_v2(m));
}

/* ---- imaging, subscriptions ---- */

static void of_images(struct gather *g)
{
    const struct xml_node *study = xml_first_element(g->x->request);

    for (; study != NULL; study = xml_next_element(study)) {
        if (strcmp(study->name, "StudyRequest") == 0)
            audit_add_object(g->arena, &g->m,
                             &(struct audit_object){ .id = xml_attr(study, "studyInstanceUID"),
                                                     .type = AUDIT_SYSTEM,
                                                     .role = AUDIT_ROLE_REPORT,
                                                     .id_type = { "110180", "DCM", "Study Instance UID" } });
    }
}

/* Slots that name a patient, however deep a subscription or notification wraps them. */
static void add_patients_below(struct gather *g, const struct xml_node *n)
{
    for (const struct xml_node *e = xml_first_element(n); e != NULL; e = xml_next_element(e)) {
        const struct xml_node *v = xml_is(e, NS_RIM, "Slot") && names_patient(xml_attr(e, "name"))
                                       ? xml_at(e, NS_RIM, "ValueList", "Value", NULL)
                                       : NULL;
        for (; v != NULL; v = xml_next(v))
            add_quoted_patients(g, xml_text(g->arena, v));
        if (xml_is(e, NS_RIM, "ExternalIdentifier") && text_equal(xml_attr(e, "identificationScheme"), SET_PATIENT))
            audit_add_patient(g->arena, &g->m, xml_attr(e, "value"));
        add_patients_below(g, e);
    }
}

static void of_whole_message(struct gather *g)
{
    add_patients_below(g, g->x->request);
    add_query(g, NULL, text_of(g, g->x->request));
}

/* ---- all ---- */

static void (*const gatherers[AUDIT_SUBJECTS])(struct gather *g) = {
    [AUDIT_OF_STORED_QUERY] = of_stored_query,
    [AUDIT_OF_SUBMISSION] = of_submission,
    [AUDIT_OF_RETRIEVAL] = of_documents,
    [AUDIT_OF_REGISTRY_OBJECTS] = of_registry_objects,
    [AUDIT_OF_REMOVED_DOCUMENTS] = of_documents,
    [AUDIT_OF_FEED_V3] = of_feed_v3,
    [AUDIT_OF_FEED_V2] = of_feed_v2,
    [AUDIT_OF_QUERY_V3] = of_query_v3,
    [AUDIT_OF_QUERY_V2] = of_query_v2,
    [AUDIT_OF_IMAGES] = of_images,
    [AUDIT_OF_SUBSCRIPTION] = of_whole_message,
    [AUDIT_OF_NOTIFICATION] = of_whole_message,
    [AUDIT_OF_LOCATION] = of_whole_message,
};

static struct audit_part *part_new(struct arena *a, char action, struct audit_object *objects)
{
    struct audit_part *p = ARENA_NEW(a, struct audit_part);

    *p = (struct audit_part){ .action = action, .objects = objects };
    return p;
}

struct audit_part *audit_parts(struct arena *a, const struct audit_event *event, const struct audit_exchange *x)
{
    const struct audit_side *side = audit_event_side(event, x->is_initiating);
    struct gather g = { .arena = a, .event = event, .x = x, .action = 'U' };

    if (x->request != NULL || x->request_v2 != NULL)
        gatherers[event->subject](&g);
    struct audit_part *first = part_new(a, side->action == '*' ? g.action : side->action, g.m.objects);
    if (g.gone != NULL)
        first->next = part_new(a, 'D', g.gone);
    return first;
}
