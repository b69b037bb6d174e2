/*
 * Which patient-id domains a cross-reference manager knows: its community's own and its facilities'; at the backbone,
 * those of every community. HL7 v2 also names them by a namespace: the community's key (or slug) is that of its region,
 * with "-2" that of its second facility.
 */
#include "pixmgr/pixmgr.h"

#include "base/str.h"
#include "wire/hl7v2.h"

#include <stdlib.h>
#include <strings.h>

bool domain_is_known(const struct request *rq, const char *root)
{
    const struct community *owner = world_find_domain(rq->service->daemon->world, root);

    return owner != NULL && (owner == rq->community || rq->community->is_backbone);
}

enum rc domain_refuse(struct request *rq, const char *place, const char *root)
{
    const struct community *c = rq->community;

    if (c->is_backbone)
        return rq_rule(rq, RULE_PID_DOMAIN, place, "the domain \"%s\" is of no community that meets here", root);
    return rq_rule(rq, RULE_PID_DOMAIN, place,
                   "the domain \"%s\" is not known in %s: its domains are %s and those of its facilities", root, c->key,
                   c->patient_id_domain);
}

/* ---- namespaces of HL7 v2 ---- */

static const struct facility *facility_at(const struct community *c, long number)
{
    const struct facility *f = c->facilities;

    for (long n = 1; f != NULL && n < number; n++)
        f = f->next;
    return number < 1 ? NULL : f;
}

/* Behind a name of c: nothing, or "-N". NULL when it is no name of a domain. */
static const char *root_behind(const struct community *c, const char *name, const char *text)
{
    size_t n = strlen(name);
    char *end;

    if (strncasecmp(text, name, n) != 0)
        return NULL;
    if (text[n] == '\0')
        return c->patient_id_domain;
    long number = text[n] == '-' ? strtol(text + n + 1, &end, 10) : 0;
    const struct facility *f = number > 0 && *end == '\0' ? facility_at(c, number) : NULL;
    return f == NULL ? NULL : f->oid;
}

static const char *root_of_namespace(const struct world *w, const char *name)
{
    const char *root = NULL;

    for (size_t i = 0; root == NULL && i < w->count; i++) {
        const struct community *c = &w->communities[i];
        root = root_behind(c, c->key, name);
        if (root == NULL)
            root = root_behind(c, c->slug, name);
    }
    return root;
}

/* The domain that the sender is configured for: its facility's when MSH-4 names one, else the region's (3.8.4.1.3). */
static const char *root_of_sender(const struct request *rq)
{
    const struct world *w = rq->service->daemon->world;
    const struct hl7v2_segment *msh = rq->hl7v2->segments;
    const char *name = hl7v2_text(rq->hl7v2, msh, 4, 1), *oid = hl7v2_text(rq->hl7v2, msh, 4, 2);

    if (!text_absent(oid) && world_find_domain(w, oid) == rq->community)
        return oid;
    const char *root = text_absent(name) ? NULL : root_of_namespace(w, name);
    return root != NULL && domain_is_known(rq, root) ? root : rq->community->patient_id_domain;
}

bool domain_complete(const struct request *rq, struct patient_id *id)
{
    if (id->root == NULL)
        id->root = text_absent(id->authority) ? root_of_sender(rq)
                                              : root_of_namespace(rq->service->daemon->world, id->authority);
    return id->root != NULL && domain_is_known(rq, id->root);
}

const char *domain_namespace(struct arena *a, const struct world *w, const char *root)
{
    const struct community *c = world_find_domain(w, root);
    int n = 0;

    if (c == NULL || text_equal(c->patient_id_domain, root))
        return c == NULL ? NULL : c->key;
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        n++;
        if (text_equal(f->oid, root))
            return arena_printf(a, "%s-%d", c->key, n);
    }
    return NULL;
}

void domain_name_all(struct arena *a, const struct world *w, struct patient_id *ids)
{
    for (struct patient_id *id = ids; id != NULL; id = id->next)
        id->authority = domain_namespace(a, w, id->root);
}

enum rc domains_complete(struct request *rq, struct patient_id *ids, const char *place, const char *tail)
{
    enum rc rc = OK;
    int n = 1;

    for (struct patient_id *id = ids; id != NULL && rq->issues.errors < DETAILS_MAX; id = id->next, n++) {
        if (!domain_complete(rq, id))
            rc = domain_refuse(rq, arena_printf(rq->arena, "%s^%d%s", place, n, tail),
                               id->root != NULL ? id->root : id->authority);
    }
    return rc;
}

/* ---- the ids of an answer ---- */

struct patient_id *domain_select(struct patient_id *ids, const struct patient_id *domains,
                                 const struct patient_id *asked)
{
    struct patient_id *found = NULL, **end = &found;

    for (struct patient_id *id = ids, *next; id != NULL; id = next) {
        next = id->next;
        id->next = NULL;
        if (asked != NULL && patient_id_equal(id, asked))
            continue;
        if (domains != NULL && patient_id_in(domains, id->root) == NULL)
            continue;
        *end = id;
        end = &id->next;
    }
    return found;
}
