/* Leaving a member out before parsing: one pass over the bytes, where only a string can hide a bracket. */
#include "wire/json.h"

#include "base/arena.h"

#include <string.h>

struct cursor {
    const char *at, *end;
};

static void skip(struct cursor *c, const char *these)
{
    while (c->at < c->end && *c->at != '\0' && strchr(these, *c->at) != NULL)
        c->at++;
}

/* From a quote to behind its partner. */
static struct str string_take(struct cursor *c)
{
    const char *start = ++c->at;

    while (c->at < c->end && *c->at != '"')
        c->at += *c->at == '\\' && c->end - c->at > 1 ? 2 : 1;
    struct str text = { start, (size_t)(c->at - start) };
    if (c->at < c->end)
        c->at++;
    return text;
}

/* To behind a value: its brackets closed, or the comma or bracket that ends a bare word. */
static void value_skip(struct cursor *c)
{
    int depth = 0;

    while (c->at < c->end) {
        char byte = *c->at;
        if (depth == 0 && (byte == ',' || byte == '}' || byte == ']'))
            return;
        if (byte == '"')
            string_take(c);
        else
            c->at++;
        depth += byte == '{' || byte == '[' ? 1 : byte == '}' || byte == ']' ? -1 : 0;
    }
}

static struct str cut(struct arena *a, struct str bytes, const char *from, const char *to)
{
    size_t head = (size_t)(from - bytes.data), tail = bytes.len - (size_t)(to - bytes.data);
    char *out = arena_alloc(a, head + 4 + tail + 1);

    memcpy(out, bytes.data, head);
    memcpy(out + head, "null", 4);
    memcpy(out + head + 4, to, tail);
    return (struct str){ out, head + 4 + tail };
}

struct str json_without(struct arena *a, struct str bytes, const char *member)
{
    struct cursor c = { bytes.data, bytes.data + bytes.len };

    skip(&c, " \t\r\n{");
    while (c.at < c.end && *c.at == '"') {
        struct str key = string_take(&c);
        skip(&c, " \t\r\n:");
        const char *value = c.at;
        value_skip(&c);
        if (str_is(key, member))
            return cut(a, bytes, value, c.at);
        skip(&c, " \t\r\n,");
    }
    return bytes;
}
