/* Any bytes as JSON: no crash; what was read is the same after being written and read again. */
#include "base/arena.h"
#include "wire/json.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void value_write(struct json_writer *w, const struct json *value)
{
    switch (value->type) {
    case JSON_T_NULL:
        jw_text(w, value->key, NULL);
        return;
    case JSON_T_BOOL:
        jw_bool(w, value->key, value->truth);
        return;
    case JSON_T_NUMBER:
        jw_number(w, value->key, value->number);
        return;
    case JSON_T_TEXT:
        jw_text(w, value->key, value->text);
        return;
    case JSON_T_LIST:
        jw_list(w, value->key);
        break;
    case JSON_T_OBJECT:
        jw_object(w, value->key);
        break;
    }
    for (const struct json *member = value->first; member != NULL; member = member->next)
        value_write(w, member);
    value->type == JSON_T_LIST ? jw_end_list(w) : jw_end_object(w);
}

static const char *written(struct arena *a, const struct json *value, bool pretty)
{
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, b, pretty);
    value_write(&w, value);
    return buf_text(b);
}

static void value_must_read_back(struct arena *a, const struct json *value, bool pretty)
{
    const char *first = written(a, value, pretty);
    struct json *again;

    if (json_parse(a, str_from(first), &again, NULL) != OK)
        die("what was written does not read back: %s", first);
    if (!text_equal(first, written(a, again, pretty)))
        die("it reads back as something else: %s", first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct json *value;
    const char *why;

    if (json_parse(a, (struct str){ (const char *)data, size }, &value, &why) == OK) {
        value_must_read_back(a, value, false);
        value_must_read_back(a, value, true);
    }
    arena_free(a);
    return 0;
}
