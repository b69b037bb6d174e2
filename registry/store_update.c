/* What changing what is registered asks of the store beside the rest. */
#include "registry/store.h"

#include "base/ids.h"

enum rc store_uuid_new(struct arena *a, struct db *db, int community, const char **uuid)
{
    struct stored_object other;
    enum rc rc;

    do {
        *uuid = ids_urn(a);
        if (!ids_are_pinned())
            return OK; /* random ones meet nobody */
        rc = store_object_by_uuid(a, db, community, *uuid, &other);
    } while (rc == OK);
    return rc == E_NOT_FOUND ? OK : rc;
}
