#include "console/ask.h"

#include "base/arena.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX ((size_t)1 << 30)

const char *ask_param(const struct ask *ask, const char *name)
{
    return query_pair(ask->params, name);
}

long long ask_number(const struct ask *ask, const char *name, long long otherwise)
{
    const char *value = ask_param(ask, name);

    return value != NULL ? strtoll(value, NULL, 10) : otherwise;
}

static void reply(struct ask *ask, int status, const char *type, struct str body, const struct http_header *headers)
{
    const struct http_piece piece = HTTP_PIECE_BYTES(body);

    ask->is_answered = true;
    http_reply(ask->http,
               &(struct http_reply){
                   .status = status, .content_type = type, .headers = headers, .pieces = &piece, .piece_count = 1 });
}

void ask_reply(struct ask *ask, int status, const char *type, struct str body)
{
    reply(ask, status, type, body, NULL);
}

void ask_reply_named(struct ask *ask, const char *type, const char *file_name, struct str body)
{
    const struct http_header header = {
        .name = "Content-Disposition",
        .value = arena_printf(ask->arena, "attachment; filename=\"%s\"", file_name),
    };

    reply(ask, 200, type, body, &header);
}

struct json_writer *ask_json(struct ask *ask)
{
    struct json_writer *w = ARENA_NEW(ask->arena, struct json_writer);

    jw_init(w, buf_new(ask->arena, ANSWER_MAX), true);
    return w;
}

void ask_json_reply(struct ask *ask, int status, struct json_writer *w)
{
    buf_add_char(w->out, '\n');
    ask_reply(ask, status, "application/json", buf_str(w->out));
}

void ask_done_reply(struct ask *ask, const char *did, const char *name)
{
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_text(w, did, name);
    jw_number(w, "tookMs", (double)((clock_ticks() - ask->begun) / 1000) / 1000);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
}

void ask_refuse(struct ask *ask, int status, const char *field, const char *const *allowed, const char *fmt, ...)
{
    struct json_writer *w = ask_json(ask);
    va_list ap;

    va_start(ap, fmt);
    const char *message = arena_vprintf(ask->arena, fmt, ap);
    va_end(ap);
    jw_object(w, NULL);
    jw_object(w, "error");
    jw_integer(w, "status", status);
    if (field != NULL)
        jw_text(w, "field", field);
    jw_text(w, "message", message);
    if (allowed != NULL) {
        jw_list(w, "allowed");
        for (; *allowed != NULL; allowed++)
            jw_text(w, NULL, *allowed);
        jw_end_list(w);
    }
    jw_end_object(w);
    jw_end_object(w);
    ask_json_reply(ask, status, w);
}
