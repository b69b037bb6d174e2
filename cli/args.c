#include "cli/args.h"

#include <stdio.h>
#include <string.h>

static void words_remove(struct args *args, int at, int n)
{
    args->count -= n;
    memmove(args->words + at, args->words + at + n, (size_t)(args->count - at + 1) * sizeof(*args->words));
}

bool args_flag(struct args *args, const char *flag)
{
    for (int i = 0; i < args->count; i++) {
        if (strcmp(args->words[i], flag) == 0) {
            words_remove(args, i, 1);
            return true;
        }
    }
    return false;
}

const char *args_option(struct args *args, const char *option)
{
    size_t n = strlen(option);

    for (int i = 0; i < args->count; i++) {
        char *word = args->words[i];
        if (strncmp(word, option, n) == 0 && word[n] == '=') {
            words_remove(args, i, 1);
            return word + n + 1;
        }
        if (strcmp(word, option) == 0 && i + 1 < args->count) {
            const char *value = args->words[i + 1];
            words_remove(args, i, 2);
            return value;
        }
    }
    return NULL;
}

const char *args_word(struct args *args)
{
    for (int i = 0; i < args->count; i++) {
        const char *word = args->words[i];
        if (word[0] != '-' || word[1] == '\0') {
            words_remove(args, i, 1);
            return word;
        }
    }
    return NULL;
}

enum rc args_end(const struct args *args)
{
    if (args->count == 0)
        return OK;
    fprintf(stderr, "kakehashi: do not know what \"%s\" means here; `kakehashi help` shows every word\n",
            args->words[0]);
    return E_CONFIG;
}
