#pragma once
/* Texts with {{names}} in them: documents of fixtures/documents and the texts of scenarios. */

#include "base/rc.h"
#include "base/str.h"

struct buf;
struct vars;

enum template_kind { TEMPLATE_TEXT, TEMPLATE_XML }; /* XML: values are escaped */

/* E_NOT_FOUND with *missing (in the variables' arena) the first name without a value; E_SYNTAX when "{{" is never
 * closed. */
MUST_CHECK enum rc template_fill(struct str text, const struct vars *vars, enum template_kind kind, struct buf *out,
                                 const char **missing);
