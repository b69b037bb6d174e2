#pragma once
/* What no daemon has to be asked for: audit records, CDA documents, DICOM key object selections, SAML assertions. */

#include "cli/specimen.h"
#include "cli/verdict.h"

/* True when it is of a kind that is judged here. */
bool judge(struct arena *a, const struct specimen *s, const struct weighings *w, struct verdict *out);
