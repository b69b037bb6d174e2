#include "actor/package.h"

#include "actor/inbound.h"
#include "base/arena.h"
#include "base/buf.h"
#include "fault/outgoing.h"
#include "store/spool.h"
#include "wire/mime.h"
#include "wire/soap.h"

#define ROOT "root@kakehashi"

struct packing {
    struct arena *arena;
    const struct package_spec *spec;
    struct http_piece *pieces;
    size_t count;
};

static void add_bytes(struct packing *p, struct str bytes)
{
    if (bytes.len > 0)
        p->pieces[p->count++] = HTTP_PIECE_BYTES(bytes);
}

static void add_envelope(struct packing *p)
{
    for (size_t i = 0; i < p->spec->run_count; i++)
        add_bytes(p, p->spec->runs[i]);
}

static void add_part(struct packing *p, const struct part *part)
{
    struct buf *head = buf_new(p->arena, BUF_MAX_DEFAULT);

    mime_write_part(head, p->spec->boundary, part->content_id, part->content_type);
    add_bytes(p, buf_str(head));
    if (part->file != NULL || part->fd >= 0)
        p->pieces[p->count++] = (struct http_piece){ .fd = part->file != NULL ? spool_fd(part->file) : part->fd,
                                                     .length = part->size };
    else
        add_bytes(p, part->bytes);
}

static void add_package(struct packing *p)
{
    const struct package_spec *spec = p->spec;
    struct buf *first = buf_new(p->arena, BUF_MAX_DEFAULT), *last = buf_new(p->arena, BUF_MAX_DEFAULT);

    mime_write_root(first, spec->boundary, ROOT, spec->action);
    add_bytes(p, buf_str(first));
    add_envelope(p);
    for (const struct part *part = spec->parts; part != NULL; part = part->next)
        add_part(p, part);
    mime_write_end(last, spec->boundary);
    add_bytes(p, buf_str(last));
}

static const char *type_of(struct arena *a, const struct package_spec *spec)
{
    const struct outgoing *bad = spec->bad;

    if (bad != NULL && bad->content_type != NULL)
        return bad->content_type;
    if (spec->boundary == NULL && spec->action == NULL)
        return SOAP_MEDIA_TYPE "; charset=UTF-8";
    if (spec->boundary == NULL)
        return arena_printf(a, SOAP_MEDIA_TYPE "; charset=UTF-8; action=\"%s\"", spec->action);
    return mime_mtom_type(a, bad != NULL && bad->boundary != NULL ? bad->boundary : spec->boundary,
                          bad != NULL && bad->start != NULL ? bad->start : ROOT, spec->action);
}

struct package package_make(struct arena *a, const struct package_spec *spec)
{
    struct packing p = { .arena = a, .spec = spec };
    size_t parts = 0;

    for (const struct part *part = spec->parts; part != NULL; part = part->next)
        parts++;
    p.pieces = ARENA_ARRAY(a, struct http_piece, 2 + spec->run_count + 2 * parts);
    if (spec->boundary != NULL)
        add_package(&p);
    else
        add_envelope(&p);
    return (struct package){ type_of(a, spec), p.pieces, p.count };
}
