/*
 * The common identifiers by the sheet: a community whose members share ID-LINK's or HumanBridge's patient ids, or its
 * own, is one where whoever has the same such id is the same person. Their domains are made up, as all OIDs here are.
 */
#include "pixmgr/linking.h"

#include "base/arena.h"
#include "base/str.h"

#define DOMAINS_MAX 8

/* Products as layout.c names them; "own" is the regional id. */
static const struct {
    const char *product, *domain;
} products[] = {
    { "ID-LINK", "2.999.392.5.1" }, { "HumanBridge", "2.999.392.5.2" }, { "HARMONYsuite", "2.999.392.5.3" },
    { "STELLAR", "2.999.392.5.4" }, { "PrimeArch", "2.999.392.5.5" },   { "Hikari Timeline", "2.999.392.5.6" },
};
_Static_assert(ARRAY_LEN(products) + 2 <= DOMAINS_MAX, "and the regional id, and the end");

/* The sheet's list "ID-LINK, own": names between ", ". */
static bool is_listed(const char *list, const char *product)
{
    size_t n = strlen(product);

    for (const char *p = list; p != NULL; p = strchr(p, ',') ? strchr(p, ',') + 2 : NULL) {
        if (strncmp(p, product, n) == 0 && (p[n] == '\0' || p[n] == ','))
            return true;
    }
    return false;
}

/* Where all communities meet all products do; the regional id is everybody's own. */
static const char *const *domains_of(struct arena *a, const struct community *c)
{
    const char **domains = ARENA_ARRAY(a, const char *, DOMAINS_MAX);
    size_t n = 0;

    domains[n++] = c->patient_id_domain;
    for (size_t i = 0; i < ARRAY_LEN(products); i++) {
        if (c->is_backbone || is_listed(c->common_id, products[i].product))
            domains[n++] = products[i].domain;
    }
    return domains;
}

struct linking linking_of(struct arena *a, const struct config *config, const struct community *c)
{
    return (struct linking){
        .community = c->number,
        .common = domains_of(a, c),
        .link_from = (double)config_number(config, CONFIG_LINK_SCORE),
        .review_from = (double)config_number(config, CONFIG_REVIEW_SCORE),
    };
}

bool linking_is_common(const struct linking *how, const char *root)
{
    for (const char *const *d = how->common; d != NULL && *d != NULL; d++) {
        if (text_equal(*d, root))
            return true;
    }
    return false;
}
