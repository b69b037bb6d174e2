#pragma once
/* JSON (RFC 8259): reading through jansson (in json.c alone) into a tree in the arena, and writing to a buffer. */

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

#include <stdbool.h>

struct arena;

enum json_type { JSON_T_NULL, JSON_T_BOOL, JSON_T_NUMBER, JSON_T_TEXT, JSON_T_LIST, JSON_T_OBJECT };

struct json {
    enum json_type type;
    const char *key;           /* name within an object, else NULL */
    const char *text;          /* JSON_T_TEXT */
    double number;             /* JSON_T_NUMBER */
    bool truth;                /* JSON_T_BOOL */
    struct json *first, *next; /* members of lists and objects, in the file's order */
    size_t count;
};

/* E_SYNTAX with *why (may be NULL) a sentence in the arena with line and column. Duplicate keys are E_SYNTAX. */
MUST_CHECK enum rc json_parse(struct arena *a, struct str bytes, struct json **out, const char **why);

/*
 * The same bytes with null for the value of one member of the outermost object: what is large and not asked for need
 * not be parsed. Bytes that are no object come back as they are, and json_parse says what is wrong with them.
 */
struct str json_without(struct arena *a, struct str bytes, const char *member);

/* All take NULL: a missing thing in a missing thing is missing. */
const struct json *json_get(const struct json *object, const char *key);
const char *json_text(const struct json *object, const char *key); /* NULL when absent or not text */
double json_number(const struct json *object, const char *key, double otherwise);
bool json_bool(const struct json *object, const char *key, bool otherwise);

struct json_writer {
    struct buf *out;
    int depth;
    bool need_comma, pretty;
};

/* pretty: two-space indentation and a line per member. key is NULL inside lists and at the top. */
void jw_init(struct json_writer *w, struct buf *out, bool pretty);
void jw_object(struct json_writer *w, const char *key);
void jw_list(struct json_writer *w, const char *key);
void jw_end_object(struct json_writer *w);
void jw_end_list(struct json_writer *w);
void jw_text(struct json_writer *w, const char *key, const char *value); /* NULL value: null */
void jw_number(struct json_writer *w, const char *key, double value);
void jw_integer(struct json_writer *w, const char *key, long long value);
void jw_bool(struct json_writer *w, const char *key, bool value);

/* A tree as it was read, on one line; numbers as in jw_number. */
void json_write(struct buf *out, const struct json *j);
