/* Ids and sections are promises: a rule that goes leaves its number unused, a new one takes the next of its family. */
#include "model/rule.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <string.h>

#define METADATA ISSUE_XDS_REGISTRY_METADATA_ERROR

/* FIRM: always an error. SOFT: an error, unless a community is lenient. NOTE: a warning. */
#define FIRM RULE_ERROR, true
#define SOFT RULE_ERROR, false
#define NOTE RULE_WARN, false

/* clang-format off */
static const struct rule_row rows[RULE_COUNT] = {
    [RULE_REQ_ONE_SET] = { "XDS-REQ-001", FIRM, "ITI TF-3: 4.1.4", METADATA,
      "A submission has exactly one SubmissionSet.",
      "提出には SubmissionSet がちょうど 1 つある。" },
    [RULE_REQ_ID] = { "XDS-REQ-002", FIRM, "ITI TF-3: 4.2.3.1.5", METADATA,
      "Every object has an @id.",
      "すべてのオブジェクトに @id がある。" },
    [RULE_REQ_UUID] = { "XDS-REQ-003", SOFT, "ITI TF-3: 4.2.3.1.5", METADATA,
      "An @id that begins with urn:uuid: is a UUID in lower case.",
      "urn:uuid: で始まる @id は小文字の UUID である。" },
    [RULE_REQ_ID_TWICE] = { "XDS-REQ-004", FIRM, "ITI TF-3: 4.2.3.1.5", METADATA,
      "No two objects of a submission have the same @id.",
      "1 つの提出の中で @id は重ならない。" },
    [RULE_REQ_UNIQUE_ID_TWICE] = { "XDS-REQ-005", FIRM, "ITI TF-3: Table 4.2.4.1-2", ISSUE_XDS_REGISTRY_DUPLICATE_UNIQUE_ID_IN_MESSAGE,
      "A uniqueId is used once in a submission.",
      "1 つの提出の中で uniqueId は一度だけ使われる。" },
    [RULE_REQ_ONE_PATIENT] = { "XDS-REQ-006", FIRM, "ITI TF-2: 3.42.4.1.3.3.2", ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH,
      "SubmissionSet, DocumentEntries and Folders have the same patientId.",
      "SubmissionSet、DocumentEntry、Folder の patientId は同じである。" },
    [RULE_REQ_DOCUMENT_LINKED] = { "XDS-REQ-007", SOFT, "ITI TF-3: 4.2.1.4", METADATA,
      "A HasMember links the SubmissionSet to every DocumentEntry.",
      "すべての DocumentEntry は SubmissionSet から HasMember で結ばれる。" },
    [RULE_REQ_FOLDER_LINKED] = { "XDS-REQ-008", SOFT, "ITI TF-3: 4.2.1.4", METADATA,
      "A HasMember links the SubmissionSet to every Folder.",
      "すべての Folder は SubmissionSet から HasMember で結ばれる。" },
    [RULE_REQ_MEMBERSHIP_LINKED] = { "XDS-REQ-009", SOFT, "ITI TF-3: 4.2.2.1.4", METADATA,
      "A HasMember links the SubmissionSet to every HasMember between a Folder and a DocumentEntry.",
      "Folder と DocumentEntry の間の HasMember は、SubmissionSet から HasMember で結ばれる。" },
    [RULE_REQ_LIST_ELEMENT] = { "XDS-REQ-010", SOFT, "ITI TF-3: 4.2", METADATA,
      "A RegistryObjectList holds ExtrinsicObjects, RegistryPackages, Associations, Classifications and ObjectRefs.",
      "RegistryObjectList にあるのは ExtrinsicObject、RegistryPackage、Association、Classification、ObjectRef だけである。" },
    [RULE_REQ_PACKAGE] = { "XDS-REQ-011", FIRM, "ITI TF-3: 4.2.1.2, 4.2.1.3", METADATA,
      "A Classification marks a RegistryPackage as SubmissionSet or Folder.",
      "RegistryPackage は Classification によって SubmissionSet か Folder とされる。" },
    [RULE_REQ_MARKER] = { "XDS-REQ-012", SOFT, "ITI TF-3: 4.2.1.2", METADATA,
      "A Classification in the RegistryObjectList itself marks a RegistryPackage, and nothing else.",
      "RegistryObjectList 直下の Classification は RegistryPackage を区別するためだけにある。" },
    [RULE_REQ_OBJECT_ELEMENT] = { "XDS-REQ-013", SOFT, "ITI TF-3: 4.2.3.1", METADATA,
      "An object holds the elements that ebRIM gives it.",
      "オブジェクトの子要素は ebRIM が定めるものに限る。" },
    [RULE_REQ_SLOT_NAME] = { "XDS-REQ-014", SOFT, "ITI TF-3: 4.2.3.1.1", METADATA,
      "A Slot has a name.",
      "Slot には名前がある。" },
    [RULE_REQ_SLOT_TWICE] = { "XDS-REQ-015", SOFT, "ITI TF-3: 4.2.3.1.1", METADATA,
      "A Slot name stands once in an object.",
      "1 つのオブジェクトの中で Slot の名前は重ならない。" },
    [RULE_REQ_SLOT_SINGLE] = { "XDS-REQ-016", SOFT, "ITI TF-3: 4.3.1", METADATA,
      "A Slot of a single-valued attribute has one value.",
      "単値属性の Slot の値は 1 つである。" },
    [RULE_REQ_SLOT_URN] = { "XDS-REQ-017", SOFT, "ITI TF-3: 4.2.3.1.6", METADATA,
      "A Slot beyond the standard has a URN as its name.",
      "標準にない Slot の名前は URN である。" },
    [RULE_REQ_SLOT_IHE] = { "XDS-REQ-018", NOTE, "ITI TF-3: 4.2.3.1.6", METADATA,
      "A Slot beyond the standard does not take a name that begins with urn:ihe:.",
      "標準にない Slot の名前は urn:ihe: で始まらない。" },
    [RULE_REQ_LENGTH] = { "XDS-REQ-019", SOFT, "ITI TF-3: 4.2.3.1.1", METADATA,
      "Slot names, values and codes have at most 256 characters, names and descriptions at most 1024.",
      "Slot の名前、値、コードは 256 文字まで、名称と説明は 1024 文字までである。" },
    [RULE_REQ_INNER_ID] = { "XDS-REQ-020", SOFT, "ITI TF-3: 4.2.3.1", METADATA,
      "Every Classification and ExternalIdentifier has an @id.",
      "Classification と ExternalIdentifier には @id がある。" },
    [RULE_REQ_CLASSIFICATION_OWNER] = { "XDS-REQ-021", SOFT, "ITI TF-3: 4.2.3.1.2", METADATA,
      "@classifiedObject of a Classification is the @id of the object around it.",
      "Classification の @classifiedObject は、それを含むオブジェクトの @id である。" },
    [RULE_REQ_CLASSIFICATION_SCHEME] = { "XDS-REQ-022", SOFT, "ITI TF-3: 4.2.3.1.10", METADATA,
      "The classificationScheme, or classificationNode, of a Classification is that of an attribute of its object.",
      "Classification の classificationScheme または classificationNode は、そのオブジェクトの属性のものである。" },
    [RULE_REQ_CODE] = { "XDS-REQ-023", SOFT, "ITI TF-3: 4.2.3.1.2", METADATA,
      "A coded attribute has its code in @nodeRepresentation.",
      "コード属性のコードは @nodeRepresentation にある。" },
    [RULE_REQ_CODING_SCHEME] = { "XDS-REQ-024", SOFT, "ITI TF-3: 4.2.3.1.2", METADATA,
      "A coded attribute has a Slot codingScheme with one value.",
      "コード属性には値が 1 つの Slot codingScheme がある。" },
    [RULE_REQ_DISPLAY_NAME] = { "XDS-REQ-025", SOFT, "ITI TF-3: 4.2.3.1.2", METADATA,
      "A coded attribute has a display name.",
      "コード属性には表示名がある。" },
    [RULE_REQ_CODE_ONCE] = { "XDS-REQ-026", SOFT, "ITI TF-3: 4.3.1", METADATA,
      "A single-valued coded attribute has one Classification.",
      "単値のコード属性の Classification は 1 つである。" },
    [RULE_REQ_EXTERNAL_OWNER] = { "XDS-REQ-027", SOFT, "ITI TF-3: 4.2.3.1.3", METADATA,
      "@registryObject of an ExternalIdentifier is the @id of the object around it.",
      "ExternalIdentifier の @registryObject は、それを含むオブジェクトの @id である。" },
    [RULE_REQ_EXTERNAL_SCHEME] = { "XDS-REQ-028", SOFT, "ITI TF-3: 4.2.3.1.3", METADATA,
      "The identificationScheme of an ExternalIdentifier is that of an attribute of its object.",
      "ExternalIdentifier の identificationScheme は、そのオブジェクトの属性のものである。" },
    [RULE_REQ_EXTERNAL_ONCE] = { "XDS-REQ-029", SOFT, "ITI TF-3: 4.3.1", METADATA,
      "An object has one ExternalIdentifier of a scheme.",
      "1 つのオブジェクトで、同じ identificationScheme の ExternalIdentifier は 1 つである。" },
    [RULE_REQ_EXTERNAL_NAME] = { "XDS-REQ-030", SOFT, "ITI TF-3: 4.2.3.1.3", METADATA,
      "An ExternalIdentifier carries the name of its attribute, such as XDSDocumentEntry.patientId.",
      "ExternalIdentifier には XDSDocumentEntry.patientId のような属性名が付く。" },
    [RULE_REQ_PARTS] = { "XDS-REQ-031", SOFT, "ITI TF-3: 4.2.3.2.27", METADATA,
      "The values of a text that was cut begin with 1|, 2| and so on.",
      "分割された値は 1|、2| … で始まる。" },
    [RULE_REQ_LIMITED] = { "XDS-REQ-032", SOFT, "ITI TF-3: 4.3.1", METADATA,
      "A submission to a registry is not marked as limited metadata.",
      "レジストリへの提出は limited metadata とされない。" },
    [RULE_REQ_ORDER] = { "XDS-REQ-033", SOFT, "ITI TF-3: 4.2.3.1", METADATA,
      "The elements of an object stand in the order of the ebRIM schema: Slot, Name, Description, VersionInfo, Classification, ExternalIdentifier.",
      "オブジェクトの子要素は ebRIM スキーマの順、Slot、Name、Description、VersionInfo、Classification、ExternalIdentifier に並ぶ。" },
    [RULE_REQ_FIRST_VERSION] = { "XDS-REQ-034", SOFT, "ITI TF-2: 3.57.4.1.3.1", METADATA,
      "What is registered is a first version: its @lid is left out, or the same as its @id.",
      "登録されるのは最初の版である。@lid は無いか、@id と同じである。" },
    [RULE_AUT_WHO] = { "XDS-AUT-001", SOFT, "ITI TF-3: 4.2.3.1.4", METADATA,
      "An author has an authorPerson, an authorInstitution or an authorTelecommunication.",
      "author には authorPerson、authorInstitution、authorTelecommunication のいずれかがある。" },
    [RULE_AUT_PERSON] = { "XDS-AUT-002", SOFT, "ITI TF-3: 4.2.3.1.4.2", METADATA,
      "authorPerson is an XCN with an id or a family name.",
      "authorPerson は識別子か姓を持つ XCN である。" },
    [RULE_AUT_INSTITUTION] = { "XDS-AUT-003", SOFT, "ITI TF-3: 4.2.3.1.4.1", METADATA,
      "authorInstitution is an XON with a name.",
      "authorInstitution は名称を持つ XON である。" },
    [RULE_AUT_ROLE] = { "XDS-AUT-004", SOFT, "ITI TF-3: 4.2.3.1.4.3", METADATA,
      "authorRole is plain text or Code^^^&OID&ISO.",
      "authorRole はただの文字列か Code^^^&OID&ISO である。" },
    [RULE_AUT_SPECIALTY] = { "XDS-AUT-005", SOFT, "ITI TF-3: 4.2.3.1.4.4", METADATA,
      "authorSpecialty is plain text or Code^^^&OID&ISO.",
      "authorSpecialty はただの文字列か Code^^^&OID&ISO である。" },
    [RULE_AUT_TELECOM] = { "XDS-AUT-006", SOFT, "ITI TF-3: 4.2.3.1.4.5", METADATA,
      "authorTelecommunication is an XTN: a telephone number or an e-mail address.",
      "authorTelecommunication は電話番号かメールアドレスの XTN である。" },
    [RULE_DE_TYPE] = { "XDS-DE-001", FIRM, "ITI TF-3: 4.2.3.2.30", METADATA,
      "objectType is that of a stable document in ITI-42, of an on-demand document in ITI-61.",
      "objectType は ITI-42 では安定文書、ITI-61 ではオンデマンド文書のものである。" },
    [RULE_DE_CLASS_CODE] = { "XDS-DE-002", SOFT, "ITI TF-3: 4.2.3.2.3", METADATA,
      "A DocumentEntry has a classCode.",
      "DocumentEntry には classCode がある。" },
    [RULE_DE_TYPE_CODE] = { "XDS-DE-003", SOFT, "ITI TF-3: 4.2.3.2.25", METADATA,
      "A DocumentEntry has a typeCode.",
      "DocumentEntry には typeCode がある。" },
    [RULE_DE_FORMAT_CODE] = { "XDS-DE-004", SOFT, "ITI TF-3: 4.2.3.2.9", METADATA,
      "A DocumentEntry has a formatCode.",
      "DocumentEntry には formatCode がある。" },
    [RULE_DE_FACILITY_TYPE_CODE] = { "XDS-DE-005", SOFT, "ITI TF-3: 4.2.3.2.11", METADATA,
      "A DocumentEntry has a healthcareFacilityTypeCode.",
      "DocumentEntry には healthcareFacilityTypeCode がある。" },
    [RULE_DE_PRACTICE_SETTING_CODE] = { "XDS-DE-006", SOFT, "ITI TF-3: 4.2.3.2.17", METADATA,
      "A DocumentEntry has a practiceSettingCode.",
      "DocumentEntry には practiceSettingCode がある。" },
    [RULE_DE_CONFIDENTIALITY_CODE] = { "XDS-DE-007", SOFT, "ITI TF-3: 4.2.3.2.5", METADATA,
      "A DocumentEntry has a confidentialityCode.",
      "DocumentEntry には confidentialityCode がある。" },
    [RULE_DE_CREATION_TIME] = { "XDS-DE-008", SOFT, "ITI TF-3: 4.2.3.2.6", METADATA,
      "A stable DocumentEntry has a creationTime.",
      "安定文書の DocumentEntry には creationTime がある。" },
    [RULE_DE_CREATION_TIME_FORM] = { "XDS-DE-009", SOFT, "ITI TF-3: 4.2.3.2.6", METADATA,
      "creationTime is a DTM.",
      "creationTime は DTM である。" },
    [RULE_DE_SERVICE_START_FORM] = { "XDS-DE-010", SOFT, "ITI TF-3: 4.2.3.2.19", METADATA,
      "serviceStartTime is a DTM.",
      "serviceStartTime は DTM である。" },
    [RULE_DE_SERVICE_STOP_FORM] = { "XDS-DE-011", SOFT, "ITI TF-3: 4.2.3.2.20", METADATA,
      "serviceStopTime is a DTM.",
      "serviceStopTime は DTM である。" },
    [RULE_DE_SERVICE_ORDER] = { "XDS-DE-012", SOFT, "ITI TF-2: 3.42.4.1.3.3.6", METADATA,
      "serviceStartTime is not after serviceStopTime.",
      "serviceStartTime は serviceStopTime より後でない。" },
    [RULE_DE_HASH] = { "XDS-DE-013", FIRM, "ITI TF-3: 4.2.3.2.10", METADATA,
      "A stable DocumentEntry has a hash.",
      "安定文書の DocumentEntry には hash がある。" },
    [RULE_DE_HASH_FORM] = { "XDS-DE-014", SOFT, "ITI TF-3: 4.2.3.2.10", METADATA,
      "hash is a SHA-1 in 40 hexadecimal digits.",
      "hash は 40 桁の 16 進数の SHA-1 である。" },
    [RULE_DE_SIZE] = { "XDS-DE-015", FIRM, "ITI TF-3: 4.2.3.2.21", METADATA,
      "A stable DocumentEntry has a size.",
      "安定文書の DocumentEntry には size がある。" },
    [RULE_DE_SIZE_FORM] = { "XDS-DE-016", SOFT, "ITI TF-3: 4.2.3.2.21", METADATA,
      "size is a number of bytes.",
      "size はバイト数である。" },
    [RULE_DE_LANGUAGE] = { "XDS-DE-017", SOFT, "ITI TF-3: 4.2.3.2.13", METADATA,
      "A DocumentEntry has a languageCode.",
      "DocumentEntry には languageCode がある。" },
    [RULE_DE_LANGUAGE_FORM] = { "XDS-DE-018", SOFT, "ITI TF-3: 4.2.3.2.13", METADATA,
      "languageCode is a language tag such as ja-JP.",
      "languageCode は ja-JP のような言語タグである。" },
    [RULE_DE_LEGAL_AUTHENTICATOR_FORM] = { "XDS-DE-019", SOFT, "ITI TF-3: 4.2.3.2.14", METADATA,
      "legalAuthenticator is an XCN with an id or a family name.",
      "legalAuthenticator は識別子か姓を持つ XCN である。" },
    [RULE_DE_MIME_TYPE] = { "XDS-DE-020", SOFT, "ITI TF-3: 4.2.3.2.15", METADATA,
      "A DocumentEntry has a mimeType.",
      "DocumentEntry には mimeType がある。" },
    [RULE_DE_MIME_TYPE_FORM] = { "XDS-DE-021", SOFT, "ITI TF-3: 4.2.3.2.15", METADATA,
      "mimeType is type/subtype.",
      "mimeType は type/subtype の形である。" },
    [RULE_DE_PATIENT_ID] = { "XDS-DE-022", FIRM, "ITI TF-3: 4.2.3.2.16", METADATA,
      "A DocumentEntry has a patientId.",
      "DocumentEntry には patientId がある。" },
    [RULE_DE_PATIENT_ID_FORM] = { "XDS-DE-023", FIRM, "ITI TF-3: 4.2.3.2.16", METADATA,
      "DocumentEntry.patientId is a CX.",
      "DocumentEntry.patientId は CX である。" },
    [RULE_DE_SOURCE_PATIENT_ID] = { "XDS-DE-024", SOFT, "ITI TF-3: 4.2.3.2.22", METADATA,
      "A DocumentEntry has a sourcePatientId.",
      "DocumentEntry には sourcePatientId がある。" },
    [RULE_DE_SOURCE_PATIENT_ID_FORM] = { "XDS-DE-025", SOFT, "ITI TF-3: 4.2.3.2.22", METADATA,
      "sourcePatientId is a CX.",
      "sourcePatientId は CX である。" },
    [RULE_DE_SOURCE_PATIENT_INFO_FORM] = { "XDS-DE-026", SOFT, "ITI TF-3: 4.2.3.2.23", METADATA,
      "A value of sourcePatientInfo is PID-n|value.",
      "sourcePatientInfo の値は PID-n|値 の形である。" },
    [RULE_DE_SOURCE_PATIENT_INFO_BARRED] = { "XDS-DE-027", SOFT, "ITI TF-3: 4.2.3.2.23", METADATA,
      "sourcePatientInfo holds no PID-2, PID-4, PID-12 or PID-19.",
      "sourcePatientInfo は PID-2、PID-4、PID-12、PID-19 を含まない。" },
    [RULE_DE_REFERENCE_ID_FORM] = { "XDS-DE-028", SOFT, "ITI TF-3: 4.2.3.2.28", METADATA,
      "A value of referenceIdList is a CXi with the type of its id.",
      "referenceIdList の値は識別子の種別を持つ CXi である。" },
    [RULE_DE_REPOSITORY_ID] = { "XDS-DE-029", FIRM, "ITI TF-3: 4.2.3.2.18", METADATA,
      "A DocumentEntry has a repositoryUniqueId.",
      "DocumentEntry には repositoryUniqueId がある。" },
    [RULE_DE_REPOSITORY_ID_FORM] = { "XDS-DE-030", SOFT, "ITI TF-3: 4.2.3.2.18", METADATA,
      "repositoryUniqueId is an OID.",
      "repositoryUniqueId は OID である。" },
    [RULE_DE_UNIQUE_ID] = { "XDS-DE-031", FIRM, "ITI TF-3: 4.2.3.2.26", METADATA,
      "A DocumentEntry has a uniqueId.",
      "DocumentEntry には uniqueId がある。" },
    [RULE_DE_UNIQUE_ID_FORM] = { "XDS-DE-032", SOFT, "ITI TF-3: 4.2.3.2.26", METADATA,
      "DocumentEntry.uniqueId is an OID, OID^extension or a URI.",
      "DocumentEntry.uniqueId は OID、OID^拡張、または URI である。" },
    [RULE_DE_URI_FORM] = { "XDS-DE-033", SOFT, "ITI TF-3: 4.2.3.2.27", METADATA,
      "URI holds no characters that a URI may not hold.",
      "URI は URI に使えない文字を含まない。" },
    [RULE_DE_HOME_FORM] = { "XDS-DE-034", SOFT, "ITI TF-3: 4.2.3.2.12", METADATA,
      "DocumentEntry.homeCommunityId is urn:oid: and an OID.",
      "DocumentEntry.homeCommunityId は urn:oid: に続く OID である。" },
    [RULE_DE_TITLE_LENGTH] = { "XDS-DE-035", SOFT, "ITI TF-3: 4.2.3.2.24", METADATA,
      "DocumentEntry.title has at most 128 characters.",
      "DocumentEntry.title は 128 文字までである。" },
    [RULE_DE_AVAILABILITY_FORM] = { "XDS-DE-036", SOFT, "ITI TF-3: 4.2.3.2.31", METADATA,
      "documentAvailability is urn:ihe:iti:2010:DocumentAvailability:Online or …:Offline.",
      "documentAvailability は urn:ihe:iti:2010:DocumentAvailability:Online か …:Offline である。" },
    [RULE_DE_ON_DEMAND_TIME] = { "XDS-DE-037", SOFT, "ITI TF-2: 3.61.4.1.2", METADATA,
      "An on-demand DocumentEntry has no creationTime.",
      "オンデマンド文書の DocumentEntry に creationTime はない。" },
    [RULE_DE_ON_DEMAND_HASH] = { "XDS-DE-038", SOFT, "ITI TF-2: 3.61.4.1.2", METADATA,
      "An on-demand DocumentEntry has no hash.",
      "オンデマンド文書の DocumentEntry に hash はない。" },
    [RULE_DE_ON_DEMAND_SIZE] = { "XDS-DE-039", SOFT, "ITI TF-2: 3.61.4.1.2", METADATA,
      "An on-demand DocumentEntry has no size.",
      "オンデマンド文書の DocumentEntry に size はない。" },
    [RULE_SS_CONTENT_TYPE_CODE] = { "XDS-SS-001", SOFT, "ITI TF-3: 4.2.3.3.4", METADATA,
      "A SubmissionSet has a contentTypeCode.",
      "SubmissionSet には contentTypeCode がある。" },
    [RULE_SS_PATIENT_ID] = { "XDS-SS-002", FIRM, "ITI TF-3: 4.2.3.3.8", METADATA,
      "A SubmissionSet has a patientId.",
      "SubmissionSet には patientId がある。" },
    [RULE_SS_PATIENT_ID_FORM] = { "XDS-SS-003", FIRM, "ITI TF-3: 4.2.3.3.8", METADATA,
      "SubmissionSet.patientId is a CX.",
      "SubmissionSet.patientId は CX である。" },
    [RULE_SS_SOURCE_ID] = { "XDS-SS-004", SOFT, "ITI TF-3: 4.2.3.3.9", METADATA,
      "A SubmissionSet has a sourceId.",
      "SubmissionSet には sourceId がある。" },
    [RULE_SS_SOURCE_ID_FORM] = { "XDS-SS-005", SOFT, "ITI TF-3: 4.2.3.3.9", METADATA,
      "sourceId is an OID.",
      "sourceId は OID である。" },
    [RULE_SS_SUBMISSION_TIME] = { "XDS-SS-006", SOFT, "ITI TF-3: 4.2.3.3.10", METADATA,
      "A SubmissionSet has a submissionTime.",
      "SubmissionSet には submissionTime がある。" },
    [RULE_SS_SUBMISSION_TIME_FORM] = { "XDS-SS-007", SOFT, "ITI TF-3: 4.2.3.3.10", METADATA,
      "submissionTime is a DTM.",
      "submissionTime は DTM である。" },
    [RULE_SS_UNIQUE_ID] = { "XDS-SS-008", FIRM, "ITI TF-3: 4.2.3.3.12", METADATA,
      "A SubmissionSet has a uniqueId.",
      "SubmissionSet には uniqueId がある。" },
    [RULE_SS_UNIQUE_ID_FORM] = { "XDS-SS-009", SOFT, "ITI TF-3: 4.2.3.3.12", METADATA,
      "SubmissionSet.uniqueId is an OID.",
      "SubmissionSet.uniqueId は OID である。" },
    [RULE_SS_RECIPIENT_FORM] = { "XDS-SS-010", SOFT, "ITI TF-3: 4.2.3.3.7", METADATA,
      "A value of intendedRecipient is XON|XCN|XTN, one of them at least.",
      "intendedRecipient の値は XON|XCN|XTN で、そのうち 1 つ以上がある。" },
    [RULE_SS_HOME_FORM] = { "XDS-SS-011", SOFT, "ITI TF-3: 4.2.3.3.6", METADATA,
      "SubmissionSet.homeCommunityId is urn:oid: and an OID.",
      "SubmissionSet.homeCommunityId は urn:oid: に続く OID である。" },
    [RULE_FD_CODE] = { "XDS-FD-001", SOFT, "ITI TF-3: 4.2.3.4.2", METADATA,
      "A Folder has a code in its codeList.",
      "Folder の codeList にはコードがある。" },
    [RULE_FD_PATIENT_ID] = { "XDS-FD-002", FIRM, "ITI TF-3: 4.2.3.4.7", METADATA,
      "A Folder has a patientId.",
      "Folder には patientId がある。" },
    [RULE_FD_PATIENT_ID_FORM] = { "XDS-FD-003", FIRM, "ITI TF-3: 4.2.3.4.7", METADATA,
      "Folder.patientId is a CX.",
      "Folder.patientId は CX である。" },
    [RULE_FD_TITLE] = { "XDS-FD-004", SOFT, "ITI TF-3: 4.2.3.4.8", METADATA,
      "A Folder has a title.",
      "Folder には title がある。" },
    [RULE_FD_UNIQUE_ID] = { "XDS-FD-005", FIRM, "ITI TF-3: 4.2.3.4.9", METADATA,
      "A Folder has a uniqueId.",
      "Folder には uniqueId がある。" },
    [RULE_FD_UNIQUE_ID_FORM] = { "XDS-FD-006", SOFT, "ITI TF-3: 4.2.3.4.9", METADATA,
      "Folder.uniqueId is an OID.",
      "Folder.uniqueId は OID である。" },
    [RULE_FD_HOME_FORM] = { "XDS-FD-007", SOFT, "ITI TF-3: 4.2.3.4.5", METADATA,
      "Folder.homeCommunityId is urn:oid: and an OID.",
      "Folder.homeCommunityId は urn:oid: に続く OID である。" },
    [RULE_AS_TYPE] = { "XDS-AS-001", FIRM, "ITI TF-3: 4.2.2", METADATA,
      "An Association has one of the types of the framework.",
      "Association の種別は枠組みが定めるものである。" },
    [RULE_AS_SOURCE] = { "XDS-AS-002", FIRM, "ITI TF-3: Table 4.2.4.1-2", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "The sourceObject of an Association is in the submission or registered.",
      "Association の sourceObject は提出の中にあるか、登録されている。" },
    [RULE_AS_TARGET] = { "XDS-AS-003", FIRM, "ITI TF-3: Table 4.2.4.1-2", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "The targetObject of an Association is in the submission or registered.",
      "Association の targetObject は提出の中にあるか、登録されている。" },
    [RULE_AS_MEMBERS] = { "XDS-AS-004", FIRM, "ITI TF-3: 4.2.2.1", METADATA,
      "HasMember leads from the SubmissionSet to a DocumentEntry, a Folder or a folder membership, or from a Folder to a DocumentEntry.",
      "HasMember は SubmissionSet から DocumentEntry、Folder、フォルダ所属へ、または Folder から DocumentEntry へ向かう。" },
    [RULE_AS_SET] = { "XDS-AS-005", FIRM, "ITI TF-3: 4.2.2.1", METADATA,
      "A HasMember of a SubmissionSet begins at the SubmissionSet of the same submission.",
      "SubmissionSet の HasMember は同じ提出の SubmissionSet から出る。" },
    [RULE_AS_STATUS] = { "XDS-AS-006", SOFT, "ITI TF-3: 4.2.2.1.1", METADATA,
      "A HasMember from SubmissionSet to DocumentEntry has SubmissionSetStatus Original or Reference.",
      "SubmissionSet から DocumentEntry への HasMember の SubmissionSetStatus は Original か Reference である。" },
    [RULE_AS_ORIGINAL] = { "XDS-AS-007", SOFT, "ITI TF-3: 4.2.2.1.1", METADATA,
      "SubmissionSetStatus Original is for a DocumentEntry of the same submission.",
      "SubmissionSetStatus の Original は同じ提出にある DocumentEntry に用いる。" },
    [RULE_AS_REFERENCE] = { "XDS-AS-008", SOFT, "ITI TF-3: 4.2.2.1.1", METADATA,
      "SubmissionSetStatus Reference is for a DocumentEntry that is registered already.",
      "SubmissionSetStatus の Reference は登録済みの DocumentEntry に用いる。" },
    [RULE_AS_DOCUMENTATION] = { "XDS-AS-009", SOFT, "ITI TF-3: 4.2.2.2", METADATA,
      "Association documentation stands on relationships between documents, not on HasMember.",
      "Association の documentation は文書間の関係に付き、HasMember には付かない。" },
    [RULE_AS_RELATION_SOURCE] = { "XDS-AS-010", FIRM, "ITI TF-2: 3.42.4.1.3.5", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "The sourceObject of a relationship is a DocumentEntry of the same submission.",
      "文書間の関係の sourceObject は同じ提出の DocumentEntry である。" },
    [RULE_AS_RELATION_TARGET] = { "XDS-AS-011", FIRM, "ITI TF-2: 3.42.4.1.3.5", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "The targetObject of a relationship is a DocumentEntry; of RPLC, XFRM_RPLC and IsSnapshotOf a registered one.",
      "文書間の関係の targetObject は DocumentEntry であり、RPLC、XFRM_RPLC、IsSnapshotOf では登録済みのものである。" },
    [RULE_AS_RELATION_APPROVED] = { "XDS-AS-012", FIRM, "ITI TF-2: 3.42.4.1.3.5", ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT,
      "The targetObject of a relationship is Approved.",
      "文書間の関係の targetObject は Approved である。" },
    [RULE_AS_RELATION_PATIENT] = { "XDS-AS-013", FIRM, "ITI TF-2: 3.42.4.1.3.5", ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH,
      "Both ends of a relationship belong to the same patient.",
      "文書間の関係の両端は同じ患者のものである。" },
    [RULE_AS_SNAPSHOT] = { "XDS-AS-014", SOFT, "ITI TF-2: 3.42.4.1.3.5", METADATA,
      "IsSnapshotOf leads from a stable document to an on-demand document.",
      "IsSnapshotOf は安定文書からオンデマンド文書へ向かう。" },
    [RULE_AS_APPEND] = { "XDS-AS-015", SOFT, "ITI TF-3: 4.2.2.2.1", METADATA,
      "Nothing is appended to a document that is a transformation.",
      "変換で得られた文書には追加できない。" },
    [RULE_AS_FOLDER_APPROVED] = { "XDS-AS-016", FIRM, "ITI TF-2: 3.42.4.1.3.4", ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT,
      "A Folder and the DocumentEntry that is put into it are Approved.",
      "Folder とそこに入る DocumentEntry は Approved である。" },
    [RULE_AS_FOLDER_PATIENT] = { "XDS-AS-017", FIRM, "ITI TF-2: 3.42.4.1.3.3.2", ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH,
      "A Folder and the DocumentEntry that is put into it belong to the same patient.",
      "Folder とそこに入る DocumentEntry は同じ患者のものである。" },
    [RULE_REG_PATIENT] = { "XDS-REG-001", FIRM, "ITI TF-2: 3.42.4.1.3.3.2", ISSUE_XDS_UNKNOWN_PATIENT_ID,
      "The patientId was fed to the registry.",
      "patientId はレジストリに通知済みである。" },
    [RULE_REG_PATIENT_DOMAIN] = { "XDS-REG-002", FIRM, "ITI TF-2: 3.42.4.1.3.3.2", ISSUE_XDS_UNKNOWN_PATIENT_ID,
      "The patientId is of the affinity domain.",
      "patientId はアフィニティドメインのものである。" },
    [RULE_REG_PATIENT_MERGED] = { "XDS-REG-003", FIRM, "ITI TF-2: 3.44.4.2.4", ISSUE_XDS_UNKNOWN_PATIENT_ID,
      "The patientId was not merged into another.",
      "patientId は別の ID に統合されていない。" },
    [RULE_REG_SET_UNIQUE_ID] = { "XDS-REG-004", FIRM, "ITI TF-2: 3.42.4.1.3.3.7", ISSUE_XDS_DUPLICATE_UNIQUE_ID_IN_REGISTRY,
      "SubmissionSet.uniqueId is new to the registry.",
      "SubmissionSet.uniqueId はレジストリで初めてのものである。" },
    [RULE_REG_FOLDER_UNIQUE_ID] = { "XDS-REG-005", FIRM, "ITI TF-2: 3.42.4.1.3.3.7", ISSUE_XDS_DUPLICATE_UNIQUE_ID_IN_REGISTRY,
      "Folder.uniqueId is new to the registry.",
      "Folder.uniqueId はレジストリで初めてのものである。" },
    [RULE_REG_DOCUMENT_UNIQUE_ID] = { "XDS-REG-006", FIRM, "ITI TF-2: 3.42.4.1.3.3.7", METADATA,
      "DocumentEntry.uniqueId is not that of a registered SubmissionSet or Folder.",
      "DocumentEntry.uniqueId は登録済みの SubmissionSet や Folder のものではない。" },
    [RULE_REG_HASH] = { "XDS-REG-007", FIRM, "ITI TF-2: 3.42.4.1.3.3.1", ISSUE_XDS_NON_IDENTICAL_HASH,
      "A document that is registered again has the same hash.",
      "再び登録される文書の hash は同じである。" },
    [RULE_REG_SIZE] = { "XDS-REG-008", FIRM, "ITI TF-2: 3.42.4.1.3.3.1", ISSUE_XDS_NON_IDENTICAL_SIZE,
      "A document that is registered again has the same size.",
      "再び登録される文書の size は同じである。" },
    [RULE_REG_ON_DEMAND_UNIQUE_ID] = { "XDS-REG-009", FIRM, "ITI TF-2: 3.61.4.1.3", METADATA,
      "The uniqueId of an on-demand DocumentEntry is not that of a stable one.",
      "オンデマンド文書の uniqueId は安定文書のものではない。" },
    [RULE_REG_UUID] = { "XDS-REG-010", FIRM, "ITI TF-3: 4.2.3.1.5", METADATA,
      "An entryUUID is new to the registry.",
      "entryUUID はレジストリで初めてのものである。" },
    [RULE_CODE_DOCUMENT] = { "XDS-CODE-001", SOFT, "ITI TF-2: 3.42.4.1.3.3.3", METADATA,
      "A code of a DocumentEntry is in the code set of the affinity domain.",
      "DocumentEntry のコードはアフィニティドメインのコード表にある。" },
    [RULE_CODE_SET] = { "XDS-CODE-002", SOFT, "ITI TF-2: 3.42.4.1.3.3.3", METADATA,
      "contentTypeCode is in the code set of the affinity domain.",
      "contentTypeCode はアフィニティドメインのコード表にある。" },
    [RULE_CODE_FOLDER] = { "XDS-CODE-003", SOFT, "ITI TF-2: 3.42.4.1.3.3.3", METADATA,
      "A code of a Folder is in the code set of the affinity domain.",
      "Folder のコードはアフィニティドメインのコード表にある。" },
    [RULE_CODE_ASSOCIATION] = { "XDS-CODE-004", SOFT, "ITI TF-2: 3.42.4.1.3.3.3", METADATA,
      "The documentation of an Association is in the code set of the affinity domain.",
      "Association の documentation はアフィニティドメインのコード表にある。" },
    [RULE_CODE_MIME_TYPE] = { "XDS-CODE-005", SOFT, "ITI TF-2: 3.42.4.1.3.3.4", METADATA,
      "mimeType is one that the affinity domain takes.",
      "mimeType はアフィニティドメインが受け入れるものである。" },
    [RULE_MU_INITIAL] = { "XDS-MU-001", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A DocumentEntry or Folder of an update has the logicalID of what it changes, which is not its own id.",
      "更新要求の DocumentEntry と Folder は、更新対象の logicalID をもち、それは自身の id とは異なる。" },
    [RULE_MU_LOGICAL_ID] = { "XDS-MU-002", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A logicalID is a UUID in lower case.",
      "logicalID は小文字の UUID である。" },
    [RULE_MU_ANNOTATION] = { "XDS-MU-003", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "A HasMember links the SubmissionSet to every new version.",
      "すべての新しい版は SubmissionSet から HasMember で結ばれる。" },
    [RULE_MU_PREVIOUS] = { "XDS-MU-004", FIRM, "ITI TF-2: 3.57.4.1.3.3.1", ISSUE_XDS_METADATA_VERSION_ERROR,
      "The HasMember of a new version has the slot PreviousVersion with one number.",
      "新しい版の HasMember は、数値 1 つのスロット PreviousVersion をもつ。" },
    [RULE_MU_PROPAGATION] = { "XDS-MU-005", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.5", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "The slot AssociationPropagation has the value yes or no.",
      "スロット AssociationPropagation の値は yes か no である。" },
    [RULE_MU_ONCE] = { "XDS-MU-006", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "A request makes one new version of a thing.",
      "1 つの要求で、同じものの新しい版は 1 つだけである。" },
    [RULE_MU_KNOWN] = { "XDS-MU-007", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.3", ISSUE_XDS_METADATA_VERSION_ERROR,
      "The logicalID of a new version is registered.",
      "新しい版の logicalID は登録済みである。" },
    [RULE_MU_LATEST] = { "XDS-MU-008", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.3", ISSUE_XDS_METADATA_VERSION_ERROR,
      "PreviousVersion is the latest version.",
      "PreviousVersion は最新の版である。" },
    [RULE_MU_KIND] = { "XDS-MU-009", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.3", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A DocumentEntry follows a DocumentEntry, a Folder a Folder.",
      "DocumentEntry の次の版は DocumentEntry、Folder の次の版は Folder である。" },
    [RULE_MU_UNIQUE_ID] = { "XDS-MU-010", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.3", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A new version has the uniqueId of the version before.",
      "新しい版の uniqueId は前の版と同じである。" },
    [RULE_MU_TYPE] = { "XDS-MU-011", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.3", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A new version has the objectType of the version before.",
      "新しい版の objectType は前の版と同じである。" },
    [RULE_MU_MEMBER] = { "XDS-MU-012", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "A HasMember of the SubmissionSet names a new version.",
      "SubmissionSet からの HasMember は新しい版を指す。" },
    [RULE_MU_STATUS_FORM] = { "XDS-MU-013", FIRM, "ITI TF-2: 3.57.4.1.3.2", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "An UpdateAvailabilityStatus leads from the SubmissionSet, and has OriginalStatus and NewStatus: Approved and Deprecated, or the other way round.",
      "UpdateAvailabilityStatus は SubmissionSet から出て、OriginalStatus と NewStatus をもつ。値は Approved と Deprecated、またはその逆である。" },
    [RULE_MU_STATUS_NOW] = { "XDS-MU-014", FIRM, "ITI TF-2: 3.57.4.1.3.3.2.3", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "OriginalStatus is the status that the object has.",
      "OriginalStatus は対象の現在の状態である。" },
    [RULE_MU_STATUS_LATEST] = { "XDS-MU-015", FIRM, "ITI TF-2: 3.57.4.1.3.3.2.3", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "The status of the latest version changes, and of no other.",
      "状態を変えられるのは最新の版だけである。" },
    [RULE_MU_STATUS_FIXED] = { "XDS-MU-016", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "The status of a SubmissionSet and of its HasMember associations does not change.",
      "SubmissionSet とその HasMember の状態は変わらない。" },
    [RULE_MU_SUBMIT] = { "XDS-MU-017", FIRM, "ITI TF-2: 3.57.4.1.3.3.6", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "A SubmitAssociation leads from the SubmissionSet to an association of the message.",
      "SubmitAssociation は SubmissionSet から、要求に含まれる関連を指す。" },
    [RULE_MU_SUBMITTED] = { "XDS-MU-018", FIRM, "ITI TF-2: 3.57.4.1.3.3.6", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "A SubmitAssociation names every association that is to be registered by itself.",
      "単独で登録する関連は、SubmitAssociation から指される。" },
    [RULE_MU_END] = { "XDS-MU-019", FIRM, "ITI TF-2: 3.57.4.1.3.3", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "What an update names is registered, or a new version in the message.",
      "更新要求が指すものは、登録済みか、要求に含まれる新しい版である。" },
    [RULE_MU_LINK_KIND] = { "XDS-MU-020", FIRM, "ITI TF-2: 3.57.4.1.3.3.6", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A submitted HasMember leads from a Folder to a DocumentEntry, any other association from DocumentEntry to DocumentEntry.",
      "登録する HasMember は Folder から DocumentEntry へ、その他の関連は DocumentEntry から DocumentEntry への関連である。" },
    [RULE_MU_LINK_CURRENT] = { "XDS-MU-021", FIRM, "ITI TF-2: 3.57.4.1.3.3.6", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "A submitted association links what is Approved afterwards.",
      "登録する関連は、処理後に Approved であるものどうしを結ぶ。" },
    [RULE_MU_LINK_TWIN] = { "XDS-MU-022", FIRM, "ITI TF-2: 3.57.4.1.3.3.6", ISSUE_XDS_METADATA_UPDATE_ERROR,
      "Two objects are linked by one Approved association of a type.",
      "2 つのオブジェクトを結ぶ同じ種類の Approved の関連は 1 つだけである。" },
    [RULE_MU_LINK_PROPAGATION] = { "XDS-MU-023", FIRM, "ITI TF-2: 3.57.4.1.3.1.1", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "Associations of a new version are submitted, or taken over from the version before, not both.",
      "新しい版の関連は、登録するか前の版から引き継ぐかのどちらかである。" },
    [RULE_MU_PATIENT] = { "XDS-MU-024", FIRM, "ITI TF-2: 3.57.4.1.3.3.1.7", ISSUE_XDS_PATIENT_ID_RECONCILIATION_ERROR,
      "After an update, what it links belongs to one patient.",
      "更新後に関連で結ばれるものは、同じ患者のものである。" },
    [RULE_MU_NOTHING] = { "XDS-MU-025", FIRM, "ITI TF-2: 3.57.4.1.3.1", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "An update makes a new version, changes a status or submits an association.",
      "更新要求には、新しい版、状態の変更、関連の登録のいずれかがある。" },
    [RULE_RMU_INITIAL] = { "XDS-RMU-001", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_INVALID_REQUEST,
      "A DocumentEntry has the logicalID of what it changes, which is not its own id.",
      "DocumentEntry は更新対象の logicalID をもち、それは自身の id とは異なる。" },
    [RULE_RMU_ANNOTATION] = { "XDS-RMU-002", FIRM, "ITI TF-2: 3.92.4.1.2.2", ISSUE_XDS_METADATA_ANNOTATION_ERROR,
      "A HasMember links the SubmissionSet to every new version.",
      "すべての新しい版は SubmissionSet から HasMember で結ばれる。" },
    [RULE_RMU_PREVIOUS] = { "XDS-RMU-003", FIRM, "ITI TF-2: 3.92.4.1.2.2", ISSUE_XDS_METADATA_ANNOTATION_ERROR,
      "The HasMember of a new version has the slot PreviousVersion with one number.",
      "新しい版の HasMember は、数値 1 つのスロット PreviousVersion をもつ。" },
    [RULE_RMU_PROPAGATION] = { "XDS-RMU-004", FIRM, "ITI TF-2: 3.92.4.1.2.2.2", ISSUE_XDS_METADATA_ANNOTATION_ERROR,
      "The slot AssociationPropagation has the value yes or no.",
      "スロット AssociationPropagation の値は yes か no である。" },
    [RULE_RMU_FOLDER] = { "XDS-RMU-005", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_OBJECT_TYPE_ERROR,
      "Only DocumentEntries are updated.",
      "更新できるのは DocumentEntry だけである。" },
    [RULE_RMU_KIND] = { "XDS-RMU-006", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_OBJECT_TYPE_ERROR,
      "What a DocumentEntry follows is a DocumentEntry.",
      "DocumentEntry の前の版は DocumentEntry である。" },
    [RULE_RMU_TYPE] = { "XDS-RMU-007", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_OBJECT_TYPE_ERROR,
      "A new version has the objectType of the version before.",
      "新しい版の objectType は前の版と同じである。" },
    [RULE_RMU_UNIQUE_ID] = { "XDS-RMU-008", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_METADATA_IDENTIFIER_ERROR,
      "A new version has the uniqueId of the version before.",
      "新しい版の uniqueId は前の版と同じである。" },
    [RULE_RMU_PATIENT] = { "XDS-RMU-009", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_PATIENT_ID_RECONCILIATION_ERROR,
      "A new version belongs to the patient of the version before.",
      "新しい版の患者は前の版と同じである。" },
    [RULE_RMU_FIXED] = { "XDS-RMU-010", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_UNMODIFIABLE_METADATA,
      "sourcePatientId, repositoryUniqueId, homeCommunityId and documentAvailability are those of the version before.",
      "sourcePatientId、repositoryUniqueId、homeCommunityId、documentAvailability は前の版と同じである。" },
    [RULE_RMU_STATUS] = { "XDS-RMU-011", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_UNMODIFIABLE_METADATA,
      "availabilityStatus does not change.",
      "availabilityStatus は変わらない。" },
    [RULE_RMU_SUBMIT] = { "XDS-RMU-012", FIRM, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR,
      "No association is submitted.",
      "関連は登録できない。" },
    [RULE_RMU_CONTENT] = { "XDS-RMU-013", NOTE, "ITI TF-2: 3.92.4.1.3", ISSUE_XDS_UNMODIFIABLE_METADATA,
      "A restricted update leaves hash and size as they are: they are the document's, which stays the same.",
      "制限付き更新は hash と size を変えない。文書そのものは同じだからである。" },
    [RULE_RM_KNOWN] = { "XDS-RM-001", FIRM, "ITI TF-2: 3.62.4.1.3", ISSUE_XDS_UNRESOLVED_REFERENCE,
      "What is to be removed is registered.",
      "削除するものは登録済みである。" },
    [RULE_RM_REFERENCED] = { "XDS-RM-002", FIRM, "ITI TF-2: 3.62.4.1.3", ISSUE_XDS_REFERENCES_EXIST,
      "An object goes together with every association that has it as an end.",
      "オブジェクトは、それを端とするすべての関連とともに削除される。" },
    [RULE_RM_UNREFERENCED] = { "XDS-RM-003", FIRM, "ITI TF-2: 3.62.4.1.3", ISSUE_XDS_UNREFERENCED_OBJECT,
      "Whatever remains remains a member of a SubmissionSet; a SubmissionSet that remains keeps a member.",
      "残るものは SubmissionSet のメンバーであり続け、残る SubmissionSet にはメンバーが残る。" },
    [RULE_SQ_KNOWN] = { "XDS-SQ-001", FIRM, "ITI TF-2: 3.18.4.1.2.4", ISSUE_XDS_UNKNOWN_STORED_QUERY,
      "AdhocQuery/@id is the id of a stored query.",
      "AdhocQuery/@id はストアドクエリの ID である。" },
    [RULE_SQ_TRANSACTION] = { "XDS-SQ-002", FIRM, "ITI TF-2: 3.51.4.1.2", ISSUE_XDS_UNKNOWN_STORED_QUERY,
      "Queries of several patients are sent as ITI-51, all others as ITI-18.",
      "複数患者のクエリは ITI-51 で、ほかは ITI-18 で送る。" },
    [RULE_SQ_REQUIRED] = { "XDS-SQ-003", FIRM, "ITI TF-2: 3.18.4.1.3", ISSUE_XDS_STORED_QUERY_MISSING_PARAM,
      "A required parameter is there, and has a value.",
      "必須のパラメータがあり、値を持つ。" },
    [RULE_SQ_CHOICE] = { "XDS-SQ-004", FIRM, "ITI TF-2: 3.18.4.1.2.3.7, 3.51.4.1.2", ISSUE_XDS_STORED_QUERY_MISSING_PARAM,
      "Of parameters to choose from one is there.",
      "選択するパラメータのうち一つがある。" },
    [RULE_SQ_EXCLUSIVE] = { "XDS-SQ-005", FIRM, "ITI TF-2: 3.18.4.1.2.3.7", ISSUE_XDS_STORED_QUERY_PARAM_NUMBER,
      "Of parameters that exclude each other one is there.",
      "互いに排他のパラメータは一つだけである。" },
    [RULE_SQ_SINGLE] = { "XDS-SQ-006", FIRM, "ITI TF-2: 3.18.4.1.2.3.7", ISSUE_XDS_STORED_QUERY_PARAM_NUMBER,
      "A parameter of one value has one value.",
      "単値のパラメータの値は一つである。" },
    [RULE_SQ_ONCE] = { "XDS-SQ-007", FIRM, "ITI TF-2: 3.18.4.1.2.3.5", ISSUE_XDS_STORED_QUERY_PARAM_NUMBER,
      "Only a parameter whose values may be joined by AND is there twice.",
      "繰り返せるのは、値を AND で結べるパラメータだけである。" },
    [RULE_SQ_GRAMMAR] = { "XDS-SQ-008", FIRM, "ITI TF-2: 3.18.4.1.2.3.3", ISSUE_XDS_REGISTRY_ERROR,
      "A value is 'text', a number, or a list ('a','b'); every quote within is doubled.",
      "値は 'text'、数、またはリスト ('a','b') であり、中の引用符は二重に書く。" },
    [RULE_SQ_QUOTED] = { "XDS-SQ-009", SOFT, "ITI TF-2: 3.18.4.1.2.3.3", ISSUE_XDS_REGISTRY_ERROR,
      "Text stands in single quotes.",
      "文字列は引用符 ' で囲む。" },
    [RULE_SQ_CODE] = { "XDS-SQ-010", SOFT, "ITI TF-2: 3.18.4.1.2.3.3", ISSUE_XDS_REGISTRY_ERROR,
      "A coded value is code^^codingScheme.",
      "コード値は code^^codingScheme である。" },
    [RULE_SQ_PATIENT] = { "XDS-SQ-011", FIRM, "ITI TF-3: Table 4.2.3.1.7-2", ISSUE_XDS_REGISTRY_ERROR,
      "A patient id is a CX: ID^^^&OID&ISO.",
      "患者 ID は CX、ID^^^&OID&ISO である。" },
    [RULE_SQ_TIME] = { "XDS-SQ-012", FIRM, "ITI TF-2: 3.18.4.1.2.3.3", ISSUE_XDS_REGISTRY_ERROR,
      "A time is YYYY[MM[DD[hh[mm[ss]]]]].",
      "時刻は YYYY[MM[DD[hh[mm[ss]]]]] である。" },
    [RULE_SQ_STATUS] = { "XDS-SQ-013", FIRM, "ITI TF-2: 3.18.4.1.2.3.6", ISSUE_XDS_STORED_QUERY_MISSING_PARAM,
      "One status at least is Approved or Deprecated, each by its URN.",
      "状態のうち少なくとも一つは、URN で書いた Approved か Deprecated である。" },
    [RULE_SQ_LEVEL] = { "XDS-SQ-014", FIRM, "XDS Metadata Update: 3.18.4.1.2.3.5.1.1", ISSUE_XDS_REGISTRY_ERROR,
      "$MetadataLevel is 1 or 2.",
      "$MetadataLevel は 1 か 2 である。" },
    [RULE_SQ_PATIENTS] = { "XDS-SQ-015", FIRM, "ITI TF-2: 3.18.4.1.3", ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT,
      "A LeafClass answer of ITI-18 holds objects of one patient.",
      "ITI-18 の LeafClass 応答は一人の患者のオブジェクトに限る。" },
    [RULE_SQ_TOO_MANY] = { "XDS-SQ-016", FIRM, "ITI TF-3: Table 4.2.4.1-2", ISSUE_XDS_TOO_MANY_RESULTS,
      "A query finds no more than the registry returns (--max-results, --max-references).",
      "検索結果はレジストリが返す上限 (--max-results, --max-references) を超えない。" },
};
/* clang-format on */

const struct rule_row *rule_row(enum rule rule)
{
    return &rows[rule];
}

enum rule rule_find(const char *id)
{
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        if (strcmp(rows[i].id, id) == 0)
            return (enum rule)i;
    }
    return RULE_NONE;
}

static const char *const words[] = { [RULE_OFF] = "off", [RULE_WARN] = "warn", [RULE_ERROR] = "error" };

bool rule_weight_parse(const char *word, enum rule_weight *out)
{
    for (int i = RULE_OFF; i <= RULE_ERROR; i++) {
        if (text_equal(words[i], word)) {
            *out = (enum rule_weight)i;
            return true;
        }
    }
    return false;
}

const char *rule_weight_word(enum rule_weight weight)
{
    return words[weight];
}

void rule_weights_init(struct rule_weights *out, bool is_lenient)
{
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        bool relaxed = is_lenient && !rows[i].is_firm;
        out->weight[i] = (unsigned char)(relaxed ? RULE_WARN : rows[i].strict);
    }
}

enum rule_weight rule_weight(const struct rule_weights *weights, enum rule rule)
{
    return weights == NULL ? rows[rule].strict : (enum rule_weight)weights->weight[rule];
}

struct issue *rule_issue_add(struct arena *a, struct issue_list *list, enum rule rule, enum issue_code metadata_error,
                             const char *place, const char *fmt, va_list ap)
{
    const struct rule_row *row = &rows[rule];
    const char *text = arena_vprintf(a, fmt, ap);
    struct issue *issue = issue_add(a, list, row->code == METADATA ? metadata_error : row->code, place, "%s (%s, %s)",
                                    text, row->id, row->section);

    issue->rule = rule;
    if (row->strict == RULE_WARN && !issue->is_warning) {
        issue->is_warning = true;
        list->errors--;
        list->warnings++;
    }
    return issue;
}

void rule_issues_weigh(struct issue_list *list, const struct rule_weights *weights)
{
    struct issue *issue = list->first;

    *list = (struct issue_list){ 0 };
    for (struct issue *next; issue != NULL; issue = next) {
        next = issue->next;
        if (issue->rule != RULE_NONE) {
            enum rule_weight weight = rule_weight(weights, (enum rule)issue->rule);
            if (weight == RULE_OFF)
                continue;
            issue->is_warning = weight == RULE_WARN;
        }
        issue->next = NULL;
        issue_list_join(list, &(struct issue_list){ issue, issue, !issue->is_warning, issue->is_warning });
    }
}

/* ---- docs/rules.md ---- */

static const struct {
    const char *prefix, *title;
} families[] = {
    { "XDS-REQ", "The request, and how objects are written" },
    { "XDS-AUT", "Authors" },
    { "XDS-DE", "Document entries" },
    { "XDS-SS", "The submission set" },
    { "XDS-FD", "Folders" },
    { "XDS-AS", "Associations" },
    { "XDS-REG", "What is registered already" },
    { "XDS-CODE", "The affinity domain's code sets" },
    { "XDS-MU", "Updates: ITI-57, and what ITI-92 has in common with it" },
    { "XDS-RMU", "Restricted updates: ITI-92" },
    { "XDS-RM", "Removal: ITI-62" },
    { "XDS-SQ", "Stored queries: ITI-18 and ITI-51" },
};

static bool is_of(const struct rule_row *row, const char *prefix)
{
    size_t n = strlen(prefix);

    return strncmp(row->id, prefix, n) == 0 && row->id[n] == '-';
}

static void row_markdown(struct buf *out, const struct rule_row *row)
{
    buf_printf(out, "| %s | %s | %s | %s | ", row->id, row->is_firm ? "error" : words[row->strict],
               row->is_firm ? "error" : "warn", row->section);
    buf_printf(out, "%s | ", issue_row(row->code)->ebrs);
    for (const char *c = row->en; *c != '\0'; c++)
        buf_add_text(out, *c == '|' ? "\\|" : (char[]){ *c, '\0' });
    buf_add_text(out, "<br>");
    for (const char *c = row->ja; *c != '\0'; c++)
        buf_add_text(out, *c == '|' ? "\\|" : (char[]){ *c, '\0' });
    buf_add_text(out, " |\n");
}

void rule_markdown(struct buf *out)
{
    buf_add_text(
        out, "# Rules\n\n"
             "What the registry asks of ITI-42 and ITI-61, of ITI-57, ITI-92 and ITI-62, and of ITI-18 and ITI-51. "
             "This page is printed from "
             "`core/model/rule.c`; a message that "
             "breaks a rule is told the rule, the place and what would satisfy it.\n\n"
             "`--checks strict` weighs a rule as the second column says, `--checks lenient` as the third: a warning "
             "leaves the answer Success. A community chooses for itself in its file:\n\n"
             "    \"simulation\": { \"checks\": \"lenient\", \"rules\": { \"XDS-DE-002\": \"off\", \"XDS-DE-017\": "
             "\"error\" } }\n\n"
             "A rule that is an error in both columns cannot be weighed otherwise: what breaks it cannot be "
             "registered.\n");
    for (size_t f = 0; f < ARRAY_LEN(families); f++) {
        buf_printf(out,
                   "\n## %s-nnn · %s\n\n| rule | strict | lenient | section | error code | what it asks |\n"
                   "|---|---|---|---|---|---|\n",
                   families[f].prefix, families[f].title);
        for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
            if (is_of(&rows[i], families[f].prefix))
                row_markdown(out, &rows[i]);
        }
    }
}
