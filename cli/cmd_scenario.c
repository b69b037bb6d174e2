/* kakehashi scenario: lists the stories there are, and plays one on the running backbone. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/scenario.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

#include <stdio.h>

static int list(struct args *args)
{
    struct arena *a = args->arena;
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("NAME", "名前"), language_pick("LINKAGE", "連携"),
                                language_pick("STORY", "内容"), NULL);
    char **names;
    size_t count;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (scenario_names(a, args->config, &names, &count) != OK)
        return EXIT_FAILED;
    for (size_t i = 0; i < count; i++) {
        struct scenario s;
        if (scenario_load(a, args->config, names[i], &s) != OK)
            return EXIT_FAILED;
        table_row(t, s.name, s.linkage, language_pick(s.en, s.ja));
    }
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

/* JUnit goes to a file; what people or programs read goes to standard output. */
static int tell(const struct scenario_run *run, bool as_json, const char *junit)
{
    struct buf *out = buf_new(run->arena, BUF_MAX_DEFAULT);

    if (as_json) {
        scenario_json(run, out);
        fwrite(out->data, 1, out->len, stdout);
    } else {
        scenario_print_end(run);
    }
    if (junit == NULL)
        return run->ok ? EXIT_OK : EXIT_FAILED;
    buf_reset(out);
    scenario_junit(run, out);
    return file_write(junit, buf_str(out), 0644) == OK && run->ok ? EXIT_OK : EXIT_FAILED;
}

static int play(struct args *args)
{
    bool as_json = args_flag(args, "--json");
    const char *junit = args_option(args, "--junit"), *name = args_word(args);
    struct scenario scenario;
    size_t width = 0;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (name == NULL) {
        fprintf(stderr, "kakehashi: %s\n",
                language_pick("scenario run NAME: `kakehashi scenario list` shows the names",
                              "scenario run 名前: 名前は `kakehashi scenario list` で一覧"));
        return EXIT_USAGE;
    }
    enum rc rc = scenario_load(args->arena, args->config, name, &scenario);
    if (rc != OK)
        return rc == E_NOT_FOUND ? EXIT_USAGE : EXIT_FAILED;

    struct scenario_run run = { .arena = args->arena, .config = args->config, .scenario = &scenario, .user = &width };
    run.on_step = as_json ? NULL : scenario_print_step;
    rc = scenario_run(&run);
    return rc == OK || rc == E_REFUSED ? tell(&run, as_json, junit) : EXIT_FAILED;
}

int cmd_scenario(struct args *args)
{
    const char *word = args_word(args);

    if (text_equal(word, "list"))
        return list(args);
    if (text_equal(word, "run"))
        return play(args);
    fprintf(stderr, "kakehashi: scenario list | run NAME [--json] [--junit FILE]\n");
    return EXIT_USAGE;
}
