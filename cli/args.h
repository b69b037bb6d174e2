#pragma once
/*
 * What the user wrote behind the command's name, with the configuration's flags already taken out. A command takes the
 * words it knows, one by one, then calls args_end, which refuses whatever is left.
 */

#include "base/rc.h"

#include <stdbool.h>

struct arena;
struct config;

struct args {
    struct arena *arena;
    const struct config *config;
    const char *program; /* argv[0] */
    char **words;        /* NULL-terminated */
    int count;
};

/* Takes "--json" out wherever it stands; false when it is not there. */
bool args_flag(struct args *args, const char *flag);

/* Takes "--show NAME" or "--show=NAME"; NULL when it is not there or no value follows (args_end then complains). */
const char *args_option(struct args *args, const char *option);

/* Takes the first word that is no flag; NULL when there is none. "-" alone is a word. */
const char *args_word(struct args *args);

/* E_CONFIG, with a sentence on standard error, when something is left that nobody took. */
MUST_CHECK enum rc args_end(const struct args *args);
