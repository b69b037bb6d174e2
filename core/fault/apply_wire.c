/* Faults of the network, of HTTP, of syslog's frames and of the clock. */
#include "base/arena.h"
#include "fault/apply.h"
#include "fault/fault.h"
#include "fault/outgoing.h"
#include "world/random.h"

#include <math.h>
#include <string.h>

/* ---- network ---- */

/* In [0, 1), evenly; another for each what. */
static double any(const struct fault *f, uint64_t what)
{
    return (double)(random_of(f->dice, what) >> 11) / (double)(1ULL << 53);
}

/* How far from the middle, in jitters: within 1 when uniform, mostly so when normal. */
static double deviation(const struct fault *f, const char *spread)
{
    if (strcmp(spread, "uniform") == 0)
        return 2 * any(f, 0) - 1;
    if (strcmp(spread, "exponential") == 0)
        return -log(1 - any(f, 0));
    return sqrt(-2 * log(1 - any(f, 0))) * cos(2 * M_PI * any(f, 1)); /* Box and Muller */
}

void apply_latency(struct outgoing *o, const struct fault *f)
{
    double ms = fault_number(f, 0) + fault_number(f, 1) * deviation(f, fault_text(f, 2));

    o->delivery.delay_ms += ms > 0 ? (uint64_t)ms : 0;
}

void apply_hang(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.is_hanging = true;
}

void apply_truncate(struct outgoing *o, const struct fault *f)
{
    o->delivery.is_cut = true;
    o->delivery.cut_after = (uint64_t)fault_number(f, 0);
}

void apply_reset(struct outgoing *o, const struct fault *f)
{
    apply_truncate(o, f);
    o->delivery.is_reset = true;
}

void apply_drip(struct outgoing *o, const struct fault *f)
{
    o->delivery.drip_bytes = (uint64_t)fault_number(f, 0);
    o->delivery.drip_ms = (uint64_t)fault_number(f, 1);
}

/* A handshake's faults are the TLS server's to play: there is no message yet. */
void apply_nothing(struct outgoing *o UNUSED, const struct fault *f UNUSED)
{
}

/* ---- HTTP ---- */

void apply_http_status(struct outgoing *o, const struct fault *f)
{
    o->status = (int)fault_number(f, 0);
}

void apply_http_length(struct outgoing *o, const struct fault *f)
{
    o->delivery.length_lie = (int64_t)fault_number(f, 0);
}

void apply_http_no_length(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.has_no_length = true;
}

void apply_http_type(struct outgoing *o, const struct fault *f)
{
    o->content_type = fault_text(f, 0);
}

static void replace_all(struct outgoing *o, const struct fault *f, const char *type, struct str text)
{
    o->status = (int)fault_number(f, 0);
    o->content_type = type;
    o->is_mtom = false;
    o->parts = NULL;
    outgoing_replace(o, text);
}

void apply_http_page(struct outgoing *o, const struct fault *f)
{
    replace_all(o, f, "text/html; charset=utf-8",
                STR("<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1>"
                    "<p>The proxy server received an invalid response from an upstream server.</p></body></html>\n"));
}

void apply_http_empty(struct outgoing *o, const struct fault *f)
{
    replace_all(o, f, o->content_type, STR(""));
}

/* ---- the clock ---- */

void apply_clock_skew(struct outgoing *o, const struct fault *f)
{
    o->shift_s += (int64_t)fault_number(f, 0);
    if (o->is_packet) {
        shift_sntp(o);
        return;
    }
    shift_hl7v3(o);
    shift_hl7v2(o);
}
