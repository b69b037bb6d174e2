/* Reading audit messages: what can be read, so that also a record that breaks rules can be found again. */
#include "msg/audit_message.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>

/* RFC 3881 wrote "code", DICOM writes "csd-code". */
static struct audit_code read_code(const struct xml_node *n)
{
    const char *code = xml_attr(n, "csd-code"), *text = xml_attr(n, "originalText");

    return (struct audit_code){ .code = code != NULL ? code : xml_attr(n, "code"),
                                .system = xml_attr(n, "codeSystemName"),
                                .text = text != NULL ? text : xml_attr(n, "displayName") };
}

static struct audit_code *read_codes(struct arena *a, const struct xml_node *parent, const char *element)
{
    struct audit_code *first = NULL, **end = &first;

    for (const struct xml_node *n = xml_child(parent, NULL, element); n != NULL; n = xml_next(n)) {
        struct audit_code c = read_code(n);
        *end = arena_memdup(a, &c, sizeof(c));
        end = &(*end)->next;
    }
    return first;
}

static int read_number(const struct xml_node *n, const char *name)
{
    const char *text = xml_attr(n, name);

    return text != NULL ? (int)strtol(text, NULL, 10) : 0;
}

static void read_event(struct arena *a, const struct xml_node *root, struct audit_message *out)
{
    const struct xml_node *event = xml_child(root, NULL, "EventIdentification");
    const char *action = xml_attr(event, "EventActionCode"), *time = xml_attr(event, "EventDateTime");
    const struct xml_node *text = xml_child(event, NULL, "EventOutcomeDescription");

    out->event = read_code(xml_child(event, NULL, "EventID"));
    out->types = read_codes(a, event, "EventTypeCode");
    out->action = action != NULL && strlen(action) == 1 ? action[0] : '\0';
    if (time == NULL || clock_parse(str_trim(str_from(time)), &out->time_ms) != OK)
        out->time_ms = INT64_MIN;
    out->outcome = (enum audit_outcome)read_number(event, "EventOutcomeIndicator");
    out->outcome_text = text != NULL ? xml_text_trimmed(a, text) : NULL;
    out->purposes = read_codes(a, event, "PurposeOfUse");
}

static void read_participant(struct arena *a, const struct xml_node *n, struct audit_message *out)
{
    const char *requestor = xml_attr(n, "UserIsRequestor");
    const struct audit_participant p = {
        .user_id = xml_attr(n, "UserID"),
        .alternative_id = xml_attr(n, "AlternativeUserID"),
        .user_name = xml_attr(n, "UserName"),
        .is_requestor = text_equal(requestor, "true") || text_equal(requestor, "1"),
        .role = read_code(xml_child(n, NULL, "RoleIDCode")),
        .access_point = xml_attr(n, "NetworkAccessPointID"),
        .access_type = read_number(n, "NetworkAccessPointTypeCode"),
    };

    audit_add_participant(a, out, &p);
}

static struct str read_base64(struct arena *a, const char *text)
{
    struct str value = { "", 0 };

    if (text != NULL && base64_decode(a, str_from(text), &value) != OK)
        return str_from(text); /* kept as it is: the check has told */
    return value;
}

static void read_object(struct arena *a, const struct xml_node *n, bool with_values, struct audit_message *out)
{
    const struct xml_node *name = xml_child(n, NULL, "ParticipantObjectName");
    const struct xml_node *query = xml_child(n, NULL, "ParticipantObjectQuery");
    struct audit_object *o = audit_add_object(
        a, out,
        &(struct audit_object){
            .id = xml_attr(n, "ParticipantObjectID"),
            .type = read_number(n, "ParticipantObjectTypeCode"),
            .role = read_number(n, "ParticipantObjectTypeCodeRole"),
            .life_cycle = read_number(n, "ParticipantObjectDataLifeCycle"),
            .sensitivity = xml_attr(n, "ParticipantObjectSensitivity"),
            .name = name != NULL ? xml_text_trimmed(a, name) : NULL,
            .id_type = read_code(xml_child(n, NULL, "ParticipantObjectIDTypeCode")),
            .query = query != NULL && with_values ? read_base64(a, xml_text(a, query)) : (struct str){ NULL, 0 },
        });

    const struct xml_node *d = with_values ? xml_child(n, NULL, "ParticipantObjectDetail") : NULL;
    for (; d != NULL; d = xml_next(d))
        audit_add_detail(a, o, xml_attr(d, "type"), read_base64(a, xml_attr(d, "value")));
}

void audit_message_decode(struct arena *a, const struct xml_node *root, bool with_values, struct audit_message *out)
{
    const struct xml_node *source = xml_child(root, NULL, "AuditSourceIdentification");
    const struct xml_node *type = xml_child(source, NULL, "AuditSourceTypeCode");

    *out = (struct audit_message){ .source_id = xml_attr(source, "AuditSourceID"),
                                   .site_id = xml_attr(source, "AuditEnterpriseSiteID"),
                                   .source_type = read_number(type, "csd-code") };
    read_event(a, root, out);
    for (const struct xml_node *n = xml_child(root, NULL, "ActiveParticipant"); n != NULL; n = xml_next(n))
        read_participant(a, n, out);
    for (const struct xml_node *n = xml_child(root, NULL, "ParticipantObjectIdentification"); n != NULL;
         n = xml_next(n))
        read_object(a, n, with_values, out);
}
