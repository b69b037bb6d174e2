/*
 * Keys at rest: records of one byte enum key and a NUL-terminated value, one behind the other. A patient's objects are
 * read by their index, and the few of them judged by this: cheaper, to write and to read, than rows of their own.
 */
#include "registry/store_keys.h"

#include "base/arena.h"
#include "base/buf.h"

static void key_add(struct buf *out, enum key key, const char *value)
{
    if (value == NULL)
        return;
    buf_add_char(out, (char)key);
    buf_add(out, value, strlen(value) + 1);
}

static void codes_add(struct buf *out, enum key key, const struct code *c)
{
    for (; c != NULL; c = c->next) {
        buf_add_char(out, (char)key);
        buf_add_text(out, c->code != NULL ? c->code : "");
        buf_add_literal(out, "^^");
        buf_add_text(out, c->scheme != NULL ? c->scheme : "");
        buf_add_char(out, '\0');
    }
}

static void authors_add(struct buf *out, const struct author *a)
{
    for (; a != NULL; a = a->next)
        key_add(out, KEY_AUTHOR_PERSON, a->person);
}

void keys_of_document(struct buf *out, const struct document_entry *d)
{
    codes_add(out, KEY_CLASS_CODE, d->class_code);
    codes_add(out, KEY_TYPE_CODE, d->type_code);
    codes_add(out, KEY_FORMAT_CODE, d->format_code);
    codes_add(out, KEY_PRACTICE_SETTING_CODE, d->practice_setting_code);
    codes_add(out, KEY_FACILITY_TYPE_CODE, d->healthcare_facility_type_code);
    codes_add(out, KEY_CONFIDENTIALITY_CODE, d->confidentiality_codes);
    codes_add(out, KEY_EVENT_CODE, d->event_codes);
    authors_add(out, d->authors);
    for (const struct text_list *id = d->reference_ids; id != NULL; id = id->next)
        key_add(out, KEY_REFERENCE_ID, id->text);
    key_add(out, KEY_CREATION_TIME, d->creation_time);
    key_add(out, KEY_SERVICE_START_TIME, d->service_start_time);
    key_add(out, KEY_SERVICE_STOP_TIME, d->service_stop_time);
    key_add(out, KEY_OBJECT_TYPE, d->object_type);
    key_add(out, KEY_AVAILABILITY, d->document_availability);
    key_add(out, KEY_REPOSITORY_ID, d->repository_unique_id);
    key_add(out, KEY_HASH, d->hash);
    key_add(out, KEY_SIZE, d->size);
    key_add(out, KEY_HOME, d->home_community_id);
}

void keys_of_set(struct buf *out, const struct submission_set *s)
{
    codes_add(out, KEY_CONTENT_TYPE_CODE, s->content_type_code);
    authors_add(out, s->authors);
    key_add(out, KEY_SUBMISSION_TIME, s->submission_time);
    key_add(out, KEY_SOURCE_ID, s->source_id);
    key_add(out, KEY_HOME, s->home_community_id);
}

void keys_of_folder(struct buf *out, const struct folder *f)
{
    codes_add(out, KEY_FOLDER_CODE, f->codes);
    key_add(out, KEY_LAST_UPDATE_TIME, f->last_update_time);
    key_add(out, KEY_HOME, f->home_community_id);
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
