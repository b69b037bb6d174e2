#include "world/prescription.h"

#include "base/arena.h"
#include "model/document.h"
#include "wire/hl7v2.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_MAX 3650

struct reader {
    struct arena *arena;
    const struct hl7v2 *message;
    const struct hl7v2_segment *orc;
    struct medicine_order *first, **end, *current;
    unsigned count;
};

static const char *day_of(struct arena *a, const char *time)
{
    return time != NULL && strspn(time, "0123456789") >= 8 ? arena_strndup(a, time, 8) : NULL;
}

/* ORC opens an order: who gives it, and when. */
static void order_begin(struct reader *r, const struct hl7v2_segment *s)
{
    r->orc = s;
    r->current = NULL;
}

static void medicine_add(struct reader *r, const struct hl7v2_segment *s)
{
    const struct hl7v2 *m = r->message;
    struct medicine_order *o = *r->end = r->current = ARENA_NEW(r->arena, struct medicine_order);
    const char *unit = hl7v2_text(m, s, 5, 2);

    *o = (struct medicine_order){ .code = hl7v2_text(m, s, 2, 1),
                                  .name = hl7v2_text(m, s, 2, 2),
                                  .system = hl7v2_text(m, s, 2, 3),
                                  .dose = hl7v2_text(m, s, 3, 1),
                                  .unit = unit != NULL ? unit : hl7v2_text(m, s, 5, 1),
                                  .from = day_of(r->arena, hl7v2_text(m, r->orc, 9, 1)),
                                  .place = hl7v2_text(m, r->orc, 21, 1) };
    r->end = &o->next;
    r->count++;
}

/* TQ1 tells how, how long and from when. */
static void timing_add(struct reader *r, const struct hl7v2_segment *s)
{
    const struct hl7v2 *m = r->message;
    struct medicine_order *o = r->current;
    const char *usage = hl7v2_part(m, s, 3, 1, 1, 2), *days = hl7v2_text(m, s, 6, 1);
    const char *from = day_of(r->arena, hl7v2_text(m, s, 7, 1));

    if (o == NULL)
        return;
    o->usage = usage != NULL ? usage : hl7v2_text(m, s, 3, 1);
    o->days = days != NULL ? (unsigned)MIN(strtoul(days, NULL, 10), (unsigned long)DAYS_MAX) : 0;
    o->from = from != NULL ? from : o->from;
}

static const struct {
    const char *name;
    void (*read)(struct reader *r, const struct hl7v2_segment *s);
} segments[] = { { "ORC", order_begin }, { "RXE", medicine_add }, { "TQ1", timing_add } };

static void segment_read(struct reader *r, const struct hl7v2_segment *s)
{
    for (size_t i = 0; i < ARRAY_LEN(segments); i++) {
        if (text_equal(segments[i].name, s->name))
            segments[i].read(r, s);
    }
}

static bool is_whole(const struct reader *r)
{
    for (const struct medicine_order *o = r->first; o != NULL; o = o->next) {
        if (o->code == NULL && o->name == NULL)
            return false;
    }
    return r->first != NULL && r->count <= PRESCRIPTION_ORDERS_MAX;
}

enum rc prescription_read(struct arena *a, const struct prescription *p, struct medicine_order **out)
{
    struct hl7v2_fault fault;
    struct hl7v2 message;
    struct reader r = { .arena = a, .message = &message };

    if (p->bytes.data == NULL || !text_equal(p->entry->mime_type, "application/hl7-v2"))
        return E_SYNTAX;
    if (hl7v2_parse(a, p->bytes, &message, &fault) != OK)
        return E_SYNTAX;
    r.end = &r.first;
    for (const struct hl7v2_segment *s = message.segments; s != NULL && r.count <= PRESCRIPTION_ORDERS_MAX; s = s->next)
        segment_read(&r, s);
    if (!is_whole(&r))
        return E_SYNTAX;
    *out = r.first;
    return OK;
}
