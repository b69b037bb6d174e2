#include "actor/consistent_time.h"

#include "actor/daemon.h"
#include "base/clock.h"
#include "base/str.h"
#include "msg/hl7v3.h"
#include "wire/hl7v2.h"
#include "wire/ns.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_SECONDS 14
#define DIGITS_MINUTES 12
#define QUARTER        900   /* seconds; the time of every zone differs from UTC's by some of them */
#define ZONES          50400 /* the largest difference: UTC+14 */

/* A point in time of HL7: YYYYMMDDhhmm[ss[.s…]][±hhmm] (HL7 v2.5: 2.A.22). */
struct point {
    time_t seconds;
    bool has_zone;
};

static int number(const char *digits, int n)
{
    int value = 0;

    while (n-- > 0)
        value = value * 10 + (*digits++ - '0');
    return value;
}

static bool zone_read(const char *text, struct point *out)
{
    text += strspn(text, ".0123456789");
    if (*text == '\0')
        return true;
    if ((*text != '+' && *text != '-') || strspn(text + 1, "0123456789") != 4 || text[5] != '\0')
        return false;
    int offset = number(text + 1, 2) * 3600 + number(text + 3, 2) * 60;
    out->seconds -= *text == '-' ? -offset : offset;
    out->has_zone = true;
    return true;
}

/* False: it is none, or says less than the minute. */
static bool point_read(const char *text, struct point *out)
{
    size_t digits = text != NULL ? strspn(text, "0123456789") : 0;
    struct tm tm = { 0 };

    if (digits != DIGITS_SECONDS && digits != DIGITS_MINUTES)
        return false;
    tm.tm_year = number(text, 4) - 1900;
    tm.tm_mon = number(text + 4, 2) - 1;
    tm.tm_mday = number(text + 6, 2);
    tm.tm_hour = number(text + 8, 2);
    tm.tm_min = number(text + 10, 2);
    tm.tm_sec = digits == DIGITS_SECONDS ? number(text + 12, 2) : 0;
    *out = (struct point){ .seconds = timegm(&tm) };
    return zone_read(text + digits, out);
}

/* 0: nothing is judged. A message that is only rehearsed may be of any age, unless --clock says when that was. */
static long long skew_of(const struct request *rq)
{
    const struct config *c = rq->service->daemon->config;

    return rq->is_rehearsed && config_text(c, CONFIG_CLOCK)[0] == '\0' ? 0 : config_number(c, CONFIG_CLOCK_SKEW);
}

/* Without a zone it is of some zone: what can be judged is where in the quarter of an hour it is. */
static long long difference(const struct point *p, time_t now)
{
    long long off = (long long)(p->seconds - now);

    if (p->has_zone || llabs(off) > ZONES + QUARTER / 2)
        return off;
    off %= QUARTER;
    return off > QUARTER / 2 ? off - QUARTER : off < -QUARTER / 2 ? off + QUARTER : off;
}

static enum rc check(struct request *rq, const char *text, const char *place)
{
    long long skew = skew_of(rq);
    struct point p;

    if (skew <= 0 || !point_read(text, &p))
        return OK;
    long long off = difference(&p, clock_now());
    if (llabs(off) <= skew)
        return OK;
    return rq_remark(
        rq, RULE_CT_MESSAGE, place,
        "the message says that it was made at %.30s, which is %lld s %s the clock here; ask the time server "
        "(ITI-1) that `kakehashi time` names",
        text, llabs(off), off < 0 ? "behind" : "ahead of");
}

enum rc consistent_time_check(struct request *rq)
{
    if (rq->hl7v2 != NULL)
        return check(rq, hl7v2_text(rq->hl7v2, rq->hl7v2->segments, 7, 1), "MSH^1^7^1^1");
    if (rq->body == NULL || rq->body->ns != NS_HL7)
        return OK;
    const char *place = arena_printf(rq->arena, "%s/creationTime/@value", xml_path(rq->arena, rq->body));
    return check(rq, hl7_value(rq->body, "creationTime"), place);
}

enum rc consistent_time_past(struct request *rq, const char *what, const char *dtm, const char *place)
{
    long long skew = skew_of(rq);
    struct point p;

    if (skew <= 0 || !point_read(dtm, &p) || (long long)(p.seconds - clock_now()) <= skew)
        return OK;
    return rq_remark(rq, RULE_CT_FUTURE, place, "%s %.20s is %lld s ahead of the clock here", what, dtm,
                     (long long)(p.seconds - clock_now()));
}
