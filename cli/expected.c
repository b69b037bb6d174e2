/* What the journals say that the audit trail must hold: the same functions that daemons tell their events by. */
#include "cli/reconcile.h"

#include "actor/journal_record.h"
#include "base/arena.h"
#include "base/file.h"
#include "msg/audit_event.h"
#include "msg/audit_objects.h"
#include "store/segments.h"
#include "wire/soap.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* A request whose answer was not read yet. */
struct open_request {
    const char *span;
    struct str body;
    bool is_whole;
    struct open_request *next;
};

#define BUCKETS 4096

struct journal_read {
    struct arena *arena;
    struct open_request *open[BUCKETS];
    struct audit_entry **out;
    int64_t *from;
    const char *const *ours; /* spans of calls by our daemons, sorted; for --outside */
    size_t ours_count;
    bool outside;
};

/* ---- pairing ---- */

static unsigned bucket_of(const char *span)
{
    unsigned h = 2166136261u;

    for (; *span != '\0'; span++)
        h = (h ^ (unsigned char)*span) * 16777619u;
    return h % BUCKETS;
}

static const char *text(struct arena *a, const struct journal_record *r, enum journal_text t)
{
    return str_dup(a, r->text[t]);
}

static void request_open(struct journal_read *j, const struct journal_record *r)
{
    struct open_request *o = ARENA_NEW(j->arena, struct open_request);
    const struct str body = r->text[JOURNAL_BODY];

    *o = (struct open_request){ .span = text(j->arena, r, JOURNAL_SPAN),
                                .body = { arena_memdup(j->arena, body.data != NULL ? body.data : "", body.len),
                                          body.len },
                                .is_whole = body.len >= r->body_size };
    struct open_request **bucket = &j->open[bucket_of(o->span)];
    o->next = *bucket;
    *bucket = o;
}

static struct open_request *request_close(struct journal_read *j, const char *span)
{
    for (struct open_request **p = &j->open[bucket_of(span)]; *p != NULL; p = &(*p)->next) {
        struct open_request *o = *p;
        if (strcmp(o->span, span) == 0) {
            *p = o->next;
            return o;
        }
    }
    return NULL;
}

/* ---- what an event says ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *ids_of(struct arena *a, const struct audit_object *objects)
{
    size_t n = 0, count = 0;

    for (const struct audit_object *o = objects; o != NULL; o = o->next)
        n++;
    const char **ids = ARENA_ARRAY(a, const char *, n + 1);
    for (const struct audit_object *o = objects; o != NULL; o = o->next) {
        if (!text_absent(o->id))
            ids[count++] = o->id;
    }
    qsort(ids, count, sizeof(*ids), by_text);
    struct buf *out = buf_new(a, 1 << 20);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s\n", ids[i]);
    return buf_text(out);
}

static const struct xml_node *body_of(struct arena *a, struct str envelope)
{
    struct soap_fault fault;
    struct soap soap;

    return envelope.len > 0 && soap_parse_response(a, envelope, &soap, &fault) == OK ? soap.body : NULL;
}

static const struct hl7v2 *message_of(struct arena *a, struct str bytes)
{
    struct hl7v2 *m = ARENA_NEW(a, struct hl7v2);
    struct hl7v2_fault fault;

    return bytes.len > 0 && hl7v2_parse(a, bytes, m, &fault) == OK ? m : NULL;
}

static int outcome_of(struct arena *a, const struct journal_record *r)
{
    struct str issues = r->text[JOURNAL_ISSUES];
    struct journal_issue issue;

    if (r->rc != OK)
        return r->rc == E_REFUSED ? AUDIT_SERIOUS : AUDIT_MAJOR;
    while (journal_issue_next(a, &issues, &issue)) {
        if (!issue.is_warning)
            return AUDIT_MINOR;
    }
    return AUDIT_SUCCESS;
}

static void entry_add(struct journal_read *j, const struct audit_entry *entry)
{
    struct audit_entry *e = arena_memdup(j->arena, entry, sizeof(*entry));

    e->next = *j->out;
    *j->out = e;
}

static struct audit_exchange exchange_of(struct arena *a, const struct audit_event *event,
                                         const struct journal_record *answer, const struct open_request *request,
                                         bool is_initiating)
{
    struct str response = answer->rc == OK ? answer->text[JOURNAL_BODY] : (struct str){ 0 };

    if (event->subject == AUDIT_OF_FEED_V2 || event->subject == AUDIT_OF_QUERY_V2)
        return (struct audit_exchange){ .request_v2 = message_of(a, request->body),
                                        .response_v2 = message_of(a, response),
                                        .is_initiating = is_initiating };
    return (struct audit_exchange){ .request = body_of(a, request->body),
                                    .response = body_of(a, response),
                                    .is_initiating = is_initiating };
}

static void side_expect(struct journal_read *j, const struct audit_event *event, const struct journal_record *answer,
                        const struct open_request *request, bool is_initiating, bool is_outside)
{
    struct arena *a = arena_new();
    const struct audit_exchange x = exchange_of(a, event, answer, request, is_initiating);
    bool is_known = request->is_whole && answer->text[JOURNAL_BODY].len >= answer->body_size;
    struct audit_entry e = { .time = (int64_t)(answer->time_us / 1000),
                             .community = text(j->arena, answer, JOURNAL_COMMUNITY),
                             .transaction = event->id,
                             .event = audit_event_side(event, is_initiating)->event,
                             .outcome = outcome_of(a, answer),
                             .is_outside = is_outside };

    e.source = arena_printf(j->arena, "%s/%s", e.community, text(a, answer, JOURNAL_ACTOR));
    for (const struct audit_part *p = audit_parts(a, event, &x); p != NULL; p = p->next) {
        e.action = arena_strndup(j->arena, &p->action, 1);
        e.objects = is_known ? arena_strdup(j->arena, ids_of(a, p->objects)) : NULL;
        entry_add(j, &e);
    }
    arena_free(a);
}

static void answer_take(struct journal_read *j, const struct journal_record *r)
{
    struct arena *a = j->arena;
    const struct open_request *request = request_close(j, text(a, r, JOURNAL_SPAN));
    const struct audit_event *event = audit_event_find(text(a, r, JOURNAL_TRANSACTION));

    if (request == NULL || event == NULL || r->text[JOURNAL_COMMUNITY].len == 0)
        return;
    side_expect(j, event, r, request, r->direction == JOURNAL_CALLED, false);
    const char *parent = text(a, r, JOURNAL_PARENT);
    if (j->outside && r->direction == JOURNAL_ANSWERED &&
        bsearch(&parent, j->ours, j->ours_count, sizeof(*j->ours), by_text) == NULL)
        side_expect(j, event, r, request, true, true);
}

/* ---- reading ---- */

static void on_record(void *user, struct segment *s UNUSED, uint64_t offset UNUSED, uint64_t number UNUSED,
                      struct str bytes)
{
    struct journal_read *j = user;
    struct journal_record r;

    if (journal_record_decode(bytes, &r) != OK)
        return;
    if (*j->from == 0 || (int64_t)(r.time_us / 1000) < *j->from)
        *j->from = (int64_t)(r.time_us / 1000);
    if (r.direction == JOURNAL_RECEIVED || r.direction == JOURNAL_CALLING)
        request_open(j, &r);
    else if (r.direction == JOURNAL_ANSWERED || r.direction == JOURNAL_CALLED)
        answer_take(j, &r);
}

struct spans {
    struct arena *arena;
    const char **list;
    size_t count, room;
};

static void on_span(void *user, struct segment *s UNUSED, uint64_t offset UNUSED, uint64_t number UNUSED,
                    struct str bytes)
{
    struct spans *spans = user;
    struct journal_record r;

    if (journal_record_decode(bytes, &r) != OK || r.direction != JOURNAL_CALLING)
        return;
    if (spans->count == spans->room) {
        size_t room = spans->room != 0 ? spans->room * 2 : 1024;
        const char **list = ARENA_ARRAY(spans->arena, const char *, room);
        if (spans->count > 0)
            memcpy(list, spans->list, spans->count * sizeof(*list));
        spans->list = list;
        spans->room = room;
    }
    spans->list[spans->count++] = text(spans->arena, &r, JOURNAL_SPAN);
}

static void read_all(const char *folder, const struct segment_events *events)
{
    struct segment_reader *r = segment_reader_open(folder, events);

    segment_reader_refresh(r);
    segment_reader_close(r);
}

static enum rc journals_find(struct arena *a, const char *data, const char ***out, size_t *count)
{
    char **names;
    size_t n;

    TRY(file_list(a, data, "", &names, &n));
    *out = ARENA_ARRAY(a, const char *, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        const char *folder = arena_printf(a, "%s/%s/journal", data, names[i]);
        DIR *d = names[i][0] != '.' ? opendir(folder) : NULL;
        if (d == NULL)
            continue;
        closedir(d);
        (*out)[(*count)++] = folder;
    }
    return OK;
}

enum rc expected_read(struct arena *a, const char *data, bool outside, struct audit_entry **out, int64_t *from)
{
    struct spans spans = { .arena = a };
    const char **folders;
    size_t n;

    *out = NULL;
    *from = 0;
    TRY(journals_find(a, data, &folders, &n));
    for (size_t i = 0; outside && i < n; i++)
        read_all(folders[i], &(struct segment_events){ .on_record = on_span, .user = &spans });
    if (spans.count > 0)
        qsort(spans.list, spans.count, sizeof(*spans.list), by_text);
    for (size_t i = 0; i < n; i++) {
        struct journal_read *j = ARENA_NEW(a, struct journal_read);
        *j = (struct journal_read){
            .arena = a, .out = out, .from = from, .ours = spans.list, .ours_count = spans.count, .outside = outside
        };
        read_all(folders[i], &(struct segment_events){ .on_record = on_record, .user = j });
    }
    return n == 0 ? E_NOT_FOUND : OK;
}
