#include "actor/daemon.h"
#include "repository/recipient.h"
#include "repository/store.h"
#include "wire/json.h"

#include <string.h>

static enum rc inbox_encode(struct service *s, struct arena *a, const struct community *c, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "community", c->key);
    TRY(store_inbox_write(a, s->db, c->key, &w, "submissions"));
    jw_end_object(&w);
    buf_add_char(out, '\n');
    return out->overflowed ? E_LIMIT : OK;
}

static void page_send(struct http_request *http, const struct buf *json)
{
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(json));

    http_reply(http, &(struct http_reply){
                         .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

void inbox_page(struct service *s, struct http_request *http)
{
    const char *name = http->head.path + strlen(INBOX_PATH);
    const struct community *c = name[0] == '/' ? world_find(s->daemon->world, name + 1) : NULL;
    struct buf *out = buf_new(http->arena, BUF_MAX_DEFAULT);

    if (c == NULL)
        http_reply_text(http, 404,
                        INBOX_PATH "/COMMUNITY shows what was sent to the Document Recipient of a community "
                                   "that lives here; `kakehashi communities` lists who does\n");
    else if (inbox_encode(s, http->arena, c, out) != OK)
        http_reply_text(http, 500, "the inbox cannot be read; the log says why\n");
    else
        page_send(http, out);
}
