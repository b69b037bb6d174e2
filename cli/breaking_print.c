/* Broken rules, for a person: one with its answer, all of a transaction as a table, the list of what can be broken. */
#include "cli/breaking.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"
#include "fault/nearest.h"
#include "model/rule.h"

#include <stdio.h>
#include <string.h>

static const struct {
    bool passes; /* what was to be seen was seen */
    const char *word;
    const char *en, *ja;
} verdicts[BREAK_VERDICTS] = {
    [BREAK_UNSENT] = { false, "unsent", "no usable answer", "有効な応答なし" },
    [BREAK_ACCEPTED] = { false, "accepted", "accepted without a word", "何も指摘されずに受理された" },
    [BREAK_OTHERWISE] = { false, "otherwise", "another rule was named", "別の規則が挙げられた" },
    [BREAK_UNNAMED] = { true, "unnamed", "refused, without the name of a rule", "拒否された (規則の名はない)" },
    [BREAK_WARNED] = { true, "warned", "accepted with a warning of this rule and no other",
                       "受理され、この規則だけが警告された" },
    [BREAK_REFUSED] = { true, "refused", "refused by this rule and no other", "この規則だけによって拒否された" },
};

static const char *rule_text(const struct rule_row *rule)
{
    return language_pick(rule->en, rule->ja);
}

/* ---- the list ---- */

static const char *rule_id(size_t i)
{
    return rule_row((enum rule)(i + 1))->id;
}

/* "ITI-42 ITI-41; ITI-61", of all rows of a rule; NULL when nothing breaks it. */
static const char *transactions_of(struct arena *a, const char *rule)
{
    const char *all = NULL;
    const struct break_row *row;

    for (size_t i = 0; (row = break_at(i)) != NULL; i++) {
        if (row->why_en == NULL && strcmp(row->rule, rule) == 0)
            all = all == NULL ? row->transactions : arena_printf(a, "%s %s", all, row->transactions);
    }
    return all;
}

/* Families that no request of a transaction breaks, with what shows them instead. */
static const struct {
    const char *prefix, *en, *ja;
} elsewhere[] = {
    { "RSP-", "of answers: `kakehashi validate` judges them", "応答の規則: `kakehashi validate` が検査する" },
    { "CDA-", "of documents: `kakehashi validate` judges them", "文書の規則: `kakehashi validate` が検査する" },
    { "KOS-", "of documents: `kakehashi validate` judges them", "文書の規則: `kakehashi validate` が検査する" },
    { "ATNA-", "of audit records: `kakehashi audit list --faulty` has those that break it",
      "監査記録の規則: 違反した記録は `kakehashi audit list --faulty` で分かる" },
    { "XUA-", "of users' assertions: `kakehashi send … --xua VARIANT`; `kakehashi xua` lists which breaks it",
      "利用者アサーションの規則: `kakehashi send … --xua VARIANT`。一覧は `kakehashi xua`" },
    { "CT-", "of clocks: it is remarked in the journal, not refused", "時計の規則: ジャーナルに残るが拒否はされない" },
};

static const char *why_not(const char *rule)
{
    const struct break_row *row = break_find(rule, NULL);

    if (row != NULL)
        return language_pick(row->why_en, row->why_ja);
    for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
        if (strncmp(rule, elsewhere[i].prefix, strlen(elsewhere[i].prefix)) == 0)
            return language_pick(elsewhere[i].en, elsewhere[i].ja);
    }
    return language_pick("no message that can be sent here breaks it", "ここで送れる電文では違反できない");
}

int break_list(struct arena *a)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("RULE", "規則"), language_pick("WHAT IT ASKS", "求めること"),
                                language_pick("BROKEN BY", "違反できる電文"), NULL);

    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *rule = rule_row((enum rule)i);
        const char *transactions = transactions_of(a, rule->id);
        table_row(t, rule->id, rule_text(rule),
                  transactions != NULL ? transactions : arena_printf(a, "- %s", why_not(rule->id)));
    }
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

/* ---- one ---- */

static void print_elements(struct arena *a, const struct xml_edit *edits, size_t n, struct table *t)
{
    static const char *const verbs[] = { [XML_REMOVE] = "remove", [XML_SET] = "set",         [XML_RENAME] = "rename",
                                         [XML_APPEND] = "append", [XML_PREPEND] = "prepend", [XML_BEFORE] = "before",
                                         [XML_AFTER] = "after",   [XML_TWICE] = "twice",     [XML_LAST] = "last" };

    for (size_t i = 0; i < n && edits[i].kind != XML_EDIT_NONE; i++)
        table_row(t, language_pick("edit", "変更"),
                  arena_printf(a, "%s %s%s%s", verbs[edits[i].kind], edits[i].place,
                               edits[i].value != NULL ? " := " : "", edits[i].value != NULL ? edits[i].value : ""));
}

static void print_segments(struct arena *a, const struct hl7v2_edit *edits, struct table *t)
{
    static const char *const verbs[] = {
        [HL7V2_SET] = "set", [HL7V2_REMOVE] = "remove", [HL7V2_RENAME] = "rename", [HL7V2_AFTER] = "after"
    };

    for (size_t i = 0; i < BREAK_SEGMENTS && edits[i].kind != HL7V2_EDIT_NONE; i++)
        table_row(t, language_pick("edit", "変更"),
                  arena_printf(a, "%s %s%s%s", verbs[edits[i].kind], edits[i].place,
                               edits[i].value != NULL ? " := " : "", edits[i].value != NULL ? edits[i].value : ""));
}

static void print_package(const struct amend_package *p, struct table *t)
{
    const struct {
        const char *what, *value;
    } lines[] = { { "Content-Type", p->content_type },
                  { "boundary", p->boundary },
                  { "start", p->start },
                  { language_pick("envelope", "エンベロープ"), p->text },
                  { language_pick("packaging", "パッケージ"), p->is_other ? "MTOM ↔ SOAP" : NULL } };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (lines[i].value != NULL)
            table_row(t, lines[i].what, lines[i].value);
    }
}

static void print_edits(const struct breaking *b, const struct break_row *row, struct table *t)
{
    print_elements(b->x.arena, row->edits, BREAK_EDITS, t);
    print_elements(b->x.arena, row->envelope, BREAK_ENVELOPE, t);
    print_segments(b->x.arena, row->segments, t);
    print_package(&row->package, t);
}

static const char *answer_of(const struct breaking *b)
{
    if (b->rc != OK)
        return b->x.why;
    return b->x.items != NULL && b->x.items->cells[0] != NULL ? b->x.items->cells[0] : "";
}

static void print_one(const struct breaking *b, const struct break_row *row)
{
    struct buf *out = buf_new(b->x.arena, BUF_MAX_DEFAULT);
    const struct rule_row *rule = rule_row(rule_find(row->rule));
    struct table *t = table_new(b->x.arena, row->rule, language_pick(verdicts[b->verdict].en, verdicts[b->verdict].ja),
                                NULL);

    table_row(t, language_pick("rule", "規則"), arena_printf(b->x.arena, "%s (%s)", rule_text(rule), rule->section));
    print_edits(b, row, t);
    if (b->named[0] != '\0')
        table_row(t, language_pick("named", "挙げられた規則"), b->named);
    table_row(t, language_pick("answer", "応答"), answer_of(b));
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

static int run_one(const struct exchange *base, const struct break_row *row, bool is_raw)
{
    struct breaking b;

    break_run(base, row, &b);
    if (!is_raw)
        print_one(&b, row);
    else if (b.x.call != NULL)
        printf("%.*s\n", (int)b.x.call->response_xml.len, b.x.call->response_xml.data);
    return verdicts[b.verdict].passes ? EXIT_OK : EXIT_FAILED;
}

/* ---- all of a transaction ---- */

#define PLAIN_MAX 16

/* A good message without edits, which many rules have in common: its ground and actor, and what came of it. */
struct plain {
    const struct break_ground *ground;
    const char *at;
    const char *why; /* NULL: it passed */
};

struct run {
    const struct exchange *base;
    struct table *table;
    int rules, passed;
    struct plain plain[PLAIN_MAX];
    size_t plain_count;
};

/* NULL: it passed; otherwise what was said of it. */
static const char *good_run(const struct run *r, const struct break_row *row)
{
    struct breaking good;

    if (break_run_good(r->base, row, &good) == OK && good.named[0] == '\0')
        return NULL;
    return answer_of(&good);
}

static const char *plain_run(struct run *r, const struct break_row *row)
{
    const struct plain p = { .ground = break_ground(row, r->base->row->id), .at = row->at };

    for (size_t i = 0; i < r->plain_count; i++) {
        if (r->plain[i].ground == p.ground && text_equal(r->plain[i].at, p.at))
            return r->plain[i].why;
    }
    const char *why = good_run(r, row);
    if (r->plain_count < PLAIN_MAX)
        r->plain[r->plain_count++] = (struct plain){ p.ground, p.at, why };
    return why;
}

static void run_row(struct run *r, const struct break_row *row)
{
    const char *why = row->good == 0 ? plain_run(r, row) : good_run(r, row);
    struct breaking b;

    break_run(r->base, row, &b);
    bool passes = why == NULL && verdicts[b.verdict].passes;
    r->rules++;
    r->passed += passes;
    table_row(r->table, row->rule, why == NULL ? "✓" : "✗", verdicts[b.verdict].word, b.named,
              passes        ? ""
              : why != NULL ? why
                            : answer_of(&b));
}

/* Of an actor that the user names only its own. */
static bool is_asked(const struct exchange *base, const struct break_row *row)
{
    return row != NULL && row->why_en == NULL &&
           (base->actor == NULL || row->at == NULL || strcmp(base->actor, row->at) == 0);
}

/* Each rule with its good message first: a refusal says nothing when that is refused, too. */
static int run_all(const struct exchange *base)
{
    struct buf *out = buf_new(base->arena, BUF_MAX_DEFAULT);
    struct run r = { .base = base };

    r.table = table_new(base->arena, language_pick("RULE", "規則"), language_pick("GOOD", "正"),
                        language_pick("BROKEN", "違反"), language_pick("NAMED", "挙げられた規則"),
                        language_pick("ANSWER", "応答"), NULL);
    for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
        const struct break_row *row = break_find(rule_row((enum rule)i)->id, base->row->id);
        if (is_asked(base, row))
            run_row(&r, row);
    }
    table_print(r.table, out);
    fwrite(out->data, 1, out->len, stdout);
    printf(language_pick("%s: %d of %d rules were broken, and the answer said so\n",
                         "%s: %d / %d の規則で、違反が応答に示されました\n"),
           base->row->id, r.passed, r.rules);
    return r.rules > 0 && r.passed == r.rules ? EXIT_OK : EXIT_FAILED;
}

/* ---- the command ---- */

static int usage(const char *rule, const char *why)
{
    fprintf(stderr, "kakehashi: --break %s: %s\n", rule, why);
    return EXIT_USAGE;
}

static int refuse_unknown(struct arena *a, const char *rule)
{
    const char *near = nearest_names(a, rule, rule_id, RULE_COUNT - 1);

    return usage(rule, arena_printf(a, "%s%s%s", language_pick("there is no such rule", "そのような規則はありません"),
                                    near[0] == '\0' ? language_pick("; `kakehashi send --breaks` lists them",
                                                                    "。一覧は `kakehashi send --breaks`")
                                                    : language_pick("; near are ", "。近いもの: "),
                                    near));
}

int break_command(const struct exchange *base, const char *rule, bool is_raw)
{
    struct arena *a = base->arena;

    if (strcmp(rule, "all") == 0)
        return run_all(base);
    if (rule_find(rule) == RULE_NONE)
        return refuse_unknown(a, rule);
    const char *transactions = transactions_of(a, rule);
    if (transactions == NULL)
        return usage(rule, why_not(rule));
    const struct break_row *row = break_find(rule, base->row->id);
    if (row == NULL || row->why_en != NULL)
        return usage(
            rule,
            arena_printf(a, language_pick("%s cannot break it; %s can", "%s では違反できません。%s で違反できます"),
                         base->row->id, transactions));
    return run_one(base, row, is_raw);
}
