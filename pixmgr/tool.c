#include "pixmgr/tool.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum rc tool_open(struct tool *t, int argc, char **argv)
{
    *t = (struct tool){ .arena = arena_new() };
    log_open("kakehashi-pixmgr", LOG_LEVEL_INFO);
    if (config_load(t->arena, &argc, argv, &t->config) != OK) {
        arena_free(t->arena);
        return E_CONFIG;
    }
    t->out = buf_new(t->arena, BUF_MAX_DEFAULT);
    t->words = argv + MIN(argc, 2);
    t->count = MAX(argc - 2, 0);
    t->as_json = tool_flag(t, "--json");
    return OK;
}

static void words_remove(struct tool *t, int from, int n)
{
    for (int i = from; i + n < t->count; i++)
        t->words[i] = t->words[i + n];
    t->count -= n;
}

bool tool_flag(struct tool *t, const char *flag)
{
    for (int i = 0; i < t->count; i++) {
        if (strcmp(t->words[i], flag) != 0)
            continue;
        words_remove(t, i, 1);
        return true;
    }
    return false;
}

const char *tool_option(struct tool *t, const char *option)
{
    for (int i = 0; i + 1 < t->count; i++) {
        if (strcmp(t->words[i], option) != 0)
            continue;
        const char *value = t->words[i + 1];
        words_remove(t, i, 2);
        return value;
    }
    return NULL;
}

const char *tool_word(struct tool *t)
{
    for (int i = 0; i < t->count; i++) {
        const char *word = t->words[i];
        if (word[0] == '-')
            continue;
        words_remove(t, i, 1);
        return word;
    }
    return NULL;
}

enum rc tool_end(const struct tool *t, const char *takes)
{
    if (t->count == 0)
        return OK;
    fprintf(stderr, "kakehashi: pix has no \"%s\" there; %s\n", t->words[0], takes);
    return E_CONFIG;
}

int tool_close(struct tool *t, enum rc rc)
{
    if (rc == OK && t->out->len > 0)
        fwrite(t->out->data, 1, t->out->len, stdout);
    arena_free(t->arena);
    return rc == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

const char *tool_database(struct tool *t)
{
    return arena_printf(t->arena, "%s/pixmgr/pixmgr.db", config_text(t->config, CONFIG_DATA));
}

void tool_patient_print(struct tool *t, const struct patient *p)
{
    struct buf *out = t->out;

    buf_add_text(out, " ");
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next)
        buf_printf(out, " %s", id->extension);
    for (const struct person_name *n = p->names; n != NULL; n = n->next)
        buf_printf(out, "  %s %s", n->family != NULL ? n->family : "", n->given != NULL ? n->given : "");
    buf_printf(out, "  %s  %s", p->birth_time != NULL ? p->birth_time : "-", p->gender != NULL ? p->gender : "-");
    if (p->addresses != NULL && p->addresses->city != NULL)
        buf_printf(out, "  %s", p->addresses->city);
    for (const struct telecom *c = p->telecoms; c != NULL; c = c->next)
        buf_printf(out, "  %s", c->value);
    buf_add_text(out, "\n");
}
