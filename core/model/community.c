#include "model/community.h"

#include "base/arena.h"
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

static bool is_linked(const struct community *own, const struct community *c)
{
    for (const struct community **l = own->linked; l != NULL && *l != NULL; l++) {
        if (*l == c)
            return true;
    }
    return false;
}

const struct community **world_order(struct arena *a, const struct world *w, const struct community *own)
{
    const struct community **order = ARENA_ARRAY(a, const struct community *, w->count + 1);
    size_t n = 0;

    for (const struct community **l = own->linked; l != NULL && *l != NULL; l++)
        order[n++] = *l;
    for (size_t i = 0; i < w->count; i++) {
        if (!is_linked(own, &w->communities[i]))
            order[n++] = &w->communities[i];
    }
    return order;
}

/* ---- words ---- */

static const char *const profile_names[PROFILE_COUNT] = {
    [PROFILE_PIX] = "PIX/PIXV3/PDQ/PDQV3",
    [PROFILE_XDS_B] = "XDS.b",
    [PROFILE_XDS_I_B] = "XDS-I.b",
    [PROFILE_XCA] = "XCA",
    [PROFILE_XCA_I] = "XCA-I",
    [PROFILE_XCPD] = "XCPD",
    [PROFILE_XDR] = "XDR",
    [PROFILE_ATNA] = "ATNA",
    [PROFILE_CT] = "CT",
};

static const char *const shared_item_names[SHARED_COUNT] = {
    [SHARED_BASIC] = "basic",
    [SHARED_DISEASE] = "disease",
    [SHARED_REFERRAL] = "referral",
    [SHARED_PROGRESS_NOTE] = "progressNote",
    [SHARED_SUMMARY] = "summary",
    [SHARED_OPERATION] = "operation",
    [SHARED_NURSING] = "nursing",
    [SHARED_OTHER_DOCUMENT] = "otherDocument",
    [SHARED_PRESCRIPTION] = "prescription",
    [SHARED_INJECTION] = "injection",
    [SHARED_LAB_ORDER] = "labOrder",
    [SHARED_RADIOLOGY_ORDER] = "radiologyOrder",
    [SHARED_ENDOSCOPY_ORDER] = "endoscopyOrder",
    [SHARED_PHYSIOLOGY_ORDER] = "physiologyOrder",
    [SHARED_DIET] = "diet",
    [SHARED_LAB_RESULT] = "labResult",
    [SHARED_PHYSIOLOGY_RESULT] = "physiologyResult",
    [SHARED_IMAGE] = "image",
    [SHARED_DISPENSE] = "dispense",
    [SHARED_OTHER] = "other",
};

static const char *const consent_names[] = {
    [CONSENT_NOT_STATED] = NULL,     [CONSENT_IMPLIED] = "implied",     [CONSENT_NETWORK] = "network",
    [CONSENT_FACILITY] = "facility", [CONSENT_PHYSICIAN] = "physician",
};

bool community_has(const struct world *w, const struct community *c, enum profile profile)
{
    return profile == PROFILE_NONE || c->is_backbone || (int)c->profiles[profile] >= (int)w->lens;
}

const char *profile_name(enum profile profile)
{
    return profile_names[profile];
}

const char *mark_text(enum mark mark)
{
    static const char *const texts[] = { [MARK_NOT_STATED] = "", [MARK_PLANNED] = "△", [MARK_OPERATING] = "○" };
    return texts[mark];
}

static const struct {
    const char *word, *member;
} ways[] = {
    [LOCATE_XCPD] = { "xcpd", NULL },
    [LOCATE_PIX] = { "pix", "pixAt" },
    [LOCATE_PLQ] = { "plq", "locatorAt" },
};

const char *locate_word(enum locate way)
{
    return ways[way].word;
}

bool locate_find(const char *word, enum locate *out)
{
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        if (text_equal(ways[i].word, word)) {
            *out = (enum locate)i;
            return true;
        }
    }
    return false;
}

const char *locate_member(enum locate way)
{
    return ways[way].member;
}

const char *lens_name(enum lens lens)
{
    static const char *const names[] = { [LENS_ALL] = "all", [LENS_PLANNED] = "planned", [LENS_SURVEYED] = "surveyed" };
    return names[lens];
}

const char *shared_item_name(enum shared_item item)
{
    return shared_item_names[item];
}

const char *consent_model_name(enum consent_model model)
{
    return consent_names[model];
}
