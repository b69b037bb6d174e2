#include "base/config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct config_row rows[CONFIG_COUNT] = {
    [CONFIG_COMMUNITIES] = { "communities", CONFIG_TEXT, "all", NULL,
                             "which communities live: all, or ids and slugs with commas",
                             "動かす地域: all、または ID・スラグをカンマ区切りで" },
    [CONFIG_POPULATION] = { "population", CONFIG_TEXT, "20", NULL, "patients per community: N, N% or full; 0: nobody",
                            "地域あたりの患者数: N、N%、full。0 は無人" },
    [CONFIG_TYPING_ERRORS] = { "typing-errors", CONFIG_NUMBER, "0", NULL,
                               "records of patients, in a hundred, that were typed with an error",
                               "入力ミスのある患者記録の割合 (100 件あたり)" },
    [CONFIG_PROFILES] = { "profiles", CONFIG_CHOICE, "all", "all|planned|surveyed",
                          "which surveyed profiles answer: all, also planned, only those in operation",
                          "応答するプロファイル: すべて、予定を含む、実施中のみ" },
    [CONFIG_SEED] = { "seed", CONFIG_NUMBER, "0", NULL,
                      "people follow from this number, and identifiers; 0: those are random",
                      "この数から住民と ID を決める。0 なら ID は乱数" },
    [CONFIG_CLOCK] = { "clock", CONFIG_TEXT, "", NULL, "the world's time stands still here (2026-04-01T09:00:00Z)",
                       "世界の時刻をここに固定する (2026-04-01T09:00:00Z)" },
    [CONFIG_CODES] = { "codes", CONFIG_TEXT, "any", NULL, "code sets: survey, any, or a file",
                       "コード表: survey、any、またはファイル" },
    [CONFIG_CHECKS] = { "checks", CONFIG_CHOICE, "strict", "strict|lenient",
                        "strict refuses what breaks a rule, lenient processes and records it",
                        "strict は規則違反を拒否し、lenient は記録して処理する" },
    [CONFIG_ASSERTIONS] = { "assertions", CONFIG_CHOICE, "off", "off|accepted|required",
                            "assertions of users (XUA): off ignores them, accepted checks those that come, required "
                            "refuses "
                            "messages without one",
                            "利用者のアサーション (XUA): off は無視、accepted は届いたものを検査、required "
                            "はないものを拒否" },
    [CONFIG_ASSERTION_ISSUERS] = { "assertion-issuers", CONFIG_TEXT, "", NULL,
                                   "who else may issue assertions: ENTITYID=CERTIFICATES.pem … (docs/xua.md)",
                                   "ほかに信頼するアサーション発行者: ENTITYID=証明書.pem … (docs/xua.md)" },
    [CONFIG_DATA] = { "data", CONFIG_TEXT, "./kakehashi-data", NULL, "folder of databases, documents, certificates",
                      "データベース・文書・証明書のフォルダ" },
    [CONFIG_FIXTURES] = { "fixtures", CONFIG_TEXT, "", NULL,
                          "folder of networks and scenarios (default: the one beside the program)",
                          "地域とシナリオのフォルダ (省略時はプログラムに付属のもの)" },
    [CONFIG_BIND] = { "bind", CONFIG_TEXT, "127.0.0.1", NULL, "address of the TLS listeners",
                      "TLS で待ち受けるアドレス" },
    [CONFIG_PORTS] = { "ports", CONFIG_TEXT, "18100", NULL, "first port, or auto for free ones",
                       "最初のポート番号、auto なら空きポート" },
    [CONFIG_PLAIN] = { "plain", CONFIG_SWITCH, "on", NULL, "listeners without TLS, on loopback only",
                       "TLS なしの待ち受け (ループバックのみ)" },
    [CONFIG_CLIENT_CERT] = { "client-cert", CONFIG_CHOICE, "require", "require|optional",
                             "must a TLS client show a certificate?", "TLS クライアント証明書を必須とするか" },
    [CONFIG_MLLP_CLIENT_CERT] = { "mllp-client-cert", CONFIG_CHOICE, "same", "same|require|optional",
                                  "the same of HL7 v2's listeners alone; same: as --client-cert",
                                  "HL7 v2 の待ち受けだけの指定。same なら --client-cert と同じ" },
    [CONFIG_SYSLOG_CLIENT_CERT] = { "syslog-client-cert", CONFIG_CHOICE, "same", "same|require|optional",
                                    "the same of the audit record repository's syslog listener alone",
                                    "監査記録 (syslog) の待ち受けだけの指定" },
    [CONFIG_CRL] = { "crl", CONFIG_TEXT, "", NULL,
                     "PEM file of revocation lists, read again when it changes: revoked client certificates are "
                     "refused",
                     "失効リスト (PEM)。変更されると読み直し、失効したクライアント証明書を拒否する" },
    [CONFIG_TLS] = { "tls", CONFIG_CHOICE, "bcp195", "bcp195|legacy",
                     "bcp195: TLS 1.2 and 1.3, ECDHE with AEAD only; legacy: TLS 1.0 and 1.1 too, for tests with old "
                     "nodes",
                     "bcp195 は TLS 1.2・1.3 と ECDHE+AEAD のみ、legacy は古い機器の試験用に TLS 1.0・1.1 も許す" },
    [CONFIG_LOOPS] = { "loops", CONFIG_NUMBER, "0", NULL, "event loops per daemon; 0: one per core",
                       "デーモンあたりのイベントループ数。0 はコア数" },
    [CONFIG_LOG_LEVEL] = { "log-level", CONFIG_CHOICE, "info", "error|warn|info|debug", "how much is logged",
                           "ログの詳しさ" },
    [CONFIG_MAX_MESSAGE] = { "max-message", CONFIG_NUMBER, "4194304", NULL,
                             "bytes of XML in one message, attachments aside",
                             "1 電文の XML の上限バイト数 (添付を除く)" },
    [CONFIG_MAX_DOCUMENT] = { "max-document", CONFIG_NUMBER, "4294967296", NULL,
                              "bytes of one HTTP body, attachments included", "添付を含む HTTP 本体の上限バイト数" },
    [CONFIG_MAX_RESULTS] = { "max-results", CONFIG_NUMBER, "10000", NULL,
                             "objects a registry returns in one LeafClass answer; 0: any number",
                             "レジストリが LeafClass で一度に返すオブジェクトの上限。0 は無制限" },
    [CONFIG_MAX_REFERENCES] = { "max-references", CONFIG_NUMBER, "20000", NULL,
                                "objects a registry refers to in one ObjectRef answer; 0: any number",
                                "レジストリが ObjectRef で一度に返す参照の上限。0 は無制限" },
    [CONFIG_LINK_SCORE] = { "link-score", CONFIG_NUMBER, "28", NULL,
                            "score from which two patients are one person (docs/matching.md)",
                            "この得点以上の 2 記録を同一人物とする (docs/matching.md)" },
    [CONFIG_REVIEW_SCORE] = { "review-score", CONFIG_NUMBER, "18", NULL,
                              "score from which they are kept for review as potential duplicates",
                              "この得点以上は重複候補として確認待ちにする" },
    [CONFIG_SUBSCRIBERS] = { "subscribers", CONFIG_TEXT, "", NULL,
                             "who is told of changed cross-references: COMMUNITY=URL … (docs/hl7v2.md)",
                             "相互参照の変更を通知する相手: COMMUNITY=URL … (docs/hl7v2.md)" },
    [CONFIG_CALL_TIMEOUT] = { "call-timeout", CONFIG_NUMBER, "30000", NULL, "milliseconds a daemon waits for a peer",
                              "相手の応答を待つミリ秒数" },
    [CONFIG_DISCOVERY_MAX] = { "discovery-max", CONFIG_NUMBER, "5", NULL,
                               "people a Responding Gateway tells of in one answer; of more it asks for attributes",
                               "応答側ゲートウェイが一度に答える候補者の上限。超えると追加の属性を求める" },
    [CONFIG_CORRELATION_TTL] = { "correlation-ttl", CONFIG_TEXT, "P0Y0M7D", NULL,
                                 "how long what a Responding Gateway tells of a patient holds (CorrelationTimeToLive)",
                                 "応答側ゲートウェイが答えた患者の対応づけの有効期間 (CorrelationTimeToLive)" },
    [CONFIG_LOCATE] = { "locate", CONFIG_TEXT, "", NULL,
                        "how Initiating Gateways find who holds a patient: a strategy, or COMMUNITY=STRATEGY …; of "
                        "xcpd, broadcast, pix[@ID], plq[@ID] (docs/gateways.md)",
                        "発信側ゲートウェイが患者の所在を探す方法: 方法、または COMMUNITY=方法 …。xcpd、broadcast、"
                        "pix[@ID]、plq[@ID] (docs/gateways.md)" },
    [CONFIG_DEADLINES] = { "deadlines", CONFIG_TEXT, "", NULL,
                           "milliseconds that a gateway waits for single communities: COMMUNITY=MS …",
                           "地域ごとにゲートウェイが応答を待つミリ秒数: COMMUNITY=MS …" },
    [CONFIG_PEERS] = { "peers", CONFIG_TEXT, "", NULL,
                       "communities that live in another backbone, and where its gateway is: COMMUNITY=URL …",
                       "別の基盤で動く地域とそのゲートウェイの所在: COMMUNITY=URL …" },
    [CONFIG_BREAKER_FAILURES] = { "breaker-failures", CONFIG_NUMBER, "5", NULL,
                                  "failures in a row after which a gateway does not ask a community for a while; 0: it "
                                  "always asks",
                                  "この回数続けて失敗した地域には、ゲートウェイはしばらく問い合わせない。0 "
                                  "は常に問い合わせる" },
    [CONFIG_BREAKER_PAUSE] = { "breaker-pause", CONFIG_NUMBER, "30000", NULL, "milliseconds of that while",
                               "その休止のミリ秒数" },
    [CONFIG_JOURNAL] = { "journal", CONFIG_SWITCH, "on", NULL,
                         "every message in and out is kept, to be looked at later",
                         "送受信したすべての電文を後で見られるよう残す" },
    [CONFIG_JOURNAL_SIZE] = { "journal-size", CONFIG_NUMBER, "256", NULL,
                              "MiB of journal a daemon keeps; the oldest go first",
                              "デーモンごとの記録の上限 (MiB)。古いものから消える" },
    [CONFIG_JOURNAL_AGE] = { "journal-age", CONFIG_NUMBER, "168", NULL, "hours the journal keeps a message; 0: any",
                             "記録を残す時間数。0 は無制限" },
    [CONFIG_JOURNAL_BODY] = { "journal-body", CONFIG_NUMBER, "1024", NULL,
                              "KiB of one message's envelope that the journal keeps",
                              "1 電文のエンベロープのうち記録に残す上限 (KiB)" },
    [CONFIG_JOURNAL_RATE] = { "journal-rate", CONFIG_NUMBER, "32", NULL,
                              "MiB of envelopes a second that a daemon's journal keeps whole; beyond, their first 2 "
                              "KiB",
                              "デーモンごとに 1 秒あたり全文を残すエンベロープの量 (MiB)。超えた分は先頭 2 KiB のみ" },
    [CONFIG_CONTROL_BIND] = { "control-bind", CONFIG_TEXT, "127.0.0.1", NULL,
                              "address of the control API; other than loopback it needs --control-token",
                              "制御 API が待ち受けるアドレス。ループバック以外では --control-token が必要" },
    [CONFIG_CONTROL_TOKEN] = { "control-token", CONFIG_TEXT, "", NULL,
                               "what clients of the control API show as Authorization: Bearer …",
                               "制御 API の利用者が Authorization: Bearer … で示すトークン" },
    [CONFIG_AUDIT] = { "audit", CONFIG_SWITCH, "on", NULL,
                       "daemons send the audit record of every transaction (ITI-20)",
                       "すべてのトランザクションの監査記録を送る (ITI-20)" },
    [CONFIG_AUDIT_KEEP] = { "audit-keep", CONFIG_NUMBER, "1000000", NULL,
                            "audit records the repository keeps; the oldest go first; 0: all",
                            "監査リポジトリが保持する記録数。古いものから消す。0 は無制限" },
    [CONFIG_CLOCK_SKEW] = { "clock-skew", CONFIG_NUMBER, "60", NULL,
                            "seconds by which a message's time may differ from the world's before it is a finding",
                            "電文の時刻と世界の時刻の差の許容秒数。超えると所見になる" },
    [CONFIG_CLOCKS] = { "clocks", CONFIG_TEXT, "", NULL,
                        "time servers that are wrong on purpose: \"0035=+2.5s,50ppm,stratum=3 0026=-10s\"",
                        "わざと狂わせる時刻サーバ: \"0035=+2.5s,50ppm,stratum=3 0026=-10s\"" },
    [CONFIG_REGISTRY_AT] = { "registry-at", CONFIG_TEXT, "https://localhost:18101", NULL,
                             "where peers reach the registry", "レジストリの所在", true },
    [CONFIG_REPOSITORY_AT] = { "repository-at", CONFIG_TEXT, "https://localhost:18103", NULL,
                               "where peers reach the repository", "リポジトリの所在", true },
    [CONFIG_PIXMGR_AT] = { "pixmgr-at", CONFIG_TEXT, "https://localhost:18105", NULL,
                           "where peers reach the PIX manager", "PIX マネージャの所在", true },
    [CONFIG_GATEWAY_AT] = { "gateway-at", CONFIG_TEXT, "https://localhost:18107", NULL, "where peers reach the gateway",
                            "ゲートウェイの所在", true },
    [CONFIG_AUDIT_AT] = { "audit-at", CONFIG_TEXT, "https://localhost:18109", NULL,
                          "where the audit record repository's pages are", "監査リポジトリのページの所在", true },
    [CONFIG_RECORDS_TO] = { "records-to", CONFIG_TEXT, "", NULL,
                            "where audit records are sent: syslog-tls://HOST:PORT, syslog-tcp:// or syslog-udp://",
                            "監査記録の送り先 (syslog-tls://HOST:PORT など)", true },
    [CONFIG_CONTROL_AT] = { "control-at", CONFIG_TEXT, "http://127.0.0.1:18100", NULL,
                            "where the control API is reached", "制御 API の所在", true },
    [CONFIG_PORT] = { "port", CONFIG_NUMBER, "0", NULL, "this daemon's TLS port; 0: none", "このデーモンの TLS ポート",
                      true },
    [CONFIG_PLAIN_PORT] = { "plain-port", CONFIG_NUMBER, "0", NULL, "this daemon's plain port; 0: none",
                            "このデーモンの平文ポート", true },
    [CONFIG_MLLP_PORT] = { "mllp-port", CONFIG_NUMBER, "0", NULL, "this daemon's port for HL7 v2 over TLS; 0: none",
                           "このデーモンの HL7 v2 (MLLP/TLS) ポート", true },
    [CONFIG_MLLP_PLAIN_PORT] = { "mllp-plain-port", CONFIG_NUMBER, "0", NULL,
                                 "this daemon's plain port for HL7 v2; 0: none",
                                 "このデーモンの HL7 v2 (MLLP 平文) ポート", true },
    [CONFIG_SYSLOG_PORT] = { "syslog-port", CONFIG_NUMBER, "0", NULL,
                             "this daemon's port for audit records over TLS; 0: none",
                             "このデーモンの監査記録 (syslog/TLS) ポート", true },
    [CONFIG_SYSLOG_PLAIN_PORT] = { "syslog-plain-port", CONFIG_NUMBER, "0", NULL,
                                   "this daemon's port for audit records over TCP and UDP; 0: none",
                                   "このデーモンの監査記録 (syslog TCP・UDP) ポート", true },
    [CONFIG_NTP_PORT] = { "ntp-port", CONFIG_NUMBER, "0", NULL, "this daemon's port for time (UDP); 0: none",
                          "このデーモンの時刻 (SNTP) ポート", true },
    [CONFIG_READY_FD] = { "ready-fd", CONFIG_NUMBER, "-1", NULL,
                          "P DONE TOTAL while people are seeded, then R once the daemon answers, is written here",
                          "作成の進み具合 (P DONE TOTAL)、応答できるようになると R を書くファイル記述子", true },
};

const struct config_row *config_row(enum config_key key)
{
    return &rows[key];
}

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strcspn(value, "|");

    if (value[n] != '\0')
        return false;
    for (const char *c = choices; c != NULL; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL) {
        if (strncmp(c, value, n) == 0 && n > 0 && (c[n] == '|' || c[n] == '\0'))
            return true;
    }
    return false;
}

static bool is_number(const char *value)
{
    char *end;

    errno = 0;
    strtoll(value, &end, 10);
    return errno == 0 && end != value && *end == '\0';
}

static bool value_fits(const struct config_row *row, const char *value)
{
    switch (row->type) {
    case CONFIG_TEXT:
        return true;
    case CONFIG_NUMBER:
        return is_number(value);
    case CONFIG_SWITCH:
        return is_choice("on|off", value);
    case CONFIG_CHOICE:
        return is_choice(row->choices, value);
    }
    die("config: row without a type");
}

enum rc config_set(struct config *c, enum config_key key, const char *value)
{
    const struct config_row *row = &rows[key];

    if (!value_fits(row, value)) {
        fprintf(stderr, "kakehashi: --%s: \"%s\" does not fit (%s)\n", row->key, value,
                row->type == CONFIG_NUMBER   ? "a number"
                : row->type == CONFIG_SWITCH ? "on|off"
                                             : row->choices);
        return E_CONFIG;
    }
    c->values[key] = arena_strdup(c->arena, value);
    return OK;
}

static bool key_find(struct str name, enum config_key *key)
{
    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        if (str_is(name, rows[i].key)) {
            *key = (enum config_key)i;
            return true;
        }
    }
    return false;
}

struct config *config_default(struct arena *a)
{
    struct config *c = ARENA_NEW(a, struct config);

    c->arena = a;
    for (size_t i = 0; i < CONFIG_COUNT; i++)
        c->values[i] = rows[i].initial;
    return c;
}

static enum rc line_apply(struct config *c, const char *path, struct str line)
{
    enum config_key key;

    line = str_trim(line);
    if (line.len == 0 || line.data[0] == '#')
        return OK;
    const char *equals = memchr(line.data, '=', line.len);
    if (equals == NULL) {
        fprintf(stderr, "kakehashi: %s: \"%.*s\" is not \"key = value\"\n", path, (int)line.len, line.data);
        return E_CONFIG;
    }
    struct str name = str_trim((struct str){ line.data, (size_t)(equals - line.data) });
    struct str value = str_trim((struct str){ equals + 1, line.len - (size_t)(equals + 1 - line.data) });
    if (!key_find(name, &key)) {
        fprintf(stderr, "kakehashi: %s: there is no key \"%.*s\"\n", path, (int)name.len, name.data);
        return E_CONFIG;
    }
    return config_set(c, key, str_dup(c->arena, value));
}

static enum rc file_apply(struct config *c, const char *path)
{
    struct str text;

    if (file_read(c->arena, path, 1 << 20, &text) != OK) {
        fprintf(stderr, "kakehashi: cannot read the configuration file %s\n", path);
        return E_CONFIG;
    }
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        size_t n = end == NULL ? text.len - at : (size_t)(end - text.data) - at;
        TRY(line_apply(c, path, (struct str){ text.data + at, n }));
        at += n + 1;
    }
    return OK;
}

static enum rc environment_apply(struct config *c)
{
    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        char *name = arena_printf(c->arena, "KAKEHASHI_%s", rows[i].key);
        for (char *p = name; *p != '\0'; p++)
            *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
        const char *value = getenv(name);
        if (value != NULL)
            TRY(config_set(c, (enum config_key)i, value));
    }
    return OK;
}

/* argv[i] may be a flag of ours: sets it and says through *used how many words it took; 0 when it is not. */
static enum rc flag_apply(struct config *c, int argc, char **argv, int i, int *used)
{
    enum config_key key;

    *used = 0;
    if (strncmp(argv[i], "--", 2) != 0)
        return OK;
    if (strcmp(argv[i], "--config") == 0 || strncmp(argv[i], "--config=", 9) == 0) { /* was read first */
        *used = argv[i][8] == '=' ? 1 : MIN(2, argc - i);
        return OK;
    }
    const char *flag = argv[i] + 2, *equals = strchr(flag, '=');
    struct str name = { flag, equals ? (size_t)(equals - flag) : strlen(flag) };
    if (!key_find(name, &key))
        return OK;
    *used = 1;
    if (equals != NULL)
        return config_set(c, key, equals + 1);
    bool has_value = i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0;
    if (rows[key].type == CONFIG_SWITCH && (!has_value || !is_choice("on|off", argv[i + 1])))
        return config_set(c, key, "on");
    if (!has_value) {
        fprintf(stderr, "kakehashi: --%s needs a value\n", rows[key].key);
        return E_CONFIG;
    }
    *used = 2;
    return config_set(c, key, argv[i + 1]);
}

static const char *config_path(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            return argv[i + 1];
        if (strncmp(argv[i], "--config=", 9) == 0)
            return argv[i] + 9;
    }
    return getenv("KAKEHASHI_CONFIG");
}

enum rc config_load(struct arena *a, int *argc, char **argv, struct config **out)
{
    struct config *c = config_default(a);
    const char *path = config_path(*argc, argv);
    int words = 1;

    if (path != NULL)
        TRY(file_apply(c, path));
    TRY(environment_apply(c));
    for (int i = 1, used; i < *argc; i += used) {
        TRY(flag_apply(c, *argc, argv, i, &used));
        if (used == 0) {
            argv[words++] = argv[i];
            used = 1;
        }
    }
    *argc = words;
    argv[words] = NULL; /* words <= the old argc, whose argv[argc] was NULL */
    *out = c;
    return OK;
}

const char *config_text(const struct config *c, enum config_key key)
{
    return c->values[key];
}

long long config_number(const struct config *c, enum config_key key)
{
    return strtoll(c->values[key], NULL, 10);
}

bool config_switch(const struct config *c, enum config_key key)
{
    return strcmp(c->values[key], "on") == 0;
}

void config_markdown(struct buf *out)
{
    buf_add_text(out, "| flag | default | what | 説明 |\n|---|---|---|---|\n");
    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        buf_printf(out, "| `--%s` | `%s` | %s%s | %s |\n", rows[i].key, rows[i].initial, rows[i].en,
                   rows[i].internal ? " (set by `kakehashi up`)" : "", rows[i].ja);
    }
}

void config_help(struct buf *out, const char *language)
{
    bool japanese = strcmp(language, "ja") == 0;

    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        if (!rows[i].internal)
            buf_printf(out, "  --%-14s %s [%s]\n", rows[i].key, japanese ? rows[i].ja : rows[i].en, rows[i].initial);
    }
}
