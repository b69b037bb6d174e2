/* ITI-57, 92 and 62: what is registered changes, or goes (ITI TF-2: 3.57, 3.92, 3.62). */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/document.h"
#include "msg/remove_objects.h"
#include "msg/submit_objects.h"

#include <string.h>

static const struct {
    const char *word, *status;
} statuses[] = {
    { "approved", STATUS_APPROVED },
    { "deprecated", STATUS_DEPRECATED },
};

static struct slot *slot_of(struct arena *a, const char *name, const char *value, struct slot *next)
{
    struct slot *slot = ARENA_NEW(a, struct slot);

    slot->name = name;
    slot->values = ARENA_NEW(a, struct text_list);
    slot->values->text = value;
    slot->next = next;
    return slot;
}

/* ---- a status ---- */

/* The word's status, and the other one, which it must have had. */
static enum rc statuses_find(struct exchange *x, const char **to, const char **from)
{
    const char *word = vars_get(&x->params, "status");

    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        if (text_equal(word, statuses[i].word)) {
            *to = statuses[i].status;
            *from = statuses[1 - i].status;
            return OK;
        }
    }
    return exchange_fail(x, E_CONFIG, "--status is \"%s\"; it may be approved or deprecated", word);
}

static enum rc status_encode(struct exchange *x)
{
    struct submission s = { 0 };
    struct association **end = &s.associations;
    const char *to = NULL, *from = NULL;

    TRY(statuses_find(x, &to, &from));
    TRY(exchange_submission_set(x, &s));
    for (const struct var *p = vars_first(&x->params, "entry"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct association);
        (*end)->entry_uuid = ids_urn(x->arena);
        (*end)->type = ASSOC_UPDATE_STATUS;
        (*end)->source = s.sets->entry_uuid;
        (*end)->target = p->value;
        (*end)->extra = slot_of(x->arena, "OriginalStatus", from, slot_of(x->arena, "NewStatus", to, NULL));
    }
    submit_objects_encode(&s, x->body);
    return OK;
}

/* ---- a new version ---- */

/* As a first version is registered, but of the logical document that --logical names. */
static enum rc version_encode(struct exchange *x)
{
    struct submission s = { 0 };
    const char *version = vars_get(&x->params, "version"), *propagation = vars_get(&x->params, "propagation");

    if (text_absent(vars_get(&x->params, "document")))
        return exchange_fail(x, E_CONFIG, "%s needs --document with the uniqueId, which stays what it is", x->row->id);
    TRY(exchange_register_fill(x, &s));
    s.documents->logical_id = vars_get(&x->params, "logical");
    s.associations->extra = slot_of(x->arena, "PreviousVersion", version == NULL ? "1" : version, NULL);
    if (propagation != NULL)
        s.associations->extra->next = slot_of(x->arena, "AssociationPropagation", propagation, NULL);
    submit_objects_encode(&s, x->body);
    return OK;
}

/* --entry with --status: their status changes. --logical: a new version of it. */
enum rc exchange_update_encode(struct exchange *x)
{
    if (vars_get(&x->params, "logical") != NULL)
        return version_encode(x);
    if (vars_get(&x->params, "entry") != NULL && vars_get(&x->params, "status") != NULL)
        return status_encode(x);
    return exchange_fail(x, E_CONFIG, "%s needs --entry and --status, or --logical, --document and --file", x->row->id);
}

enum rc exchange_restricted_encode(struct exchange *x)
{
    return version_encode(x);
}

/* ---- ITI-62 ---- */

enum rc exchange_remove_encode(struct exchange *x)
{
    struct remove_objects r = { 0 };
    struct object_ref **end = &r.refs;

    for (const struct var *p = vars_first(&x->params, "entry"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct object_ref);
        (*end)->id = p->value;
    }
    remove_objects_encode(&r, x->body);
    return OK;
}
