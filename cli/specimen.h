#pragma once
/*
 * A message in a file, as people keep them: an HTTP request or response with its head (as curl or a proxy prints it,
 * line ends of either kind), an envelope alone, an MTOM package alone, an HL7 v2 message with or without its MLLP
 * frame, a syslog record or an audit message alone, a CDA document, a DICOM file, a SAML assertion alone.
 */

#include "base/str.h"

#include <stdbool.h>

struct arena;

enum specimen_kind {
    SPECIMEN_UNKNOWN,
    SPECIMEN_SOAP,
    SPECIMEN_HL7V2,
    SPECIMEN_AUDIT, /* bytes: with its syslog header, if it came with one */
    SPECIMEN_CDA,
    SPECIMEN_DICOM,
    SPECIMEN_SAML,
};

struct specimen {
    const char *name; /* of the file; "-" */
    enum specimen_kind kind;
    bool is_answer;                /* its head says so */
    const char *community, *actor; /* of the request's path; NULL when it does not say */
    int number;                    /* of the actor there, from 1 */
    const char *content_type;
    struct str bytes; /* without head and frame */
};

/* Whatever the bytes are; what is nothing known is SPECIMEN_UNKNOWN. */
void specimen_read(struct arena *a, const char *name, struct str file, struct specimen *out);
