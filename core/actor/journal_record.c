#include "actor/journal_record.h"

#include "base/arena.h"

#include <string.h>

#define VERSION 1

static const char *const direction_words[] = { "received", "answered", "calling", "called",
                                               "stranger", "lost",     "audited" };

const char *journal_direction_word(enum journal_direction direction)
{
    return direction_words[direction];
}

const char *journal_outcome_word(enum rc rc)
{
    return rc == OK ? "ok" : rc == E_REFUSED ? "refused" : "failed";
}

/* ---- the record: numbers of fixed width, then each text with its length; as the machine has them ---- */

struct head {
    uint64_t time_us, duration_us, body_size, count;
    uint32_t version, direction, rc, status;
};

static void add_text(struct buf *out, struct str text)
{
    uint32_t n = (uint32_t)text.len;

    buf_add(out, &n, sizeof(n));
    buf_add_str(out, text);
}

static size_t runs_size(const struct journal_record *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->run_count; i++)
        n += r->runs[i].len;
    return n;
}

size_t journal_record_size(const struct journal_record *r)
{
    size_t n = 16 + sizeof(struct head) + runs_size(r); /* and its frame */

    for (int i = 0; i < JOURNAL_TEXTS; i++)
        n += sizeof(uint32_t) + r->text[i].len;
    return n;
}

static void add_runs(struct buf *out, const struct journal_record *r)
{
    uint32_t n = (uint32_t)runs_size(r);

    buf_add(out, &n, sizeof(n));
    for (size_t i = 0; i < r->run_count; i++)
        buf_add_str(out, r->runs[i]);
}

void journal_record_encode(struct buf *out, const struct journal_record *r)
{
    struct head head = { .time_us = r->time_us,
                         .duration_us = r->duration_us,
                         .body_size = r->body_size,
                         .count = r->count,
                         .version = VERSION,
                         .direction = (uint32_t)r->direction,
                         .rc = (uint32_t)r->rc,
                         .status = (uint32_t)r->status };

    buf_add(out, &head, sizeof(head));
    for (int i = 0; i < JOURNAL_TEXTS; i++) {
        if (i == JOURNAL_BODY && r->runs != NULL)
            add_runs(out, r);
        else
            add_text(out, r->text[i]);
    }
}

static bool take(struct str *rest, void *out, size_t n)
{
    if (rest->len < n)
        return false;
    memcpy(out, rest->data, n);
    *rest = (struct str){ rest->data + n, rest->len - n };
    return true;
}

static bool take_text(struct str *rest, struct str *out)
{
    uint32_t n;

    if (!take(rest, &n, sizeof(n)) || rest->len < n)
        return false;
    *out = (struct str){ rest->data, n };
    *rest = (struct str){ rest->data + n, rest->len - n };
    return true;
}

enum rc journal_record_decode(struct str bytes, struct journal_record *out)
{
    struct journal_record r = { 0 };
    struct head head;

    if (!take(&bytes, &head, sizeof(head)) || head.version != VERSION || head.direction >= JOURNAL_DIRECTIONS ||
        head.rc >= RC_COUNT || head.status > 999)
        return E_SYNTAX;
    for (int i = 0; i < JOURNAL_TEXTS; i++) {
        if (!take_text(&bytes, &r.text[i]))
            return E_SYNTAX;
    }
    r.time_us = head.time_us;
    r.duration_us = head.duration_us;
    r.body_size = head.body_size;
    r.count = head.count;
    r.direction = (enum journal_direction)head.direction;
    r.rc = (enum rc)head.rc;
    r.status = (int)head.status;
    *out = r;
    return OK;
}

/* ---- packed lists: texts with their lengths ---- */

static void pack(struct buf *out, const char *text)
{
    add_text(out, str_from(text != NULL ? text : ""));
}

static bool unpack(struct arena *a, struct str *packed, const char **out)
{
    struct str text;

    if (!take_text(packed, &text))
        return false;
    *out = str_dup(a, text);
    return true;
}

void journal_issue_pack(struct buf *out, const struct journal_issue *issue)
{
    const char *const texts[] = {
        issue->is_warning ? "w" : "e", issue->code, issue->rule, issue->place, issue->section, issue->text
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        pack(out, texts[i]);
}

bool journal_issue_next(struct arena *a, struct str *packed, struct journal_issue *out)
{
    const char *severity;
    const char **const texts[] = { &severity, &out->code, &out->rule, &out->place, &out->section, &out->text };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!unpack(a, packed, texts[i]))
            return false;
    }
    out->is_warning = severity[0] == 'w';
    return true;
}

void journal_part_pack(struct buf *out, const struct journal_part *part)
{
    pack(out, part->content_id);
    pack(out, part->content_type);
    pack(out, part->sha1);
    add_text(out, (struct str){ (const char *)&part->size, sizeof(part->size) });
    pack(out, part->is_kept ? "k" : "");
}

bool journal_part_next(struct arena *a, struct str *packed, struct journal_part *out)
{
    struct str size;
    const char *kept;

    if (!unpack(a, packed, &out->content_id) || !unpack(a, packed, &out->content_type) ||
        !unpack(a, packed, &out->sha1) || !take_text(packed, &size) || size.len != sizeof(out->size) ||
        !unpack(a, packed, &kept))
        return false;
    memcpy(&out->size, size.data, sizeof(out->size));
    out->is_kept = kept[0] == 'k';
    return true;
}

bool journal_line_next(struct str *lines, struct str *line)
{
    const char *end = lines->len == 0 ? NULL : memchr(lines->data, '\n', lines->len);

    if (end == NULL)
        return false;
    *line = (struct str){ lines->data, (size_t)(end - lines->data) };
    *lines = (struct str){ end + 1, lines->len - line->len - 1 };
    return true;
}
