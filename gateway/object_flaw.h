#pragma once
/*
 * What a community may not put into its answer: objects that say they are another community's, objects of another
 * patient than it was asked for, an object twice (ITI TF-2: 3.38.4.1.3, 3.38.4.1.2.1). Documents of a stranger are
 * worse than none, so such objects are left out, and the community has one error for all of them.
 */

#include "model/community.h"
#include "model/issue.h"
#include "model/patient.h"
#include "wire/xml.h"

#include <stddef.h>

struct arena;

enum object_flaw { FLAW_NONE, FLAW_HOMELESS, FLAW_FOREIGN_HOME, FLAW_OTHER_PATIENT, FLAW_TWICE, FLAW_COUNT };

struct flaws {
    int found[FLAW_COUNT];
};

/*
 * In the arena, the flaw of each child element of a list (NULL: none), in their order; of objects that share an id the
 * first is the good one. patient: whom the community was asked for; NULL: nobody. *found counts them.
 */
enum object_flaw *object_flaws(struct arena *a, const struct xml_node *list, const struct community *c,
                               const struct patient_id *patient, struct flaws *found);

/* One error that tells all of them, coded as the first; none when there are none. */
void object_flaws_complain(struct arena *a, const struct flaws *found, const struct community *c,
                           struct issue_list *issues);
