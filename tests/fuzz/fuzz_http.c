/*
 * Request heads and chunked bodies from the wire. A taken head keeps its header's promises, and a body is the same
 * whether it arrives at once or byte by byte.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "net/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path)
{
    if (path[0] != '/')
        die("path %s", path);
    for (const char *p = path; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20)
            die("a control character in the path");
        if (text_starts(p, "/../") || strcmp(p, "/..") == 0)
            die("path %s climbs", path);
    }
}

static void check_head(const struct http_head *h)
{
    check_path(h->path);
    if (h->chunked && h->content_length != HTTP_LENGTH_NONE)
        die("two lengths");
    for (const struct http_header *f = h->headers; f != NULL; f = f->next) {
        if (f->name[0] == '\0' || strpbrk(f->name, " \t\r\n:") != NULL || strpbrk(f->value, "\r\n") != NULL)
            die("header %s", f->name);
        if (http_header(h, f->name) == NULL)
            die("header %s is not found", f->name);
    }
}

struct decoded {
    enum rc rc;
    bool done;
    size_t rest;
    struct buf *body;
};

static struct decoded decode(struct arena *a, struct str text, size_t slice)
{
    struct http_chunks chunks = { 0 };
    struct decoded d = { .body = buf_new(a, BUF_MAX_DEFAULT) };

    while (text.len > 0 && !d.done && d.rc == OK) {
        struct str in = { text.data, MIN(slice, text.len) }, piece;
        size_t offered = in.len;
        d.rc = http_chunks_feed(&chunks, &in, &piece, &d.done);
        if (d.rc == OK)
            buf_add_str(d.body, piece);
        text.data += offered - in.len;
        text.len -= offered - in.len;
    }
    d.rest = text.len;
    return d;
}

static void check_chunks(struct arena *a, struct str text)
{
    struct decoded whole = decode(a, text, text.len), dripped = decode(a, text, 1);

    if (whole.rc != dripped.rc || whole.done != dripped.done || whole.rest != dripped.rest ||
        whole.body->len != dripped.body->len ||
        (whole.body->len > 0 && memcmp(whole.body->data, dripped.body->data, whole.body->len) != 0))
        die("a chunked body depends on how it arrives");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str bytes = { (const char *)data, size };
    struct http_head head;
    int status = 0;
    const char *why = NULL;
    size_t end = http_head_end(bytes);

    struct str first = { bytes.data, end > 0 ? end : bytes.len };
    if (http_head_parse(a, first, &head, &status, &why) == OK)
        check_head(&head);
    else if (status < 400 || why == NULL)
        die("refused without a reason");
    check_chunks(a, (struct str){ bytes.data + first.len, bytes.len - first.len });
    check_chunks(a, bytes);
    arena_free(a);
    return 0;
}
