/* lcm:SubmitObjectsRequest: a RegistryObjectList on its way to a registry (ITI TF-2: 3.42.4.1.2). */
#include "msg/submit_objects.h"
#include "model/rule.h"

#include "msg/ebrim.h"
#include "wire/ns.h"

enum rc submit_objects_decode(struct arena *a, struct xml_node *body, enum issue_code metadata_error,
                              struct submit_objects *out, struct issue_list *issues)
{
    if (!xml_is(body, NS_LCM, "SubmitObjectsRequest")) {
        rule_break(a, issues, RULE_SOAP_BODY_OF_ACTION, xml_path(a, body),
                   "the body must be an lcm:SubmitObjectsRequest (%s)", NS_LCM);
        return E_REFUSED;
    }
    struct xml_node *list = xml_child(body, NS_RIM, "RegistryObjectList");
    if (list == NULL) {
        rule_break(a, issues, RULE_PNR_LIST, xml_path(a, body), "SubmitObjectsRequest needs a rim:RegistryObjectList");
        return E_REFUSED;
    }
    out->request = body;
    out->object_list = list;
    ebrim_decode(a, list, metadata_error, &out->submission, issues);
    return OK;
}

void submit_objects_write(struct xml_writer *w, const struct submission *s)
{
    xw_open(w, "lcm:SubmitObjectsRequest");
    xw_attr(w, "xmlns:lcm", NS_LCM);
    xw_attr(w, "xmlns:rim", NS_RIM);
    xw_open(w, "rim:RegistryObjectList");
    ebrim_write_submission(w, s);
    xw_close(w);
    xw_close(w);
}

void submit_objects_encode(const struct submission *s, struct buf *out)
{
    struct xml_writer w;

    xw_init(&w, out);
    submit_objects_write(&w, s);
}
