#pragma once
/* People as HL7 v3 (ITI TF-2: Appendix E, 3.44, 3.47) and XDS (CX) see them. Absent is NULL. */

#include "base/rc.h"

#include <stdbool.h>

struct arena;

/* II root/extension = CX "extension^^^&root&ISO". */
struct patient_id {
    const char *root;      /* assigning authority's OID */
    const char *extension; /* the id; NULL in a scoping organisation */
    const char *authority; /* assigningAuthorityName, NULL */
    struct patient_id *next;
};

struct person_name {
    const char *use; /* "IDE" kanji, "SYL" kana, "ABC" romaji, "L", … or several of them, or NULL */
    const char *family, *given, *prefix, *suffix;
    struct person_name *next;
};

struct address {
    const char *use, *street, *city, *state, *postal_code, *country;
    struct address *next;
};

struct telecom {
    const char *value, *use; /* "tel:03-…" */
    struct telecom *next;
};

/* In the order in which HL7 v3 writes them. */
enum patient_fact_kind {
    FACT_DECEASED, /* true, false */
    FACT_DECEASED_TIME,
    FACT_MULTIPLE_BIRTH, /* true, false */
    FACT_BIRTH_ORDER,
    FACT_MARITAL_STATUS, /* from here on codes */
    FACT_RELIGION,
    FACT_RACE,
    FACT_ETHNIC_GROUP,
    FACT_NATION,
    FACT_LANGUAGE,
};

struct patient_fact {
    enum patient_fact_kind kind;
    const char *value, *system; /* system: of a code, or NULL */
    struct patient_fact *next;
};

struct patient {
    struct patient_id *ids;       /* patient/id */
    struct patient_id *other_ids; /* asOtherIDs/id; root also names the scoping organisation */
    struct person_name *names;
    const char *gender;     /* M, F, UN */
    const char *birth_time; /* YYYYMMDD… */
    struct address *addresses;
    struct telecom *telecoms;
    struct person_name *mother;                /* her maiden name; NULL */
    struct patient_fact *facts;                /* several of a kind: races, nations, languages */
    struct address *birth_place;               /* NULL */
    const char *birth_place_name;              /* NULL */
    const char *status;                        /* active, … */
    const char *provider_root, *provider_name; /* providerOrganization */
    const char *custodian_root;                /* XCPD: homeCommunityId without urn:oid: */
    int match;                                 /* queryMatchObservation 0 to 100; -1 when absent */
    struct patient *next;
};

/*
 * What an update says of a field that is to be deleted, HL7 v2's `""`, in the text itself or in the first of a list: a
 * name's family, an address's street, a telecom's or fact's value, an id's extension. NULL leaves the field as it is.
 */
#define PATIENT_DELETE "\"\""
bool patient_text_deletes(const char *text);

/* `known` as it is after an update: ids are the update's; of the others what is said replaces what was, whole. */
struct patient patient_update(const struct patient *known, const struct patient *update);

/* "id^^^&1.2.3&ISO" (ITI TF-3: Table 4.2.3.1.7-2, CX): E_SYNTAX when a part is missing or another is there. */
MUST_CHECK enum rc patient_id_parse(struct arena *a, const char *cx, struct patient_id *out);
char *patient_id_cx(struct arena *a, const struct patient_id *id);

bool patient_id_equal(const struct patient_id *a, const struct patient_id *b); /* root and extension */
/* The first id of a list in a domain; NULL if none. */
const struct patient_id *patient_id_in(const struct patient_id *list, const char *root);
/* Appends, keeping order, unless the id is there. */
void patient_id_add(struct arena *a, struct patient_id **list, const char *root, const char *extension);
#define NAME_FUZZY "SRCH" /* of a name that is searched for: at least begins like it */

/* Is that one of the uses of a name? */
bool person_name_is(const struct person_name *n, const char *use);
/* The first of a kind; NULL. */
const struct patient_fact *patient_fact(const struct patient *p, enum patient_fact_kind kind);
/* The name in a representation (IDE, SYL, ABC); the first name when there is none; NULL when there are none. */
const struct person_name *patient_name(const struct patient *p, const char *use);
