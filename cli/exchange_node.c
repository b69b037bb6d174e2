/* What a secure node asks: the time (ITI-1), and for audit events (ITI-81). Neither is SOAP nor HL7 v2. */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cli/backbone.h"
#include "cli/sntp_ask.h"
#include "wire/json.h"

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
