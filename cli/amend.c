#include "cli/amend.h"

#include "actor/call.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli/exchange.h"
#include "fault/outgoing.h"

/* ---- HL7 v2 ---- */

/* With the variables in their values. */
static enum rc segments_edit(struct exchange *x, struct str *out)
{
    const struct amendment *am = x->amendment;
    struct hl7v2_edit *edits = ARENA_ARRAY(x->arena, struct hl7v2_edit, am->segment_count);
    const char *why = NULL;

    for (size_t i = 0; i < am->segment_count; i++) {
        edits[i] = am->segments[i];
        if (edits[i].value != NULL && xml_expand(x->arena, edits[i].value, am->variables, &edits[i].value, &why) != OK)
            return exchange_fail(x, E_CONFIG, "%s", why);
    }
    if (hl7v2_edit(x->arena, buf_str(x->body), edits, am->segment_count, out, &why) != OK)
        return exchange_fail(x, E_CONFIG, "%s", why);
    return OK;
}

static enum rc elements_edit(struct exchange *x, struct str *out)
{
    const struct amendment *am = x->amendment;
    const char *why;

    if (xml_edit(x->arena, buf_str(x->body), am->variables, am->body, am->body_count, out, &why) != OK)
        return exchange_fail(x, E_CONFIG, "%s", why);
    return OK;
}

enum rc amend_body(struct exchange *x)
{
    struct str edited;

    if (x->amendment == NULL || (x->row->is_hl7v2 ? x->amendment->segment_count : x->amendment->body_count) == 0)
        return OK;
    TRY(x->row->is_hl7v2 ? segments_edit(x, &edited) : elements_edit(x, &edited));
    x->body = buf_new(x->arena, BUF_MAX_DEFAULT);
    buf_add_str(x->body, edited);
    return OK;
}

/* ---- SOAP ---- */

static bool is_as_usual(const struct amend_package *p)
{
    return p == NULL ||
           (p->content_type == NULL && p->boundary == NULL && p->start == NULL && p->text == NULL && !p->is_other);
}

static void envelope_edit(struct exchange *x, struct outgoing *o)
{
    const struct amendment *am = x->amendment;
    struct str edited;

    if (am->envelope_count == 0)
        return;
    if (xml_edit(x->arena, o->text, am->variables, am->envelope, am->envelope_count, &edited, &x->why) == OK)
        o->text = edited;
}

static void amend(void *user, struct outgoing *o)
{
    struct exchange *x = user;
    const struct amend_package *p = x->amendment->package;

    envelope_edit(x, o);
    if (p == NULL)
        return;
    o->content_type = p->content_type;
    o->boundary = p->boundary;
    o->start = p->start;
    o->is_mtom = o->is_mtom != p->is_other;
    if (p->text != NULL)
        o->text = str_from(p->text);
}

void amend_call(struct exchange *x, struct call_spec *spec)
{
    if (x->amendment == NULL || (x->amendment->envelope_count == 0 && is_as_usual(x->amendment->package)))
        return;
    spec->amend = amend;
    spec->amender = x;
}
