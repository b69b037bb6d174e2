#pragma once
/* The verb consent of scenarios: a patient gives, withdraws or widens consent, by the control API (docs/consent.md). */

#include "base/config.h"
#include "base/rc.h"

struct arena;

struct consent_step {
    const char *act;                            /* "give", "withdraw", "add" */
    const char *community;                      /* key */
    const char *patient, *facility, *physician; /* the last two may be NULL */
};

/* E_CONFIG: no such act, or nobody is named; E_REFUSED, E_PEER …: it was not done. *why is a sentence. */
MUST_CHECK enum rc scenario_consent(struct arena *a, const struct config *c, const struct consent_step *step,
                                    const char **why);
