/*
 * Keys at rest: records of one byte enum key and a NUL-terminated value, one behind the other. A patient's objects are
 * read by their index, and the few of them judged by this: cheaper, to write and to read, than rows of their own.
 */
#include "registry/store_keys.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stddef.h>
#include <string.h>

static void key_add(struct buf *out, enum key key, const char *value)
{
    if (value == NULL)
        return;
    buf_add_char(out, (char)key);
    buf_add(out, value, strlen(value) + 1);
}

/* ---- how a field is written ---- */

static void text_add(struct buf *out, enum key key, const void *field)
{
    key_add(out, key, *(const char *const *)field);
}

static void texts_add(struct buf *out, enum key key, const void *field)
{
    for (const struct text_list *v = *(struct text_list *const *)field; v != NULL; v = v->next)
        key_add(out, key, v->text);
}

static void codes_add(struct buf *out, enum key key, const void *field)
{
    for (const struct code *c = *(struct code *const *)field; c != NULL; c = c->next) {
        buf_add_char(out, (char)key);
        buf_add_text(out, c->code != NULL ? c->code : "");
        buf_add_literal(out, "^^");
        buf_add_text(out, c->scheme != NULL ? c->scheme : "");
        buf_add_char(out, '\0');
    }
}

static void authors_add(struct buf *out, enum key key, const void *field)
{
    for (const struct author *a = *(struct author *const *)field; a != NULL; a = a->next)
        key_add(out, key, a->person);
}

/* ---- which fields there are ---- */

struct key_row {
    enum key key;
    void (*add)(struct buf *out, enum key key, const void *field);
    size_t offset;
};

#define DOCUMENT(field) offsetof(struct document_entry, field)
static const struct key_row document_keys[] = {
    { KEY_CLASS_CODE, codes_add, DOCUMENT(class_code) },
    { KEY_TYPE_CODE, codes_add, DOCUMENT(type_code) },
    { KEY_FORMAT_CODE, codes_add, DOCUMENT(format_code) },
    { KEY_PRACTICE_SETTING_CODE, codes_add, DOCUMENT(practice_setting_code) },
    { KEY_FACILITY_TYPE_CODE, codes_add, DOCUMENT(healthcare_facility_type_code) },
    { KEY_CONFIDENTIALITY_CODE, codes_add, DOCUMENT(confidentiality_codes) },
    { KEY_EVENT_CODE, codes_add, DOCUMENT(event_codes) },
    { KEY_AUTHOR_PERSON, authors_add, DOCUMENT(authors) },
    { KEY_REFERENCE_ID, texts_add, DOCUMENT(reference_ids) },
    { KEY_CREATION_TIME, text_add, DOCUMENT(creation_time) },
    { KEY_SERVICE_START_TIME, text_add, DOCUMENT(service_start_time) },
    { KEY_SERVICE_STOP_TIME, text_add, DOCUMENT(service_stop_time) },
    { KEY_OBJECT_TYPE, text_add, DOCUMENT(object_type) },
    { KEY_AVAILABILITY, text_add, DOCUMENT(document_availability) },
    { KEY_REPOSITORY_ID, text_add, DOCUMENT(repository_unique_id) },
    { KEY_HASH, text_add, DOCUMENT(hash) },
    { KEY_SIZE, text_add, DOCUMENT(size) },
    { KEY_HOME, text_add, DOCUMENT(home_community_id) },
};

#define SET(field) offsetof(struct submission_set, field)
static const struct key_row set_keys[] = {
    { KEY_CONTENT_TYPE_CODE, codes_add, SET(content_type_code) },
    { KEY_AUTHOR_PERSON, authors_add, SET(authors) },
    { KEY_SUBMISSION_TIME, text_add, SET(submission_time) },
    { KEY_SOURCE_ID, text_add, SET(source_id) },
    { KEY_HOME, text_add, SET(home_community_id) },
};

#define FOLDER(field) offsetof(struct folder, field)
static const struct key_row folder_keys[] = {
    { KEY_FOLDER_CODE, codes_add, FOLDER(codes) },
    { KEY_LAST_UPDATE_TIME, text_add, FOLDER(last_update_time) },
    { KEY_HOME, text_add, FOLDER(home_community_id) },
};

static const struct key_row association_keys[] = {
    { KEY_HOME, text_add, offsetof(struct association, home_community_id) },
};

#define ROWS(rows)                                                                                                     \
    {                                                                                                                  \
        rows, ARRAY_LEN(rows)                                                                                          \
    }
static const struct {
    const struct key_row *rows;
    size_t count;
} kinds[] = {
    [OBJECT_DOCUMENT] = ROWS(document_keys),
    [OBJECT_SUBMISSION_SET] = ROWS(set_keys),
    [OBJECT_FOLDER] = ROWS(folder_keys),
    [OBJECT_ASSOCIATION] = ROWS(association_keys),
};

void keys_add(struct buf *out, enum object_kind kind, const void *object)
{
    for (size_t i = 0; i < kinds[kind].count; i++) {
        const struct key_row *row = &kinds[kind].rows[i];
        row->add(out, row->key, (const char *)object + row->offset);
    }
}

const char *keys_next(struct str keys, enum key key, const char *after)
{
    const char *end = keys.data + keys.len;
    const char *at = after == NULL ? keys.data : after + strlen(after) + 1;

    for (; at < end; at += strlen(at) + 1) { /* the byte in front of a value is never 0 */
        if (*at == (char)key)
            return at + 1;
    }
    return NULL;
}

bool keys_have(struct str keys, enum key key, const char *value)
{
    for (const char *v = NULL; (v = keys_next(keys, key, v)) != NULL;) {
        if (strcmp(v, value) == 0)
            return true;
    }
    return false;
}

const char *key_of_code(struct arena *a, const struct code *c)
{
    return arena_printf(a, "%s^^%s", c->code, c->scheme);
}
