#include "gateway/strategy.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

#define WORD_BROADCAST "broadcast"

static bool way_find(const char *word, struct strategy *out)
{
    *out = (struct strategy){ .way = LOCATE_XCPD, .is_anew = text_equal(word, WORD_BROADCAST) };
    return out->is_anew || locate_find(word, &out->way);
}

const char *strategy_parse(struct arena *a, const struct world *w, const char *text, struct strategy *out)
{
    char *word = arena_strdup(a, text), *key = strchr(word, '@');

    if (key != NULL)
        *key++ = '\0';
    if (!way_find(word, out) || (key != NULL && out->way == LOCATE_XCPD))
        return arena_printf(a, "\"%.60s\" is none of " STRATEGY_WORDS, text);
    out->at = key == NULL ? NULL : world_find(w, key);
    return key == NULL || out->at != NULL ? NULL
                                          : arena_printf(a, "\"%.60s\": no community %.40s lives here", text, key);
}

const char *strategy_text(struct arena *a, const struct strategy *s)
{
    const char *word = s->is_anew ? WORD_BROADCAST : locate_word(s->way);

    return s->at == NULL ? word : arena_printf(a, "%s@%s", word, s->at->key);
}

struct strategy strategy_of_file(const struct world *w, const struct community *c)
{
    return (struct strategy){ .way = c->locate, .at = c->locate_at == NULL ? NULL : world_find(w, c->locate_at) };
}

static const struct community *backbone_find(const struct world *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].is_backbone)
            return &w->communities[i];
    }
    return NULL;
}

const struct community *strategy_place(const struct world *w, const struct community *c, const struct strategy *s)
{
    if (s->at != NULL || s->way == LOCATE_XCPD)
        return s->at;
    if (c->locate == s->way && c->locate_at != NULL)
        return world_find(w, c->locate_at);
    return s->way == LOCATE_PIX ? backbone_find(w) : c->linked == NULL ? NULL : c->linked[0];
}
