#pragma once
/*
 * The codes an affinity domain takes, by attribute (docs/codes.md). Read once at start by actor/code_file.c, constant
 * afterwards. A display name is never judged (ITI TF-2: 3.42.4.1.3.3.3).
 */

#include "model/document.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum code_attribute {
    CODES_CLASS,
    CODES_TYPE,
    CODES_FORMAT,
    CODES_FACILITY_TYPE,
    CODES_PRACTICE_SETTING,
    CODES_CONFIDENTIALITY,
    CODES_EVENT,
    CODES_CONTENT_TYPE,
    CODES_FOLDER,
    CODES_ASSOCIATION,
    CODES_MIME_TYPE,
    CODES_COUNT
};

/* "classCode"; as files and texts to peers call it. */
const char *code_attribute_name(enum code_attribute attribute);

struct code_list {
    struct code *codes; /* sorted once code_set_settle has run; scheme is NULL for media types */
    size_t count;
    bool is_given; /* no list at all: any code goes */
};

struct code_set {
    const char *title;
    struct code_list lists[CODES_COUNT];
};

/* Sorts the lists, after which code_set_has may be asked. */
void code_set_settle(struct code_set *s);
/* NULL s: any code goes. scheme NULL for media types. */
bool code_set_has(const struct code_set *s, enum code_attribute attribute, const char *code, const char *scheme);
/* Some codes of the list, for a text that says what would do: "a^^1.2, b^^1.2, …". */
const char *code_set_examples(struct arena *a, const struct code_set *s, enum code_attribute attribute);
