#pragma once
/* XDS metadata ↔ ebRIM 3.0 XML (ITI TF-3: 4.2.3, 4.3). */

#include "base/rc.h"
#include "model/document.h"
#include "model/issue.h"
#include "wire/xml.h"

struct arena;

/*
 * The objects of a rim:RegistryObjectList. What cannot be read at all (a RegistryPackage that is neither submission set
 * nor folder, a Classification without codingScheme, an attribute twice where one is allowed, a Classification or
 * ExternalIdentifier that is nobody's or names another object, an unknown element) is an issue of the given code with
 * its place, and reading goes on; whether attributes are present and well-formed is for the reader of the structs to
 * judge. The 51st issue and those behind it are not told.
 */
void ebrim_decode(struct arena *a, const struct xml_node *object_list, enum issue_code metadata_error,
                  struct submission *out, struct issue_list *issues);

/* Of each kind of object: where its attributes are in XML and struct. */
struct ebrim_class;
extern const struct ebrim_class ebrim_document, ebrim_submission_set, ebrim_folder, ebrim_association;

/* One object as a child of RegistryObjectList; the prefix rim must be declared outside. Attribute order is fixed. */
void ebrim_write_object(struct xml_writer *w, const struct ebrim_class *c, const void *object);
void ebrim_write_document(struct xml_writer *w, const struct document_entry *d);
void ebrim_write_submission_set(struct xml_writer *w, const struct submission_set *s);
void ebrim_write_folder(struct xml_writer *w, const struct folder *f);
void ebrim_write_association(struct xml_writer *w, const struct association *s);
void ebrim_write_object_ref(struct xml_writer *w, const char *id, const char *home);
/* All of a submission in the order sets, documents, folders, associations. */
void ebrim_write_submission(struct xml_writer *w, const struct submission *s);

/* Sets a one-value slot of an ExtrinsicObject in a tree, replacing one of that name; for a repository that completes
 * hash, size … */
void ebrim_slot_set(struct arena *a, struct xml_node *object, const char *name, const char *value);
/* The first value of a slot, trimmed; NULL if there is none. */
const char *ebrim_slot(struct arena *a, const struct xml_node *object, const char *name);
/* @value of the ExternalIdentifier with this scheme; NULL if there is none. */
const char *ebrim_external_id(const struct xml_node *object, const char *scheme);

/* Schemes a caller needs outside the codec. */
#define SCHEME_DOCUMENT_UNIQUE_ID  "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
#define SCHEME_DOCUMENT_PATIENT_ID "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
#define SCHEME_SET_PATIENT_ID      "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
#define SCHEME_FOLDER_PATIENT_ID   "urn:uuid:f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a"
