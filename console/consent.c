#include "console/consent.h"

#include "base/arena.h"
#include "console/ask.h"
#include "console/daemons.h"

/* "a", "b" → "a,b"; one of both, or NULL. */
static const char *joined(struct arena *a, const char *one, const char *other)
{
    return one == NULL ? other : other == NULL ? one : arena_printf(a, "%s,%s", one, other);
}

/* NULL when it was refused. */
static struct buf *page_of(struct ask *ask, bool is_of_patient)
{
    struct buf *path = buf_new(ask->arena, BUF_MAX_DEFAULT);
    const struct community *c = community_asked(ask, "query.community", ask_param(ask, "community"));
    const char *patient = ask_param(ask, "patient");

    if (c == NULL)
        return NULL;
    if (is_of_patient && (patient == NULL || patient[0] == '\0')) {
        ask_refuse(ask, 400, "query.patient", NULL, "patient names whose consent this is: a regional id of %s",
                   c->name);
        return NULL;
    }
    buf_printf(path, "/consent/%s", c->key);
    query_string_add(path, "patient", patient);
    return path;
}

static bool look(struct ask *ask, bool is_of_patient)
{
    struct buf *path = page_of(ask, is_of_patient);

    return path == NULL || daemon_relay(ask, "gateway", "GET", buf_text(path));
}

static bool change(struct ask *ask, const char *act)
{
    struct buf *path = page_of(ask, true);

    if (path == NULL)
        return true;
    query_string_add(path, "do", act);
    query_string_add(path, "parts", joined(ask->arena, ask_param(ask, "facility"), ask_param(ask, "physician")));
    return daemon_relay(ask, "gateway", "PUT", buf_text(path));
}

bool consent_list(struct ask *ask)
{
    return look(ask, false);
}

bool consent_show(struct ask *ask)
{
    return look(ask, true);
}

bool consent_give(struct ask *ask)
{
    return change(ask, "give");
}

bool consent_withdraw(struct ask *ask)
{
    return change(ask, "withdraw");
}

bool consent_add(struct ask *ask)
{
    return change(ask, "add");
}
