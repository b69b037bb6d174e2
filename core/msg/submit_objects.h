#pragma once
/*
 * lcm:SubmitObjectsRequest (ITI-42 and its relatives) and xds:ProvideAndRegisterDocumentSetRequest (ITI-41, ITI-80).
 */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "model/document.h"
#include "model/issue.h"
#include "wire/xml.h"

struct arena;

struct submit_objects {
    struct xml_node *request;     /* lcm:SubmitObjectsRequest, for passing it on changed */
    struct xml_node *object_list; /* rim:RegistryObjectList within it */
    struct submission submission;
};

/*
 * E_REFUSED with an issue ISSUE_SOAP_BODY when body is not an lcm:SubmitObjectsRequest with a RegistryObjectList. Issues
 * about metadata (ebrim_decode) leave OK, so that the caller may add its own.
 */
MUST_CHECK enum rc submit_objects_decode(struct arena *a, struct xml_node *body, enum issue_code metadata_error,
                                         struct submit_objects *out, struct issue_list *issues);
void submit_objects_encode(const struct submission *s, struct buf *out);
/* The same as an element within another; declares its prefixes itself. */
void submit_objects_write(struct xml_writer *w, const struct submission *s);

/* xds:Document: either an xop:Include or inline base64. */
struct provided_document {
    const char *id;   /* entryUUID or symbolic id of its DocumentEntry */
    const char *href; /* "cid:…"; NULL when inline */
    struct str inline_bytes;
    const char *place;
    struct provided_document *next;
};

struct provide {
    struct submit_objects submit;
    struct provided_document *documents;
};

/*
 * E_REFUSED with an issue when body is something else, a Document has no id, or its content is neither an Include nor
 * base64. Issues about metadata leave OK.
 */
MUST_CHECK enum rc provide_decode(struct arena *a, struct xml_node *body, struct provide *out, struct issue_list *issues);
/* Documents by href: <xop:Include href="…"/>; inline ones as base64. */
void provide_encode(const struct submission *s, const struct provided_document *documents, struct buf *out);
