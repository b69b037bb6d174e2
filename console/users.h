#pragma once
/* Routes about the users whose assertions messages carry (docs/xua.md). */

#include <stdbool.h>

struct ask;

bool xua_list(struct ask *ask);
bool xua_issue(struct ask *ask);
