#pragma once
/* What the commands beside the daemon share: `kakehashi-pixmgr score …`, `kakehashi-pixmgr review …`. */

#include "base/buf.h"
#include "base/rc.h"
#include "model/patient.h"

#include <stdbool.h>

struct arena;
struct config;

struct tool {
    struct arena *arena;
    struct config *config;
    struct buf *out; /* standard output, at the end */
    bool as_json;
    char **words; /* what nobody took yet, the command's own name aside */
    int count;
};

/* argv[1] is the command's name. E_CONFIG after a sentence. */
MUST_CHECK enum rc tool_open(struct tool *t, int argc, char **argv);
bool tool_flag(struct tool *t, const char *flag);
const char *tool_option(struct tool *t, const char *option); /* "--show N"; NULL */
const char *tool_word(struct tool *t);                       /* the next one that is no flag; NULL */
/* E_CONFIG, with what it takes, when something is left. */
MUST_CHECK enum rc tool_end(const struct tool *t, const char *takes);
/* Prints what was gathered, frees; the exit code. */
int tool_close(struct tool *t, enum rc rc);

/* DATA/pixmgr/pixmgr.db */
const char *tool_database(struct tool *t);

/* A line: id, names, birth, sex, city, telephones. */
void tool_patient_print(struct tool *t, const struct patient *p);
