/* Writing audit messages (DICOM PS3.15 A.5.1). Elements and attributes stand in the schema's order. */
#include "msg/audit_message.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "wire/xml.h"

#include <stdio.h>
#include <string.h>

/* ---- making ---- */

struct audit_participant *audit_add_participant(struct arena *a, struct audit_message *m,
                                                const struct audit_participant *p)
{
    struct audit_participant **end = &m->participants;

    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_memdup(a, p, sizeof(*p));
    (*end)->next = NULL;
    return *end;
}

struct audit_object *audit_add_object(struct arena *a, struct audit_message *m, const struct audit_object *o)
{
    struct audit_object **end = &m->objects;

    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_memdup(a, o, sizeof(*o));
    (*end)->next = NULL;
    return *end;
}

void audit_add_detail(struct arena *a, struct audit_object *o, const char *type, struct str value)
{
    struct audit_detail **end = &o->details;

    while (*end != NULL)
        end = &(*end)->next;
    *end = ARENA_NEW(a, struct audit_detail);
    **end = (struct audit_detail){ .type = type, .value = value };
}

void audit_add_patient(struct arena *a, struct audit_message *m, const char *cx)
{
    if (text_absent(cx))
        return;
    for (const struct audit_object *o = m->objects; o != NULL; o = o->next) {
        if (o->role == AUDIT_ROLE_PATIENT && text_equal(o->id, cx))
            return;
    }
    audit_add_object(a, m,
                     &(struct audit_object){ .id = cx,
                                             .type = AUDIT_PERSON,
                                             .role = AUDIT_ROLE_PATIENT,
                                             .id_type = { "2", "RFC-3881", "Patient Number" } });
}

/* ---- writing: straight into the buffer, since every transaction pays for it ---- */

static void attr(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_add_char(out, ' ');
    buf_add_text(out, name);
    buf_add_literal(out, "=\"");
    xml_escape(out, value);
    buf_add_char(out, '"');
}

static void number_attr(struct buf *out, const char *name, int value)
{
    if (value != 0)
        buf_printf(out, " %s=\"%d\"", name, value);
}

static void code(struct buf *out, const char *element, const struct audit_code *c)
{
    if (c->code == NULL)
        return;
    buf_add_char(out, '<');
    buf_add_text(out, element);
    attr(out, "csd-code", c->code);
    attr(out, "codeSystemName", c->system);
    attr(out, "originalText", c->text);
    buf_add_literal(out, "/>");
}

static void codes(struct buf *out, const char *element, const struct audit_code *c)
{
    for (; c != NULL; c = c->next)
        code(out, element, c);
}

static void write_event(struct buf *out, const struct audit_message *m)
{
    char time[CLOCK_ISO_MS_LEN];

    clock_iso_ms(m->time_ms, time);
    buf_add_literal(out, "<EventIdentification");
    if (m->action != 0)
        attr(out, "EventActionCode", (char[]){ m->action, '\0' });
    attr(out, "EventDateTime", time);
    buf_printf(out, " EventOutcomeIndicator=\"%d\">", (int)m->outcome);
    code(out, "EventID", &m->event);
    codes(out, "EventTypeCode", m->types);
    if (m->outcome_text != NULL) {
        buf_add_literal(out, "<EventOutcomeDescription>");
        xml_escape(out, m->outcome_text);
        buf_add_literal(out, "</EventOutcomeDescription>");
    }
    codes(out, "PurposeOfUse", m->purposes);
    buf_add_literal(out, "</EventIdentification>");
}

static void write_participant(struct buf *out, const struct audit_participant *p)
{
    buf_add_literal(out, "<ActiveParticipant");
    attr(out, "UserID", p->user_id != NULL ? p->user_id : "");
    attr(out, "AlternativeUserID", p->alternative_id);
    attr(out, "UserName", p->user_name);
    attr(out, "UserIsRequestor", p->is_requestor ? "true" : "false");
    attr(out, "NetworkAccessPointID", p->access_point);
    number_attr(out, "NetworkAccessPointTypeCode", p->access_type);
    buf_add_char(out, '>');
    code(out, "RoleIDCode", &p->role);
    buf_add_literal(out, "</ActiveParticipant>");
}

static void write_source(struct buf *out, const struct audit_message *m)
{
    buf_add_literal(out, "<AuditSourceIdentification");
    attr(out, "AuditEnterpriseSiteID", m->site_id);
    attr(out, "AuditSourceID", m->source_id != NULL ? m->source_id : "");
    if (m->source_type == 0)
        buf_add_literal(out, "/>");
    else
        buf_printf(out, "><AuditSourceTypeCode csd-code=\"%d\"/></AuditSourceIdentification>", m->source_type);
}

static void write_object(struct buf *out, const struct audit_object *o)
{
    buf_add_literal(out, "<ParticipantObjectIdentification");
    attr(out, "ParticipantObjectID", o->id);
    number_attr(out, "ParticipantObjectTypeCode", o->type);
    number_attr(out, "ParticipantObjectTypeCodeRole", o->role);
    number_attr(out, "ParticipantObjectDataLifeCycle", o->life_cycle);
    attr(out, "ParticipantObjectSensitivity", o->sensitivity);
    buf_add_char(out, '>');
    code(out, "ParticipantObjectIDTypeCode", &o->id_type);
    if (o->query.data != NULL) {
        buf_add_literal(out, "<ParticipantObjectQuery>");
        base64_encode(o->query, out);
        buf_add_literal(out, "</ParticipantObjectQuery>");
    } else if (o->name != NULL) {
        buf_add_literal(out, "<ParticipantObjectName>");
        xml_escape(out, o->name);
        buf_add_literal(out, "</ParticipantObjectName>");
    }
    for (const struct audit_detail *d = o->details; d != NULL; d = d->next) {
        buf_add_literal(out, "<ParticipantObjectDetail");
        attr(out, "type", d->type);
        buf_add_literal(out, " value=\"");
        base64_encode(d->value, out);
        buf_add_literal(out, "\"/>");
    }
    buf_add_literal(out, "</ParticipantObjectIdentification>");
}

void audit_message_encode(const struct audit_message *m, struct buf *out)
{
    buf_add_literal(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>");
    write_event(out, m);
    for (const struct audit_participant *p = m->participants; p != NULL; p = p->next)
        write_participant(out, p);
    write_source(out, m);
    for (const struct audit_object *o = m->objects; o != NULL; o = o->next)
        write_object(out, o);
    buf_add_literal(out, "</AuditMessage>");
}
