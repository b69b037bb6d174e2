/* lcm:RemoveObjectsRequest (ITI TF-2: 3.62.4.1.2). */
#include "msg/remove_objects.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/rule.h"
#include "wire/ns.h"

#define SCOPE_ALL "urn:oasis:names:tc:ebxml-regrep:DeletionScopeType:DeleteAll"

/* ebRS has more ways to say what goes; XDS has one, so that nothing goes by accident. */
static enum rc manner_check(struct arena *a, const struct xml_node *body, struct issue_list *issues)
{
    const struct xml_node *query = xml_child(body, NS_RIM, "AdhocQuery");
    const char *scope = xml_attr(body, "deletionScope");

    if (query != NULL) {
        rule_break(a, issues, RULE_RM_BY_REFERENCE, xml_path(a, query),
                   "objects to be removed are named by a rim:ObjectRefList, not found by an AdhocQuery");
        return E_REFUSED;
    }
    if (scope != NULL && !text_equal(scope, SCOPE_ALL)) {
        rule_break(a, issues, RULE_RM_SCOPE, xml_path(a, body),
                   "deletionScope is \"%.80s\"; leave it out, only its default is understood", scope);
        return E_REFUSED;
    }
    return OK;
}

static enum rc refs_decode(struct arena *a, const struct xml_node *list, struct object_ref **tail,
                           struct issue_list *issues)
{
    const char *path = xml_path(a, list);
    size_t number = 1;

    for (const struct xml_node *n = xml_child(list, NS_RIM, "ObjectRef"); n != NULL; n = xml_next(n), number++) {
        const char *id = xml_attr(n, "id");
        if (text_absent(id)) {
            rule_break(a, issues, RULE_RM_REFERENCE, xml_path(a, n), "ObjectRef needs @id with an entryUUID");
            return E_REFUSED;
        }
        *tail = ARENA_NEW(a, struct object_ref);
        (*tail)->id = id;
        (*tail)->place = arena_printf(a, "%s/ObjectRef[%zu]", path, number);
        tail = &(*tail)->next;
    }
    return OK;
}

enum rc remove_objects_decode(struct arena *a, const struct xml_node *body, struct remove_objects *out,
                              struct issue_list *issues)
{
    struct remove_objects r = { 0 };

    if (!xml_is(body, NS_LCM, "RemoveObjectsRequest")) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body),
                   "the body must be an lcm:RemoveObjectsRequest (%s)", NS_LCM);
        return E_REFUSED;
    }
    TRY(manner_check(a, body, issues));
    const struct xml_node *list = xml_child(body, NS_RIM, "ObjectRefList");
    if (list != NULL)
        TRY(refs_decode(a, list, &r.refs, issues));
    if (r.refs == NULL) {
        rule_break(a, issues, RULE_RM_ANY, xml_path(a, body),
                   "RemoveObjectsRequest needs a rim:ObjectRefList with an ObjectRef for each object that is to go");
        return E_REFUSED;
    }
    *out = r;
    return OK;
}

void remove_objects_encode(const struct remove_objects *r, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    xw_open(&w, "lcm:RemoveObjectsRequest");
    xw_attr(&w, "xmlns:lcm", NS_LCM);
    xw_attr(&w, "xmlns:rim", NS_RIM);
    xw_open(&w, "rim:ObjectRefList");
    for (const struct object_ref *ref = r->refs; ref != NULL; ref = ref->next) {
        xw_open(&w, "rim:ObjectRef");
        xw_attr(&w, "id", ref->id);
        xw_close(&w);
    }
    xw_close(&w);
    xw_close(&w);
}
