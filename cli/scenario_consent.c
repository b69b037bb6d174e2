#include "cli/scenario_consent.h"

#include "cli/control.h"

#include "base/arena.h"
#include "base/buf.h"
#include "model/consent.h"
#include "wire/query_string.h"

enum rc scenario_consent(struct arena *a, const struct config *c, const struct consent_step *step, const char **why)
{
    struct buf *url = buf_new(a, BUF_MAX_DEFAULT);
    struct control control;
    enum consent_act act;
    struct str body;

    *why = "\"consent\" is give, withdraw or add, and needs \"patient\"";
    if (!consent_act_find(step->act, &act) || step->patient == NULL)
        return E_CONFIG;
    *why = "the backbone has no console";
    TRY(control_find(a, c, &control));
    buf_printf(url, "/consent/%s", consent_act_name(act));
    query_string_add(url, "community", step->community);
    query_string_add(url, "patient", step->patient);
    query_string_add(url, "facility", step->facility);
    query_string_add(url, "physician", step->physician);
    return control_try(
        &control, (struct backbone_call){ .method = "POST", .url = buf_text(url), .max = BUF_MAX_DEFAULT }, &body, why);
}
