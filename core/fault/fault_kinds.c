/* Every kind of fault, one row each; docs/faults.md is printed from it. Names are promises. */
#include "fault/fault.h"

#include "base/str.h"
#include "fault/apply.h"

#include <stdlib.h>

#define SOAP      (FAULT_SOAP_ANSWER | FAULT_SOAP_REQUEST)
#define ANSWER    FAULT_SOAP_ANSWER
#define MLLP      FAULT_MLLP_ANSWER
#define HANDSHAKE FAULT_HANDSHAKE
#define RECORD    FAULT_RECORD
#define SNTP      FAULT_TIME_ANSWER

#define DAY_MS 86400000.0
#define NUMBER(name, min, max, otherwise)                                                                              \
    {                                                                                                                  \
        name, FAULT_NUMBER, min, max, NULL, otherwise                                                                  \
    }
#define TEXT(name, otherwise)                                                                                          \
    {                                                                                                                  \
        name, FAULT_TEXT, 0, 0, NULL, otherwise                                                                        \
    }
#define CHOICE(name, choices, otherwise)                                                                               \
    {                                                                                                                  \
        name, FAULT_CHOICE, 0, 0, choices, otherwise                                                                   \
    }

/* clang-format off */
static const struct fault_kind kinds[] = {
    /* network */
    { "latency", FAULT_NETWORK, SOAP | MLLP,
      "The message leaves late: ms on average, spread by jitter.",
      "電文の送出が遅れる (平均 ms、ばらつき jitter)。",
      { NUMBER("ms", 0, DAY_MS, "1000"), NUMBER("jitter", 0, DAY_MS, "0"),
        CHOICE("spread", "uniform|normal|exponential", "uniform") }, apply_latency },
    { "hang", FAULT_NETWORK, SOAP | MLLP,
      "Nothing is ever sent, and the connection stays open.",
      "何も送られず、接続は開いたままになる。", { { 0 } }, apply_hang },
    { "reset", FAULT_NETWORK, ANSWER | MLLP,
      "The connection is reset (TCP RST) once so many bytes of the answer have left.",
      "応答を指定バイト数だけ送ったところで接続がリセット (TCP RST) される。",
      { NUMBER("after", 0, 1e12, "0") }, apply_reset },
    { "truncate", FAULT_NETWORK, ANSWER | MLLP,
      "The connection ends in good order once so many bytes of the answer have left.",
      "応答を指定バイト数だけ送ったところで接続が正常に閉じられる。",
      { NUMBER("after", 0, 1e12, "100") }, apply_truncate },
    { "drip", FAULT_NETWORK, ANSWER,
      "The answer leaves a few bytes at a time, with a pause between them.",
      "応答が少しずつ、間をおいて送られる。",
      { NUMBER("bytes", 1, 1e9, "16"), NUMBER("ms", 1, DAY_MS, "100") }, apply_drip },
    /* TLS: of connections that are accepted while the fault is set */
    { "tls-expired", FAULT_TLS, HANDSHAKE, "The server shows a certificate that has expired.",
      "サーバが期限切れの証明書を示す。", { { 0 } }, apply_nothing },
    { "tls-wrong-host", FAULT_TLS, HANDSHAKE, "The server shows a certificate for another host.",
      "サーバが別のホストの証明書を示す。", { { 0 } }, apply_nothing },
    { "tls-untrusted", FAULT_TLS, HANDSHAKE, "The server shows a certificate that no trusted CA has signed.",
      "サーバが信頼された認証局の署名のない証明書を示す。", { { 0 } }, apply_nothing },
    { "tls-old", FAULT_TLS, HANDSHAKE, "The server speaks no version of TLS newer than 1.1.",
      "サーバが TLS 1.1 より新しい版を話さない。", { { 0 } }, apply_nothing },
    { "tls-refuse", FAULT_TLS, HANDSHAKE, "The handshake is refused with an alert.",
      "ハンドシェイクがアラートで拒否される。", { { 0 } }, apply_nothing },
    /* HTTP */
    { "http-status", FAULT_HTTP, ANSWER, "The answer has this HTTP status; its body stays.",
      "応答の HTTP ステータスがこの値になる (本体はそのまま)。",
      { NUMBER("status", 200, 599, "503") }, apply_http_status },
    { "http-length", FAULT_HTTP, ANSWER, "Content-Length is off by so many bytes.",
      "Content-Length が指定バイト数だけずれる。",
      { NUMBER("delta", -1e9, 1e9, "100") }, apply_http_length },
    { "http-no-length", FAULT_HTTP, ANSWER, "There is no Content-Length: the end of the connection ends the body.",
      "Content-Length がなく、接続の終わりが本体の終わりになる。", { { 0 } }, apply_http_no_length },
    { "http-type", FAULT_HTTP, SOAP, "The message has this Content-Type.",
      "電文の Content-Type がこの値になる。", { TEXT("type", "text/html") }, apply_http_type },
    { "http-page", FAULT_HTTP, ANSWER, "A proxy's HTML page comes instead of the answer.",
      "応答の代わりにプロキシの HTML ページが返る。", { NUMBER("status", 200, 599, "502") }, apply_http_page },
    { "http-empty", FAULT_HTTP, ANSWER, "The answer has no body.",
      "応答に本体がない。", { NUMBER("status", 200, 599, "200") }, apply_http_empty },
    /* SOAP */
    { "soap-fault", FAULT_SOAP, ANSWER, "A SOAP fault comes instead of the answer.",
      "応答の代わりに SOAP フォールトが返る。",
      { CHOICE("code", "Receiver|Sender|MustUnderstand|VersionMismatch", "Receiver"),
        TEXT("reason", "simulated fault") }, apply_soap_fault },
    { "soap-relates-to", FAULT_SOAP, ANSWER, "wsa:RelatesTo names another message.",
      "wsa:RelatesTo が別の電文を指す。", { TEXT("id", "urn:uuid:00000000-0000-4000-8000-000000000000") },
      apply_soap_relates_to },
    { "soap-no-relates-to", FAULT_SOAP, ANSWER, "wsa:RelatesTo is missing.",
      "wsa:RelatesTo がない。", { { 0 } }, apply_soap_no_relates_to },
    { "soap-action", FAULT_SOAP, SOAP, "wsa:Action is this one.",
      "wsa:Action がこの値になる。", { TEXT("action", "urn:ihe:iti:2007:NoSuchAction") }, apply_soap_action },
    { "soap-no-action", FAULT_SOAP, SOAP, "wsa:Action is missing.",
      "wsa:Action がない。", { { 0 } }, apply_soap_no_action },
    { "soap-message-id", FAULT_SOAP, FAULT_SOAP_REQUEST, "wsa:MessageID is this one, time and again.",
      "wsa:MessageID が毎回この値になる。", { TEXT("id", "urn:uuid:00000000-0000-4000-8000-000000000001") },
      apply_soap_message_id },
    { "soap-malformed", FAULT_SOAP, SOAP, "The envelope is not well-formed XML: its last end tag is missing.",
      "エンベロープが整形式でない (最後の終了タグがない)。", { { 0 } }, apply_soap_malformed },
    { "soap-version11", FAULT_SOAP, SOAP, "The envelope is of SOAP 1.1.",
      "エンベロープが SOAP 1.1 である。", { { 0 } }, apply_soap_version11 },
    { "soap-no-body", FAULT_SOAP, SOAP, "The SOAP body is empty.",
      "SOAP ボディが空である。", { { 0 } }, apply_soap_no_body },
    { "soap-doctype", FAULT_SOAP, SOAP, "The envelope begins with a DOCTYPE that declares an entity.",
      "エンベロープが実体宣言を含む DOCTYPE で始まる。", { { 0 } }, apply_soap_doctype },
    { "soap-wrong-body", FAULT_SOAP, SOAP, "The body's child has another name.",
      "ボディの子要素の名前が違う。", { TEXT("name", "NoSuchMessage") }, apply_soap_wrong_body },
    { "soap-must-understand", FAULT_SOAP, SOAP, "A header nobody knows has to be understood.",
      "誰も知らない mustUnderstand ヘッダがある。", { { 0 } }, apply_soap_must_understand },
    { "soap-namespace", FAULT_SOAP, SOAP, "The body's child is in another namespace.",
      "ボディの子要素の名前空間が違う。", { TEXT("namespace", "urn:example:no-such-namespace") },
      apply_soap_namespace },
    /* MTOM */
    { "mtom-missing-part", FAULT_MTOM, SOAP, "The first attachment is missing from the package.",
      "パッケージから最初の添付が抜ける。", { { 0 } }, apply_mtom_missing_part },
    { "mtom-content-id", FAULT_MTOM, SOAP, "The first attachment has another Content-ID than the envelope says.",
      "最初の添付の Content-ID がエンベロープと合わない。", { { 0 } }, apply_mtom_content_id },
    { "mtom-inline", FAULT_MTOM, SOAP, "Documents stand in the envelope as base64 instead of in attachments.",
      "文書が添付でなく base64 でエンベロープの中に入る。", { { 0 } }, apply_mtom_inline },
    { "mtom-boundary", FAULT_MTOM, SOAP, "Content-Type announces another boundary than the package has.",
      "Content-Type の boundary がパッケージと合わない。", { TEXT("boundary", "no-such-boundary") },
      apply_mtom_boundary },
    { "mtom-extra-part", FAULT_MTOM, SOAP, "The package has an attachment that nothing refers to.",
      "どこからも参照されない添付がある。", { { 0 } }, apply_mtom_extra_part },
    { "mtom-plain", FAULT_MTOM, SOAP, "The envelope comes alone, without a package.",
      "パッケージでなくエンベロープだけが送られる。", { { 0 } }, apply_mtom_plain },
    { "mtom-start", FAULT_MTOM, SOAP, "The start parameter names a part that is not there.",
      "start パラメータが存在しないパートを指す。", { TEXT("start", "no-such-part") }, apply_mtom_start },
    { "mtom-document", FAULT_MTOM, SOAP, "The octets of the first document differ in the middle.",
      "最初の文書の途中のバイトが変わる。", { { 0 } }, apply_mtom_document },
    { "mtom-short", FAULT_MTOM, SOAP, "The first document ends early.",
      "最初の文書が途中で終わる。", { NUMBER("bytes", 0, 1e9, "10") }, apply_mtom_short },
    /* XDS and XCA: what a registry, a repository or a gateway says */
    { "xds-error", FAULT_XDS, ANSWER, "The answer is a Failure with this error code and nothing else.",
      "応答がこのエラーコードだけの Failure になる。",
      { TEXT("code", "XDSRegistryError"), TEXT("context", "simulated error"), TEXT("location", "") },
      apply_xds_error },
    { "xds-partial", FAULT_XDS, ANSWER, "The answer is a PartialSuccess with this error code beside its results.",
      "応答が結果とこのエラーコードを持つ PartialSuccess になる。",
      { TEXT("code", "XDSUnavailableCommunity"), TEXT("context", "simulated error"), TEXT("location", "") },
      apply_xds_partial },
    { "xds-status", FAULT_XDS, ANSWER, "The answer has this status, whatever else it says.",
      "応答の status が、内容にかかわらずこの値になる。",
      { TEXT("status", "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Unavailable") }, apply_xds_status },
    { "xds-hash", FAULT_XDS, SOAP, "The hash of every document entry is this one.",
      "すべての文書エントリの hash がこの値になる。", { TEXT("hash", "0000000000000000000000000000000000000000") },
      apply_xds_hash },
    { "xds-size", FAULT_XDS, SOAP, "The size of every document entry is off by so many bytes.",
      "すべての文書エントリの size が指定バイト数だけずれる。", { NUMBER("delta", -1e9, 1e9, "1") },
      apply_xds_size },
    { "xds-repository", FAULT_XDS, SOAP, "repositoryUniqueId is this one.",
      "repositoryUniqueId がこの値になる。", { TEXT("oid", "2.999.392.4.999999.1") }, apply_xds_repository },
    { "xds-home", FAULT_XDS, SOAP, "homeCommunityId is this one, of a foreign community.",
      "homeCommunityId が別の地域のこの値になる。", { TEXT("home", "urn:oid:2.999.392.1.999999") }, apply_xds_home },
    { "xds-no-home", FAULT_XDS, SOAP, "homeCommunityId is missing.",
      "homeCommunityId がない。", { { 0 } }, apply_xds_no_home },
    { "xds-duplicates", FAULT_XDS, ANSWER, "Every result stands twice in the answer.",
      "すべての結果が応答に 2 回現れる。", { { 0 } }, apply_xds_duplicates },
    { "xds-patient", FAULT_XDS, SOAP, "Every object is of this patient, a stranger.",
      "すべてのオブジェクトの患者がこの別人になる。",
      { TEXT("patient", "WRONG^^^&2.999.392.2.999999&ISO") }, apply_xds_patient },
    { "xds-empty", FAULT_XDS, ANSWER, "The answer is a Success without results.",
      "応答が結果のない Success になる。", { { 0 } }, apply_xds_empty },
    { "xds-unique-id", FAULT_XDS, SOAP, "Documents have this uniqueId.",
      "文書の uniqueId がこの値になる。", { TEXT("oid", "2.999.392.9.999999") }, apply_xds_unique_id },
    /* HL7 v3 */
    { "hl7v3-ack", FAULT_HL7V3, ANSWER, "The acknowledgement has this type code.",
      "応答の確認コード (acknowledgement typeCode) がこの値になる。",
      { CHOICE("code", "AE|AR|AA|CE|CR|CA", "AE") }, apply_hl7v3_ack },
    { "hl7v3-query", FAULT_HL7V3, ANSWER, "The query response code is this one.",
      "queryResponseCode がこの値になる。", { CHOICE("code", "AE|QE|NF|OK", "QE") }, apply_hl7v3_query },
    { "hl7v3-patient", FAULT_HL7V3, ANSWER, "Every patient in the answer has this id, a stranger's.",
      "応答の患者 ID がこの別人の値になる。", { TEXT("extension", "WRONG") }, apply_hl7v3_patient },
    { "hl7v3-target", FAULT_HL7V3, ANSWER, "The acknowledgement is of another message.",
      "確認応答が別の電文に対するものになる。", { { 0 } }, apply_hl7v3_target },
    { "hl7v3-twice", FAULT_HL7V3, ANSWER, "Every match stands twice in the answer.",
      "すべての候補が応答に 2 回現れる。", { { 0 } }, apply_hl7v3_twice },
    { "hl7v3-nobody", FAULT_HL7V3, ANSWER, "The answer is positive and names nobody.",
      "応答は成功だが、誰の名前もない。", { { 0 } }, apply_hl7v3_nobody },
    /* HL7 v2 */
    { "hl7v2-id", FAULT_HL7V2, MLLP, "MSA-2 names another message.",
      "MSA-2 が別の電文を指す。", { TEXT("id", "WRONG-MSA-2") }, apply_hl7v2_id },
    { "hl7v2-ack", FAULT_HL7V2, MLLP, "MSA-1 is this code.",
      "MSA-1 がこのコードになる。", { CHOICE("code", "AE|AR|AA|CE|CR|CA", "AE") }, apply_hl7v2_ack },
    { "hl7v2-charset", FAULT_HL7V2, MLLP, "MSH-18 names a character set the text is not in.",
      "MSH-18 が実際と違う文字集合を示す。", { TEXT("charset", "ISO IR87") }, apply_hl7v2_charset },
    { "hl7v2-no-start", FAULT_HL7V2, MLLP, "The frame has no start block.",
      "フレームに開始ブロックがない。", { { 0 } }, apply_hl7v2_no_start },
    { "hl7v2-no-end", FAULT_HL7V2, MLLP, "The frame has no end block.",
      "フレームに終了ブロックがない。", { { 0 } }, apply_hl7v2_no_end },
    { "hl7v2-twice", FAULT_HL7V2, MLLP, "The answer comes twice.",
      "応答が 2 回届く。", { { 0 } }, apply_hl7v2_twice },
    { "hl7v2-no-msh", FAULT_HL7V2, MLLP, "The answer has no MSH segment.",
      "応答に MSH セグメントがない。", { { 0 } }, apply_hl7v2_no_msh },
    { "hl7v2-delimiters", FAULT_HL7V2, MLLP, "MSH-2 declares other delimiters than the message uses.",
      "MSH-2 が実際と違う区切り文字を宣言する。", { { 0 } }, apply_hl7v2_delimiters },
    { "hl7v2-type", FAULT_HL7V2, MLLP, "MSH-9 is of another message.",
      "MSH-9 が別の電文の種別になる。", { TEXT("type", "ORU^R01") }, apply_hl7v2_type },
    /* syslog: audit records as they are sent */
    { "syslog-length", FAULT_SYSLOG, RECORD, "The length before an audit record is off by so many bytes.",
      "監査記録の前の長さが指定バイト数だけずれる。", { NUMBER("delta", -1e6, 1e6, "5") }, apply_syslog_length },
    { "syslog-drop", FAULT_SYSLOG, RECORD, "The audit record is not sent.",
      "監査記録が送られない。", { { 0 } }, apply_syslog_drop },
    { "syslog-twice", FAULT_SYSLOG, RECORD, "The audit record is sent twice.",
      "監査記録が 2 回送られる。", { { 0 } }, apply_syslog_twice },
    { "syslog-cut", FAULT_SYSLOG, RECORD, "The audit message ends in the middle of its XML.",
      "監査記録の XML が途中で終わる。", { { 0 } }, apply_syslog_cut },
    { "syslog-garbage", FAULT_SYSLOG, RECORD, "A record comes that is no audit message.",
      "監査記録でないものが送られる。", { { 0 } }, apply_syslog_garbage },
    /* time */
    { "clock-skew", FAULT_TIME, SOAP | MLLP | SNTP,
      "The clock is off by so many seconds: in the times that HL7 messages are stamped with, and in what the time "
      "server says.",
      "時計が指定秒数だけずれる (HL7 電文の作成時刻、時刻サーバの答え)。",
      { NUMBER("seconds", -3.2e9, 3.2e9, "3600") }, apply_clock_skew },
    { "sntp-unsynchronized", FAULT_TIME, SNTP, "The time server says that its clock is not synchronized.",
      "時刻サーバが、自分の時計は同期していないと答える。", { { 0 } }, apply_sntp_unsynchronized },
    { "sntp-kiss", FAULT_TIME, SNTP, "The time server sends the client away, with a kiss-o'-death of this code.",
      "時刻サーバがこのコードの kiss-o'-death で問い合わせを断る。", { CHOICE("code", "RATE|DENY|RSTR", "RATE") },
      apply_sntp_kiss },
};
/* clang-format on */

static const char *const families[FAULT_FAMILIES] = {
    [FAULT_NETWORK] = "network", [FAULT_TLS] = "tls",   [FAULT_HTTP] = "http",   [FAULT_SOAP] = "soap",
    [FAULT_MTOM] = "mtom",       [FAULT_XDS] = "xds",   [FAULT_HL7V3] = "hl7v3", [FAULT_HL7V2] = "hl7v2",
    [FAULT_SYSLOG] = "syslog",   [FAULT_TIME] = "time",
};

size_t fault_kind_count(void)
{
    return ARRAY_LEN(kinds);
}

const struct fault_kind *fault_kind_at(size_t i)
{
    return &kinds[i];
}

const struct fault_kind *fault_kind_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (text_equal(kinds[i].name, name))
            return &kinds[i];
    }
    return NULL;
}

const char *fault_family_name(enum fault_family family)
{
    return families[family];
}

double fault_number(const struct fault *f, int parameter)
{
    return strtod(f->values[parameter], NULL);
}
