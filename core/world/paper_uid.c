/*
 * uniqueIds: 2.999.392.5.COMMUNITY.PERSON.K+1. Of a regional id of digits and dashes each group becomes an arc behind a
 * 1 (0035-0000017-3: 10035.10000017.13); of any other, each character two digits of one arc behind a 9. So papers_find
 * reads it back. DICOM allows 64 characters.
 * entryUUIDs: COMMUNITY-0000-8<K+1>-8<PART>-PERSON in decimal digits, so that they can be read back, too. Version 8 is
 * for what an implementation gives a meaning of its own (RFC 9562: 5.8).
 */
#include "world/paper.h"
#include "world/papers.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/patient.h"
#include "world/digits.h"
#include "world/patient_number.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX 28 /* characters of an id of digits and dashes … */
#define OTHER_MAX  17 /* … and of any other */

static char *put_groups(char *at, const char *id)
{
    *at++ = '1';
    for (; *id != '\0'; id++) {
        if (*id == '-')
            at = text_put(at, ".1");
        else
            *at++ = *id;
    }
    return at;
}

static char *put_person(char *at, const char *id)
{
    size_t length = strlen(id);
    bool is_groups = strspn(id, "0123456789-") == length;

    if (length == 0 || length > (is_groups ? GROUPS_MAX : OTHER_MAX))
        die("a regional id of %zu characters has no place in a uniqueId", length);
    if (is_groups)
        return put_groups(at, id);
    *at++ = '9';
    for (; *id != '\0'; id++) {
        if (*id < ' ' || *id > '~')
            die("a regional id that is not ASCII has no place in a uniqueId");
        at = digits_put(at, (unsigned)(*id - ' '), 2);
    }
    return at;
}

void paper_uid(const struct paper *p, unsigned k, unsigned part, char out[65])
{
    const struct patient_id *id = patient_id_in(p->person->patient.ids, p->community->patient_id_domain);
    char *at = text_put(out, PAPER_OIDS);

    if (id == NULL)
        die("a person without an id of %s", p->community->patient_id_domain);
    at = digits_put(at, (unsigned)p->community->number, 1);
    *at++ = '.';
    at = put_person(at, id->extension);
    *at++ = '.';
    at = digits_put(at, k + 1, 1);
    if (part > 0) {
        *at++ = '.';
        at = digits_put(at, part, 1);
    }
    *at = '\0';
}

/* ---- and back ---- */

static enum rc groups_read(struct arena *a, struct str arcs, const char **out)
{
    char *id = arena_alloc(a, arcs.len + 1), *at = id;

    for (size_t i = 0; i < arcs.len; i++) {
        bool is_first = i == 0 || arcs.data[i - 1] == '.';
        if (is_first && arcs.data[i] != '1')
            return E_NOT_FOUND;
        if (!is_first)
            *at++ = arcs.data[i] == '.' ? '-' : arcs.data[i];
    }
    *out = id;
    return at == id ? E_NOT_FOUND : OK;
}

static enum rc other_read(struct arena *a, struct str arc, const char **out)
{
    size_t length = (arc.len - 1) / 2;
    char *id = arena_alloc(a, length + 1);

    if (length == 0 || arc.len % 2 == 0 || memchr(arc.data, '.', arc.len) != NULL)
        return E_NOT_FOUND;
    for (size_t i = 0; i < length; i++)
        id[i] = (char)(' ' + (arc.data[1 + 2 * i] - '0') * 10 + (arc.data[2 + 2 * i] - '0'));
    *out = id;
    return OK;
}

/* A uniqueId that begins with `oids`. */
static enum rc oid_read(struct arena *a, const char *oids, const struct community *c, const char *unique_id,
                        const char **regional_id, unsigned *k)
{
    const char *own = arena_printf(a, "%s%d.", oids, c->number);
    const char *last = strrchr(unique_id, '.');

    if (!text_starts(unique_id, own) || strspn(unique_id, "0123456789.") != strlen(unique_id))
        return E_NOT_FOUND;
    struct str arcs = { unique_id + strlen(own),
                        (size_t)(last - unique_id) - MIN((size_t)(last - unique_id), strlen(own)) };
    long number = strtol(last + 1, NULL, 10);
    if (arcs.len == 0 || number < 1 || number >= PAPERS_MAX)
        return E_NOT_FOUND;
    TRY(arcs.data[0] == '9' ? other_read(a, arcs, regional_id) : groups_read(a, arcs, regional_id));
    *k = (unsigned)number - 1;
    return OK;
}

enum rc papers_find(struct arena *a, const struct community *c, const char *unique_id, const char **regional_id,
                    unsigned *k)
{
    return oid_read(a, PAPER_OIDS, c, unique_id, regional_id, k);
}

/* ---- entryUUIDs ---- */

const char *paper_urn(struct arena *a, const struct community *c, uint64_t n, unsigned k, enum paper_urn part)
{
    return arena_printf(a, "urn:uuid:%08d-0000-8%03u-8%03d-%012" PRIu64, c->number, k + 1, (int)part, n + 1);
}

/* One id, one spelling. */
static enum rc urn_read(struct arena *a, const struct community *c, const char *urn, uint64_t *n)
{
    static const char form[] = "urn:uuid:00000000-0000-8000-8000-";
    const char *person = urn + strlen(form);

    if (strlen(urn) != strlen(form) + 12)
        return E_NOT_FOUND;
    unsigned k = (unsigned)strtoul(urn + strlen("urn:uuid:00000000-0000-8"), NULL, 10) - 1;
    int part = (int)strtoul(urn + strlen("urn:uuid:00000000-0000-8000-8"), NULL, 10);
    uint64_t found = strtoull(person, NULL, 10) - 1;
    if (k >= PAPERS_MAX || part < PAPER_URN_SET || part > PAPER_URN_MEMBER || found >= PEOPLE_MAX ||
        !text_equal(paper_urn(a, c, found, k, (enum paper_urn)part), urn))
        return E_NOT_FOUND;
    *n = found;
    return OK;
}

enum rc papers_person(struct arena *a, const struct community *c, const char *id, uint64_t *n)
{
    const char *regional_id;
    unsigned k;

    if (text_starts(id, "urn:uuid:"))
        return urn_read(a, c, id, n);
    if (oid_read(a, PAPER_OIDS, c, id, &regional_id, &k) != OK)
        TRY(oid_read(a, PAPER_SUBMISSION_OIDS, c, id, &regional_id, &k));
    return regional_id_parse(c->number, regional_id, PEOPLE_MAX, n);
}
