/* Patient identifiers as CX text and as lists (ITI TF-3: Table 4.2.3.1.7-2), and the choice among a person's names. */
#include "model/patient.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"

#include <string.h>

#define CX_MIDDLE "^^^&" /* components 2 and 3 and the namespace of 4 stay empty in XDS */
#define CX_TAIL   "&ISO"

enum rc patient_id_parse(struct arena *a, const char *cx, struct patient_id *out)
{
    size_t id_len = strcspn(cx, "^&~|");
    const char *middle = cx + id_len;

    if (id_len == 0 || !text_starts(middle, CX_MIDDLE))
        return E_SYNTAX;
    const char *root = middle + strlen(CX_MIDDLE);
    size_t root_len = strcspn(root, "&");
    if (strcmp(root + root_len, CX_TAIL) != 0)
        return E_SYNTAX;
    const char *oid = arena_strndup(a, root, root_len);
    if (!is_oid(oid))
        return E_SYNTAX;
    *out = (struct patient_id){ .root = oid, .extension = arena_strndup(a, cx, id_len) };
    return OK;
}

char *patient_id_cx(struct arena *a, const struct patient_id *id)
{
    return arena_printf(a, "%s" CX_MIDDLE "%s" CX_TAIL, id->extension == NULL ? "" : id->extension, id->root);
}

bool patient_id_equal(const struct patient_id *a, const struct patient_id *b)
{
    return text_equal(a->root, b->root) && text_equal(a->extension, b->extension);
}

const struct patient_id *patient_id_in(const struct patient_id *list, const char *root)
{
    for (const struct patient_id *id = list; id != NULL; id = id->next) {
        if (text_equal(id->root, root))
            return id;
    }
    return NULL;
}

void patient_id_add(struct arena *a, struct patient_id **list, const char *root, const char *extension)
{
    struct patient_id wanted = { .root = root, .extension = extension };
    struct patient_id **end = list;

    for (; *end != NULL; end = &(*end)->next) {
        if (patient_id_equal(*end, &wanted))
            return;
    }
    *end = ARENA_NEW(a, struct patient_id);
    **end = (struct patient_id){ .root = arena_strdup(a, root), .extension = arena_strdup(a, extension) };
}

bool person_name_is(const struct person_name *n, const char *use)
{
    size_t length = strlen(use);

    for (const char *at = n->use == NULL ? "" : n->use; (at += strspn(at, " "))[0] != '\0'; at += strcspn(at, " ")) {
        if (strcspn(at, " ") == length && strncmp(at, use, length) == 0)
            return true;
    }
    return false;
}

const struct patient_fact *patient_fact(const struct patient *p, enum patient_fact_kind kind)
{
    const struct patient_fact *fact = p->facts;

    while (fact != NULL && fact->kind != kind)
        fact = fact->next;
    return fact;
}

const struct person_name *patient_name(const struct patient *p, const char *use)
{
    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        if (person_name_is(n, use))
            return n;
    }
    return p->names;
}

/* ---- updates ---- */

bool patient_text_deletes(const char *text)
{
    return text_equal(text, PATIENT_DELETE);
}

static const char *text_update(const char *known, const char *update)
{
    return update == NULL ? known : patient_text_deletes(update) ? NULL : update;
}

/* A list whose first member is to be deleted leaves none. */
#define LIST_UPDATE(known, update, field, member)                                                                      \
    ((update)->field == NULL ? (known)->field : patient_text_deletes((update)->field->member) ? NULL : (update)->field)

struct patient patient_update(const struct patient *known, const struct patient *update)
{
    struct patient p = *known;

    p.ids = update->ids;
    p.other_ids = LIST_UPDATE(known, update, other_ids, extension);
    p.names = LIST_UPDATE(known, update, names, family);
    p.addresses = LIST_UPDATE(known, update, addresses, street);
    p.telecoms = LIST_UPDATE(known, update, telecoms, value);
    p.mother = LIST_UPDATE(known, update, mother, family);
    p.facts = LIST_UPDATE(known, update, facts, value);
    p.birth_place = LIST_UPDATE(known, update, birth_place, street);
    p.birth_place_name = text_update(known->birth_place_name, update->birth_place_name);
    p.gender = text_update(known->gender, update->gender);
    p.birth_time = text_update(known->birth_time, update->birth_time);
    p.status = text_update(known->status, update->status);
    p.provider_root = text_update(known->provider_root, update->provider_root);
    p.provider_name = text_update(known->provider_name, update->provider_name);
    return p;
}
