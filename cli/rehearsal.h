#pragma once
/*
 * Lets the daemons' own programs judge messages (actor/checking.h): each is started once, in a folder of its own that
 * is gone afterwards, reads all messages that no other took, and ends.
 */

#include "base/rc.h"
#include "cli/specimen.h"
#include "cli/verdict.h"

struct config;

struct rehearsal {
    struct arena *arena;
    const struct config *config;
    const char *community;     /* --community: who judges, where the message does not say; NULL: whoever is first */
    const char *actor;         /* --at: path word, or the daemon that an HL7 v2 message is for; NULL */
    const char *const *weighs; /* "ID=warn" …, NULL-terminated */
};

/* Fills the verdicts of those specimens that are of SOAP or HL7 v2; the others are left alone. E_IO, logged. */
MUST_CHECK enum rc rehearse(const struct rehearsal *r, const struct specimen *specimens, struct verdict *verdicts,
                            size_t count);
