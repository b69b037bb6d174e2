#include "model/code_set.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#define EXAMPLES 3

static const char *const names[CODES_COUNT] = {
    [CODES_CLASS] = "classCode",
    [CODES_TYPE] = "typeCode",
    [CODES_FORMAT] = "formatCode",
    [CODES_FACILITY_TYPE] = "healthcareFacilityTypeCode",
    [CODES_PRACTICE_SETTING] = "practiceSettingCode",
    [CODES_CONFIDENTIALITY] = "confidentialityCode",
    [CODES_EVENT] = "eventCodeList",
    [CODES_CONTENT_TYPE] = "contentTypeCode",
    [CODES_FOLDER] = "codeList",
    [CODES_ASSOCIATION] = "associationDocumentation",
    [CODES_MIME_TYPE] = "mimeType",
};

const char *code_attribute_name(enum code_attribute attribute)
{
    return names[attribute];
}

static int by_code(const void *a, const void *b)
{
    const struct code *x = a, *y = b;
    int order = strcmp(x->code, y->code);

    if (order != 0)
        return order;
    return strcmp(x->scheme != NULL ? x->scheme : "", y->scheme != NULL ? y->scheme : "");
}

void code_set_settle(struct code_set *s)
{
    for (size_t i = 0; i < CODES_COUNT; i++) {
        if (s->lists[i].count > 0)
            qsort(s->lists[i].codes, s->lists[i].count, sizeof(struct code), by_code);
    }
}

bool code_set_has(const struct code_set *s, enum code_attribute attribute, const char *code, const char *scheme)
{
    struct code key = { .code = code, .scheme = scheme };

    if (s == NULL || !s->lists[attribute].is_given)
        return true;
    const struct code_list *list = &s->lists[attribute];
    return list->count > 0 && bsearch(&key, list->codes, list->count, sizeof(key), by_code) != NULL;
}

const char *code_set_examples(struct arena *a, const struct code_set *s, enum code_attribute attribute)
{
    const struct code_list *list = &s->lists[attribute];
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    for (size_t i = 0; i < list->count && i < EXAMPLES; i++) {
        buf_add_text(out, i > 0 ? ", " : "");
        buf_add_text(out, list->codes[i].code);
        if (list->codes[i].scheme != NULL)
            buf_printf(out, "^^%s", list->codes[i].scheme);
    }
    buf_add_text(out, list->count > EXAMPLES ? ", …" : "");
    return buf_text(out);
}
