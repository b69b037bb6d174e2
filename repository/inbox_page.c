#include "actor/daemon.h"
#include "repository/recipient.h"
#include "repository/store.h"
#include "base/digest.h"
#include "store/spool.h"
#include "store/vault.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENT_MAX ((uint64_t)64 << 20)

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

static void page_send(struct http_request *http, const char *type, struct str body)
{
    const struct http_piece piece = HTTP_PIECE_BYTES(body);

    http_reply(http, &(struct http_reply){ .status = 200, .content_type = type, .pieces = &piece, .piece_count = 1 });
}

static void list_send(struct service *s, struct http_request *http, const struct community *c)
{
    struct buf *out = buf_new(http->arena, BUF_MAX_DEFAULT);

    if (inbox_encode(s, http->arena, c, out) == OK)
        page_send(http, "application/json", buf_str(out));
    else
        http_reply_text(http, 500, "the inbox cannot be read; the log says why\n");
}

/* ---- one document ---- */

/* A file's bytes, whole: who looks into an inbox waits for them here. */
static enum rc blob_read(struct service *s, struct arena *a, const struct stored_document *d, struct str *out)
{
    char actual[SHA256_HEX_LEN], *bytes;
    ssize_t n;
    int fd;

    if (d->size > DOCUMENT_MAX)
        return E_LIMIT;
    enum rc rc = vault_open(spool_vault(s->daemon->spool), d->sha256, d->size, &fd);
    if (rc != OK && rc != LATER)
        return rc;
    bytes = arena_alloc(a, d->size + 1);
    n = pread(fd, bytes, d->size, 0);
    close(fd);
    *out = (struct str){ bytes, n > 0 ? (size_t)n : 0 };
    sha256_hex(*out, actual);
    return strcmp(actual, d->sha256) == 0 ? OK : E_IO;
}

static enum rc document_read(struct service *s, struct arena *a, const struct stored_document *d, struct str *out)
{
    enum rc rc = store_octets_find(a, s->db, d->sha256, out);

    return rc == E_NOT_FOUND ? blob_read(s, a, d, out) : rc;
}

static void document_send(struct service *s, struct http_request *http, const struct community *c, const char *number,
                          const char *k)
{
    struct stored_document d;
    struct str bytes;
    enum rc rc = store_inbox_find(http->arena, s->db, c->key, strtoll(number, NULL, 10), strtoll(k, NULL, 10), &d);

    if (rc == OK)
        rc = document_read(s, http->arena, &d, &bytes);
    if (rc == OK) /* never as a type that a browser would run */
        page_send(http, "application/octet-stream", bytes);
    else if (rc == E_NOT_FOUND)
        http_reply_text(http, 404, "the inbox has no such document\n");
    else if (rc == E_LIMIT)
        http_reply_text(http, 413, "the document is larger than what is shown here, 64 MiB\n");
    else
        http_reply_text(http, 500, "the document is damaged or cannot be read; the log says why\n");
}

void inbox_page(struct service *s, struct http_request *http)
{
    char *rest = arena_strdup(http->arena, http->head.path + strlen(INBOX_PATH));
    const char *key = (strsep(&rest, "/"), strsep(&rest, "/")), *number = strsep(&rest, "/");
    const struct community *c = key != NULL ? world_find(s->daemon->world, key) : NULL;

    if (c == NULL)
        http_reply_text(http, 404,
                        INBOX_PATH "/COMMUNITY shows what was sent to the Document Recipient of a community "
                                   "that lives here; `kakehashi communities` lists who does\n");
    else if (rest == NULL)
        list_send(s, http, c);
    else
        document_send(s, http, c, number, rest);
}
