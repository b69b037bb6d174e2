#include "wire/hl7v2_edit.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define NAME_LEN 3

/* "PID[2]-3" */
struct place {
    char name[NAME_LEN + 1];
    long ordinal; /* from 1 */
    long field;   /* 0: the segment */
};

static struct place place_parse(const char *text)
{
    struct place p = { .ordinal = 1 };
    const char *bracket = strchr(text, '['), *dash = strchr(text, '-');

    memcpy(p.name, text, strnlen(text, NAME_LEN));
    if (bracket != NULL)
        p.ordinal = strtol(bracket + 1, NULL, 10);
    if (dash != NULL)
        p.field = strtol(dash + 1, NULL, 10);
    return p;
}

/* Without its line end; data NULL when the message has none. */
static struct str segment_of(struct str text, const struct place *p)
{
    const char *end = text.data + text.len;
    long seen = 0;

    for (const char *at = text.data, *stop; at < end; at = stop + 1) {
        stop = memchr(at, '\r', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        if (stop - at >= NAME_LEN && memcmp(at, p->name, NAME_LEN) == 0 && ++seen == p->ordinal)
            return (struct str){ at, (size_t)(stop - at) };
    }
    return (struct str){ NULL, 0 };
}

/* Where a field stands in its segment. *missing: so many separators the segment is too short. MSH-1 is a separator. */
static struct str field_of(struct str segment, long field, long *missing)
{
    char separator = segment.len > NAME_LEN ? segment.data[NAME_LEN] : '|';
    const char *at = segment.data, *end = segment.data + segment.len;

    if (memcmp(segment.data, "MSH", NAME_LEN) == 0)
        field--;
    for (; field > 0; field--) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        if (next == NULL)
            break;
        at = next + 1;
    }
    *missing = field;
    if (field > 0)
        return (struct str){ end, 0 };
    const char *stop = memchr(at, separator, (size_t)(end - at));
    return (struct str){ at, (size_t)((stop != NULL ? stop : end) - at) };
}

/* text with what stands at span replaced. */
static struct str replaced(struct arena *a, struct str text, struct str span, const char *value)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    const char *behind = span.data + span.len;

    buf_add(out, text.data, (size_t)(span.data - text.data));
    buf_add_text(out, value);
    buf_add(out, behind, text.len - (size_t)(behind - text.data));
    return buf_str(out);
}

static struct str field_set(struct arena *a, struct str text, struct str segment, long field, const char *value)
{
    long missing;
    struct str span = field_of(segment, field, &missing);
    struct buf *padded = buf_new(a, BUF_MAX_DEFAULT);

    for (; missing > 0; missing--)
        buf_add_char(padded, segment.len > NAME_LEN ? segment.data[NAME_LEN] : '|');
    buf_add_text(padded, value);
    return replaced(a, text, span, buf_text(padded));
}

static struct str segment_edit(struct arena *a, struct str text, struct str segment, const struct hl7v2_edit *edit)
{
    const char *end = text.data + text.len, *behind = segment.data + segment.len;

    behind += behind < end; /* its line end */
    if (edit->kind == HL7V2_REMOVE)
        return replaced(a, text, (struct str){ segment.data, (size_t)(behind - segment.data) }, "");
    if (edit->kind == HL7V2_RENAME)
        return replaced(a, text, (struct str){ segment.data, NAME_LEN }, edit->value);
    return replaced(a, text, (struct str){ behind, 0 }, arena_printf(a, "%s\r", edit->value));
}

enum rc hl7v2_edit(struct arena *a, struct str text, const struct hl7v2_edit *edits, size_t count, struct str *out,
                   const char **why)
{
    for (size_t i = 0; i < count && edits[i].kind != HL7V2_EDIT_NONE; i++) {
        struct place place = place_parse(edits[i].place);
        struct str segment = segment_of(text, &place);
        if (segment.data == NULL) {
            *why = arena_printf(a, "the message has no %s", edits[i].place);
            return E_NOT_FOUND;
        }
        text = edits[i].kind == HL7V2_SET ? field_set(a, text, segment, place.field, edits[i].value)
                                          : segment_edit(a, text, segment, &edits[i]);
    }
    *out = text;
    return OK;
}
