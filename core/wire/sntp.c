#include "wire/sntp.h"

#include <string.h>

#define EPOCH  2208988800u /* seconds from 1900 to 1970 */
#define SECOND 1000000000

static uint32_t get32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put32(char *at, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(v >> (24 - 8 * i));
}

static uint64_t get64(const char *at)
{
    return (uint64_t)get32(at) << 32 | get32(at + 4);
}

static void put64(char *at, uint64_t v)
{
    put32(at, (uint32_t)(v >> 32));
    put32(at + 4, (uint32_t)v);
}

/* NTP's era 0 ends in 2036; what seems to be before 1968 is of era 1. */
static int64_t to_unix(uint64_t ntp)
{
    int64_t seconds = (int64_t)(ntp >> 32) + ((ntp >> 63) == 0 ? (int64_t)1 << 32 : 0);

    return ntp == 0 ? 0 : (seconds - EPOCH) * SECOND + (int64_t)(((ntp & 0xffffffffu) * (uint64_t)SECOND) >> 32);
}

static uint64_t from_unix(int64_t ns)
{
    int64_t seconds = ns / SECOND, rest = ns % SECOND;

    if (rest < 0) {
        rest += SECOND;
        seconds--;
    }
    return ns == 0 ? 0 : (uint64_t)(uint32_t)(seconds + EPOCH) << 32 | (((uint64_t)rest << 32) / SECOND);
}

enum rc sntp_read(struct str bytes, struct sntp *out)
{
    const char *b = bytes.data;

    if (bytes.len < SNTP_PACKET || (((unsigned char)b[0] >> 3) & 7) < 1 || (((unsigned char)b[0] >> 3) & 7) > 4)
        return E_SYNTAX;
    *out = (struct sntp){ .leap = (unsigned char)b[0] >> 6,
                          .version = (b[0] >> 3) & 7,
                          .mode = b[0] & 7,
                          .stratum = (unsigned char)b[1],
                          .poll = (signed char)b[2],
                          .precision = (signed char)b[3],
                          .root_delay = (double)(int32_t)get32(b + 4) / 65536,
                          .root_dispersion = (double)get32(b + 8) / 65536,
                          .reference_time = to_unix(get64(b + 16)),
                          .originate = to_unix(get64(b + 24)),
                          .receive = to_unix(get64(b + 32)),
                          .transmit = to_unix(get64(b + 40)),
                          .originate_raw = get64(b + 24),
                          .transmit_raw = get64(b + 40) };
    for (int i = 0; i < 4 && out->stratum <= 1 && b[12 + i] >= ' ' && b[12 + i] < 0x7f; i++)
        out->reference[i] = b[12 + i];
    return OK;
}

void sntp_write(char out[SNTP_PACKET], const struct sntp *p)
{
    memset(out, 0, SNTP_PACKET);
    out[0] = (char)(p->leap << 6 | p->version << 3 | p->mode);
    out[1] = (char)p->stratum;
    out[2] = (char)p->poll;
    out[3] = (char)p->precision;
    put32(out + 4, (uint32_t)(int32_t)(p->root_delay * 65536));
    put32(out + 8, (uint32_t)(p->root_dispersion * 65536));
    memcpy(out + 12, p->reference, 4);
    put64(out + 16, from_unix(p->reference_time));
    put64(out + 24, p->originate_raw != 0 ? p->originate_raw : from_unix(p->originate));
    put64(out + 32, from_unix(p->receive));
    put64(out + 40, p->transmit_raw != 0 ? p->transmit_raw : from_unix(p->transmit));
}

int64_t sntp_clock_at(const struct sntp_clock *c, int64_t now)
{
    return now + (int64_t)(c->offset * SECOND) + (int64_t)((double)(now - c->started) * c->drift / 1e6);
}

bool sntp_answer(const struct sntp_clock *c, const struct sntp *question, int64_t arrived, int64_t leaving,
                 struct sntp *out)
{
    bool is_lost = c->stratum >= 16;

    if (question->mode != 3 && question->mode != 0) /* 0: version 1 had no modes */
        return false;
    *out = (struct sntp){ .leap = is_lost ? 3 : 0,
                          .version = question->version,
                          .mode = 4,
                          .stratum = is_lost ? 0 : c->stratum,
                          .poll = question->poll,
                          .precision = -20,
                          .root_dispersion = 0.001,
                          .reference_time = is_lost ? 0 : sntp_clock_at(c, arrived) / SECOND * SECOND,
                          .originate_raw = question->transmit_raw,
                          .receive = sntp_clock_at(c, arrived),
                          .transmit = sntp_clock_at(c, leaving) };
    memcpy(out->reference, is_lost ? "INIT" : "LOCL", 4);
    return true;
}

double sntp_offset(const struct sntp *answer, int64_t originate, int64_t destination)
{
    return (double)(answer->receive - originate + answer->transmit - destination) / 2 / SECOND;
}

double sntp_delay(const struct sntp *answer, int64_t originate, int64_t destination)
{
    return (double)((destination - originate) - (answer->transmit - answer->receive)) / SECOND;
}
