#include "audit/fhir_event.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdio.h>
#include <string.h>

/* What codeSystemName is as a URI. */
static const struct {
    const char *name, *uri;
} systems[] = {
    { "DCM", "http://dicom.nema.org/resources/ontology/DCM" },
    { "IHE Transactions", "urn:ihe:event-type-code" },
    { "RFC-3881", "http://terminology.hl7.org/CodeSystem/rfc-3881" },
};

static const char *system_uri(const char *name)
{
    for (size_t i = 0; name != NULL && i < ARRAY_LEN(systems); i++) {
        if (strcmp(systems[i].name, name) == 0)
            return systems[i].uri;
    }
    return name;
}

static void text(struct json_writer *w, const char *key, const char *value)
{
    if (!text_absent(value))
        jw_text(w, key, value);
}

static void coding(struct json_writer *w, const char *key, const struct audit_code *c)
{
    jw_object(w, key);
    text(w, "system", system_uri(c->system));
    text(w, "code", c->code);
    text(w, "display", c->text);
    jw_end_object(w);
}

/* A code that is but a number of one of FHIR's own lists. */
static void number_coding(struct json_writer *w, const char *key, const char *system, int code)
{
    char digits[16];

    if (code == 0)
        return;
    snprintf(digits, sizeof(digits), "%d", code);
    jw_object(w, key);
    jw_text(w, "system", system);
    jw_text(w, "code", digits);
    jw_end_object(w);
}

static void concept(struct json_writer *w, const char *key, const struct audit_code *c)
{
    jw_object(w, key);
    jw_list(w, "coding");
    coding(w, NULL, c);
    jw_end_list(w);
    jw_end_object(w);
}

static void identified(struct json_writer *w, const char *key, const char *id)
{
    if (text_absent(id))
        return;
    jw_object(w, key);
    jw_object(w, "identifier");
    jw_text(w, "value", id);
    jw_end_object(w);
    jw_end_object(w);
}

static void base64(struct json_writer *w, const char *key, struct str value)
{
    struct buf out;

    buf_init(&out, BUF_MAX_DEFAULT);
    base64_encode(value, &out);
    jw_text(w, key, buf_text(&out));
    buf_clear(&out);
}

static void write_agent(struct json_writer *w, const struct audit_participant *p)
{
    char type[2] = { (char)('0' + p->access_type), '\0' };

    jw_object(w, NULL);
    if (p->role.code != NULL)
    concept(w, "type", &p->role);
    identified(w, "who", p->user_id);
    text(w, "altId", p->alternative_id);
    text(w, "name", p->user_name);
    jw_bool(w, "requestor", p->is_requestor);
    if (!text_absent(p->access_point)) {
        jw_object(w, "network");
        jw_text(w, "address", p->access_point);
        if (p->access_type >= 1 && p->access_type <= 5)
            jw_text(w, "type", type);
        jw_end_object(w);
    }
    jw_end_object(w);
}

static void write_source(struct json_writer *w, const struct audit_message *m)
{
    jw_object(w, "source");
    text(w, "site", m->site_id);
    jw_object(w, "observer");
    jw_object(w, "identifier");
    jw_text(w, "value", m->source_id != NULL ? m->source_id : "");
    jw_end_object(w);
    jw_end_object(w);
    if (m->source_type != 0) {
        jw_list(w, "type");
        number_coding(w, NULL, "http://terminology.hl7.org/CodeSystem/security-source-type", m->source_type);
        jw_end_list(w);
    }
    jw_end_object(w);
}

static void write_entity(struct json_writer *w, const struct audit_object *o)
{
    jw_object(w, NULL);
    identified(w, "what", o->id);
    number_coding(w, "type", "http://terminology.hl7.org/CodeSystem/audit-entity-type", o->type);
    number_coding(w, "role", "http://terminology.hl7.org/CodeSystem/object-role", o->role);
    number_coding(w, "lifecycle", "http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle", o->life_cycle);
    text(w, "name", o->name);
    text(w, "description", o->id_type.text);
    if (o->query.data != NULL)
        base64(w, "query", o->query);
    if (o->details != NULL)
        jw_list(w, "detail");
    for (const struct audit_detail *d = o->details; d != NULL; d = d->next) {
        jw_object(w, NULL);
        jw_text(w, "type", d->type != NULL ? d->type : "");
        base64(w, "valueBase64Binary", d->value);
        jw_end_object(w);
    }
    if (o->details != NULL)
        jw_end_list(w);
    jw_end_object(w);
}

static void write_event(struct json_writer *w, const struct record *r, const struct audit_message *m)
{
    char time[CLOCK_ISO_MS_LEN], outcome[16];

    clock_iso_ms(r->time, time);
    snprintf(outcome, sizeof(outcome), "%d", (int)m->outcome);
    coding(w, "type", &m->event);
    if (m->types != NULL)
        jw_list(w, "subtype");
    for (const struct audit_code *c = m->types; c != NULL; c = c->next)
        coding(w, NULL, c);
    if (m->types != NULL)
        jw_end_list(w);
    text(w, "action", r->action);
    jw_text(w, "recorded", time);
    jw_text(w, "outcome", outcome);
    text(w, "outcomeDesc", m->outcome_text);
    if (m->purposes != NULL)
        jw_list(w, "purposeOfEvent");
    for (const struct audit_code *c = m->purposes; c != NULL; c = c->next)
    concept(w, NULL, c);
    if (m->purposes != NULL)
        jw_end_list(w);
}

void fhir_event_write(struct json_writer *w, const char *key, const struct record *r, const struct audit_message *m)
{
    char id[24];

    snprintf(id, sizeof(id), "%lld", (long long)r->id);
    jw_object(w, key);
    jw_text(w, "resourceType", "AuditEvent");
    jw_text(w, "id", id);
    write_event(w, r, m);
    jw_list(w, "agent");
    for (const struct audit_participant *p = m->participants; p != NULL; p = p->next)
        write_agent(w, p);
    jw_end_list(w);
    write_source(w, m);
    if (m->objects != NULL)
        jw_list(w, "entity");
    for (const struct audit_object *o = m->objects; o != NULL; o = o->next)
        write_entity(w, o);
    if (m->objects != NULL)
        jw_end_list(w);
    jw_end_object(w);
}
