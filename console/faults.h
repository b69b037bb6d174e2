#pragma once
/* Routes of the faults (docs/faults.md) of all daemons. Each is a run of ask.h. */

#include <stdbool.h>

struct ask;

bool faults_kinds(struct ask *ask);
bool faults_list(struct ask *ask);
bool faults_put(struct ask *ask);
