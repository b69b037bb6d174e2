#include "world/linkage.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/community_file.h"

#define FILE_MAX ((size_t)1 << 20)

static enum rc parties_read(struct arena *a, const char *path, const struct json *item, const char *place,
                            struct linkage *out)
{
    const struct json *list = json_get(item, "parties");
    struct linkage_party **end = &out->parties;

    for (const struct json *p = list ? list->first : NULL; p != NULL; p = p->next, end = &(*end)->next) {
        *end = ARENA_NEW(a, struct linkage_party);
        **end = (struct linkage_party){ .community = json_text(p, "community"),
                                        .name = json_text(p, "name"),
                                        .part = json_text(p, "part") };
        if ((*end)->community == NULL && (*end)->name == NULL)
            return community_file_complain(path, place, "a party has a community or a name");
    }
    return OK;
}

static const char *texts_join(struct arena *a, const struct json *list)
{
    const char *all = "";

    for (const struct json *t = list ? list->first : NULL; t != NULL; t = t->next)
        all = arena_printf(a, "%s%s%s", all, all[0] ? ", " : "", t->text ? t->text : "");
    return all;
}

static enum rc linkage_read(struct arena *a, const char *path, const struct json *item, int n, struct linkage **out)
{
    struct linkage *l = ARENA_NEW(a, struct linkage);
    const char *place = arena_printf(a, "[%d]", n);

    *l = (struct linkage){ .code = json_text(item, "code"),
                           .kind = json_text(item, "kind"),
                           .state = json_text(item, "state") };
    if (l->code == NULL || l->kind == NULL || l->state == NULL)
        return community_file_complain(path, place, "a linkage has a code, a kind, parties and a state");
    l->standards = texts_join(a, json_get(item, "standardsStated"));
    TRY(parties_read(a, path, item, place, l));
    *out = l;
    return OK;
}

enum rc linkages_read(struct arena *a, const char *fixtures, struct linkage **out)
{
    const char *path = arena_printf(a, "%s/linkages.json", fixtures), *why = "";
    struct linkage **end = out;
    struct json *list;
    struct str bytes;
    int n = 0;

    *out = NULL;
    enum rc rc = file_read(a, path, FILE_MAX, &bytes);
    if (rc == E_NOT_FOUND)
        return OK;
    if (rc != OK)
        return community_file_complain(path, "", "the file cannot be read");
    if (json_parse(a, bytes, &list, &why) != OK)
        return community_file_complain(path, "", "%s", why);
    for (const struct json *item = list->first; item != NULL; item = item->next, end = &(*end)->next)
        TRY(linkage_read(a, path, item, n++, end));
    return OK;
}

/* ---- who asks whom first ---- */

static bool is_party(const struct linkage *l, const char *key)
{
    for (const struct linkage_party *p = l->parties; p != NULL; p = p->next) {
        if (text_equal(p->community, key))
            return true;
    }
    return false;
}

static bool is_in(const struct community *const *list, size_t n, const struct community *c)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == c)
            return true;
    }
    return false;
}

static size_t partners_find(const struct linkage *linkages, const struct world *w, const struct community *own,
                            const struct community **out, size_t room)
{
    size_t n = 0;

    for (const struct linkage *l = linkages; l != NULL; l = l->next) {
        if (!is_party(l, own->key))
            continue;
        for (const struct linkage_party *p = l->parties; p != NULL; p = p->next) {
            const struct community *c = p->community == NULL ? NULL : world_find(w, p->community);
            if (c != NULL && c != own && n < room && !is_in(out, n, c))
                out[n++] = c;
        }
    }
    return n;
}

void linkages_apply(struct arena *a, const struct linkage *linkages, struct world *w)
{
    const struct community *partners[16]; /* the survey's most linked network has three */

    for (size_t i = 0; i < w->count; i++) {
        struct community *c = &w->communities[i];
        size_t n = partners_find(linkages, w, c, partners, ARRAY_LEN(partners));
        c->linked = NULL;
        if (n == 0)
            continue;
        c->linked = ARENA_ARRAY(a, const struct community *, n + 1); /* zeroed: ends with NULL */
        for (size_t k = 0; k < n; k++)
            c->linked[k] = partners[k];
    }
}
