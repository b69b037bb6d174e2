/* RFC 5424 records and RFC 5425 frames. */
#include "wire/syslog.h"

#include "base/arena.h"
#include "base/clock.h"

#include <limits.h>
#include <string.h>

#define LENGTH_DIGITS 10
#define LENGTH_MAX    ((uint64_t)64 << 20) /* beyond it a number is no length */

/* ---- frames ---- */

void syslog_frames_init(struct syslog_frames *f, size_t max)
{
    *f = (struct syslog_frames){ .max = max };
    buf_init(&f->record, max);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What does not fit is dropped, and the record says so when it is whole. */
static void keep(struct syslog_frames *f, struct str bytes)
{
    size_t room = f->max - f->record.len;

    buf_add(&f->record, bytes.data, MIN(bytes.len, room));
    if (bytes.len > room)
        f->fault = "the record is longer than what is taken here; only its beginning was kept";
}

static void keep_byte(struct syslog_frames *f, char c)
{
    keep(f, (struct str){ &c, 1 });
}

static bool whole(struct syslog_frames *f)
{
    f->is_over = true;
    f->state = SYSLOG_BEGIN;
    return true;
}

static void begin(struct syslog_frames *f)
{
    if (!f->is_over)
        return;
    buf_reset(&f->record);
    f->fault = NULL;
    f->is_over = false;
    if (f->resumes) {
        f->resumes = false;
        f->state = SYSLOG_RECORD;
        f->left = f->number - 1;
        keep_byte(f, '<');
    }
    f->number = 0;
    f->digits = 0;
    f->after_space = false;
}

static void become_noise(struct syslog_frames *f)
{
    f->state = SYSLOG_NOISE;
    f->after_space = false;
    f->fault = "these bytes stand where a length and a record should (RFC 5425 4.3: MSG-LEN SP SYSLOG-MSG)";
}

/* Line ends between records are forgiven: some senders put one behind each. */
static bool feed_begin(struct syslog_frames *f, struct str *in)
{
    char c = in->data[0];

    if (c == '\n' || c == '\r' || c == '\0') {
        *in = (struct str){ in->data + 1, in->len - 1 };
        return false;
    }
    if (c == '<') {
        f->state = SYSLOG_LINE;
        f->fault = "no length stands before the record (RFC 5425 4.3: MSG-LEN SP SYSLOG-MSG); it ends with its line";
    } else if (is_digit(c)) {
        f->state = SYSLOG_LENGTH;
    } else {
        become_noise(f);
    }
    return false;
}

static bool feed_length(struct syslog_frames *f, struct str *in)
{
    char c = in->data[0];

    if (is_digit(c) && f->digits < LENGTH_DIGITS) {
        f->number = f->number * 10 + (uint64_t)(c - '0');
        f->digits++;
    } else if (c == ' ' && f->number > 0 && f->number <= LENGTH_MAX) {
        f->state = SYSLOG_RECORD;
        f->left = f->number;
        if (f->record.data[0] == '0')
            f->fault = "the length before the record begins with 0 (RFC 5425 4.3.1)";
        buf_reset(&f->record);
        *in = (struct str){ in->data + 1, in->len - 1 };
        return false;
    } else {
        become_noise(f);
        return false;
    }
    keep_byte(f, c);
    *in = (struct str){ in->data + 1, in->len - 1 };
    return false;
}

static bool feed_record(struct syslog_frames *f, struct str *in)
{
    size_t n = (size_t)MIN(f->left, (uint64_t)in->len);

    keep(f, (struct str){ in->data, n });
    *in = (struct str){ in->data + n, in->len - n };
    f->left -= n;
    return f->left == 0 && whole(f);
}

static bool feed_line(struct syslog_frames *f, struct str *in)
{
    const char *end = memchr(in->data, '\n', in->len);
    size_t n = end != NULL ? (size_t)(end - in->data) : in->len;

    keep(f, (struct str){ in->data, n });
    n += end != NULL;
    *in = (struct str){ in->data + n, in->len - n };
    return end != NULL && whole(f);
}

/* "123 <" ends it: a length and the beginning of a record. */
static bool feed_noise(struct syslog_frames *f, struct str *in)
{
    while (in->len > 0) {
        char c = in->data[0];
        *in = (struct str){ in->data + 1, in->len - 1 };
        if (c == '<' && f->after_space && f->number > 0 && f->number <= LENGTH_MAX) {
            size_t length = (size_t)f->digits + 1;
            if (f->record.len < f->max && f->record.len >= length)
                f->record.len -= length;
            f->resumes = true;
            return whole(f);
        }
        if (is_digit(c) && !f->after_space) {
            f->number = f->digits >= LENGTH_DIGITS ? 0 : f->number * 10 + (uint64_t)(c - '0');
            f->digits++;
        } else if (c == ' ' && f->digits > 0 && !f->after_space) {
            f->after_space = true;
        } else {
            f->after_space = false;
            f->digits = is_digit(c);
            f->number = is_digit(c) ? (uint64_t)(c - '0') : 0;
        }
        keep_byte(f, c);
    }
    return false;
}

bool syslog_feed(struct syslog_frames *f, struct str *in)
{
    static bool (*const feeders[])(struct syslog_frames * f, struct str * in) = {
        [SYSLOG_BEGIN] = feed_begin, [SYSLOG_LENGTH] = feed_length, [SYSLOG_RECORD] = feed_record,
        [SYSLOG_LINE] = feed_line,   [SYSLOG_NOISE] = feed_noise,
    };

    begin(f);
    while (in->len > 0) {
        if (feeders[f->state](f, in))
            return true;
    }
    return false;
}

bool syslog_end(struct syslog_frames *f)
{
    begin(f);
    if (f->state == SYSLOG_BEGIN || (f->record.len == 0 && f->state != SYSLOG_RECORD))
        return false;
    if (f->state == SYSLOG_RECORD || f->state == SYSLOG_LENGTH)
        f->fault = "the connection ended within this record";
    return whole(f);
}

/* ---- reading a record ---- */

struct reader {
    struct arena *arena;
    struct str rest;
    const char *why;
};

static bool fail(struct reader *r, const char *why)
{
    r->why = why;
    return false;
}

static bool read_number(struct reader *r, int max, int *out)
{
    size_t n = 0;

    *out = 0;
    while (n < r->rest.len && n < 3 && is_digit(r->rest.data[n]))
        *out = *out * 10 + (r->rest.data[n++] - '0');
    r->rest = (struct str){ r->rest.data + n, r->rest.len - n };
    return n > 0 && *out <= max;
}

static bool take(struct reader *r, char c)
{
    if (r->rest.len == 0 || r->rest.data[0] != c)
        return false;
    r->rest = (struct str){ r->rest.data + 1, r->rest.len - 1 };
    return true;
}

/* RFC 5424 6.2.1, 6.2.2. */
static bool read_priority(struct reader *r, struct syslog *out)
{
    int priority, version;

    if (!take(r, '<') || !read_number(r, 191, &priority) || !take(r, '>'))
        return fail(r, "the record does not begin with a priority such as <85> (RFC 5424 6.2.1)");
    out->facility = priority / 8;
    out->severity = priority % 8;
    if (!read_number(r, 999, &version) || version != 1 || !take(r, ' '))
        return fail(r, "the version behind the priority is not 1 and a space (RFC 5424 6.2.2); records of RFC 3164 are "
                       "not taken");
    return true;
}

/* A word of printable ASCII up to a space; "-" is empty. */
static bool read_word(struct reader *r, const char *name, size_t max, struct str *out)
{
    size_t n = 0;

    while (n < r->rest.len && r->rest.data[n] > ' ' && r->rest.data[n] < 0x7f)
        n++;
    *out = (struct str){ r->rest.data, n };
    if (n == 0 || n > max || n == r->rest.len || r->rest.data[n] != ' ')
        return fail(r,
                    arena_printf(r->arena, "%s is not a word of 1 to %zu printable characters and a space (RFC 5424 6)",
                                 name, max));
    r->rest = (struct str){ r->rest.data + n + 1, r->rest.len - n - 1 };
    if (str_is(*out, "-"))
        *out = (struct str){ "", 0 };
    return true;
}

static bool read_time(struct reader *r, struct syslog *out)
{
    struct str word;

    out->time_ms = INT64_MIN;
    if (!read_word(r, "TIMESTAMP", 40, &word))
        return false;
    return word.len == 0 || clock_parse(word, &out->time_ms) == OK ||
           fail(r, "TIMESTAMP is not like 2026-04-01T09:00:00.000+09:00 (RFC 5424 6.2.3)");
}

/* One [id name="value" …]; quoted values may hold escaped quotes and brackets (RFC 5424 6.3.3). */
static size_t element_length(struct str s)
{
    bool quoted = false;

    for (size_t i = 1; i < s.len; i++) {
        if (quoted && s.data[i] == '\\')
            i++;
        else if (s.data[i] == '"')
            quoted = !quoted;
        else if (s.data[i] == ']' && !quoted)
            return i + 1;
    }
    return 0;
}

static bool read_data(struct reader *r, struct syslog *out)
{
    struct str at = r->rest;

    out->data = (struct str){ "", 0 };
    if (take(r, '-'))
        return true;
    while (r->rest.len > 0 && r->rest.data[0] == '[') {
        size_t n = element_length(r->rest);
        if (n == 0)
            return fail(r, "STRUCTURED-DATA has no end (RFC 5424 6.3)");
        r->rest = (struct str){ r->rest.data + n, r->rest.len - n };
    }
    out->data = (struct str){ at.data, at.len - r->rest.len };
    return out->data.len > 0 || fail(r, "STRUCTURED-DATA is neither - nor begins with [ (RFC 5424 6.3)");
}

static bool read_text(struct reader *r, struct syslog *out)
{
    if (r->rest.len > 0 && !take(r, ' '))
        return fail(r, "no space stands between STRUCTURED-DATA and the message (RFC 5424 6)");
    out->has_bom = r->rest.len >= 3 && memcmp(r->rest.data, "\xef\xbb\xbf", 3) == 0;
    if (out->has_bom)
        r->rest = (struct str){ r->rest.data + 3, r->rest.len - 3 };
    return true;
}

enum rc syslog_parse(struct arena *a, struct str bytes, struct syslog *out, const char **why)
{
    struct reader r = { a, bytes, NULL };

    *out = (struct syslog){ .time_ms = INT64_MIN };
    bool fits = read_priority(&r, out) && read_time(&r, out) && read_word(&r, "HOSTNAME", 255, &out->host) &&
                read_word(&r, "APP-NAME", 48, &out->app) && read_word(&r, "PROCID", 128, &out->process) &&
                read_word(&r, "MSGID", 32, &out->message_id) && read_data(&r, out) && read_text(&r, out);
    out->text = r.rest;
    *why = r.why;
    return fits ? OK : E_SYNTAX;
}

/* ---- writing ---- */

static void write_word(struct buf *out, struct str word)
{
    buf_add_char(out, ' ');
    if (word.len == 0)
        buf_add_char(out, '-');
    else
        buf_add_str(out, word);
}

void syslog_write_head(struct buf *out, const struct syslog *head)
{
    char time[CLOCK_ISO_MS_LEN] = "-";

    if (head->time_ms != INT64_MIN)
        clock_iso_ms(head->time_ms, time);
    buf_printf(out, "<%d>1 %s", head->facility * 8 + head->severity, time);
    write_word(out, head->host);
    write_word(out, head->app);
    write_word(out, head->process);
    write_word(out, head->message_id);
    write_word(out, head->data);
    buf_add_char(out, ' ');
}

void syslog_write_frame(struct buf *out, struct str head, struct str text)
{
    buf_printf(out, "%zu ", head.len + text.len);
    buf_add_str(out, head);
    buf_add_str(out, text);
}
