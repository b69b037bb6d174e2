#include "base/digest.h"
#include "model/oid.h"
#include "msg/ebrim.h"
#include "repository/deposit.h"
#include "repository/repository.h"
#include "wire/ns.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

/* ---- counts, so that comparing all with all below stays cheap ---- */

static enum rc counts_check(struct request *rq, const struct provide *provide)
{
    size_t entries = 0, documents = 0;

    for (const struct document_entry *e = provide->submit.submission.documents; e != NULL; e = e->next)
        entries++;
    for (const struct provided_document *d = provide->documents; d != NULL; d = d->next)
        documents++;
    if (MAX(entries, documents) <= DOCUMENTS_MAX)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                     "%zu documents are more than this repository takes at once; submit %d at a time",
                     MAX(entries, documents), DOCUMENTS_MAX);
}

/* ---- one to one ---- */

static const struct document_entry *entry_of(const struct submission *s, const char *id)
{
    const struct document_entry *e = s->documents;

    while (e != NULL && !text_equal(e->entry_uuid, id))
        e = e->next;
    return e;
}

static const struct provided_document *document_of(const struct provided_document *first, const char *id)
{
    while (first != NULL && !text_equal(first->id, id))
        first = first->next;
    return first;
}

static void document_check(struct request *rq, const struct provide *provide, const struct provided_document *d)
{
    if (entry_of(&provide->submit.submission, d->id) == NULL)
        rq_rule(rq, RULE_PNR_METADATA, d->place,
                "Document \"%s\" has no ExtrinsicObject of that id; send its metadata along", d->id);
    if (document_of(provide->documents, d->id) != d)
        rq_rule(rq, RULE_PNR_ONCE, d->place,
                "there is a Document \"%s\" before this one; an ExtrinsicObject has exactly one", d->id);
}

/* Is another entry before this one the same in that attribute? */
static bool is_repeated(const struct submission *s, const struct document_entry *e, bool by_unique_id)
{
    for (const struct document_entry *before = s->documents; before != e; before = before->next)
        if (by_unique_id ? text_equal(before->unique_id, e->unique_id) : text_equal(before->entry_uuid, e->entry_uuid))
            return true;
    return false;
}

/* What the repository itself has to know of a document; the rest is for the registry to judge. */
static void entry_check(struct request *rq, const struct submission *s, const struct document_entry *e)
{
    const struct {
        const char *value, *what;
    } needed[] = {
        { e->entry_uuid, "@id" },
        { e->unique_id, "the ExternalIdentifier XDSDocumentEntry.uniqueId" },
        { e->mime_type, "@mimeType" },
    };

    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (needed[i].value == NULL)
            rq_rule(rq, RULE_PNR_ENTRY, e->place, "this DocumentEntry needs %s", needed[i].what);
    if (e->mime_type != NULL && !is_media_type(e->mime_type))
        rq_rule(rq, RULE_PNR_MIME_TYPE, e->place, "mimeType \"%s\" is no type/subtype", e->mime_type);
    if (e->entry_uuid != NULL && is_repeated(s, e, false))
        rq_rule(rq, RULE_PNR_ID_ONCE, e->place, "the id \"%s\" is another object's already", e->entry_uuid);
    if (e->unique_id != NULL && is_repeated(s, e, true))
        rq_rule(rq, RULE_PNR_UNIQUE_ID_ONCE, e->place, "uniqueId %s is another document's of this submission already",
                e->unique_id);
}

/* ---- the octets ---- */

static void octets_find(struct request *rq, const struct provided_document *document, struct deposit *d)
{
    char *sha1;

    if (document->href != NULL) {
        d->part = part_find(rq->parts, document->href);
        if (d->part == NULL) {
            rq_rule(rq, RULE_MTOM_HREF, document->place,
                    "no part of the package has the Content-ID that href \"%s\" names", document->href);
            return;
        }
        d->bytes = d->part->bytes;
        d->size = d->part->size;
        d->sha1 = d->part->sha1;
        return;
    }
    d->bytes = document->inline_bytes;
    d->size = d->bytes.len;
    sha1 = arena_alloc(rq->arena, SHA1_HEX_LEN);
    sha1_hex(d->bytes, sha1);
    d->sha1 = sha1;
}

static bool size_is(const char *text, uint64_t size)
{
    char *end;

    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && text[0] >= '0' && text[0] <= '9' && n == size;
}

/* hash and size are optional here, but must be true. */
static void octets_check(struct request *rq, const struct deposit *d)
{
    const struct document_entry *e = d->entry;

    if (d->sha1 == NULL)
        return;
    if (d->size == 0)
        rq_rule(rq, RULE_PNR_OCTETS, e->place,
                "the document of \"%s\" has no octets; only on-demand documents come without", e->entry_uuid);
    if (e->hash != NULL && strcasecmp(e->hash, d->sha1) != 0)
        rq_rule(rq, RULE_PNR_HASH, e->place, "hash is \"%s\", but the SHA-1 of the octets that arrived is %s", e->hash,
                d->sha1);
    if (e->size != NULL && !size_is(e->size, d->size))
        rq_rule(rq, RULE_PNR_SIZE, e->place, "size is \"%s\", but %llu octets arrived", e->size,
                (unsigned long long)d->size);
}

static struct deposit *deposit_new(struct request *rq, const struct provide *provide, const struct document_entry *e,
                                   struct xml_node *object)
{
    const struct provided_document *document = document_of(provide->documents, e->entry_uuid);
    struct deposit *d = ARENA_NEW(rq->arena, struct deposit);

    d->entry = e;
    d->object = object;
    if (document == NULL) {
        rq_rule(rq, RULE_PNR_DOCUMENT, e->place,
                "DocumentEntry \"%s\" came without its document; add an xds:Document with that id",
                e->entry_uuid == NULL ? "" : e->entry_uuid);
        return d;
    }
    octets_find(rq, document, d);
    octets_check(rq, d);
    return d;
}

enum rc deposits_check(struct request *rq, const struct provide *provide, struct deposit **out)
{
    const struct submission *s = &provide->submit.submission;
    struct deposit *first = NULL, **tail = &first;
    struct xml_node *object = xml_child(provide->submit.object_list, NS_RIM, "ExtrinsicObject");

    TRY(counts_check(rq, provide));
    for (const struct provided_document *d = provide->documents; d != NULL; d = d->next)
        document_check(rq, provide, d);
    for (const struct document_entry *e = s->documents; e != NULL; e = e->next, object = xml_next(object)) {
        entry_check(rq, s, e);
        *tail = deposit_new(rq, provide, e, object); /* entries stand in the order of their objects */
        tail = &(*tail)->next;
    }
    *out = first;
    return rq->issues.errors > 0 ? E_REFUSED : OK;
}
