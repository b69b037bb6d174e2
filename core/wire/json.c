/* Reading JSON: jansson's tree becomes ours, in the arena. */
#include "wire/json.h"

#include "base/arena.h"

#include <jansson.h>
#include <string.h>

#define DEPTH_MAX 64

static bool value_copy(struct arena *a, json_t *from, const char *key, int depth, struct json *to);

static bool member_copy(struct arena *a, json_t *from, const char *key, int depth, struct json *parent,
                        struct json **last)
{
    struct json *member = ARENA_NEW(a, struct json);

    if (*last == NULL)
        parent->first = member;
    else
        (*last)->next = member;
    *last = member;
    parent->count++;
    return value_copy(a, from, arena_strdup(a, key), depth + 1, member);
}

static bool list_copy(struct arena *a, json_t *from, int depth, struct json *to)
{
    struct json *last = NULL;
    json_t *value;
    size_t i;

    json_array_foreach(from, i, value) if (!member_copy(a, value, NULL, depth, to, &last)) return false;
    return true;
}

static bool object_copy(struct arena *a, json_t *from, int depth, struct json *to)
{
    struct json *last = NULL;
    const char *key;
    json_t *value;

    json_object_foreach(from, key, value) if (!member_copy(a, value, key, depth, to, &last)) return false;
    return true;
}

/* False when it is nested too deeply. */
static bool value_copy(struct arena *a, json_t *from, const char *key, int depth, struct json *to)
{
    to->key = key;
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        to->type = JSON_T_OBJECT;
        return depth < DEPTH_MAX && object_copy(a, from, depth, to);
    case JSON_ARRAY:
        to->type = JSON_T_LIST;
        return depth < DEPTH_MAX && list_copy(a, from, depth, to);
    case JSON_STRING:
        to->type = JSON_T_TEXT;
        to->text = arena_strndup(a, json_string_value(from), json_string_length(from));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        to->type = JSON_T_NUMBER;
        to->number = json_number_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = JSON_T_BOOL;
        to->truth = json_is_true(from);
        break;
    case JSON_NULL:
        to->type = JSON_T_NULL;
        break;
    }
    return true;
}

/* DECODE_INT_AS_REAL: a number too large for an integer is still a number. */
#define FLAGS (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL)

enum rc json_parse(struct arena *a, struct str bytes, struct json **out, const char **why)
{
    json_error_t error;
    json_t *tree = json_loadb(bytes.data, bytes.len, FLAGS, &error);

    if (tree == NULL) {
        if (why != NULL)
            *why = arena_printf(a, "%s (line %d, column %d)", error.text, error.line, error.column);
        return E_SYNTAX;
    }
    struct json *top = ARENA_NEW(a, struct json);
    bool fits = value_copy(a, tree, NULL, 0, top);
    json_decref(tree);
    if (!fits) {
        if (why != NULL)
            *why = arena_printf(a, "lists and objects nested more than %d deep (line 1, column 1)", DEPTH_MAX);
        return E_SYNTAX;
    }
    *out = top;
    return OK;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (object == NULL || object->type != JSON_T_OBJECT)
        return NULL;
    for (const struct json *member = object->first; member != NULL; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member;
    return NULL;
}

static const struct json *get_typed(const struct json *object, const char *key, enum json_type type)
{
    const struct json *member = json_get(object, key);

    return member != NULL && member->type == type ? member : NULL;
}

const char *json_text(const struct json *object, const char *key)
{
    const struct json *member = get_typed(object, key, JSON_T_TEXT);

    return member == NULL ? NULL : member->text;
}

double json_number(const struct json *object, const char *key, double otherwise)
{
    const struct json *member = get_typed(object, key, JSON_T_NUMBER);

    return member == NULL ? otherwise : member->number;
}

bool json_bool(const struct json *object, const char *key, bool otherwise)
{
    const struct json *member = get_typed(object, key, JSON_T_BOOL);

    return member == NULL ? otherwise : member->truth;
}
