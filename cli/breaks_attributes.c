/* Attributes of DocumentEntry, SubmissionSet, Folder and author that are missing or misspelt (ITI TF-3: 4.2.3). */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define STABLE   "ITI-42 ITI-41"
#define ANY      "ITI-42 ITI-41 ITI-61"
#define OURS     "ITI-42"        /* what a repository adds itself */
#define REGISTRY "ITI-42 ITI-61" /* what a repository adds itself, or looks at itself */

#define NO(what)                                                                                                       \
    {                                                                                                                  \
        XML_REMOVE, what, NULL                                                                                         \
    }
#define BAD(what, value)                                                                                               \
    {                                                                                                                  \
        XML_SET, what, value                                                                                           \
    }
#define SLOT(name, value)                                                                                              \
    {                                                                                                                  \
        XML_PREPEND, DE_, SLOT_XML(name, value)                                                                        \
    }
#define AUTHOR(name, value)                                                                                            \
    {                                                                                                                  \
        XML_APPEND, DE_AUTHOR, SLOT_XML(name, value)                                                                   \
    }
#define ROW(id, of, ...)                                                                                               \
    {                                                                                                                  \
        .rule = id, .transactions = of, .edits = { __VA_ARGS__ }                                                       \
    }
#define FOLDER(id, ...)                                                                                                \
    {                                                                                                                  \
        .rule = id, .transactions = ANY, .good = WITH_FOLDER_EDITS, .edits = { WITH_FOLDER, __VA_ARGS__ }              \
    }

#define LONG_TITLE                                                                                                     \
    "----------------------------------------------------------------"                                                 \
    "-----------------------------------------------"                                                                  \
    "------------------"

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-AUT-001", ANY, NO(SLOT_(DE_AUTHOR, "authorInstitution"))),
    ROW("XDS-AUT-002", ANY, AUTHOR("authorPerson", "^^Taro")),
    ROW("XDS-AUT-003", ANY, BAD(VALUE_(DE_AUTHOR, "authorInstitution"), "^^^^^^^^^1.2.3")),
    ROW("XDS-AUT-004", ANY, AUTHOR("authorRole", "Doctor^^^1.2.3")),
    ROW("XDS-AUT-005", ANY, AUTHOR("authorSpecialty", "Cardiology^^^1.2.3")),
    ROW("XDS-AUT-006", ANY, AUTHOR("authorTelecommunication", "name@example.org")),

    ROW("XDS-DE-001", ANY, BAD(DE_ "/@objectType", UU "00000000-0000-4000-8000-000000000000")),
    ROW("XDS-DE-002", ANY, NO(DE_CLASS)),
    ROW("XDS-DE-003", ANY, NO(DE_TYPE)),
    ROW("XDS-DE-004", ANY, NO(DE_FORMAT)),
    ROW("XDS-DE-005", ANY, NO(DE_FACILITY)),
    ROW("XDS-DE-006", ANY, NO(DE_PRACTICE)),
    ROW("XDS-DE-007", ANY, NO(DE_CONFIDENTIAL)),
    ROW("XDS-DE-008", STABLE, NO(SLOT_(DE_, "creationTime"))),
    ROW("XDS-DE-009", STABLE, BAD(VALUE_(DE_, "creationTime"), "2026-04-01")),
    ROW("XDS-DE-010", ANY, BAD(VALUE_(DE_, "serviceStartTime"), "yesterday")),
    ROW("XDS-DE-011", ANY, SLOT("serviceStopTime", "20261301")),
    ROW("XDS-DE-012", ANY, SLOT("serviceStopTime", "19000101")),
    ROW("XDS-DE-013", OURS, NO(SLOT_(DE_, "hash"))),
    ROW("XDS-DE-014", OURS, BAD(VALUE_(DE_, "hash"), "da39a3ee")),
    ROW("XDS-DE-015", OURS, NO(SLOT_(DE_, "size"))),
    ROW("XDS-DE-016", OURS, BAD(VALUE_(DE_, "size"), "1 KB")),
    ROW("XDS-DE-017", ANY, NO(SLOT_(DE_, "languageCode"))),
    ROW("XDS-DE-018", ANY, BAD(VALUE_(DE_, "languageCode"), "Japanese (Japan)")),
    ROW("XDS-DE-019", ANY, SLOT("legalAuthenticator", "^^Taro")),
    ROW("XDS-DE-020", REGISTRY, NO(DE_ "/@mimeType")),
    ROW("XDS-DE-021", REGISTRY, BAD(DE_ "/@mimeType", "xml")),
    ROW("XDS-DE-022", ANY, NO(DE_PATIENT)),
    ROW("XDS-DE-023", ANY, BAD(DE_PATIENT "/@value", "{substring-before($patient, '^')}")),
    ROW("XDS-DE-024", ANY, NO(SLOT_(DE_, "sourcePatientId"))),
    ROW("XDS-DE-025", ANY, BAD(VALUE_(DE_, "sourcePatientId"), "0001")),
    ROW("XDS-DE-026", ANY, BAD(VALUE_(DE_, "sourcePatientInfo") "[1]", "name=Taro")),
    ROW("XDS-DE-027", ANY, BAD(VALUE_(DE_, "sourcePatientInfo") "[1]", "PID-19|123-45-6789")),
    ROW("XDS-DE-028", ANY, SLOT("urn:ihe:iti:xds:2013:referenceIdList", "2026-0001")),
    ROW("XDS-DE-029", REGISTRY, NO(SLOT_(DE_, "repositoryUniqueId"))),
    ROW("XDS-DE-030", REGISTRY, BAD(VALUE_(DE_, "repositoryUniqueId"), "repository")),
    ROW("XDS-DE-031", REGISTRY, NO(DE_UNIQUE)),
    ROW("XDS-DE-032", ANY, BAD(DE_UNIQUE "/@value", "document {$oid}")),
    ROW("XDS-DE-033", ANY, SLOT("URI", "a document.xml")),
    ROW("XDS-DE-034", ANY, BAD(DE_ "/@home", "2.999.392.1.35")),
    ROW("XDS-DE-035", ANY, BAD(DE_ "/rim:Name/rim:LocalizedString/@value", LONG_TITLE)),
    ROW("XDS-DE-036", ANY, SLOT("documentAvailability", "Online")),
    ROW("XDS-DE-037", "ITI-61", SLOT("creationTime", "20260401")),
    ROW("XDS-DE-038", "ITI-61", SLOT("hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709")),
    ROW("XDS-DE-039", "ITI-61", SLOT("size", "1")),

    ROW("XDS-SS-001", ANY, NO(SS_CONTENT)),
    ROW("XDS-SS-002", ANY, NO(SS_PATIENT)),
    ROW("XDS-SS-003", ANY, BAD(SS_PATIENT "/@value", "{substring-before($patient, '^')}")),
    ROW("XDS-SS-004", ANY, NO(SS_SOURCE)),
    ROW("XDS-SS-005", ANY, BAD(SS_SOURCE "/@value", "hospital")),
    ROW("XDS-SS-006", ANY, NO(SLOT_(SS_, "submissionTime"))),
    ROW("XDS-SS-007", ANY, BAD(VALUE_(SS_, "submissionTime"), "2026-04-01T00:00:00Z")),
    ROW("XDS-SS-008", ANY, NO(SS_UNIQUE)),
    ROW("XDS-SS-009", ANY, BAD(SS_UNIQUE "/@value", "{$uuid}")),
    ROW("XDS-SS-010", ANY, { XML_PREPEND, SS_, SLOT_XML("intendedRecipient", "||") }),
    ROW("XDS-SS-011", ANY, BAD(SS_ "/@home", "2.999.392.1.35")),

    FOLDER("XDS-FD-001", NO(FD_CODE)),
    FOLDER("XDS-FD-002", NO(FD_PATIENT)),
    FOLDER("XDS-FD-003", BAD(FD_PATIENT "/@value", "{substring-before($patient, '^')}")),
    FOLDER("XDS-FD-004", NO(FD_ "/rim:Name")),
    FOLDER("XDS-FD-005", NO(FD_UNIQUE)),
    FOLDER("XDS-FD-006", BAD(FD_UNIQUE "/@value", "{$uuid}")),
    FOLDER("XDS-FD-007", BAD(FD_ "/@home", "2.999.392.1.35")),

    ROW("XDS-CODE-001", ANY, BAD(DE_CLASS "/@nodeRepresentation", "no-such-class")),
    ROW("XDS-CODE-002", ANY, BAD(SS_CONTENT "/@nodeRepresentation", "no-such-content")),
    FOLDER("XDS-CODE-003", BAD(FD_CODE "/@nodeRepresentation", "no-such-folder")),
    ROW("XDS-CODE-005", ANY, BAD(DE_ "/@mimeType", "application/x-no-such-type")),
};
/* clang-format on */

BREAK_TABLE(breaks_attributes, rows);
