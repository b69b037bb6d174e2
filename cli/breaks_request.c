/* How the objects of a submission are written: ids, slots, classifications, external identifiers (ITI TF-3: 4.2.3.1).
 */
#include "cli/breaks.h"

#include "cli/breaks_ebrim.h"

#define ANY "ITI-42 ITI-41 ITI-61"

#define ROW(id, ...)                                                                                                   \
    {                                                                                                                  \
        .rule = id, .transactions = ANY, .edits = { __VA_ARGS__ }                                                      \
    }
#define FOLDER(id, ...)                                                                                                \
    {                                                                                                                  \
        .rule = id, .transactions = ANY, .good = WITH_FOLDER_EDITS, .edits = { WITH_FOLDER, __VA_ARGS__ }              \
    }

#define A64 "----------------------------------------------------------------"

/* clang-format off */
static const struct break_row rows[] = {
    ROW("XDS-REQ-001", { XML_REMOVE, SS_ "|" DOCUMENT_LINK_, NULL }),
    ROW("XDS-REQ-002", { XML_REMOVE, DOCUMENT_LINK_ "/@id", NULL }),
    ROW("XDS-REQ-003", { XML_SET, "//@*[. = " SS_ "/@id]", UU "{translate(substring-after(" SS_ "/@id, '" UU "'), 'abcdef0123456789', 'ABCDEFABCDEFABCD')}" }),
    ROW("XDS-REQ-004", { XML_TWICE, DOCUMENT_LINK_, NULL }),
    ROW("XDS-REQ-005", { XML_SET, DE_UNIQUE "/@value", "{" SS_UNIQUE "/@value}" }),
    ROW("XDS-REQ-006", { XML_SET, DE_PATIENT "/@value", "OTHER^^^{substring-after($patient, '^^^')}" }),
    ROW("XDS-REQ-007", { XML_REMOVE, DOCUMENT_LINK_, NULL }),
    FOLDER("XDS-REQ-008", { XML_REMOVE, "//rim:Association[@targetObject=" FD_ "/@id]", NULL }),
    { .rule = "XDS-REQ-009", .transactions = ANY, .good = WITH_FOLDER_EDITS + 1,
      .edits = { WITH_FOLDER, IN_FOLDER(DE_ID), { XML_REMOVE, "//rim:Association[@targetObject=$uuid2]", NULL } } },
    ROW("XDS-REQ-010", { XML_APPEND, LIST_, "<rim:Person id=\"somebody\"/>" }),
    ROW("XDS-REQ-011", { XML_APPEND, LIST_, "<rim:RegistryPackage id=\"unmarked\"/>" }),
    ROW("XDS-REQ-012", { XML_APPEND, LIST_, CODE_XML("a code", "41a5887f-8865-4c09-adf7-e362475b143a", DE_ID, "N", "1.2.3") }),
    ROW("XDS-REQ-013", { XML_APPEND, DE_, "<rim:ContentVersionInfos/>" }),
    ROW("XDS-REQ-014", { XML_PREPEND, DE_, "<rim:Slot><rim:ValueList><rim:Value>nameless</rim:Value></rim:ValueList></rim:Slot>" }),
    ROW("XDS-REQ-015", { XML_TWICE, SLOT_(DE_, "languageCode"), NULL }),
    ROW("XDS-REQ-016", { XML_APPEND, VALUES_(DE_, "languageCode"), "<rim:Value>en-US</rim:Value>" }),
    ROW("XDS-REQ-017", { XML_PREPEND, DE_, SLOT_XML("ward", "3 East") }),
    ROW("XDS-REQ-018", { XML_PREPEND, DE_, SLOT_XML("urn:ihe:iti:no-such-slot", "3 East") }),
    ROW("XDS-REQ-019", { XML_PREPEND, DE_, SLOT_XML("urn:example:ward", A64 A64 A64 A64 "-") }),
    ROW("XDS-REQ-020", { XML_REMOVE, DE_CLASS "/@id", NULL }),
    ROW("XDS-REQ-021", { XML_SET, DE_CLASS "/@classifiedObject", SS_ID }),
    ROW("XDS-REQ-022", { XML_APPEND, DE_, CODE_XML("a code", "00000000-0000-4000-8000-000000000000", DE_ID, "N", "1.2.3") },
        { XML_LAST, DE_ "/rim:ExternalIdentifier", NULL }),
    ROW("XDS-REQ-023", { XML_REMOVE, DE_CLASS "/@nodeRepresentation", NULL }),
    ROW("XDS-REQ-024", { XML_REMOVE, SLOT_(DE_CLASS, "codingScheme"), NULL }),
    ROW("XDS-REQ-025", { XML_REMOVE, DE_CLASS "/rim:Name", NULL }),
    ROW("XDS-REQ-026", { XML_TWICE, DE_CLASS, NULL }),
    ROW("XDS-REQ-027", { XML_SET, DE_UNIQUE "/@registryObject", SS_ID }),
    ROW("XDS-REQ-028", { XML_APPEND, DE_, ID_XML("an id", "00000000-0000-4000-8000-000000000000", DE_ID, "1.2.3", "XDSDocumentEntry.other") }),
    ROW("XDS-REQ-029", { XML_TWICE, DE_UNIQUE, NULL }),
    ROW("XDS-REQ-030", { XML_REMOVE, DE_UNIQUE "/rim:Name", NULL }),
    ROW("XDS-REQ-031", { XML_PREPEND, DE_, "<rim:Slot name=\"URI\"><rim:ValueList><rim:Value>first</rim:Value><rim:Value>second</rim:Value></rim:ValueList></rim:Slot>" }),
    ROW("XDS-REQ-032", { XML_AFTER, DE_FORMAT, MARK_XML("limited", "ab9b591b-83ab-4d03-8f5d-f93b1fb92e85", DE_ID) }),
    ROW("XDS-REQ-033", { XML_LAST, SLOT_(DE_, "languageCode"), NULL }),
    ROW("XDS-REQ-034", { XML_SET, DE_ "/@lid", "{$uuid}" }),
};
/* clang-format on */

BREAK_TABLE(breaks_request, rows);
