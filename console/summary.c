#include "console/summary.h"

#include "base/arena.h"
#include "msg/stored_query.h"
#include "wire/hl7v2.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <string.h>

#define LIST_MAX ((size_t)1000) /* of an answer about more, the first */

/* While a tree is walked; what is found is copied into `to`, the tree goes with `scratch`. */
struct reading {
    struct arena *scratch, *to;
    struct summary *out;
};

static void list_add(struct reading *r, struct summary_list *list, const char *text)
{
    if (text_absent(text) || list->count >= LIST_MAX)
        return;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->texts[i], text) == 0)
            return;
    }
    if ((list->count & (list->count - 1)) == 0) { /* full at each power of two */
        const char **more = ARENA_ARRAY(r->to, const char *, list->count == 0 ? 1 : list->count * 2);
        if (list->count > 0)
            memcpy(more, list->texts, list->count * sizeof(*more));
        list->texts = more;
    }
    list->texts[list->count++] = arena_strdup(r->to, text);
}

/* ---- ebXML ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* rim:Name/LocalizedString/@value of an ExternalIdentifier says what it is; its @value is it. */
static void read_identifier(struct reading *r, const struct xml_node *n)
{
    const char *name = xml_attr(xml_child(xml_child(n, NS_RIM, "Name"), NS_RIM, "LocalizedString"), "value");

    if (name == NULL)
        return;
    if (ends_with(name, ".patientId"))
        list_add(r, &r->out->patients, xml_attr(n, "value"));
    if (ends_with(name, "DocumentEntry.uniqueId"))
        list_add(r, &r->out->documents, xml_attr(n, "value"));
}

static void read_query(struct reading *r, const struct xml_node *n)
{
    const char *id = xml_attr(n, "id");
    const struct stored_query *query = id != NULL ? stored_query_find(id) : NULL;

    r->out->query_id = arena_strdup(r->to, id);
    r->out->query = query != NULL ? query->name : NULL;
}

/* The values of a query's parameter, without the quotes and brackets of ITI TF-2: 3.18.4.1.2.3.5. */
static void read_parameter(struct reading *r, const struct xml_node *n, struct summary_list *list)
{
    const struct xml_node *values = xml_child(n, NS_RIM, "ValueList");

    for (struct xml_node *v = xml_child(values, NS_RIM, "Value"); v != NULL; v = xml_next(v)) {
        char *rest = arena_strdup(r->scratch, xml_text(r->scratch, v)), *word;
        while ((word = strsep(&rest, "(),' \t\r\n")) != NULL)
            list_add(r, list, word);
    }
}

static void read_slot(struct reading *r, const struct xml_node *n)
{
    const char *name = xml_attr(n, "name");

    if (name == NULL || name[0] != '$')
        return;
    list_add(r, &r->out->params, name);
    if (ends_with(name, "PatientId"))
        read_parameter(r, n, &r->out->patients);
    if (strcmp(name, "$XDSDocumentEntryUniqueId") == 0)
        read_parameter(r, n, &r->out->documents);
}

/* ---- HL7 v3 ---- */

/* As a CX, the way ebXML writes it. */
static void read_ii(struct reading *r, const struct xml_node *n)
{
    const char *root = xml_attr(n, "root"), *extension = xml_attr(n, "extension");

    if (!text_absent(root) && !text_absent(extension))
        list_add(r, &r->out->patients, arena_printf(r->scratch, "%s^^^&%s&ISO", extension, root));
}

/* ---- either ---- */

static void read_id(struct reading *r, const struct xml_node *n)
{
    if (xml_is(n->parent, NS_HL7, "patient") || xml_is(n->parent, NS_HL7, "priorRegisteredRole"))
        read_ii(r, n);
}

static void read_value(struct reading *r, const struct xml_node *n)
{
    if (xml_is(n->parent, NS_HL7, "patientIdentifier") || xml_is(n->parent, NS_HL7, "livingSubjectId"))
        read_ii(r, n);
}

static void read_document_id(struct reading *r, const struct xml_node *n)
{
    list_add(r, &r->out->documents, xml_text_trimmed(r->scratch, n));
}

static void read_element(struct reading *r, const struct xml_node *n)
{
    static const struct {
        const char *ns, *name;
        void (*read)(struct reading *r, const struct xml_node *n);
    } rows[] = {
        { NS_RIM, "AdhocQuery", read_query },
        { NS_RIM, "Slot", read_slot },
        { NS_RIM, "ExternalIdentifier", read_identifier },
        { NS_XDS, "DocumentUniqueId", read_document_id },
        { NS_HL7, "id", read_id },
        { NS_HL7, "value", read_value },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (xml_is(n, rows[i].ns, rows[i].name))
            rows[i].read(r, n);
    }
}

static void walk(struct reading *r, const struct xml_node *n)
{
    for (; n != NULL; n = xml_next_element(n)) {
        read_element(r, n);
        walk(r, xml_first_element(n));
    }
}

static void read_xml(struct reading *r, struct str body)
{
    struct xml_node *root;

    if (xml_parse(r->scratch, body, NULL, &root, NULL) == OK)
        walk(r, root);
}

/* ---- HL7 v2 ---- */

static const struct {
    const char *segment;
    int field;
} cx_fields[] = { { "PID", 3 }, { "QPD", 3 }, { "MRG", 1 } };

static void read_cx(struct reading *r, const struct hl7v2 *m, const struct hl7v2_segment *s, int field)
{
    for (int i = 1; i <= MIN(hl7v2_repetitions(m, s, field), 20); i++) {
        const char *id = hl7v2_part(m, s, field, i, 1, 1), *oid = hl7v2_part(m, s, field, i, 4, 2);
        if (!text_absent(id))
            list_add(r, &r->out->patients, arena_printf(r->scratch, "%s^^^&%s&ISO", id, oid != NULL ? oid : ""));
    }
}

static void read_hl7v2(struct reading *r, struct str body)
{
    struct hl7v2 m = { 0 };
    struct hl7v2_fault fault;

    if (hl7v2_parse(r->scratch, body, &m, &fault) != OK)
        return;
    for (size_t i = 0; i < ARRAY_LEN(cx_fields); i++) {
        for (const struct hl7v2_segment *s = hl7v2_segment(&m, cx_fields[i].segment); s != NULL; s = hl7v2_next(s))
            read_cx(r, &m, s, cx_fields[i].field);
    }
}

const struct summary *summary_of(struct entry *e)
{
    if (e->summary != NULL)
        return e->summary;
    struct journal_record record = entry_record(e);
    struct str body = record.text[JOURNAL_BODY];
    struct reading r = { .scratch = arena_new(), .to = e->arena, .out = ARENA_NEW(e->arena, struct summary) };

    if (body.len > 3 && memcmp(body.data, "MSH", 3) == 0)
        read_hl7v2(&r, body);
    else if (body.len > 0)
        read_xml(&r, body);
    arena_free(r.scratch);
    return e->summary = r.out;
}
