/* intendedRecipient: ITI TF-3: 4.2.3.3.7, its XON: Table 4.2.3.1.7-2. */
#include "gateway/recipients.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/datatype.h"
#include "model/oid.h"

#define XON_ID 10 /* component */

const char *recipient_organisation(struct arena *a, const char *recipient)
{
    const char *xon = datatype_piece(a, recipient, '|', 1);
    const char *id = datatype_piece(a, xon, '^', XON_ID);

    return id != NULL && is_oid(id) ? id : NULL;
}

bool recipient_is_of(const struct community *c, const char *organisation)
{
    if (text_equal(oid_of_urn(c->home_community_id), organisation))
        return true;
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (text_equal(f->oid, organisation))
            return true;
    }
    return false;
}
