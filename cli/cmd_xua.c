/* kakehashi xua: assertions of users, right and wrong in every way (docs/xua.md). */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"

#include "actor/xua.h"
#include "actor/xua_variant.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "model/community.h"
#include "msg/saml.h"
#include "wire/json.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int show(const struct buf *out)
{
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

/* ---- list ---- */

static int list(struct args *args)
{
    bool json = args_flag(args, "--json");
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    struct table *t = table_new(args->arena, language_pick("VARIANT", "種類"), language_pick("RULE", "規則"),
                                language_pick("FAULT", "SOAP フォルト"), language_pick("WHAT IT IS", "内容"), NULL);
    size_t count;
    const struct xua_variant *all = xua_variants(&count);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (json) {
        struct json_writer w;
        jw_init(&w, out, true);
        xua_variants_write(&w);
        buf_add_char(out, '\n');
        return show(out);
    }
    for (size_t i = 0; i < count; i++)
        table_row(t, all[i].name, xua_variant_rule(&all[i]), saml_flaw_subcode(all[i].flaw),
                  language_pick(all[i].en, all[i].ja));
    table_print(t, out);
    return show(out);
}

/* ---- issue ---- */

static void audience_add(struct arena *a, struct saml_text **list, const char *text)
{
    while (*list != NULL)
        list = &(*list)->next;
    *list = ARENA_NEW(a, struct saml_text);
    (*list)->text = text;
}

static void order_take(struct args *args, struct xua_order *o)
{
    const struct {
        const char *flag;
        const char **to;
    } texts[] = {
        { "--user", &o->user },       { "--alias", &o->alias },     { "--name", &o->name },
        { "--role", &o->role },       { "--purpose", &o->purpose }, { "--patient", &o->patient },
        { "--consent", &o->consent }, { "--issuer", &o->issuer },   { "--key", &o->key },
    };
    const char *minutes = args_option(args, "--minutes"), *audience;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i].to = args_option(args, texts[i].flag);
    while ((audience = args_option(args, "--audience")) != NULL)
        audience_add(args->arena, &o->audiences, audience);
    o->minutes = minutes != NULL ? atoi(minutes) : 0;
    o->data = config_text(args->config, CONFIG_DATA);
    o->now = clock_now();
}

/* Those of --audience, or whom the community of --to answers for. */
static enum rc audience_settle(struct args *args, struct xua_order *o, const char *to)
{
    const struct community *c;
    struct world *w;

    TRY(world_load(args->arena, args->config, &w));
    c = to != NULL ? world_find(w, to) : NULL;
    if (to != NULL ? c == NULL : o->audiences == NULL) {
        fprintf(stderr, "kakehashi: xua issue: %s\n",
                language_pick("--to names the community it is for, or --audience its Audience",
                              "--to で宛先の地域、または --audience で Audience を指定してください"));
        return E_CONFIG;
    }
    if (c == NULL)
        return OK;
    if (o->audiences == NULL) {
        audience_add(args->arena, &o->audiences, c->home_community_id);
        audience_add(args->arena, &o->audiences, XUA_FEDERATION);
    }
    o->organization = c->name;
    o->home = c->home_community_id;
    return OK;
}

static enum rc clock_settle(struct args *args)
{
    const char *clock = config_text(args->config, CONFIG_CLOCK);

    return clock[0] == '\0' ? OK : clock_pin(clock);
}

static int issue(struct args *args)
{
    bool headers = args_flag(args, "--headers");
    const char *to = args_option(args, "--to");
    struct xua_order order = { 0 };
    struct xua_made made;
    const char *why;

    if (clock_settle(args) != OK)
        return EXIT_USAGE;
    order_take(args, &order);
    const char *word = args_word(args);
    const struct xua_variant *variant = xua_variant_find(word != NULL ? word : "good");
    if (variant == NULL)
        fprintf(stderr, "kakehashi: xua issue %s: %s\n", word,
                language_pick("no such variant; `kakehashi xua` lists them",
                              "その種類はありません。`kakehashi xua` で一覧できます"));
    if (variant == NULL || args_end(args) != OK || audience_settle(args, &order, to) != OK)
        return EXIT_USAGE;
    if (xua_make(args->arena, variant, &order, &made, &why) != OK) {
        fprintf(stderr, "kakehashi: %s\n", why);
        return EXIT_FAILED;
    }
    struct str text = headers ? xua_headers_of(args->arena, &made) : made.token;
    printf("%.*s\n", (int)text.len, text.len > 0 ? text.data : "");
    return EXIT_OK;
}

int cmd_xua(struct args *args)
{
    const char *word = args_word(args);

    if (word == NULL || strcmp(word, "list") == 0)
        return list(args);
    if (strcmp(word, "issue") == 0)
        return issue(args);
    fprintf(stderr, "kakehashi: xua %s: %s\n", word,
            language_pick("list or issue", "list か issue を指定してください"));
    return EXIT_USAGE;
}
