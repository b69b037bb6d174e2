/* Faults of MTOM packages (ITI TF-2: V.8) and of the documents in them. */
#include "actor/inbound.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "fault/tree.h"
#include "store/spool.h"
#include "wire/ns.h"
#include "wire/xml.h"

#include <unistd.h>

#define DOCUMENT_MAX ((uint64_t)64 * 1024 * 1024) /* what a fault changes is held in memory */

void apply_mtom_missing_part(struct outgoing *o, const struct fault *f UNUSED)
{
    if (o->parts != NULL)
        o->parts = o->parts->next;
}

/* Changes are made to a copy of the list: documents themselves belong to others. */
static struct part *first_copy(struct outgoing *o)
{
    if (o->parts != NULL)
        o->parts = arena_memdup(o->arena, o->parts, sizeof(*o->parts));
    return o->parts;
}

void apply_mtom_content_id(struct outgoing *o, const struct fault *f UNUSED)
{
    struct part *part = first_copy(o);

    if (part != NULL)
        part->content_id = "no-such-part@kakehashi";
}

void apply_mtom_extra_part(struct outgoing *o, const struct fault *f UNUSED)
{
    struct part *extra = ARENA_NEW(o->arena, struct part);

    *extra = (struct part){ .content_id = "extra@kakehashi", .content_type = "text/plain", .fd = -1 };
    extra->bytes = STR("nothing refers to this part");
    extra->size = extra->bytes.len;
    extra->next = o->parts;
    o->parts = extra;
}

void apply_mtom_plain(struct outgoing *o, const struct fault *f UNUSED)
{
    o->is_mtom = false;
}

void apply_mtom_boundary(struct outgoing *o, const struct fault *f)
{
    o->boundary = fault_text(f, 0);
}

void apply_mtom_start(struct outgoing *o, const struct fault *f)
{
    o->start = fault_text(f, 0);
}

/* ---- octets ---- */

/* All of a part in memory; data NULL when it is too large or its file does not give it. */
static struct str octets_of(struct arena *a, const struct part *part)
{
    int fd = part->file != NULL ? spool_fd(part->file) : part->fd;

    if (fd < 0)
        return part->bytes;
    if (part->size > DOCUMENT_MAX)
        return (struct str){ NULL, 0 };
    char *octets = arena_alloc(a, (size_t)part->size + 1);
    ssize_t n = pread(fd, octets, (size_t)part->size, 0);
    return n == (ssize_t)part->size ? (struct str){ octets, (size_t)n } : (struct str){ NULL, 0 };
}

static void set_octets(struct part *part, struct str octets)
{
    part->file = NULL;
    part->fd = -1;
    part->bytes = octets;
    part->size = octets.len;
}

void apply_mtom_document(struct outgoing *o, const struct fault *f UNUSED)
{
    struct part *part = first_copy(o);
    struct str octets = part != NULL ? octets_of(o->arena, part) : STR("");

    if (octets.len == 0)
        return;
    char *changed = arena_memdup(o->arena, octets.data, octets.len);
    changed[octets.len / 2] ^= 0x20;
    set_octets(part, (struct str){ changed, octets.len });
}

void apply_mtom_short(struct outgoing *o, const struct fault *f)
{
    struct part *part = first_copy(o);
    struct str octets = part != NULL ? octets_of(o->arena, part) : STR("");

    if (part != NULL && octets.data != NULL)
        set_octets(part, (struct str){ octets.data, MIN(octets.len, (size_t)fault_number(f, 0)) });
}

/* ---- documents in the envelope ---- */

static void put_inline(struct xml_node *n, void *outgoing)
{
    struct outgoing *o = outgoing;
    const struct xml_node *include = xml_child(n, NS_XOP, "Include");
    const struct part *part = include == NULL ? NULL : part_find(o->parts, xml_attr(include, "href"));

    if (part == NULL)
        return;
    struct str octets = octets_of(o->arena, part);
    if (octets.data == NULL)
        return;
    struct buf *text = buf_new(o->arena, 2 * DOCUMENT_MAX);
    base64_encode(octets, text);
    tree_set_text(o->arena, n, buf_text(text));
}

void apply_mtom_inline(struct outgoing *o, const struct fault *f UNUSED)
{
    tree_walk(outgoing_tree(o), put_inline, o);
    o->parts = NULL;
}
