#pragma once
/*
 * What a registry asks of its peers, one row a rule (rule.c; docs/rules.md is printed from it). A community may
 * weigh each rule otherwise; some cannot be let pass, because what breaks them cannot be registered.
 */

#include "model/issue.h"

#include <stdarg.h>
#include <stdbool.h>

struct arena;
struct buf;

enum rule_weight { RULE_OFF = 1, RULE_WARN, RULE_ERROR };

/* In the order of rule.c. RULE_NONE is no rule. */
enum rule {
    RULE_NONE,
    /* XDS-REQ: the request, and how objects are written */
    RULE_REQ_ONE_SET,
    RULE_REQ_ID,
    RULE_REQ_UUID,
    RULE_REQ_ID_TWICE,
    RULE_REQ_UNIQUE_ID_TWICE,
    RULE_REQ_ONE_PATIENT,
    RULE_REQ_DOCUMENT_LINKED,
    RULE_REQ_FOLDER_LINKED,
    RULE_REQ_MEMBERSHIP_LINKED,
    RULE_REQ_LIST_ELEMENT,
    RULE_REQ_PACKAGE,
    RULE_REQ_MARKER,
    RULE_REQ_OBJECT_ELEMENT,
    RULE_REQ_SLOT_NAME,
    RULE_REQ_SLOT_TWICE,
    RULE_REQ_SLOT_SINGLE,
    RULE_REQ_SLOT_URN,
    RULE_REQ_SLOT_IHE,
    RULE_REQ_LENGTH,
    RULE_REQ_INNER_ID,
    RULE_REQ_CLASSIFICATION_OWNER,
    RULE_REQ_CLASSIFICATION_SCHEME,
    RULE_REQ_CODE,
    RULE_REQ_CODING_SCHEME,
    RULE_REQ_DISPLAY_NAME,
    RULE_REQ_CODE_ONCE,
    RULE_REQ_EXTERNAL_OWNER,
    RULE_REQ_EXTERNAL_SCHEME,
    RULE_REQ_EXTERNAL_ONCE,
    RULE_REQ_EXTERNAL_NAME,
    RULE_REQ_PARTS,
    RULE_REQ_LIMITED,
    RULE_REQ_ORDER,
    RULE_REQ_FIRST_VERSION,
    /* XDS-AUT: authors */
    RULE_AUT_WHO,
    RULE_AUT_PERSON,
    RULE_AUT_INSTITUTION,
    RULE_AUT_ROLE,
    RULE_AUT_SPECIALTY,
    RULE_AUT_TELECOM,
    /* XDS-DE: document entries */
    RULE_DE_TYPE,
    RULE_DE_CLASS_CODE,
    RULE_DE_TYPE_CODE,
    RULE_DE_FORMAT_CODE,
    RULE_DE_FACILITY_TYPE_CODE,
    RULE_DE_PRACTICE_SETTING_CODE,
    RULE_DE_CONFIDENTIALITY_CODE,
    RULE_DE_CREATION_TIME,
    RULE_DE_CREATION_TIME_FORM,
    RULE_DE_SERVICE_START_FORM,
    RULE_DE_SERVICE_STOP_FORM,
    RULE_DE_SERVICE_ORDER,
    RULE_DE_HASH,
    RULE_DE_HASH_FORM,
    RULE_DE_SIZE,
    RULE_DE_SIZE_FORM,
    RULE_DE_LANGUAGE,
    RULE_DE_LANGUAGE_FORM,
    RULE_DE_LEGAL_AUTHENTICATOR_FORM,
    RULE_DE_MIME_TYPE,
    RULE_DE_MIME_TYPE_FORM,
    RULE_DE_PATIENT_ID,
    RULE_DE_PATIENT_ID_FORM,
    RULE_DE_SOURCE_PATIENT_ID,
    RULE_DE_SOURCE_PATIENT_ID_FORM,
    RULE_DE_SOURCE_PATIENT_INFO_FORM,
    RULE_DE_SOURCE_PATIENT_INFO_BARRED,
    RULE_DE_REFERENCE_ID_FORM,
    RULE_DE_REPOSITORY_ID,
    RULE_DE_REPOSITORY_ID_FORM,
    RULE_DE_UNIQUE_ID,
    RULE_DE_UNIQUE_ID_FORM,
    RULE_DE_URI_FORM,
    RULE_DE_HOME_FORM,
    RULE_DE_TITLE_LENGTH,
    RULE_DE_AVAILABILITY_FORM,
    RULE_DE_ON_DEMAND_TIME,
    RULE_DE_ON_DEMAND_HASH,
    RULE_DE_ON_DEMAND_SIZE,
    /* XDS-SS: the submission set */
    RULE_SS_CONTENT_TYPE_CODE,
    RULE_SS_PATIENT_ID,
    RULE_SS_PATIENT_ID_FORM,
    RULE_SS_SOURCE_ID,
    RULE_SS_SOURCE_ID_FORM,
    RULE_SS_SUBMISSION_TIME,
    RULE_SS_SUBMISSION_TIME_FORM,
    RULE_SS_UNIQUE_ID,
    RULE_SS_UNIQUE_ID_FORM,
    RULE_SS_RECIPIENT_FORM,
    RULE_SS_HOME_FORM,
    /* XDS-FD: folders */
    RULE_FD_CODE,
    RULE_FD_PATIENT_ID,
    RULE_FD_PATIENT_ID_FORM,
    RULE_FD_TITLE,
    RULE_FD_UNIQUE_ID,
    RULE_FD_UNIQUE_ID_FORM,
    RULE_FD_HOME_FORM,
    /* XDS-AS: associations */
    RULE_AS_TYPE,
    RULE_AS_SOURCE,
    RULE_AS_TARGET,
    RULE_AS_MEMBERS,
    RULE_AS_SET,
    RULE_AS_STATUS,
    RULE_AS_ORIGINAL,
    RULE_AS_REFERENCE,
    RULE_AS_DOCUMENTATION,
    RULE_AS_RELATION_SOURCE,
    RULE_AS_RELATION_TARGET,
    RULE_AS_RELATION_APPROVED,
    RULE_AS_RELATION_PATIENT,
    RULE_AS_SNAPSHOT,
    RULE_AS_APPEND,
    RULE_AS_FOLDER_APPROVED,
    RULE_AS_FOLDER_PATIENT,
    /* XDS-REG: what is registered already */
    RULE_REG_PATIENT,
    RULE_REG_PATIENT_DOMAIN,
    RULE_REG_PATIENT_MERGED,
    RULE_REG_SET_UNIQUE_ID,
    RULE_REG_FOLDER_UNIQUE_ID,
    RULE_REG_DOCUMENT_UNIQUE_ID,
    RULE_REG_HASH,
    RULE_REG_SIZE,
    RULE_REG_ON_DEMAND_UNIQUE_ID,
    RULE_REG_UUID,
    /* XDS-CODE: the affinity domain's code sets */
    RULE_CODE_DOCUMENT,
    RULE_CODE_SET,
    RULE_CODE_FOLDER,
    RULE_CODE_ASSOCIATION,
    RULE_CODE_MIME_TYPE,
    /* XDS-MU: updates: ITI-57, and what ITI-92 has in common with it */
    RULE_MU_INITIAL,
    RULE_MU_LOGICAL_ID,
    RULE_MU_ANNOTATION,
    RULE_MU_PREVIOUS,
    RULE_MU_PROPAGATION,
    RULE_MU_ONCE,
    RULE_MU_KNOWN,
    RULE_MU_LATEST,
    RULE_MU_KIND,
    RULE_MU_UNIQUE_ID,
    RULE_MU_TYPE,
    RULE_MU_MEMBER,
    RULE_MU_STATUS_FORM,
    RULE_MU_STATUS_NOW,
    RULE_MU_STATUS_LATEST,
    RULE_MU_STATUS_FIXED,
    RULE_MU_SUBMIT,
    RULE_MU_SUBMITTED,
    RULE_MU_END,
    RULE_MU_LINK_KIND,
    RULE_MU_LINK_CURRENT,
    RULE_MU_LINK_TWIN,
    RULE_MU_LINK_PROPAGATION,
    RULE_MU_PATIENT,
    RULE_MU_NOTHING,
    /* XDS-RMU: restricted updates: ITI-92 */
    RULE_RMU_INITIAL,
    RULE_RMU_ANNOTATION,
    RULE_RMU_PREVIOUS,
    RULE_RMU_PROPAGATION,
    RULE_RMU_FOLDER,
    RULE_RMU_KIND,
    RULE_RMU_TYPE,
    RULE_RMU_UNIQUE_ID,
    RULE_RMU_PATIENT,
    RULE_RMU_FIXED,
    RULE_RMU_STATUS,
    RULE_RMU_SUBMIT,
    RULE_RMU_CONTENT,
    /* XDS-RM: removal: ITI-62 */
    RULE_RM_KNOWN,
    RULE_RM_REFERENCED,
    RULE_RM_UNREFERENCED,
    /* XDS-SQ: stored queries: ITI-18 and ITI-51 */
    RULE_SQ_KNOWN,
    RULE_SQ_TRANSACTION,
    RULE_SQ_REQUIRED,
    RULE_SQ_CHOICE,
    RULE_SQ_EXCLUSIVE,
    RULE_SQ_SINGLE,
    RULE_SQ_ONCE,
    RULE_SQ_GRAMMAR,
    RULE_SQ_QUOTED,
    RULE_SQ_CODE,
    RULE_SQ_PATIENT,
    RULE_SQ_TIME,
    RULE_SQ_STATUS,
    RULE_SQ_LEVEL,
    RULE_SQ_PATIENTS,
    RULE_SQ_TOO_MANY,
    RULE_COUNT
};

struct rule_row {
    const char *id;          /* "XDS-DE-017": stays, whatever comes before it */
    enum rule_weight strict; /* with --checks strict, and unless a community says otherwise */
    bool is_firm;            /* always an error: what breaks it cannot be registered */
    const char *section;     /* "ITI TF-3: 4.2.3.2.3" */
    enum issue_code code;
    const char *en, *ja;
};

const struct rule_row *rule_row(enum rule rule);
/* By id; RULE_NONE if there is none. */
enum rule rule_find(const char *id);

/* "off", "warn", "error"; false for another word. */
bool rule_weight_parse(const char *word, enum rule_weight *out);
const char *rule_weight_word(enum rule_weight weight);

/* What every rule weighs for one community. */
struct rule_weights {
    unsigned char weight[RULE_COUNT]; /* enum rule_weight */
};

/* strict: the table's; lenient: a warning where the rule is not firm. */
void rule_weights_init(struct rule_weights *out, bool is_lenient);
/* NULL weights are the strict ones. */
enum rule_weight rule_weight(const struct rule_weights *weights, enum rule rule);

/*
 * Adds the issue that a rule is broken, weighed as the table does when strict; rule and section stand behind the text.
 * metadata_error names the codec's user where the rule has no more specific code.
 */
struct issue *rule_issue_add(struct arena *a, struct issue_list *list, enum rule rule, enum issue_code metadata_error,
                             const char *place, const char *fmt, va_list ap) PRINTF_LIKE(6, 0);
/* Weighs what was added so: drops it, or makes it a warning or an error. Issues of no rule stay. */
void rule_issues_weigh(struct issue_list *list, const struct rule_weights *weights);

/* The table as Markdown: docs/rules.md. */
void rule_markdown(struct buf *out);
