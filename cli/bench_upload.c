#include "cli/bench_upload.h"

#include "cli/bench.h"

#include "base/arena.h"
#include "base/ids.h"
#include "wire/mime.h"
#include "wire/soap.h"

#include <string.h>

#define ROOT       "root@kakehashi"
#define FILL       ((size_t)64 * 1024)
#define UUID_URN   (sizeof("urn:uuid:") - 1 + IDS_UUID_LEN - 1)
#define STATUS_URN "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"

/* ---- ids that differ each time ---- */

/* Every occurrence of the id gets the serial for its last digits. */
static void id_vary(char *text, const char *id, size_t len)
{
    for (char *at = text; (at = strstr(at, id)) != NULL; at += len)
        memcpy(at + len - LOAD_SERIAL_LEN, LOAD_SERIAL, LOAD_SERIAL_LEN);
}

static void object_vary(struct arena *a, char *text, const char *element)
{
    const char *at = strstr(text, element), *id = at != NULL ? strstr(at, "id=\"urn:uuid:") : NULL;

    if (id != NULL)
        id_vary(text, arena_strndup(a, id + strlen("id=\""), UUID_URN), UUID_URN);
}

/* The submission set's uniqueId is the one OID that is made of a UUID. */
static void set_vary(struct arena *a, char *text)
{
    const char *oid = strstr(text, "2.25.");

    if (oid == NULL)
        return;
    size_t len = strspn(oid, "0123456789.");
    id_vary(text, arena_strndup(a, oid, len), len);
}

static char *body_vary(struct arena *a, const struct buf *body)
{
    static const char *const elements[] = { "<rim:ExtrinsicObject", "<rim:RegistryPackage", "<rim:Association" };
    char *text = arena_strndup(a, body->data, body->len);

    for (size_t i = 0; i < ARRAY_LEN(elements); i++)
        object_vary(a, text, elements[i]);
    set_vary(a, text);
    return text;
}

/* ---- the package ---- */

static void message_write(const struct exchange *x, const char *url, const char *body, struct buf *out)
{
    struct soap_headers headers = {
        .action = x->row->action, .message_id = ids_urn(x->arena), .to = url, .reply_to = WSA_ANONYMOUS
    };

    soap_write_head(out, &headers);
    buf_add_text(out, body);
    soap_write_tail(out);
}

static void fill_make(struct arena *a, uint64_t size, struct load_spec *spec)
{
    char *fill = arena_alloc(a, FILL);

    for (size_t i = 0; i < FILL; i++)
        fill[i] = (char)((i * 2654435761u) >> 13);
    spec->fill = (struct str){ fill, FILL };
    spec->fill_length = size - LOAD_SERIAL_LEN;
}

/* The document begins with the serial, so that no two have the same octets. */
static void package_write(const struct exchange *x, const char *body, uint64_t size, struct load_spec *spec)
{
    struct buf *out = buf_new(x->arena, BUF_MAX_DEFAULT), *end = buf_new(x->arena, BUF_MAX_DEFAULT);
    char boundary[IDS_UUID_LEN];

    ids_uuid(boundary);
    mime_write_root(out, boundary, ROOT, x->row->action);
    message_write(x, spec->url, body, out);
    mime_write_part(out, boundary, x->parts->content_id, x->parts->content_type);
    buf_add_literal(out, LOAD_SERIAL);
    mime_write_end(end, boundary);
    spec->body = buf_str(out);
    spec->end = buf_str(end);
    spec->content_type = mime_mtom_type(x->arena, boundary, ROOT, x->row->action);
    fill_make(x->arena, size, spec);
}

enum rc bench_upload(const struct bench_client *c, const char *unique_id, uint64_t size, struct load_spec *spec)
{
    struct exchange x = bench_exchange(c, "ITI-41", "repository");

    vars_set(&x.params, "document", unique_id);
    vars_set(&x.params, "mime", "application/octet-stream");
    vars_set(&x.params, "content", "what is sent instead");
    x.body = buf_new(x.arena, BUF_MAX_DEFAULT);
    TRY(x.row->encode(&x));
    spec->url = client_url(x.client, x.to, x.actor, x.row->id);
    spec->identity = &c->identity;
    spec->stop = &bench_stop;
    spec->expect = STATUS_URN;
    package_write(&x, body_vary(x.arena, x.body), size, spec);
    return OK;
}

enum rc bench_registration(const struct bench_client *c, struct load_spec *spec)
{
    struct exchange x = bench_exchange(c, "ITI-42", "registry");
    struct buf *out = buf_new(x.arena, BUF_MAX_DEFAULT);

    vars_set(&x.params, "document", "2.999.392.9.43." LOAD_SERIAL);
    vars_set(&x.params, "content", "registered alone");
    x.body = buf_new(x.arena, BUF_MAX_DEFAULT);
    TRY(x.row->encode(&x));
    spec->url = client_url(x.client, x.to, x.actor, x.row->id);
    spec->identity = &c->identity;
    spec->stop = &bench_stop;
    spec->expect = STATUS_URN;
    message_write(&x, spec->url, body_vary(x.arena, x.body), out);
    spec->body = buf_str(out);
    spec->content_type = arena_printf(x.arena, SOAP_MEDIA_TYPE "; charset=UTF-8; action=\"%s\"", x.row->action);
    return OK;
}

enum rc bench_download(const struct bench_client *c, const char *unique_id, struct load_spec *spec)
{
    struct exchange x = bench_exchange(c, "ITI-43", "repository");

    vars_set(&x.params, "document", unique_id);
    x.body = buf_new(x.arena, BUF_MAX_DEFAULT);
    TRY(x.row->encode(&x));
    spec->url = client_url(x.client, x.to, x.actor, x.row->id);
    spec->identity = &c->identity;
    spec->stop = &bench_stop;
    spec->expect = NULL;
    spec->body = bench_exchange_bytes(&x, spec->url, &spec->content_type);
    return OK;
}
