/* ITI TF-1: 19 (BPPC) leaves to the affinity domain what a policy means; here its survey sheet says it. */
#include "model/consent.h"

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/datatype.h"
#include "model/oid.h"
#include "model/patient.h"

#include <stdio.h>
#include <string.h>

#define PARTS_MAX 100

/* ---- words ---- */

static const char *const state_names[] = {
    [CONSENT_GIVEN] = "given", [CONSENT_WITHDRAWN] = "withdrawn", [CONSENT_NEW] = "new"
};
static const char *const act_names[] = {
    [CONSENT_GIVE] = "give", [CONSENT_WITHDRAW] = "withdraw", [CONSENT_ADD] = "add"
};

const char *consent_state_name(enum consent_state state)
{
    return state_names[state];
}

const char *consent_act_name(enum consent_act act)
{
    return act_names[act];
}

bool consent_act_find(const char *name, enum consent_act *out)
{
    for (size_t i = 0; i < ARRAY_LEN(act_names); i++) {
        if (text_equal(act_names[i], name)) {
            *out = (enum consent_act)i;
            return true;
        }
    }
    return false;
}

/* ---- what it says ---- */

static struct consent_part *part_find(const struct consent *c, const char *id)
{
    struct consent_part *p = c->parts;

    while (p != NULL && !text_equal(p->id, id))
        p = p->next;
    return p;
}

enum consent_state consent_of_part(const struct consent *c, const char *id)
{
    const struct consent_part *p = part_find(c, id);

    if (c->state == CONSENT_WITHDRAWN)
        return CONSENT_WITHDRAWN;
    return p != NULL ? p->state : c->is_named ? CONSENT_NEW : CONSENT_GIVEN;
}

bool consent_restricts(const struct consent *c)
{
    bool restricts = c->state != CONSENT_GIVEN || c->is_named;

    for (const struct consent_part *p = c->parts; p != NULL; p = p->next)
        restricts = restricts || p->state != CONSENT_GIVEN;
    return restricts;
}

bool consent_has_parts(const struct community *c)
{
    return c->consent == CONSENT_FACILITY || c->consent == CONSENT_PHYSICIAN;
}

/* ---- who wrote ---- */

static bool is_named(const struct facility *f, const char *name)
{
    return text_equal(f->name, name);
}

/* Itself, or an arc below it, such as that of its staff. */
static bool is_below(const struct facility *f, const char *oid)
{
    size_t n = strlen(f->oid);

    return oid != NULL && text_starts(oid, f->oid) && (oid[n] == '\0' || oid[n] == '.');
}

static const char *facility_find(const struct community *c, bool (*is)(const struct facility *f, const char *text),
                                 const char *text)
{
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (is(f, text))
            return f->oid;
    }
    return NULL;
}

/* XON: its id, which the framework wants to be an OID; or the name of a facility here. NULL: nobody's. */
static const char *facility_of_xon(struct arena *a, const struct community *c, const char *xon)
{
    const char *id = datatype_piece(a, xon, '^', 10);

    return id != NULL && is_oid(id) ? id : facility_find(c, is_named, datatype_piece(a, xon, '^', 1));
}

/* XCN: "ID^…^&OID&ISO" as the CX of the person; NULL when one of both is missing. */
static const char *physician_of_xcn(struct arena *a, const char *xcn)
{
    const char *id = datatype_piece(a, xcn, '^', 1);
    const char *authority = datatype_piece(a, datatype_piece(a, xcn, '^', 9), '&', 2);

    return id != NULL && authority != NULL ? arena_printf(a, "%s^^^&%s&ISO", id, authority) : NULL;
}

struct judgement {
    struct arena *arena;
    const struct consent *consent;
    const struct community *community;
    bool is_told;    /* the facility of somebody */
    bool is_outside; /* of somebody who is outside the consent */
};

/* What the network itself wrote, such as the consent document, goes with the consent as a whole. */
static void facility_judge(struct judgement *j, const char *oid)
{
    if (oid == NULL)
        return;
    j->is_told = true;
    if (text_equal(oid, oid_of_urn(j->community->home_community_id)))
        return;
    j->is_outside = j->is_outside || consent_of_part(j->consent, oid) != CONSENT_GIVEN;
}

static void institutions_judge(struct judgement *j, const struct author *author)
{
    bool is_any = false;

    for (const struct text_list *i = author->institutions; i != NULL; i = i->next) {
        const char *oid = facility_of_xon(j->arena, j->community, i->text);
        is_any = is_any || oid != NULL;
        facility_judge(j, oid);
    }
    if (is_any)
        return;
    const char *authority = datatype_piece(j->arena, datatype_piece(j->arena, author->person, '^', 9), '&', 2);
    facility_judge(j, facility_find(j->community, is_below, authority));
}

/* A physician who is named decides for themselves. */
static bool physician_judge(struct judgement *j, const struct author *author)
{
    const char *id = physician_of_xcn(j->arena, author->person);
    const struct consent_part *p = id != NULL ? part_find(j->consent, id) : NULL;

    if (p == NULL || j->community->consent != CONSENT_PHYSICIAN)
        return false;
    j->is_told = true;
    j->is_outside = j->is_outside || p->state != CONSENT_GIVEN;
    return true;
}

bool consent_covers(struct arena *a, const struct consent *c, const struct community *community,
                    const struct author *authors, const char *source_patient_id)
{
    struct judgement j = { .arena = a, .consent = c, .community = community };
    struct patient_id id;

    if (c->state != CONSENT_GIVEN || !consent_restricts(c))
        return c->state == CONSENT_GIVEN;
    for (const struct author *author = authors; author != NULL; author = author->next) {
        if (!physician_judge(&j, author))
            institutions_judge(&j, author);
    }
    if (!j.is_told && source_patient_id != NULL && patient_id_parse(a, source_patient_id, &id) == OK)
        facility_judge(&j, facility_find(community, is_below, id.root));
    return j.is_told ? !j.is_outside : !c->is_named;
}

/* ---- changes ---- */

static bool is_physician(const char *text)
{
    return strchr(text, '^') != NULL && is_cx(text);
}

/* A sentence about the first that is none; NULL when all are. */
static const char *parts_fault(struct arena *a, const struct community *c, const struct text_list *parts)
{
    size_t n = 0;

    if (parts != NULL && !consent_has_parts(c))
        return arena_printf(a, "the consent of %s is for all of its members at once (%s): it has no parts", c->name,
                            c->consent == CONSENT_NOT_STATED ? "its sheet says nothing else"
                                                             : consent_model_name(c->consent));
    for (const struct text_list *p = parts; p != NULL; p = p->next, n++) {
        bool person = is_physician(p->text);
        if (person && c->consent != CONSENT_PHYSICIAN)
            return arena_printf(a, "the consent of %s is for facilities, not for physicians", c->name);
        if (!person && !is_oid(p->text))
            return arena_printf(a,
                                "%.80s is no part of a consent: facilities are named by OID, physicians as "
                                "ID^^^&OID&ISO; `kakehashi communities %s` lists the facilities",
                                p->text, c->key);
    }
    return n > PARTS_MAX ? arena_printf(a, "a consent names %d parts at most", PARTS_MAX) : NULL;
}

static void part_set(struct arena *a, struct consent *c, const char *id, enum consent_state state)
{
    struct consent_part **end = &c->parts;

    while (*end != NULL && !text_equal((*end)->id, id))
        end = &(*end)->next;
    if (*end == NULL) {
        *end = ARENA_NEW(a, struct consent_part);
        (*end)->id = arena_strdup(a, id);
    }
    (*end)->state = state;
}

/* So that a copy of the consent keeps what it has. */
static void parts_own(struct arena *a, struct consent *c)
{
    const struct consent_part *p = c->parts;

    c->parts = NULL;
    for (; p != NULL; p = p->next)
        part_set(a, c, p->id, p->state);
}

static const char *whole_change(struct consent *c, enum consent_state state)
{
    c->state = state;
    c->is_named = false;
    c->parts = NULL;
    return NULL;
}

const char *consent_change(struct arena *a, struct consent *c, const struct community *community, enum consent_act act,
                           const struct text_list *parts)
{
    const char *fault = parts_fault(a, community, parts);

    if (fault != NULL)
        return fault;
    if (parts == NULL && act != CONSENT_ADD)
        return whole_change(c, act == CONSENT_GIVE ? CONSENT_GIVEN : CONSENT_WITHDRAWN);
    if (parts == NULL)
        return "name the facility or the physician that the consent is to cover, too";
    if (act != CONSENT_GIVE && c->state == CONSENT_WITHDRAWN)
        return "the consent is withdrawn as a whole; give one first";
    if (act == CONSENT_GIVE) {
        whole_change(c, CONSENT_GIVEN);
        c->is_named = true;
    }
    parts_own(a, c);
    for (const struct text_list *p = parts; p != NULL; p = p->next)
        part_set(a, c, p->text, act == CONSENT_WITHDRAW ? CONSENT_WITHDRAWN : CONSENT_GIVEN);
    return NULL;
}

/* ---- policies ---- */

static const struct policy_row policies[] = {
    [POLICY_ALL] = { "Disclosure of everything to other networks", "他地域への開示に一括して同意" },
    [POLICY_NAMED] = { "Disclosure of what the named facilities or physicians wrote, and of nothing else",
                       "指定した施設・医師の記録に限り、他地域への開示に同意" },
    [POLICY_EXCEPT] = { "Disclosure of everything but what the named facilities or physicians wrote",
                        "指定した施設・医師の記録を除き、他地域への開示に同意" },
    [POLICY_NONE] = { "No disclosure: consent is withdrawn", "同意の撤回: 他地域へ開示しない" },
};

enum consent_policy consent_policy_of(const struct consent *c)
{
    if (c->state == CONSENT_WITHDRAWN)
        return POLICY_NONE;
    return c->is_named ? POLICY_NAMED : consent_restricts(c) ? POLICY_EXCEPT : POLICY_ALL;
}

const struct policy_row *consent_policy_row(enum consent_policy policy)
{
    return &policies[policy];
}

const char *consent_policy_oid(struct arena *a, const struct community *c, int policy)
{
    return policy == 0 ? arena_printf(a, POLICY_OIDS ".%d", c->number)
                       : arena_printf(a, POLICY_OIDS ".%d.%d", c->number, policy);
}

bool consent_policy_is(const struct community *c, const char *code, const char *scheme)
{
    char system[64];
    size_t n = (size_t)snprintf(system, sizeof(system), POLICY_OIDS ".%d", c->number);

    if (!text_equal(scheme, system) || !text_starts(code, system) || code[n] != '.')
        return false;
    return code[n + 1] >= '0' + POLICY_ALL && code[n + 1] <= '0' + POLICY_NONE && code[n + 2] == '\0';
}
