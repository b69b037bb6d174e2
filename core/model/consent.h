#pragma once
/*
 * A patient's consent to what leaves their community (docs/consent.md): what was agreed to, how that changes, and
 * whether it covers a document. The model of the community's sheet says of what a patient may consent to parts:
 *
 *   facility     parts are facilities, by OID: who wrote the document
 *   physician    parts are facilities, too, and physicians, "ID^^^&OID&ISO": the smaller part decides
 *   all others   there are no parts
 *
 * Whoever never said anything has given consent to everything, so that nothing need be kept of them.
 */

#include "model/community.h"
#include "model/document.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* CONSENT_NEW: of a part alone, which a consent that names its parts does not name. */
enum consent_state { CONSENT_GIVEN, CONSENT_WITHDRAWN, CONSENT_NEW };
enum consent_act { CONSENT_GIVE, CONSENT_WITHDRAW, CONSENT_ADD };

struct consent_part {
    const char *id;
    enum consent_state state; /* given or withdrawn */
    struct consent_part *next;
};

struct consent {
    const char *patient;      /* regional id, the extension alone */
    enum consent_state state; /* given or withdrawn, as a whole; withdrawn has no parts */
    bool is_named;            /* given to the parts alone that it names; otherwise to all but those withdrawn */
    bool is_recorded;         /* somebody said so; otherwise it is the rule */
    int64_t changed;          /* clock_now; 0 when it is the rule */
    const char *document;     /* uniqueId of the consent document; NULL: none is registered */
    struct consent_part *parts;
    struct consent *next;
};

const char *consent_state_name(enum consent_state state); /* "given" */
const char *consent_act_name(enum consent_act act);       /* "give" */
/* False: there is no such word. */
bool consent_act_find(const char *name, enum consent_act *out);

/* Of a part, named or not. */
enum consent_state consent_of_part(const struct consent *c, const char *id);
/* Does it keep anything back? */
bool consent_restricts(const struct consent *c);
/* Is the consent of this community for parts, too? */
bool consent_has_parts(const struct community *c);

/*
 * May what these people wrote leave? Each author is known by the OIDs of their institutions, a name alone being that of
 * a facility of the community, or by the authority of their own id; when nobody's facility is known, source_patient_id
 * (CX, may be NULL) tells it. What is of a facility outside the consent stays; what is of nobody that is known follows
 * the consent as a whole.
 */
bool consent_covers(struct arena *a, const struct consent *c, const struct community *community,
                    const struct author *authors, const char *source_patient_id);

/*
 * Does it: parts NULL is the whole, which CONSENT_ADD is never of. NULL when *c is changed, its parts then copies;
 * otherwise, with *c as it was, a sentence that says why it cannot be.
 */
const char *consent_change(struct arena *a, struct consent *c, const struct community *community, enum consent_act act,
                           const struct text_list *parts);

/* ---- the policies that a consent document acknowledges: OIDs below POLICY_OIDS, the community's number, one arc ----
 */

#define POLICY_OIDS "2.999.392.10"

enum consent_policy { POLICY_ALL = 1, POLICY_NAMED, POLICY_EXCEPT, POLICY_NONE };

struct policy_row {
    const char *en, *ja;
};

enum consent_policy consent_policy_of(const struct consent *c);
const struct policy_row *consent_policy_row(enum consent_policy policy);
/* "2.999.392.10.35.1"; 0 is the code system of all of them, "2.999.392.10.35". */
const char *consent_policy_oid(struct arena *a, const struct community *c, int policy);
/* Is it one of this community's? */
bool consent_policy_is(const struct community *c, const char *code, const char *scheme);
