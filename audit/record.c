/* Bytes → what of them is kept in columns: syslog (RFC 5424), XML, the rules of audit messages, times. */
#include "audit/record.h"

#include "audit/place.h"
#include "base/arena.h"
#include "wire/syslog.h"
#include "wire/xml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct xml_limits limits = { .depth = 16, .elements = 20000, .attributes = 32 };

struct reading {
    struct arena *arena;
    struct record *out;
    struct buf *faults;
    struct syslog syslog;
    struct audit_message message;
};

static void PRINTF_LIKE(2, 3) fault(struct reading *r, const char *fmt, ...)
{
    va_list ap;

    if (r->faults == NULL)
        r->faults = buf_new(r->arena, 64 * 1024);
    if (r->faults->len > 0)
        buf_add_char(r->faults, '\n');
    va_start(ap, fmt);
    buf_add_text(r->faults, arena_vprintf(r->arena, fmt, ap));
    va_end(ap);
}

/* ---- what search looks for ---- */

static void word(struct buf *out, char kind, const char *value)
{
    if (text_absent(value))
        return;
    buf_add_char(out, kind);
    buf_add_char(out, '=');
    for (; *value != '\0'; value++)
        buf_add_char(out, *value == '\n' ? ' ' : *value);
    buf_add_char(out, '\n');
}

static void number(struct buf *out, char kind, int value)
{
    if (value != 0)
        buf_printf(out, "%c=%d\n", kind, value);
}

static const char *words_of(struct arena *a, const struct audit_message *m)
{
    struct buf *out = buf_new(a, 64 * 1024);

    buf_add_char(out, '\n');
    for (const struct audit_participant *p = m->participants; p != NULL; p = p->next) {
        word(out, 'u', p->user_id);
        word(out, 'v', p->alternative_id);
        word(out, 'n', p->user_name);
        word(out, 'a', p->access_point);
    }
    word(out, 's', m->source_id);
    word(out, 's', m->site_id);
    for (const struct audit_code *t = m->types; t != NULL; t = t->next)
        word(out, 't', t->code);
    for (const struct audit_object *o = m->objects; o != NULL; o = o->next) {
        word(out, o->role == AUDIT_ROLE_PATIENT ? 'p' : 'o', o->id);
        number(out, 'k', o->type);
        number(out, 'r', o->role);
    }
    return buf_text(out);
}

static struct term *objects_of(struct arena *a, const struct audit_message *m)
{
    struct term *first = NULL;

    for (const struct audit_object *o = m->objects; o != NULL; o = o->next) {
        const struct term *t = first;
        while (t != NULL && !text_equal(t->text, o->id))
            t = t->next;
        if (t != NULL || text_absent(o->id))
            continue;
        struct term *new = ARENA_NEW(a, struct term);
        *new = (struct term){ o->id, first };
        first = new;
    }
    return first;
}

/* ---- the message ---- */

static void judge(struct reading *r, const struct xml_node *root)
{
    for (const struct audit_finding *f = audit_message_check(r->arena, root); f != NULL; f = f->next)
        fault(r, "%s %s: %s", rule_row(f->rule)->id, f->place, f->text);
}

static void read_message(struct reading *r)
{
    struct xml_node *root;
    struct xml_error error;
    struct str text = r->syslog.text;

    if (text.len == 0) {
        fault(r, "ATNA-XML there is no message behind the syslog header");
        return;
    }
    if (xml_parse(r->arena, text, &limits, &root, &error) != OK) {
        fault(r, "ATNA-XML line %d, column %d: %s", error.line, error.column, error.text);
        return;
    }
    judge(r, root);
    if (!xml_is(root, NULL, "AuditMessage"))
        return;
    audit_message_decode(r->arena, root, false, &r->message);
    r->out->is_readable = true;
}

/* ---- times ---- */

static void compare(struct reading *r, const char *what, int64_t time, int64_t now, int64_t skew)
{
    int64_t off = time != INT64_MIN ? time - now : 0;

    if (skew > 0 && llabs(off) > skew)
        fault(r, "CT %s is %.1f s %s the repository's clock (ITI TF-1: 7; --clock-skew says what is let pass)", what,
              (double)llabs(off) / 1000, off < 0 ? "behind" : "ahead of");
}

static void index_message(struct reading *r, const struct world *w, const char *subject)
{
    const struct audit_message *m = &r->message;
    const struct community *c = place_of(w, m, subject);
    struct record *out = r->out;

    out->community = c != NULL ? c->key : "";
    if (!out->is_readable)
        return;
    if (m->time_ms != INT64_MIN)
        out->time = m->time_ms;
    out->event = m->event.code != NULL ? m->event.code : "";
    out->type = m->types != NULL && m->types->code != NULL ? m->types->code : "";
    out->action = m->action != 0 ? arena_strndup(r->arena, &m->action, 1) : "";
    out->outcome = (int)m->outcome;
    out->source = m->source_id != NULL ? m->source_id : "";
    out->words = words_of(r->arena, m);
    out->objects = objects_of(r->arena, m);
}

void record_read(struct arena *a, const struct world *w, const struct syslog_record *in, int64_t now, int64_t skew_ms,
                 struct record *out)
{
    struct reading r = { .arena = a, .out = out, .message = { .time_ms = INT64_MIN } };
    const char *why;

    *out = (struct record){ .received = now,
                            .time = now,
                            .event = "",
                            .type = "",
                            .action = "",
                            .source = "",
                            .words = "",
                            .transport = in->transport,
                            .peer = arena_strdup(a, in->peer),
                            .subject = arena_strdup(a, in->peer_subject),
                            .raw = { arena_memdup(a, in->bytes.data != NULL ? in->bytes.data : "", in->bytes.len),
                                     in->bytes.len } };
    if (in->fault != NULL)
        fault(&r, "SYSLOG %s", in->fault);
    if (syslog_parse(a, out->raw, &r.syslog, &why) != OK)
        fault(&r, "SYSLOG %s", why);
    else
        read_message(&r);
    index_message(&r, w, in->peer_subject);
    compare(&r, "the syslog TIMESTAMP", r.syslog.time_ms, now, skew_ms);
    compare(&r, "EventDateTime", r.message.time_ms, now, skew_ms);
    out->faults = r.faults != NULL ? buf_text(r.faults) : NULL;
}

enum rc record_message(struct arena *a, struct str raw, struct audit_message *out)
{
    struct xml_node *root;
    struct syslog s;
    const char *why;

    TRY(syslog_parse(a, raw, &s, &why));
    TRY(xml_parse(a, s.text, &limits, &root, NULL));
    if (!xml_is(root, NULL, "AuditMessage"))
        return E_SYNTAX;
    audit_message_decode(a, root, true, out);
    return OK;
}
