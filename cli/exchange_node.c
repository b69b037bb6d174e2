/* What a secure node asks and tells: the time (ITI-1), audit events (ITI-20, ITI-81). None is SOAP or HL7 v2. */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cli/backbone.h"
#include "cli/sntp_ask.h"
#include "msg/audit_message.h"
#include "net/syslog_sender.h"
#include "wire/json.h"
#include "wire/syslog.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#define EVERYTHING "ge1900-01-01"
#define WAIT_MS    100
#define WAITS      30

/* Duration and bytes of an answer stand where those of other transactions do. */
static void call_note(struct exchange *x, uint64_t begun, struct str answer)
{
    x->call = ARENA_NEW(x->arena, struct call);
    x->call->ticks = clock_ticks() - begun;
    x->call->response_xml = answer;
}

/* ---- ITI-1 ---- */

enum rc exchange_time_speak(struct exchange *x, const char *url)
{
    uint64_t begun = clock_ticks();
    double offset = 0, delay = 0;
    struct sntp answer;

    enum rc rc = sntp_ask(x->arena, url, &answer, &offset, &delay);
    call_note(x, begun, (struct str){ 0 });
    if (rc != OK)
        return exchange_fail(x, rc, "%s does not answer", url);
    if (answer.leap == 3 || answer.stratum == 0)
        return exchange_fail(x, E_REFUSED, "%s says that its clock is not synchronized", url);
    struct exchange_item *item = exchange_item_add(x);
    item->cells[0] = arena_printf(x->arena, "%+.3f", offset);
    item->cells[1] = arena_printf(x->arena, "%.1f", delay * 1e3);
    item->cells[2] = arena_printf(x->arena, "%d", answer.stratum);
    return OK;
}

/* ---- ITI-81 ---- */

static void query_add(struct buf *url, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(url, "%c%s=", strchr(buf_text(url), '?') == NULL ? '?' : '&', name);
    for (const char *c = value; *c != '\0'; c++) {
        if (isalnum((unsigned char)*c) || strchr("-._~:", *c) != NULL)
            buf_add_char(url, *c);
        else
            buf_printf(url, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

static enum rc search_url(struct exchange *x, const char *url, struct buf *out)
{
    const char *date = vars_get(&x->params, "date"), *patient = vars_get(&x->params, "patient");
    struct patient_id id;

    buf_add_text(out, url);
    query_add(out, "date", date != NULL ? date : EVERYTHING);
    query_add(out, "subtype", vars_get(&x->params, "event"));
    if (patient == NULL)
        return OK;
    TRY(exchange_id(x, patient, x->to->patient_id_domain, &id));
    query_add(out, "patient.identifier", arena_printf(x->arena, "urn:oid:%s|%s", id.root, id.extension));
    return OK;
}

static void event_add(struct exchange *x, const struct json *event)
{
    const struct json *subtypes = json_get(event, "subtype");
    const struct json *observer = json_get(json_get(event, "source"), "observer");
    struct exchange_item *item = exchange_item_add(x);

    item->cells[0] = json_text(event, "recorded");
    item->cells[1] = subtypes != NULL && subtypes->first != NULL ? json_text(subtypes->first, "code") : NULL;
    item->cells[2] = json_text(event, "outcome");
    item->cells[3] = observer != NULL ? json_text(json_get(observer, "identifier"), "value") : NULL;
}

static enum rc bundle_read(struct exchange *x, struct str body)
{
    struct json *bundle;

    if (json_parse(x->arena, body, &bundle, NULL) != OK || !text_equal(json_text(bundle, "resourceType"), "Bundle"))
        return exchange_fail(x, E_PEER, "the answer is no FHIR Bundle");
    const struct json *entries = json_get(bundle, "entry");
    for (const struct json *e = entries != NULL ? entries->first : NULL; e != NULL; e = e->next)
        event_add(x, json_get(e, "resource"));
    return OK;
}

static enum rc search(struct exchange *x, const char *url)
{
    struct buf *whole = buf_new(x->arena, BUF_MAX_DEFAULT);
    uint64_t begun = clock_ticks();
    struct str body = { 0 };
    int status = 0;

    TRY(search_url(x, url, whole));
    enum rc rc = backbone_ask(x->arena, client_data(x->client), buf_text(whole), &status, &body);
    call_note(x, begun, body);
    if (rc != OK)
        return exchange_fail(x, rc, "%s does not answer", url);
    if (status != 200)
        return exchange_fail(x, E_REFUSED, "HTTP %d: %.300s", status, body.data);
    return bundle_read(x, body);
}

/* Events come by themselves, a moment later than what they are about: somebody who names one waits for it. */
enum rc exchange_audit_speak(struct exchange *x, const char *url)
{
    const struct timespec pause = { 0, WAIT_MS * 1000000L };

    for (int i = 0;; i++) {
        TRY(search(x, url));
        if (x->item_count > 0 || i == WAITS || vars_get(&x->params, "event") == NULL)
            return OK;
        nanosleep(&pause, NULL);
    }
}

/* ---- ITI-20 ---- */

#define CONNECT_MS 5000
#define LEAVE_MS   5000

/* That an application has started, unless the record is the user's own. */
static struct str record_text(struct exchange *x)
{
    struct buf *text = buf_new(x->arena, BUF_MAX_DEFAULT);
    struct audit_code type = { "110120", "DCM", "Application Start" };
    struct audit_message m = { .event = { "110100", "DCM", "Application Activity" },
                               .types = &type,
                               .action = 'E',
                               .time_ms = clock_now_ms(),
                               .source_id = "kakehashi send",
                               .source_type = 9 };

    if (x->content.len > 0)
        return x->content;
    audit_add_participant(x->arena, &m,
                          &(struct audit_participant){ .user_id = x->from != NULL ? x->from->key : "user",
                                                       .role = { "110150", "DCM", "Application" } });
    audit_message_encode(&m, text);
    return buf_str(text);
}

static struct str frame_of(struct exchange *x, struct str text)
{
    struct buf *head = buf_new(x->arena, BUF_MAX_DEFAULT), *frame = buf_new(x->arena, BUF_MAX_DEFAULT);

    syslog_write_head(head, &(struct syslog){ .facility = SYSLOG_SECURITY,
                                              .severity = SYSLOG_NOTICE,
                                              .time_ms = clock_now_ms(),
                                              .host = STR("localhost"),
                                              .app = STR("kakehashi-send"),
                                              .message_id = STR(SYSLOG_MSGID) });
    syslog_write_frame(frame, buf_str(head), text);
    return buf_str(frame);
}

/* Syslog answers nothing: what can be known is that the repository has read it all, and left. */
enum rc exchange_record_speak(struct exchange *x, const char *url)
{
    struct str text = record_text(x), frame = frame_of(x, text);
    uint64_t begun = clock_ticks();
    struct syslog_sender *sender;
    const char *why = "";

    if (syslog_sender_new(url, client_identity(x->client, x->from), &sender) != OK)
        return exchange_fail(x, E_CONFIG, "%s cannot be spoken to", url);
    enum rc rc = syslog_sender_connect(sender, CONNECT_MS, &why);
    if (rc == OK)
        rc = syslog_sender_send(sender, frame);
    bool is_read = rc == OK && syslog_sender_leave(sender, LEAVE_MS);
    syslog_sender_free(sender);
    call_note(x, begun, (struct str){ 0 });
    if (rc != OK || !is_read)
        return exchange_fail(x, E_PEER, "%s does not take it%s%s", url, *why != '\0' ? ": " : "", why);
    struct exchange_item *item = exchange_item_add(x);
    item->cells[0] = arena_printf(x->arena, "%zu", text.len);
    item->cells[1] = "yes";
    return OK;
}
