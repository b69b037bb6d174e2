#include "cli/control.h"

#include "cli/supervisor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/json.h"

#include <string.h>
#include <unistd.h>

/* A page is made when its request's head is there; the bytes live in the request's arena. */
struct page {
    int status;
    const char *type;
    struct str body;
};

#define TEXT_PLAIN "text/plain; charset=utf-8"
#define JSON       "application/json"

static struct page healthz(const struct control *control UNUSED, struct arena *a UNUSED)
{
    return (struct page){ 200, TEXT_PLAIN, STR("ok\n") };
}

static struct page readyz(const struct control *control, struct arena *a UNUSED)
{
    if (supervisor_is_ready(control->supervisor))
        return (struct page){ 200, TEXT_PLAIN, STR("ready\n") };
    return (struct page){ 503, TEXT_PLAIN, STR("not every daemon answers; /status tells which\n") };
}

static struct page endpoints(const struct control *control, struct arena *a UNUSED)
{
    return (struct page){ 200, JSON, control->endpoints };
}

static struct page status(const struct control *control, struct arena *a)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "version", KK_VERSION);
    jw_text(&w, "data", control->data);
    jw_integer(&w, "pid", getpid());
    jw_bool(&w, "ready", supervisor_is_ready(control->supervisor));
    supervisor_status(control->supervisor, &w, "daemons");
    jw_end_object(&w);
    buf_add_char(out, '\n');
    return (struct page){ 200, JSON, buf_str(out) };
}

static const struct {
    const char *path;
    struct page (*make)(const struct control *control, struct arena *a);
} pages[] = {
    { "/healthz", healthz },
    { "/readyz", readyz },
    { "/endpoints", endpoints },
    { "/status", status },
};

static struct page page_make(const struct control *control, struct http_request *r)
{
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].path, r->head.path) == 0)
            return pages[i].make(control, r->arena);
    }
    return (struct page){ 404, TEXT_PLAIN, STR("there are /healthz, /readyz, /endpoints and /status\n") };
}

static int on_head(struct http_request *r, const char **why)
{
    if (strcmp(r->head.method, "GET") == 0)
        return 0;
    *why = "only GET here";
    return 405;
}

static enum rc on_body(struct http_request *r UNUSED, struct str bytes UNUSED)
{
    return OK;
}

static void on_end(struct http_request *r)
{
    const struct control *control = r->user;
    struct page page = page_make(control, r);
    const struct http_piece piece = HTTP_PIECE_BYTES(page.body);

    http_reply(r, &(struct http_reply){
                      .status = page.status, .content_type = page.type, .pieces = &piece, .piece_count = 1 });
}

static void on_gone(struct http_request *r UNUSED, bool sent UNUSED)
{
}

enum rc control_start(struct control *control, struct loop *loop, int port, struct http_server **out)
{
    struct http_service *service = ARENA_NEW(control->arena, struct http_service);

    *service = (struct http_service){
        .on_head = on_head, .on_body = on_body, .on_end = on_end, .on_gone = on_gone, .user = control
    };
    return http_server_new(loop, &(struct http_server_config){ .bind = "127.0.0.1", .port = port, .service = service },
                           out);
}
