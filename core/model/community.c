#include "model/community.h"

#include "base/str.h"
#include "model/oid.h"

const struct community *world_find(const struct world *w, const char *key_or_slug)
{
    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = &w->communities[i];
        if (text_equal(c->key, key_or_slug) || text_equal(c->slug, key_or_slug))
            return c;
    }
    return NULL;
}

const struct community *world_find_home(const struct world *w, const char *home)
{
    const char *oid = oid_of_urn(home);

    if (oid == NULL)
        return NULL;
    for (size_t i = 0; i < w->count; i++) {
        if (text_equal(oid_of_urn(w->communities[i].home_community_id), oid))
            return &w->communities[i];
    }
    return NULL;
}

static bool has_domain(const struct community *c, const char *oid)
{
    if (text_equal(c->patient_id_domain, oid))
        return true;
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (text_equal(f->oid, oid))
            return true;
    }
    return false;
}

const struct community *world_find_domain(const struct world *w, const char *oid)
{
    if (oid == NULL)
        return NULL;
    for (size_t i = 0; i < w->count; i++) {
        if (has_domain(&w->communities[i], oid))
            return &w->communities[i];
    }
    return NULL;
}

const struct repository *community_repository(const struct community *c, int number)
{
    for (const struct repository *r = c->repositories; r != NULL; r = r->next) {
        if (r->number == number)
            return r;
    }
    return NULL;
}
