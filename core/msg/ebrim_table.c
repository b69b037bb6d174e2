/* The rows of DocumentEntry, SubmissionSet, Folder, Association and author (ITI TF-3: 4.2.1 to 4.2.3). */
#include "msg/ebrim_table.h"

#include "base/rc.h"
#include "base/str.h"
#include "model/document.h"
#include "msg/ebrim.h"

#include <string.h>

#define CLASS(rows) (rows), ARRAY_LEN(rows)

#define AUTHOR(member) offsetof(struct author, member)

static const struct ebrim_row author_rows[] = {
    { EBRIM_SLOT, "authorPerson", AUTHOR(person), NULL },
    { EBRIM_SLOT_LIST, "authorInstitution", AUTHOR(institutions), NULL },
    { EBRIM_SLOT_LIST, "authorRole", AUTHOR(roles), NULL },
    { EBRIM_SLOT_LIST, "authorSpecialty", AUTHOR(specialties), NULL },
    { EBRIM_SLOT_LIST, "authorTelecommunication", AUTHOR(telecoms), NULL },
};

#define DOCUMENT(member) offsetof(struct document_entry, member)

static const struct ebrim_row document_rows[] = {
    { EBRIM_ATTRIBUTE, "id", DOCUMENT(entry_uuid), NULL },
    { EBRIM_ATTRIBUTE, "lid", DOCUMENT(logical_id), NULL },
    { EBRIM_ATTRIBUTE, "home", DOCUMENT(home_community_id), NULL },
    { EBRIM_ATTRIBUTE, "status", DOCUMENT(availability_status), NULL },
    { EBRIM_ATTRIBUTE, "objectType", DOCUMENT(object_type), NULL },
    { EBRIM_ATTRIBUTE, "mimeType", DOCUMENT(mime_type), NULL },
    { EBRIM_SLOT, "creationTime", DOCUMENT(creation_time), NULL },
    { EBRIM_SLOT, "documentAvailability", DOCUMENT(document_availability), NULL },
    { EBRIM_SLOT, "hash", DOCUMENT(hash), NULL },
    { EBRIM_SLOT, "languageCode", DOCUMENT(language_code), NULL },
    { EBRIM_SLOT, "legalAuthenticator", DOCUMENT(legal_authenticator), NULL },
    { EBRIM_SLOT, "repositoryUniqueId", DOCUMENT(repository_unique_id), NULL },
    { EBRIM_SLOT, "serviceStartTime", DOCUMENT(service_start_time), NULL },
    { EBRIM_SLOT, "serviceStopTime", DOCUMENT(service_stop_time), NULL },
    { EBRIM_SLOT, "size", DOCUMENT(size), NULL },
    { EBRIM_SLOT, "sourcePatientId", DOCUMENT(source_patient_id), NULL },
    { EBRIM_SLOT_LIST, "sourcePatientInfo", DOCUMENT(source_patient_info), NULL },
    { EBRIM_SLOT_LIST, "urn:ihe:iti:xds:2013:referenceIdList", DOCUMENT(reference_ids), NULL },
    { EBRIM_SLOT_PARTS, "URI", DOCUMENT(uri), NULL },
    { EBRIM_SLOT_OTHERS, NULL, DOCUMENT(extra), NULL },
    { EBRIM_LOCALIZED, "rim:Name", DOCUMENT(title), NULL },
    { EBRIM_LOCALIZED, "rim:Description", DOCUMENT(comments), NULL },
    { EBRIM_VERSION, "rim:VersionInfo", DOCUMENT(version), NULL },
    { EBRIM_MARK, "urn:uuid:ab9b591b-83ab-4d03-8f5d-f93b1fb92e85", DOCUMENT(is_limited), NULL },
    { EBRIM_AUTHORS, "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d", DOCUMENT(authors), NULL },
    { EBRIM_CODE, "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", DOCUMENT(class_code), NULL },
    { EBRIM_CODE, "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", DOCUMENT(type_code), NULL },
    { EBRIM_CODE, "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", DOCUMENT(format_code), NULL },
    { EBRIM_CODE, "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", DOCUMENT(healthcare_facility_type_code), NULL },
    { EBRIM_CODE, "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead", DOCUMENT(practice_setting_code), NULL },
    { EBRIM_CODE_LIST, "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f", DOCUMENT(confidentiality_codes), NULL },
    { EBRIM_CODE_LIST, "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", DOCUMENT(event_codes), NULL },
    { EBRIM_EXTERNAL_ID, SCHEME_DOCUMENT_PATIENT_ID, DOCUMENT(patient_id), "XDSDocumentEntry.patientId" },
    { EBRIM_EXTERNAL_ID, SCHEME_DOCUMENT_UNIQUE_ID, DOCUMENT(unique_id), "XDSDocumentEntry.uniqueId" },
};

#define SET(member) offsetof(struct submission_set, member)

static const struct ebrim_row submission_set_rows[] = {
    { EBRIM_ATTRIBUTE, "id", SET(entry_uuid), NULL },
    { EBRIM_ATTRIBUTE, "lid", SET(logical_id), NULL },
    { EBRIM_ATTRIBUTE, "home", SET(home_community_id), NULL },
    { EBRIM_ATTRIBUTE, "status", SET(availability_status), NULL },
    { EBRIM_CONSTANT, "objectType", 0, EBRIM_OBJECT_TYPE "RegistryPackage" },
    { EBRIM_SLOT, "submissionTime", SET(submission_time), NULL },
    { EBRIM_SLOT_LIST, "intendedRecipient", SET(intended_recipients), NULL },
    { EBRIM_SLOT_OTHERS, NULL, SET(extra), NULL },
    { EBRIM_LOCALIZED, "rim:Name", SET(title), NULL },
    { EBRIM_LOCALIZED, "rim:Description", SET(comments), NULL },
    { EBRIM_VERSION, "rim:VersionInfo", SET(version), NULL },
    { EBRIM_NODE, "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd", 0, NULL },
    { EBRIM_MARK, "urn:uuid:5003a9db-8d8d-49e6-bf0c-990e34ac7707", SET(is_limited), NULL },
    { EBRIM_AUTHORS, "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", SET(authors), NULL },
    { EBRIM_CODE, "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500", SET(content_type_code), NULL },
    { EBRIM_EXTERNAL_ID, SCHEME_SET_PATIENT_ID, SET(patient_id), "XDSSubmissionSet.patientId" },
    { EBRIM_EXTERNAL_ID, "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", SET(source_id), "XDSSubmissionSet.sourceId" },
    { EBRIM_EXTERNAL_ID, "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", SET(unique_id), "XDSSubmissionSet.uniqueId" },
};

#define FOLDER(member) offsetof(struct folder, member)

static const struct ebrim_row folder_rows[] = {
    { EBRIM_ATTRIBUTE, "id", FOLDER(entry_uuid), NULL },
    { EBRIM_ATTRIBUTE, "lid", FOLDER(logical_id), NULL },
    { EBRIM_ATTRIBUTE, "home", FOLDER(home_community_id), NULL },
    { EBRIM_ATTRIBUTE, "status", FOLDER(availability_status), NULL },
    { EBRIM_CONSTANT, "objectType", 0, EBRIM_OBJECT_TYPE "RegistryPackage" },
    { EBRIM_SLOT, "lastUpdateTime", FOLDER(last_update_time), NULL },
    { EBRIM_SLOT_OTHERS, NULL, FOLDER(extra), NULL },
    { EBRIM_LOCALIZED, "rim:Name", FOLDER(title), NULL },
    { EBRIM_LOCALIZED, "rim:Description", FOLDER(comments), NULL },
    { EBRIM_VERSION, "rim:VersionInfo", FOLDER(version), NULL },
    { EBRIM_NODE, "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2", 0, NULL },
    { EBRIM_MARK, "urn:uuid:2c144a76-29a9-4b7c-af54-b25409fe7d03", FOLDER(is_limited), NULL },
    { EBRIM_CODE_LIST, "urn:uuid:1ba97051-7806-41a8-a48b-8fce7af683c5", FOLDER(codes), NULL },
    { EBRIM_EXTERNAL_ID, SCHEME_FOLDER_PATIENT_ID, FOLDER(patient_id), "XDSFolder.patientId" },
    { EBRIM_EXTERNAL_ID, "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a", FOLDER(unique_id), "XDSFolder.uniqueId" },
};

#define ASSOCIATION(member) offsetof(struct association, member)

static const struct ebrim_row association_rows[] = {
    { EBRIM_ATTRIBUTE, "id", ASSOCIATION(entry_uuid), NULL },
    { EBRIM_ATTRIBUTE, "lid", ASSOCIATION(logical_id), NULL },
    { EBRIM_ATTRIBUTE, "home", ASSOCIATION(home_community_id), NULL },
    { EBRIM_ATTRIBUTE, "status", ASSOCIATION(availability_status), NULL },
    { EBRIM_CONSTANT, "objectType", 0, EBRIM_OBJECT_TYPE "Association" },
    { EBRIM_ATTRIBUTE, "associationType", ASSOCIATION(type), NULL },
    { EBRIM_ATTRIBUTE, "sourceObject", ASSOCIATION(source), NULL },
    { EBRIM_ATTRIBUTE, "targetObject", ASSOCIATION(target), NULL },
    { EBRIM_SLOT, "SubmissionSetStatus", ASSOCIATION(submission_set_status), NULL },
    { EBRIM_SLOT_OTHERS, NULL, ASSOCIATION(extra), NULL },
    { EBRIM_VERSION, "rim:VersionInfo", ASSOCIATION(version), NULL },
    { EBRIM_CODE, "urn:uuid:abd807a3-4432-4053-87b4-fd82c643d1f3", ASSOCIATION(documentation), NULL },
};

const struct ebrim_class ebrim_author = { "author", "rim:Classification", CLASS(author_rows), 0 };
const struct ebrim_class ebrim_document = { "DocumentEntry", "rim:ExtrinsicObject", CLASS(document_rows),
                                            DOCUMENT(details) };
const struct ebrim_class ebrim_submission_set = { "SubmissionSet", "rim:RegistryPackage", CLASS(submission_set_rows),
                                                  SET(details) };
const struct ebrim_class ebrim_folder = { "Folder", "rim:RegistryPackage", CLASS(folder_rows), FOLDER(details) };
const struct ebrim_class ebrim_association = { "Association", "rim:Association", CLASS(association_rows),
                                               ASSOCIATION(details) };

const struct ebrim_row *ebrim_row_find(const struct ebrim_class *c, enum ebrim_kind first, enum ebrim_kind last,
                                       const char *key)
{
    for (const struct ebrim_row *row = c->rows; row < c->rows + c->count; row++)
        if (row->kind >= first && row->kind <= last && row->key != NULL && text_equal(row->key, key))
            return row;
    return NULL;
}

const char *ebrim_local_name(const char *name)
{
    return strchr(name, ':') + 1;
}
