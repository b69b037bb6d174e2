/* What secure nodes lean on: audit records (RFC 5424, in frames of RFC 5425), and the time (RFC 4330). */
#include "fault/apply.h"

#include "base/arena.h"
#include "fault/fault.h"
#include "fault/outgoing.h"

#include <string.h>

/* ---- audit records ---- */

void apply_syslog_length(struct outgoing *o, const struct fault *f)
{
    o->delivery.length_lie = (int64_t)fault_number(f, 0);
}

void apply_syslog_drop(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.is_hanging = true;
}

void apply_syslog_twice(struct outgoing *o, const struct fault *f UNUSED)
{
    o->delivery.copies++;
}

void apply_syslog_cut(struct outgoing *o, const struct fault *f UNUSED)
{
    struct str text = outgoing_text(o);

    outgoing_replace(o, (struct str){ text.data, text.len - text.len / 4 });
}

void apply_syslog_garbage(struct outgoing *o, const struct fault *f UNUSED)
{
    outgoing_replace(o, STR("<109>1 - - - - - - this is no audit message"));
}

/* ---- time ---- */

static unsigned char *packet_of(struct outgoing *o)
{
    char *copy = arena_memdup(o->arena, o->text.data, o->text.len);

    outgoing_replace(o, (struct str){ copy, o->text.len });
    return (unsigned char *)copy;
}

static void shift_seconds(unsigned char *field, int64_t by)
{
    uint32_t seconds = 0;

    for (int i = 0; i < 4; i++)
        seconds = seconds << 8 | field[i];
    seconds += (uint32_t)by; /* eras pass (RFC 4330 3) */
    for (int i = 3; i >= 0; i--, seconds >>= 8)
        field[i] = (unsigned char)seconds;
}

/* RFC 4330 4: when the question came, and when the answer leaves. */
void shift_sntp(struct outgoing *o)
{
    unsigned char *packet = packet_of(o);

    shift_seconds(packet + 32, o->shift_s);
    shift_seconds(packet + 40, o->shift_s);
}

/* RFC 4330 4: the leap indicator 3 is the alarm; stratum 16 is no time to rely on. */
void apply_sntp_unsynchronized(struct outgoing *o, const struct fault *f UNUSED)
{
    unsigned char *packet = packet_of(o);

    packet[0] |= 0xC0;
    packet[1] = 16;
}

/* RFC 4330 8: stratum 0, and the reason as the reference identifier. */
void apply_sntp_kiss(struct outgoing *o, const struct fault *f)
{
    unsigned char *packet = packet_of(o);

    packet[0] |= 0xC0;
    packet[1] = 0;
    memcpy(packet + 12, fault_text(f, 0), 4);
}
