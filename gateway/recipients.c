/* intendedRecipient: ITI TF-3: 4.2.3.3.7, its XON: Table 4.2.3.1.7-2. */
#include "gateway/recipients.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"

#include <string.h>

#define XON_ID 10 /* component */

/* The n-th piece (from 1) of a text; NULL when there are fewer, or it is empty. */
static const char *piece(struct arena *a, const char *text, char separator, int n)
{
    while (text != NULL && --n > 0) {
        text = strchr(text, separator);
        text = text == NULL ? NULL : text + 1;
    }
    if (text == NULL)
        return NULL;
    const char *end = strchr(text, separator);
    const char *own = arena_strndup(a, text, end == NULL ? strlen(text) : (size_t)(end - text));
    return own[0] == '\0' ? NULL : own;
}

const char *recipient_organisation(struct arena *a, const char *recipient)
{
    const char *xon = piece(a, recipient, '|', 1);
    const char *id = piece(a, xon, '^', XON_ID);

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
