/* kakehashi time: asks time servers (ITI-1) and says how far each is from this machine's clock. */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/sntp_ask.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

#define TOLERANCE 1.0 /* seconds (ITI TF-1: 7) */

/* A row; false when the clock is not to be trusted. */
static bool print_clock(struct arena *a, struct table *t, const char *key, const char *url)
{
    struct sntp answer;
    double offset, delay;

    if (sntp_ask(a, url, &answer, &offset, &delay) != OK) {
        table_row(t, key, url, "", "", "", language_pick("does not answer", "応答なし"));
        return false;
    }
    bool lost = answer.leap == 3 || answer.stratum == 0, off = offset > TOLERANCE || offset < -TOLERANCE;
    table_row(t, key, url, arena_printf(a, "%+.4f s", offset), arena_printf(a, "%.1f ms", delay * 1e3),
              arena_printf(a, "%d", answer.stratum),
              lost  ? language_pick("not synchronized", "未同期")
              : off ? language_pick("off by more than 1 s", "1 秒を超えるずれ")
                    : "✓");
    return !lost && !off;
}

static bool is_shown(const struct json *shown[], size_t count, const char *url)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(shown[i]->text, url))
            return true;
    }
    return false;
}

/* Each clock once; of a community, its own. */
static bool print_clocks(struct arena *a, const struct backbone *b, const char *community, struct table *t)
{
    const struct json *communities = json_get(b->endpoints, "communities");
    const struct json **shown = ARENA_ARRAY(a, const struct json *, communities->count + 1);
    bool fine = true;
    size_t count = 0;

    for (const struct json *c = communities->first; c != NULL; c = c->next) {
        const struct json *url = json_get(json_get(json_get(c, "endpoints"), "time"), "ITI-1");
        bool is_asked = community == NULL || text_equal(c->key, community) ||
                        text_equal(json_text(c, "slug"), community);
        if (url == NULL || url->text == NULL || !is_asked || is_shown(shown, count, url->text))
            continue;
        shown[count++] = url;
        fine &= print_clock(a, t, c->key, url->text);
    }
    return fine && count > 0;
}

int cmd_time(struct args *args)
{
    const char *word = args_word(args);
    struct arena *a = args->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("COMMUNITY", "地域"), language_pick("SERVER", "サーバ"),
                                language_pick("OFFSET", "ずれ"), language_pick("DELAY", "往復"),
                                language_pick("STRATUM", "階層"), "", NULL);
    struct backbone b;
    bool fine;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (word != NULL && strchr(word, ':') != NULL)
        fine = print_clock(a, t, "", word);
    else if (backbone_find(a, args->config, &b) == OK)
        fine = print_clocks(a, &b, word, t);
    else
        return EXIT_FAILED;
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
    return fine ? EXIT_OK : EXIT_FAILED;
}
