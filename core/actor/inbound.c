#include "actor/inbound.h"

#include "base/arena.h"
#include "wire/mime.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPILL_BYTES ((size_t)64 * 1024)

/*
 * The spool's callbacks come from disk threads and are posted to the loop; meanwhile the inbound and its arena may go.
 * The relay outlives both: it is freed by whoever is last, always on the loop.
 */
struct relay {
    struct loop *loop;
    struct inbound *in; /* NULL once cancelled */
    atomic_int posted;
};

struct inbound {
    struct arena *arena;
    struct inbound_spec spec;
    struct relay *relay;
    struct mime_reader *mime; /* NULL for simple SOAP */
    const char *start;        /* Content-ID of the root; NULL: the first part */
    struct buf root;
    bool has_root, in_root;
    size_t in_memory; /* bytes of all parts held in memory */
    struct part *parts, **parts_end, *part;
    struct buf gathering; /* the part that is arriving, until it spills */
    int files_pending;
    enum rc files_rc;
    void (*done)(void *user, enum rc rc);
    void *done_user;
    struct soap_fault fault;
    int status;
};

static enum rc refuse(struct inbound *in, int status, enum soap_flaw flaw, const char *reason)
{
    in->status = status;
    in->fault = (struct soap_fault){ .code = SOAP_SENDER, .flaw = flaw, .reason = reason };
    return E_REFUSED;
}

/* ---- from the disk threads to the loop ---- */

struct posted {
    struct relay *relay;
    enum rc rc;
    bool is_finish;
};

static void relay_free_if_last(struct relay *r)
{
    if (r->in == NULL && atomic_load(&r->posted) == 0)
        free(r);
}

static void end_if_complete(struct inbound *in)
{
    void (*done)(void *, enum rc) = in->done;

    if (done == NULL || in->files_pending > 0)
        return;
    in->done = NULL;
    done(in->done_user, in->files_rc);
}

static void on_loop(void *arg)
{
    struct posted p = *(struct posted *)arg;
    struct inbound *in = p.relay->in;

    free(arg);
    atomic_fetch_sub(&p.relay->posted, 1);
    if (in == NULL) {
        relay_free_if_last(p.relay);
    } else if (p.is_finish) {
        in->files_pending--;
        if (p.rc != OK)
            in->files_rc = p.rc;
        end_if_complete(in);
    } else if (in->spec.resume != NULL) {
        in->spec.resume(in->spec.user);
    }
}

static void post(struct relay *r, bool is_finish, enum rc rc)
{
    struct posted *p = malloc(sizeof(*p));

    if (p == NULL)
        die("out of memory (inbound)");
    *p = (struct posted){ .relay = r, .rc = rc, .is_finish = is_finish };
    atomic_fetch_add(&r->posted, 1);
    loop_post(r->loop, on_loop, p);
}

static void on_drained(void *relay)
{
    post(relay, false, OK);
}

static void on_finished(void *relay, enum rc rc)
{
    post(relay, true, rc);
}

/* ---- parts ---- */

static bool is_root(const struct inbound *in, const struct mime_part *part)
{
    if (in->has_root)
        return false;
    if (in->start == NULL)
        return in->parts == NULL;
    return part->content_id != NULL && strcmp(part->content_id, in->start) == 0;
}

static enum rc part_begin(void *user, const struct mime_part *mime)
{
    struct inbound *in = user;

    if (is_root(in, mime)) {
        in->has_root = in->in_root = true;
        return OK;
    }
    struct part *part = ARENA_NEW(in->arena, struct part);
    part->content_id = arena_strdup(in->arena, mime->content_id);
    part->content_type = arena_strdup(in->arena, mime->content_type);
    part->fd = -1;
    *in->parts_end = part;
    in->parts_end = &part->next;
    in->part = part;
    buf_reset(&in->gathering);
    return OK;
}

static enum rc root_add(struct inbound *in, struct str bytes)
{
    buf_add_str(&in->root, bytes);
    if (in->root.overflowed)
        return refuse(in, 413, SOAP_FLAW_NONE,
                      arena_printf(in->arena, "the message's XML is larger than %zu bytes", in->spec.max_message));
    return OK;
}

static void part_spill(struct inbound *in)
{
    in->part->file = spool_create(in->spec.spool, on_drained, in->relay);
    spool_add(in->part->file, buf_str(&in->gathering));
}

static enum rc part_data(void *user, struct str bytes)
{
    struct inbound *in = user;
    struct part *part = in->part;

    if (in->in_root)
        return root_add(in, bytes);
    part->size += bytes.len;
    if (part->file != NULL) {
        spool_add(part->file, bytes);
        return OK;
    }
    buf_add_str(&in->gathering, bytes);
    if (in->spec.spool != NULL && in->gathering.len > SPILL_BYTES)
        part_spill(in);
    else if (in->gathering.overflowed || in->in_memory + in->gathering.len > in->spec.max_message)
        return refuse(in, 413, SOAP_FLAW_NONE, "the attachments are larger than this endpoint takes");
    return OK;
}

static enum rc part_end(void *user)
{
    struct inbound *in = user;
    struct part *part = in->part;

    in->part = NULL;
    if (in->in_root) {
        in->in_root = false;
        return OK;
    }
    if (part->file != NULL) {
        in->files_pending++;
        spool_finish(part->file, in->spec.durable, on_finished, in->relay);
        return OK;
    }
    char *sha1 = arena_alloc(in->arena, SHA1_HEX_LEN);
    part->bytes.data = arena_memdup(in->arena, in->gathering.data, in->gathering.len);
    part->bytes.len = in->gathering.len;
    in->in_memory += part->bytes.len;
    sha1_hex(part->bytes, sha1);
    part->sha1 = sha1;
    return OK;
}

static const struct mime_events part_events = { part_begin, part_data, part_end };

/* ---- making ---- */

static void inbound_clear(void *arg)
{
    struct inbound *in = arg;

    inbound_cancel(in);
    buf_clear(&in->root);
    buf_clear(&in->gathering);
}

static enum rc inbound_start_mtom(struct inbound *in, const struct mime_type *type)
{
    const char *boundary = mime_param(type, "boundary"), *inner = mime_param(type, "type");

    if (boundary == NULL)
        return refuse(in, 400, SOAP_FLAW_BOUNDARY,
                      "Content-Type multipart/related has no boundary parameter (RFC 2387)");
    if (inner != NULL && strcasecmp(inner, "application/xop+xml") != 0)
        return refuse(in, 415, SOAP_FLAW_TYPE,
                      arena_printf(in->arena, "multipart/related of type \"%s\"; MTOM has application/xop+xml", inner));
    const char *start = mime_param(type, "start");
    if (start != NULL) {
        struct str id = str_trim(str_from(start));
        if (id.len > 1 && id.data[0] == '<' && id.data[id.len - 1] == '>')
            id = (struct str){ id.data + 1, id.len - 2 };
        in->start = str_dup(in->arena, id);
    }
    if (mime_reader_new(in->arena, boundary, NULL, &part_events, in, &in->mime) != OK)
        return refuse(in, 400, SOAP_FLAW_BOUNDARY,
                      "the boundary parameter is no MIME boundary (RFC 2046: 1 to 70 characters)");
    return OK;
}

static enum rc inbound_start(struct inbound *in)
{
    struct mime_type type;

    if (in->spec.content_type == NULL || mime_type_parse(in->arena, str_from(in->spec.content_type), &type) != OK)
        return refuse(in, 415, SOAP_FLAW_MEDIA_TYPE,
                      "Content-Type is missing or no media type; expected application/soap+xml or MTOM's "
                      "multipart/related");
    if (strcmp(type.type, "multipart/related") == 0)
        return inbound_start_mtom(in, &type);
    if (strcmp(type.type, "application/soap+xml") == 0 || strcmp(type.type, "text/xml") == 0 ||
        strcmp(type.type, "application/xml") == 0)
        return OK;
    return refuse(in, 415, SOAP_FLAW_MEDIA_TYPE,
                  arena_printf(in->arena, "Content-Type \"%.80s\"; expected application/soap+xml or multipart/related",
                               type.type));
}

enum rc inbound_new(struct arena *a, const struct inbound_spec *spec, struct inbound **out, struct soap_fault *fault,
                    int *status)
{
    struct inbound *in = ARENA_NEW(a, struct inbound);

    in->arena = a;
    in->spec = *spec;
    in->parts_end = &in->parts;
    buf_init(&in->root, spec->max_message);
    buf_init(&in->gathering, spec->spool != NULL ? SPILL_BYTES * 8 : spec->max_message);
    enum rc rc = inbound_start(in);
    if (rc != OK) {
        *fault = in->fault;
        *status = in->status;
        return rc;
    }
    in->relay = calloc(1, sizeof(*in->relay));
    if (in->relay == NULL)
        die("out of memory (inbound)");
    *in->relay = (struct relay){ .loop = spec->loop, .in = in };
    arena_defer(a, inbound_clear, in);
    *out = in;
    return OK;
}

/* ---- feeding ---- */

static enum rc mime_refuse(struct inbound *in, enum rc rc)
{
    if (rc == OK || rc == E_REFUSED)
        return rc;
    return refuse(in, rc == E_LIMIT ? 413 : 400, rc == E_LIMIT ? SOAP_FLAW_NONE : SOAP_FLAW_PARTS,
                  arena_printf(in->arena, "the MTOM package is broken: %s", mime_why(in->mime)));
}

enum rc inbound_feed(struct inbound *in, struct str bytes)
{
    if (in->mime == NULL)
        return root_add(in, bytes);
    /* pieces no larger than a part may gather before it spills */
    while (bytes.len > 0) {
        struct str piece = { bytes.data, MIN(bytes.len, SPILL_BYTES) };
        TRY(mime_refuse(in, mime_feed(in->mime, piece)));
        bytes.data += piece.len;
        bytes.len -= piece.len;
    }
    return OK;
}

bool inbound_is_full(const struct inbound *in)
{
    return in->part != NULL && in->part->file != NULL && spool_is_full(in->part->file);
}

/* A start parameter that names no part: the first part is the root (a published IHE sample has that slip). */
static enum rc root_fall_back(struct inbound *in)
{
    struct part *first = in->parts;

    if (in->has_root)
        return OK;
    if (first == NULL || first->file != NULL)
        return refuse(in, 400, SOAP_FLAW_ROOT, "the MTOM package has no root part");
    in->parts = first->next;
    in->has_root = true;
    return root_add(in, first->bytes);
}

static enum rc parts_finish(struct inbound *in)
{
    if (in->mime == NULL)
        return OK;
    TRY(mime_refuse(in, mime_finish(in->mime)));
    return root_fall_back(in);
}

static void name_spooled(struct inbound *in)
{
    for (struct part *p = in->parts; p != NULL; p = p->next) {
        if (p->file != NULL)
            p->sha1 = arena_strdup(in->arena, spool_sha1(p->file));
    }
}

/* What the caller asked for in inbound_end, after hashes of spooled parts are known. */
struct ending {
    struct inbound *in;
    void (*done)(void *user, enum rc rc);
    void *user;
};

static void on_complete(void *arg, enum rc rc)
{
    struct ending *e = arg;

    if (rc == OK)
        name_spooled(e->in);
    e->done(e->user, rc);
}

void inbound_end(struct inbound *in, void (*done)(void *user, enum rc rc), void *user)
{
    enum rc rc = parts_finish(in);

    if (rc != OK) {
        done(user, rc);
        return;
    }
    struct ending *e = ARENA_NEW(in->arena, struct ending);
    *e = (struct ending){ in, done, user };
    in->done = on_complete;
    in->done_user = e;
    end_if_complete(in);
}

void inbound_cancel(struct inbound *in)
{
    if (in->relay == NULL)
        return;
    in->done = NULL;
    for (struct part *p = in->parts; p != NULL; p = p->next) {
        spool_drop(p->file);
        p->file = NULL;
    }
    struct relay *r = in->relay;
    in->relay = NULL;
    r->in = NULL;
    relay_free_if_last(r);
}

/* ---- what came ---- */

const struct soap_fault *inbound_fault(const struct inbound *in, int *status)
{
    *status = in->status;
    return &in->fault;
}

bool inbound_is_mtom(const struct inbound *in)
{
    return in->mime != NULL;
}

struct str inbound_root(const struct inbound *in)
{
    return buf_str(&in->root);
}

struct part *inbound_parts(const struct inbound *in)
{
    return in->parts;
}
