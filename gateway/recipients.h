#pragma once
/* SubmissionSet.intendedRecipient, as far as a gateway has to know whom it is for (ITI TF-3: 4.2.3.3.7). */

#include "model/community.h"
#include "model/document.h"

/* The OID of the organisation that a recipient "XON|XCN|XTN" names; NULL when it names none, or not by an OID. */
const char *recipient_organisation(struct arena *a, const char *recipient);

/* Is the organisation the community itself, or one of its facilities? */
bool recipient_is_of(const struct community *c, const char *organisation);
