/*
 * The DICOM schema of audit messages (PS3.15 A.5.1) as rows, and what the framework says of its transactions' events.
 * Order of elements is judged, too: the schema's groups are sequences.
 */
#include "msg/audit_message.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "msg/audit_event.h"
#include "wire/xml.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_MAX 20
#define MANY         INT_MAX

/* ---- the schema ---- */

enum value_kind { V_TEXT, V_NUMBER, V_CHOICE, V_TIME, V_BOOL, V_BASE64 };

struct attribute_row {
    const char *element, *name;
    bool is_required;
    enum value_kind kind;
    int from, to;       /* V_NUMBER */
    const char *choice; /* V_CHOICE: words between spaces */
};

/* "coded" stands for every element that is a coded value. */
#define CODED "coded"

static const struct attribute_row attributes[] = {
    { "EventIdentification", "EventActionCode", false, V_CHOICE, .choice = "C R U D E" },
    { "EventIdentification", "EventDateTime", true, V_TIME },
    { "EventIdentification", "EventOutcomeIndicator", true, V_CHOICE, .choice = "0 4 8 12" },
    { "ActiveParticipant", "UserID", true, V_TEXT },
    { "ActiveParticipant", "AlternativeUserID", false, V_TEXT },
    { "ActiveParticipant", "UserName", false, V_TEXT },
    { "ActiveParticipant", "UserIsRequestor", true, V_BOOL },
    { "ActiveParticipant", "NetworkAccessPointID", false, V_TEXT },
    { "ActiveParticipant", "NetworkAccessPointTypeCode", false, V_NUMBER, 1, 5 },
    { "AuditSourceIdentification", "AuditSourceID", true, V_TEXT },
    { "AuditSourceIdentification", "AuditEnterpriseSiteID", false, V_TEXT },
    { "AuditSourceTypeCode", "csd-code", true, V_TEXT },
    { "AuditSourceTypeCode", "codeSystemName", false, V_TEXT },
    { "AuditSourceTypeCode", "originalText", false, V_TEXT },
    { "AuditSourceTypeCode", "displayName", false, V_TEXT },
    { "ParticipantObjectIdentification", "ParticipantObjectID", false, V_TEXT },
    { "ParticipantObjectIdentification", "ParticipantObjectTypeCode", false, V_NUMBER, 1, 4 },
    { "ParticipantObjectIdentification", "ParticipantObjectTypeCodeRole", false, V_NUMBER, 1, 26 },
    { "ParticipantObjectIdentification", "ParticipantObjectDataLifeCycle", false, V_NUMBER, 1, 15 },
    { "ParticipantObjectIdentification", "ParticipantObjectSensitivity", false, V_TEXT },
    { "ParticipantObjectDetail", "type", true, V_TEXT },
    { "ParticipantObjectDetail", "value", true, V_BASE64 },
    { "MPPS", "UID", true, V_TEXT },
    { "Accession", "Number", true, V_TEXT },
    { "SOPClass", "UID", false, V_TEXT },
    { "SOPClass", "NumberOfInstances", true, V_NUMBER, 0, INT_MAX },
    { "Instance", "UID", true, V_TEXT },
    { "StudyIDs", "UID", true, V_TEXT },
    { CODED, "csd-code", true, V_TEXT },
    { CODED, "codeSystemName", true, V_TEXT },
    { CODED, "originalText", true, V_TEXT },
    { CODED, "displayName", false, V_TEXT },
};

/* Children in the order of their parent's sequence. */
static const struct child_row {
    const char *parent, *name;
    int min, max;
    bool is_coded;
    enum value_kind text; /* of its content */
} children[] = {
    { "AuditMessage", "EventIdentification", 1, 1 },
    { "AuditMessage", "ActiveParticipant", 1, MANY },
    { "AuditMessage", "AuditSourceIdentification", 1, MANY }, /* PS3.15 has several, the schema file one */
    { "AuditMessage", "ParticipantObjectIdentification", 0, MANY },
    { "EventIdentification", "EventID", 1, 1, true },
    { "EventIdentification", "EventTypeCode", 0, MANY, true },
    { "EventIdentification", "EventOutcomeDescription", 0, 1 },
    { "EventIdentification", "PurposeOfUse", 0, MANY, true },
    { "ActiveParticipant", "RoleIDCode", 0, MANY, true },
    { "ActiveParticipant", "MediaIdentifier", 0, 1 },
    { "MediaIdentifier", "MediaType", 1, 1, true },
    { "AuditSourceIdentification", "AuditSourceTypeCode", 0, MANY },
    { "ParticipantObjectIdentification", "ParticipantObjectIDTypeCode", 1, 1, true },
    { "ParticipantObjectIdentification", "ParticipantObjectName", 0, 1 },
    { "ParticipantObjectIdentification", "ParticipantObjectQuery", 0, 1, false, V_BASE64 },
    { "ParticipantObjectIdentification", "ParticipantObjectDetail", 0, MANY },
    { "ParticipantObjectIdentification", "ParticipantObjectDescription", 0, MANY },
    { "ParticipantObjectDescription", "MPPS", 0, MANY },
    { "ParticipantObjectDescription", "Accession", 0, MANY },
    { "ParticipantObjectDescription", "SOPClass", 0, MANY },
    { "ParticipantObjectDescription", "ParticipantObjectContainsStudy", 0, 1 },
    { "ParticipantObjectDescription", "Encrypted", 0, 1, false, V_BOOL },
    { "ParticipantObjectDescription", "Anonymized", 0, 1, false, V_BOOL },
    { "SOPClass", "Instance", 0, MANY },
    { "ParticipantObjectContainsStudy", "StudyIDs", 0, MANY },
};

/* ---- findings ---- */

struct check {
    struct arena *arena;
    struct audit_finding *first, **end;
    int count;
};

static void PRINTF_LIKE(4, 5) find(struct check *c, enum rule rule, const char *place, const char *fmt, ...)
{
    va_list ap;

    if (c->count++ >= FINDINGS_MAX)
        return;
    struct audit_finding *f = ARENA_NEW(c->arena, struct audit_finding);
    va_start(ap, fmt);
    *f = (struct audit_finding){ .rule = rule, .place = place, .text = arena_vprintf(c->arena, fmt, ap) };
    va_end(ap);
    *c->end = f;
    c->end = &f->next;
}

/* ---- values ---- */

static bool is_number(const char *text, int from, int to)
{
    char *end;
    long n = strtol(text, &end, 10);

    return end != text && *end == '\0' && n >= from && n <= to;
}

static bool is_word_of(const char *words, const char *text)
{
    size_t n = strlen(text);

    for (const char *at = words; n > 0 && (at = strstr(at, text)) != NULL; at++) {
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return strchr(text, ' ') == NULL;
    }
    return false;
}

static bool is_bool(const char *text)
{
    return is_word_of("true false 1 0", text);
}

/* Characters of base64 with its padding; decoding it here would cost every record a copy. */
static bool is_base64(const char *text)
{
    size_t digits = 0, padding = 0;

    for (; *text != '\0'; text++) {
        if (strchr(" \t\r\n", *text) != NULL)
            continue;
        bool is_digit = (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z') ||
                        (*text >= '0' && *text <= '9') || *text == '+' || *text == '/';
        if (*text == '=')
            padding++;
        else if (!is_digit || padding > 0)
            return false;
        digits += is_digit;
    }
    return padding <= 2 && (digits + padding) % 4 == 0;
}

/* NULL when it fits; otherwise what would. */
static const char *value_wants(struct arena *a, const struct attribute_row *row, const char *value)
{
    int64_t ms;

    switch (row->kind) {
    case V_TEXT:
        return NULL;
    case V_NUMBER:
        return is_number(value, row->from, row->to) ? NULL
                                                    : arena_printf(a, "a number from %d to %d", row->from, row->to);
    case V_CHOICE:
        return is_word_of(row->choice, value) ? NULL : arena_printf(a, "one of %s", row->choice);
    case V_TIME:
        return clock_parse(str_trim(str_from(value)), &ms) == OK
                   ? NULL
                   : "a date and time with its zone, such as 2026-04-01T09:00:00+09:00";
    case V_BOOL:
        return is_bool(value) ? NULL : "true or false";
    case V_BASE64:
        return is_base64(value) ? NULL : "base64";
    }
    die("audit: a row without a kind of value");
}

static void check_value(struct check *c, const struct attribute_row *row, const char *value, const struct xml_node *n)
{
    const char *wants = value_wants(c->arena, row, value);

    if (wants != NULL)
        find(c, RULE_ATNA_VALUE, xml_path(c->arena, n), "%s is \"%.80s\"; it must be %s", row->name, value, wants);
}

/* ---- attributes ---- */

/* RFC 3881 wrote code for csd-code: both are taken. */
static bool names_attribute(const struct attribute_row *row, const char *name)
{
    return strcmp(row->name, name) == 0 || (strcmp(row->name, "csd-code") == 0 && strcmp(name, "code") == 0);
}

static const struct attribute_row *attribute_find(const char *element, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        if (strcmp(attributes[i].element, element) == 0 && names_attribute(&attributes[i], name))
            return &attributes[i];
    }
    return NULL;
}

static bool is_foreign(const struct xml_attr *attr)
{
    return attr->ns != NULL; /* xsi:noNamespaceSchemaLocation and its like */
}

static void check_attributes(struct check *c, const struct xml_node *n, const char *element)
{
    for (const struct xml_attr *attr = n->attrs; attr != NULL; attr = attr->next) {
        const struct attribute_row *row = is_foreign(attr) ? NULL : attribute_find(element, attr->name);
        if (row != NULL)
            check_value(c, row, attr->value, n);
        else if (!is_foreign(attr))
            find(c, RULE_ATNA_ATTRIBUTE, xml_path(c->arena, n), "%s has no attribute %s", n->name, attr->name);
    }
    for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
        const struct attribute_row *row = &attributes[i];
        if (!row->is_required || strcmp(row->element, element) != 0 || xml_attr(n, row->name) != NULL)
            continue;
        if (strcmp(row->name, "csd-code") != 0 || xml_attr(n, "code") == NULL)
            find(c, RULE_ATNA_ATTRIBUTE, xml_path(c->arena, n), "%s must have the attribute %s", n->name, row->name);
    }
}

/* ---- elements ---- */

static const struct child_row *child_find(const char *parent, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        if (strcmp(children[i].parent, parent) == 0 && strcmp(children[i].name, name) == 0)
            return &children[i];
    }
    return NULL;
}

static void check_text(struct check *c, const struct child_row *row, const struct xml_node *n)
{
    const struct attribute_row as = { row->parent, row->name, false, row->text };

    if (row->text != V_TEXT)
        check_value(c, &as, xml_text_trimmed(c->arena, n), n);
}

static void check_children(struct check *c, const struct xml_node *n);

static void check_child(struct check *c, const struct child_row *row, const struct xml_node *n)
{
    check_attributes(c, n, row->is_coded ? CODED : row->name);
    check_text(c, row, n);
    if (xml_first_element(n) != NULL)
        check_children(c, n);
}

static void check_order(struct check *c, const struct child_row *last, const struct child_row *row,
                        const struct xml_node *n)
{
    if (last != NULL && row < last)
        find(c, RULE_ATNA_ELEMENT, xml_path(c->arena, n), "%s stands behind %s; the schema has it before", row->name,
             last->name);
}

static void check_children(struct check *c, const struct xml_node *n)
{
    const struct child_row *last = NULL;

    for (const struct xml_node *e = xml_first_element(n); e != NULL; e = xml_next_element(e)) {
        const struct child_row *row = e->ns == NULL ? child_find(n->name, e->name) : NULL;
        if (row == NULL) {
            find(c, RULE_ATNA_ELEMENT, xml_path(c->arena, e), "%s has no element %s", n->name, e->name);
            continue;
        }
        check_order(c, last, row, e);
        last = row;
        check_child(c, row, e);
    }
}

static void check_counts(struct check *c, const struct xml_node *n)
{
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        const struct child_row *row = &children[i];
        if (strcmp(row->parent, n->name) != 0)
            continue;
        size_t count = xml_count(n, NULL, row->name);
        if (count < (size_t)row->min)
            find(c, RULE_ATNA_ELEMENT, xml_path(c->arena, n), "%s must have the element %s", n->name, row->name);
        else if (count > (size_t)row->max)
            find(c, RULE_ATNA_ELEMENT, xml_path(c->arena, n), "%s has %zu elements %s; there may be %d", n->name, count,
                 row->name, row->max);
    }
    for (const struct xml_node *e = xml_first_element(n); e != NULL; e = xml_next_element(e))
        check_counts(c, e);
}

/* ---- what the event is ---- */

static const char *code_of(const struct xml_node *n)
{
    const char *code = xml_attr(n, "csd-code");

    code = code != NULL ? code : xml_attr(n, "code");
    return code != NULL ? code : "";
}

static void check_event(struct check *c, const struct xml_node *event)
{
    const struct xml_node *id = xml_child(event, NULL, "EventID");

    if (id != NULL && text_equal(xml_attr(id, "codeSystemName"), "DCM") && !audit_dcm_is_event(code_of(id)))
        find(c, RULE_ATNA_EVENT, xml_path(c->arena, id), "DCM has no event %.20s; CID 400 of PS3.16 lists them",
             code_of(id));
}

static bool fits_side(const struct audit_side *side, const char *event, const char *action)
{
    return strcmp(side->event, event) == 0 &&
           (side->action == '*' ? is_word_of("C U D", action) : action[0] == side->action && action[1] == '\0');
}

static const char *side_text(struct arena *a, const struct audit_side *side)
{
    return arena_printf(a, "%s (%s) with action %s", side->event, audit_dcm_text(side->event),
                        side->action == '*' ? "C, U or D" : (char[]){ side->action, '\0' });
}

static void check_transaction(struct check *c, const struct xml_node *event)
{
    const struct xml_node *id = xml_child(event, NULL, "EventID"), *type = xml_child(event, NULL, "EventTypeCode");
    const char *action = xml_attr(event, "EventActionCode");
    const struct audit_event *row = NULL;

    for (; type != NULL && row == NULL; type = xml_next(type)) {
        if (text_equal(xml_attr(type, "codeSystemName"), AUDIT_TRANSACTIONS))
            row = audit_event_find(code_of(type));
    }
    if (row == NULL || id == NULL || action == NULL || fits_side(&row->sides[0], code_of(id), action) ||
        fits_side(&row->sides[1], code_of(id), action))
        return;
    find(c, RULE_ATNA_TRANSACTION, xml_path(c->arena, event),
         "%s is %s for who asks and %s for who answers, not %.20s with action %.4s", row->id,
         side_text(c->arena, &row->sides[0]), side_text(c->arena, &row->sides[1]), code_of(id), action);
}

struct audit_finding *audit_message_check(struct arena *a, const struct xml_node *root)
{
    struct check c = { .arena = a, .end = &c.first };
    const struct xml_node *event = xml_child(root, NULL, "EventIdentification");

    if (!xml_is(root, NULL, "AuditMessage")) {
        find(&c, RULE_ATNA_ROOT, xml_path(a, root), "the root element is %s%s, not AuditMessage in no namespace",
             root->name, root->ns != NULL ? " in a namespace" : "");
        return c.first;
    }
    check_counts(&c, root);
    check_children(&c, root);
    check_event(&c, event);
    check_transaction(&c, event);
    return c.first;
}
