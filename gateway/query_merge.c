/* One AdhocQueryResponse from many: ITI TF-2: 3.18.4.1.3, 3.38.4.1.3. */
#include "gateway/query_merge.h"

#include "base/arena.h"
#include "base/str.h"
#include "gateway/home.h"
#include "gateway/object_flaw.h"

static void objects_add(struct arena *a, struct query_merge *m, const struct asked *to, struct xml_node *list,
                        struct issue_list *issues)
{
    struct flaws found;
    const enum object_flaw *flaw = object_flaws(a, list, to->community, to->patient, &found);

    for (struct xml_node *o = xml_first_element(list); o != NULL; o = xml_next_element(o)) {
        if (*flaw++ != FLAW_NONE)
            continue;
        xml_set_attr(a, o, "home", to->community->home_community_id);
        xml_write_node(m->objects, o);
    }
    object_flaws_complain(a, &found, to->community, issues);
}

/* Returns how many errors are left. */
static int errors_add(struct arena *a, const struct community *c, const struct issue_list *from, struct issue_list *to)
{
    int before = to->errors;

    for (const struct issue *i = from->first; i != NULL; i = i->next) {
        if (!text_equal(i->ebrs, issue_row(ISSUE_XDS_UNKNOWN_PATIENT_ID)->ebrs))
            issue_pass_on(a, to, i->ebrs, i->is_warning, i->text, c->home_community_id);
    }
    return to->errors - before;
}

void query_merge_add(struct arena *a, struct query_merge *m, const struct asked *to, struct adhoc_answer *answer,
                     struct issue_list *issues)
{
    const struct community *c = to->community;
    int errors = errors_add(a, c, &answer->issues, issues);

    objects_add(a, m, to, answer->object_list, issues);
    if (answer->status != REGISTRY_FAILURE || (errors == 0 && answer->issues.errors > 0))
        m->answered++;
    else if (errors == 0)
        home_complain(a, issues, ISSUE_XDS_REGISTRY_ERROR, c, NULL, "failed and named no error");
}

enum registry_status query_merge_status(const struct query_merge *m, const struct issue_list *issues)
{
    if (issues->errors == 0)
        return REGISTRY_SUCCESS;
    return m->answered > 0 ? REGISTRY_PARTIAL_SUCCESS : REGISTRY_FAILURE;
}
