#include "wire/query_string.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

static const char *decoded(struct arena *a, const char *text, size_t n)
{
    char *out = arena_alloc(a, n + 1), *to = out;

    for (size_t i = 0; i < n; i++) {
        int high = i + 2 < n && text[i] == '%' ? hex(text[i + 1]) : -1;
        int low = high >= 0 ? hex(text[i + 2]) : -1;
        unsigned char c = (unsigned char)(text[i] == '+' ? ' ' : text[i]);
        if (low >= 0) {
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        *to++ = c < ' ' || c == 0x7f ? '?' : (char)c;
    }
    return out;
}

struct query_pair *query_string_parse(struct arena *a, const char *query)
{
    struct query_pair *first = NULL, **end = &first;

    while (query != NULL && *query != '\0') {
        size_t n = strcspn(query, "&"), name = strcspn(query, "=&");
        if (n > 0) {
            *end = ARENA_NEW(a, struct query_pair);
            (*end)->name = decoded(a, query, name);
            (*end)->value = name < n ? decoded(a, query + name + 1, n - name - 1) : "";
            end = &(*end)->next;
        }
        query += n + (query[n] == '&');
    }
    return first;
}

const char *query_pair(const struct query_pair *pairs, const char *name)
{
    for (; pairs != NULL; pairs = pairs->next) {
        if (strcmp(pairs->name, name) == 0)
            return pairs->value;
    }
    return NULL;
}

void query_string_encode(struct buf *out, const char *text, size_t n)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

    for (size_t i = 0; i < n; i++) {
        if (text[i] != '\0' && strchr(unreserved, text[i]) != NULL)
            buf_add_char(out, text[i]);
        else
            buf_printf(out, "%%%02X", (unsigned char)text[i]);
    }
}

void query_string_add(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_add_char(out, memchr(buf_text(out), '?', out->len) == NULL ? '?' : '&');
    query_string_encode(out, name, strlen(name));
    buf_add_char(out, '=');
    query_string_encode(out, value, strlen(value));
}
