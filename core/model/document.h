#pragma once
/*
 * XDS metadata as C structs (ITI TF-3: 4.1, 4.2): attributes by the framework's names, absent is NULL, all UTF-8 in one
 * arena. Lists keep the message's order.
 */

#include <stdbool.h>
#include <stddef.h>

struct text_list {
    const char *text;
    struct text_list *next;
};

/* A coded attribute. */
struct code {
    const char *code, *scheme, *display;
    struct code *next;
};

struct author {
    const char *person; /* XCN */
    struct text_list *institutions, *roles, *specialties, *telecoms;
    struct author *next;
};

struct slot {
    const char *name;
    struct text_list *values;
    struct slot *next;
};

/* A text of a Name or Description in one language; the value of the attribute is the first. */
struct localized {
    const char *text, *language; /* xml:lang; NULL when not said */
    struct localized *next;
};

/*
 * What the XML of an object says beside its values, so that it is returned as it came. Made by decoding and for
 * encoding alone (core/msg/ebrim_detail.c); NULL for objects of our own, whose inner ids are fresh.
 */
struct xml_detail;

#define STATUS_APPROVED   "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
#define STATUS_DEPRECATED "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"

#define TYPE_STABLE_DOCUMENT    "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
#define TYPE_ON_DEMAND_DOCUMENT "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248"

#define AVAILABILITY_ONLINE  "urn:ihe:iti:2010:DocumentAvailability:Online" /* also when it is not said */
#define AVAILABILITY_OFFLINE "urn:ihe:iti:2010:DocumentAvailability:Offline"

struct document_entry {
    const char *entry_uuid;        /* @id: urn:uuid:… or symbolic */
    const char *logical_id;        /* @lid */
    const char *version;           /* VersionInfo/@versionName */
    const char *home_community_id; /* @home */
    const char *availability_status;
    const char *object_type;
    const char *mime_type;
    const char *title, *comments;
    const char *unique_id, *patient_id;
    struct code *class_code, *type_code, *format_code, *healthcare_facility_type_code, *practice_setting_code;
    struct code *confidentiality_codes, *event_codes;
    struct author *authors;
    const char *creation_time, *service_start_time, *service_stop_time;
    const char *language_code, *legal_authenticator, *source_patient_id;
    struct text_list *source_patient_info, *reference_ids;
    const char *repository_unique_id, *hash, *size, *uri, *document_availability;
    bool is_limited;    /* limitedMetadata: its source had no more (ITI TF-3: 4.2.3.2.29) */
    struct slot *extra; /* every other slot, kept as sent */
    struct xml_detail *details;
    const char *place; /* XPath in the message it came from; NULL for our own */
    struct document_entry *next;
};

struct submission_set {
    const char *entry_uuid, *home_community_id, *availability_status, *logical_id, *version;
    const char *title, *comments;
    const char *unique_id, *patient_id, *source_id, *submission_time;
    struct code *content_type_code;
    struct author *authors;
    struct text_list *intended_recipients;
    bool is_limited;
    struct slot *extra;
    struct xml_detail *details;
    const char *place;
    struct submission_set *next;
};

struct folder {
    const char *entry_uuid, *home_community_id, *availability_status, *logical_id, *version;
    const char *title, *comments;
    const char *unique_id, *patient_id, *last_update_time;
    struct code *codes;
    bool is_limited;
    struct slot *extra;
    struct xml_detail *details;
    const char *place;
    struct folder *next;
};

#define ASSOC_HAS_MEMBER  "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
#define ASSOC_RPLC        "urn:ihe:iti:2007:AssociationType:RPLC"
#define ASSOC_XFRM        "urn:ihe:iti:2007:AssociationType:XFRM"
#define ASSOC_APND        "urn:ihe:iti:2007:AssociationType:APND"
#define ASSOC_XFRM_RPLC   "urn:ihe:iti:2007:AssociationType:XFRM_RPLC"
#define ASSOC_SIGNS       "urn:ihe:iti:2007:AssociationType:signs"
#define ASSOC_IS_SNAPSHOT "urn:ihe:iti:2010:AssociationType:IsSnapshotOf"
/* Requests of ITI-57: they say what to do, and are not registered themselves. */
#define ASSOC_UPDATE_STATUS "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
#define ASSOC_SUBMIT        "urn:ihe:iti:2010:AssociationType:SubmitAssociation"

struct association {
    const char *entry_uuid, *home_community_id, *availability_status, *logical_id, *version;
    const char *type, *source, *target;
    const char *submission_set_status; /* "Original", "Reference" or NULL */
    struct code *documentation;
    struct slot *extra; /* other slots: PreviousVersion, … */
    struct xml_detail *details;
    const char *place;
    struct association *next;
};

/* What one submission request holds. */
struct submission {
    struct submission_set *sets; /* exactly one in a valid request */
    struct document_entry *documents;
    struct folder *folders;
    struct association *associations;
};
