/* Writing MTOM messages (XOP 1.0: 5; ITI TF-2: Appendix V.8): everything quoted, the root first. */
#include "wire/mime.h"

#include "base/arena.h"

/* Texts of peers reach these headers: a control character would let them write headers of their own. */
static void clean_add(struct buf *out, const char *text, const char *escaped)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            continue;
        if (strchr(escaped, *text) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

static void param_add(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(out, "; %s=\"", name);
    clean_add(out, value, "\"\\");
    buf_add_char(out, '"');
}

const char *mime_mtom_type(struct arena *a, const char *boundary, const char *root_id, const char *action)
{
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);

    buf_add_literal(b, "multipart/related; type=\"application/xop+xml\"");
    param_add(b, "start", arena_printf(a, "<%s>", root_id));
    param_add(b, "start-info", "application/soap+xml");
    param_add(b, "boundary", boundary);
    param_add(b, "action", action);
    return buf_text(b);
}

static void content_id_write(struct buf *out, const char *content_id)
{
    buf_add_literal(out, "Content-Transfer-Encoding: binary\r\nContent-ID: <");
    clean_add(out, content_id, "");
    buf_add_literal(out, ">\r\n\r\n");
}

void mime_write_root(struct buf *out, const char *boundary, const char *root_id, const char *action)
{
    buf_printf(out, "--%s\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"",
               boundary);
    param_add(out, "action", action);
    buf_add_literal(out, "\r\n");
    content_id_write(out, root_id);
}

void mime_write_part(struct buf *out, const char *boundary, const char *content_id, const char *content_type)
{
    buf_printf(out, "\r\n--%s\r\nContent-Type: ", boundary);
    clean_add(out, content_type, "");
    buf_add_literal(out, "\r\n");
    content_id_write(out, content_id);
}

void mime_write_end(struct buf *out, const char *boundary)
{
    buf_printf(out, "\r\n--%s--\r\n", boundary);
}
