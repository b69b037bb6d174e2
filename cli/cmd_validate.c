/*
 * kakehashi validate: what is wrong with messages in files, by the rules that the daemons judge by. Requests, answers
 * and HL7 v2 go to the daemons' own programs (rehearsal.h); audit records and documents are judged here (judge.h).
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/judge.h"
#include "cli/language.h"
#include "cli/rehearsal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/file.h"
#include "fault/nearest.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)256 << 20)

struct validation {
    struct arena *arena;
    const struct config *config;
    const char *community, *actor, *junit, *sarif;
    bool as_json;
    const char **weighs; /* NULL-terminated */
    size_t weigh_count;
    struct weighings weighings;
    struct specimen *specimens;
    struct verdict *verdicts;
    size_t count;
};

/* ---- --rule ---- */

static const char *rule_id(size_t i)
{
    return rule_row((enum rule)(i + 1))->id;
}

static enum rc weighing_refuse(struct arena *a, const char *word)
{
    const char *id = arena_strndup(a, word, strcspn(word, "="));
    const char *near = nearest_names(a, id, rule_id, RULE_COUNT - 1);

    if (rule_find(id) != RULE_NONE)
        fprintf(stderr,
                language_pick("kakehashi: --rule %s: it takes %s=off, =warn or =error\n",
                              "kakehashi: --rule %s: %s=off、=warn、=error のいずれかを書きます\n"),
                word, id);
    else
        fprintf(stderr,
                language_pick("kakehashi: --rule %s: there is no such rule%s%s; docs/rules.md lists all\n",
                              "kakehashi: --rule %s: そのような規則はありません%s%s。一覧は docs/rules.md\n"),
                word, near[0] != '\0' ? language_pick("; the nearest are ", "。近いものは ") : "", near);
    return E_CONFIG;
}

static enum rc weighings_take(struct validation *v, struct args *args)
{
    enum rule rule;
    enum rule_weight weight;

    v->weighs = ARENA_ARRAY(v->arena, const char *, (size_t)args->count + 1);
    for (const char *word; (word = args_option(args, "--rule")) != NULL;) {
        if (!rule_weighing_parse(word, &rule, &weight))
            return weighing_refuse(v->arena, word);
        v->weighings.weight[rule] = (unsigned char)weight;
        v->weighs[v->weigh_count++] = word;
    }
    v->weighs[v->weigh_count] = NULL;
    return OK;
}

/* ---- --community ---- */

static enum rc community_check(struct validation *v)
{
    struct world *w;

    if (v->community == NULL)
        return OK;
    TRY(world_load(v->arena, v->config, &w));
    const struct community *c = world_find(w, v->community);
    if (c == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: no community %s lives here; `kakehashi communities` lists them\n",
                              "kakehashi: 地域 %s はありません。一覧は `kakehashi communities`\n"),
                v->community);
        return E_CONFIG;
    }
    v->community = c->key;
    return OK;
}

/* ---- the files ---- */

static enum rc stdin_read(struct arena *a, struct str *out)
{
    struct buf *all = buf_new(a, FILE_MAX_BYTES);
    char piece[16384];

    for (ssize_t n; (n = read(STDIN_FILENO, piece, sizeof(piece))) > 0;)
        buf_add(all, piece, (size_t)n);
    *out = buf_str(all);
    return all->overflowed ? E_LIMIT : OK;
}

static enum rc files_read(struct validation *v, struct args *args)
{
    struct str bytes;

    v->specimens = ARENA_ARRAY(v->arena, struct specimen, (size_t)args->count + 1);
    for (const char *name; (name = args_word(args)) != NULL;) {
        bool is_stdin = strcmp(name, "-") == 0;
        enum rc rc = is_stdin ? stdin_read(v->arena, &bytes) : file_read(v->arena, name, FILE_MAX_BYTES, &bytes);
        if (rc != OK) {
            fprintf(stderr, "kakehashi: %s: %s\n", name, rc_text(rc));
            return rc;
        }
        specimen_read(v->arena, name, bytes, &v->specimens[v->count++]);
    }
    v->verdicts = ARENA_ARRAY(v->arena, struct verdict, v->count + 1);
    return OK;
}

/* ---- judging ---- */

/* What nobody took says what it could have been. */
static void stranger_tell(struct validation *v, size_t i)
{
    static const char unknown[] =
        "this is no message that is known here: an HTTP request or response, a SOAP envelope, "
        "an MTOM package, HL7 v2, an audit record, a CDA document, a DICOM file or a SAML assertion";
    const struct specimen *s = &v->specimens[i];

    if (v->verdicts[i].first != NULL)
        return;
    if (s->kind == SPECIMEN_SOAP && s->is_answer)
        verdict_break(v->arena, &v->verdicts[i], &v->weighings, RULE_RSP_ACTION, "/Envelope/Header/Action",
                      "no transaction answers with this wsa:Action");
    else if (s->kind == SPECIMEN_SOAP)
        verdict_break(v->arena, &v->verdicts[i], &v->weighings, RULE_WSA_ACTION_KNOWN, "/Envelope/Header/Action",
                      "no endpoint takes a message with this wsa:Action, and none answers with it");
    else
        verdict_add(v->arena, &v->verdicts[i],
                    &(struct finding){ .text = unknown,
                                       .en = "A file holds one message of a kind that is known here.",
                                       .ja = "ファイルには既知の種類の電文が 1 つある。" });
}

static enum rc judge_all(struct validation *v)
{
    const struct rehearsal r = { v->arena, v->config, v->community, v->actor, v->weighs };
    const char *clock = config_text(v->config, CONFIG_CLOCK);

    if (clock[0] != '\0')
        TRY(clock_pin(clock));

    for (size_t i = 0; i < v->count; i++) {
        v->verdicts[i].name = v->specimens[i].name;
        judge(v->arena, &v->specimens[i], &v->weighings, &v->verdicts[i]);
    }
    TRY(rehearse(&r, v->specimens, v->verdicts, v->count));
    for (size_t i = 0; i < v->count; i++) {
        if (v->verdicts[i].what == NULL)
            stranger_tell(v, i);
    }
    return OK;
}

/* ---- telling ---- */

static enum rc report_write(const char *path, struct buf *text)
{
    return path == NULL ? OK : file_write(path, buf_str(text), 0644);
}

static int report(const struct validation *v)
{
    const struct verdicts all = { v->verdicts, v->count };
    struct buf *out = buf_new(v->arena, BUF_MAX_DEFAULT), *junit = buf_new(v->arena, BUF_MAX_DEFAULT);
    struct buf *sarif = buf_new(v->arena, BUF_MAX_DEFAULT);
    bool is_fine = true;

    verdicts_junit(v->arena, &all, junit);
    verdicts_sarif(&all, sarif);
    if (report_write(v->junit, junit) != OK || report_write(v->sarif, sarif) != OK)
        return EXIT_FAILED;
    if (v->as_json)
        verdicts_json(&all, out);
    else
        verdicts_text(&all, out);
    fwrite(out->data, 1, out->len, stdout);
    for (size_t i = 0; i < v->count; i++)
        is_fine = is_fine && v->verdicts[i].errors == 0;
    return is_fine ? EXIT_OK : EXIT_FAILED;
}

int cmd_validate(struct args *args)
{
    struct validation v = { .arena = args->arena, .config = args->config };

    v.community = args_option(args, "--community");
    v.actor = args_option(args, "--at");
    v.junit = args_option(args, "--junit");
    v.sarif = args_option(args, "--sarif");
    v.as_json = args_flag(args, "--json");
    if (weighings_take(&v, args) != OK || community_check(&v) != OK || files_read(&v, args) != OK ||
        args_end(args) != OK)
        return EXIT_USAGE;
    if (v.count == 0) {
        fprintf(stderr, "kakehashi: %s\n",
                language_pick("validate: name a file, or - for standard input",
                              "validate: ファイルか、標準入力を表す - を指定してください"));
        return EXIT_USAGE;
    }
    return judge_all(&v) == OK ? report(&v) : EXIT_FAILED;
}
