#include "cli/xua_attach.h"

#include "actor/xua.h"
#include "actor/xua_variant.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/language.h"
#include "msg/saml.h"
#include "wire/json.h"

#include <stdio.h>

#define FILE_MAX ((size_t)1 << 20)

static bool is_xml(struct str s, const char *element)
{
    size_t n = strlen(element);

    return s.len > n && s.data[0] == '<' && memmem(s.data, MIN(s.len, (size_t)64), element, n) != NULL;
}

static enum rc file_attach(struct exchange *x, const char *path)
{
    struct str text;

    if (file_read(x->arena, path, FILE_MAX, &text) != OK) {
        fprintf(stderr, "kakehashi: --xua: %s: %s\n", path,
                language_pick("neither a variant (`kakehashi xua` lists them) nor a file that can be read",
                              "種類の名前 (`kakehashi xua` で一覧) でも読めるファイルでもありません"));
        return E_CONFIG;
    }
    text = str_trim(text);
    if (text.len > 5 && memcmp(text.data, "<?xml", 5) == 0) {
        const char *end = memmem(text.data, text.len, "?>", 2);
        if (end != NULL)
            text = str_trim((struct str){ end + 2, (size_t)(text.data + text.len - end) - 2 });
    }
    x->user = is_xml(text, "Security") ? text : xua_security(x->arena, text);
    return OK;
}

enum rc xua_attach(struct exchange *x, const char *word)
{
    const struct xua_variant *variant = xua_variant_find(word);
    struct saml_text federation = { XUA_FEDERATION, NULL }, home = { x->to->home_community_id, &federation };
    const struct xua_order order = {
        .data = client_data(x->client),
        .audiences = &home,
        .organization = x->from != NULL ? x->from->name : "Kakehashi",
        .home = x->from != NULL ? x->from->home_community_id : x->to->home_community_id,
        .now = clock_now(),
    };
    struct xua_made made;
    const char *why;

    if (variant == NULL)
        return file_attach(x, word);
    if (xua_make(x->arena, variant, &order, &made, &why) != OK) {
        fprintf(stderr, "kakehashi: --xua: %s\n", why);
        return E_CONFIG;
    }
    x->user = xua_headers_of(x->arena, &made);
    return OK;
}

bool xua_is_required(const struct peer *to)
{
    return text_equal(json_text(to->node, "assertions"), "required");
}
