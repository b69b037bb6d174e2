#pragma once
/*
 * What a daemon said, in the flow tests, when a rule was broken; of rules that only kakehashi validate tells, what its
 * planted file is called. Both make docs/rules.md.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "model/rule.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct rule_examples {
    struct arena *arena;
    const char *text[RULE_COUNT];
};

/* Longest first where one begins like another. */
static const char *const example_escapes[][2] = {
    { "&amp;", "&" }, { "&quot;", "\"" }, { "&lt;", "<" },  { "&gt;", ">" },  { "&apos;", "'" },
    { "\\T\\", "&" }, { "\\S\\", "^" },   { "\\F\\", "|" }, { "\\R\\", "~" }, { "\\E\\", "\\" },
};

static const char *example_plain(struct arena *a, struct str text)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    for (size_t i = 0, n; i < text.len; i += n) {
        const char *as = NULL;
        n = 1;
        for (size_t e = 0; e < ARRAY_LEN(example_escapes) && as == NULL; e++) {
            size_t len = strlen(example_escapes[e][0]);
            if (len > text.len - i || memcmp(text.data + i, example_escapes[e][0], len) != 0)
                continue;
            as = example_escapes[e][1];
            n = len;
        }
        buf_add(out, as != NULL ? as : text.data + i, 1);
    }
    return buf_text(out);
}

/* Does a text begin here: in an attribute or element of XML, in a field of HL7 v2? */
static bool example_begins(struct str file, const char *at)
{
    static const char context[] = "codeContext=\"";
    size_t n = sizeof(context) - 1;

    if (file.len > 4 && memcmp(file.data, "MLLP", 4) == 0)
        return at[-1] == '|' || at[-1] == '\n';
    if (at - file.data >= 2 && memcmp(at - 2, "\n\n", 2) == 0) /* a body that is text */
        return true;
    return at[-1] == '>' || ((size_t)(at - file.data) >= n && memcmp(at - n, context, n) == 0);
}

/* "… text (XDS-DE-002, ITI TF-3 …": the text is what stands before it.
 */
static void example_take(struct rule_examples *x, struct str file, const char *mark)
{
    char id[24];
    size_t n = strcspn(mark + 2, ",");

    if (n >= sizeof(id))
        return;
    memcpy(id, mark + 2, n);
    id[n] = '\0';
    enum rule rule = rule_find(id);
    const char *begin = mark;
    while (begin > file.data && !example_begins(file, begin))
        begin--;
    if (rule != RULE_NONE && x->text[rule] == NULL && begin < mark)
        x->text[rule] = example_plain(x->arena, (struct str){ begin, (size_t)(mark - begin) });
}

static void example_file(struct rule_examples *x, const char *path)
{
    struct str file;

    if (file_read(x->arena, path, 16 << 20, &file) != OK)
        return;
    const char *end = file.data + file.len;
    for (const char *at = file.data; (at = memmem(at, (size_t)(end - at), " (", 2)) != NULL; at += 2) {
        if (at + 3 < end && at[2] >= 'A' && at[2] <= 'Z')
            example_take(x, file, at);
    }
}

static bool example_is_told(const char *name)
{
    size_t n = strlen(name);

    return (n > 6 && strcmp(name + n - 6, ".reply") == 0) || strncmp(name, "peer-", 5) == 0;
}

static void examples_below(struct rule_examples *x, const char *folder)
{
    struct dirent **entries;
    struct stat st;
    int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        const char *path = arena_printf(x->arena, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            examples_below(x, path);
        else if (example_is_told(entries[i]->d_name))
            example_file(x, path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* "RSP-104_no_error_code.http" */
static void examples_planted(struct rule_examples *x, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        char *name = arena_strdup(x->arena, entries[i]->d_name), *words = strchr(name, '_'), *dot = strrchr(name, '.');
        free(entries[i]);
        if (words == NULL || dot == NULL)
            continue;
        *words++ = *dot = '\0';
        enum rule rule = rule_find(name);
        for (char *c = words; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        if (rule != RULE_NONE && x->text[rule] == NULL)
            x->text[rule] = words;
    }
    if (n >= 0)
        free(entries);
}

static struct rule_examples *rule_examples(struct arena *a)
{
    struct rule_examples *x = ARENA_NEW(a, struct rule_examples);

    x->arena = a;
    examples_below(x, "tests/flow");
    examples_planted(x, "tests/fixtures/validate");
    return x;
}
