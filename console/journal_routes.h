#pragma once
/* The routes of the journal. Each is a run of ask.h. */

#include <stdbool.h>

struct ask;

bool journal_list(struct ask *ask);
bool journal_show(struct ask *ask);
bool journal_body(struct ask *ask);
bool journal_tree(struct ask *ask);
bool journal_follow(struct ask *ask);
bool journal_export(struct ask *ask);
bool journal_verify(struct ask *ask);
bool journal_clear(struct ask *ask);
