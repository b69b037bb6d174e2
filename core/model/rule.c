/* The rows are in rules/, a file a family of messages. */
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
#define RULE(name, id, weight, section, code, en, ja) [RULE_##name] = { id, weight, section, code, en, ja },
static const struct rule_row rows[RULE_COUNT] = {
#include "model/rules.inc"
};
#undef RULE
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

bool rule_weighing_parse(const char *text, enum rule *rule, enum rule_weight *weight)
{
    char id[32];
    size_t n = strcspn(text, "=");

    if (text[n] == '\0' || n >= sizeof(id))
        return false;
    memcpy(id, text, n);
    id[n] = '\0';
    *rule = rule_find(id);
    return *rule != RULE_NONE && rule_weight_parse(text + n + 1, weight);
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

struct issue *rule_break(struct arena *a, struct issue_list *list, enum rule rule, const char *place, const char *fmt,
                         ...)
{
    va_list ap;

    va_start(ap, fmt);
    struct issue *issue = rule_issue_add(a, list, rule, rows[rule].code, place, fmt, ap);
    va_end(ap);
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
    { "SOAP", "Every request over HTTP: the envelope" },
    { "WSA", "WS-Addressing" },
    { "MTOM", "The package of a message with documents" },
    { "XDS-PNR", "Documents and their metadata: ITI-41" },
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
    { "XDS-RET", "Documents that are asked for or removed: ITI-43, ITI-86" },
    { "XCA", "Between communities: queries and documents: ITI-18, ITI-38, ITI-39, ITI-43" },
    { "XCF", "Between communities: fetching: ITI-63" },
    { "XCDR", "Between communities: providing: ITI-80, ITI-41" },
    { "XCPD", "Between communities: finding patients: ITI-55, ITI-56" },
    { "XDSI", "Images: RAD-69, RAD-75" },
    { "PID", "Patients' ids and their merging: ITI-8, ITI-30, ITI-44" },
    { "V3-MSG", "HL7 v3: the wrapper" },
    { "V3-FEED", "HL7 v3: feeds: ITI-44" },
    { "V3-PIX", "HL7 v3: PIX queries: ITI-45" },
    { "V3-QUERY", "HL7 v3: queries: ITI-47, ITI-55" },
    { "V3-MORE", "HL7 v3: queries that go on" },
    { "V2-MSH", "HL7 v2: the header" },
    { "V2-SEG", "HL7 v2: segments" },
    { "V2-CX", "HL7 v2: identifiers" },
    { "V2-PID", "HL7 v2: the patient" },
    { "V2-ADT", "HL7 v2: feeds: ITI-8, ITI-30" },
    { "V2-QBP", "HL7 v2: queries: ITI-9, ITI-21, ITI-22" },
    { "V2-RCP", "HL7 v2: how a query is answered" },
    { "V2-DSC", "HL7 v2: queries that go on" },
    { "V2-QCN", "HL7 v2: queries that are cancelled" },
    { "CT", "Consistent Time" },
    { "RSP", "Answers (`kakehashi validate`)" },
    { "ATNA", "Audit records: ITI-20" },
    { "CDA", "CDA documents (`kakehashi validate`)" },
    { "KOS", "DICOM manifests (`kakehashi validate`)" },
};

static bool is_of(const struct rule_row *row, const char *prefix)
{
    size_t n = strlen(prefix);

    return strncmp(row->id, prefix, n) == 0 && row->id[n] == '-';
}

static void code_markdown(struct buf *out, const struct issue_row *row)
{
    if (row->ebrs != NULL)
        buf_printf(out, "%s | ", row->ebrs);
    else if (row->hl7 != NULL)
        buf_printf(out, "%s, v2: %d | ", row->hl7, row->hl7v2);
    else
        buf_add_text(out, row == issue_row(ISSUE_TOLD) ? "– | " : "SOAP fault | ");
}

/* As it reads, within a table. */
static void text_markdown(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("|*_`<", *text) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

static void row_markdown(struct buf *out, const struct rule_row *row, const char *example)
{
    buf_printf(out, "| %s | %s | %s | %s | ", row->id, row->is_firm ? "error" : words[row->strict],
               row->is_firm ? "error" : "warn", row->section);
    code_markdown(out, issue_row(row->code));
    text_markdown(out, row->en);
    buf_add_text(out, "<br>");
    text_markdown(out, row->ja);
    buf_add_text(out, " | ");
    text_markdown(out, example != NULL ? example : "");
    buf_add_text(out, " |\n");
}

void rule_markdown(const char *const examples[RULE_COUNT], struct buf *out)
{
    buf_add_text(
        out, "# Rules\n\n"
             "What the daemons ask of messages, and `kakehashi validate` with them. This page is printed from "
             "`core/model/rules/`; a message that breaks a rule is told the rule, the place and what would satisfy "
             "it.\n\n"
             "`--checks strict` weighs a rule as the second column says, `--checks lenient` as the third: a warning "
             "leaves the answer Success (of SOAP, WSA and V2-MSH: nothing is said at all). A community chooses for "
             "itself in its file:\n\n"
             "    \"simulation\": { \"checks\": \"lenient\", \"rules\": { \"XDS-DE-002\": \"off\", \"XDS-DE-017\": "
             "\"error\" } }\n\n"
             "A rule that is an error in both columns cannot be weighed otherwise: what breaks it cannot be "
             "used.\n");
    for (size_t f = 0; f < ARRAY_LEN(families); f++) {
        buf_printf(
            out,
            "\n## %s · %s\n\n| rule | strict | lenient | section | error code | what it asks | how a refusal reads |\n"
            "|---|---|---|---|---|---|---|\n",
            families[f].prefix, families[f].title);
        for (int i = RULE_NONE + 1; i < RULE_COUNT; i++) {
            if (is_of(&rows[i], families[f].prefix))
                row_markdown(out, &rows[i], examples[i]);
        }
    }
}
