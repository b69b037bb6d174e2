#pragma once
/* Events of a mime_reader as one text: "[id|type|encoding:content]" for each part. */

#include "base/buf.h"
#include "wire/mime.h"

static enum rc record_begin(void *user, const struct mime_part *part)
{
    buf_printf(user, "[%s|%s|%d:", part->content_id == NULL ? "-" : part->content_id,
               part->content_type == NULL ? "-" : part->content_type, part->encoding);
    return OK;
}

static enum rc record_data(void *user, struct str bytes)
{
    if (bytes.len == 0)
        die("a mime reader handed out nothing");
    buf_add_str(user, bytes);
    return OK;
}

static enum rc record_end(void *user)
{
    buf_add_char(user, ']');
    return OK;
}

static const struct mime_events record_events = { record_begin, record_data, record_end };
