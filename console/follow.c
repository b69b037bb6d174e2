#include "console/follow.h"

#include "base/arena.h"
#include "base/clock.h"
#include "console/ask.h"
#include "console/journal_routes.h"
#include "console/render.h"

#define QUIET_NS ((uint64_t)15 * 1000000000) /* proxies and peers that left are noticed by a comment */

static void event_add(struct arena *a, struct entry *e, struct view *v, struct buf *out)
{
    struct json_writer w;

    buf_printf(out, "id: %s\nevent: record\ndata: ", entry_id(a, e));
    jw_init(&w, out, false);
    render_short(&w, NULL, v);
    buf_add_literal(out, "\n\n");
}

static void events_gather(struct ask *ask, struct arena *a, uint64_t after, struct buf *out)
{
    const struct index *ix = ask->console->index;

    for (size_t i = 0; i < index_count(ix); i++) {
        struct entry *e = index_at(ix, i);
        if (e->arrival <= after)
            continue;
        struct view v = view_of(a, e);
        if (filters_match(&ask->filters, &v))
            event_add(a, e, &v, out);
    }
}

static void send(struct ask *ask, struct buf *out)
{
    if (out->len == 0 && clock_ticks() - ask->begun > QUIET_NS)
        buf_add_literal(out, ": nothing new\n\n");
    if (out->len == 0)
        return;
    ask->begun = clock_ticks();
    if (!http_stream_send(ask->http, buf_str(out)))
        http_stream_end(ask->http);
}

void follow_more(struct ask *ask)
{
    const struct index *ix = ask->console->index;
    struct arena *a = arena_new();
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    index_refresh(ask->console->index);
    if (index_latest(ix) > ask->follows)
        events_gather(ask, a, ask->follows, out);
    ask->follows = index_latest(ix);
    send(ask, out);
    arena_free(a);
}

/* A client that comes back says where it was; one that asks for a time gets what has come since. */
static bool wants_past(struct ask *ask)
{
    const char *last = http_header(&ask->http->head, "last-event-id");
    struct entry *e = last != NULL ? index_find(ask->console->index, last) : NULL;

    if (e != NULL)
        ask->filters.since_us = e->time_us;
    return ask->filters.since_us != 0;
}

bool journal_follow(struct ask *ask)
{
    const struct http_header plain = { .name = "Cache-Control", .value = "no-store" };
    struct buf *past = buf_new(ask->arena, BUF_MAX_DEFAULT);

    ask->is_following = true;
    ask->follows = index_latest(ask->console->index);
    http_reply(ask->http, &(struct http_reply){
                              .status = 200, .content_type = "text/event-stream", .headers = &plain, .stream = true });
    buf_add_literal(past, ": following\n\n");
    if (wants_past(ask))
        events_gather(ask, ask->arena, 0, past);
    ask->begun = clock_ticks();
    if (!http_stream_send(ask->http, buf_str(past)))
        http_stream_end(ask->http);
    return true;
}
