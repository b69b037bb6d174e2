#pragma once
/* Routes of patients' consent (docs/consent.md), which the gateway keeps. Each is a run of ask.h. */

#include <stdbool.h>

struct ask;

bool consent_list(struct ask *ask);
bool consent_show(struct ask *ask);
bool consent_give(struct ask *ask);
bool consent_withdraw(struct ask *ask);
bool consent_add(struct ask *ask);
