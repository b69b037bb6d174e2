#include "actor/audit_faults.h"

#include "actor/daemon.h"
#include "actor/misbehave.h"
#include "base/arena.h"
#include "fault/fault.h"
#include "wire/syslog.h"
#include "wire/xml.h"

#define RECORD_MAX ((size_t)1 << 20)

/* Whom a record names; nobody, when it is no audit message. */
static void name(struct arena *a, const struct daemon *d, struct str record, struct fault_occasion *o)
{
    struct syslog syslog;
    struct xml_node *root;
    const char *why;

    if (syslog_parse(a, record, &syslog, &why) != OK || xml_parse(a, syslog.text, NULL, &root, NULL) != OK)
        return;
    const struct xml_node *source = xml_child(root, NULL, "AuditSourceIdentification");
    const struct xml_node *event = xml_at(root, NULL, "EventIdentification", "EventTypeCode", NULL);
    const char *home = source != NULL ? xml_attr(source, "AuditEnterpriseSiteID") : NULL;
    const struct community *c = home != NULL ? world_find_home(d->world, home) : NULL;

    o->transaction = event != NULL ? xml_attr(event, "csd-code") : NULL;
    if (c == NULL)
        return;
    o->community = c->key;
    o->slug = c->slug;
    o->prefecture = c->prefecture;
}

static void write_frame(struct buf *out, struct str record, int64_t lie)
{
    int64_t length = (int64_t)record.len + lie;

    buf_printf(out, "%lld ", (long long)MAX(length, 1));
    buf_add_str(out, record);
}

static void pass(const struct daemon *d, struct str record, struct buf *out)
{
    struct arena *a = arena_new();
    struct fault_occasion occasion = { .side = FAULT_RECORD, .actor = d->spec->name, .message = record };

    name(a, d, record, &occasion);
    const struct outgoing *o = misbehave_bare(d, a, &occasion);
    if (o == NULL)
        write_frame(out, record, 0);
    for (int copy = 0; o != NULL && !o->delivery.is_hanging && copy <= o->delivery.copies; copy++)
        write_frame(out, o->text, o->delivery.length_lie);
    arena_free(a);
}

bool audit_faults(void *daemon, struct str frames, struct buf *out)
{
    const struct daemon *d = daemon;
    struct syslog_frames each;

    if (d->faults == NULL || fault_set_is_empty(d->faults))
        return false;
    syslog_frames_init(&each, RECORD_MAX);
    while (frames.len > 0) {
        if (syslog_feed(&each, &frames))
            pass(d, buf_str(&each.record), out);
    }
    buf_clear(&each.record);
    return true;
}
