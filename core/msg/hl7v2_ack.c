#include "msg/hl7v2_ack.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"

#include <ctype.h>

/* Table 0357. A reject is not the sender's to mend. */
static const struct {
    int number;
    bool rejects;
    const char *text;
} codes[] = {
    { 100, false, "Segment sequence error" },    { 101, false, "Required field missing" },
    { 102, false, "Data type error" },           { 103, false, "Table value not found" },
    { 200, true, "Unsupported message type" },   { 201, true, "Unsupported event code" },
    { 202, true, "Unsupported processing id" },  { 203, true, "Unsupported version id" },
    { 204, false, "Unknown key identifier" },    { 205, false, "Duplicate key identifier" },
    { 207, true, "Application internal error" },
};

static int number_of(const struct issue *issue)
{
    int number = issue_row(issue->code)->hl7v2;

    return number != 0 ? number : 207;
}

static size_t code_index(int number)
{
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (codes[i].number == number)
            return i;
    }
    die("table 0357 has no %d here", number);
}

enum issue_code hl7v2_issue_code(int number)
{
    for (int code = 0; code < ISSUE_COUNT; code++) {
        if (issue_row((enum issue_code)code)->hl7v2 == number)
            return (enum issue_code)code;
    }
    die("no issue is %d in table 0357", number);
}

/* Not read at all, or read and not for anybody here. */
static const char *const rejected_places[] = { "MSH^1", "MSH^1^6^1^1" };

static bool rejects(const struct issue *issue)
{
    for (size_t i = 0; i < ARRAY_LEN(rejected_places); i++) {
        if (text_equal(issue->place, rejected_places[i]))
            return true;
    }
    return codes[code_index(number_of(issue))].rejects;
}

const char *hl7v2_ack_code(const struct issue_list *issues)
{
    for (const struct issue *i = issues->first; i != NULL; i = i->next) {
        if (!i->is_warning && rejects(i))
            return "AR";
    }
    return issues->errors > 0 ? "AE" : "AA";
}

/* ---- MSH ---- */

static const char *version_of(const struct hl7v2 *request)
{
    const char *version = hl7v2_text(request, request->segments, 12, 1);

    return text_absent(version) ? "2.5" : version;
}

static bool is_old(const char *version)
{
    return strcmp(version, "2.4") < 0;
}

/* MSH-10 has room for 20 characters. */
static const char *control_id(struct arena *a)
{
    char uuid[IDS_UUID_LEN], *id = arena_strdup(a, "");

    ids_uuid(uuid);
    for (const char *p = uuid; strlen(id) < 20; p++)
        id = isxdigit((unsigned char)*p) ? arena_printf(a, "%s%c", id, toupper((unsigned char)*p)) : id;
    return id;
}

static void msh_write(struct arena *a, const struct hl7v2 *request, const char *type, const char *event,
                      const char *structure, struct hl7v2_writer *w)
{
    static const struct {
        int to, from;
    } echoed[] = { { 3, 5 }, { 4, 6 }, { 5, 3 }, { 6, 4 } };
    const struct hl7v2_segment *msh = request->segments;
    const char *processing_id = hl7v2_text(request, msh, 11, 1);
    char now[CLOCK_DTM_LEN];

    clock_dtm(clock_now(), now);
    hl7v2_open(w, "MSH");
    for (size_t i = 0; i < ARRAY_LEN(echoed); i++)
        hl7v2_put_field(w, echoed[i].to, hl7v2_field(request, msh, echoed[i].from));
    hl7v2_put_text(w, 7, 1, arena_printf(a, "%s+0000", now));
    hl7v2_put_text(w, 9, 1, type);
    hl7v2_put_text(w, 9, 2, event);
    hl7v2_put_text(w, 9, 3, structure);
    hl7v2_put_text(w, 10, 1, control_id(a));
    hl7v2_put_text(w, 11, 1, text_absent(processing_id) ? "P" : processing_id);
    hl7v2_put_text(w, 12, 1, version_of(request));
    hl7v2_put_field(w, 17, hl7v2_field(request, msh, 17));
    for (int i = 18; i <= 20 && request->is_readable; i++) /* character sets, language, how sets are switched */
        hl7v2_put_field(w, i, hl7v2_field(request, msh, i));
}

/* ---- ERR ---- */

/* "PID^1^3" as components of a field, at most max of them; what follows the last counts for component next. */
static void place_write(struct arena *a, struct hl7v2_writer *w, int field, int repetition, const char *place, int max)
{
    for (int i = 1; i <= max && !text_absent(place); i++) {
        size_t n = strcspn(place, "^");
        hl7v2_put(w, field, repetition, i, 1, arena_strndup(a, place, n));
        place += n + (place[n] == '^');
    }
}

/* ERR-1, a repetition for each issue: segment, sequence, field, code & text. */
static void old_err_write(struct arena *a, const struct issue_list *issues, struct hl7v2_writer *w)
{
    int n = 0;

    for (const struct issue *i = issues->first; i != NULL; i = i->next) {
        if (i->is_warning)
            continue;
        if (n++ == 0)
            hl7v2_open(w, "ERR");
        int number = number_of(i);
        place_write(a, w, 1, n, i->place, 3);
        hl7v2_put(w, 1, n, 4, 1, arena_printf(a, "%d", number));
        hl7v2_put(w, 1, n, 4, 2, codes[code_index(number)].text);
    }
}

static void err_write(struct arena *a, const struct issue *issue, struct hl7v2_writer *w)
{
    int number = number_of(issue);

    hl7v2_open(w, "ERR");
    place_write(a, w, 2, 1, issue->place, 6);
    hl7v2_put_text(w, 3, 1, arena_printf(a, "%d", number));
    hl7v2_put_text(w, 3, 2, codes[code_index(number)].text);
    hl7v2_put_text(w, 3, 3, "HL70357");
    hl7v2_put_text(w, 4, 1, issue->is_warning ? "W" : "E");
    hl7v2_put_text(w, 8, 1, issue->text);
}

void hl7v2_answer_open(struct arena *a, const struct hl7v2 *request, const char *type, const char *event,
                       const char *structure, const struct issue_list *issues, struct hl7v2_writer *w, struct buf *out)
{
    const struct issue *first = issues->first;

    hl7v2_writer_init(w, out, &request->delimiters);
    msh_write(a, request, type, event, structure, w);
    hl7v2_open(w, "MSA");
    hl7v2_put_text(w, 1, 1, hl7v2_ack_code(issues));
    hl7v2_put_field(w, 2, hl7v2_field(request, request->segments, 10));
    if (first != NULL)
        hl7v2_put_text(w, 3, 1, first->text);
    if (is_old(version_of(request))) {
        old_err_write(a, issues, w);
        return;
    }
    for (const struct issue *i = first; i != NULL; i = i->next)
        err_write(a, i, w);
}

void hl7v2_ack_encode(struct arena *a, const struct hl7v2 *request, const struct issue_list *issues, struct buf *out)
{
    bool old = is_old(version_of(request));
    const char *event = hl7v2_text(request, request->segments, 9, 2);
    struct hl7v2_writer w;

    hl7v2_answer_open(a, request, "ACK", old ? NULL : event, old || event == NULL ? NULL : "ACK", issues, &w, out);
    hl7v2_close(&w);
}
