#include "cli/command.h"

#include "cli/args.h"
#include "cli/language.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

static int cmd_help(struct args *args);

static const struct command commands[] = {
    { "up", "[--show SCENARIO] [--detach] [--json]", "starts the backbone and stays until Ctrl-C",
      "基盤を起動し、Ctrl-C まで動かし続ける", cmd_up },
    { "down", NULL, "stops the backbone of --data", "--data の基盤を停止する", cmd_down },
    { "status", "[--json]", "the daemons: process, ports, memory, uptime, restarts",
      "各デーモンのプロセス・ポート・メモリ・稼働時間・再起動回数", cmd_status },
    { "readyz", "[URL] [--wait MS]",
      "exit code 0 when every daemon (or the one at URL) answers; --wait: as soon as it does, until then at the latest",
      "すべてのデーモン (または URL のデーモン) が応答できれば終了コード 0。--wait は応答を待つ上限", cmd_readyz },
    { "endpoints", "[COMMUNITY] [--json] [--save]",
      "where everything is; --save: as configured, for daemons started by hand",
      "接続先の一覧。--save は手動起動のデーモン用に設定から書き出す", cmd_endpoints },
    { "communities", "[COMMUNITY] | check [FILE …] | layout FILE",
      "who lives here, and one in full; checks files of communities; prints what the rules make of a survey sheet",
      "地域の一覧と詳細。地域ファイルの検査。調査票から規則どおりの構成を出力", cmd_communities },
    { "patients", "COMMUNITY [--search TEXT] [--json] | --truth [--json]",
      "who lives there; --truth: which records of all communities are one person",
      "地域の患者の一覧。--truth は全地域のどの記録が同一人物かを示す", cmd_patients },
    { "documents", "ID PATIENT | --inbox ID [--json] [--save DIR]",
      "the documents a patient of a community gets from the generator; --inbox: what was sent to a running community's "
      "Document Recipient (XDR); --save: their bytes as files",
      "地域の患者について生成される文書の一覧。--inbox は地域の文書受信 (XDR) に届いた文書、--save "
      "は内容をファイルに保存する",
      cmd_documents },
    { "pix",
      "score [--kept] [--show N] [--json] | review list [COMMUNITY] [--json] | review accept|reject NUMBER | "
      "same|apart|merged ID PATIENT PATIENT",
      "precision and recall of the links between patients (--kept: of those in --data); potential duplicates and what "
      "becomes of them; two ids of a community are one person's, are not, or the first takes the place of the second",
      "患者の名寄せの適合率と再現率 (--kept は --data "
      "のもの)。重複候補の一覧と判断。同一人物とする、別人とする、統合する",
      cmd_pix },
    { "pki", "[show]", "makes the certificates that are missing and says where they lie",
      "足りない証明書を作り、その場所を示す", cmd_pki },
    { "scenario", "list | run NAME [--json] [--junit FILE]", "plays a story of transactions on the running backbone",
      "動いている基盤でシナリオを実行する", cmd_scenario },
    { "send", "TRANSACTION --to ID [--from ID] [--at ACTOR] [--xua VARIANT|FILE] [--break RULE|all] [--raw] [--no-tls] … | --breaks",
      "one transaction as its client; without a TRANSACTION, which there are and what they take; --break: a message "
      "that "
      "breaks this rule and no other, and what the peer says of it; --breaks: which rules can be broken, by what",
      "1 つのトランザクションを送る。TRANSACTION を省くと一覧と引数を示す。--break "
      "は指定の規則だけに違反する電文を送り、相手の応答を判定する。--breaks は違反できる規則の一覧",
      cmd_send },
    { "xua",
      "[list] [--json] | issue [VARIANT] --to ID [--user NAME] [--role CODE] [--purpose CODE] [--patient CX] … "
      "[--headers]",
      "assertions of users (SAML): one that is as it should be, and one for each way in which it may not",
      "利用者のアサーション (SAML) を作る。正しいものと、誤りの種類ごとのもの", cmd_xua },
    { "journal",
      "[list] | show ID [--raw] | tree TRACE|ID | follow | export FILE.zip|FILE.har | verify [FILE|-] [--exactly N] "
      "[--at-least N] [--at-most N] [--wait MS] [--junit FILE] [--tap] | clear [--json] [--transaction …]",
      "every message in and out: filtered by --transaction, --community, --patient, --rule, --since …",
      "送受信した電文の一覧・表示・検証。--transaction、--community、--patient、--rule、--since などで絞り込める",
      cmd_journal },
    { "coverage", "[--html FILE] [--json] [--community ID] [--since TIME|RECORD] [--trace …] …",
      "which transactions, queries, parameters, rules and error codes were exercised, and which were not",
      "どのトランザクション・クエリ・パラメータ・規則・エラーコードが実行され、どれがまだかを示す", cmd_coverage },
    { "consent",
      "list COMMUNITY | show | give | withdraw | add COMMUNITY PATIENT [--facility OID,…] [--physician CX,…] [--json]",
      "what patients let other communities see, and changes it; each change registers a consent document (BPPC)",
      "他地域への開示に対する患者の同意の表示・取得・撤回・連携先追加。変更のたびに同意文書 (BPPC) を登録する",
      cmd_consent },
    { "validate",
      "FILE|- … [--community ID] [--at ACTOR] [--rule ID=off|warn|error …] [--json] [--junit FILE] [--sarif FILE]",
      "what is wrong with messages in files, by the rules that the daemons judge by (docs/rules.md); exit code 1 when "
      "an "
      "error is",
      "ファイルの電文を、デーモンと同じ規則 (docs/rules.md) で検査する。エラーがあれば終了コード 1", cmd_validate },
    { "reset", "[all | data | faults | journal] [--json]",
      "the running backbone as it was when it had been seeded, in milliseconds",
      "動いている基盤を、データ投入直後の状態に数ミリ秒で戻す", cmd_reset },
    { "snapshot", "[list] | save NAME | restore NAME | remove NAME | export NAME FILE | import NAME FILE [--json]",
      "the data of the running backbone, saved under a name and restored; a file of it for elsewhere",
      "動いている基盤のデータに名前を付けて保存・復元し、1 つのファイルとして持ち運ぶ", cmd_snapshot },
    { "replay", "FILE.har [--to COMMUNITY] [--no-tls]",
      "sends a recorded conversation (journal export) again, with ids and times of its own",
      "記録した会話 (journal export) を、ID と時刻を新しくして再送する", cmd_replay },
    { "fault",
      "add KIND [NAME=VALUE …] [--community ID,…] [--actor A] [--transaction ITI-NN] … | use SET|FILE | list "
      "[--json] | clear [ID …] | kinds [KIND]",
      "makes the running daemons misbehave; docs/faults.md has all kinds and what a fault can be limited to",
      "動いているデーモンに不具合を起こさせる。種類と条件は docs/faults.md", cmd_fault },
    { "gateway", "[list [COMMUNITY]] | use STRATEGY COMMUNITY | forget COMMUNITY [--json]",
      "how gateways find who holds a patient, and which communities they do not ask just now; STRATEGY: xcpd, "
      "broadcast, pix[@ID], plq[@ID]",
      "ゲートウェイが患者の所在を探す方法と、問い合わせを止めている地域。STRATEGY は xcpd、broadcast、pix[@ID]、"
      "plq[@ID]",
      cmd_gateway },
    { "audit", "list [COMMUNITY] [--faulty] | show NUMBER | reconcile [--outside] [--json]",
      "audit records; reconcile: does every message in the journals have its records, and no other?",
      "監査記録の一覧と内容。reconcile はジャーナルの全電文と監査記録を突き合わせる", cmd_audit },
    { "time", "[COMMUNITY | HOST:PORT]", "asks the time servers (SNTP); exit code 1 when one is off by more than 1 s",
      "時刻サーバ (SNTP) に問い合わせる。1 秒を超えてずれていれば終了コード 1", cmd_time },
    { "repository", "fsck [--repair]", "are all documents of a stopped repository whole? --repair forgets what is lost",
      "停止中のリポジトリの文書がすべて無事か調べる。--repair は失われたものを台帳から除く", cmd_repository },
    { "bench", "[NAME] [--json]", "measures speed and memory of a backbone of its own, beside nginx",
      "専用の基盤で速度とメモリを計測し nginx と比べる", cmd_bench },
    { "help", "[ja|en]", "this page", "この説明", cmd_help },
};

static void print_commands(struct buf *out, const char *language)
{
    bool japanese = strcmp(language, "ja") == 0;

    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const struct command *c = &commands[i];
        buf_printf(out, "  %s%s%s\n      %s\n", c->name, c->words ? " " : "", c->words ? c->words : "",
                   japanese ? c->ja : c->en);
    }
}

static void print_help(FILE *to, const char *language)
{
    bool japanese = strcmp(language, "ja") == 0;
    struct buf out;

    buf_init(&out, BUF_MAX_DEFAULT);
    buf_add_text(&out, japanese
                           ? "架け橋: 地域医療連携ネットワークの IHE 基盤を 1 台で動かすシミュレータ\n\nコマンド\n"
                           : "Kakehashi: an IHE health-information-exchange backbone on one machine\n\ncommands\n");
    print_commands(&out, language);
    buf_add_text(
        &out, japanese ? "\nどのコマンドにも使えるフラグ (環境変数 KAKEHASHI_…、--config FILE の行としても同じ)\n"
                       : "\nflags of every command (also KAKEHASHI_… in the environment, or lines of --config FILE)\n");
    config_help(&out, language);
    fwrite(out.data, 1, out.len, to);
    buf_clear(&out);
}

static int cmd_help(struct args *args)
{
    const char *language = args_word(args);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    print_help(stdout, language ? language : language_pick("en", "ja"));
    return EXIT_OK;
}

static const struct command *command_find(const char *name)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int command_run(struct arena *a, int argc, char **argv)
{
    struct args args = { .arena = a, .program = argv[0] };
    struct config *config;
    enum log_level level;

    if (config_load(a, &argc, argv, &config) != OK ||
        log_level_parse(config_text(config, CONFIG_LOG_LEVEL), &level) != OK)
        return EXIT_USAGE;
    log_open("kakehashi", level);
    if (argc < 2) {
        print_help(stderr, language_pick("en", "ja"));
        return EXIT_USAGE;
    }
    const struct command *command = command_find(argv[1]);
    if (command == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: there is no command \"%s\"; `kakehashi help` lists them\n",
                              "kakehashi: コマンド \"%s\" はありません。一覧は `kakehashi help`\n"),
                argv[1]);
        return EXIT_USAGE;
    }
    args.config = config;
    args.words = argv + 2;
    args.count = argc - 2;
    return args_flag(&args, "--help") ? cmd_help(&args) : command->run(&args);
}

int command_main(int argc, char **argv)
{
    struct arena *a = arena_new();
    int code = command_run(a, argc, argv);

    arena_free(a);
    return code;
}
