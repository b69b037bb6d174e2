#pragma once
/* Places in a submission's ebRIM, for the tables of edits (ITI TF-3: 4.2). For cli/breaks_*.c only. */

#include "model/document.h"

#define UU "urn:uuid:"

#define DE_            "//rim:ExtrinsicObject"
#define PACKAGE_(node) "//rim:RegistryPackage[rim:Classification/@classificationNode='" UU node "']"
#define SS_            PACKAGE_("a54d6aa5-d40d-43f9-88c5-b4633d873bdd")
#define FD_            PACKAGE_("d9d542f3-6cc4-48b6-8870-ea235fbc94c2")
#define LIST_          "//rim:RegistryObjectList"
#define DOCUMENT_LINK_ "//rim:Association[@sourceObject=" SS_ "/@id and @targetObject=" DE_ "/@id]"

#define SLOT_(of, name)   of "/rim:Slot[@name='" name "']"
#define VALUES_(of, name) SLOT_(of, name) "/rim:ValueList"
#define VALUE_(of, name)  VALUES_(of, name) "/rim:Value"
#define CODE_(of, scheme) of "/rim:Classification[@classificationScheme='" UU scheme "']"
#define ID_(of, scheme)   of "/rim:ExternalIdentifier[@identificationScheme='" UU scheme "']"

/* Attributes by their schemes */
#define DE_AUTHOR       CODE_(DE_, "93606bcf-9494-43ec-9b4e-a7748d1a838d")
#define DE_CLASS        CODE_(DE_, "41a5887f-8865-4c09-adf7-e362475b143a")
#define DE_TYPE         CODE_(DE_, "f0306f51-975f-434e-a61c-c59651d33983")
#define DE_FORMAT       CODE_(DE_, "a09d5840-386c-46f2-b5ad-9c3699a4309d")
#define DE_FACILITY     CODE_(DE_, "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1")
#define DE_PRACTICE     CODE_(DE_, "cccf5598-8b07-4b77-a05e-ae952c785ead")
#define DE_CONFIDENTIAL CODE_(DE_, "f4f85eac-e6cb-4883-b524-f2705394840f")
#define DE_PATIENT      ID_(DE_, "58a6f841-87b3-4a3e-92fd-a8ffeff98427")
#define DE_UNIQUE       ID_(DE_, "2e82c1f6-a085-4c72-9da3-8640a32e42ab")
#define SS_CONTENT      CODE_(SS_, "aa543740-bdda-424e-8c96-df4873be8500")
#define SS_PATIENT      ID_(SS_, "6b5aea1a-874d-4603-a4bc-96a0a7b38446")
#define SS_SOURCE       ID_(SS_, "554ac39e-e3fe-47fe-b233-965d2a147832")
#define SS_UNIQUE       ID_(SS_, "96fdda7c-d067-4183-912e-bf5ee74998a8")
#define FD_CODE         CODE_(FD_, "1ba97051-7806-41a8-a48b-8fce7af683c5")
#define FD_PATIENT      ID_(FD_, "f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a")
#define FD_UNIQUE       ID_(FD_, "75df8f67-9973-4fbe-a900-df66cefecc5a")
/* Every patientId of the message */
#define PATIENTS_ "//rim:ExternalIdentifier[contains(rim:Name/rim:LocalizedString/@value, '.patientId')]/@value"

/* clang-format off */
/* ---- fragments ---- */

#define SLOT_XML(name, value)                                                                                          \
    "<rim:Slot name=\"" name "\"><rim:ValueList><rim:Value>" value "</rim:Value></rim:ValueList></rim:Slot>"
#define NAME_XML(element, text) "<rim:" element "><rim:LocalizedString value=\"" text "\"/></rim:" element ">"
#define OBJECT_TYPE_XML(type)   "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:" type
#define CODE_XML(id, scheme, of, code, coding_scheme)                                                                  \
    "<rim:Classification id=\"" id "\" objectType=\"" OBJECT_TYPE_XML("Classification") "\" "                          \
    "classificationScheme=\"" UU scheme "\" classifiedObject=\"" of "\" nodeRepresentation=\"" code "\">"              \
    SLOT_XML("codingScheme", coding_scheme) NAME_XML("Name", code) "</rim:Classification>"
#define MARK_XML(id, node, of)                                                                                         \
    "<rim:Classification id=\"" id "\" objectType=\"" OBJECT_TYPE_XML("Classification") "\" "                          \
    "classificationNode=\"" UU node "\" classifiedObject=\"" of "\"/>"
#define ID_XML(id, scheme, of, value, name)                                                                            \
    "<rim:ExternalIdentifier id=\"" id "\" objectType=\"" OBJECT_TYPE_XML("ExternalIdentifier") "\" "                  \
    "registryObject=\"" of "\" identificationScheme=\"" UU scheme "\" value=\"" value "\">" NAME_XML("Name", name)     \
    "</rim:ExternalIdentifier>"
#define LINK_XML(id, type, source, target, inner)                                                                      \
    "<rim:Association id=\"" id "\" objectType=\"" OBJECT_TYPE_XML("Association") "\" associationType=\"" type "\" "   \
    "sourceObject=\"" source "\" targetObject=\"" target "\">" inner "</rim:Association>"

/* Ids, of this message and of one of the ground */
#define SS_ID      "{" SS_ "/@id}"
#define DE_ID      "{" DE_ "/@id}"
#define M(n, path) "{$m" n path "/@id}"

/* ---- edits that leave a submission good: a Folder (two edits), a document in it, a relationship ---- */

#define WITH_FOLDER                                                                                                    \
    { XML_APPEND, LIST_,                                                                                               \
      "<rim:RegistryPackage id=\"{$uuid}\" objectType=\"" OBJECT_TYPE_XML("RegistryPackage") "\">"                     \
      NAME_XML("Name", "紹介")                                                                                         \
      MARK_XML("a folder", "d9d542f3-6cc4-48b6-8870-ea235fbc94c2", "{$uuid}")                                          \
      CODE_XML("its code", "1ba97051-7806-41a8-a48b-8fce7af683c5", "{$uuid}",                                          \
               "{" SS_CONTENT "/@nodeRepresentation}", "{" VALUE_(SS_CONTENT, "codingScheme") "}")                     \
      ID_XML("its patient", "f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a", "{$uuid}", "{" SS_PATIENT "/@value}",              \
             "XDSFolder.patientId")                                                                                    \
      ID_XML("its uniqueId", "75df8f67-9973-4fbe-a900-df66cefecc5a", "{$uuid}", "{$oid}", "XDSFolder.uniqueId")        \
      "</rim:RegistryPackage>" },                                                                                      \
    { XML_APPEND, LIST_, LINK_XML("a member", ASSOC_HAS_MEMBER, SS_ID, "{$uuid}", "") }
#define WITH_FOLDER_EDITS 2
#define IN_FOLDER(target)                                                                                              \
    { XML_APPEND, LIST_,                                                                                               \
      LINK_XML("{$uuid2}", ASSOC_HAS_MEMBER, "{$uuid}", target, "")                                                    \
      LINK_XML("{$uuid3}", ASSOC_HAS_MEMBER, SS_ID, "{$uuid2}", "") }
#define RELATED(type, source, target, inner)                                                                           \
    { XML_APPEND, LIST_, LINK_XML("a relationship", type, source, target, inner) }

/* ---- steps of a ground: $other becomes known to the registry; a document of that patient is registered ---- */

#define FEED_OTHER                                                                                                     \
    { .transaction = "ITI-44", .at = "registry", .params = { { "id", "{$other}" }, { "family", "模擬" } } }
#define REGISTER_OF_OTHER { .transaction = "ITI-42", .params = { { "patient", "{$other}" } } }
/* clang-format on */

#define BREAK_TABLE(name, rows) const struct break_table name = { rows, sizeof(rows) / sizeof((rows)[0]) }
