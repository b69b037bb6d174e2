#include "wire/trace.h"

#include "base/ids.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

static void random_hex(char *out, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t bytes[16];

    ids_random(bytes);
    bytes[0] |= 1; /* all zeros is no id */
    for (size_t i = 0; i < digits; i++)
        out[i] = hex[i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15];
    out[digits] = '\0';
}

void trace_begin(struct trace *out)
{
    random_hex(out->id, TRACE_ID_LEN - 1);
    random_hex(out->span, TRACE_SPAN_LEN - 1);
    out->parent[0] = '\0';
}

void trace_child(const struct trace *of, struct trace *out)
{
    struct trace child = *of;

    memcpy(child.parent, of->span, sizeof(child.parent));
    random_hex(child.span, TRACE_SPAN_LEN - 1);
    *out = child;
}

/* n digits of lower-case hexadecimal that are not all zero, and then end. */
static bool is_id(const char *text, size_t n, char end)
{
    return strspn(text, "0123456789abcdef") == n && text[n] == end && strspn(text, "0") < n;
}

/* A version above 00 may add fields behind; ff is none (section 3.2.2.1). */
static bool is_traceparent(const char *text)
{
    size_t n = strlen(text);
    bool is_first = text_starts(text, "00-");

    if (n < TRACE_PARENT_LEN - 1 || (is_first && n != TRACE_PARENT_LEN - 1) || text_starts(text, "ff"))
        return false;
    return strspn(text, "0123456789abcdef") == 2 && text[2] == '-' && is_id(text + 3, 32, '-') &&
           is_id(text + 36, 16, '-') && strspn(text + 53, "0123456789abcdef") >= 2 &&
           (text[55] == '\0' || text[55] == '-');
}

void trace_continue(const char *traceparent, struct trace *out)
{
    trace_begin(out);
    if (traceparent == NULL || !is_traceparent(traceparent))
        return;
    memcpy(out->id, traceparent + 3, TRACE_ID_LEN - 1);
    memcpy(out->parent, traceparent + 36, TRACE_SPAN_LEN - 1);
    out->parent[TRACE_SPAN_LEN - 1] = '\0';
}

void trace_write(const struct trace *t, char out[TRACE_PARENT_LEN])
{
    snprintf(out, TRACE_PARENT_LEN, "00-%s-%s-01", t->id, t->span);
}
