/* The table of everything that can be wrong with a peer's message, with each spelling a peer sees. */
#include "model/issue.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

/* Most rows have a spelling in one family only. */
#define XDS(code, spelling, english, japanese) [code] = { .ebrs = (spelling), .en = (english), .ja = (japanese) }
#define PARTIAL(code, spelling, english, japanese)                                                                     \
    [code] = { .ebrs = (spelling), .is_warning = true, .en = (english), .ja = (japanese) }
#define HL7(code, number, detail, answer, english, japanese)                                                           \
    [code] = { .hl7v2 = (number), .hl7 = (detail), .hl7_answer = (answer), .en = (english), .ja = (japanese) }

static const struct issue_row rows[ISSUE_COUNT] = {
    XDS(ISSUE_XDS_REGISTRY_ERROR, "XDSRegistryError", "The registry could not do what was asked.",
        "レジストリは要求された処理を行えませんでした。"),
    XDS(ISSUE_XDS_REPOSITORY_ERROR, "XDSRepositoryError", "The repository could not do what was asked.",
        "リポジトリは要求された処理を行えませんでした。"),
    XDS(ISSUE_XDS_REGISTRY_METADATA_ERROR, "XDSRegistryMetadataError",
        "The metadata is incomplete or malformed (found by the registry).",
        "メタデータに不足または誤りがあります（レジストリで検出）。"),
    XDS(ISSUE_XDS_REPOSITORY_METADATA_ERROR, "XDSRepositoryMetadataError",
        "The metadata is incomplete or malformed (found by the repository).",
        "メタデータに不足または誤りがあります（リポジトリで検出）。"),
    XDS(ISSUE_XDS_REGISTRY_NOT_AVAILABLE, "XDSRegistryNotAvailable", "The repository could not reach the registry.",
        "リポジトリからレジストリに接続できませんでした。"),
    XDS(ISSUE_XDS_REGISTRY_BUSY, "XDSRegistryBusy", "The registry has too much to do; try again later.",
        "レジストリが混み合っています。時間をおいて再送してください。"),
    XDS(ISSUE_XDS_REPOSITORY_BUSY, "XDSRepositoryBusy", "The repository has too much to do; try again later.",
        "リポジトリが混み合っています。時間をおいて再送してください。"),
    XDS(ISSUE_XDS_REGISTRY_OUT_OF_RESOURCES, "XDSRegistryOutOfResources",
        "The registry has run out of space or memory.", "レジストリの容量またはメモリが不足しています。"),
    XDS(ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, "XDSRepositoryOutOfResources",
        "The repository has run out of space or memory.", "リポジトリの容量またはメモリが不足しています。"),
    XDS(ISSUE_XDS_UNKNOWN_PATIENT_ID, "XDSUnknownPatientId", "The patient id was never fed to this community.",
        "この患者IDは本コミュニティに登録されていません。"),
    XDS(ISSUE_XDS_PATIENT_ID_DOES_NOT_MATCH, "XDSPatientIdDoesNotMatch", "Patient ids that must agree differ.",
        "一致すべき患者IDが異なっています。"),
    XDS(ISSUE_XDS_DUPLICATE_UNIQUE_ID_IN_REGISTRY, "XDSDuplicateUniqueIdInRegistry",
        "The uniqueId is already used in the registry.", "このuniqueIdはレジストリで既に使われています。"),
    XDS(ISSUE_XDS_REGISTRY_DUPLICATE_UNIQUE_ID_IN_MESSAGE, "XDSRegistryDuplicateUniqueIdInMessage",
        "A uniqueId occurs twice in the submission (found by the registry).",
        "同じuniqueIdが一つの登録要求に二度あります（レジストリで検出）。"),
    XDS(ISSUE_XDS_REPOSITORY_DUPLICATE_UNIQUE_ID_IN_MESSAGE, "XDSRepositoryDuplicateUniqueIdInMessage",
        "A uniqueId occurs twice in the submission (found by the repository).",
        "同じuniqueIdが一つの登録要求に二度あります（リポジトリで検出）。"),
    XDS(ISSUE_XDS_NON_IDENTICAL_HASH, "XDSNonIdenticalHash", "The document's uniqueId is known with another hash.",
        "同じuniqueIdの文書が別のハッシュ値で登録されています。"),
    XDS(ISSUE_XDS_NON_IDENTICAL_SIZE, "XDSNonIdenticalSize", "The document's uniqueId is known with another size.",
        "同じuniqueIdの文書が別のサイズで登録されています。"),
    XDS(ISSUE_XDS_MISSING_DOCUMENT, "XDSMissingDocument", "A DocumentEntry came without its document.",
        "DocumentEntryに対応する文書がありません。"),
    XDS(ISSUE_XDS_MISSING_DOCUMENT_METADATA, "XDSMissingDocumentMetadata", "A document came without its DocumentEntry.",
        "文書に対応するDocumentEntryがありません。"),
    XDS(ISSUE_XDS_REGISTRY_DEPRECATED_DOCUMENT, "XDSRegistryDeprecatedDocumentError",
        "An association points to a deprecated document.", "関連付けの対象が廃止済みの文書です。"),
    XDS(ISSUE_XDS_UNRESOLVED_REFERENCE, "UnresolvedReferenceException", "An id refers to nothing the registry knows.",
        "参照先のIDがレジストリに見つかりません。"),
    [ISSUE_XDS_EXTRA_METADATA_NOT_SAVED] = { .ebrs = "XDSExtraMetadataNotSaved",
                                             .is_warning = true,
                                             .en = "Extra metadata was not kept.",
                                             .ja = "拡張メタデータは保存されませんでした。" },
    XDS(ISSUE_XDS_UNKNOWN_STORED_QUERY, "XDSUnknownStoredQuery", "The id names no stored query that this actor has.",
        "指定されたIDのストアドクエリはありません。"),
    XDS(ISSUE_XDS_STORED_QUERY_MISSING_PARAM, "XDSStoredQueryMissingParam", "A required query parameter is missing.",
        "必須のクエリパラメータがありません。"),
    XDS(ISSUE_XDS_STORED_QUERY_PARAM_NUMBER, "XDSStoredQueryParamNumber",
        "A query parameter has more values than it may.", "クエリパラメータの値の個数が多すぎます。"),
    XDS(ISSUE_XDS_TOO_MANY_RESULTS, "XDSTooManyResults", "The query finds more than this actor returns; narrow it.",
        "検索結果が多すぎます。条件を絞ってください。"),
    XDS(ISSUE_XDS_RESULT_NOT_SINGLE_PATIENT, "XDSResultNotSinglePatient", "The result would span several patients.",
        "検索結果が複数の患者にまたがります。"),
    XDS(ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, "XDSDocumentUniqueIdError", "No document with this uniqueId is here.",
        "このuniqueIdの文書はありません。"),
    XDS(ISSUE_XDS_UNKNOWN_REPOSITORY_ID, "XDSUnknownRepositoryId",
        "The repositoryUniqueId is not one that answers here.", "このrepositoryUniqueIdはここでは扱っていません。"),
    XDS(ISSUE_XDS_UNKNOWN_COMMUNITY, "XDSUnknownCommunity", "The homeCommunityId names no community known here.",
        "このhomeCommunityIdのコミュニティは知られていません。"),
    XDS(ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, "XDSMissingHomeCommunityId",
        "The homeCommunityId is required and missing.", "必須のhomeCommunityIdがありません。"),
    XDS(ISSUE_XDS_UNAVAILABLE_COMMUNITY, "XDSUnavailableCommunity", "A community could not be reached.",
        "コミュニティに接続できませんでした。"),
    XDS(ISSUE_XDS_METADATA_UPDATE_ERROR, "XDSMetadataUpdateError", "The metadata cannot be updated like this.",
        "メタデータをこのようには更新できません。"),
    XDS(ISSUE_XDS_METADATA_UPDATE_OPERATION_ERROR, "XDSMetadataUpdateOperationError",
        "What the update asks for is no operation that it could ask for.",
        "更新要求が、定められたどの操作にも当たりません。"),
    XDS(ISSUE_XDS_METADATA_VERSION_ERROR, "XDSMetadataVersionError",
        "The update does not build on the latest version of its object.",
        "更新の基となる版が、登録されている最新版と一致しません。"),
    XDS(ISSUE_XDS_PATIENT_ID_RECONCILIATION_ERROR, "XDSPatientIDReconciliationError",
        "The update would link objects of different patients.",
        "更新の結果、異なる患者のオブジェクトが関連づけられてしまいます。"),
    XDS(ISSUE_XDS_INVALID_REQUEST, "XDSInvalidRequestException", "An update holds an object that updates nothing.",
        "更新要求に、更新ではないオブジェクトが含まれています。"),
    XDS(ISSUE_XDS_OBJECT_TYPE_ERROR, "XDSObjectTypeError", "Objects of this type are not updated here.",
        "この種類のオブジェクトは更新の対象になりません。"),
    XDS(ISSUE_XDS_METADATA_IDENTIFIER_ERROR, "XDSMetadataIdentifierError",
        "An identifier of the update is not the registered object's.",
        "更新の識別子が登録済みオブジェクトの識別子と一致しません。"),
    XDS(ISSUE_XDS_METADATA_ANNOTATION_ERROR, "XDSMetadataAnnotationError",
        "The HasMember that says what is updated is missing or wrong.",
        "更新対象を示すHasMember関連がないか、誤っています。"),
    XDS(ISSUE_XDS_UNMODIFIABLE_METADATA, "UnmodifiableMetadataError", "An attribute was changed that may not change.",
        "変更できない属性が変更されています。"),
    XDS(ISSUE_XDS_REFERENCES_EXIST, "ReferencesExistException", "The object is still referenced by another.",
        "対象のオブジェクトはまだ他から参照されています。"),
    XDS(ISSUE_XDS_UNREFERENCED_OBJECT, "XDSUnreferencedObjectException",
        "An object would be left behind that nothing refers to.",
        "どこからも参照されないオブジェクトが残ってしまいます。"),
    XDS(ISSUE_XDS_REMOVE_DOCUMENTS_ERROR, "XDSRemoveDocumentsError", "The document could not be removed.",
        "文書を削除できませんでした。"),
    XDS(ISSUE_XDS_UNKNOWN_RECIPIENT, "UnknownRecipient", "Nobody here is the intended recipient.",
        "指定された受信者はここにはいません。"),
    XDS(ISSUE_XDS_UNAVAILABLE_RECIPIENT, "UnavailableRecipient", "The intended recipient could not be reached.",
        "指定された受信者に接続できませんでした。"),
    PARTIAL(ISSUE_PARTIAL_FOLDER_CONTENT_NOT_PROCESSED, "PartialFolderContentNotProcessed",
            "Folders were kept with the submission and not acted on.",
            "フォルダは受信内容として保管しましたが、処理していません。"),
    PARTIAL(ISSUE_PARTIAL_APPEND_CONTENT_NOT_PROCESSED, "PartialAppendContentNotProcessed",
            "An addendum was kept with the submission and not linked to its document.",
            "追記は受信内容として保管しましたが、元の文書に関連付けていません。"),
    PARTIAL(ISSUE_PARTIAL_REPLACE_CONTENT_NOT_PROCESSED, "PartialReplaceContentNotProcessed",
            "A replacement was kept with the submission; nothing was replaced.",
            "差し替えは受信内容として保管しましたが、元の文書は置き換えていません。"),
    PARTIAL(ISSUE_PARTIAL_RELATIONSHIP_CONTENT_NOT_PROCESSED, "PartialRelationshipContentNotProcessed",
            "A relationship was kept with the submission and not acted on.",
            "文書間の関連は受信内容として保管しましたが、処理していません。"),
    PARTIAL(ISSUE_PARTIAL_TRANSFORM_NOT_PROCESSED, "PartialTransformNotProcessed",
            "A transformation was kept with the submission and not linked to its document.",
            "変換文書は受信内容として保管しましたが、元の文書に関連付けていません。"),
    PARTIAL(ISSUE_PARTIAL_TRANSFORM_REPLACE_NOT_PROCESSED, "PartialTransformReplaceNotProcessed",
            "A transformation that replaces was kept with the submission; nothing was replaced.",
            "変換による差し替えは受信内容として保管しましたが、元の文書は置き換えていません。"),
    HL7(ISSUE_HL7_UNKNOWN_KEY, 204, "204", "AnswerNotAvailable", "The identifier or its domain is unknown.",
        "識別子またはその割当元が不明です。"),
    HL7(ISSUE_HL7_DUPLICATE_KEY, 205, "205", "AnswerNotAvailable", "The identifier is somebody else's already.",
        "識別子は既に他の患者のものです。"),
    HL7(ISSUE_HL7_REQUIRED_MISSING, 101, "SYN105", "AnswerNotAvailable", "A required element is missing.",
        "必須の要素がありません。"),
    HL7(ISSUE_HL7_BAD_VALUE, 102, "SYN102", "AnswerNotAvailable", "A value does not have its type's form.",
        "値がデータ型の形式に合っていません。"),
    HL7(ISSUE_HL7_UNSUPPORTED, 200, "NS250", "AnswerNotAvailable", "The processing mode asked for is not supported.",
        "要求された処理方式には対応していません。"),
    HL7(ISSUE_HL7_INTERNAL, 207, "INTERR", "InternalError", "The receiver failed for a reason of its own.",
        "受信側の内部エラーです。"),
    HL7(ISSUE_HL7_BUSY, 207, "INTERR", "ResponderBusy", "The receiver has too much to do; try again later.",
        "受信側が混み合っています。時間をおいて再送してください。"),
    HL7(ISSUE_HL7_TOO_MANY, 207, "INTERR", "AnswerNotAvailable", "More people match than may be told.",
        "該当者が多すぎるため回答できません。"),
    HL7(ISSUE_HL7_SEQUENCE, 100, "SYN100", "AnswerNotAvailable", "A segment is missing or out of its order.",
        "セグメントが不足しているか、順序が誤っています。"),
    HL7(ISSUE_HL7_TABLE_VALUE, 103, "SYN103", "AnswerNotAvailable", "A coded value is not in its table.",
        "コード値がテーブルにありません。"),
    HL7(ISSUE_HL7_MESSAGE_TYPE, 200, "NS200", "AnswerNotAvailable", "Messages of this type are not taken here.",
        "この種別のメッセージは扱っていません。"),
    HL7(ISSUE_HL7_EVENT, 201, "NS200", "AnswerNotAvailable", "This event is not taken here.",
        "このイベントは扱っていません。"),
    HL7(ISSUE_HL7_PROCESSING_ID, 202, "NS202", "AnswerNotAvailable", "The processing id is none of P, T and D.",
        "処理IDがP・T・Dのいずれでもありません。"),
    HL7(ISSUE_HL7_PROCESSING_MODE, 202, "NS250", "AnswerNotAvailable", "The processing mode is neither T nor I.",
        "処理モードがTでもIでもありません。"),
    HL7(ISSUE_HL7_VERSION, 203, "NS203", "AnswerNotAvailable", "This version of HL7 is not taken here.",
        "このバージョンのHL7は扱っていません。"),
    [ISSUE_SOAP_BODY] = { .en = "The SOAP body is not the message that its action promises.",
                          .ja = "SOAP本文がアクションの示すメッセージではありません。" },
    [ISSUE_TOLD] = { .en = "What was received is not as the standard has it.",
                     .ja = "受け取ったものが規格に合っていません。" },
    [ISSUE_SOAP_MTOM] = { .en = "The MTOM package is broken.", .ja = "MTOMパッケージが壊れています。" },
};

const struct issue_row *issue_row(enum issue_code code)
{
    if ((unsigned)code >= ISSUE_COUNT || rows[code].en == NULL)
        die("issue %d has no row", (int)code);
    return &rows[code];
}

enum issue_code issue_out_of_resources(enum issue_code internal)
{
    static const struct {
        enum issue_code failed, full;
    } pairs[] = {
        { ISSUE_XDS_REGISTRY_ERROR, ISSUE_XDS_REGISTRY_OUT_OF_RESOURCES },
        { ISSUE_XDS_REPOSITORY_ERROR, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES },
    };

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i].failed == internal)
            return pairs[i].full;
    return internal;
}

static struct issue *issue_append(struct arena *a, struct issue_list *list, const struct issue *issue)
{
    struct issue *added = arena_memdup(a, issue, sizeof(*issue));

    if (list->last == NULL)
        list->first = added;
    else
        list->last->next = added;
    list->last = added;
    if (added->is_warning)
        list->warnings++;
    else
        list->errors++;
    return added;
}

void issue_list_keep_errors(struct issue_list *list)
{
    struct issue *issue = list->first;

    *list = (struct issue_list){ 0 };
    for (struct issue *next; issue != NULL; issue = next) {
        next = issue->next;
        issue->next = NULL;
        if (!issue->is_warning)
            issue_list_join(list, &(struct issue_list){ .first = issue, .last = issue, .errors = 1 });
    }
}

void issue_list_join(struct issue_list *list, const struct issue_list *more)
{
    if (more->first == NULL)
        return;
    *(list->last == NULL ? &list->first : &list->last->next) = more->first;
    list->last = more->last;
    list->errors += more->errors;
    list->warnings += more->warnings;
}

/* Texts quote a peer's values cut to a length (%.80s): a character that was cut in two goes. */
static void cut_characters_drop(char *text)
{
    char *out = text;

    for (const char *at = text; *at != '\0';) {
        unsigned char lead = (unsigned char)*at;
        size_t wanted = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4, n = 1;
        while (n < wanted && ((unsigned char)at[n] & 0xc0) == 0x80)
            n++;
        if (n == wanted)
            out = (char *)memmove(out, at, n) + n;
        at += n;
    }
    *out = '\0';
}

struct issue *issue_add(struct arena *a, struct issue_list *list, enum issue_code code, const char *place,
                        const char *fmt, ...)
{
    const struct issue_row *row = issue_row(code);
    struct issue issue = { .code = code, .ebrs = row->ebrs, .is_warning = row->is_warning };
    va_list ap;

    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    cut_characters_drop(text);
    issue.text = text;
    issue.place = arena_strdup(a, place);
    return issue_append(a, list, &issue);
}

/* The row a peer's spelling belongs to, so that a passed-on error can still be told apart by code. */
static enum issue_code issue_code_of(const char *ebrs)
{
    for (int code = 0; code < ISSUE_COUNT; code++)
        if (rows[code].ebrs != NULL && text_equal(rows[code].ebrs, ebrs))
            return (enum issue_code)code;
    return ISSUE_XDS_REGISTRY_ERROR;
}

struct issue *issue_pass_on(struct arena *a, struct issue_list *list, const char *ebrs, bool is_warning,
                            const char *text, const char *location)
{
    struct issue issue = { .code = issue_code_of(ebrs), .ebrs = arena_strdup(a, ebrs), .is_warning = is_warning };

    issue.text = arena_strdup(a, text);
    issue.location = arena_strdup(a, location);
    return issue_append(a, list, &issue);
}
