#pragma once
/* ebRS RegistryResponse (ITI TF-3: 4.2.4): answer of ITI-41, ITI-42 and the like, and the error list of all others. */

#include "base/rc.h"
#include "model/issue.h"
#include "wire/xml.h"

struct arena;
struct buf;

enum registry_status { REGISTRY_SUCCESS, REGISTRY_PARTIAL_SUCCESS, REGISTRY_FAILURE };

const char *registry_status_urn(enum registry_status s);
/* E_SYNTAX for anything but the three URNs. */
MUST_CHECK enum rc registry_status_parse(const char *urn, enum registry_status *out);
/* Failure when a list has errors, Success otherwise (warnings leave Success). */
enum registry_status registry_status_of(const struct issue_list *issues);

/* <rs:RegistryErrorList>; nothing when the list is empty. The prefix rs must be declared outside. */
void registry_errors_write(struct xml_writer *w, const struct issue_list *issues);
/* From any response element that holds an rs:RegistryErrorList. */
void registry_errors_decode(struct arena *a, const struct xml_node *response, struct issue_list *out);

struct registry_response {
    enum registry_status status;
    struct issue_list issues;
};

void registry_response_encode(const struct registry_response *r, struct buf *out);
MUST_CHECK enum rc registry_response_decode(struct arena *a, const struct xml_node *body, struct registry_response *out);
